// SPDX-License-Identifier: GPL-2.0-only
/*
 * test_workload_advise.c - which method is advised, by known numbers.  Over 400
 * lines by a few: a case for each advice.
 */
#include "bench/advice/choose.h"
#include "workload_fixture.h"

static struct advise advice;
static unsigned int settings; /* that whoever asks has */
static const struct advise_daemon unknowing = { .knows = false };
static const struct advise_daemon knowing = { .knows = true };
static const struct advise_daemon names_stay = { .knows = true,
						 .names_stay = true };

static int forget(void **state)
{
	advise_release(&advice);
	settings = 0;
	return empty(state);
}

static void control(void)
{
	const uint64_t per_s[] = { 1000, 2000, 1000 };

	add_rounds("none", "all", 0, per_s, 3);
}

/* So many thousandths of the control's throughput, at 10/s. */
static void method(const char *name, const char *scope, uint64_t a, uint64_t b,
		   uint64_t c)
{
	const uint64_t per_s[] = { a, 2 * b, c };

	add_rounds(name, scope, 10, per_s, 3);
}

/* Of the last three rounds. */
static void stalls(uint64_t a_ms, uint64_t b_ms, uint64_t c_ms)
{
	recs[rec_cnt - 3].walker.max_ns = a_ms * MS;
	recs[rec_cnt - 2].walker.max_ns = b_ms * MS;
	recs[rec_cnt - 1].walker.max_ns = c_ms * MS;
}

static struct advise_choice ask(const struct advise_daemon *daemon,
				uint64_t submount_cnt)
{
	const struct advise_stack stack = { submount_cnt, settings };
	struct advise_choice choice;

	advise_release(&advice);
	assert_int_equal(
		advise_of(recs, rec_cnt, &recs[0], 10, &stack, &advice), 0);
	advise_choose(&advice, daemon, &choice);
	return choice;
}

static void is_best(const struct advise_choice *choice, size_t nr,
		    const char *name, const char *scope)
{
	assert_true(nr < choice->best_cnt);
	assert_string_equal(choice->best[nr]->like->method, name);
	assert_string_equal(choice->best[nr]->like->scope, scope);
}

static enum advise_why why(const char *name)
{
	for (size_t i = 0; i < advice.candidate_cnt; i++)
		if (!strcmp(advice.candidate[i].like->method, name))
			return advice.candidate[i].why;
	fail_msg("%s is no candidate", name);
	return ADVISE_FITS;
}

static void the_least_loss_wins(void **state)
{
	struct advise_choice choice;

	(void)state;
	control();
	stalls(2, 1, 3);
	method("inval_entry", "all", 600, 650, 550);
	method("epoch", "all", 900, 850, 800);
	choice = ask(&unknowing, 0);
	assert_int_equal(choice.best_cnt, 1);
	is_best(&choice, 0, "epoch", "all");
	close_to(choice.best[0]->kept.median, 0.85);
	close_to(choice.best[0]->kept.min, 0.8);
	assert_false(choice.by_stall);
	assert_int_equal(choice.fit_cnt, 2);
	assert_null(choice.calmer); /* both stall for a millisecond */
	close_to(advice.control_longest_stall_ns, 3e6);
}

/* 0.7 is above all of the other's but one: that isn't enough. */
static void within_the_spread_nobody_wins(void **state)
{
	struct advise_choice choice;

	(void)state;
	control();
	method("inval_entry", "all", 600, 710, 650);
	method("epoch", "all", 700, 800, 900);
	choice = ask(&unknowing, 0);
	assert_int_equal(choice.best_cnt, 2);
	is_best(&choice, 0, "inval_entry", "all");
	is_best(&choice, 1, "epoch", "all");
	assert_null(choice.calmer);
}

