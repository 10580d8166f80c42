// SPDX-License-Identifier: GPL-2.0-only
#include "compare_fixture.h"
#include "samples_fixture.h"

static void one_session_holds_both_sides(void **state)
{
	struct pack p = session(1.2);

	(void)state;
	compare(&p, NULL, NULL);
	assert_int_equal(p.ret, 0);
	assert_int_equal(p.cmp.cnt, 2); /* rewalk, total; no reclaim */
	assert_int_equal(p.cmp.cell[0].phase, PHASE_REWALK);
	assert_int_equal(p.cmp.cell[0].j.verdict, VERDICT_SAME);
	assert_int_equal(p.cmp.cell[1].phase, PHASE_TOTAL);
	assert_int_equal(p.cmp.cell[1].j.verdict, VERDICT_SLOWER);
	assert_float_equal(p.cmp.cell[1].j.change.value, 0.2, 0.01);
	assert_int_equal(p.cmp.verdict_cnt[VERDICT_SLOWER], 1);
	assert_int_equal(p.cmp.verdict_cnt[VERDICT_SAME], 1);
	done(&p);
}

static void other_variants_have_no_match(void **state)
{
	struct pack p = session(1), q = session(1);

	(void)state;
	q.rec[2].n = 20000;
	compare(&p, &q, NULL);
	refused(&p, "no numbers in common");
	q.rec[2].n = 10000;
	strcpy(q.rec[2].shape, "deep");
	compare(&p, &q, NULL);
	refused(&p, "no numbers in common");
	strcpy(q.rec[2].shape, "wide");
	strcpy(q.rec[2].method, "prune");
	compare(&p, &q, NULL);
	refused(&p, "no numbers in common");
	strcpy(q.rec[2].method, "epoch");
	compare(&p, &q, NULL);
	assert_int_equal(p.ret, 0);
	done(&p);
	done(&q);
}

/* Files of plain runs: the side is that of the file, but there is no A/A. */
static void without_a_session_nothing_is_decided(void **state)
{
	struct pack p = session(2), q = session(2);

	(void)state;
	p.rec[0].side[0] = q.rec[2].side[0] = '\0';
	p.cnt = 1;
	q.rec[0].n = q.rec[1].n = 1;
	compare(&p, &q, NULL);
	undecided(&p, "no A/A");
	p.cnt = 3;
	strcpy(p.rec[0].side, "base");
	strcpy(q.rec[2].side, "new");
	strcpy(q.rec[2].run_id, "R2");
	compare(&p, &q, NULL);
	undecided(&p, "another session");
	strcpy(q.rec[2].run_id, "R1");
	for (unsigned int i = 0; i < RUNS; i++)
		AT(q.rec[2], i, start_ns) += 3 * RUNS * 1000000000ULL;
	compare(&p, &q, NULL);
	undecided(&p, "in turns");
	/* All but one of it after all of base; then half before, half after. */
	AT(q.rec[2], 0, start_ns) = 5;
	compare(&p, &q, NULL);
	undecided(&p, "in turns");
	for (unsigned int i = 0; i < RUNS / 2; i++)
		AT(q.rec[2], i, start_ns) = i;
	compare(&p, &q, NULL);
	undecided(&p, "in turns");
	/* Guests: each sample's clock begins at its own boot. */
	for (unsigned int i = 0; i < RUNS; i++) {
		AT(p.rec[0], i, start_ns) = 5000 + i * 7 % RUNS;
		AT(p.rec[1], i, start_ns) = 5000 + i * 4 % RUNS;
		AT(q.rec[2], i, start_ns) = 5000 + (i + 1) * 14 % RUNS;
	}
	compare(&p, &q, NULL);
	assert_int_equal(p.ret, 0);
	assert_int_equal(p.cmp.verdict_cnt[VERDICT_UNDECIDED], 0);
	compare_free(&p.cmp);
	done(&p);
	done(&q);
}

static void few_runs_are_refused(void **state)
{
	struct pack p = session(1);

	(void)state;
	p.rec[2].sample_cnt = 8;
	compare(&p, NULL, NULL);
	refused(&p, "has 8 runs of 'invalidate, epoch, wide, 10000 names'");
	p.rec[2].sample_cnt = 9;
	compare(&p, NULL, NULL);
	assert_int_equal(p.ret, 0);
	done(&p);
}

static void twice_is_refused(void **state)
{
	struct pack p = session(1);

	(void)state;
	add(&p, make("new", "epoch", 1));
	compare(&p, NULL, NULL);
	refused(&p, "twice");
	done(&p);
}

/* How the only gap of a comparison ends, and what it says; none: NULL. */
static void left_out(struct pack *p, const char *why, bool failed)
{
	compare(p, NULL, NULL);
	assert_int_equal(p->ret, 0);
	assert_int_equal(p->cmp.cnt, 2);
	assert_int_equal(p->cmp.failed, failed);
	assert_int_equal(p->cmp.gap_cnt, why ? 1 : 0);
	if (why) {
		assert_string_equal(p->cmp.gap[0].why, why);
		assert_int_equal(p->cmp.gap[0].failed, failed);
		assert_ptr_equal(p->cmp.gap[0].rec, &p->rec[3]);
	}
	compare_free(&p->cmp);
}

