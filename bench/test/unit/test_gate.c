// SPDX-License-Identifier: GPL-2.0-only
/*
 * The judge of instruction counts: what it compares, tolerates and names.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "bench/insn/gate.h"

/* A measurement: `revalidate' instructions in that function, the rest in f(). */
static json_t *measured(const char *fuse, const char *tracer,
			const char *method, const char *phase, int insns,
			int revalidate)
{
	return json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:i,s:i,s:{s:i,s:i}}",
			 "schema", "insns/1", "kernel", "6.12", "fuse", fuse,
			 "tracer", tracer, "method", method, "phase", phase,
			 "n", 100, "insns", insns, "functions", "revalidate",
			 revalidate, "f", insns + 1 - revalidate);
}

/* Stock takes 1000 for a hit and 5000 for a miss. */
static json_t *with_stock(const char *gcc)
{
	json_t *all = json_array();

	json_array_append_new(all,
			      json_pack("{s:s,s:{s:s}}", "schema", "insns/1",
					"versions", "gcc", gcc));
	json_array_append_new(all,
			      measured("stock 1", "", "none", "hit", 1000, 10));
	json_array_append_new(all,
			      measured("stock 1", "", "none", "miss", 5000, 0));
	return all;
}

static json_t *with(const char *fuse, const char *tracer, const char *phase,
		    int insns, int revalidate)
{
	json_t *all = with_stock("12");

	json_array_append_new(
		all, measured(fuse, tracer, "none", phase, insns, revalidate));
	return all;
}

/* Judges, drops both, and expects one row. */
static struct gate judge(json_t *base, json_t *now)
{
	char err[200] = "";
	struct gate g;

	assert_int_equal(gate_judge(&g, base, now, false, err, sizeof(err)), 0);
	assert_int_equal(g.cnt, 1);
	json_decref(base);
	json_decref(now);
	return g;
}

static enum gate_outcome outcome(const char *fuse, const char *tracer,
				 const char *phase, int base, int now)
{
	struct gate g = judge(with("v8 1", tracer, phase, base, 15),
			      with(fuse, tracer, phase, now, 15));
	enum gate_outcome o = g.row[0].outcome;

	gate_free(&g);
	return o;
}

static void a_hit_tolerates_nothing(void **state)
{
	(void)state;
	assert_int_equal(outcome("v8 2", "", "hit", 1005, 1005), GATE_SAME);
	assert_int_equal(outcome("v8 2", "", "hit", 1005, 1006), GATE_WORSE);
	assert_int_equal(outcome("v8 2", "", "hit", 1005, 1004), GATE_BETTER);
	assert_int_equal(outcome("v8+planted 2", "", "hit", 1005, 1011),
			 GATE_WORSE);
	assert_int_equal(outcome("v8 2", "epochstat", "hit", 1005, 1006),
			 GATE_WORSE);
}

static void a_miss_tolerates_what_is_stated(void **state)
{
	(void)state;
	assert_int_equal(outcome("v8 2", "", "miss", 5007, 5015), GATE_SAME);
	assert_int_equal(outcome("v8 2", "", "miss", 5007, 5016), GATE_WORSE);
	assert_int_equal(outcome("v8 2", "", "miss", 5007, 4998), GATE_BETTER);
	assert_int_equal(outcome("v8 2", "epochstat", "miss", 5007, 5023),
			 GATE_SAME);
	assert_int_equal(outcome("v8 2", "epochstat", "miss", 5007, 5024),
			 GATE_WORSE);
}

/* By how much boots differ, the worse of the two sides, and stock's on top. */
static void a_spread_is_tolerated(void **state)
{
	static const struct {
		int base, now, stock, more;
		enum gate_outcome outcome;
	} rows[] = {
		{ 0, 0, 0, 1, GATE_WORSE }, { 3, 0, 0, 3, GATE_SAME },
		{ 0, 3, 0, 3, GATE_SAME },  { 3, 3, 0, 4, GATE_WORSE },
		{ 3, 0, 2, 5, GATE_SAME },  { 3, 2, 2, 6, GATE_WORSE },
		{ 3, 0, 2, -5, GATE_SAME }, { 3, 0, 2, -6, GATE_BETTER },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		json_t *base = with("v8 1", "", "hit", 1005, 15);
		json_t *now = with("v8 1", "", "hit", 1005 + rows[i].more, 15);
		struct gate g;

		json_object_set_new(json_array_get(base, 3), "spread_insns",
				    json_integer(rows[i].base));
		json_object_set_new(json_array_get(now, 3), "spread_insns",
				    json_integer(rows[i].now));
		json_object_set_new(json_array_get(now, 1), "spread_insns",
				    json_integer(rows[i].stock));
		g = judge(base, now);
		assert_int_equal(g.row[0].outcome, rows[i].outcome);
		gate_free(&g);
	}
}

