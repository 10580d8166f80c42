// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which rows, columns and ratios a report has, seen in its text form.
 */
#include "report_fixture.h"
#include "samples_fixture.h"

static const struct column wide_columns[] = {
	{ .title = "shape", .kind = COL_SHAPE },
	{ .title = "names", .kind = COL_N },
	{ .title = "names/s", .kind = COL_RATE, .phase = PHASE_POPULATE },
	{ .title = "daemon",
	  .kind = COL_DAEMON_SHARE,
	  .phase = PHASE_POPULATE },
	{ .title = "per name", .kind = COL_MEM_PER_NAME },
	{ .title = "a message", .kind = COL_PER_MSG, .phase = PHASE_NOTIFY },
	{ .title = "vs bare",
	  .kind = COL_VS_PHASE,
	  .phase = PHASE_NOTIFY,
	  .other = PHASE_BARE_WRITE },
	{ .title = "messages", .kind = COL_MSGS },
	{ .title = "vs none", .kind = COL_VS_NONE, .phase = PHASE_TOTAL },
	{ .title = "runs", .kind = COL_RUNS },
};

static const struct case_table sizes = {
	.name = "selftest2",
	.title = "Sizes",
	.columns = wide_columns,
	.column_cnt = sizeof(wide_columns) / sizeof(wide_columns[0]),
};
CASE_TABLE(sizes_table, sizes);

static void text_as_people_see_it(void **state)
{
	struct record recs[] = {
		make("selftest", "none", "none", 10),
		make("selftest", "epoch", "names", 20),
		make("selftest", "inval_entry", "names", 80),
		make("selftest", "inval_inode", "attrs", 40),
		make("selftest", "expire_entry", "names", 160),
		make("selftest", "prune", "names", 1),
		make("selftest", "delete", "names", 1),
	};
	char *text;

	(void)state;
	recs[5].exit = 77;
	strcpy(recs[5].why, "not in this kernel");
	recs[6].exit = 1;
	strcpy(recs[6].why, "EIO after round 2");
	text = print(recs, 7, REPORT_TEXT, false);
	assert_string_equal(
		text,
		"Self-test: wide, 100k names, populated by lookup, 1 thread\n"
		"\n"
		"method        notify    total     ±  vs none  vs best  "
		"LOOKUP  runs\n"
		"none          2.3 us   1.1 ms  9.1%        -        -  "
		"100001     3\n"
		"epoch         2.3 us   2.2 ms  9.1%       2x    0.25x  "
		"100001     3\n"
		"inval_entry   2.3 us   8.8 ms  9.1%       8x       4x  "
		"100001     3\n"
		"inval_inode   2.3 us   4.4 ms  9.1%       4x        -  "
		"100001     3\n"
		"expire_entry  2.3 us  17.6 ms  9.1%      16x       8x  "
		"100001     3\n"
		"prune         skipped: not in this kernel\n"
		"delete        FAILED: EIO after round 2\n"
		"\n"
		"a note\n"
		"\n"
		"Run R1: Linux 6.18.0 x86_64, FUSE 7.44, libfuse 3.14.0, A CPU "
		"(2 CPUs), driver\n"
		"and daemon on CPU 1, 24 GB memory (20 GB available), kvm, "
		"load 0.25, epochbench\n"
		"v1.\n"
		"\n"
		"Each number is the median of `runs` interleaved samples; ± is "
		"the median\n"
		"absolute deviation in % of the median; ratios are medians of "
		"the ratios within\n"
		"each round. 1!: a single sample, spread unknown. ~: a count "
		"that differed\n"
		"between rounds.\n"
		"\n");
	free(text);
}

static void one_sample_is_marked(void **state)
{
	struct record rec = make("selftest", "epoch", "names", 10);
	char *text;

	(void)state;
	rec.sample_cnt = 1;
	text = print(&rec, 1, REPORT_TEXT, false);
	has(text, "epoch   2.3 us   1 ms  -        -        -  100001    1!\n");
	free(text);
}

static void a_count_that_varies_is_marked(void **state)
{
	struct record rec = make("selftest", "epoch", "names", 10);
	char *text;

	(void)state;
	AT(rec, 1, phase[PHASE_TOTAL].op_cnt[OPCODE_LOOKUP]) += 5;
	text = print(&rec, 1, REPORT_TEXT, false);
	has(text, "~100001");
	free(text);
}

