// SPDX-License-Identifier: GPL-2.0-only
#include "record_same.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "record_group.h"

static int compare_numbers(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static int compare_texts(const char *const texts[][2], size_t cnt)
{
	int order = 0;

	for (size_t i = 0; !order && i < cnt; i++)
		order = strcmp(texts[i][0], texts[i][1]);
	return order;
}

int record_compare_key(const struct record *a, const struct record *b)
{
	const char *const texts[][2] = {
		{ a->case_name, b->case_name },	  { a->method, b->method },
		{ a->shape, b->shape },		  { a->populate, b->populate },
		{ a->clock_unit, b->clock_unit },
	};
	int order = compare_numbers(a->n, b->n);

	if (!order)
		order = compare_numbers(a->threads, b->threads);
	return order ?: compare_texts(texts, sizeof(texts) / sizeof(texts[0]));
}

int record_compare_variant(const struct record *a, const struct record *b)
{
	const char *const texts[][2] = {
		{ a->side, b->side },
		{ a->host.name, b->host.name },
		{ a->host.kernel, b->host.kernel },
		{ a->host.fuse, b->host.fuse },
		{ record_daemon_of(a)->command, record_daemon_of(b)->command },
	};
	int order = record_compare_key(a, b);

	if (!order)
		order = compare_numbers(a->traced, b->traced);
	return order ?: compare_texts(texts, sizeof(texts) / sizeof(texts[0]));
}

/* A sample, and the record that has it. */
struct item {
	const struct record *rec;
	size_t nr;
};

static int compare_items(const void *one, const void *other)
{
	const struct item *a = one, *b = other;
	/* All of it, to the nanosecond: two measurements never agree in that. */
	int order = record_compare_samples(a->rec, a->nr, b->rec, b->nr);

	return order ? order : record_compare_variant(a->rec, b->rec);
}

int record_find_twice(const struct record *recs, size_t cnt,
		      struct record_twice *twice)
{
	size_t item_cnt = 0, at = 0;
	struct item *items;

	for (size_t i = 0; i < cnt; i++)
		item_cnt += recs[i].sample_cnt;
	items = calloc(item_cnt + 1, sizeof(*items));
	if (!items)
		return -ENOMEM;
	for (size_t i = 0; i < cnt; i++)
		for (size_t k = 0; k < recs[i].sample_cnt; k++)
			items[at++] = (struct item){ &recs[i], k };
	qsort(items, item_cnt, sizeof(*items), compare_items);
	twice->found = false;
	for (size_t i = 1; !twice->found && i < item_cnt; i++) {
		size_t a = (size_t)(items[i - 1].rec - recs);
		size_t b = (size_t)(items[i].rec - recs);

		twice->found = !compare_items(&items[i - 1], &items[i]);
		twice->first = a < b ? a : b;
		twice->second = a < b ? b : a;
	}
	free(items);
	return 0;
}

/* "20261122T233132Z-6932": it begins with when; "" if it doesn't. */
static const char *date_of(const struct record *rec)
{
	const char *id = rec->run_id;

	return strlen(id) >= 16 && id[8] == 'T' && id[15] == 'Z' ? id : "";
}

static int compare_dates(const void *one, const void *other)
{
	const struct record *a = *(struct record *const *)one;
	const struct record *b = *(struct record *const *)other;
	int order = strncmp(date_of(a), date_of(b), 16);

	/* They lie in one array: what was earlier there stays so. */
	return order ? order : (a > b) - (a < b);
}

static int compare_whole(const struct record *a, const struct record *b)
{
	int order = strcmp(a->run_id, b->run_id);

	if (!order)
		order = record_compare_variant(a, b);
	if (!order)
		order = strcmp(a->host.bench, b->host.bench);
	if (!order)
		order = strcmp(a->host.cpu_model, b->host.cpu_model);
	if (!order)
		order = compare_numbers(a->sample_cnt, b->sample_cnt);
	for (size_t i = 0; !order && i < a->sample_cnt; i++)
		order = record_compare_samples(a, i, b, i);
	return order;
}

/* Of each, the first stays; sorted by compare_whole(). */
static size_t drop_copies(struct record **sorted, size_t cnt)
{
	size_t kept = 0;

	for (size_t i = 0; i < cnt; i++)
		if (kept && !compare_whole(sorted[kept - 1], sorted[i]))
			record_free(sorted[i]);
		else
			sorted[kept++] = sorted[i];
	return kept;
}

int record_sort_runs(struct record *recs, size_t *cnt)
{
	struct record **sorted = calloc(*cnt + 1, sizeof(*sorted));
	struct record *copy = calloc(*cnt + 1, sizeof(*copy));

	if (!sorted || !copy) {
		free(sorted);
		free(copy);
		return -ENOMEM;
	}
	for (size_t i = 0; i < *cnt; i++)
		sorted[i] = &recs[i];
	record_sort((const struct record **)sorted, *cnt, compare_whole);
	*cnt = drop_copies(sorted, *cnt);
	qsort(sorted, *cnt, sizeof(*sorted), compare_dates);
	for (size_t i = 0; i < *cnt; i++)
		copy[i] = *sorted[i];
	memcpy(recs, copy, *cnt * sizeof(*recs));
	free(sorted);
	free(copy);
	return 0;
}
