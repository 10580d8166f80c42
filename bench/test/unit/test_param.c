// SPDX-License-Identifier: GPL-2.0-only
#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "bench/host/param.h"

/* A folder that is $XDG_RUNTIME_DIR, and a file in a parameter's place. */
static char dir[] = "/tmp/test_param.XXXXXX";
static char path[64];

static void write_param(const char *value)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fputs(value, f);
	fclose(f);
}

static void expect(const char *value)
{
	char got[16] = "";
	FILE *f = fopen(path, "r");

	assert_non_null(f);
	assert_non_null(fgets(got, sizeof(got), f));
	fclose(f);
	got[strlen(value)] = 0; /* writing doesn't shorten a plain file */
	assert_string_equal(got, value);
}

static size_t note_cnt(void)
{
	char pattern[96];
	size_t cnt = 0;
	glob_t g;

	snprintf(pattern, sizeof(pattern), "%s/fuse-epoch.*", dir);
	if (!glob(pattern, 0, NULL, &g)) {
		cnt = g.gl_pathc;
		globfree(&g);
	}
	return cnt;
}

static void one_run(void **state)
{
	struct param p = { 0 };

	(void)state;
	write_param("0");
	assert_int_equal(param_set(&p, path, "2"), 0);
	expect("2");
	assert_int_equal(note_cnt(), 1);
	param_restore(&p);
	expect("0");
	assert_int_equal(note_cnt(), 0);
	param_restore(&p); /* nothing more to do */
	expect("0");
}

static void whoever_leaves_last_restores(void **state)
{
	struct param first = { 0 }, second = { 0 };

	(void)state;
	write_param("0");
	assert_int_equal(param_set(&first, path, "1"), 0);
	assert_int_equal(param_set(&second, path, "2"), 0);
	param_restore(&first);
	expect("2");
	param_sweep(); /* the second isn't dead */
	expect("2");
	param_restore(&second);
	expect("0");
	assert_int_equal(note_cnt(), 0);
}

static void set_and_be_killed(const char *value)
{
	struct param p = { 0 };
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (!pid)
		_exit(param_set(&p, path, value) ? 1 : 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	expect(value);
}

static void the_next_start_restores(void **state)
{
	(void)state;
	write_param("0");
	set_and_be_killed("2");
	param_sweep();
	expect("0");
	assert_int_equal(note_cnt(), 0);
}

/* Nor does it take a killed run's value for the machine's own. */
static void the_next_run_knows_the_first_value(void **state)
{
	struct param p = { 0 };

	(void)state;
	write_param("0");
	set_and_be_killed("2");
	assert_int_equal(param_set(&p, path, "1"), 0);
	param_restore(&p);
	expect("0");
}

/* Half a note, a link, a note of another's: nothing is done. */
static void what_is_no_note_of_ours(void **state)
{
	char name[96];
	FILE *f;

	(void)state;
	write_param("7");
	snprintf(name, sizeof(name), "%s/fuse-epoch.param.x", dir);
	f = fopen(name, "w");
	assert_non_null(f);
	fputs("0", f);
	fclose(f);
	param_sweep();
	expect("7");
	assert_int_equal(note_cnt(), 0);
	assert_int_equal(symlink(path, name), 0);
	param_sweep();
	expect("7");
	assert_int_equal(note_cnt(), 1);
	unlink(name);
}

static int set_up(void **state)
{
	(void)state;
	if (!mkdtemp(dir) || setenv("XDG_RUNTIME_DIR", dir, 1))
		return -1;
	snprintf(path, sizeof(path), "%s/param", dir);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	unlink(path);
	return rmdir(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_run),
		cmocka_unit_test(whoever_leaves_last_restores),
		cmocka_unit_test(the_next_start_restores),
		cmocka_unit_test(the_next_run_knows_the_first_value),
		cmocka_unit_test(what_is_no_note_of_ours),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
