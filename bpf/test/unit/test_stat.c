// SPDX-License-Identifier: GPL-2.0-only
/*
 * With --metrics or --text it prints what it checked, for a reader of others.
 * Over 400 lines: table, JSON and metrics are three views of one sample.
 */
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
#include "bpf/names.h"
#include "openmetrics.h"
#include "bpf/stat.h"
#include "bench/lib/version.h"

static struct mounts *mounts;
/* By device: with all there is, idle, not mounted (any more). */
static struct sample_mount mount_list[3];
static struct sample sample;
static struct stat_view view;

/* A cascade of 120 ms in which 123 died, one of an hour; LOOKUPs; a hang. */
static void set_up_spreads(struct trace_spread *of)
{
	of[TRACE_STALL].slots[13] = 1; /* up to 250 ms */
	of[TRACE_STALL].slots[TRACE_BOUNDS] = 1;
	of[TRACE_STALL].sum = 3601120000000;
	of[TRACE_DIED].slots[7] = 1; /* up to 200 */
	of[TRACE_DIED].slots[TRACE_BOUNDS] = 1;
	of[TRACE_DIED].sum = 20000123;
	of[TRACE_QUEUED].slots[0] = 5;
	of[TRACE_QUEUED].sum = 50000;
	of[TRACE_NOTIFIED + TRACE_NOTIFY_INVAL_ENTRY].slots[18] = 1;
	of[TRACE_NOTIFIED + TRACE_NOTIFY_INVAL_ENTRY].sum = 9000000000;
}

/* Each counter a number of its own: 1000 + where it is. */
static void set_up_sample(void)
{
	uint64_t *fields = (uint64_t *)&mount_list[0].c;

	memset(mount_list, 0, sizeof(mount_list));
	for (size_t i = 0; i < sizeof(mount_list[0].c) / 8; i++)
		fields[i] = 1000 + i;
	mount_list[0].dev = 52;
	mount_list[0].epoch = 17;
	mount_list[0].notifying_cnt = 2;
	mount_list[0].notifying_ns = 3000000007;
	set_up_spreads(mount_list[0].spreads.of);
	mount_list[0].hist.slots[TRACE_FRESH][9] = 840;
	mount_list[0].hist.sum_ns[TRACE_FRESH] = 700123;
	mount_list[0].hist.slots[TRACE_FRESH][11] = 20;
	mount_list[0].hist.slots[TRACE_ERROR][TRACE_SLOTS - 1] = 1;
	mount_list[1].dev = 53;
	mount_list[1].c.cascade_max_ns = 5;
	mount_list[2].dev = 8 << 20 | 17;
	mount_list[2].c.lookup_cnt = 3;
	sample = (struct sample){ .ns = 1ull << 40,
				  .lost = { 1, 2, 3 },
				  .missed_cnt = 4,
				  .unassigned_cnt = 1,
				  .cnt = 3,
				  .mounts = mount_list };
	view = (struct stat_view){ .sample = &sample,
				   .mounts = mounts,
				   .interval_s = 2,
				   .epochs = true };
}

static int set_up(void **state)
{
	(void)state;
	if (!mounts)
		mounts = mountinfo_scan(
			MOUNTINFO_FUSE(52, "/mnt/a\\040\"b\\134c\\012d")
				MOUNTINFO_FUSE(53, "/mnt/idle"));
	set_up_sample();
	return 0;
}

static void which_are_shown(void **state)
{
	(void)state;
	assert_true(stat_is_shown(&view, &mount_list[0]));
	assert_false(stat_is_shown(&view, &mount_list[1]));
	assert_true(stat_is_shown(&view, &mount_list[2]));
	view.all = true;
	assert_true(stat_is_shown(&view, &mount_list[1]));
	view.all = false;
	/* The one that was asked for, idle or not. */
	view.one = true;
	view.only.dev = 53;
	assert_true(stat_is_shown(&view, &mount_list[1]));
	assert_false(stat_is_shown(&view, &mount_list[0]));
	/* Not another that has its number; but the one that it came after. */
	view.only.generation = 1;
	assert_false(stat_is_shown(&view, &mount_list[1]));
	view.before.dev = 53;
	assert_true(stat_is_shown(&view, &mount_list[1]));
}