static void two_rounds_are_too_few(void **state)
{
	const uint64_t per_s[] = { 1000, 1000 }, slow[] = { 10, 10 };
	const uint64_t fast[] = { 990, 990 };
	struct advise_choice choice;

	(void)state;
	add_rounds("none", "all", 0, per_s, 2);
	add_rounds("inval_entry", "all", 10, slow, 2);
	add_rounds("epoch", "all", 10, fast, 2);
	choice = ask(&unknowing, 0);
	assert_int_equal(choice.best_cnt, 2);
	/* Whichever of them has the third. */
	add("find", "none", "all", 0, 2, 1000);
	add("find", "inval_entry", "all", 10, 2, 10);
	assert_int_equal(ask(&unknowing, 0).best_cnt, 2);
	recs[rec_cnt - 1].round = 3;
	add("find", "epoch", "all", 10, 2, 990);
	assert_int_equal(ask(&unknowing, 0).best_cnt, 2);
	recs[rec_cnt - 2].round = 2;
	assert_int_equal(ask(&unknowing, 0).best_cnt, 1);
}

static void then_the_shorter_stall_wins(void **state)
{
	struct advise_choice choice;

	(void)state;
	control();
	method("epoch", "all", 880, 900, 890);
	stalls(300, 310, 290);
	method("prune", "all", 870, 885, 895);
	stalls(4, 5, 6);
	choice = ask(&unknowing, 0);
	assert_int_equal(choice.best_cnt, 1);
	is_best(&choice, 0, "prune", "all");
	assert_true(choice.by_stall);
	/* What a column or a sentence calls the longest is that of all rounds. */
	close_to(choice.best[0]->longest_stall_ns, 6e6);
}

static void a_calmer_one_is_named(void **state)
{
	struct advise_choice choice;

	(void)state;
	control();
	method("epoch", "all", 880, 900, 890);
	stalls(300, 310, 290);
	method("inval_entry", "all", 400, 410, 420);
	stalls(4, 5, 6);
	method("prune", "all", 300, 310, 320);
	stalls(3, 2, 3);
	method("remount", "all", 300, 310, 320);
	stalls(1, 400, 1); /* shorter but once */
	choice = ask(&unknowing, 0);
	is_best(&choice, 0, "epoch", "all");
	assert_non_null(choice.calmer);
	assert_string_equal(choice.calmer->like->method, "prune");
}

static void who_knows_what_changed_has_more_choice(void **state)
{
	struct advise_choice choice;

	(void)state;
	control();
	method("epoch", "all", 880, 900, 890);
	method("inval_entry", "changed", 990, 991, 992);
	choice = ask(&unknowing, 0);
	is_best(&choice, 0, "epoch", "all");
	choice = ask(&knowing, 0);
	assert_int_equal(choice.best_cnt, 1);
	is_best(&choice, 0, "inval_entry", "changed");
}

static void attributes_are_not_names(void **state)
{
	struct advise_choice choice;

	(void)state;
	control();
	method("epoch", "all", 880, 900, 890);
	method("inval_inode", "all", 990, 991, 992);
	method("drop_caches", "all", 999, 999, 999);
	choice = ask(&knowing, 0);
	assert_int_equal(choice.best_cnt, 1);
	is_best(&choice, 0, "epoch", "all");
	assert_int_equal(why("drop_caches"), ADVISE_PROMISES_NOTHING);
	choice = ask(&names_stay, 0);
	assert_int_equal(choice.best_cnt, 1);
	is_best(&choice, 0, "inval_inode", "all");
}

static void submounts_refuse_what_detaches_them(void **state)
{
	struct advise_choice choice;

	(void)state;
	control();
	method("epoch", "all", 990, 990, 990);
	method("inval_entry", "all", 980, 980, 980);
	method("delete", "all", 970, 970, 970);
	method("expire_entry", "all", 500, 500, 500);
	choice = ask(&unknowing, 0);
	is_best(&choice, 0, "epoch", "all");
	choice = ask(&unknowing, 1);
	assert_int_equal(choice.best_cnt, 1);
	is_best(&choice, 0, "expire_entry", "all");
	assert_int_equal(why("epoch"), ADVISE_DETACHES);
	assert_int_equal(why("inval_entry"), ADVISE_DETACHES);
	assert_int_equal(why("delete"), ADVISE_DETACHES);
	assert_int_equal(why("expire_entry"), ADVISE_FITS);
}