static void others_are_new(void **state)
{
	(void)state;
	assert_int_equal(outcome("v9 2", "", "hit", 1005, 9999), GATE_NEW);
	assert_int_equal(outcome("v88 2", "", "hit", 1005, 9999), GATE_NEW);
	/* Traced is something else. */
	struct gate g = judge(with("v8 1", "", "hit", 1005, 15),
			      with("v8 1", "epochstat", "hit", 1005, 15));
	assert_int_equal(g.row[0].outcome, GATE_NEW);
	gate_free(&g);
	g = judge(with("v88 1", "", "hit", 1005, 15),
		  with("v8 1", "", "hit", 1005, 15));
	assert_int_equal(g.row[0].outcome, GATE_NEW);
	gate_free(&g);
}

/* A kernel that makes stock and v8 slower by 100 is no regression of v8. */
static void what_stock_pays_too_is_forgiven(void **state)
{
	json_t *now = with_stock("13");
	struct gate g;

	(void)state;
	json_array_set_new(now, 1,
			   measured("stock 1", "", "none", "hit", 1100, 10));
	json_array_append_new(now,
			      measured("v8 1", "", "none", "hit", 1105, 15));
	g = judge(with("v8 1", "", "hit", 1005, 15), now);
	assert_int_equal(g.row[0].outcome, GATE_SAME);
	assert_int_equal(g.row[0].more, 5);
	assert_int_equal(json_object_size(g.row[0].functions), 0);
	/* But told: what moved, and where stock pays. */
	assert_string_equal(json_string_value(json_array_get(
				    json_object_get(g.moved, "gcc"), 1)),
			    "13");
	assert_int_equal(
		json_integer_value(json_object_get(g.stock_moved, "f")), 100);
	assert_int_equal(json_object_size(g.stock_moved), 1);
	gate_free(&g);
}

static void the_culprit_is_named(void **state)
{
	struct gate g = judge(with("v8 1", "", "hit", 1005, 15),
			      with("v8+planted 2", "", "hit", 1011, 21));

	(void)state;
	assert_string_equal(g.row[0].variant, "v8+planted");
	assert_int_equal(g.row[0].base_more, 5);
	assert_int_equal(g.row[0].more, 11);
	assert_int_equal(json_object_size(g.row[0].functions), 1);
	assert_int_equal(json_integer_value(json_object_get(g.row[0].functions,
							    "revalidate")),
			 6);
	assert_int_equal(json_object_size(g.moved), 0);
	assert_int_equal(json_object_size(g.stock_moved), 0);
	gate_free(&g);
}

/* Stock, and one variant with a hit and a miss. */
static json_t *with_both(const char *fuse, const char *tracer)
{
	json_t *all = with(fuse, tracer, "hit", 1005, 15);

	json_array_append_new(all,
			      measured(fuse, tracer, "none", "miss", 5007, 0));
	return all;
}

/* Judges and drops both; of the rows the last is the missing one, if any. */
static size_t missing_cnt(json_t *base, json_t *now, char *last)
{
	char err[200] = "";
	struct gate g;
	size_t cnt;

	assert_int_equal(gate_judge(&g, base, now, false, err, sizeof(err)), 0);
	cnt = g.outcome_cnt[GATE_MISSING];
	assert_true(cnt <= g.cnt);
	if (cnt && last) {
		const struct gate_row *row = &g.row[g.cnt - 1];

		assert_int_equal(row->outcome, GATE_MISSING);
		sprintf(last, "%s%s: %s %+d", row->variant,
			row->traced ? ", traced" : "", row->what,
			(int)row->base_more);
	}
	gate_free(&g);
	json_decref(base);
	json_decref(now);
	return cnt;
}

static void what_vanished_is_missing(void **state)
{
	char last[100] = "";

	(void)state;
	assert_int_equal(
		missing_cnt(with_both("v8 1", ""), with_both("v8 2", ""), NULL),
		0);
	assert_int_equal(missing_cnt(with_both("v8 1", ""),
				     with("v8 2", "", "hit", 1005, 15), last),
			 1);
	assert_string_equal(last, "v8: miss +7");
	/* Judged by the baseline of v8, and named as it is. */
	assert_int_equal(
		missing_cnt(with_both("v8 1", "epochstat"),
			    with("v8+planted 2", "epochstat", "miss", 5007, 15),
			    last),
		1);
	assert_string_equal(last, "v8+planted, traced: hit +5");
	/* Stock as such is the control; traced it is judged. */
	assert_int_equal(
		missing_cnt(with_both("stock 1", "epochstat"),
			    with("stock 1", "epochstat", "miss", 5007, 15),
			    last),
		1);
	assert_string_equal(last, "stock, traced: hit +5");
}

