// SPDX-License-Identifier: GPL-2.0-only
/*
 * compare_gap.c - variants that can't be compared, and whether that is a failure.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench/lib/grow.h"
#include "bench/lib/status.h"
#include "bench/lib/text.h"
#include "compare_internal.h"

/* Any record of NEW; the one with the key of like, if there is one. */
static const struct record *some_of_new(const struct match *m,
					const struct record *like)
{
	const struct record *const *rec, *found = m->some_fresh;
	size_t cnt;

	rec = compare_range(m, m->fresh, like, &cnt);
	for (size_t i = 0; i < cnt; i++)
		if (compare_plays(m, rec[i], ROLE_NEW))
			found = rec[i];
	return found ? found : like;
}

/* A gap about that record, with the reason. */
__attribute__((format(printf, 4, 5))) static int
add_gap(struct match *m, const struct record *rec, bool failed, const char *fmt,
	...)
{
	struct comparison *out = m->out;
	struct compare_gap *gap;
	char what[120];
	va_list ap;

	gap = grow(out->gap, out->gap_cnt, sizeof(*gap));
	if (!gap)
		return -ENOMEM;
	out->gap = gap;
	gap += out->gap_cnt++;
	gap->rec = rec;
	gap->fresh = some_of_new(m, rec);
	gap->failed = failed;
	va_start(ap, fmt);
	vsnprintf(gap->why, sizeof(gap->why), fmt, ap);
	va_end(ap);
	text_tame(gap->why);
	compare_describe(rec, what, sizeof(what));
	fprintf(stderr, "epochbench: compare: %s: %s\n", what, gap->why);
	return 0;
}

int compare_add_absent(struct match *m, const struct record *rec,
		       enum role role)
{
	bool gone = role == ROLE_BASE || m->opt->strict;
	bool failed = rec->exit != STATUS_SKIP && gone;

	m->out->absent |= failed;
	return add_gap(m, rec, failed, "only in %s",
		       (role == ROLE_NEW ? m->fresh : m->base)->name);
}

int compare_add_unmeasured(struct match *m, const struct record *base,
			   const struct record *fresh)
{
	const struct record *bad = base->exit ? base : fresh;
	bool failed = fresh->exit == STATUS_FAILED && !base->exit;

	/* Neither side can do that: no news. */
	if (base->exit == STATUS_SKIP && fresh->exit == STATUS_SKIP)
		return 0;
	m->out->failed |= failed;
	return add_gap(m, base, failed, "%s in %s: %s",
		       bad->exit == STATUS_SKIP ? "skipped" : "failed",
		       (bad == base ? m->base : m->fresh)->name, bad->why);
}
