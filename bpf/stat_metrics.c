// SPDX-License-Identifier: GPL-2.0-only
/*
 * OpenMetrics text, as of https://openmetrics.io, or the older format of
 * Prometheus, which is the same but for heads: there counters end in _total.
 * Over 400 lines, as all families are here.
 */
#include <stdlib.h>
#include <string.h>

#include "hist.h"
#include "names.h"
#include "stat.h"
#include "bench/lib/text.h"
#include "bench/lib/version.h"

struct writer {
	FILE *out;
	const struct stat_view *v;
	bool openmetrics;
};

/* A label's value: backslash, quote and newline are escaped. */
static void put_label(FILE *out, const char *name, const char *value)
{
	char *plain = text_is_utf8(value) ? NULL : text_escape(value);

	fprintf(out, "%s=\"", name);
	for (const char *c = plain ? plain : value; *c; c++) {
		if (*c == '\n')
			fputs("\\n", out);
		else if (*c == '"' || *c == '\\')
			fprintf(out, "\\%c", *c);
		else
			fputc(*c, out);
	}
	fputc('"', out);
	free(plain);
}

/* As node_exporter names them, so that its metrics can be joined. */
static void put_mount(const struct writer *w, const struct sample_mount *m)
{
	const struct mount_entry *e =
		mounts_find(w->v->mounts, m->dev, m->generation);

	put_label(w->out, "device", e ? e->source : "");
	fputc(',', w->out);
	put_label(w->out, "mountpoint", e ? e->path : "");
	fputc(',', w->out);
	put_label(w->out, "fstype", e ? e->type : "");
	/* Another may be mounted above it, with the same names. */
	fprintf(w->out, ",major=\"%u\",minor=\"%u\"", m->dev >> 20,
		m->dev & 0xfffff);
	/* A user may mount what he likes where he likes in one of his own. */
	if (e && e->ns)
		fprintf(w->out, ",mount_namespace=\"%ju\"", (uintmax_t)e->ns);
}

static void put_head(const struct writer *w, const char *family,
		     const char *type, const char *unit, const char *help)
{
	bool total = !w->openmetrics && !strcmp(type, "counter");

	fprintf(w->out, "# TYPE %s%s %s\n", family, total ? "_total" : "",
		type);
	if (w->openmetrics && unit)
		fprintf(w->out, "# UNIT %s %s\n", family, unit);
	fprintf(w->out, "# HELP %s%s %s.\n", family, total ? "_total" : "",
		help);
}

/* A sample up to its value, with one more label, unless that is NULL. */
static void put_series(const struct writer *w, const char *family,
		       const char *suffix, const struct sample_mount *m,
		       const char *label, const char *value)
{
	fprintf(w->out, "%s%s{", family, suffix);
	put_mount(w, m);
	if (label)
		fprintf(w->out, ",%s=\"%s\"", label, value);
}

static void put_count(const struct writer *w, uint64_t value)
{
	fprintf(w->out, "} %llu\n", (unsigned long long)value);
}

static void put_seconds(const struct writer *w, uint64_t ns)
{
	fprintf(w->out, "} %llu.%09llu\n",
		(unsigned long long)(ns / 1000000000),
		(unsigned long long)(ns % 1000000000));
}

/* For each mount that is shown. */
#define EACH(w, m)                                                  \
	for (const struct sample_mount *m = (w)->v->sample->mounts; \
	     m < (w)->v->sample->mounts + (w)->v->sample->cnt; m++) \
		if (stat_is_shown((w)->v, m))

static int by_namespace(const void *a, const void *b)
{
	const struct mount_entry *const *x = a, *const *y = b;

	return (*x)->ns < (*y)->ns ? -1 : (*x)->ns > (*y)->ns;
}

/* Who lives there; one who ends leaves the place to another. */
static void put_namespaces(const struct writer *w)
{
	static const char family[] = "fuse_mount_namespace_info";
	size_t cnt = mounts_cnt(w->v->mounts), known = 0;
	const struct mount_entry **all = malloc((cnt + 1) * sizeof(*all));

	put_head(w, family, "gauge", NULL,
		 "A process of the mount namespace of some mount, as a label "
		 "of what is always 1");
	for (size_t i = 0; all && i < cnt; i++) {
		const struct mount_entry *e = mounts_at(w->v->mounts, i);

		if (e->pid && !e->gone)
			all[known++] = e;
	}
	if (known)
		qsort(all, known, sizeof(*all), by_namespace);
	for (size_t i = 0; i < known; i++)
		if (!i || all[i]->ns != all[i - 1]->ns)
			fprintf(w->out,
				"%s{mount_namespace=\"%ju\",pid=\"%d\"} 1\n",
				family, (uintmax_t)all[i]->ns, all[i]->pid);
	free(all);
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
	COUNTER("fuse_detached_submounts", "Mounts detached by a bump",
		detach_cnt),
	COUNTER("fuse_dentries_freed", "Dentries freed", freed_cnt),
	COUNTER("fuse_dentries_torn",
		"Stale dentries freed that nobody had found stale", torn_cnt),
#undef COUNTER
};