/* An array of the lines, parsed. */
static json_t *json_lines(void)
{
	char *text = NULL, *save = NULL, *line;
	json_t *list = json_array(), *o;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	assert_int_equal(stat_json_print(&view, out), 0);
	fclose(out);
	assert_true(!len || text[len - 1] == '\n');
	for (line = strtok_r(text, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save)) {
		o = json_loads(line, JSON_REJECT_DUPLICATES, NULL);
		assert_non_null(o);
		json_array_append_new(list, o);
	}
	free(text);
	return list;
}

static void a_json_line_per_shown_mount(void **state)
{
	json_t *list = json_lines();

	(void)state;
	assert_int_equal(json_array_size(list), 2);
	json_has_str(json_array_get(list, 0), "dev", "0:52");
	json_has_str(json_array_get(list, 1), "dev", "8:17");
	json_decref(list);
	view.all = true;
	list = json_lines();
	assert_int_equal(json_array_size(list), 3);
	json_decref(list);
	view.one = true;
	view.only.dev = 99;
	list = json_lines();
	assert_int_equal(json_array_size(list), 0);
	json_decref(list);
}

/* The number that set_up_sample() gave a counter. */
#define GIVEN(field) (1000 + offsetof(struct trace_counts, field) / 8)

static void json_has_each_counter(void **state)
{
	json_t *list = json_lines(), *o = json_array_get(list, 0), *sub;

	(void)state;
	json_has_str(o, "schema", "epochstat/1");
	json_has_int(o, "generation", 0);
	json_has_int(o, "ns", 1ll << 40);
	assert_true(json_real_value(json_object_get(o, "interval_s")) == 2);
	json_has_str(o, "mount", "/mnt/a \"b\\c\nd");
	json_has_str(o, "type", "fuse.test");
	json_has_int(o, "namespace", 0);
	json_has_int(o, "namespace_pid", 0);
	assert_true(json_is_true(json_object_get(o, "epochs")));
	json_has_int(o, "epoch", 17);
	json_has_int(o, "revalidate_cnt", 8 * 1000 + 28);
	json_has_int(o, "behind_cnt", GIVEN(behind_cnt));
	json_has_int(o, "behind_max_cnt", GIVEN(behind_max_cnt));
	json_has_int(o, "rcu_retry_cnt", GIVEN(rcu_retry_cnt));
	json_has_int(o, "lookup_cnt", GIVEN(lookup_cnt));
	json_has_int(o, "forget_cnt", GIVEN(forget_cnt));
	json_has_int(o, "notify_failed_cnt", GIVEN(notify_failed_cnt));
	json_has_int(o, "detach_cnt", GIVEN(detach_cnt));
	json_has_int(o, "freed_cnt", GIVEN(freed_cnt));
	json_has_int(o, "torn_cnt", GIVEN(torn_cnt));
	sub = json_object_get(o, "outcome_cnt");
	assert_int_equal(json_object_size(sub), TRACE_OUTCOMES);
	json_has_int(sub, "fresh", 1000);
	json_has_int(sub, "error", 1000 + TRACE_ERROR);
	sub = json_object_get(o, "notify_cnt");
	assert_int_equal(json_object_size(sub), TRACE_NOTIFIES);
	json_has_int(sub, "unknown", GIVEN(notify_cnt));
	json_has_int(sub, "inc_epoch",
		     GIVEN(notify_cnt) + TRACE_NOTIFY_INC_EPOCH);
	json_has_int(sub, "prune", GIVEN(notify_cnt) + TRACE_NOTIFY_PRUNE);
	sub = json_object_get(o, "cascade");
	json_has_int(sub, "cnt", GIVEN(cascade_cnt));
	json_has_int(sub, "ns", GIVEN(cascade_ns));
	json_has_int(sub, "max_ns", GIVEN(cascade_max_ns));
	json_has_int(sub, "dentry_cnt", GIVEN(cascade_dentry_cnt));
	sub = json_object_get(o, "lost");
	json_has_int(sub, "events", 1);
	json_has_int(sub, "counts", 2);
	json_has_int(sub, "state", 3);
	json_has_int(sub, "programs", 4);
	json_has_int(sub, "revalidations", 1);
	assert_null(json_object_get(o, "hist_log2_ns"));
	assert_int_equal(json_object_size(o), 26);
	json_decref(list);
}

