// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a trace of a daemon says: calls to requests, replies, timeouts, phases.
 */
#include <linux/fuse.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "bench/wire/strace.h"
#include "bench/wire/wire.h"

#define DEVICE "4<\\x2f\\x64\\x65\\x76\\x2f\\x66\\x75\\x73\\x65>"

static FILE *trace;

static void hex(const void *data, size_t len)
{
	const unsigned char *bytes = data;

	for (size_t i = 0; i < len; i++)
		fprintf(trace, "\\x%02x", bytes[i]);
}

/* A request as the daemon reads it; with a cut, in two lines. */
static void request(uint32_t opcode, uint64_t unique, const char *name)
{
	struct fuse_in_header in = { .opcode = opcode, .unique = unique };

	in.len = (uint32_t)(sizeof(in) + strlen(name) + 1);
	fprintf(trace, "7     read(" DEVICE ", \"");
	hex(&in, sizeof(in));
	hex(name, strlen(name) + 1);
	fprintf(trace, "\", 135168) = %u\n", in.len);
}

static void reply(int error, uint64_t unique, const void *body, size_t len)
{
	struct fuse_out_header out = { .error = error, .unique = unique };

	out.len = (uint32_t)(sizeof(out) + len);
	fprintf(trace, "8     writev(" DEVICE ", [{iov_base=\"");
	hex(&out, sizeof(out));
	fprintf(trace, "\", iov_len=16}, {iov_base=\"");
	hex(body, len);
	fprintf(trace, "\", iov_len=%zu}], 2) = %u\n", len, out.len);
}

static struct fuse_entry_out entry(uint64_t nodeid, uint64_t s, uint32_t ns,
				   uint32_t mode)
{
	return (struct fuse_entry_out){ .nodeid = nodeid,
					.entry_valid = s,
					.entry_valid_nsec = ns,
					.attr_valid = 7,
					.attr.mode = mode };
}

static void lookup(uint64_t unique, const char *name, struct fuse_entry_out out)
{
	request(FUSE_LOOKUP, unique, name);
	reply(0, unique, &out, sizeof(out));
}

static int begin(void **state)
{
	(void)state;
	trace = tmpfile();
	return !trace;
}

static int end(void **state)
{
	(void)state;
	return fclose(trace);
}

static struct wire *seen(void)
{
	struct wire *w = wire_new();
	char path[32];

	fflush(trace);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fileno(trace));
	assert_int_equal(strace_read(path, wire_take, w), 0);
	return w;
}

static json_t *said(void)
{
	struct wire *w = seen();
	json_t *json = wire_json(w);

	wire_free(w);
	return json;
}

static struct wire_answers answered(void)
{
	struct wire *w = seen();
	struct wire_answers a;

	wire_answers(w, &a);
	wire_free(w);
	return a;
}

static json_int_t requests(const json_t *json, const char *phase,
			   const char *opcode)
{
	return json_integer_value(json_object_get(
		json_object_get(
			json_object_get(json_object_get(json, "phases"), phase),
			"requests"),
		opcode));
}

/* "1 file 2, 3600 folder 1": seconds, of what, how often. */
static void expect_timeouts(const json_t *json, const char *kind,
			    const char *wanted)
{
	char text[200] = "";
	const char *of;
	json_int_t cnt;
	double s;
	json_t *t;
	size_t i;

	json_array_foreach (json_object_get(json, kind), i, t) {
		json_unpack(t, "{s:f,s:s,s:I}", "s", &s, "of", &of, "cnt",
			    &cnt);
		snprintf(text + strlen(text), sizeof(text) - strlen(text),
			 "%s%.17g %s %d", *text ? ", " : "", s, of, (int)cnt);
	}
	assert_string_equal(text, wanted);
}

static void init_and_timeouts(void **state)
{
	struct fuse_init_out init = { .major = 7,
				      .minor = 31,
				      .flags = FUSE_DO_READDIRPLUS };
	struct fuse_attr_out attr = { .attr_valid = 3, .attr.mode = S_IFREG };
	json_t *json;

	(void)state;
	request(FUSE_INIT, 2, "");
	reply(0, 2, &init, sizeof(init));
	lookup(4, "file", entry(2, 1, 500000000, S_IFREG));
	lookup(6, "file", entry(2, 1, 500000000, S_IFREG));
	lookup(8, "dir", entry(3, UINT64_MAX, 0, S_IFDIR));
	lookup(10, "absent", entry(0, 60, 0, 0));
	request(FUSE_LOOKUP, 12, "missing");
	reply(-2, 12, "", 0);
	request(FUSE_GETATTR, 14, "");
	reply(0, 14, &attr, sizeof(attr));
	json = said();
	assert_int_equal(json_integer_value(json_object_get(json, "minor")),
			 31);
	assert_true(json_is_true(json_object_get(json, "readdirplus")));
	expect_timeouts(json, "entry",
			"1.5 file 2, 1.8446744073709552e+19 folder 1");
	expect_timeouts(json, "attr", "7 file 2, 7 folder 1, 3 file 1");
	expect_timeouts(json, "negative", "60 file 1, 0 file 1");
	json_decref(json);
}