/* A round that one side lacks must not be paired with the next one. */
static void ratios_pair_the_same_round(void **state)
{
	struct record recs[] = {
		make("selftest", "none", "none", 1),
		make("selftest", "epoch", "names", 1),
	};
	const uint64_t none[] = { 7, 1, 100 }, epoch[] = { 0, 3, 500 };
	char *text;

	(void)state;
	for (unsigned int i = 0; i < 3; i++) {
		AT(recs[0], i, phase[PHASE_TOTAL].cost) = none[i];
		AT(recs[1], i, phase[PHASE_TOTAL].cost) = epoch[i];
	}
	AT(recs[1], 0, phase[PHASE_TOTAL].used) = false;
	text = print(recs, 2, REPORT_TEXT, false);
	has(text, " 4x "); /* of 3 and 5 */
	free(text);
}

static void groups_are_apart(void **state)
{
	struct record recs[] = {
		make("selftest", "none", "none", 10),
		make("selftest", "none", "none", 10),
		make("selftest", "epoch", "names", 20),
		make("selftest", "epoch", "names", 30),
		make("selftest", "epoch", "names", 30),
	};
	char *text;

	(void)state;
	recs[1].n = 1000;
	recs[3].n = 1000;
	recs[4].threads = 4;
	text = print(recs, 5, REPORT_TEXT, false);
	has(text, "wide, 100k names, populated by lookup, 1 thread\n");
	has(text, "wide, 1k names, populated by lookup, 1 thread\n");
	has(text, "wide, 100k names, populated by lookup, 4 threads\n");
	has(text, " 2x ");
	has(text, " 3x ");
	/* One host line for the three tables. */
	assert_null(strstr(strchr(strstr(text, "Run R1"), '\n'), "Run R1"));
	free(text);
}

static void runs_are_apart(void **state)
{
	struct record recs[] = {
		make("selftest", "none", "none", 10),
		make("selftest", "epoch", "names", 20),
	};
	char *text;

	(void)state;
	strcpy(recs[1].run_id, "R2");
	text = print(recs, 2, REPORT_TEXT, false);
	has(text, "Run R1: ");
	has(text, "Run R2: ");
	has_not(text, " 2x "); /* ratio across runs */
	free(text);
}

static void sizes_share_a_table(void **state)
{
	struct record recs[] = {
		make("selftest2", "epoch", "names", 10),
		make("selftest2", "epoch", "names", 10),
		make("selftest2", "epoch", "names", 10),
	};
	char *text;

	(void)state;
	recs[1].n = 50000000;
	strcpy(recs[1].shape, "links");
	recs[2].n = 1000;
	recs[2].exit = 1;
	for (unsigned int i = 0; i < 3; i++) {
		struct record *rec = &recs[0];

		AT(*rec, i, phase[PHASE_POPULATE].used) = true;
		AT(*rec, i, phase[PHASE_POPULATE].cost) = 320000000;
		AT(*rec, i, phase[PHASE_POPULATE].driver_cpu_ns) = 300;
		AT(*rec, i, phase[PHASE_POPULATE].daemon_cpu_ns) = 100;
		AT(*rec, i, phase[PHASE_BARE_WRITE].used) = true;
		AT(*rec, i, phase[PHASE_BARE_WRITE].cost) = 2200;
		AT(*rec, i, slab_peak_bytes) = 113900000;
		AT(*rec, i, msg_cnt) = 100000;
	}
	text = print(recs, 3, REPORT_TEXT, false);
	has(text, "Sizes: populated by lookup, 1 thread\n\n"
		  "shape  names  names/s  daemon  per name  a message  vs bare "
		  " messages  vs none  runs\n"
		  "wide    100k   312k/s     25%    1139 B   0.023 ns    1.05x "
		  "   100000        -     3\n"
		  "links    50M        -       -         -          -        - "
		  "        0        -     3\n"
		  "wide      1k  epoch: FAILED: no reason recorded\n");
	free(text);
}

static void unknown_case_is_still_shown(void **state)
{
	struct record rec = make("of-tomorrow", "epoch", "names", 10);
	char *text;

	(void)state;
	text = print(&rec, 1, REPORT_TEXT, false);
	has(text, "of-tomorrow: populated by lookup, 1 thread\n\n"
		  "method  shape  names  notify  rewalk   total  runs\n"
		  "epoch   wide    100k  2.3 us    0 ns  1.1 ms     3\n");
	free(text);
}