static void failures_count_only_in_new(void **state)
{
	struct pack p = session(1);

	(void)state;
	for (int i = 0; i < 3; i++) {
		static const char *const sides[] = { "base", "again", "new" };

		add(&p, make(sides[i], "prune", 1));
		p.rec[3 + i].exit = 77;
		strcpy(p.rec[3 + i].why, sides[i]);
	}
	left_out(&p, NULL, false);
	p.rec[3].exit = 1;
	p.rec[5].exit = 1;
	left_out(&p, "failed in A.jsonl: base", false);
	p.rec[5].exit = 0;
	left_out(&p, "failed in A.jsonl: base", false);
	p.rec[3].exit = 77;
	left_out(&p, "skipped in A.jsonl: base", false);
	p.rec[3].exit = 0;
	p.rec[5].exit = 77;
	left_out(&p, "skipped in A.jsonl: new", false);
	p.rec[5].exit = 1;
	left_out(&p, "failed in A.jsonl: new", true);
	/* What names the other side is there even if the variant isn't. */
	record_free(&p.rec[--p.cnt]);
	compare(&p, NULL, NULL);
	assert_string_equal(p.cmp.gap[0].why, "only in A.jsonl");
	assert_ptr_equal(p.cmp.gap[0].fresh, &p.rec[2]);
	assert_false(p.cmp.failed);
	done(&p);
}

static void lists_leave_out(void **state)
{
	static const struct compare_options total = { .phases = "umount,total",
						      .sizes = "1,10000" };
	static const struct compare_options prune = { .methods = "prune" };
	static const struct compare_options size = { .sizes = "1000" };
	struct pack p = session(1);

	(void)state;
	compare(&p, NULL, &total);
	assert_int_equal(p.cmp.cnt, 1);
	assert_int_equal(p.cmp.cell[0].phase, PHASE_TOTAL);
	compare_free(&p.cmp);
	compare(&p, NULL, &prune);
	refused(&p, "no numbers in common");
	compare(&p, NULL, &size);
	refused(&p, "no numbers in common");
	done(&p);
}

/* A round that one side didn't finish is of no use to the others. */
static void gaps_drop_the_round(void **state)
{
	struct pack p = session(1.2);

	(void)state;
	/* Else these two would be told apart from all others. */
	AT(p.rec[0], 3, phase[PHASE_TOTAL].cost) *= 50;
	AT(p.rec[2], 3, phase[PHASE_TOTAL].used) = false;
	compare(&p, NULL, NULL);
	assert_float_equal(p.cmp.cell[1].j.change.value, 0.2, 0.01);
	assert_true(p.cmp.cell[1].j.p < 3 * pow(3, -14));
	assert_true(p.cmp.cell[1].j.p > 1 * pow(3, -14));
	assert_true(p.cmp.cell[1].rounds);
	compare_free(&p.cmp);
	/* One that lost a run has no rounds any more, and says so. */
	p.rec[1].sample_cnt--;
	compare(&p, NULL, NULL);
	assert_false(p.cmp.cell[1].rounds);
	done(&p);
}

/* Rounds are shuffled, and one of them lost: these still took turns. */
static void shuffled_rounds_are_turns(void **state)
{
	struct pack p = session(1);

	(void)state;
	for (unsigned int i = 0; i < RUNS; i++)
		for (unsigned int k = 0; k < 3; k++)
			AT(p.rec[k], i, start_ns) =
				1000 + 3 * i + (k + i * i) % 3;
	compare(&p, NULL, NULL);
	assert_int_equal(p.cmp.verdict_cnt[VERDICT_UNDECIDED], 0);
	compare_free(&p.cmp);
	for (unsigned int i = 4; i < RUNS - 1; i++)
		AT(p.rec[0], i, start_ns) =
			RECORD_VALUE(&p.rec[0], i + 1, start_ns);
	p.rec[0].sample_cnt--;
	compare(&p, NULL, NULL);
	assert_null(p.cmp.cell[0].no_floor);
	done(&p);
}

/* From 0 to a nanosecond: no clock tells, and nothing is slower. */
static void what_no_clock_tells_is_no_change(void **state)
{
	static const struct compare_options reclaim = { .phases = "reclaim" };
	struct pack p = session(1);

	(void)state;
	for (unsigned int i = 0; i < RUNS; i++)
		AT(p.rec[2], i, phase[PHASE_RECLAIM].cost) = 1;
	compare(&p, NULL, &reclaim);
	refused(&p, "no numbers in common");
	for (unsigned int i = 0; i < RUNS; i++)
		AT(p.rec[2], i, phase[PHASE_RECLAIM].cost) = i ? 1 : 5000;
	compare(&p, NULL, &reclaim);
	undecided(&p, "less than the clock can tell");
	for (unsigned int i = 0; i < RUNS; i++)
		AT(p.rec[2], i, phase[PHASE_RECLAIM].cost) = 5000 + i;
	compare(&p, NULL, &reclaim);
	assert_int_equal(p.cmp.verdict_cnt[VERDICT_SLOWER], 1);
	done(&p);
}

static void few_runs_and_many_numbers(void **state)
{
	(void)state;
	/* 2 / 3^8 = 0.0003, 2 / 3^9 = 0.0001 */
	assert_int_equal(compare_runs_needed(30, &judge_defaults), 8);
	assert_int_equal(compare_runs_needed(60, &judge_defaults), 9);
	assert_int_equal(compare_runs_needed(120, &judge_defaults), 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_session_holds_both_sides),
		cmocka_unit_test(other_variants_have_no_match),
		cmocka_unit_test(without_a_session_nothing_is_decided),
		cmocka_unit_test(few_runs_are_refused),
		cmocka_unit_test(twice_is_refused),
		cmocka_unit_test(failures_count_only_in_new),
		cmocka_unit_test(lists_leave_out),
		cmocka_unit_test(gaps_drop_the_round),
		cmocka_unit_test(shuffled_rounds_are_turns),
		cmocka_unit_test(what_no_clock_tells_is_no_change),
		cmocka_unit_test(few_runs_and_many_numbers),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
