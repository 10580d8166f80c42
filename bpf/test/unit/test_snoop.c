// SPDX-License-Identifier: GPL-2.0-only
/* A line over 400: each kind of event, as a line and as JSON. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <jansson.h>

#include "json_has.h"
#include "mountinfo.h"
#include "bpf/snoop.h"

/* As large as those of snoop_print.c. */
enum { PATH_BYTES = TRACE_PATH_DEPTH * TRACE_NAME_BYTES * 4 + 8 };

static struct mounts *mounts;

/* A name of the path, from the dentry up. */
static void add_name(struct trace_event *e, const char *name)
{
	snprintf(e->names[e->depth++], TRACE_NAME_BYTES, "%s", name);
}

static void is_path(const struct trace_event *e, const char *want)
{
	char path[PATH_BYTES];

	snoop_path(e, path, sizeof(path));
	assert_string_equal(path, want);
}

static void path_of_the_root(void **state)
{
	struct trace_event e = { 0 };

	(void)state;
	is_path(&e, "/");
}

static void path_is_from_the_top(void **state)
{
	struct trace_event e = { 0 };

	(void)state;
	add_name(&e, "leaf");
	is_path(&e, "/leaf");
	add_name(&e, "middle");
	add_name(&e, "top");
	is_path(&e, "/top/middle/leaf");
}

static void path_that_was_cut(void **state)
{
	struct trace_event e = { .cut = 1 };

	(void)state;
	add_name(&e, "leaf");
	add_name(&e, "middle");
	is_path(&e, ".../middle/leaf");
}

/* A name must not command the terminal, nor forge a line or an escape. */
static void path_is_harmless(void **state)
{
	struct trace_event e = { 0 };

	(void)state;
	add_name(&e, "a\033[2Jb\nc\177");
	add_name(&e, "back\\slash \001");
	is_path(&e, "/back\\134slash \\001/a\\033[2Jb\\012c\\177");
}

static void path_keeps_utf8(void **state)
{
	struct trace_event e = { 0 };

	(void)state;
	add_name(&e, "gr\xc3\xbc\xc3\x9f");
	is_path(&e, "/gr\xc3\xbc\xc3\x9f");
}

static void fill(struct trace_event *e, char c)
{
	for (e->depth = 0; e->depth < TRACE_PATH_DEPTH; e->depth++) {
		memset(e->names[e->depth], c, TRACE_NAME_BYTES - 1);
		e->names[e->depth][TRACE_NAME_BYTES - 1] = 0;
	}
	e->cut = 1;
}

/* All that an event can hold, each byte four times as long. */
static void the_longest_path_fits(void **state)
{
	struct trace_event e = { 0 };
	char path[PATH_BYTES + 1];

	(void)state;
	fill(&e, '\n');
	path[PATH_BYTES] = 'x';
	snoop_path(&e, path, PATH_BYTES);
	assert_int_equal(strlen(path), 3 + TRACE_PATH_DEPTH * (1 + 63 * 4));
	assert_string_equal(path + strlen(path) - 8, "\\012\\012");
	assert_int_equal(path[PATH_BYTES], 'x');
}

/* Whatever the buffer: cut, closed, nothing behind its end. */
static void a_buffer_too_small_is_not_overrun(void **state)
{
	static const char fills[] = { '\n', 'n' };
	struct trace_event e = { 0 };
	char path[600];

	(void)state;
	for (size_t f = 0; f < sizeof(fills); f++) {
		fill(&e, fills[f]);
		for (size_t len = 1; len < sizeof(path); len++) {
			memset(path, 'x', sizeof(path));
			snoop_path(&e, path, len);
			assert_true(strnlen(path, len) < len);
			assert_int_equal(path[len], 'x');
		}
	}
}

/* What the function printed; the caller frees it. */
static char *printed(void (*print)(const struct trace_event *e,
				   const struct mounts *m, FILE *out),
		     const struct trace_event *e)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	print(e, mounts, out);
	fclose(out);
	assert_true(len > 0);
	/* One line. */
	assert_ptr_equal(strchr(text, '\n'), text + len - 1);
	return text;
}

static json_t *parsed(const struct trace_event *e)
{
	char *text = printed(snoop_print_json, e);
	json_t *o = json_loads(text, JSON_REJECT_DUPLICATES, NULL);

	assert_non_null(o);
	free(text);
	return o;
}

/* All that are there, so that a new or a lost one is seen. */
static void has_fields(json_t *o, size_t cnt)
{
	assert_int_equal(json_object_size(o), cnt);
}

