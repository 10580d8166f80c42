// SPDX-License-Identifier: GPL-2.0-only
/*
 * test_workload_report.c - cells of workloads summed up, and dips followed.
 */
#include "bench/advice/dip.h"
#include "bench/advice/rate_table.h"
#include "bench/advice/rounds.h"
#include "workload_fixture.h"

static struct workload_row sum(const struct workload_record *like)
{
	struct workload_row row;

	assert_int_equal(workload_row_sum(recs, rec_cnt, like, &row), 0);
	return row;
}

/* By the medians of both it would be 100/200; in the rounds it is a quarter. */
static void throughput_is_held_against_the_round(void **state)
{
	const uint64_t control[] = { 100, 200, 400 }, epoch[] = { 75, 50, 100 };
	struct workload_row row;

	(void)state;
	add_rounds("epoch", "all", 10, epoch, 3);
	add_rounds("none", "all", 0, control, 3);
	row = sum(&recs[1]);
	assert_int_equal(row.round_cnt, 3);
	close_to(row.per_s.median, 75);
	close_to(row.per_s.min, 50);
	assert_int_equal(row.kept.cnt, 3);
	close_to(row.kept.median, 0.25);
	close_to(row.kept.max, 0.75);
	assert_int_equal(sum(&recs[3]).kept.cnt, 0); /* the control itself */
}

static void only_the_control_of_the_workload_counts(void **state)
{
	struct workload_record *rec;

	(void)state;
	add("find", "epoch", "all", 1, 0, 50);
	add("tar", "none", "all", 0, 0, 100);
	rec = add("find", "none", "all", 0, 0, 100);
	strcpy(rec->run_id, "R2");
	add("find", "none", "all", 0, 1, 100);
	rec = add("find", "none", "all", 0, 0, 100);
	rec->timeline.bin_cnt = 1;
	assert_null(workload_control_of(recs, rec_cnt, &recs[0]));
	assert_int_equal(sum(&recs[0]).kept.cnt, 0);
	add("find", "none", "all", 0, 0, 200);
	close_to(sum(&recs[0]).kept.median, 0.25);
}

static void other_settings_are_other_rows(void **state)
{
	(void)state;
	add("find", "epoch", "all", 1, 0, 50);
	add("find", "epoch", "all", 10, 0, 60);
	add("find", "inval_entry", "all", 1, 0, 70);
	add("find", "inval_entry", "changed", 1, 0, 80);
	add("tar", "epoch", "all", 1, 0, 90);
	for (size_t i = 0; i < rec_cnt; i++)
		assert_int_equal(sum(&recs[i]).round_cnt, 1);
}

static void few_operations_have_no_percentile(void **state)
{
	struct workload_record *rec = add("find", "epoch", "all", 1, 0, 0);
	struct workload_row row;

	(void)state;
	rec->op_cnt = 99;
	rec->latency = (struct workload_latency){ 1, 2, 3, 4 };
	row = sum(rec);
	close_to(row.p50_ns.median, 1);
	assert_int_equal(row.p99_ns.cnt, 0);
	assert_int_equal(row.p999_ns.cnt, 0);
	close_to(row.op_max_ns.max, 4);
	rec->op_cnt = 1000;
	row = sum(rec);
	close_to(row.p99_ns.median, 2);
	close_to(row.p999_ns.median, 3);
}

static void counts_add_up(void **state)
{
	struct workload_record *a = add("find", "epoch", "all", 1, 0, 10);
	struct workload_record *b = add("find", "epoch", "all", 1, 1, 10);
	uint64_t notify_ns[] = { 3000, 1000, 2000 };
	struct workload_row row;

	(void)state;
	json_object_set_new(a->requests, "LOOKUP", json_integer(300));
	json_object_set_new(a->requests, "FORGET", json_integer(7000));
	json_object_set_new(b->requests, "READ", json_integer(100));
	json_object_set_new(b->requests, "BATCH_FORGET", json_integer(7000));
	json_object_set_new(b->explained, "a race", json_integer(2));
	a->events.late_cnt = 3;
	b->oracle.stale_cnt = 4;
	a->walker.max_ns = 5 * MS;
	a->events.notify_ns = notify_ns;
	a->events.notify_cnt = CNT(notify_ns);
	row = sum(a);
	close_to(row.requests_per_op, 2); /* 400 of 200 operations */
	assert_int_equal(row.event_cnt, 20);
	assert_int_equal(row.late_cnt, 3);
	assert_int_equal(row.stale_cnt, 4);
	assert_int_equal(row.explained_cnt, 2);
	close_to(row.stall_ns.max, 5e6);
	close_to(row.stall_ns.min, 1e6);
	close_to(row.notify_ns.median, 2000);
}

static void too_few_events_are_told(void **state)
{
	struct workload_record *a = add("find", "epoch", "all", 10, 0, 10);
	struct workload_row row;

	(void)state;
	add("find", "epoch", "all", 10, 1, 10);
	a->events.cnt = 80;
	row = sum(a);
	assert_int_equal(row.event_cnt, 180);
	assert_int_equal(row.due_cnt, 200);
	assert_true(workload_keeps_up(180, 200));
	assert_false(workload_keeps_up(179, 200));
	assert_false(workload_keeps_up(0, 1));
	assert_true(workload_keeps_up(0, 0)); /* the control */
}