static void only_what_was_counted_is_missed(void **state)
{
	json_t *base = with_both("v8 1", ""), *two;

	(void)state;
	json_array_append_new(
		base, measured("v8 1", "epochstat", "none", "hit", 2000, 0));
	json_array_append_new(base,
			      measured("v9 1", "", "none", "hit", 1009, 0));
	assert_int_equal(
		missing_cnt(json_incref(base), with_both("v8 1", ""), NULL), 0);
	/* Nor is stock judged, which is what the others are compared with. */
	json_array_append_new(
		base, measured("stock 1", "", "inval_inode", "notify", 700, 0));
	assert_int_equal(
		missing_cnt(json_incref(base), with_both("v8 1", ""), NULL), 0);
	/* One of two variants of the same baseline has it: the other misses it. */
	two = with_both("v8 1", "");
	json_array_append_new(
		two, measured("v8+planted 2", "", "none", "hit", 1005, 15));
	assert_int_equal(missing_cnt(base, two, NULL), 1);
	/* All that is judged vanished, of a variant that is there. */
	assert_int_equal(missing_cnt(with_both("v8 1", ""),
				     with("v8 1", "", "umount", 10, 0), NULL),
			 2);
}

static void refused(json_t *base, json_t *now, const char *why)
{
	char err[200] = "";
	struct gate g;

	assert_int_not_equal(gate_judge(&g, base, now, false, err, sizeof(err)),
			     0);
	assert_non_null(strstr(err, why));
	json_decref(base);
	json_decref(now);
}

static void what_cannot_be_compared_is_refused(void **state)
{
	json_t *lone = with("v8 1", "", "hit", 1005, 15);
	json_t *small = with("v8 1", "", "hit", 1005, 15);

	(void)state;
	json_array_remove(lone, 1);
	refused(with("v8 1", "", "hit", 1005, 15), json_incref(lone),
		"the run has no hit of stock to compare hit with: count stock");
	refused(lone, with("v8 1", "", "hit", 1005, 15),
		"does, and record the baseline again");
	json_object_set_new(json_array_get(small, 3), "n", json_integer(10));
	refused(small, with("v8 1", "", "hit", 1005, 15),
		"100 names, in the baseline with 10: use --names 10");
	refused(with_stock("12"), with_stock("12"), "nothing was counted but");
}

/* Writes lines into a file and reads them; NULL: all is well. */
static const char *read_lines(const char *lines)
{
	static char err[300];
	char path[] = "/tmp/test_gate.XXXXXX";
	int fd = mkstemp(path);
	json_t *all;

	assert_int_equal(write(fd, lines, strlen(lines)), strlen(lines));
	close(fd);
	all = gate_read(path, err, sizeof(err));
	unlink(path);
	json_decref(all);
	return all ? NULL : err;
}

#define HEAD "{\"schema\":\"insns/1\",\"versions\":{\"gcc\":\"12\"}}\n"
#define LINE(insns)                                                      \
	"{\"schema\":\"insns/1\",\"kernel\":\"k\",\"fuse\":\"v8 1\","    \
	"\"tracer\":\"\",\"method\":\"none\",\"phase\":\"hit\",\"n\":1," \
	"\"insns\":" insns ",\"functions\":{\"f\":6,\"g\":4}}\n"

static void files_are_checked(void **state)
{
	(void)state;
	assert_null(read_lines(HEAD LINE("9")));
	assert_non_null(strstr(read_lines(HEAD LINE("10")), ":2: the functions "
							    "don't add up"));
	assert_null(read_lines(HEAD LINE("9,\"spread_insns\":0")));
	assert_non_null(strstr(read_lines(HEAD LINE("9,\"spread_insns\":-1")),
			       ":2: \"spread_insns\""));
	assert_non_null(strstr(read_lines(HEAD LINE("9,\"spread_insns\":true")),
			       ":2: \"spread_insns\""));
	assert_non_null(strstr(read_lines(LINE("9")), ":1: \"versions\""));
	assert_non_null(strstr(read_lines(HEAD), "nothing was counted"));
	assert_non_null(strstr(read_lines(""), "nothing was counted"));
	assert_non_null(strstr(read_lines(HEAD "{\"schema\":1}\n"), ":2: "));
	assert_non_null(strstr(read_lines(HEAD "{"), ":2: "));
	assert_non_null(strstr(read_lines("[]\n"), ":1: "));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_hit_tolerates_nothing),
		cmocka_unit_test(a_miss_tolerates_what_is_stated),
		cmocka_unit_test(a_spread_is_tolerated),
		cmocka_unit_test(others_are_new),
		cmocka_unit_test(what_stock_pays_too_is_forgiven),
		cmocka_unit_test(the_culprit_is_named),
		cmocka_unit_test(what_vanished_is_missing),
		cmocka_unit_test(only_what_was_counted_is_missed),
		cmocka_unit_test(what_cannot_be_compared_is_refused),
		cmocka_unit_test(files_are_checked),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
