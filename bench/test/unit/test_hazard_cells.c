// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/hazards/cells.h"
#include "bench/hazards/check.h"
#include "bench/hazards/group.h"
#include "bench/hazards/overview.h"
#include "bench/hazards/pivot.h"

/* A record as JSON with ' for ", for less noise. */
static json_t *parse(const char *quoted)
{
	char *text = strdup(quoted);
	json_t *json;

	for (char *c = text; *c; c++)
		if (*c == '\'')
			*c = '"';
	json = json_loads(text, 0, NULL);
	assert_non_null(json);
	free(text);
	return json;
}

static void expect_text(const char *record,
			void (*text_of)(const json_t *, char *),
			const char *wanted)
{
	json_t *json = parse(record);
	char text[CELL_LEN];

	text_of(json, text);
	assert_string_equal(text, wanted);
	json_decref(json);
}

static void expect_cell(const char *record, const char *wanted)
{
	expect_text(record, cell_text, wanted);
}

static void requests_are_letters(void **state)
{
	(void)state;
	expect_cell("{'outcome': 'measured', 'requests': {}}", "-");
	expect_cell("{'outcome': 'measured',"
		    " 'requests': {'READ': 1, 'OPEN': 1, 'LOOKUP': 2}}",
		    "L2,O,R");
	/* What a close sends is no question. */
	expect_cell("{'outcome': 'measured',"
		    " 'requests': {'RELEASE': 1, 'FLUSH': 1, 'FORGET': 3}}",
		    "-");
	expect_cell("{'outcome': 'measured', 'requests': {'READDIRPLUS': 2}}",
		    "RDP2");
}

static void numbers_have_their_unit(void **state)
{
	(void)state;
	expect_cell("{'outcome': 'measured', 'value': 1500000.0,"
		    " 'unit': 'ns'}",
		    "1.5 ms");
	expect_cell("{'outcome': 'measured', 'value': 1000.0,"
		    " 'unit': 'inodes'}",
		    "1000");
}

static void hazards_tell_what_happens(void **state)
{
	(void)state;
	expect_cell("{'outcome': 'present', 'detail': 'at once'}", "at once");
	expect_cell("{'outcome': 'present', 'detail': ''}", "present");
	expect_cell("{'outcome': 'absent', 'detail': ''}", "-");
	expect_cell("{'outcome': 'absent', 'detail': 'waits'}", "- (waits)");
	expect_cell("{'outcome': 'skip', 'detail': 'why'}", "n/a");
	expect_cell("{'outcome': 'failed', 'detail': 'why'}", "FAILED");
	expect_cell("{'outcome': 'frob'}", "FAILED");
}

static void expect_kernel(const char *record, const char *wanted)
{
	expect_text(record, cell_kernel, wanted);
}

static void kernels_are_named(void **state)
{
	(void)state;
	expect_kernel("{'kernel': '6.18.15+deb13-amd64', 'fuse': ''}",
		      "6.18.15");
	expect_kernel("{'kernel': '6.18.44-x', 'fuse': ''}", "6.18.44");
	expect_kernel("{'kernel': '6.12.1', 'fuse': 'v8 1a2b'}", "v8");
	expect_kernel("{'kernel': '6.12.1', 'fuse': 'v8+test 1a2b'}", "v8");
}

#define RECORD(kernel, method, probe, outcome, detail)            \
	"{'kernel': '" kernel "', 'fuse': '', 'method': '" method \
	"', 'probe': '" probe "', 'outcome': '" outcome           \
	"', 'detail': '" detail "'}"

/* The table as JSON, in one line. */
static char *table_of(const char *records, bool many)
{
	json_t *all = parse(records), *methods = group_by(all, "method");
	struct table *t = pivot_table(all, methods, many);
	json_t *json = table_json(t);
	char *text = json_dumps(json, JSON_COMPACT | JSON_SORT_KEYS);

	for (char *c = text; *c; c++)
		if (*c == '"')
			*c = '\'';
	json_decref(json);
	table_free(t);
	json_decref(methods);
	json_decref(all);
	return text;
}

static void expect_table(const char *records, bool many, const char *wanted)
{
	char *text = table_of(records, many);

	assert_string_equal(text, wanted);
	free(text);
}

/* Of 6.1 and 6.3 what the hazard does is the same. */
#define BUMP_61 RECORD("6.1", "epoch", "p", "present", "x")
#define BUMP_62 RECORD("6.2", "epoch", "p", "absent", "")
#define BUMP_63 RECORD("6.3", "epoch", "p", "present", "x")
#define NONE_61 RECORD("6.1", "none", "p", "absent", "")
#define NONE_62 RECORD("6.2", "none", "p", "absent", "")
#define NONE_63 RECORD("6.3", "none", "p", "absent", "")
#define SKIP_61 RECORD("6.1", "epoch", "", "skip", "why")
#define DIED_61 RECORD("6.1", "epoch", "", "failed", "hung")

