// SPDX-License-Identifier: GPL-2.0-only
/*
 * Files that others wrote: endless ones, broken ones, and those that were cut.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <cmocka.h>

#include "bench/lib/input.h"
#include "bench/lib/json_lines.h"

static char path[32];

/* A file of that text, in memory; its descriptor. */
static int put(const char *text, size_t len)
{
	int fd = memfd_create("input", MFD_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, len), len);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return fd;
}

#define PUT(text) put(text, sizeof(text) - 1)

static void lines_come_one_by_one(void **state)
{
	int fd = PUT("a\n\nb\0c\nd");
	struct input in;
	size_t len;

	(void)state;
	assert_int_equal(input_read(path, &in), 0);
	assert_string_equal(input_line(&in, &len), "a");
	assert_false(input_is_cut(&in));
	assert_string_equal(input_line(&in, &len), "");
	assert_string_equal(input_line(&in, &len), "b");
	assert_int_equal(len, 3);
	assert_string_equal(input_line(&in, &len), "d");
	assert_int_equal(in.line_nr, 4);
	assert_true(input_is_cut(&in));
	assert_null(input_line(&in, &len));
	input_free(&in);
	close(fd);
}

static void an_empty_file_isnt_cut(void **state)
{
	int fd = PUT("");
	struct input in;
	size_t len;

	(void)state;
	assert_int_equal(input_read(path, &in), 0);
	assert_null(input_line(&in, &len));
	assert_false(input_is_cut(&in));
	input_free(&in);
	close(fd);
}

/* Neither is taken for an empty file. */
static void what_cant_be_read_is_an_error(void **state)
{
	struct input in;

	(void)state;
	assert_int_equal(input_read("/nope", &in), -ENOENT);
	assert_int_equal(input_read("/tmp", &in), -EISDIR);
	/* Nothing is mapped at its beginning. */
	assert_int_equal(input_read("/proc/self/mem", &in), -EIO);
	assert_null(in.text);
}

static void an_endless_file_has_an_end(void **state)
{
	int fd = PUT("");
	struct input in;

	(void)state;
	assert_int_equal(input_read("/dev/zero", &in), -EFBIG);
	assert_int_equal(ftruncate(fd, INPUT_MAX_BYTES), 0);
	assert_int_equal(input_read(path, &in), 0);
	assert_int_equal(in.len, INPUT_MAX_BYTES);
	input_free(&in);
	assert_int_equal(ftruncate(fd, INPUT_MAX_BYTES + 1), 0);
	assert_int_equal(input_read(path, &in), -EFBIG);
	close(fd);
}

/* All that of a file of many lines: short ones, a long one, a cut one. */
static void lines_are_read_when_they_are_taken(void **state)
{
	const size_t many = 30000, more = 1 << 20;
	char *text, *line;
	size_t len, text_len;
	FILE *f = open_memstream(&text, &text_len);
	struct input in;
	int fd;

	(void)state;
	assert_non_null(f);
	for (size_t i = 0; i < many; i++)
		fprintf(f, "%zu\n", i);
	fprintf(f, "%0*d\n\ncut", (int)more, 7);
	fclose(f);
	fd = put(text, text_len);
	assert_int_equal(input_open(path, &in), 0);
	for (size_t i = 0; i < many; i++) {
		line = input_line(&in, &len);
		assert_non_null(line);
		assert_int_equal(strtoul(line, NULL, 10), i);
		assert_true(in.room <= 1 << 16);
	}
	line = input_line(&in, &len);
	assert_int_equal(len, more);
	assert_int_equal(strlen(line), more);
	assert_true(in.room <= 2 * (more + 2));
	assert_string_equal(input_line(&in, &len), "");
	assert_string_equal(input_line(&in, &len), "cut");
	assert_int_equal(in.line_nr, many + 3);
	assert_true(input_is_cut(&in));
	assert_null(input_line(&in, &len));
	assert_int_equal(in.err, 0);
	input_free(&in);
	close(fd);
	free(text);
}

/* A line that never ends; and what ends before it can be read. */
static void a_line_that_cant_be_read_is_an_error(void **state)
{
	struct input in;
	size_t len;

	(void)state;
	assert_int_equal(input_open("/nope", &in), -ENOENT);
	assert_int_equal(input_open("/tmp", &in), -EISDIR);
	assert_int_equal(input_open("/dev/zero", &in), 0);
	assert_null(input_line(&in, &len));
	assert_int_equal(in.err, -EFBIG);
	input_free(&in);
}

static int count(const json_t *root, void *arg, char *err, size_t err_len)
{
	(void)err;
	(void)err_len;
	*(size_t *)arg += json_is_object(root);
	return 0;
}

static void expect_lines(const char *text, size_t len, size_t wanted_cnt,
			 const char *wanted_error)
{
	int fd = put(text, len);
	char err[200] = "";
	size_t cnt = 0;

	assert_int_equal(json_lines_read(path, count, &cnt, err, sizeof(err)),
			 wanted_error ? -EINVAL : 0);
	assert_int_equal(cnt, wanted_cnt);
	if (wanted_error && !strstr(err, wanted_error))
		assert_string_equal(err, wanted_error);
	close(fd);
}

#define LINES(text, cnt, err) expect_lines(text, sizeof(text) - 1, cnt, err)

static void half_a_file_is_refused(void **state)
{
	(void)state;
	LINES("{}\n\n{}\n", 2, NULL);
	LINES("{}\n{", 1, ":2: the record is cut off");
	/* What came after it may be missing, too. */
	LINES("{}\n{}", 2, ":2: the record is cut off");
	LINES("{}\n\0\n", 1, ":2: not a JSON object");
	LINES("{}\0\n", 0, ":1: not JSON");
	LINES("{\"a\":1,\"a\":2}\n", 0, "duplicate");
	LINES("{\"a\":\"\\u0000\"}\n", 0, ":1: not JSON");
	LINES("{\"a\":1e999}\n", 0, ":1: not JSON");
	LINES("{\"a\":99999999999999999999}\n", 0, ":1: not JSON");
	LINES("{\"\033\n", 0, ":1: not JSON");
}

static void a_deep_one_is_refused(void **state)
{
	static char deep[100000];

	(void)state;
	memset(deep, '[', sizeof(deep));
	memcpy(deep, "{\"a\":", 5);
	deep[sizeof(deep) - 1] = '\n';
	expect_lines(deep, sizeof(deep), 0, "depth");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_come_one_by_one),
		cmocka_unit_test(an_empty_file_isnt_cut),
		cmocka_unit_test(what_cant_be_read_is_an_error),
		cmocka_unit_test(an_endless_file_has_an_end),
		cmocka_unit_test(lines_are_read_when_they_are_taken),
		cmocka_unit_test(a_line_that_cant_be_read_is_an_error),
		cmocka_unit_test(half_a_file_is_refused),
		cmocka_unit_test(a_deep_one_is_refused),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
