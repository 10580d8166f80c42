// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>

#include <jansson.h>

#include "names.h"
#include "stat.h"
#include "bench/lib/text.h"

static json_t *outcomes_json(const struct sample_mount *m)
{
	json_t *o = json_object();

	for (int i = 0; i < TRACE_OUTCOMES; i++)
		json_object_set_new(o, outcome_name(i),
				    json_integer(m->c.outcome_cnt[i]));
	return o;
}

static json_t *notifies_json(const struct sample_mount *m)
{
	json_t *o = json_object();

	for (int i = 0; i < TRACE_NOTIFIES; i++)
		json_object_set_new(o, notify_name(i),
				    json_integer(m->c.notify_cnt[i]));
	return o;
}

/* {"fresh": [0, 0, 12, ...], ...}: without the zeros at the end. */
static json_t *hists_json(const struct sample_mount *m)
{
	json_t *o = json_object();

	for (int i = 0; i < TRACE_OUTCOMES; i++) {
		const uint64_t *slots = m->hist.slots[i];
		json_t *list = json_array();
		int cnt = TRACE_SLOTS;

		while (cnt && !slots[cnt - 1])
			cnt--;
		for (int j = 0; j < cnt; j++)
			json_array_append_new(list, json_integer(slots[j]));
		json_object_set_new(o, outcome_name(i), list);
	}
	return o;
}

static json_t *mount_json(const struct stat_view *v,
			  const struct sample_mount *m)
{
	const struct mount_entry *e =
		mounts_find(v->mounts, m->dev, m->generation);
	const struct trace_counts *c = &m->c;
	const struct sample *s = v->sample;
	char dev[32];
	json_t *o;

	snprintf(dev, sizeof(dev), "%u:%u", m->dev >> 20, m->dev & 0xfffff);
	o = json_pack(
		"{s:s, s:I, s:f, s:s, s:I, s:o*, s:s*, s:I, s:i, s:b, s:b, "
		"s:I, "
		"s:o, "
		"s:o, "
		"s:I, s:I, s:I, s:I, s:I, s:o, s:I, s:{s:I, s:I, s:I, s:I}, "
		"s:I, s:I, s:I, s:{s:I, s:I, s:I, s:I, s:I}}",
		"schema", "epochstat/1", "ns", (json_int_t)s->ns, "interval_s",
		v->interval_s, "dev", dev, "generation",
		(json_int_t)m->generation, "mount",
		e ? text_json(e->path) : NULL, "type", e ? e->type : NULL,
		"namespace", (json_int_t)(e ? e->ns : 0), "namespace_pid",
		e ? (int)e->pid : 0, "mounted", e && !e->gone, "epochs",
		v->epochs, "revalidate_cnt",
		(json_int_t)sample_revalidate_cnt(m), "outcome_cnt",
		outcomes_json(m), "epoch",
		v->epochs && m->epoch ? json_integer(m->epoch) : json_null(),
		"behind_cnt", (json_int_t)c->behind_cnt, "behind_max_cnt",
		(json_int_t)c->behind_max_cnt, "rcu_retry_cnt",
		(json_int_t)c->rcu_retry_cnt, "lookup_cnt",
		(json_int_t)c->lookup_cnt, "forget_cnt",
		(json_int_t)c->forget_cnt, "notify_cnt", notifies_json(m),
		"notify_failed_cnt", (json_int_t)c->notify_failed_cnt,
		"cascade", "cnt", (json_int_t)c->cascade_cnt, "ns",
		(json_int_t)c->cascade_ns, "max_ns",
		(json_int_t)c->cascade_max_ns, "dentry_cnt",
		(json_int_t)c->cascade_dentry_cnt, "detach_cnt",
		(json_int_t)c->detach_cnt, "freed_cnt",
		(json_int_t)c->freed_cnt, "torn_cnt", (json_int_t)c->torn_cnt,
		"lost", "events", (json_int_t)s->lost[TRACE_LOST_EVENTS],
		"counts", (json_int_t)s->lost[TRACE_LOST_COUNTS], "state",
		(json_int_t)s->lost[TRACE_LOST_STATE], "programs",
		(json_int_t)s->missed_cnt, "revalidations",
		(json_int_t)s->unassigned_cnt);
	if (o && v->hist) {
		json_object_set_new(o, "hist_log2_ns", hists_json(m));
		json_object_set_new(o, "untimed_cnt",
				    json_integer(sample_untimed_cnt(m)));
	}
	return o;
}

int stat_json_print(const struct stat_view *v, FILE *out)
{
	for (size_t i = 0; i < v->sample->cnt; i++) {
		const struct sample_mount *m = &v->sample->mounts[i];
		json_t *o;

		if (!stat_is_shown(v, m))
			continue;
		o = mount_json(v, m);
		if (!o)
			return -ENOMEM;
		json_dumpf(o, out, JSON_COMPACT | JSON_REAL_PRECISION(9));
		fputc('\n', out);
		json_decref(o);
	}
	return 0;
}
