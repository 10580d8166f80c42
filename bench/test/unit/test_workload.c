// SPDX-License-Identifier: GPL-2.0-only
// The pure parts of `epochbench workload`.  Over 400 lines by a few: a case for each.
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <linux/fuse.h>
#include <cmocka.h>

#include "bench/workload/due.h"
#include "bench/workload/events.h"
#include "bench/workload/explain.h"
#include "bench/workload/histogram.h"
#include "bench/inval/inval.h"
#include "bench/fs/nodes.h"
#include "bench/workload/oracle_cost.h"
#include "bench/workload/plan.h"
#include "bench/workload/programs.h"

static const struct inval_method *method(const char *name)
{
	return &inval_methods[inval_by_name(name)];
}

static void quantiles_are_near(void **state)
{
	struct histogram *h = calloc(1, sizeof(*h));

	(void)state;
	assert_int_equal(histogram_quantile_ns(h, 0.5), 0);
	for (uint64_t ns = 1; ns <= 100000; ns++)
		histogram_add(h, ns);
	assert_int_equal(h->cnt, 100000);
	assert_int_equal(h->max_ns, 100000);
	assert_in_range(histogram_quantile_ns(h, 0.5), 50000, 50800);
	assert_in_range(histogram_quantile_ns(h, 0.99), 99000, 100000);
	assert_int_equal(histogram_quantile_ns(h, 1), 100000);
	free(h);
}

static void one_slow_in_a_thousand(void **state)
{
	struct histogram *h = calloc(1, sizeof(*h));

	(void)state;
	for (int i = 0; i < 998; i++)
		histogram_add(h, 10);
	histogram_add(h, 7000000000ULL);
	histogram_add(h, UINT64_MAX / 2);
	assert_int_equal(histogram_quantile_ns(h, 0.998), 10);
	assert_in_range(histogram_quantile_ns(h, 0.999), 7000000000ULL,
			7110000000ULL);
	assert_int_equal(h->max_ns, UINT64_MAX / 2);
	assert_int_equal(histogram_quantile_ns(h, 1), UINT64_MAX / 2);
	free(h);
}

/* ---- nodes */

static int a_file(void)
{
	return open("/dev/null", O_PATH | O_CLOEXEC);
}

static uint64_t found(struct nodes *n, uint64_t parent, const char *name,
		      ino_t ino)
{
	struct stat st = { .st_dev = 1, .st_ino = ino };

	return nodes_found(n, parent, name, &st, a_file());
}

static void a_file_keeps_its_node(void **state)
{
	struct nodes *n = nodes_new(a_file());
	uint64_t dir = found(n, NODES_ROOT, "dir", 10);
	uint64_t a = found(n, dir, "a", 11);

	(void)state;
	assert_int_equal(found(n, dir, "a", 11), a);
	assert_int_equal(nodes_resolve(n, "dir/a"), a);
	assert_int_equal(nodes_resolve(n, ""), NODES_ROOT);
	assert_int_equal(nodes_resolve(n, "dir/b"), 0);
	assert_int_equal(nodes_child(n, dir, "b"), -1);
	/* Two lookups, and one of them is forgotten. */
	nodes_forget(n, a, 1);
	assert_true(nodes_fd(n, a) >= 0);
	nodes_forget(n, a, 1);
	assert_int_equal(nodes_fd(n, a), -1);
	assert_int_equal(nodes_child(n, dir, "a"), -1);
	nodes_free(n);
}

static void another_file_is_another_node(void **state)
{
	struct nodes *n = nodes_new(a_file());
	uint64_t before = found(n, NODES_ROOT, "a", 11);
	uint64_t after = found(n, NODES_ROOT, "a", 12);

	(void)state;
	assert_int_not_equal(before, after);
	assert_int_equal(nodes_child(n, NODES_ROOT, "a"), after);
	assert_true(nodes_fd(n, before) >= 0); /* still open, perhaps */
	/* Of the old one, whose name is another's now. */
	nodes_forget(n, before, 1);
	assert_int_equal(nodes_child(n, NODES_ROOT, "a"), after);
	nodes_free(n);
}