static void kernels_that_agree_share_a_row(void **state)
{
	(void)state;
	expect_table("[" BUMP_61 "," BUMP_62 "," BUMP_63 "," NONE_61 "," NONE_62
		     "," NONE_63 "]",
		     true,
		     "[{'kernel':'all but 6.2','method':'epoch','p':'x'},"
		     "{'kernel':'6.2','method':'epoch','p':'-'},"
		     "{'kernel':'all','method':'none','p':'-'}]");
}

static void one_kernel_has_no_column(void **state)
{
	(void)state;
	expect_table("[" BUMP_61 "]", false, "[{'method':'epoch','p':'x'}]");
}

static void a_reason_takes_the_row(void **state)
{
	(void)state;
	expect_table("[" SKIP_61 "," NONE_61 "]", false,
		     "[{'method':'epoch','status':'n/a: why'},"
		     "{'method':'none','p':'-'}]");
}

/* The variant +test tells of its variant what that itself can't. */
static void what_was_measured_wins(void **state)
{
	(void)state;
	expect_table("[" SKIP_61 "," BUMP_61 "]", false,
		     "[{'method':'epoch','p':'x'}]");
}

/* A probe that dies after its first cell must not look like a result. */
static void a_failure_takes_the_row(void **state)
{
	(void)state;
	expect_table("[" BUMP_61 "," DIED_61 "]", false,
		     "[{'method':'epoch','status':'FAILED: hung'}]");
}

#define GONE_62 RECORD("6.2", "epoch", "", "skip", "not offered by this kernel")

static void what_is_not_offered_has_no_row(void **state)
{
	(void)state;
	expect_table("[" BUMP_61 "," GONE_62 "]", true,
		     "[{'kernel':'all','method':'epoch','p':'x'}]");
}

/* 100 kernels, half of which do one thing, and half another. */
static void many_kernels_are_counted(void **state)
{
	json_t *all = json_array(), *methods, *rows;
	struct table *t;

	(void)state;
	for (int i = 0; i < 100; i++)
		json_array_append_new(all,
				      json_pack("{so ss ss ss ss ss}", "kernel",
						json_sprintf("6.%d", i), "fuse",
						"", "method", "m", "probe", "p",
						"outcome", "present", "detail",
						i % 2 ? "odd" : "even"));
	methods = group_by(all, "method");
	t = pivot_table(all, methods, true);
	rows = table_json(t);
	assert_int_equal(json_array_size(rows), 2);
	assert_string_equal(
		json_string_value(
			json_object_get(json_array_get(rows, 1), "kernel")),
		"6.1, 6.3, 6.5, 6.7, 6.9, 6.11, 6.13, 6.15, 6.17, 6.19, 6.21, "
		"6.23, 6.25, 6.27, 6.29, 6.31, 6.33, 6.35, 6.37, 6.39, 6.41, "
		"6.43, 6.45, 6.47, 6.49, 6.51, 6.53, 6.55, 6.57, 6.59, 6.61, "
		"6.63 and 18 more");
	json_decref(rows);
	table_free(t);
	json_decref(methods);
	json_decref(all);
}

#define OF(hazard, kernel, method, probe, outcome)                           \
	"{'hazard': '" hazard "', 'kernel': '" kernel "', 'fuse': '', "      \
	"'method': '" method "', 'probe': '" probe "', 'outcome': '" outcome \
	"'}"

static void expect_stacks(const char *records, const char *wanted)
{
	json_t *all = parse(records), *groups = group_by(all, "hazard"), *json;
	struct table *t;
	char *text;

	assert_int_equal(overview_stacks(groups, &t), 0);
	if (!wanted) {
		assert_null(t);
	} else {
		json = table_json(t);
		text = json_dumps(json_array_get(json, 0), JSON_COMPACT);
		for (char *c = text; *c; c++)
			if (*c == '"')
				*c = '\'';
		assert_string_equal(text, wanted);
		free(text);
		json_decref(json);
	}
	table_free(t);
	json_decref(groups);
	json_decref(all);
}

/* The first probe is the plain case; the control is no method to use. */
static void people_see_what_they_may_use(void **state)
{
	(void)state;
	expect_stacks(
		"[" OF("overlay", "6.1", "none", "p", "absent") "," OF(
			"overlay", "6.1", "epoch", "p",
			"present") "," OF("overlay", "6.1", "epoch", "q",
					  "absent") "," OF("overlay", "6.1",
							   "expire", "p",
							   "absent") "," OF("ov"
									    "er"
									    "la"
									    "y",
									    "6."
									    "1",
									    "ex"
									    "pi"
									    "r"
									    "e",
									    "q",
									    "pr"
									    "es"
									    "en"
									    "t") "," OF("overlay",
											"6.1",
											"inode",
											"p",
											"absent") "," OF("overlay",
													 "6.1",
													 "inode",
													 "q",
													 "skip") "," OF("overlay",
															"6.1",
															"prune",
															"",
															"skip") "]",
		"{'stack':'an overlay','may use':'inode',"
		"'in some cases':'expire','may not':'epoch'}");
	expect_stacks("[" OF("wrap", "6.1", "epoch", "p", "present") "]", NULL);
}