static void instructions_are_not_time(void **state)
{
	struct record rec = make("selftest", "epoch", "names", 10);
	char *text;

	(void)state;
	strcpy(rec.clock_unit, "insns");
	text = print(&rec, 1, REPORT_TEXT, false);
	has(text, "2300 insns");
	has_not(text, " us ");
	has_not(text, " ms ");
	free(text);
}

static void verbose_adds_every_phase(void **state)
{
	struct record rec = make("selftest", "epoch", "names", 10);
	char *text;

	(void)state;
	text = print(&rec, 1, REPORT_TEXT, true);
	has(text,
	    "method  shape  names  phase   runs     min  median     mad     "
	    "max\n"
	    "epoch   wide    100k  notify     3  2.3 us  2.3 us    0 ns  "
	    "2.3 us\n");
	has(text, "epoch   wide    100k  total      3    1 ms  1.1 ms  100 us  "
		  "1.2 ms\n");
	free(text);
}

/* A second control: neither is the rival of the other. */
static void controls_have_no_rival(void **state)
{
	struct record recs[] = {
		make("selftest", "none", "none", 10),
		make("selftest", "idle", "none", 20),
	};
	char *text;

	(void)state;
	text = print(recs, 2, REPORT_TEXT, false);
	has(text, "idle    2.3 us  2.2 ms  9.1%       2x        -  ");
	free(text);
}

/* One table over sizes: none of another size is no reference. */
static void ratios_compare_the_same_size(void **state)
{
	struct record recs[] = {
		make("selftest2", "none", "none", 10),
		make("selftest2", "epoch", "names", 30),
		make("selftest2", "epoch", "names", 70),
	};
	char *text;

	(void)state;
	recs[2].n = 1000;
	text = print(recs, 3, REPORT_TEXT, false);
	has(text, " 3x ");
	has_not(text, " 7x ");
	free(text);
}

/* A row per phase that it counts; what varies can't be mistaken for exact. */
static void shows_the_kernels_view(void **state)
{
	struct record recs[] = {
		make("selftest", "none", "none", 10),
		make("selftest", "epoch", "names", 20),
	};
	char *text;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct record *rec = &recs[1];

		AT(*rec, i, phase[PHASE_REWALK].kernel.fresh_cnt) = 90;
		AT(*rec, i, phase[PHASE_REWALK].kernel.relooked_cnt) = 9;
		AT(*rec, i, phase[PHASE_REWALK].kernel.gone_cnt) = 1;
		AT(*rec, i, phase[PHASE_REWALK].kernel.error_cnt) = 2;
		AT(*rec, i, phase[PHASE_REWALK].kernel.cascade_cnt) = 1;
		AT(*rec, i, phase[PHASE_REWALK].kernel.cascade_ns) =
			1000 * (i + 1);
		AT(*rec, i, phase[PHASE_REWALK].kernel.lost_cnt) = i;
		AT(*rec, i, phase[PHASE_UMOUNT].used) = true;
	}
	recs[1].traced = 1;
	text = print(recs, 1, REPORT_TEXT, false);
	assert_null(strstr(text, "tracer"));
	free(text);
	text = print(&recs[1], 1, REPORT_TEXT, false);
	assert_non_null(strstr(
		text,
		"epoch   wide    100k  rewalk    99      -      3       -      "
		" "
		"-         -         1     -  2 us      -     -    ~1\n"));
	assert_non_null(strstr(text, "What the kernel did, by the tracer"));
	assert_null(strstr(text, "umount"));
	free(text);
	text = print(recs, 2, REPORT_TEXT, false); /* two tables: no mixing */
	assert_non_null(strstr(strstr(text, "Self-test") + 1, "Self-test"));
	free(text);
	record_free(&recs[0]);
	record_free(&recs[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_as_people_see_it),
		cmocka_unit_test(one_sample_is_marked),
		cmocka_unit_test(a_count_that_varies_is_marked),
		cmocka_unit_test(ratios_pair_the_same_round),
		cmocka_unit_test(controls_have_no_rival),
		cmocka_unit_test(ratios_compare_the_same_size),
		cmocka_unit_test(groups_are_apart),
		cmocka_unit_test(runs_are_apart),
		cmocka_unit_test(sizes_share_a_table),
		cmocka_unit_test(unknown_case_is_still_shown),
		cmocka_unit_test(instructions_are_not_time),
		cmocka_unit_test(verbose_adds_every_phase),
		cmocka_unit_test(shows_the_kernels_view),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