static void an_old_protocol(void **state)
{
	const uint32_t init[] = { 7, 5 };
	struct fuse_entry_out out = entry(2, 1, 0, S_IFREG);
	struct fuse_attr_out attr = { .attr_valid = 3, .attr.mode = S_IFDIR };
	json_t *json;

	(void)state;
	request(FUSE_INIT, 2, "");
	reply(0, 2, init, sizeof(init));
	request(FUSE_LOOKUP, 4, "a");
	reply(0, 4, &out, FUSE_COMPAT_ENTRY_OUT_SIZE);
	request(FUSE_GETATTR, 6, "");
	reply(0, 6, &attr, FUSE_COMPAT_ATTR_OUT_SIZE);
	json = said();
	expect_timeouts(json, "entry", "1 file 1");
	expect_timeouts(json, "attr", "7 file 1, 3 folder 1");
	assert_int_equal(json_integer_value(json_object_get(json, "minor")), 5);
	assert_true(json_is_false(json_object_get(json, "readdirplus")));
	json_decref(json);
}

static void no_trace_of_a_daemon(void **state)
{
	json_t *json;

	(void)state;
	fputs("7     read(3</etc/passwd>, \"abc\", 3) = 3\nhello\n", trace);
	json = said();
	assert_true(json_is_null(json_object_get(json, "minor")));
	assert_true(json_is_null(json_object_get(json, "readdirplus")));
	expect_timeouts(json, "entry", "");
	json_decref(json);
}

static void phases_and_notifications(void **state)
{
	json_t *json, *notified;

	(void)state;
	lookup(2, "a", entry(2, 5, 0, S_IFREG));
	lookup(4, WIRE_MARK "walk", entry(0, 0, 0, 0));
	lookup(6, WIRE_MARK "walk", entry(0, 0, 0, 0));
	lookup(8, "a", entry(2, 1, 0, S_IFREG));
	lookup(10, "b", entry(3, 1, 0, S_IFREG));
	request(FUSE_FORGET, 12, "");
	reply(FUSE_NOTIFY_INVAL_ENTRY, 0, "", 0);
	reply(FUSE_NOTIFY_INVAL_ENTRY, 0, "", 0);
	reply(1000, 0, "", 0);
	json = said();
	expect_timeouts(json, "entry", "1 file 2");
	assert_int_equal(requests(json, "mount", "LOOKUP"), 1);
	assert_int_equal(requests(json, "walk", "LOOKUP"), 2);
	assert_int_equal(requests(json, "walk", "FORGET"), 1);
	notified = json_object_get(
		json_object_get(json_object_get(json, "phases"), "walk"),
		"notifications");
	assert_int_equal(
		json_integer_value(json_object_get(notified, "INVAL_ENTRY")),
		2);
	assert_int_equal(json_integer_value(json_object_get(notified, "OTHER")),
			 1);
	json_decref(json);
}

/* Of a listing, "." and ".." say nothing. */
static void a_listing(void **state)
{
	unsigned char body[2 * 160] = { 0 };
	struct fuse_direntplus dot = { .dirent.namelen = 1 };
	struct fuse_direntplus file = { .entry_out = entry(2, 9, 0, S_IFREG),
					.dirent.namelen = 4 };
	json_t *json;

	(void)state;
	memcpy(body, &dot, FUSE_NAME_OFFSET_DIRENTPLUS);
	memcpy(body + 160, &file, FUSE_NAME_OFFSET_DIRENTPLUS);
	request(FUSE_READDIRPLUS, 2, "");
	reply(0, 2, body, sizeof(body));
	json = said();
	expect_timeouts(json, "entry", "9 file 1");
	expect_timeouts(json, "negative", "");
	assert_int_equal(requests(json, "mount", "READDIRPLUS"), 1);
	json_decref(json);
}