/* One that most kernels bear alike is named with the others only elsewhere. */
static void kernels_that_bear_it_otherwise_are_named(void **state)
{
	(void)state;
	expect_stacks("[" OF("overlay", "6.1", "epoch", "p", "present") "," OF(
			      "overlay", "6.2", "epoch", "p",
			      "present") "," OF("overlay", "6.3", "epoch", "p",
						"absent") "," OF("overlay",
								 "6.4", "epoch",
								 "",
								 "skip") "]",
		      "{'stack':'an overlay','may use':'epoch (6.3)',"
		      "'in some cases':'-','may not':'epoch'}");
}

#define VALID                                                                \
	"'schema': 'hazards/1', 'kernel': '6.1', 'fuse': '', 'virt': 'kvm'," \
	" 'hazard': 'submount', 'method': 'epoch', 'reproduce': 'r'"

/* A valid record but for what is in rest. */
static void expect_complaint(const char *rest, const char *wanted)
{
	char text[1024], err[200] = "";
	json_t *json;

	snprintf(text, sizeof(text), "{" VALID ", %s}", rest);
	json = parse(text);
	assert_int_equal(check_record(json, err, sizeof(err)),
			 wanted ? -EINVAL : 0);
	if (wanted && !strstr(err, wanted))
		assert_string_equal(err, wanted);
	json_decref(json);
}

static void records_are_checked(void **state)
{
	static const struct {
		const char *rest, *complaint;
	} cases[] = {
		{ "'probe': 'A b/c', 'outcome': 'present', 'detail': 'x|y'",
		  NULL },
		{ "'probe': '', 'outcome': 'measured', 'requests': {'READ': 1}",
		  NULL },
		{ "'probe': '', 'outcome': 'measured', 'value': 0.5, 'unit': "
		  "'ns'",
		  NULL },
		{ "'outcome': 'present'", "\"probe\" is missing" },
		{ "'probe': 7, 'outcome': 'present'", "must be a string" },
		{ "'probe': 'a\\u009b2J', 'outcome': 'present'",
		  "\"probe\" must not hold control characters" },
		{ "'probe': 'a\\u202eb', 'outcome': 'present'",
		  "\"probe\" must not hold control characters" },
		{ "'probe': "
		  "'0123456789012345678901234567890123456789012345678901234567"
		  "890123', 'outcome': 'present'",
		  "\"probe\" is longer than 63 bytes" },
		{ "'probe': 'p', 'outcome': 'frob'", "\"outcome\" is unknown" },
		{ "'probe': 'p', 'outcome': 'a b'", "of letters, digits" },
		{ "'probe': 'p', 'outcome': 'measured'", "\"value\" must be" },
		{ "'probe': 'p', 'outcome': 'measured', 'value': 1e16, 'unit': "
		  "'ns'",
		  "\"value\" must be" },
		{ "'probe': 'p', 'outcome': 'measured', 'value': 1, 'unit': "
		  "'m'",
		  "\"unit\" must be" },
		{ "'probe': 'p', 'outcome': 'measured', 'requests': 1",
		  "\"requests\" must be an object" },
		{ "'probe': 'p', 'outcome': 'measured', 'requests': {'a b': 1}",
		  "\"requests\" must be by opcode" },
		{ "'probe': 'p', 'outcome': 'measured', 'requests': {'R': -1}",
		  "\"requests\" must be numbers" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		expect_complaint(cases[i].rest, cases[i].complaint);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(requests_are_letters),
		cmocka_unit_test(numbers_have_their_unit),
		cmocka_unit_test(hazards_tell_what_happens),
		cmocka_unit_test(kernels_are_named),
		cmocka_unit_test(kernels_that_agree_share_a_row),
		cmocka_unit_test(one_kernel_has_no_column),
		cmocka_unit_test(a_reason_takes_the_row),
		cmocka_unit_test(what_was_measured_wins),
		cmocka_unit_test(a_failure_takes_the_row),
		cmocka_unit_test(what_is_not_offered_has_no_row),
		cmocka_unit_test(many_kernels_are_counted),
		cmocka_unit_test(people_see_what_they_may_use),
		cmocka_unit_test(kernels_that_bear_it_otherwise_are_named),
		cmocka_unit_test(records_are_checked),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