/* Of the last three rounds. */
static void looks(uint64_t wrong_cnt)
{
	for (size_t i = 1; i <= 3; i++)
		recs[rec_cnt - i].same = (struct workload_same){
			.overlay_cnt = 5, .overlay_wrong_cnt = wrong_cnt
		};
}

static void who_has_an_overlay_gets_what_leaves_it_alone(void **state)
{
	const uint64_t per_s[] = { 1000, 1000, 1000 };
	struct advise_choice choice;

	(void)state;
	control();
	method("epoch", "all", 990, 990, 990);
	looks(0);
	method("inval_entry", "all", 980, 980, 980); /* nobody looked */
	method("expire_entry", "all", 500, 500, 500);
	looks(0);
	settings = 1 << SETTING_OVERLAY;
	choice = ask(&unknowing, 0);
	is_best(&choice, 0, "epoch", "all");
	assert_int_equal(why("inval_entry"), ADVISE_UNSEEN);
	/* Once, at another rate: it isn't safe at this one. */
	add_rounds("epoch", "all", 0.1, per_s, 3);
	recs[rec_cnt - 1].same.overlay_cnt = 1;
	recs[rec_cnt - 1].same.overlay_wrong_cnt = 1;
	choice = ask(&unknowing, 0);
	assert_int_equal(choice.best_cnt, 1);
	is_best(&choice, 0, "expire_entry", "all");
	assert_int_equal(why("epoch"), ADVISE_HARMS);
	/* Who has something else, or nothing, isn't concerned. */
	settings = 1 << SETTING_INSIDE;
	assert_int_equal(ask(&unknowing, 0).best_cnt, 0);
	assert_int_equal(why("epoch"), ADVISE_UNSEEN);
	settings = 0;
	choice = ask(&unknowing, 0);
	is_best(&choice, 0, "epoch", "all");
}

/* Whose programs end at once, as nothing can be read. */
static void workloads_of_a_setting_count_for_those_who_have_it(void **state)
{
	struct advise_choice choice;

	(void)state;
	for (uint64_t i = 0; i < 3; i++) {
		add("find", "none", "all", 0, i, 10);
		add("find", "epoch", "all", 10, i, 5);
		strcpy(add("overlay", "none", "all", 0, i, 10)->setting,
		       "overlay");
		strcpy(add("overlay", "epoch", "all", 10, i, 80)->setting,
		       "overlay");
	}
	for (size_t i = 0; i < rec_cnt; i++) {
		strcpy(recs[i].wrong.what, "x");
		recs[i].wrong.cnt = *recs[i].setting && recs[i].rate_hz > 0;
		recs[i].same.overlay_cnt = 5;
	}
	choice = ask(&unknowing, 0);
	assert_int_equal(choice.best_cnt, 1);
	close_to(choice.best[0]->kept.median, 0.5);
	assert_int_equal(advice.workload_cnt, 1);
	settings = 1 << SETTING_OVERLAY;
	assert_int_equal(ask(&unknowing, 0).best_cnt, 0);
	assert_int_equal(advice.workload_cnt, 2);
	assert_int_equal(why("epoch"), ADVISE_DOES_WRONG);
}

static void what_fails_is_no_candidate(void **state)
{
	struct advise_choice choice;

	(void)state;
	control();
	method("epoch", "all", 990, 990, 990);
	recs[rec_cnt - 1].oracle.stale_cnt = 1;
	method("inval_entry", "all", 980, 980, 980);
	recs[rec_cnt - 1].events.cnt = 10; /* of 100 */
	recs[rec_cnt - 2].events.cnt = 20;
	method("prune", "all", 970, 970, 970);
	for (size_t i = 1; i <= 3; i++)
		recs[rec_cnt - i].events.cnt = 0;
	method("of_another_version", "all", 960, 960, 960);
	choice = ask(&unknowing, 0);
	assert_int_equal(choice.best_cnt, 0);
	assert_int_equal(why("epoch"), ADVISE_IS_STALE);
	assert_int_equal(why("inval_entry"), ADVISE_BEHIND);
	assert_int_equal(why("prune"), ADVISE_NO_EVENT);
	assert_int_equal(why("of_another_version"), ADVISE_UNKNOWN);
}

