// SPDX-License-Identifier: GPL-2.0-only
/*
 * However a probe ends, its parent knows and goes on.  This needs root, because
 * a probe has mounts of its own.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "kernel/testfs/server.h"
#include "bench/host/child.h"
#include "bench/lib/process_stat.h"

static int begin(void **state)
{
	char err[256];

	(void)state;
	if (!geteuid() && child_begin(err, sizeof(err))) {
		print_message("# %s\n", err);
		return -1;
	}
	return 0;
}

static int end(void **state)
{
	(void)state;
	if (!geteuid())
		child_end();
	return 0;
}

/* What it said, and what became of it: "outcome: detail" of each, in a row. */
static void expect_said(void (*run)(const void *), const char *wanted)
{
	char text[512] = "";
	json_t *said;
	const json_t *one;
	size_t i;

	if (geteuid())
		skip();
	said = child_run(run, "argument", 1);
	json_array_foreach (said, i, one) {
		strcat(text, i ? "; " : "");
		strcat(text,
		       json_string_value(json_object_get(one, "outcome")));
		strcat(text, ": ");
		strcat(text, json_string_value(json_object_get(one, "detail")));
	}
	json_decref(said);
	assert_string_equal(text, wanted);
}

static void say_absent(const void *argument)
{
	printf("{\"outcome\": \"absent\", \"detail\": \"%s\"}\n",
	       (const char *)argument);
}

static void skip_it(const void *argument)
{
	(void)argument;
	puts("1..0 # SKIP no such thing");
	exit(77);
}

static void bail_out(const void *argument)
{
	say_absent(argument);
	puts("Bail out! no");
	exit(1);
}

static void crash(const void *argument)
{
	say_absent(argument);
	fflush(stdout);
	raise(SIGKILL);
}

static void fail_silently(const void *argument)
{
	(void)argument;
	exit(3);
}

static void hang(const void *argument)
{
	say_absent(argument);
	fflush(stdout);
	for (;;)
		pause();
}

static void leave_a_process(const void *argument)
{
	int said[2];
	char byte;

	say_absent(argument);
	fflush(stdout);
	if (pipe(said))
		exit(1);
	if (!fork()) {
		say_absent(argument);
		fflush(stdout);
		close(said[0]);
		close(said[1]);
		for (;;)
			pause();
	}
	close(said[1]);
	/* Until it has said it, too */
	exit(read(said[0], &byte, 1) ? 1 : 0);
}

static void ends_are_told_apart(void **state)
{
	(void)state;
	expect_said(say_absent, "absent: argument");
	expect_said(skip_it, "skip: no such thing");
	expect_said(bail_out, "absent: argument; failed: no");
	expect_said(crash, "absent: argument; failed: killed by signal 9");
	expect_said(fail_silently, "failed: ended with status 3");
}

static void what_hangs_is_ended(void **state)
{
	(void)state;
	expect_said(hang, "absent: argument; failed: hung: aborted and ended "
			  "after 1 s");
	expect_said(leave_a_process, "absent: argument; absent: argument");
	expect_said(say_absent, "absent: argument");
}

/* A read() that the server waits for, which should answer it. */
static void deadlock(const void *argument)
{
	struct {
		struct fuse_out_header head;
		struct fuse_notify_inval_inode_out inode;
	} message = {
		.head.len = sizeof(message),
		.head.error = FUSE_NOTIFY_INVAL_INODE,
	};
	char byte;
	int fd;

	server_start();
	child_uses(server_connection());
	message.inode.ino = tree_add(ROOT, "file", S_IFREG | 0644);
	tree_set_size(message.inode.ino, 1);
	server_write_in(FUSE_READ, &message, sizeof(message));
	fd = open(server_path("file"), O_RDONLY);
	say_absent(argument);
	fflush(stdout);
	if (pread(fd, &byte, 1, 0) != 1)
		puts("Bail out! pread");
}

static void a_deadlock_is_aborted(void **state)
{
	(void)state;
	expect_said(deadlock, "absent: argument; failed: hung: aborted and "
			      "ended after 1 s");
}