static void json_of_what_is_not_known(void **state)
{
	json_t *list = json_lines(), *o = json_array_get(list, 1);

	(void)state;
	/* Epochs are there, but nobody has read this one yet. */
	assert_true(json_is_null(json_object_get(o, "epoch")));
	/* It isn't mounted. */
	assert_null(json_object_get(o, "mount"));
	assert_null(json_object_get(o, "type"));
	json_decref(list);
	view.epochs = false;
	list = json_lines();
	o = json_array_get(list, 0);
	assert_true(json_is_null(json_object_get(o, "epoch")));
	assert_true(json_is_false(json_object_get(o, "epochs")));
	json_decref(list);
}

static void json_of_histograms(void **state)
{
	json_t *list, *hists, *slots;

	(void)state;
	view.hist = true;
	list = json_lines();
	hists = json_object_get(json_array_get(list, 0), "hist_log2_ns");
	assert_int_equal(json_object_size(hists), TRACE_OUTCOMES);
	slots = json_object_get(hists, "fresh");
	assert_int_equal(json_array_size(slots), 12);
	assert_int_equal(json_integer_value(json_array_get(slots, 8)), 0);
	assert_int_equal(json_integer_value(json_array_get(slots, 9)), 840);
	assert_int_equal(json_integer_value(json_array_get(slots, 11)), 20);
	slots = json_object_get(hists, "error");
	assert_int_equal(json_array_size(slots), TRACE_SLOTS);
	slots = json_object_get(hists, "gone");
	assert_int_equal(json_array_size(slots), 0);
	json_has_int(json_array_get(list, 0), "untimed_cnt", 7167);
	json_decref(list);
}

/* The text, checked; the caller frees it. */
static char *metrics(void)
{
	char *text = stat_metrics(&view, true), why[200];

	assert_non_null(text);
	if (!openmetrics_is_valid(text, why, sizeof(why)))
		fail_msg("%s", why);
	return text;
}

static void has_line(const char *text, const char *line)
{
	const char *found = strstr(text, line);

	if (!found || (found != text && found[-1] != '\n') ||
	    found[strlen(line)] != '\n')
		fail_msg("no line '%s'", line);
}

static void has_not(const char *text, const char *what)
{
	if (strstr(text, what))
		fail_msg("'%s' is there", what);
}

/* The label of the mount with all there is. */
#define LABELS                                   \
	"device=\"src\",mountpoint=\"/mnt/a "    \
	"\\\"b\\\\c\\nd\",fstype=\"fuse.test\"," \
	"major=\"0\",minor=\"52\""

static void metrics_are_openmetrics(void **state)
{
	char *text = metrics();

	(void)state;
	assert_string_equal(text + strlen(text) - 7, "\n# EOF\n");
	free(text);
}

