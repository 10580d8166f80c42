// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where it is written, and what is left behind; never on a real device: these
 * tests run as root, and a writer that renames over whatever it is given would
 * replace /dev/null.  Over 400 lines: a case for each kind of place.
 */
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "bench/lib/output.h"

static char dir[] = "/tmp/test_output.XXXXXX";
static char file[64], other[64];

static int make_dir(void **state)
{
	(void)state;
	if (!mkdtemp(dir))
		return -1;
	snprintf(file, sizeof(file), "%s/file", dir);
	snprintf(other, sizeof(other), "%s/other", dir);
	return setenv("TMPDIR", dir, 1);
}

static int clean(void **state)
{
	(void)state;
	unlink(file);
	unlink(other);
	return 0;
}

/* Fails if a test has left something: a temporary file, say. */
static int remove_dir(void **state)
{
	(void)state;
	return rmdir(dir);
}

static int put_text(FILE *out, const void *text)
{
	fputs(text, out);
	return 0;
}

static void put_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

static void holds(const char *path, const char *text)
{
	char buf[256] = "";
	FILE *f = fopen(path, "r");

	assert_non_null(f);
	buf[fread(buf, 1, sizeof(buf) - 1, f)] = '\0';
	fclose(f);
	assert_string_equal(buf, text);
}

static mode_t mode_of(const char *path)
{
	struct stat st;

	assert_int_equal(lstat(path, &st), 0);
	return st.st_mode;
}

static int look_then_fail(FILE *out, const void *old)
{
	fputs("new", out);
	fflush(out);
	if (old)
		holds(file, old);
	else
		assert_int_equal(access(file, F_OK), -1);
	return -ENOMEM;
}

static void a_file_is_there_whole_or_not_at_all(void **state)
{
	(void)state;
	assert_int_equal(output_check(file), 0);
	assert_int_equal(access(file, F_OK), -1);
	assert_int_equal(output_write(file, look_then_fail, NULL), -ENOMEM);
	assert_int_equal(access(file, F_OK), -1);
	assert_int_equal(output_write(file, put_text, "old"), 0);
	assert_int_equal(output_check(file), 0);
	assert_int_equal(output_write(file, look_then_fail, "old"), -ENOMEM);
	holds(file, "old");
}

static void a_file_keeps_its_mode_and_owner(void **state)
{
	mode_t mask = umask(027);
	struct stat st;

	(void)state;
	assert_int_equal(output_write(file, put_text, "1"), 0);
	umask(mask);
	assert_int_equal(mode_of(file), S_IFREG | 0640);
	assert_int_equal(chmod(file, 0606), 0);
	if (!geteuid())
		assert_int_equal(chown(file, 12345, 54321), 0);
	assert_int_equal(output_write(file, put_text, "2"), 0);
	assert_int_equal(stat(file, &st), 0);
	assert_int_equal(st.st_mode, S_IFREG | 0606);
	assert_int_equal(st.st_uid, geteuid() ? geteuid() : 12345);
	assert_int_equal(st.st_gid, geteuid() ? getegid() : 54321);
	holds(file, "2");
}

static void a_link_stays_and_leads_to_the_data(void **state)
{
	(void)state;
	assert_int_equal(symlink("file", other), 0);
	assert_int_equal(output_check(other), 0);
	assert_int_equal(access(file, F_OK), -1);
	assert_int_equal(output_write(other, put_text, "1"), 0);
	holds(file, "1");
	assert_int_equal(output_write(other, put_text, "2"), 0);
	assert_int_equal(mode_of(other) & S_IFMT, S_IFLNK);
	holds(file, "2");
}

static void all_names_of_a_file_have_the_data(void **state)
{
	(void)state;
	put_file(file, "old and longer");
	assert_int_equal(link(file, other), 0);
	assert_int_equal(output_write(file, put_text, "new"), 0);
	holds(file, "new");
	holds(other, "new");
}

static void a_file_that_is_open_is_added_to(void **state)
{
	int fd = open(file, O_RDWR | O_CREAT, 0600), old_out;
	char path[32];

	(void)state;
	assert_int_equal(write(fd, "1", 1), 1);
	snprintf(path, sizeof(path), "/dev/fd/%d", fd);
	assert_false(output_is_file(path));
	assert_int_equal(output_write(path, put_text, "2"), 0);
	holds(file, "12");
	assert_false(output_is_stdout(file));
	fflush(stdout);
	old_out = dup(STDOUT_FILENO);
	dup2(fd, STDOUT_FILENO);
	printf("3");
	assert_true(output_is_stdout(file));
	assert_int_equal(output_write("/dev/stdout", put_text, "4"), 0);
	printf("5");
	fflush(stdout);
	dup2(old_out, STDOUT_FILENO);
	close(old_out);
	close(fd);
	holds(file, "1345"); /* both share the place where they are */
}