/* It gives up with files of its own server open, and no descriptor left. */
static void out_of_descriptors(const void *argument)
{
	struct rlimit few = { 32, 32 };

	(void)argument;
	server_start();
	child_uses(server_connection());
	tree_add(ROOT, "file", S_IFREG | 0644);
	setrlimit(RLIMIT_NOFILE, &few);
	while (open(server_path("file"), O_RDONLY) >= 0)
		;
	puts("Bail out! full");
	exit(1);
}

static void without_descriptors_it_ends_all_the_same(void **state)
{
	(void)state;
	expect_said(out_of_descriptors, "failed: full");
}

/* Its files go with it. */
static void look_for_file(const void *argument)
{
	FILE *f;

	printf("{\"outcome\": \"%s\", \"detail\": \"\"}\n",
	       access("/tmp/of-a-probe", F_OK) ? "absent" : "present");
	f = fopen("/tmp/of-a-probe", "w");
	if (!f)
		bail_out(argument);
}

static void files_are_its_own(void **state)
{
	(void)state;
	expect_said(look_for_file, "absent: ");
	expect_said(look_for_file, "absent: ");
	assert_int_equal(access("/tmp/of-a-probe", F_OK), -1);
}

/* A server of somebody else: says what its connection is, and later if it serves. */
static void serve_others(int in, int out)
{
	unsigned int connection;
	struct stat st;
	char ok;

	if (unshare(CLONE_NEWNS) ||
	    mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL))
		_exit(1);
	server_start();
	tree_add(ROOT, "file", S_IFREG | 0644);
	connection = server_connection();
	if (write(out, &connection, sizeof(connection)) < 0 ||
	    read(in, &ok, 1) != 1)
		_exit(1);
	ok = !stat(server_path("file"), &st);
	if (write(out, &ok, 1) == 1)
		server_stop();
	_exit(0);
}

static struct dying {
	unsigned int connection;
	_Atomic pid_t pid;
} * dying; /* seen by all */

/*
 * Its own is gone, and somebody else has got the number.  Its parent must not hear of
 * its end, nor the guard of its parent's before.
 */
static void die_before_all(const void *unused)
{
	(void)unused;
	child_uses(dying->connection);
	kill(getppid(), SIGSTOP);
	dying->pid = getpid();
	raise(SIGKILL);
}

static void who_dies_aborts_nothing_of_others(void **state)
{
	static const struct timespec pause = { .tv_nsec = 1000000 };
	int in[2], out[2];
	pid_t other, run;
	char err[256], ok = 0;

	(void)state;
	if (geteuid())
		skip();
	assert_int_equal(pipe(in) | pipe(out), 0);
	other = fork();
	if (!other)
		serve_others(in[0], out[1]);
	dying = mmap(NULL, sizeof(*dying), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(dying != MAP_FAILED);
	assert_int_equal(
		read(out[0], &dying->connection, sizeof(dying->connection)),
		sizeof(dying->connection));
	/* Then we hear of the end of the guard, too. */
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	run = fork();
	if (!run) {
		if (!child_begin(err, sizeof(err)))
			child_run(die_before_all, NULL, 10);
		_exit(0);
	}
	while (!dying->pid || process_lives(dying->pid))
		nanosleep(&pause, NULL);
	assert_int_equal(kill(run, SIGKILL), 0);
	/* The run, its child and its guard; but not the guard of this test. */
	for (int ended = 0; ended < 3; ended++)
		assert_true(wait(NULL) > 0);
	assert_int_equal(write(in[1], "", 1), 1);
	assert_int_equal(read(out[0], &ok, 1), 1);
	assert_true(ok);
	assert_int_equal(waitpid(other, NULL, 0), other);
	munmap(dying, sizeof(*dying));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ends_are_told_apart),
		cmocka_unit_test(what_hangs_is_ended),
		cmocka_unit_test(a_deadlock_is_aborted),
		cmocka_unit_test(without_descriptors_it_ends_all_the_same),
		cmocka_unit_test(files_are_its_own),
		cmocka_unit_test(who_dies_aborts_nothing_of_others),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, begin, end);
}