static struct trace_event event(enum trace_event_kind kind)
{
	struct trace_event e = {
		.ns = 1ull << 40, .kind = kind, .dev = 52, .pid = 4000000000u
	};

	memcpy(e.comm, "sixteen bytes long", TRACE_COMM_BYTES); /* no end */
	return e;
}

static void has_head(json_t *o, const char *kind)
{
	json_has_str(o, "schema", "epochsnoop/1");
	json_has_int(o, "ns", 1ll << 40);
	json_has_str(o, "event", kind);
	json_has_str(o, "dev", "0:52");
	json_has_str(o, "mount", "/mnt/my \"data\"");
	json_has_int(o, "pid", 4000000000ll);
	json_has_str(o, "comm", "sixteen bytes lo");
}

static void json_of_a_bump(void **state)
{
	struct trace_event e = event(TRACE_EVENT_BUMP);
	json_t *o;

	(void)state;
	e.notify = TRACE_NOTIFY_INC_EPOCH;
	e.epoch = 1ull << 33;
	o = parsed(&e);
	has_head(o, "bump");
	json_has_str(o, "notify", "inc_epoch");
	json_has_int(o, "errno", 0);
	json_has_int(o, "epoch", 1ll << 33);
	has_fields(o, 13);
	json_decref(o);
}

static void json_of_a_notification_that_failed(void **state)
{
	struct trace_event e = event(TRACE_EVENT_NOTIFY);
	json_t *o;

	(void)state;
	e.notify = TRACE_NOTIFY_INVAL_ENTRY;
	e.error = -ENOENT;
	e.took_ns = 2500000;
	o = parsed(&e);
	has_head(o, "notify");
	json_has_str(o, "notify", "inval_entry");
	json_has_int(o, "errno", ENOENT);
	json_has_int(o, "took_ns", 2500000);
	has_fields(o, 12);
	json_decref(o);
}

/* It has no outcome yet. */
static void json_of_a_hang(void **state)
{
	struct trace_event e = event(TRACE_EVENT_HANG);
	json_t *o;

	(void)state;
	e.notify = TRACE_NOTIFY_INVAL_INODE;
	e.took_ns = 7200000000000;
	o = parsed(&e);
	has_head(o, "hang");
	json_has_str(o, "notify", "inval_inode");
	json_has_int(o, "took_ns", 7200000000000);
	has_fields(o, 11);
	json_decref(o);
}

/* One that this version doesn't know. */
static void json_of_an_unknown_notification(void **state)
{
	struct trace_event e = event(TRACE_EVENT_NOTIFY);
	json_t *o;

	(void)state;
	e.notify = 4711;
	o = parsed(&e);
	json_has_str(o, "notify", "unknown");
	json_decref(o);
}

static struct trace_event cascade(void)
{
	struct trace_event e = event(TRACE_EVENT_CASCADE);

	add_name(&e, "b\n");
	add_name(&e, "a");
	e.epoch = 4;
	e.dentry_epoch = 3;
	e.took_ns = 1870000000;
	e.dentry_cnt = 300000;
	return e;
}

static void has_walk(json_t *o)
{
	json_has_int(o, "epoch", 4);
	json_has_int(o, "dentry_epoch", 3);
	json_has_str(o, "path", "/a/b\\012");
	assert_null(json_object_get(o, "notify"));
	assert_null(json_object_get(o, "errno"));
}

static void json_of_a_cascade(void **state)
{
	struct trace_event e = cascade();
	json_t *o, *cause;

	(void)state;
	e.cause = (struct trace_bump){ .epoch = 4, .ns = 77, .pid = 412 };
	memcpy(e.cause.comm, "sixteen bytes long", TRACE_COMM_BYTES);
	o = parsed(&e);
	has_head(o, "cascade");
	has_walk(o);
	json_has_int(o, "stall_ns", 1870000000);
	json_has_int(o, "dentry_cnt", 300000);
	has_fields(o, 15);
	cause = json_object_get(o, "cause");
	json_has_int(cause, "ns", 77);
	json_has_int(cause, "epoch", 4);
	json_has_int(cause, "pid", 412);
	json_has_str(cause, "comm", "sixteen bytes lo");
	has_fields(cause, 4);
	json_decref(o);
}

static void json_of_a_cascade_without_a_cause(void **state)
{
	struct trace_event e = cascade();
	json_t *o;

	(void)state;
	o = parsed(&e);
	assert_true(json_is_null(json_object_get(o, "cause")));
	has_fields(o, 15);
	json_decref(o);
}

