// SPDX-License-Identifier: GPL-2.0-only
/*
 * compare_match.c - which records are of which side, and which belong together.
 */
#include <stdio.h>
#include <string.h>

#include "bench/lib/sizes.h"
#include "compare_internal.h"

bool compare_same_key(const struct record *a, const struct record *b)
{
	return a->n == b->n && a->threads == b->threads &&
	       !strcmp(a->case_name, b->case_name) &&
	       !strcmp(a->method, b->method) && !strcmp(a->shape, b->shape) &&
	       !strcmp(a->populate, b->populate) &&
	       !strcmp(a->clock_unit, b->clock_unit);
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

static bool has_side(const struct record_set *set, const char *side)
{
	for (size_t i = 0; i < set->cnt; i++)
		if (!strcmp(set->rec[i].side, side))
			return true;
	return false;
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
	if (one || has_side(m->fresh, "new"))
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
	char what[120];

	*out = NULL;
	for (size_t i = 0; i < set->cnt; i++) {
		if (!compare_same_key(&set->rec[i], like) ||
		    !compare_plays(m, &set->rec[i], role))
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
		*out = &set->rec[i];
	}
	return 0;
}