/* A quarter of one, all of the other: half, by the geometric mean. */
static void workloads_weigh_the_same(void **state)
{
	struct advise_choice choice;

	(void)state;
	for (uint64_t i = 0; i < 3; i++) {
		add("find", "none", "all", 0, i, 10);
		add("stat", "none", "all", 0, i, 40000);
		add("find", "epoch", "all", 10, i, 10);
		add("stat", "epoch", "all", 10, i, 10000)->walker.max_ns =
			7 * MS;
	}
	choice = ask(&unknowing, 0);
	assert_int_equal(choice.best_cnt, 1);
	close_to(choice.best[0]->kept.median, 0.5);
	close_to(choice.best[0]->stall_ns.median, 7e6);
	assert_int_equal(choice.best[0]->kept.cnt, 3);
	assert_int_equal(advice.workload_cnt, 2);
}

static void half_of_the_workloads_is_no_comparison(void **state)
{
	(void)state;
	for (uint64_t i = 0; i < 3; i++) {
		add("find", "none", "all", 0, i, 10);
		add("stat", "none", "all", 0, i, 40000);
		add("find", "epoch", "all", 10, i, 10);
	}
	assert_int_equal(ask(&unknowing, 0).best_cnt, 0);
	assert_int_equal(why("epoch"), ADVISE_PARTLY);
}

static void the_nearest_rate_is_so_by_ratio(void **state)
{
	const double rates[] = { 0.1, 1, 10, 100 };

	(void)state;
	assert_int_equal(advise_nearest(rates, 4, 0.001), 0);
	assert_int_equal(advise_nearest(rates, 4, 10), 2);
	assert_int_equal(advise_nearest(rates, 4, 4), 2);
	assert_int_equal(advise_nearest(rates, 4, 3), 1);
	assert_int_equal(advise_nearest(rates, 4, 50), 3);
	assert_int_equal(advise_nearest(rates, 4, 1e6), 3);
}

static void rates_are_those_of_the_run(void **state)
{
	double *rates;
	size_t cnt;

	(void)state;
	add("find", "epoch", "all", 10, 0, 1);
	add("find", "none", "all", 0, 0, 1);
	add("find", "epoch", "all", 0.1, 0, 1);
	add("tar", "epoch", "all", 10, 0, 1);
	strcpy(add("find", "epoch", "all", 7, 0, 1)->run_id, "R2");
	rates = advise_rates(recs, rec_cnt, &recs[0], &cnt);
	assert_non_null(rates);
	assert_int_equal(cnt, 2);
	close_to(rates[0], 0.1);
	close_to(rates[1], 10);
	free(rates);
}

#define TEST(f) cmocka_unit_test_teardown(f, forget)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_least_loss_wins),
		TEST(within_the_spread_nobody_wins),
		TEST(two_rounds_are_too_few),
		TEST(then_the_shorter_stall_wins),
		TEST(a_calmer_one_is_named),
		TEST(who_knows_what_changed_has_more_choice),
		TEST(attributes_are_not_names),
		TEST(submounts_refuse_what_detaches_them),
		TEST(who_has_an_overlay_gets_what_leaves_it_alone),
		TEST(workloads_of_a_setting_count_for_those_who_have_it),
		TEST(what_fails_is_no_candidate),
		TEST(workloads_weigh_the_same),
		TEST(half_of_the_workloads_is_no_comparison),
		TEST(the_nearest_rate_is_so_by_ratio),
		TEST(rates_are_those_of_the_run),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