static void metrics_have_each_counter(void **state)
{
	char *text = metrics(), line[300];

	(void)state;
	for (int i = 0; i < TRACE_OUTCOMES; i++) {
		snprintf(line, sizeof(line),
			 "fuse_dentry_revalidations_total{" LABELS
			 ",outcome=\"%s\"} %d",
			 outcome_name(i), 1000 + i);
		has_line(text, line);
	}
	for (int i = 0; i < TRACE_NOTIFIES; i++) {
		snprintf(line, sizeof(line),
			 "fuse_notifications_total{" LABELS ",kind=\"%s\"} %zu",
			 notify_name(i), GIVEN(notify_cnt) + i);
		has_line(text, line);
	}
#define HAS(family, field)                                                    \
	do {                                                                  \
		snprintf(line, sizeof(line), family "_total{" LABELS "} %zu", \
			 GIVEN(field));                                       \
		has_line(text, line);                                         \
	} while (0)
	HAS("fuse_dentry_rcu_retries", rcu_retry_cnt);
	HAS("fuse_dentry_epochs_behind", behind_cnt);
	HAS("fuse_lookups", lookup_cnt);
	HAS("fuse_forgets", forget_cnt);
	HAS("fuse_notifications_failed", notify_failed_cnt);
	HAS("fuse_detached_submounts", detach_cnt);
	HAS("fuse_dentries_freed", freed_cnt);
	HAS("fuse_dentries_torn", torn_cnt);
#undef HAS
	has_line(text, "fuse_epoch{" LABELS "} 17");
	has_line(text, "fuse_notifications_in_progress{" LABELS "} 2");
	has_line(text,
		 "fuse_notification_oldest_seconds{" LABELS "} 3.000000007");
	has_line(text, "epochstat_lost_total{kind=\"events\"} 1");
	has_line(text, "epochstat_lost_total{kind=\"counts\"} 2");
	has_line(text, "epochstat_lost_total{kind=\"state\"} 3");
	has_line(text, "epochstat_lost_total{kind=\"programs\"} 3");
	has_line(text, "fuse_dentry_revalidations_unassigned_total 1");
	free(text);
}

static void metrics_of_what_is_not_shown(void **state)
{
	char *text = metrics();

	(void)state;
	has_line(text,
		 "fuse_lookups_total{device=\"\",mountpoint=\"\",fstype=\"\","
		 "major=\"8\",minor=\"17\"} 3");
	has_not(text, "fuse_epoch{device=\"\"");
	has_not(text, "/mnt/idle");
	has_not(text, "fuse_dentry_revalidate_seconds");
	free(text);
	view.all = true;
	view.epochs = false;
	text = metrics();
	has_line(text,
		 "fuse_lookups_total{device=\"src\",mountpoint=\"/mnt/idle\","
		 "fstype=\"fuse.test\",major=\"0\",minor=\"53\"} 0");
	has_not(text, "fuse_epoch{");
	free(text);
	sample.cnt = 0;
	free(metrics());
}

/* The namespace is a label, who lives there isn't: that may be another soon. */
static void metrics_tell_namespaces_apart(void **state)
{
	struct mount_entry *e = (struct mount_entry *)mounts_find(mounts, 52, 0);
	char *text;

	(void)state;
	has_not(text = metrics(), "mount_namespace=");
	free(text);
	e->ns = 4026532761;
	e->pid = 4711;
	text = metrics();
	has_line(text, "fuse_epoch{" LABELS
		       ",mount_namespace=\"4026532761\"} 17");
	has_line(text, "fuse_mount_namespace_info{mount_namespace="
		       "\"4026532761\",pid=\"4711\"} 1");
	free(text);
	e->ns = e->pid = 0;
}

/* Cumulative, in seconds, up to all. */
static void metrics_of_histograms(void **state)
{
	char *text;

	(void)state;
	view.hist = true;
	text = metrics();
#define BUCKET "fuse_dentry_revalidate_seconds_bucket{" LABELS ",outcome="
	has_line(text, BUCKET "\"fresh\",le=\"5.12e-07\"} 0");
	has_line(text, BUCKET "\"fresh\",le=\"1.024e-06\"} 840");
	has_line(text, BUCKET "\"fresh\",le=\"4.096e-06\"} 860");
	has_line(text, BUCKET "\"fresh\",le=\"+Inf\"} 860");
	has_line(text, BUCKET "\"error\",le=\"+Inf\"} 1");
	has_line(text, BUCKET "\"gone\",le=\"+Inf\"} 0");
#undef BUCKET
	has_line(text, "fuse_dentry_revalidate_seconds_sum{" LABELS
		       ",outcome=\"fresh\"} 0.000700123");
	has_line(text, "fuse_dentry_revalidate_seconds_count{" LABELS
		       ",outcome=\"fresh\"} 860");
	free(text);
}

