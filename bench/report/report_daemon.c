// SPDX-License-Identifier: GPL-2.0-only
#include "report_daemon.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "bench/lib/units.h"
#include "bench/record/record_text.h"
#include "case_table.h"
#include "phase_stats.h"
#include "summary.h"

/* A method, as far as it fits this daemon. */
struct judged {
	const struct record *rec;
	struct stats total;
	bool seen; /* all changes that could be */
	bool harmless; /* it broke nothing, and no name has another number */
	double renumbered_cnt;
};

enum { METHODS_MAX = 64, BREAKS_LEN = 32 };

static double value(const struct record *rec, enum column_kind kind)
{
	const struct column col = { .kind = kind };

	return summary_of(&col, rec, NULL).value;
}

static void put(FILE *out, double number, enum unit unit)
{
	char text[UNITS_LEN];

	fputs(units_format(number, unit, text, sizeof(text)), out);
}

/* What was watched for no longer than that. */
static void put_time(FILE *out, uint64_t ns, uint64_t watched_ns)
{
	if (!ns) {
		fputs("not at all", out);
		return;
	}
	fputs(ns < watched_ns ? "for " : "for more than ", out);
	put(out, (double)ns, UNIT_NS);
}

static void put_facts(FILE *out, const struct record_daemon *d)
{
	fprintf(out,
		"For this daemon: %s (package %s, %s, %llu thread%s, %llu open "
		"/dev/fuse).  ",
		d->program, d->package[0] ? d->package : "-",
		d->library[0] ? d->library : "no libfuse to be seen",
		(unsigned long long)d->threads, d->threads == 1 ? "" : "s",
		(unsigned long long)d->devices);
	record_put_answers(out, &d->answers);
	if (d->listed_of_cnt)
		fprintf(out,
			"A listing has brought %llu of %llu nodes along%s.  ",
			(unsigned long long)d->listed_cnt,
			(unsigned long long)d->listed_of_cnt,
			d->listed_cnt ? " (READDIRPLUS)" : ": no READDIRPLUS");
	fputs("The kernel uses a name without a question ", out);
	put_time(out, d->entry_ns, d->watched_ns);
	fputs(", one that is missing ", out);
	put_time(out, d->negative_ns, d->watched_ns);
	if (d->changes) {
		fputs("; a change behind was hidden ", out);
		put_time(out, d->change_ns, d->watched_ns);
	}
	fputs(".\n", out);
}

static struct judged judge(const struct record *rec)
{
	struct judged j = {
		.rec = rec,
		.total = phase_stats(rec, PHASE_TOTAL),
		.seen = value(rec, COL_SEEN) == 100,
		.renumbered_cnt = value(rec, COL_RENUMBERED),
	};
	char breaks[BREAKS_LEN];

	summary_breaks(rec, breaks, sizeof(breaks));
	j.harmless = !j.renumbered_cnt && !strcmp(breaks, "-");
	return j;
}

static void put_harm(FILE *out, const struct judged *j)
{
	char breaks[BREAKS_LEN];
	const char *comma = " ";

	summary_breaks(j->rec, breaks, sizeof(breaks));
	fputs(j->rec->method, out);
	if (strstr(breaks, "submount")) {
		fputs(" detaches what is mounted on its folders", out);
		comma = ", ";
	}
	if (strstr(breaks, "overlay")) {
		fprintf(out, "%smakes overlays above answer ESTALE", comma);
		comma = ", ";
	}
	if (j->renumbered_cnt)
		fprintf(out,
			"%sgives %.0f of %llu names another st_ino, so that "
			"programs take them for others",
			comma, j->renumbered_cnt,
			(unsigned long long)j->rec->n);
	fputs(".  ", out);
}

/* The one with the least total; another one: but this. */
static const struct judged *best_of(const struct judged *all, size_t cnt,
				    const struct judged *but)
{
	const struct judged *best = NULL;

	for (size_t i = 0; i < cnt; i++)
		if (&all[i] != but && all[i].seen && all[i].harmless &&
		    !strcmp(all[i].rec->guarantee, "names") &&
		    (!best || all[i].total.median < best->total.median))
			best = &all[i];
	return best;
}

