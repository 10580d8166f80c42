// SPDX-License-Identifier: GPL-2.0-only
#include "series.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int series_add_mounted(struct sample *s, const struct mounts *mounts)
{
	struct trace_life *lives =
		malloc((mounts_cnt(mounts) + 1) * sizeof(*lives));
	size_t cnt = 0;
	int err;

	if (!lives)
		return -ENOMEM;
	for (size_t i = 0; i < mounts_cnt(mounts); i++) {
		const struct mount_entry *e = mounts_at(mounts, i);

		if (!e->gone)
			lives[cnt++] = (struct trace_life){
				.dev = e->dev, .generation = e->generation
			};
	}
	err = sample_add(s, lives, cnt);
	free(lives);
	return err;
}

/* A mount of a sample, and what it is called. */
struct series {
	const struct mount_entry *e; /* NULL: nobody knows */
	size_t nr;
};

/* What stat_metrics.c makes labels of. */
static int by_name(const void *a, const void *b, void *arg)
{
	const struct sample *s = arg;
	const struct series *x = a, *y = b;
	uint32_t left = s->mounts[x->nr].dev, right = s->mounts[y->nr].dev;
	int order;

	if (left != right)
		return left < right ? -1 : 1;
	if (!x->e || !y->e)
		return !!x->e - !!y->e;
	order = strcmp(x->e->path, y->e->path);
	if (!order)
		order = strcmp(x->e->source, y->e->source);
	if (!order)
		order = strcmp(x->e->type, y->e->type);
	if (!order)
		order = x->e->ns < y->e->ns ? -1 : x->e->ns > y->e->ns;
	return order;
}

/* By name, and those of one name by generation. */
static int by_age(const void *a, const void *b, void *arg)
{
	const struct series *x = a, *y = b;

	return by_name(a, b, arg) ?: x->nr < y->nr ? -1 : x->nr > y->nr;
}

int series_drop_replaced(struct sample *s, const struct mounts *mounts)
{
	struct series *all = malloc((s->cnt + 1) * sizeof(*all));
	bool *dropped = calloc(s->cnt + 1, sizeof(*dropped));
	size_t kept = 0;

	for (size_t i = 0; all && dropped && i < s->cnt; i++)
		all[i] = (struct series){
			.e = mounts_find(mounts, s->mounts[i].dev,
					 s->mounts[i].generation),
			.nr = i,
		};
	if (all && dropped) {
		qsort_r(all, s->cnt, sizeof(*all), by_age, s);
		for (size_t i = 1; i < s->cnt; i++)
			dropped[all[i - 1].nr] =
				!by_name(&all[i - 1], &all[i], s);
		for (size_t i = 0; i < s->cnt; i++)
			if (!dropped[i])
				s->mounts[kept++] = s->mounts[i];
		s->cnt = kept;
	}
	free(all);
	free(dropped);
	return all && dropped ? 0 : -ENOMEM;
}
