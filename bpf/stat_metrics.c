// SPDX-License-Identifier: GPL-2.0-only
/* OpenMetrics text, as of https://openmetrics.io: counters end in _total. */
#include <stdlib.h>
#include <string.h>

#include "hist.h"
#include "names.h"
#include "stat.h"
#include "bench/lib/text.h"

/* A label's value: backslash, quote and newline are escaped. */
static void put_label(FILE *out, const char *name, const char *value)
{
	fprintf(out, "%s=\"", name);
	for (; *value; value++) {
		if (*value == '\n')
			fputs("\\n", out);
		else if (*value == '"' || *value == '\\')
			fprintf(out, "\\%c", *value);
		else
			fputc(*value, out);
	}
	fputc('"', out);
}

static void put_mount(FILE *out, const struct stat_view *v, uint32_t dev)
{
	const struct mount_entry *e = mounts_find(v->mounts, dev);
	char *path = e && !text_is_utf8(e->path) ? text_escape(e->path) : NULL;
	char text[32];

	snprintf(text, sizeof(text), "%u:%u", dev >> 20, dev & 0xfffff);
	put_label(out, "dev", text);
	fputc(',', out);
	put_label(out, "mount", path ? path : e ? e->path : "");
	free(path);
	/* A user may mount what he likes where he likes in one of his own. */
	if (e && e->pid) {
		snprintf(text, sizeof(text), "%d", e->pid);
		fputc(',', out);
		put_label(out, "namespace_pid", text);
	}
}

/* The families that are one field of struct trace_counts. */
static const struct {
	const char *name, *help;
	size_t field;
} counters[] = {
#define COUNTER(name, help, field)                               \
	{                                                        \
		name, help, offsetof(struct trace_counts, field) \
	}
	COUNTER("fuse_dentry_rcu_retries", "RCU walks that had to be left",
		rcu_retry_cnt),
	COUNTER("fuse_dentry_epochs_behind",
		"Bumps that stale dentries were behind, summed", behind_cnt),
	COUNTER("fuse_lookups", "LOOKUP requests", lookup_cnt),
	COUNTER("fuse_forgets", "FORGET requests", forget_cnt),
	COUNTER("fuse_notifications_failed",
		"Notifications that the kernel answered with an error",
		notify_failed_cnt),
	COUNTER("fuse_cascades", "Trees torn down by whoever walked there",
		cascade_cnt),
	COUNTER("fuse_cascade_dentries", "Dentries that died in cascades",
		cascade_dentry_cnt),
	COUNTER("fuse_detached_submounts", "Mounts detached by a bump",
		detach_cnt),
	COUNTER("fuse_dentries_freed", "Dentries freed", freed_cnt),
	COUNTER("fuse_dentries_torn",
		"Stale dentries freed that nobody had found stale", torn_cnt),
#undef COUNTER
};

static void put_hist(FILE *out, const struct stat_view *v,
		     const struct sample_mount *m, int outcome)
{
	const uint64_t *slots = m->hist.slots[outcome];
	uint64_t sum = 0;

	for (int i = 0; i <= TRACE_SLOTS; i++) {
		char le[32] = "+Inf";

		if (i < TRACE_SLOTS) {
			sum += slots[i];
			snprintf(le, sizeof(le), "%.9g", (2ull << i) / 1e9);
		}
		fputs("fuse_dentry_revalidate_seconds_bucket{", out);
		put_mount(out, v, m->dev);
		fprintf(out, ",outcome=\"%s\",le=\"%s\"} %llu\n",
			outcome_name(outcome), le, (unsigned long long)sum);
	}
}

static void put_hists(FILE *out, const struct stat_view *v)
{
	fputs("# TYPE fuse_dentry_revalidate_seconds histogram\n"
	      "# UNIT fuse_dentry_revalidate_seconds seconds\n"
	      "# HELP fuse_dentry_revalidate_seconds Latency of "
	      "fuse_dentry_revalidate().\n",
	      out);
	for (size_t i = 0; i < v->sample->cnt; i++)
		for (int j = 0; j < TRACE_OUTCOMES; j++)
			if (stat_is_shown(v, &v->sample->mounts[i]))
				put_hist(out, v, &v->sample->mounts[i], j);
}