/* As several threads have it: a call that waits, and requests through pipes. */
static void threads_and_pipes(void **state)
{
	struct fuse_in_header in = { .len = 42,
				     .opcode = FUSE_LOOKUP,
				     .unique = 2 };
	json_t *json;

	(void)state;
	fputs("7     read(" DEVICE ",  <unfinished ...>\n"
	      "8     splice(" DEVICE ", NULL, 6<pipe:[8]>, NULL, 135168, 0) "
	      "= 42\n"
	      "9     splice(" DEVICE ", NULL, 7<pipe:[9]>, NULL, 135168, 0 "
	      "<unfinished ...>\n"
	      "8     read(5<pipe:[8]>, \"",
	      trace);
	hex(&in, sizeof(in));
	fputs("\\x61\\x00\", 135168) = 42\n"
	      "7     <... read resumed>\"",
	      trace);
	in.opcode = FUSE_GETATTR;
	hex(&in, sizeof(in));
	fputs("\", 135168) = 40\n"
	      "9     <... splice resumed>)         = 42\n"
	      "9     read(5<pipe:[9]>, \"",
	      trace);
	hex(&in, sizeof(in));
	fputs("\"..., 135168) = 40\n"
	      /* Of another, and of nobody. */
	      "9     read(5<pipe:[9]>, \"",
	      trace);
	hex(&in, sizeof(in));
	fputs("\", 135168) = 40\n", trace);
	json = said();
	assert_int_equal(requests(json, "mount", "LOOKUP"), 1);
	assert_int_equal(requests(json, "mount", "GETATTR"), 2);
	json_decref(json);
}

/* Where strace has left something out, what follows is of nobody. */
static void a_part_that_was_cut(void **state)
{
	struct fuse_out_header out = { .unique = 2 };
	struct fuse_entry_out file = entry(2, 1, 0, S_IFREG);
	json_t *json;

	(void)state;
	request(FUSE_LOOKUP, 2, "a");
	fprintf(trace, "7     writev(" DEVICE ", [{iov_base=\"");
	hex(&out, 8);
	fprintf(trace, "\"..., iov_len=16}, {iov_base=\"");
	hex(&out.unique, 8);
	hex(&file, sizeof(file));
	fprintf(trace, "\", iov_len=136}], 2) = 152\n");
	json = said();
	expect_timeouts(json, "entry", "");
	json_decref(json);
}

static void in_words(void **state)
{
	struct fuse_init_out init = { .major = 7,
				      .minor = 31,
				      .flags = FUSE_DO_READDIRPLUS };
	struct wire_answers a;

	(void)state;
	request(FUSE_INIT, 2, "");
	reply(0, 2, &init, sizeof(init));
	lookup(4, "a", entry(2, 60, 0, S_IFREG));
	lookup(6, "b", entry(3, 1, 500000000, S_IFREG));
	lookup(8, "dir", entry(4, UINT64_MAX, 0, S_IFDIR));
	reply(FUSE_NOTIFY_INVAL_ENTRY, 0, "", 0);
	lookup(10, WIRE_MARK "x", entry(2, 31536000, 0, S_IFREG));
	lookup(12, "c", entry(3, 1, 500000000, S_IFREG));
	lookup(14, "dir", entry(4, UINT64_MAX, 0, S_IFDIR));
	reply(FUSE_NOTIFY_INVAL_ENTRY, 0, "", 0);
	reply(FUSE_NOTIFY_DELETE, 0, "", 0);
	a = answered();
	assert_int_equal(a.minor, 31);
	assert_true(a.readdirplus);
	assert_string_equal(a.entry, "1.5 s, 31536000 s (folders 2^64-1 s)");
	assert_string_equal(a.attr, "7 s");
	assert_string_equal(a.negative, "-");
	assert_string_equal(a.notified, "INVAL_ENTRY, DELETE");
}

/* Who says something else each time; what has no room is left out whole. */
static void too_many_words(void **state)
{
	struct wire_answers a;

	(void)state;
	for (uint64_t i = 0; i < 20; i++)
		lookup(2 * i + 2, "a", entry(2, 1000000 * (i + 1), 0, S_IFREG));
	a = answered();
	assert_string_equal(
		a.entry,
		"1000000 s, 2000000 s, 3000000 s, 4000000 s, 5000000 s");
	assert_int_equal(a.minor, 0);
	assert_string_equal(a.notified, "-");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(init_and_timeouts, begin, end),
		cmocka_unit_test_setup_teardown(an_old_protocol, begin, end),
		cmocka_unit_test_setup_teardown(no_trace_of_a_daemon, begin,
						end),
		cmocka_unit_test_setup_teardown(phases_and_notifications, begin,
						end),
		cmocka_unit_test_setup_teardown(a_listing, begin, end),
		cmocka_unit_test_setup_teardown(threads_and_pipes, begin, end),
		cmocka_unit_test_setup_teardown(a_part_that_was_cut, begin,
						end),
		cmocka_unit_test_setup_teardown(in_words, begin, end),
		cmocka_unit_test_setup_teardown(too_many_words, begin, end),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