/* A child, which runs it and says what came out. */
static pid_t start(int (*run)(void))
{
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (!pid) {
		alarm(20); /* whatever it waits for */
		_exit(-run());
	}
	return pid;
}

static int end_of(pid_t pid)
{
	int status;

	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? -WEXITSTATUS(status) : 1;
}

static int write_it(void)
{
	return output_check(file) ?: output_write(file, put_text, "data");
}

static void a_fifo_has_its_reader_waited_for(void **state)
{
	pid_t writer;

	(void)state;
	assert_int_equal(mkfifo(file, 0600), 0);
	writer = start(write_it);
	holds(file, "data");
	assert_int_equal(end_of(writer), 0);
	assert_int_equal(mode_of(file), S_IFIFO | 0600);
}

static int read_it(void)
{
	int fd = open(file, O_RDONLY);
	char buf[8] = "";

	return read(fd, buf, sizeof(buf)) == 4 && !strcmp(buf, "data") ? 0
								       : -EIO;
}

/* Nobody opens it in between and closes it again. */
static void a_reader_sees_no_early_end(void **state)
{
	pid_t reader;

	(void)state;
	assert_int_equal(mkfifo(file, 0600), 0);
	reader = start(read_it);
	assert_int_equal(output_check(file), 0);
	assert_int_equal(output_write(file, put_text, "data"), 0);
	assert_int_equal(end_of(reader), 0);
}

static int ready;

static int write_until_signal(void)
{
	output_until_signal(false);
	if (write(ready, "", 1) != 1)
		return -EIO;
	return output_write(file, put_text, "data");
}

static int put_a_lot(FILE *out, const void *unused)
{
	(void)unused;
	for (int i = 0; i < 1 << 20; i++)
		putc('x', out);
	return 0;
}

static int write_a_lot_until_signal(void)
{
	output_until_signal(false);
	if (write(ready, "", 1) != 1)
		return -EIO;
	return output_write(file, put_a_lot, NULL);
}

static void a_signal_ends_the_wait(int (*run)(void))
{
	int ends[2];
	pid_t writer;
	char byte;

	assert_int_equal(pipe(ends), 0);
	ready = ends[1];
	writer = start(run);
	assert_int_equal(read(ends[0], &byte, 1), 1);
	kill(writer, SIGTERM);
	assert_int_equal(end_of(writer), -EINTR);
	close(ends[0]);
	close(ends[1]);
}

static void a_signal_ends_the_wait_for_a_reader(void **state)
{
	(void)state;
	assert_int_equal(mkfifo(file, 0600), 0);
	a_signal_ends_the_wait(write_until_signal);
}

static void a_signal_ends_the_wait_for_a_reader_that_sleeps(void **state)
{
	int fd;

	(void)state;
	assert_int_equal(mkfifo(file, 0600), 0);
	fd = open(file, O_RDONLY | O_NONBLOCK);
	a_signal_ends_the_wait(write_a_lot_until_signal);
	close(fd);
}

static int write_to_nobody(void)
{
	output_until_signal(true);
	return output_write(file, put_text, "data");
}

static void nobody_is_waited_for_after_a_signal(void **state)
{
	(void)state;
	assert_int_equal(mkfifo(file, 0600), 0);
	assert_int_equal(end_of(start(write_to_nobody)), -EINTR);
}

static int lose_reader(FILE *out, const void *fd)
{
	close(*(const int *)fd);
	fputs("data", out);
	return 0;
}

static void a_reader_that_goes_away_is_an_error(void **state)
{
	int fd;

	(void)state;
	output_begin();
	assert_int_equal(mkfifo(file, 0600), 0);
	fd = open(file, O_RDONLY | O_NONBLOCK);
	assert_int_equal(output_write(file, lose_reader, &fd), -EPIPE);
}

static void a_socket_gets_the_data(void **state)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int s = socket(AF_UNIX, SOCK_STREAM, 0), fd;
	char buf[8] = "";

	(void)state;
	strcpy(addr.sun_path, file);
	assert_int_equal(bind(s, (struct sockaddr *)&addr, sizeof(addr)), 0);
	assert_int_equal(output_write(file, put_text, "data"), -ECONNREFUSED);
	assert_int_equal(listen(s, 1), 0);
	assert_int_equal(output_check(file), 0);
	assert_int_equal(output_write(file, put_text, "data"), 0);
	fd = accept(s, NULL, NULL);
	assert_int_equal(read(fd, buf, sizeof(buf)), 4);
	assert_string_equal(buf, "data");
	assert_int_equal(mode_of(file) & S_IFMT, S_IFSOCK);
	close(fd);
	close(s);
}