static void put_counters(const struct writer *w)
{
	for (size_t i = 0; i < sizeof(counters) / sizeof(counters[0]); i++) {
		put_head(w, counters[i].name, "counter", NULL,
			 counters[i].help);
		EACH(w, m)
		{
			uint64_t value;

			memcpy(&value, (const char *)&m->c + counters[i].field,
			       sizeof(value));
			put_series(w, counters[i].name, "_total", m, NULL,
				   NULL);
			put_count(w, value);
		}
	}
}

/* What comes after the buckets: the sum, of ns unless it is of counts. */
static void put_sum(const struct writer *w, const char *family,
		    const struct sample_mount *m, const char *label,
		    const char *value, uint64_t sum, bool is_cnt, uint64_t cnt)
{
	put_series(w, family, "_sum", m, label, value);
	if (is_cnt)
		put_count(w, sum);
	else
		put_seconds(w, sum);
	put_series(w, family, "_count", m, label, value);
	put_count(w, cnt);
}

static void put_hists(const struct writer *w)
{
	static const char family[] = "fuse_dentry_revalidate_seconds";

	put_head(w, family, "histogram", "seconds",
		 "Latency of fuse_dentry_revalidate()");
	EACH(w, m)
	{
		for (int j = 0; j < TRACE_OUTCOMES; j++) {
			uint64_t sum = 0;

			for (int i = 0; i <= TRACE_SLOTS; i++) {
				char le[32] = "+Inf";

				if (i < TRACE_SLOTS) {
					sum += m->hist.slots[j][i];
					snprintf(le, sizeof(le), "%.9g",
						 (2ull << i) / 1e9);
				}
				put_series(w, family, "_bucket", m, "outcome",
					   outcome_name(j));
				fprintf(w->out, ",le=\"%s\"", le);
				put_count(w, sum);
			}
			put_sum(w, family, m, "outcome", outcome_name(j),
				m->hist.sum_ns[j], false, sum);
		}
	}
}

/* "0.1", "1.0", "1e+06": as OpenMetrics wants floats to be written. */
static const char *bound_text(double bound, char *buf, size_t len)
{
	snprintf(buf, len, "%.6g", bound);
	if (!strpbrk(buf, ".e"))
		strcat(buf, ".0");
	return buf;
}

/* One distribution of one mount. */
static void put_spread(const struct writer *w, const char *family,
		       const struct sample_mount *m, int kind,
		       const char *label, const char *value)
{
	static const uint64_t times_ns[] = TRACE_TIME_BOUNDS_NS;
	static const uint64_t cnts[] = TRACE_CNT_BOUNDS;
	const struct trace_spread *s = &m->spreads.of[kind];
	bool is_cnt = kind == TRACE_DIED;
	uint64_t sum = 0;
	char le[32];

	for (int i = 0; i <= TRACE_BOUNDS; i++) {
		sum += s->slots[i];
		put_series(w, family, "_bucket", m, label, value);
		fprintf(w->out, ",le=\"%s\"",
			i == TRACE_BOUNDS
				? "+Inf"
				: bound_text(is_cnt ? cnts[i]
						    : times_ns[i] / 1e9,
					     le, sizeof(le)));
		put_count(w, sum);
	}
	put_sum(w, family, m, label, value, s->sum, is_cnt, sum);
}

static const struct {
	const char *name, *help;
	int kind;
	bool is_cnt;
} spreads[] = {
	{ "fuse_cascade_stall_seconds",
	  "How long a walk waited in which a stale directory was torn down",
	  TRACE_STALL, false },
	{ "fuse_cascade_dentries", "Dentries that died in one such walk",
	  TRACE_DIED, true },
	{ "fuse_lookup_queue_seconds",
	  "How long LOOKUPs waited until the daemon read them", TRACE_QUEUED,
	  false },
	{ "fuse_lookup_service_seconds",
	  "How long the daemon took from then on until it answered",
	  TRACE_SERVED, false },
};

static bool is_empty(const struct trace_spread *s)
{
	for (int i = 0; i <= TRACE_BOUNDS; i++)
		if (s->slots[i])
			return false;
	return true;
}

