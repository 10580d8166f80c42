// SPDX-License-Identifier: GPL-2.0-only
#include "sample.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

bool sample_is_max(size_t i)
{
	return i == offsetof(struct trace_counts, behind_max_cnt) / 8 ||
	       i == offsetof(struct trace_counts, cascade_max_ns) / 8;
}

int sample_by_dev(const void *a, const void *b)
{
	uint32_t left = ((const struct sample_mount *)a)->dev;
	uint32_t right = ((const struct sample_mount *)b)->dev;

	return left < right ? -1 : left > right;
}

struct sample_mount *sample_find(const struct sample *s, uint32_t dev)
{
	const struct sample_mount key = { .dev = dev };

	return s->cnt ? bsearch(&key, s->mounts, s->cnt, sizeof(key),
				sample_by_dev)
		      : NULL;
}

int sample_add(struct sample *s, uint32_t dev)
{
	struct sample_mount *more;
	size_t at = s->cnt;

	if (sample_find(s, dev))
		return 0;
	more = realloc(s->mounts, (s->cnt + 1) * sizeof(*more));
	if (!more)
		return -ENOMEM;
	s->mounts = more;
	for (; at && more[at - 1].dev > dev; at--)
		more[at] = more[at - 1];
	more[at] = (struct sample_mount){ .dev = dev };
	s->cnt++;
	return 0;
}

void sample_free(struct sample *s)
{
	if (!s)
		return;
	free(s->mounts);
	free(s);
}

static void subtract(uint64_t *from, const uint64_t *what, size_t bytes)
{
	/* What was still on its way at one time may be less at the next. */
	for (size_t i = 0; i < bytes / 8; i++)
		from[i] = from[i] > what[i] ? from[i] - what[i] : 0;
}

struct sample *sample_between(const struct sample *old,
			      const struct sample *new)
{
	struct sample *s = malloc(sizeof(*s));

	if (!s)
		return NULL;
	*s = *new;
	s->mounts = malloc(new->cnt * sizeof(*new->mounts) + 1);
	if (!s->mounts) {
		free(s);
		return NULL;
	}
	if (new->cnt)
		memcpy(s->mounts, new->mounts, new->cnt * sizeof(*new->mounts));
	if (!old)
		return s;
	subtract(&s->missed_cnt, &old->missed_cnt, sizeof(s->missed_cnt));
	subtract(&s->unassigned_cnt, &old->unassigned_cnt,
		 sizeof(s->unassigned_cnt));
	subtract(s->lost, old->lost, sizeof(s->lost));
	for (size_t i = 0; i < s->cnt; i++) {
		struct sample_mount *m = &s->mounts[i];
		const struct sample_mount *before = sample_find(old, m->dev);
		struct trace_counts c = m->c;

		if (!before)
			continue;
		subtract(&m->hit_cnt, &before->hit_cnt, sizeof(m->hit_cnt));
		subtract((uint64_t *)&m->c, (const uint64_t *)&before->c,
			 sizeof(m->c));
		subtract((uint64_t *)&m->hist, (const uint64_t *)&before->hist,
			 sizeof(m->hist));
		subtract((uint64_t *)&m->spreads,
			 (const uint64_t *)&before->spreads,
			 sizeof(m->spreads));
		m->c.behind_max_cnt = c.behind_max_cnt;
		m->c.cascade_max_ns = c.cascade_max_ns;
	}
	return s;
}

void sample_follow(const struct sample *old, struct sample *new)
{
	for (size_t i = 0; i < new->cnt; i++) {
		struct trace_counts *c = &new->mounts[i].c;
		const struct sample_mount *before =
			sample_find(old, new->mounts[i].dev);

		if (before && c->outcome_cnt[TRACE_FRESH] <
				      before->c.outcome_cnt[TRACE_FRESH])
			c->outcome_cnt[TRACE_FRESH] =
				before->c.outcome_cnt[TRACE_FRESH];
	}
}

uint64_t sample_miss_cnt(const struct sample_mount *m)
{
	uint64_t sum = 0;

	for (int i = TRACE_EPOCH; i < TRACE_OUTCOMES; i++)
		sum += m->c.outcome_cnt[i];
	return sum;
}

uint64_t sample_revalidate_cnt(const struct sample_mount *m)
{
	return m->c.outcome_cnt[TRACE_FRESH] +
	       m->c.outcome_cnt[TRACE_RELOOKED] + sample_miss_cnt(m);
}

uint64_t sample_other_notify_cnt(const struct sample_mount *m)
{
	uint64_t sum = 0;

	for (int i = 0; i < TRACE_NOTIFIES; i++)
		if (i != TRACE_NOTIFY_INC_EPOCH &&
		    i != TRACE_NOTIFY_INVAL_ENTRY &&
		    i != TRACE_NOTIFY_INVAL_INODE)
			sum += m->c.notify_cnt[i];
	return sum;
}

bool sample_is_idle(const struct sample_mount *m)
{
	const uint64_t *field = (const uint64_t *)&m->c;

	for (size_t i = 0; i < sizeof(m->c) / 8; i++)
		if (field[i] && !sample_is_max(i))
			return false;
	return !m->hit_cnt;
}