static void put_best(FILE *out, const struct judged *all, size_t cnt)
{
	const struct judged *best = best_of(all, cnt, NULL);
	const struct judged *next = best_of(all, cnt, best);
	enum unit unit = UNIT_NS;

	if (!best) {
		fputs("No method that reaches names shows all changes and "
		      "breaks nothing.",
		      out);
		return;
	}
	fprintf(out, "%s shows changes of names, too, and breaks nothing: ",
		best->rec->method);
	put(out, best->total.median, unit);
	fprintf(out, " for %llu names, until all is coherent",
		(unsigned long long)best->rec->n);
	if (next) {
		fprintf(out, "; so does %s, in ", next->rec->method);
		put(out, next->total.median, unit);
		if (best->total.cnt < 3 || best->total.max >= next->total.min)
			fputs(", which may be chance", out);
	}
	fputc('.', out);
}

/* The bargain of a bump: who pays. */
static void put_bargain(FILE *out, const struct judged *all, size_t cnt)
{
	const struct judged *epoch = NULL, *best = best_of(all, cnt, NULL);

	for (size_t i = 0; i < cnt; i++)
		if (!strcmp(all[i].rec->method, "epoch"))
			epoch = &all[i];
	if (!epoch || !best || epoch == best)
		return;
	fputs("  epoch takes the daemon ", out);
	put(out, phase_stats(epoch->rec, PHASE_NOTIFY).median, UNIT_NS);
	fputs(" instead of ", out);
	put(out, phase_stats(best->rec, PHASE_NOTIFY).median, UNIT_NS);
	fputs(", and whoever looks first ", out);
	put(out, phase_stats(epoch->rec, PHASE_FIRST_TOUCH).median, UNIT_NS);
	fputs(" instead of ", out);
	put(out, phase_stats(best->rec, PHASE_FIRST_TOUCH).median, UNIT_NS);
	fputc('.', out);
}

static void put_advice(FILE *out, const struct judged *all, size_t cnt)
{
	bool any_seen = false;

	for (size_t i = 0; i < cnt; i++)
		any_seen |= value(all[i].rec, COL_SEEN) > 0;
	for (size_t i = 0; i < cnt; i++)
		if (!all[i].harmless)
			put_harm(out, &all[i]);
	if (any_seen) {
		put_best(out, all, cnt);
		put_bargain(out, all, cnt);
	} else {
		fputs("No change behind was seen after any method: either the "
		      "daemon answers from a cache of its own, which it must "
		      "drop before it notifies; or it doesn't serve {source} "
		      "itself (but an image of it), and --change must say how "
		      "to change what it serves.",
		      out);
	}
	fputc('\n', out);
}

char *report_daemon_text(const struct record *const *rec, size_t cnt)
{
	struct judged all[METHODS_MAX];
	size_t judged_cnt = 0, len;
	char *text = NULL;
	FILE *out;

	if (!record_daemon_of(rec[0])->program[0])
		return NULL;
	out = open_memstream(&text, &len);
	if (!out)
		return NULL;
	put_facts(out, record_daemon_of(rec[0]));
	for (size_t i = 0; i < cnt && judged_cnt < METHODS_MAX; i++)
		if (!rec[i]->exit && strcmp(rec[i]->guarantee, "none"))
			all[judged_cnt++] = judge(rec[i]);
	if (!record_daemon_of(rec[0])->changes)
		fputs("It is in use, so it was only read, and nothing was "
		      "changed behind it or built on it: whether changes are "
		      "seen, and what breaks, isn't known.  What was cached "
		      "before each sample stayed so.\n",
		      out);
	else if (!record_daemon_of(rec[0])->change_ns)
		fputs("A change behind is seen at once: nothing needs to be "
		      "notified.\n",
		      out);
	else if (judged_cnt)
		put_advice(out, all, judged_cnt);
	return fclose(out) ? NULL : text;
}
