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

static int by_life(const void *a, const void *b)
{
	const struct sample_mount *x = a, *y = b;

	if (x->dev != y->dev)
		return x->dev < y->dev ? -1 : 1;
	return x->generation < y->generation ? -1
					     : x->generation > y->generation;
}

static int by_dev(const void *a, const void *b)
{
	const struct trace_life *x = a, *y = b;

	return x->dev < y->dev ? -1 : x->dev > y->dev;
}

void sample_sort(struct sample *s)
{
	if (s->cnt)
		qsort(s->mounts, s->cnt, sizeof(*s->mounts), by_life);
	if (s->life_cnt)
		qsort(s->lives, s->life_cnt, sizeof(*s->lives), by_dev);
}

struct sample_mount *sample_find(const struct sample *s, uint32_t dev,
				 uint32_t generation)
{
	const struct sample_mount key = { .dev = dev,
					  .generation = generation };

	return s->cnt ? bsearch(&key, s->mounts, s->cnt, sizeof(key), by_life)
		      : NULL;
}

uint32_t sample_generation(const struct sample *s, uint32_t dev)
{
	const struct trace_life key = { .dev = dev }, *found = NULL;

	if (s->life_cnt)
		found = bsearch(&key, s->lives, s->life_cnt, sizeof(key),
				by_dev);
	return found ? found->generation : 0;
}

/* Room for more mounts behind those that are there; -ENOMEM. */
static int make_room(struct sample *s, size_t cnt)
{
	struct sample_mount *more;

	more = realloc(s->mounts, (s->cnt + cnt + 1) * sizeof(*more));
	if (!more)
		return -ENOMEM;
	s->mounts = more;
	return 0;
}

int sample_add(struct sample *s, const struct trace_life *lives, size_t cnt)
{
	size_t added = 0;

	if (make_room(s, cnt))
		return -ENOMEM;
	for (size_t i = 0; i < cnt; i++) {
		const struct trace_life *life = &lives[i];

		if ((i && life->dev == life[-1].dev) ||
		    sample_find(s, life->dev, life->generation))
			continue;
		s->mounts[s->cnt + added++] =
			(struct sample_mount){ .dev = life->dev,
					       .generation = life->generation };
	}
	s->cnt += added;
	sample_sort(s);
	return 0;
}

int sample_keep_gone(const struct sample *old, struct sample *new,
		     uint64_t max_ns)
{
	size_t kept = 0;

	if (make_room(new, old->cnt))
		return -ENOMEM;
	for (size_t i = 0; i < old->cnt; i++) {
		const struct sample_mount *m = &old->mounts[i];

		if (m->gone_ns && new->ns - m->gone_ns < max_ns)
			new->mounts[new->cnt + kept++] = *m;
	}
	new->cnt += kept;
	sample_sort(new);
	return 0;
}

void sample_free(struct sample *s)
{
	if (!s)
		return;
	free(s->mounts);
	free(s->lives);
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
	s->lives = NULL;
	s->life_cnt = 0;
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
		const struct sample_mount *before =
			sample_find(old, m->dev, m->generation);
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
		struct sample_mount *m = &new->mounts[i];
		const struct sample_mount *before =
			sample_find(old, m->dev, m->generation);
		uint64_t *fresh_cnt = &m->c.outcome_cnt[TRACE_FRESH];

		if (!before)
			continue;
		if (*fresh_cnt < before->c.outcome_cnt[TRACE_FRESH])
			*fresh_cnt = before->c.outcome_cnt[TRACE_FRESH];
		if (!m->epoch)
			m->epoch = before->epoch;
		m->epoch_asked = before->epoch_asked;
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

uint64_t sample_untimed_cnt(const struct sample_mount *m)
{
	uint64_t all = sample_revalidate_cnt(m), timed = 0;

	for (int i = 0; i < TRACE_OUTCOMES; i++)
		for (int j = 0; j < TRACE_SLOTS; j++)
			timed += m->hist.slots[i][j];
	return all > timed ? all - timed : 0;
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