static void missing_names_go_with_their_directory(void **state)
{
	struct nodes *n = nodes_new(a_file());
	uint64_t dir = found(n, NODES_ROOT, "dir", 10);
	struct name_list list;

	(void)state;
	nodes_missing(n, dir, "no");
	found(n, dir, "yes", 11);
	nodes_missing(n, dir, "yes"); /* it has gone */
	assert_int_equal(nodes_child(n, dir, "no"), 0);
	assert_int_equal(nodes_child(n, dir, "yes"), 0);
	assert_int_equal(nodes_list(n, &list), 0);
	assert_int_equal(list.cnt, 4); /* the youngest first, the root last */
	assert_string_equal(list.name[0].name, "yes");
	assert_string_equal(list.name[2].name, "dir");
	assert_int_equal(list.name[2].child, dir);
	assert_int_equal(list.name[3].child, NODES_ROOT);
	assert_string_equal(list.name[3].name, "");
	nodes_list_free(&list);
	nodes_forget(n, dir, 1);
	assert_int_equal(nodes_list(n, &list), 0);
	assert_int_equal(list.cnt, 1);
	nodes_list_free(&list);
	nodes_free(n);
}

static void late_replies_are_remembered(void **state)
{
	struct nodes *n = nodes_new(a_file());
	uint64_t other = found(n, NODES_ROOT, "other", 9);
	uint64_t dir = found(n, NODES_ROOT, NODES_WATCHED, 10);
	uint64_t a = found(n, dir, "a", 11);

	(void)state;
	assert_true(nodes_is_watched(n, a));
	assert_false(nodes_is_watched(n, other));
	nodes_note(n, dir, SPAN_READDIRPLUS, 100, 200);
	nodes_note(n, a, SPAN_GETATTR, 300, 400);
	nodes_note(n, other, SPAN_READDIRPLUS, 100, 200);
	assert_true(nodes_noted(n, dir, SPAN_READDIRPLUS, "", 150, 160));
	assert_true(nodes_noted(n, dir, SPAN_GETATTR, "a", 150, 301));
	/* It ended before, began after, is of another kind, or name. */
	assert_false(nodes_noted(n, dir, SPAN_READDIRPLUS, "", 200, 300));
	assert_false(nodes_noted(n, dir, SPAN_READDIRPLUS, "", 50, 100));
	assert_false(nodes_noted(n, dir, SPAN_READDIRPLUS, "a", 0, 500));
	assert_false(nodes_noted(n, dir, SPAN_GETATTR, "b", 0, 500));
	assert_false(nodes_noted(n, other, SPAN_READDIRPLUS, "", 150, 160));
	/* The kernel forgets the directory, and finds it again. */
	nodes_forget(n, a, 1);
	nodes_forget(n, dir, 1);
	dir = found(n, NODES_ROOT, NODES_WATCHED, 10);
	assert_true(nodes_noted(n, dir, SPAN_READDIRPLUS, "", 150, 160));
	nodes_free(n);
}

/* ---- messages */

static void a_message_about_a_name(void **state)
{
	static const struct inval_name name = { 7, 9, "stdio.h" };
	static const struct inval_name negative = { 7, 0, "no" };
	static const struct inval_name root = { 0, 1, "" };
	char msg[1024] __attribute__((aligned(8)));
	const struct fuse_out_header *h = (const void *)msg;
	const struct fuse_notify_inval_entry_out *entry = (const void *)(h + 1);
	const struct fuse_notify_inval_inode_out *inode = (const void *)(h + 1);

	(void)state;
	assert_int_equal(method("inval_entry")->build_name(&name, msg),
			 16 + 16 + 8);
	assert_int_equal(h->len, 40);
	assert_int_equal(h->error, FUSE_NOTIFY_INVAL_ENTRY);
	assert_int_equal(entry->parent, 7);
	assert_int_equal(entry->namelen, 7);
	assert_string_equal((const char *)(entry + 1), "stdio.h");
	assert_int_equal(method("inval_entry")->build_name(&negative, msg), 35);
	assert_int_equal(method("inval_entry")->build_name(&root, msg), 0);
	assert_int_equal(method("inval_inode")->build_name(&name, msg), 40);
	assert_int_equal(inode->ino, 9);
	assert_int_equal(inode->off, 0);
	assert_int_equal(method("inval_inode")->build_name(&negative, msg), 0);
	assert_int_equal(method("inval_inode")->build_name(&root, msg), 40);
	assert_int_equal(method("epoch")->build_name(NULL, msg), 16);
	assert_true(method("epoch")->names_all);
}