static void json_of_a_detach(void **state)
{
	struct trace_event e = cascade();
	json_t *o;

	(void)state;
	e.kind = TRACE_EVENT_DETACH;
	o = parsed(&e);
	has_head(o, "detach");
	has_walk(o);
	assert_null(json_object_get(o, "stall_ns"));
	assert_null(json_object_get(o, "dentry_cnt"));
	has_fields(o, 13);
	json_decref(o);
}

static void json_of_what_is_not_mounted(void **state)
{
	struct trace_event e = event(TRACE_EVENT_BUMP);
	json_t *o;

	(void)state;
	e.dev = 8 << 20 | 17;
	o = parsed(&e);
	json_has_str(o, "dev", "8:17");
	assert_null(json_object_get(o, "mount"));
	json_decref(o);
}

/* A line for people: after the time, which is another for each. */
static void is_line(const struct trace_event *e, const char *want)
{
	char *text = printed(snoop_print, e);
	int h, m, s, us, used = 0;

	assert_int_equal(
		sscanf(text, "%2d:%2d:%2d.%6d %n", &h, &m, &s, &us, &used), 4);
	assert_int_equal(used, strlen("11:02:07.150271 "));
	assert_string_equal(text + used, want);
	free(text);
}

static void lines_for_people(void **state)
{
	struct trace_event e = event(TRACE_EVENT_BUMP);

	(void)state;
	e.epoch = 4;
	is_line(&e, "bump    /mnt/my \"data\"  epoch 3 -> 4, by "
		    "sixteen bytes lo[4000000000]\n");
	e = event(TRACE_EVENT_NOTIFY);
	strcpy(e.comm, "daemon");
	e.notify = TRACE_NOTIFY_DELETE;
	is_line(&e, "notify  /mnt/my \"data\"  delete by daemon[4000000000]\n");
	e.error = -ENOENT;
	e.dev = 99;
	is_line(&e, "notify  0:99 (not mounted)  delete by "
		    "daemon[4000000000]: No such file or directory\n");
	e.took_ns = 1500000000;
	is_line(&e, "notify  0:99 (not mounted)  delete by daemon[4000000000], "
		    "took 1.5 s: No such file or directory\n");
	e.kind = TRACE_EVENT_HANG;
	is_line(&e, "hang    0:99 (not mounted)  delete by daemon[4000000000] "
		    "goes on for 1.5 s\n");
	e = cascade();
	strcpy(e.comm, "find");
	e.pid = 915;
	is_line(&e, "cascade /mnt/my \"data\"  /a/b\\012: find[915] stalled "
		    "1.87 s, 300000 dentries died, by a bump of epoch 3 that "
		    "is not remembered\n");
	e.cause = (struct trace_bump){ .epoch = 4, .pid = 412, .comm = "d" };
	e.cause.ns = e.ns - e.took_ns - 2500;
	is_line(&e, "cascade /mnt/my \"data\"  /a/b\\012: find[915] stalled "
		    "1.87 s, 300000 dentries died, by the bump to 4 of d[412] "
		    "2.5 us before\n");
	e.kind = TRACE_EVENT_DETACH;
	e.took_ns = 0;
	e.cause.ns = e.ns - 999600;
	is_line(&e, "detach  /mnt/my \"data\"  what is mounted at /a/b\\012: "
		    "in a walk of find[915], by the bump to 4 of d[412] 1 ms "
		    "before\n");
}

static int set_up(void **state)
{
	(void)state;
	mounts = mountinfo_scan(MOUNTINFO_FUSE(52, "/mnt/my\\040\"data\""));
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	mounts_free(mounts);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(path_of_the_root),
		cmocka_unit_test(path_is_from_the_top),
		cmocka_unit_test(path_that_was_cut),
		cmocka_unit_test(path_is_harmless),
		cmocka_unit_test(path_keeps_utf8),
		cmocka_unit_test(the_longest_path_fits),
		cmocka_unit_test(a_buffer_too_small_is_not_overrun),
		cmocka_unit_test(json_of_a_bump),
		cmocka_unit_test(json_of_a_notification_that_failed),
		cmocka_unit_test(json_of_a_hang),
		cmocka_unit_test(json_of_an_unknown_notification),
		cmocka_unit_test(json_of_a_cascade),
		cmocka_unit_test(json_of_a_cascade_without_a_cause),
		cmocka_unit_test(json_of_a_detach),
		cmocka_unit_test(json_of_what_is_not_mounted),
		cmocka_unit_test(lines_for_people),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
