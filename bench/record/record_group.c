// SPDX-License-Identifier: GPL-2.0-only
#include "record_group.h"

#include <errno.h>
#include <stdlib.h>

static int compare_places(const struct record *a, const struct record *b)
{
	return (a > b) - (a < b);
}

static int compare(const void *one, const void *other, void *arg)
{
	const struct record *a = *(const struct record *const *)one;
	const struct record *b = *(const struct record *const *)other;
	record_order_fn *order = *(record_order_fn **)arg;
	int ret = order(a, b);

	return ret ? ret : compare_places(a, b);
}

const struct record **record_pointers(const struct record *recs, size_t cnt)
{
	const struct record **rec = calloc(cnt + 1, sizeof(*rec));

	for (size_t i = 0; rec && i < cnt; i++)
		rec[i] = &recs[i];
	return rec;
}

void record_sort(const struct record **rec, size_t cnt, record_order_fn *order)
{
	qsort_r(rec, cnt, sizeof(*rec), compare, &order);
}

size_t record_group_size(const struct record *const *rec, size_t cnt,
			 record_order_fn *order)
{
	size_t i = 0;

	while (i < cnt && !order(rec[0], rec[i]))
		i++;
	return i;
}

/* A record, and the first one of its group. */
struct member {
	const struct record *first, *rec;
};

static int compare_members(const void *one, const void *other)
{
	const struct member *a = one, *b = other;
	int ret = compare_places(a->first, b->first);

	return ret ? ret : compare_places(a->rec, b->rec);
}

int record_group(const struct record **rec, size_t cnt, record_order_fn *order)
{
	struct member *all = calloc(cnt + 1, sizeof(*all));
	const struct record *first = NULL;

	if (!all)
		return -ENOMEM;
	record_sort(rec, cnt, order);
	for (size_t i = 0; i < cnt; i++) {
		if (!first || order(first, rec[i]))
			first = rec[i];
		all[i] = (struct member){ first, rec[i] };
	}
	qsort(all, cnt, sizeof(*all), compare_members);
	for (size_t i = 0; i < cnt; i++)
		rec[i] = all[i].rec;
	free(all);
	return 0;
}
