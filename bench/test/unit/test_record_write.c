// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where a writer writes, and what it leaves behind.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "bench/record/record.h"

static char dir[] = "/tmp/test_record_write.XXXXXX";
static char file[64];

static int setup(void **state)
{
	(void)state;
	if (!mkdtemp(dir))
		return -1;
	snprintf(file, sizeof(file), "%s/r.jsonl", dir);
	return 0;
}

/* Fails if a test has left something: a temporary file, say. */
static int teardown(void **state)
{
	(void)state;
	unlink(file);
	return rmdir(dir);
}

static void fill(struct record *rec)
{
	*rec = (struct record){ .run_id = "R1", .clock_unit = "ns", .n = 1 };
	for (int i = 0; i < 2; i++)
		assert_non_null(record_add_sample(rec));
	rec->sample[1].phase[PHASE_NOTIFY].used = true;
}

static void put_file(const char *text)
{
	FILE *f = fopen(file, "w");

	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

static void refuses_numbers_json_cannot_hold(void **state)
{
	struct record_writer *w;
	struct record rec;

	(void)state;
	fill(&rec);
	rec.sample[1].phase[PHASE_NOTIFY].cost = (uint64_t)INT64_MAX + 1;
	assert_int_equal(record_open(file, &w), 0);
	assert_int_equal(record_write(w, &rec), -EOVERFLOW);
	record_abandon(w);
	record_free(&rec);
}

static void appears_only_when_committed(void **state)
{
	struct record_writer *w;
	struct record rec;
	struct stat st;

	(void)state;
	fill(&rec);
	unlink(file);
	assert_int_equal(record_open(file, &w), 0);
	assert_int_equal(record_write(w, &rec), 0);
	assert_int_equal(stat(file, &st), -1);
	record_abandon(w); /* teardown sees whether its file is gone */
	assert_int_equal(stat(file, &st), -1);

	put_file("old");
	assert_int_equal(record_open(file, &w), 0);
	assert_int_equal(record_write(w, &rec), 0);
	assert_int_equal(stat(file, &st), 0);
	assert_int_equal(st.st_size, 3);
	assert_int_equal(record_commit(w), 0);
	assert_int_equal(stat(file, &st), 0);
	assert_true(st.st_size > 3);
	record_free(&rec);
}

/*
 * A pipe of our own, never a real device: these tests run as root, and a
 * writer that renames over whatever it is given would replace /dev/null.
 */
static int open_pipe(char *path, size_t len)
{
	int fd;

	snprintf(path, len, "%s/pipe", dir);
	assert_int_equal(mkfifo(path, 0600), 0);
	fd = open(path, O_RDONLY | O_NONBLOCK);
	assert_true(fd >= 0);
	return fd;
}

static void keeps_what_is_not_a_plain_file(void **state)
{
	char path[80], first = 0;
	struct record_writer *w;
	struct record rec;
	struct stat st;
	int fd = open_pipe(path, sizeof(path));

	(void)state;
	fill(&rec);
	assert_int_equal(record_open(path, &w), 0);
	assert_int_equal(record_write(w, &rec), 0);
	assert_int_equal(record_commit(w), 0);
	assert_int_equal(read(fd, &first, 1), 1);
	assert_int_equal(first, '{');
	assert_int_equal(stat(path, &st), 0);
	assert_true(S_ISFIFO(st.st_mode));
	assert_int_equal(unlink(path), 0);
	close(fd);
	record_free(&rec);
}

static void keeps_a_symbolic_link(void **state)
{
	char link[80], target[8];
	struct record_writer *w;
	struct stat st;

	(void)state;
	put_file("old");
	snprintf(link, sizeof(link), "%s/link", dir);
	assert_int_equal(symlink("r.jsonl", link), 0);
	assert_int_equal(record_open(link, &w), 0);
	assert_int_equal(record_commit(w), 0);
	assert_int_equal(readlink(link, target, sizeof(target)), 7);
	assert_int_equal(unlink(link), 0);
	assert_int_equal(stat(file, &st), 0);
	assert_int_equal(st.st_size, 0);
}

static void unwritable_is_known_early(void **state)
{
	struct record_writer *w = NULL;
	struct record rec;
	char path[80];
	int fd;

	(void)state;
	assert_int_equal(record_open("/no/such/dir/x", &w), -ENOENT);
	snprintf(path, sizeof(path), "%s/sub", dir);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_int_equal(record_open(path, &w), -EISDIR);
	assert_int_equal(rmdir(path), 0);

	signal(SIGPIPE, SIG_IGN);
	fill(&rec);
	fd = open_pipe(path, sizeof(path));
	assert_int_equal(record_open(path, &w), 0);
	close(fd);
	assert_int_equal(record_write(w, &rec), -EPIPE);
	record_abandon(w);
	assert_int_equal(unlink(path), 0);
	record_free(&rec);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refuses_numbers_json_cannot_hold),
		cmocka_unit_test(appears_only_when_committed),
		cmocka_unit_test(keeps_what_is_not_a_plain_file),
		cmocka_unit_test(keeps_a_symbolic_link),
		cmocka_unit_test(unwritable_is_known_early),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, setup, teardown);
}