static void each_method_can_or_says_why(void **state)
{
	(void)state;
	for (unsigned int i = 0; i < inval_method_cnt; i++)
		if (!inval_unfit_real(&inval_methods[i]))
			assert_non_null(inval_methods[i].build_name);
	assert_null(inval_unfit_real(method("epoch")));
	assert_non_null(inval_unfit_real(method("none")));
	assert_non_null(inval_unfit_real(method("prune")));
}

static void what_a_method_promises(void **state)
{
	(void)state;
	for (enum oracle_kind k = 0; k <= ORACLE_KIND_CNT; k++) {
		assert_true(oracle_is_covered(k, method("epoch")));
		assert_false(oracle_is_covered(k, method("none")));
	}
	assert_true(oracle_is_covered(ORACLE_REWRITE, method("inval_inode")));
	assert_true(oracle_is_covered(ORACLE_KIND_CNT, method("inval_inode")));
	assert_false(oracle_is_covered(ORACLE_APPEAR, method("inval_inode")));
}

/* ---- plan */

static bool slow_and_late(const struct cell *c)
{
	return c->round && c->run_ns > 5000000000ULL;
}

static void a_plan_has_a_control_for_each_round(void **state)
{
	struct plan p = { .workload = { 3, 5 },
			  .workload_cnt = 2,
			  .method = { { 1, false }, { 6, true } },
			  .method_cnt = 2,
			  .rate_hz = { 0.1, 10 },
			  .rate_cnt = 2,
			  .rounds = 3,
			  .run_ns = 2000000000ULL,
			  .leaves_out = slow_and_late,
			  .cells = true,
			  .timelines = true };
	unsigned int control_cnt = 0, timeline_cnt = 0, slow_cnt = 0;
	struct cell *c;
	size_t cnt;

	(void)state;
	c = plan_cells(&p, &cnt);
	/* 2 x (1 + 2 x 2) + 2, and twice without the slow ones. */
	assert_int_equal(cnt, 12 + 8 + 8);
	for (size_t i = 0; i < cnt; i++) {
		control_cnt += !c[i].how.method;
		timeline_cnt += c[i].timeline;
		if (c[i].rate_hz == 0.1) {
			slow_cnt++;
			assert_int_equal(c[i].round, 0);
			assert_int_equal(c[i].run_ns, 10000000000ULL);
		}
	}
	assert_int_equal(control_cnt, 6);
	assert_int_equal(timeline_cnt, 6);
	assert_int_equal(slow_cnt, 4);
	free(c);
}

static void events_are_in_the_middle_of_their_slots(void **state)
{
	(void)state;
	assert_int_equal(events_due_ns(1, 0), 500000000);
	assert_int_equal(events_due_ns(100, 3), 35000000);
	assert_int_equal(events_due_cnt(1, 1200000000), 1);
	assert_int_equal(events_due_cnt(0.1, 10000000000ULL), 1);
	assert_int_equal(events_due_cnt(100, 2000000000ULL), 200);
}

/* ---- fio */

static void results_of_fio(void **state)
{
	static const char good[] =
		"fio: opendir added 5 files\n{\"jobs\":[{\"error\":0,"
		"\"read\":{\"total_ios\":42,\"runtime\":1500,\"clat_ns\":"
		"{\"max\":99,\"percentile\":{\"50.000000\":5,"
		"\"99.000000\":9,\"99.900000\":10}}}}]}";
	struct workload_result res = { 0 };

	(void)state;
	assert_int_equal(fio_parse(good, &res), 0);
	assert_int_equal(res.op_cnt, 42);
	assert_int_equal(res.wall_ns, 1500000000);
	assert_int_equal(res.p50_ns, 5);
	assert_int_equal(res.p999_ns, 10);
	assert_int_equal(res.max_ns, 99);
	assert_string_equal(res.failure, "");
	assert_int_equal(fio_parse("fio: oops", &res), -EINVAL);
	assert_non_null(strstr(res.failure, "oops"));
	assert_int_equal(fio_parse("{\"jobs\":[]}", &res), -EINVAL);
	assert_non_null(strstr(fio_stat_job, "filestat"));
}

/* ---- which hazard explains a stale answer */