static void put_spreads(const struct writer *w)
{
	static const char notified[] = "fuse_notification_seconds";

	for (size_t i = 0; i < sizeof(spreads) / sizeof(spreads[0]); i++) {
		put_head(w, spreads[i].name, "histogram",
			 spreads[i].is_cnt ? NULL : "seconds", spreads[i].help);
		EACH(w, m)
		put_spread(w, spreads[i].name, m, spreads[i].kind, NULL, NULL);
	}
	put_head(w, notified, "histogram", "seconds",
		 "How long notifications took inside the kernel; of kinds that "
		 "came");
	EACH(w, m)
	for (int i = 0; i < TRACE_NOTIFIES; i++)
		if (!is_empty(&m->spreads.of[TRACE_NOTIFIED + i]))
			put_spread(w, notified, m, TRACE_NOTIFIED + i, "kind",
				   notify_name(i));
}

/* A family whose members differ in one more label. */
static void put_labelled(const struct writer *w, const char *family,
			 const char *help, const char *label,
			 const char *(*name)(int), int cnt, size_t field)
{
	put_head(w, family, "counter", NULL, help);
	EACH(w, m)
	{
		const uint64_t *values =
			(const void *)((const char *)&m->c + field);

		for (int j = 0; j < cnt; j++) {
			put_series(w, family, "_total", m, label, name(j));
			put_count(w, values[j]);
		}
	}
}

static void put_gauges(const struct writer *w)
{
	static const char epoch[] = "fuse_epoch";
	static const char cnt[] = "fuse_notifications_in_progress";
	static const char oldest[] = "fuse_notification_oldest_seconds";

	put_head(w, epoch, "gauge", NULL, "Current epoch of the connection");
	EACH(w, m)
	{
		if (!m->epoch || !w->v->epochs)
			continue;
		put_series(w, epoch, "", m, NULL, NULL);
		put_count(w, m->epoch);
	}
	put_head(w, cnt, "gauge", NULL,
		 "Notifications that the kernel is about");
	EACH(w, m)
	{
		put_series(w, cnt, "", m, NULL, NULL);
		put_count(w, m->notifying_cnt);
	}
	put_head(w, oldest, "gauge", "seconds",
		 "For how long it has been about the oldest of them; 0: none");
	EACH(w, m)
	{
		put_series(w, oldest, "", m, NULL, NULL);
		put_seconds(w, m->notifying_ns);
	}
}

static void put_own(const struct writer *w)
{
	static const char *const kinds[] = {
		[TRACE_LOST_EVENTS] = "events",
		[TRACE_LOST_COUNTS] = "counts",
		[TRACE_LOST_STATE] = "state",
	};
	const struct sample *s = w->v->sample;

	put_head(w, "epochstat_lost", "counter", NULL,
		 "What couldn't be counted, by kind");
	for (int i = 0; i < TRACE_LOST_KINDS; i++)
		fprintf(w->out, "epochstat_lost_total{kind=\"%s\"} %llu\n",
			kinds[i], (unsigned long long)s->lost[i]);
	fprintf(w->out, "epochstat_lost_total{kind=\"programs\"} %llu\n",
		(unsigned long long)(s->missed_cnt - s->unassigned_cnt));
	put_head(w, "fuse_dentry_revalidations_unassigned", "counter", NULL,
		 "Revalidations of which no mount is known: the kernel didn't "
		 "run the tracer, as a task was preempted in it");
	fprintf(w->out, "fuse_dentry_revalidations_unassigned_total %llu\n",
		(unsigned long long)s->unassigned_cnt);
	put_head(w, "epochstat_build_info", "gauge", NULL,
		 "The version, as a label of what is always 1");
	fputs("epochstat_build_info{", w->out);
	put_label(w->out, "version", version());
	fputs("} 1\n", w->out);
}

char *stat_metrics(const struct stat_view *v, bool openmetrics)
{
	struct writer w = { .v = v, .openmetrics = openmetrics };
	char *text = NULL;
	size_t len;

	w.out = open_memstream(&text, &len);
	if (!w.out)
		return NULL;
	put_labelled(&w, "fuse_dentry_revalidations",
		     "Calls of fuse_dentry_revalidate() by outcome", "outcome",
		     outcome_name, TRACE_OUTCOMES,
		     offsetof(struct trace_counts, outcome_cnt));
	put_labelled(&w, "fuse_notifications", "Notifications by kind", "kind",
		     notify_name, TRACE_NOTIFIES,
		     offsetof(struct trace_counts, notify_cnt));
	put_counters(&w);
	put_gauges(&w);
	put_namespaces(&w);
	put_spreads(&w);
	if (v->hist)
		put_hists(&w);
	put_own(&w);
	if (openmetrics)
		fputs("# EOF\n", w.out);
	if (fclose(w.out)) {
		free(text);
		return NULL;
	}
	return text;
}
