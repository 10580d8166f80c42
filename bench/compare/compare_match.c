// SPDX-License-Identifier: GPL-2.0-only
/*
 * compare_match.c - which records are of which side, and which belong together.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/lib/sizes.h"
#include "bench/record/record_group.h"
#include "bench/record/record_same.h"
#include "compare_internal.h"

int compare_index(struct match *m)
{
	m->base_sorted = record_pointers(m->base->rec, m->base->cnt);
	m->fresh_sorted = record_pointers(m->fresh->rec, m->fresh->cnt);
	if (!m->base_sorted || !m->fresh_sorted)
		return -ENOMEM;
	record_sort(m->base_sorted, m->base->cnt, record_compare_key);
	record_sort(m->fresh_sorted, m->fresh->cnt, record_compare_key);
	for (size_t i = 0; i < m->fresh->cnt && !m->fresh_has_new; i++)
		m->fresh_has_new = !strcmp(m->fresh->rec[i].side, "new");
	for (size_t i = 0; i < m->fresh->cnt && !m->some_fresh; i++)
		if (compare_plays(m, &m->fresh->rec[i], ROLE_NEW))
			m->some_fresh = &m->fresh->rec[i];
	return 0;
}

void compare_unindex(struct match *m)
{
	free(m->base_sorted);
	free(m->fresh_sorted);
}

const struct record *const *compare_range(const struct match *m,
					  const struct record_set *set,
					  const struct record *like,
					  size_t *cnt)
{
	const struct record **all =
		set == m->base ? m->base_sorted : m->fresh_sorted;
	size_t low = 0, high = set->cnt;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (record_compare_key(all[mid], like) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	*cnt = 0;
	while (low + *cnt < set->cnt &&
	       !record_compare_key(all[low + *cnt], like))
		(*cnt)++;
	return all + low;
}

static bool has_fuse(const struct record *rec, const char *fuse)
{
	return !fuse || (!strncmp(rec->host.fuse, fuse, strlen(fuse)) &&
			 strchr(" ", rec->host.fuse[strlen(fuse)]));
}

bool compare_wanted(const struct match *m, const struct record *rec)
{
	char n[24];

	snprintf(n, sizeof(n), "%llu", (unsigned long long)rec->n);
	return list_has(m->opt->methods, rec->method) &&
	       list_has(m->opt->sizes, n);
}

/* Records that name no side are of whichever the file is. */
bool compare_plays(const struct match *m, const struct record *rec,
		   enum role role)
{
	bool one = m->base == m->fresh, fuse = m->opt->fuse[0] != NULL;

	if (!has_fuse(rec, m->opt->fuse[role == ROLE_NEW]))
		return false;
	if (role == ROLE_AGAIN)
		return !strcmp(rec->side, "again");
	if (!rec->side[0])
		return !one || fuse;
	if (role == ROLE_BASE)
		return !strcmp(rec->side, "base");
	if (one || m->fresh_has_new)
		return !strcmp(rec->side, "new");
	return !strcmp(rec->side, "base");
}

void compare_describe(const struct record *rec, char *buf, size_t len)
{
	snprintf(buf, len, "%s, %s, %s, %llu names", rec->case_name,
		 rec->method, rec->shape, (unsigned long long)rec->n);
}

int compare_find(struct match *m, const struct record *like, enum role role,
		 const struct record **out)
{
	const struct record_set *set = role == ROLE_NEW ? m->fresh : m->base;
	const struct record *const *rec;
	char what[120];
	size_t cnt;

	*out = NULL;
	rec = compare_range(m, set, like, &cnt);
	for (size_t i = 0; i < cnt; i++) {
		if (!compare_plays(m, rec[i], role))
			continue;
		if (*out) {
			compare_describe(like, what, sizeof(what));
			return compare_refuse(
				m,
				"%s has '%s' twice: give one run, or "
				"choose with --fuse, or join runs that "
				"took turns with epochbench merge",
				set->name, what);
		}
		*out = rec[i];
	}
	return 0;
}