static void rows_are_in_the_order_of_the_methods(void **state)
{
	const struct workload_record **row;
	size_t cnt;

	(void)state;
	add("find", "inval_entry", "changed", 1, 0, 1);
	add("find", "inval_entry", "all", 1, 0, 1);
	add("find", "epoch", "all", 10, 0, 1);
	add("find", "new_in_another_version", "all", 1, 0, 1);
	add("find", "epoch", "all", 0.1, 0, 1);
	add("find", "none", "all", 0, 0, 1);
	row = workload_rows(recs, rec_cnt, &recs[0], &cnt);
	assert_non_null(row);
	assert_int_equal(cnt, 6);
	assert_ptr_equal(row[0], &recs[5]);
	assert_ptr_equal(row[1], &recs[4]);
	assert_ptr_equal(row[2], &recs[2]);
	assert_ptr_equal(row[3], &recs[1]);
	assert_ptr_equal(row[4], &recs[0]);
	assert_ptr_equal(row[5], &recs[3]);
	free(row);
}

#define BINS 2000
static uint64_t op_cnt[BINS], max_ns[BINS];
static struct workload_timeline timeline;

/* 40 operations per millisecond, and the event after one second. */
static void flat(uint64_t event_ms)
{
	timeline = (struct workload_timeline){ .bin_ns = MS,
					       .event_ns = event_ms * MS,
					       .bin_cnt = BINS,
					       .op_cnt = op_cnt,
					       .max_ns = max_ns };
	for (size_t i = 0; i < BINS; i++) {
		op_cnt[i] = 40;
		max_ns[i] = 50000;
	}
	workload_timeline_sum(&timeline);
}

static void fill(size_t from, size_t to, uint64_t cnt)
{
	for (size_t i = from; i < to; i++)
		op_cnt[i] = cnt;
	workload_timeline_sum(&timeline);
}

static struct dip follow(void)
{
	struct dip dip;

	dip_of(&timeline, &dip);
	return dip;
}

static void nothing_happens(void **state)
{
	struct dip dip;

	(void)state;
	flat(1000);
	dip = follow();
	assert_false(dip.is_dip);
	close_to(dip.before_per_s, 40000);
	close_to(dip.quiet_part, 1);
	close_to(dip.lowest_part, 1);
	close_to(dip.back_ns, 0);
	close_to(dip.missing_ns, 0);
	/* What was as low before is noise. */
	fill(500, 520, 10);
	fill(1000, 1020, 10);
	assert_false(follow().is_dip);
	/* And so is what is long after it. */
	fill(1600, 1700, 0);
	assert_false(follow().is_dip);
}

static void all_stops_for_a_while(void **state)
{
	struct dip dip;

	(void)state;
	flat(1000);
	fill(1000, 1300, 0);
	max_ns[1299] = 300 * MS;
	dip = follow();
	assert_true(dip.is_dip);
	close_to(dip.lowest_part, 0);
	close_to(dip.back_ns, 300e6);
	close_to(dip.missing_ns, 300e6);
	assert_int_equal(dip.stall_ns, 300 * MS);
	assert_int_equal(dip.quiet_stall_ns, 50000);
	/* Windows begin with the event, wherever it is. */
	flat(1007);
	fill(1007, 1307, 0);
	dip = follow();
	close_to(dip.lowest_part, 0);
	close_to(dip.back_ns, 300e6);
}

static void a_stop_is_seen_where_others_were_before(void **state)
{
	(void)state;
	flat(1000);
	fill(500, 520, 0);
	max_ns[520] = 20 * MS;
	fill(1000, 1300, 0);
	max_ns[1300] = 300 * MS; /* in the window in which all is well again */
	assert_true(follow().is_dip);
	close_to(follow().back_ns, 300e6);
}

static void it_comes_back_slowly(void **state)
{
	struct dip dip;

	(void)state;
	flat(1000);
	fill(1000, 1100, 20);
	fill(1100, 1120, 40); /* one window isn't the end */
	fill(1120, 1220, 30);
	fill(1220, BINS, 38);
	dip = follow();
	close_to(dip.lowest_part, 0.5);
	close_to(dip.back_ns, 220e6);
	close_to(dip.missing_ns, 50e6 + 25e6);
}

static void it_never_comes_back(void **state)
{
	(void)state;
	flat(1000);
	fill(1000, BINS, 20);
	assert_true(follow().is_dip);
	assert_true(isnan(follow().back_ns));
	close_to(follow().missing_ns, 500e6);
}

static void nothing_was_before(void **state)
{
	(void)state;
	flat(0);
	assert_true(isnan(follow().before_per_s));
	assert_false(follow().is_dip);
	assert_true(isnan(follow().back_ns));
	flat(1000);
	fill(0, 1000, 0);
	assert_false(follow().is_dip);
	assert_true(isnan(follow().back_ns));
}

static void the_line_shows_it(void **state)
{
	char line[DIP_LINE_BYTES(10)];

	(void)state;
	flat(1000);
	fill(1000, 1200, 0);
	fill(1200, 1400, 1); /* hardly anything is something */
	fill(1400, 1600, 20);
	fill(1600, 1800, 90); /* there is nothing higher */
	dip_line(&timeline, 10, line);
	assert_string_equal(line, "█████ ▁▄██");
	timeline.bin_cnt = 5; /* fewer than blocks */
	timeline.event_ns = 2 * MS;
	workload_timeline_sum(&timeline);
	dip_line(&timeline, 10, line);
	assert_string_equal(line, "██████████");
}

#define TEST(f) cmocka_unit_test_teardown(f, empty)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(throughput_is_held_against_the_round),
		TEST(only_the_control_of_the_workload_counts),
		TEST(other_settings_are_other_rows),
		TEST(few_operations_have_no_percentile),
		TEST(counts_add_up),
		TEST(too_few_events_are_told),
		TEST(rows_are_in_the_order_of_the_methods),
		TEST(nothing_happens),
		TEST(all_stops_for_a_while),
		TEST(a_stop_is_seen_where_others_were_before),
		TEST(it_comes_back_slowly),
		TEST(it_never_comes_back),
		TEST(nothing_was_before),
		TEST(the_line_shows_it),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
