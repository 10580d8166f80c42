// SPDX-License-Identifier: GPL-2.0-only
/*
 * Profiles: they must be exactly those of their records, and whole.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "bench/insn/profile.h"
#include "bench/inval/inval.h"
#include "bench/lib/marker.h"

static struct record record = {
	.case_name = "operation",
	.method = "none",
	.clock_unit = "insns",
};

/* A file of that text, in memory. */
static int put(const char *text, char path[32])
{
	int fd = memfd_create("profile", MFD_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	snprintf(path, 32, "/proc/self/fd/%d", fd);
	return fd;
}

/* The numbers of the operations "hit" and "miss" of the control. */
static int op(enum phase ph)
{
	return inval_by_name("none") << MARKER_PHASE_BITS | ph;
}

/* What is made of the profile; NULL with the reason in err. */
static json_t *make(const char *raw, char err[200])
{
	char raw_path[32], symbols_path[32];
	int raw_fd = put(raw, raw_path);
	int symbols_fd = put("ffffffff81000000 T first\n"
			     "ffffffff81000100 T second\n",
			     symbols_path);
	json_t *all =
		profile_make(&record, 1, raw_path, symbols_path, err, 200);

	close(raw_fd);
	close(symbols_fd);
	return all;
}

/* A hit of 3 instructions, and a miss of 10; each and the clock's last one. */
static const char hit[] = "ffffffff81000000 1\nffffffff81000004 1\n"
			  "ffffffff81000100 2\n";
static const char miss[] = "ffffffff81000100 11\n";

static int setup(void **state)
{
	const struct sample sample = {
		.phase = { [PHASE_HIT] = { .used = 1, .cost = 3 },
			   [PHASE_MISS] = { .used = 1, .cost = 10 } },
	};

	(void)state;
	return record_add_sample(&record, &sample);
}

static int teardown(void **state)
{
	(void)state;
	record_free(&record);
	return 0;
}

static void addresses_become_functions(void **state)
{
	char raw[500], err[200] = "";
	json_t *all, *functions;

	(void)state;
	snprintf(raw, sizeof(raw),
		 "op %d insns 4 of 9 upper 6\n%sop %d insns 11 of 2 upper "
		 "11\n%s",
		 op(PHASE_HIT), hit, op(PHASE_MISS), miss);
	all = make(raw, err);
	assert_string_equal(err, "");
	assert_int_equal(json_array_size(all), 2);
	/* Less the clock's last instruction, as the least is. */
	assert_int_equal(json_integer_value(json_object_get(
				 json_array_get(all, 0), "upper_insns")),
			 5);
	functions = json_object_get(json_array_get(all, 0), "functions");
	assert_int_equal(
		json_integer_value(json_object_get(functions, "first")), 2);
	assert_int_equal(
		json_integer_value(json_object_get(functions, "second")), 2);
	json_decref(all);
}

static void refuse(const char *raw, const char *why)
{
	char err[200] = "";

	assert_null(make(raw, err));
	if (!strstr(err, why))
		assert_string_equal(err, why);
}

static void half_a_profile_is_refused(void **state)
{
	char raw[500];
	int len;

	(void)state;
	len = snprintf(raw, sizeof(raw), "op %d insns 4 of 9 upper 6\n%s",
		       op(PHASE_HIT), hit);
	refuse(raw, "miss of none is in the record, but not in the profile");
	/* At each byte: within a line, behind one, in an operation. */
	while (len-- > 0) {
		raw[len] = '\0';
		refuse(raw, "");
	}
	refuse("", "no operation in it");
}

static void what_doesnt_belong_is_refused(void **state)
{
	char raw[500];
	static const struct {
		const char *lines, *why;
	} cases[] = {
		{ "ffffffff81000000 5\n", "add up to more than 4" },
		{ "ffffffff81000000 3\n", "add up to 3 instead of 4" },
		{ "ffffffff81000000 18446744073709551615\n", "not a line" },
		{ "ffffffff81000000 -1\n", "not a line" },
		{ "ffffffff81000000\n", "not a line" },
		{ "10000000000000000 1\n", "not a line" },
		{ "op 1 insns 5\n", "not a line" },
		{ "op 1 insns 5 of 9\n", "not a line" },
		{ "\033[2J\n", "not a line of a profile: ?[2J" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		snprintf(raw, sizeof(raw), "op %d insns 4 of 9 upper 6\n%s",
			 op(PHASE_HIT), cases[i].lines);
		refuse(raw, cases[i].why);
	}
	snprintf(raw, sizeof(raw), "op %d insns 4 of 9 upper 3\n",
		 op(PHASE_HIT));
	refuse(raw, "three of four are below the least");
	snprintf(raw, sizeof(raw), "op %d insns 5 of 9 upper 6\n",
		 op(PHASE_HIT));
	refuse(raw, "5 instructions in the profile, but 3 and 1");
	snprintf(raw, sizeof(raw),
		 "op %d insns 4 of 9 upper 6\n%sop %d insns 4 of 9 upper 6\n",
		 op(PHASE_HIT), hit, op(PHASE_HIT));
	refuse(raw, "is twice in it");
	refuse("op 256 insns 4 of 9 upper 6\n", "not a line");
	refuse("op 240 insns 4 of 9 upper 6\n", "is unknown");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_become_functions),
		cmocka_unit_test(half_a_profile_is_refused),
		cmocka_unit_test(what_doesnt_belong_is_refused),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, setup, teardown);
}