static void unwritable_is_known_early(void **state)
{
	(void)state;
	assert_int_equal(output_check("/no/such/dir/x"), -ENOENT);
	assert_int_equal(output_check(""), -ENOENT);
	assert_int_equal(output_check(dir), -EISDIR);
	snprintf(other, sizeof(other), "%s/new/", dir);
	assert_int_equal(output_check(other), -EISDIR);
	snprintf(other, sizeof(other), "%s/other", dir);
	put_file(file, "");
	snprintf(other, sizeof(other), "%s/file/x", dir);
	assert_int_equal(output_check(other), -ENOTDIR);
	snprintf(other, sizeof(other), "%s/other", dir);
	assert_int_equal(output_check("/proc/new"), -ENOENT);
}

/* Runs it with stderr in a file. */
static int keep(const char *path)
{
	int old_err = dup(STDERR_FILENO);
	int fd = open(other, O_WRONLY | O_CREAT | O_TRUNC, 0600), ret;

	dup2(fd, STDERR_FILENO);
	ret = output_keep("NAME", path, put_text, "data");
	dup2(old_err, STDERR_FILENO);
	close(old_err);
	close(fd);
	return ret;
}

static void what_cannot_be_had_again_is_kept(void **state)
{
	char said[160], pattern[96];
	glob_t g;

	(void)state;
	assert_int_equal(keep("/no/such/dir/x"), -ENOENT);
	snprintf(pattern, sizeof(pattern), "%s/test_output-kept.*", dir);
	assert_int_equal(glob(pattern, 0, NULL, &g), 0);
	assert_int_equal(g.gl_pathc, 1);
	holds(g.gl_pathv[0], "data");
	assert_int_equal(mode_of(g.gl_pathv[0]), S_IFREG | 0600);
	snprintf(
		said, sizeof(said),
		"NAME: cannot write /no/such/dir/x: No such file or directory\n"
		"NAME: it is kept in %s\n",
		g.gl_pathv[0]);
	holds(other, said);
	unlink(g.gl_pathv[0]);
	globfree(&g);
	assert_int_equal(keep(file), 0);
	holds(other, "");
	assert_int_not_equal(glob(pattern, 0, NULL, &g), 0);
}

static int open_with_none_open(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		close(fd);
	output_begin();
	if (open(file, O_RDWR | O_CREAT, 0600) <= STDERR_FILENO)
		return -EEXIST;
	printf("tables");
	return output_flush(stdout);
}

static void a_closed_stream_becomes_no_file(void **state)
{
	(void)state;
	fflush(stdout);
	assert_int_equal(end_of(start(open_with_none_open)), -EBADF);
	holds(file, "");
}

static int write_too_much(void)
{
	const struct rlimit limit = { 2, RLIM_INFINITY };

	output_begin();
	setrlimit(RLIMIT_FSIZE, &limit);
	return output_write(file, put_text, "data");
}

static void a_file_that_gets_too_large_is_an_error(void **state)
{
	(void)state;
	put_file(file, "old");
	assert_int_equal(end_of(start(write_too_much)), -EFBIG);
	holds(file, "old");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(a_file_is_there_whole_or_not_at_all,
					  clean),
		cmocka_unit_test_teardown(a_file_keeps_its_mode_and_owner,
					  clean),
		cmocka_unit_test_teardown(a_link_stays_and_leads_to_the_data,
					  clean),
		cmocka_unit_test_teardown(all_names_of_a_file_have_the_data,
					  clean),
		cmocka_unit_test_teardown(a_file_that_is_open_is_added_to,
					  clean),
		cmocka_unit_test_teardown(a_fifo_has_its_reader_waited_for,
					  clean),
		cmocka_unit_test_teardown(a_reader_sees_no_early_end, clean),
		cmocka_unit_test_teardown(a_signal_ends_the_wait_for_a_reader,
					  clean),
		cmocka_unit_test_teardown(
			a_signal_ends_the_wait_for_a_reader_that_sleeps, clean),
		cmocka_unit_test_teardown(nobody_is_waited_for_after_a_signal,
					  clean),
		cmocka_unit_test_teardown(a_reader_that_goes_away_is_an_error,
					  clean),
		cmocka_unit_test_teardown(a_socket_gets_the_data, clean),
		cmocka_unit_test_teardown(unwritable_is_known_early, clean),
		cmocka_unit_test_teardown(a_closed_stream_becomes_no_file,
					  clean),
		cmocka_unit_test_teardown(what_cannot_be_had_again_is_kept,
					  clean),
		cmocka_unit_test_teardown(
			a_file_that_gets_too_large_is_an_error, clean),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