static void only_hazards_that_the_method_has_excuse_it(void **state)
{
	const struct passfs_reply none = { 0 },
				  listed = { .readdirplus = true },
				  asked = { .getattr = true };

	(void)state;
	assert_int_equal(race_of("epoch", ORACLE_REPLACE, &listed),
			 RACE_READDIRPLUS);
	assert_int_equal(race_of("epoch", ORACLE_KIND_CNT, &listed),
			 RACE_LISTING);
	assert_int_equal(race_of("epoch", ORACLE_REWRITE, &asked),
			 RACE_ATTRIBUTES);
	assert_int_equal(race_of("inval_entry", ORACLE_REWRITE, &asked),
			 RACE_ATTRIBUTES);
	/* Nothing was late, or not what could make that stale. */
	assert_int_equal(race_of("epoch", ORACLE_REPLACE, &none), RACE_NONE);
	assert_int_equal(race_of("epoch", ORACLE_KIND_CNT, &asked), RACE_NONE);
	assert_int_equal(race_of("epoch", ORACLE_APPEAR, &asked), RACE_NONE);
	assert_int_equal(race_of("inval_entry", ORACLE_REPLACE, &listed),
			 RACE_NONE);
	assert_int_equal(race_of("inval_entry", ORACLE_KIND_CNT, &listed),
			 RACE_NONE);
	assert_int_equal(race_of("inval_inode", ORACLE_REWRITE, &asked),
			 RACE_NONE);
	assert_int_equal(race_of("of tomorrow", ORACLE_REPLACE, &listed),
			 RACE_NONE);
}

/* ---- where somebody works */

static void busy_is_where_many_files_are(void **state)
{
	char *dir[] = { "top", "b" };
	char *file[] = { "x",	  "a/1",  "b/1",  "b/2", "b/3",
			 "b/c/1", "bb/1", "bb/2", "y" };
	struct source s = { .dir = dir, .dir_cnt = 2, .file = file };
	char path[16];

	(void)state;
	s.file_cnt = sizeof(file) / sizeof(file[0]);
	source_busy_dir(&s, path, sizeof(path));
	assert_string_equal(path, "b");
	s.file_cnt = 1; /* in the top, which is no directory of the list */
	source_busy_dir(&s, path, sizeof(path));
	assert_string_equal(path, "top");
}

/* ---- what the oracle costs */

static void add_cell(json_t *cells, int round, int op_cnt, bool off)
{
	json_array_append_new(
		cells,
		json_pack("{ss ss ss ss sf si si si s{so*} sn}", "run_id", "r",
			  "workload", "find", "method", "epoch", "scope", "all",
			  "rate_hz", 10.0, "round", round, "op_cnt", op_cnt,
			  "wall_ns", 100, "oracle", "off",
			  off ? json_true() : NULL, "timeline"));
}

static void pairs_are_of_the_same_round(void **state)
{
	json_t *cells = json_array();
	struct oracle_cost cost;

	(void)state;
	add_cell(cells, 0, 99, false);
	assert_int_equal(oracle_cost_of(cells, &cost), 0);
	assert_int_equal(cost.pair_cnt, 0);
	add_cell(cells, 0, 100, true);
	add_cell(cells, 1, 10, true); /* a slow round, both ways */
	add_cell(cells, 1, 9, false);
	add_cell(cells, 2, 50, true); /* without a partner */
	assert_int_equal(oracle_cost_of(cells, &cost), 0);
	assert_int_equal(cost.pair_cnt, 2);
	assert_float_equal(cost.median, (0.99 + 0.9) / 2, 1e-9);
	json_decref(cells);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(busy_is_where_many_files_are),
		cmocka_unit_test(quantiles_are_near),
		cmocka_unit_test(one_slow_in_a_thousand),
		cmocka_unit_test(a_file_keeps_its_node),
		cmocka_unit_test(another_file_is_another_node),
		cmocka_unit_test(missing_names_go_with_their_directory),
		cmocka_unit_test(late_replies_are_remembered),
		cmocka_unit_test(a_message_about_a_name),
		cmocka_unit_test(each_method_can_or_says_why),
		cmocka_unit_test(what_a_method_promises),
		cmocka_unit_test(a_plan_has_a_control_for_each_round),
		cmocka_unit_test(events_are_in_the_middle_of_their_slots),
		cmocka_unit_test(results_of_fio),
		cmocka_unit_test(only_hazards_that_the_method_has_excuse_it),
		cmocka_unit_test(pairs_are_of_the_same_round),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