/* With decimal bounds, sum and count; kinds that never came aren't there. */
static void metrics_of_spreads(void **state)
{
	char *text = metrics();

	(void)state;
#define STALL "fuse_cascade_stall_seconds"
	has_line(text, STALL "_bucket{" LABELS ",le=\"1e-05\"} 0");
	has_line(text, STALL "_bucket{" LABELS ",le=\"0.1\"} 0");
	has_line(text, STALL "_bucket{" LABELS ",le=\"0.25\"} 1");
	has_line(text, STALL "_bucket{" LABELS ",le=\"3600.0\"} 1");
	has_line(text, STALL "_bucket{" LABELS ",le=\"+Inf\"} 2");
	has_line(text, STALL "_sum{" LABELS "} 3601.120000000");
	has_line(text, STALL "_count{" LABELS "} 2");
	has_line(text, "# UNIT " STALL " seconds");
#undef STALL
#define DIED "fuse_cascade_dentries"
	has_line(text, DIED "_bucket{" LABELS ",le=\"100.0\"} 0");
	has_line(text, DIED "_bucket{" LABELS ",le=\"200.0\"} 1");
	has_line(text, DIED "_bucket{" LABELS ",le=\"1e+07\"} 1");
	has_line(text, DIED "_sum{" LABELS "} 20000123");
#undef DIED
	has_line(text, "fuse_lookup_queue_seconds_sum{" LABELS "} 0.000050000");
	has_line(text, "fuse_lookup_queue_seconds_count{" LABELS "} 5");
	has_line(text, "fuse_lookup_service_seconds_count{" LABELS "} 0");
#define NOTIFIED "fuse_notification_seconds_"
	has_line(text, NOTIFIED "bucket{" LABELS
				",kind=\"inval_entry\",le=\"10.0\"} 1");
	has_line(text,
		 NOTIFIED "sum{" LABELS ",kind=\"inval_entry\"} 9.000000000");
	has_not(text, NOTIFIED "sum{" LABELS ",kind=\"prune\"}");
#undef NOTIFIED
	free(text);
}

/* What a browser or curl gets: heads with the names of their samples. */
static void metrics_as_text(void **state)
{
	char *text = stat_metrics(&view, false), line[100];

	(void)state;
	has_line(text, "# TYPE fuse_lookups_total counter");
	has_line(text, "# HELP fuse_lookups_total LOOKUP requests.");
	has_line(text, "# TYPE fuse_epoch gauge");
	has_line(text, "# TYPE fuse_cascade_stall_seconds histogram");
	snprintf(line, sizeof(line), "epochstat_build_info{version=\"%s\"} 1",
		 version());
	has_line(text, line);
	has_not(text, "# UNIT");
	has_not(text, "# EOF");
	free(text);
}