/* A family whose members differ in one more label. */
static void put_labelled(FILE *out, const struct stat_view *v,
			 const char *family, const char *help,
			 const char *label, const char *(*name)(int), int cnt,
			 size_t field)
{
	fprintf(out, "# TYPE %s counter\n# HELP %s %s.\n", family, family,
		help);
	for (size_t i = 0; i < v->sample->cnt; i++) {
		const struct sample_mount *m = &v->sample->mounts[i];
		const uint64_t *values =
			(const void *)((const char *)&m->c + field);

		for (int j = 0; j < cnt && stat_is_shown(v, m); j++) {
			fprintf(out, "%s_total{", family);
			put_mount(out, v, m->dev);
			fprintf(out, ",%s=\"%s\"} %llu\n", label, name(j),
				(unsigned long long)values[j]);
		}
	}
}

static void put_gauge(FILE *out, const struct stat_view *v)
{
	fputs("# TYPE fuse_epoch gauge\n# HELP fuse_epoch Current epoch of "
	      "the connection.\n",
	      out);
	for (size_t i = 0; i < v->sample->cnt; i++) {
		const struct sample_mount *m = &v->sample->mounts[i];

		if (!m->epoch || !v->epochs || !stat_is_shown(v, m))
			continue;
		fputs("fuse_epoch{", out);
		put_mount(out, v, m->dev);
		fprintf(out, "} %llu\n", (unsigned long long)m->epoch);
	}
}

static void put_lost(FILE *out, const struct sample *s)
{
	static const char *const kinds[] = {
		[TRACE_LOST_EVENTS] = "events",
		[TRACE_LOST_COUNTS] = "counts",
		[TRACE_LOST_STATE] = "state",
	};

	fputs("# TYPE epochstat_lost counter\n# HELP epochstat_lost What "
	      "couldn't be counted, by kind.\n",
	      out);
	for (int i = 0; i < TRACE_LOST_KINDS; i++)
		fprintf(out, "epochstat_lost_total{kind=\"%s\"} %llu\n",
			kinds[i], (unsigned long long)s->lost[i]);
	fprintf(out, "epochstat_lost_total{kind=\"programs\"} %llu\n",
		(unsigned long long)s->missed_cnt);
}

char *stat_metrics(const struct stat_view *v)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	if (!out)
		return NULL;
	put_labelled(out, v, "fuse_dentry_revalidations",
		     "Calls of fuse_dentry_revalidate() by outcome", "outcome",
		     outcome_name, TRACE_OUTCOMES,
		     offsetof(struct trace_counts, outcome_cnt));
	put_labelled(out, v, "fuse_notifications", "Notifications by kind",
		     "kind", notify_name, TRACE_NOTIFIES,
		     offsetof(struct trace_counts, notify_cnt));
	for (size_t i = 0; i < sizeof(counters) / sizeof(counters[0]); i++) {
		fprintf(out, "# TYPE %s counter\n# HELP %s %s.\n",
			counters[i].name, counters[i].name, counters[i].help);
		for (size_t j = 0; j < v->sample->cnt; j++) {
			const struct sample_mount *m = &v->sample->mounts[j];
			uint64_t value;

			if (!stat_is_shown(v, m))
				continue;
			memcpy(&value, (const char *)&m->c + counters[i].field,
			       sizeof(value));
			fprintf(out, "%s_total{", counters[i].name);
			put_mount(out, v, m->dev);
			fprintf(out, "} %llu\n", (unsigned long long)value);
		}
	}
	put_gauge(out, v);
	if (v->hist)
		put_hists(out, v);
	put_lost(out, v->sample);
	fputs("# EOF\n", out);
	if (fclose(out)) {
		free(text);
		return NULL;
	}
	return text;
}