/* Of a checker that takes everything nothing would follow. */
static void the_checker_is_strict(void **state)
{
	static const char *const bad[] = {
		"",
		"# EOF",
		"# EOF\n# EOF\n",
		"# EOF\n\n",
		"\n# EOF\n",
		"# TYPE a counter\na 1\n# EOF\n",
		"# TYPE a gauge\na_total 1\n# EOF\n",
		"# TYPE a counter\nb_total 1\n# EOF\n",
		"a_total 1\n# EOF\n",
		"# TYPE a counter\na_total 1\na_total 2\n# EOF\n",
		"# TYPE a counter\na_total{x=\"1\"} 1\na_total{x=\"1\"} 2\n# "
		"EOF\n",
		"# TYPE a counter\n# TYPE b counter\n# TYPE a counter\n# EOF\n",
		"# TYPE a counter\na_total 1\n# HELP a x\n# EOF\n",
		"# TYPE a counter\n# HELP b x\n# EOF\n",
		"# TYPE a counter\n# HELP a x\n# HELP a x\n# EOF\n",
		"# TYPE a_s counter\n# UNIT a_s seconds\n# EOF\n",
		"# TYPE a counter\na_total{x=\"a\"b\"} 1\n# EOF\n",
		"# TYPE a counter\na_total{x=\"a\\b\"} 1\n# EOF\n",
		"# TYPE a counter\na_total{x=\"a\nb\"} 1\n# EOF\n",
		"# TYPE a counter\na_total{x=\"a\xff\"} 1\n# EOF\n",
		"# TYPE a counter\na_total{x=\"1\",x=\"2\"} 1\n# EOF\n",
		"# TYPE a counter\na_total{x=1} 1\n# EOF\n",
		"# TYPE a counter\na_total -1\n# EOF\n",
		"# TYPE a counter\na_total 1 \n# EOF\n",
		"# TYPE a counter\na_total\n# EOF\n",
		"# TYPE a histogram\na_bucket 1\n# EOF\n",
		"# TYPE a histogram\na_bucket{le=\"1\"} 1\n# EOF\n",
		"# TYPE a histogram\na_bucket{le=\"1\"} 2\n"
		"a_bucket{le=\"+Inf\"} 1\n# EOF\n",
		"# TYPE a histogram\na_bucket{le=\"2\"} 1\n"
		"a_bucket{le=\"1\"} 1\na_bucket{le=\"+Inf\"} 1\n# EOF\n",
		"# TYPE a histogram\na_bucket{x=\"1\",le=\"1\"} 2\n"
		"a_bucket{x=\"2\",le=\"+Inf\"} 2\n# EOF\n",
		"# TYPE a counter\na_total 1.5\n# EOF\n",
		"# TYPE a histogram\na_sum 1\n# EOF\n",
		"# TYPE a histogram\na_bucket{le=\"+Inf\"} 1\na_count 2\n# "
		"EOF\n",
		"# TYPE a histogram\na_bucket{le=\"+Inf\"} 1\n"
		"a_sum{x=\"1\"} 2\n# EOF\n",
	};
	char why[200];

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (openmetrics_is_valid(bad[i], why, sizeof(why)))
			fail_msg("taken: %s", bad[i]);
	assert_true(openmetrics_is_valid(
		"# TYPE a counter\n# HELP a \"x\".\na_total 1\n# EOF\n", why,
		sizeof(why)));
}

static void table(char **text)
{
	size_t len;
	FILE *out = open_memstream(text, &len);

	stat_table_print(&view, out);
	fclose(out);
}

/* It remembers what was printed before: one after the other, in one test. */
static void tables(void **state)
{
	static const char *const head[] = {
		"reval", "per",	   "s",	     "fresh", "relook", "epoch",
		"gone",	 "change", "neg",    "bad",   "error",	"again",
		"look",	 "forget", "bump",   "entry", "inode",	"other",
		"torn",	 "freed",  "detach", "at",    "behind", "mount",
	};
	static const char line[] =
		"   8028   4014   1000   1001   1002   1003   1004 "
		"  1005   1006   1007"
		"   1008   1011   1012   1021   1016   "
		"1015   7123   1030   1029"
		"   1028     17      1  /mnt/a \"b\\134c\\012d\n"
		"(and 1 revalidations of unknown mounts: the kernel didn't "
		"run the tracer)\n";
	char *text, *at, *word, *save = NULL;
	size_t i = 0;

	(void)state;
	view.one = true;
	view.only.dev = 52;
	table(&text);
	at = strchr(text, '\n') + 1; /* the line of groups */
	*strchr(at, '\n') = 0;
	assert_string_equal(at + strlen(at) + 1, line);
	for (word = strtok_r(at, " ", &save); word;
	     word = strtok_r(NULL, " ", &save)) {
		assert_true(i < sizeof(head) / sizeof(head[0]));
		assert_string_equal(word, head[i++]);
	}
	assert_int_equal(i, sizeof(head) / sizeof(head[0]));
	free(text);

	/* The head isn't repeated. */
	table(&text);
	assert_string_equal(text, line);
	free(text);

	/* Nothing known, nothing stale: dashes, not zeros. */
	sample.unassigned_cnt = 0;
	view.only.dev = 8 << 20 | 17;
	table(&text);
	assert_string_equal(text,
			    "      0      0      0      0      0      0      0 "
			    "     0      0      0"
			    "      0      3      0      0      0      0      "
			    "0      0      0"
			    "      0      -      -  8:17 (not mounted)\n");
	free(text);

	/* A kernel without epochs, whatever the number. */
	view.only.dev = 52;
	view.epochs = false;
	table(&text);
	assert_non_null(strstr(text, "   1028      -      1  /mnt"));
	free(text);

	/* That there is nothing is said once. */
	view.only.dev = 99;
	table(&text);
	assert_string_equal(text, "(idle)\n");
	free(text);
	table(&text);
	assert_string_equal(text, "");
	free(text);

	/* Large numbers keep their column. */
	view.only.dev = 52;
	view.epochs = true;
	mount_list[0].c.outcome_cnt[TRACE_FRESH] = 9999;
	mount_list[0].c.outcome_cnt[TRACE_RELOOKED] = 10000;
	mount_list[0].c.outcome_cnt[TRACE_GONE] = 1234567;
	mount_list[0].c.outcome_cnt[TRACE_CHANGED] = 999999;
	mount_list[0].c.outcome_cnt[TRACE_NEGATIVE] = 20000000000;
	table(&text);
	assert_non_null(
		strstr(text, "   9999  10.0k   1002  1.23M  1.00M  20.0G "));
	free(text);

	/* And with histograms there is a head for each. */
	set_up_sample();
	view.hist = true;
	table(&text);
	at = strstr(text, "d\nfresh ");
	assert_non_null(at);
	assert_non_null(
		strstr(at, "\n512 ns .. 1.02 us               840  |*"));
	assert_non_null(strstr(at, "\nerror "));
	/* Of 1000 to 1007; 860 and 1 have a time. */
	assert_non_null(strstr(at, "\n(and 7167 whose time isn't"));
	free(text);
	table(&text);
	assert_non_null(strstr(text, "  reval"));
	free(text);
}

static int tear_down(void **state)
{
	(void)state;
	mounts_free(mounts);
	return 0;
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(which_are_shown, set_up),
		cmocka_unit_test_setup(a_json_line_per_shown_mount, set_up),
		cmocka_unit_test_setup(json_has_each_counter, set_up),
		cmocka_unit_test_setup(json_of_what_is_not_known, set_up),
		cmocka_unit_test_setup(json_of_histograms, set_up),
		cmocka_unit_test_setup(metrics_are_openmetrics, set_up),
		cmocka_unit_test_setup(metrics_have_each_counter, set_up),
		cmocka_unit_test_setup(metrics_of_what_is_not_shown, set_up),
		cmocka_unit_test_setup(metrics_tell_namespaces_apart, set_up),
		cmocka_unit_test_setup(metrics_of_histograms, set_up),
		cmocka_unit_test_setup(metrics_of_spreads, set_up),
		cmocka_unit_test_setup(metrics_as_text, set_up),
		cmocka_unit_test(the_checker_is_strict),
		cmocka_unit_test_setup(tables, set_up),
	};

	/* --metrics as OpenMetrics, --text as the other format. */
	if (argc > 1) {
		char *text;

		set_up(NULL);
		view.all = view.hist = true;
		text = stat_metrics(&view, !strcmp(argv[1], "--metrics"));
		fputs(text, stdout);
		free(text);
		return tear_down(NULL);
	}
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, tear_down);
}
