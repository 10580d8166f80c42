// SPDX-License-Identifier: GPL-2.0-only
/*
 * section_cost.c - cost against the number of names, and who pays which part of it.
 *
 * The lines are log-log, the parts aren't: on a logarithmic axis a part that lies
 * above others looks smaller than it is.
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/record/record_text.h"
#include "group.h"
#include "section.h"

/* Who pays, in the order of time. */
static const struct {
	enum phase phase;
	const char *name;
} parts[] = {
	{ PHASE_NOTIFY, "notify (the daemon)" },
	{ PHASE_LIST, "list (who reads the directories)" },
	{ PHASE_FIRST_TOUCH, "first touch (whoever comes first)" },
	{ PHASE_REWALK, "re-walk (all others)" },
	{ PHASE_RECLAIM, "reclaim (until the kernel has forgotten)" },
};

#define PARTS (sizeof(parts) / sizeof(parts[0]))

/* One that wasn't reached took nothing. */
static double cost_of(const struct record *rec, enum phase ph)
{
	double cost = html_median(rec, ph);

	return isfinite(cost) ? cost : 0;
}

/* At the largest size, of those that make all names stale: rivals of each other. */
struct extremes {
	const struct record *least, *most;
	size_t cnt;
};

static struct extremes extremes_of(const struct html_group *g)
{
	struct extremes e = { NULL, NULL, 0 };

	for (size_t i = 0; i < g->cnt; i++) {
		const struct record *rec = g->rec[i];
		double total = html_median(rec, PHASE_TOTAL);

		if (rec->n != g->n_max || strcmp(rec->guarantee, "names"))
			continue;
		if (!e.least || total < html_median(e.least, PHASE_TOTAL))
			e.least = rec;
		if (!e.most || total > html_median(e.most, PHASE_TOTAL))
			e.most = rec;
		e.cnt++;
	}
	return e;
}

static void say_cost(FILE *out, const struct record *rec, enum phase ph)
{
	char text[UNITS_LEN];

	units_format(cost_of(rec, ph), record_cost_unit(rec), text,
		     sizeof(text));
	fputs(text, out);
}

static void say_lines(const struct html_group *g, FILE *out)
{
	struct extremes e = extremes_of(g);
	char n[UNITS_LEN];

	units_format((double)g->n_max, UNIT_NAMES, n, sizeof(n));
	if (e.cnt > 1) {
		fprintf(out,
			"Of %zu methods that make all of %s names stale, %s "
			"takes "
			"least until all is coherent (",
			e.cnt, n, e.least->method);
		say_cost(out, e.least, PHASE_TOTAL);
		fprintf(out, "), and %s most (", e.most->method);
		say_cost(out, e.most, PHASE_TOTAL);
		fputs(").  ", out);
	}
	fputs("Medians of the total, from the notification until all is "
	      "coherent; with the control none: a walk of what is cached.  "
	      "Measured with: ",
	      out);
	html_group_say(g, out);
	fputs(".", out);
}

static int print_lines(const struct html_group *g, FILE *out)
{
	struct part p;

	if (part_begin(&p))
		return -ENOMEM;
	fputs("Cost against the number of names", p.title.out);
	say_lines(g, p.caption.out);
	html_group_command(g, p.command.out);
	p.figure = html_group_lines(g, PHASE_TOTAL,
				    "total, until all is coherent");
	p.table = html_group_table(g, PHASE_TOTAL);
	return part_end(&p, out);
}

/* What grows with the names, and what doesn't. */
static void say_notify(const struct html_group *g, FILE *out)
{
	const char *sep = "From the fewest names to the most the notification "
			  "takes ";
	size_t first = 0;

	for (size_t i = 0; i < g->cnt; i++) {
		char text[UNITS_LEN];
		double ratio = html_median(g->rec[i], PHASE_NOTIFY) /
			       html_median(g->rec[first], PHASE_NOTIFY);

		if (strcmp(g->rec[i]->method, g->rec[first]->method))
			first = i;
		if (i == first || g->rec[i]->n != g->n_max || !isfinite(ratio))
			continue;
		units_format(ratio, UNIT_RATIO, text, sizeof(text));
		fprintf(out, "%s%s with %s", sep, text, g->rec[i]->method);
		sep = ", ";
	}
	fputs(*sep == ',' ? "." : "", out);
}

static int print_notify(const struct html_group *g, FILE *out)
{
	struct part p;

	if (part_begin(&p))
		return -ENOMEM;
	fputs("What the daemon pays", p.title.out);
	say_notify(g, p.caption.out);
	html_group_command(g, p.command.out);
	p.figure =
		html_group_lines(g, PHASE_NOTIFY, "notify, paid by the daemon");
	p.table = html_group_table(g, PHASE_NOTIFY);
	return part_end(&p, out);
}

/* The method with which that phase costs most, among so many names. */
static const struct record *dearest(const struct html_group *g, uint64_t n,
				    enum phase ph)
{
	const struct record *most = NULL;

	for (size_t i = 0; i < g->cnt; i++)
		if (g->rec[i]->n == n &&
		    (!most || cost_of(g->rec[i], ph) > cost_of(most, ph)))
			most = g->rec[i];
	return most;
}

static struct figure *bars_of(const struct html_group *g, uint64_t n)
{
	const struct figure_axis x = { "time", record_cost_unit(g->rec[0]),
				       false, 0 };
	struct figure *f = figure_new(FIGURE_BARS, &x, NULL);
	size_t row = 0;

	for (size_t i = 0; i < g->cnt; i++)
		if (g->rec[i]->n == n)
			figure_tic(f, (double)row++, g->rec[i]->method);
	for (size_t part = 0; part < PARTS; part++) {
		if (!(cost_of(dearest(g, n, parts[part].phase),
			      parts[part].phase) > 0))
			continue;
		figure_line(f, parts[part].name);
		row = 0;
		for (size_t i = 0; i < g->cnt; i++)
			if (g->rec[i]->n == n)
				figure_point(
					f, (double)row++,
					cost_of(g->rec[i], parts[part].phase));
	}
	return f;
}

static void say_dearest(FILE *out, const char *who, const struct record *rec,
			enum phase ph)
{
	fprintf(out, "%s pays most with %s (", who, rec->method);
	say_cost(out, rec, ph);
	fputs(" of ", out);
	say_cost(out, rec, PHASE_TOTAL);
	fputs(").  ", out);
}

static void say_parts(const struct html_group *g, uint64_t n, FILE *out)
{
	say_dearest(out, "The daemon", dearest(g, n, PHASE_NOTIFY),
		    PHASE_NOTIFY);
	say_dearest(out, "Whoever comes first",
		    dearest(g, n, PHASE_FIRST_TOUCH), PHASE_FIRST_TOUCH);
	fputs("Medians of each part, which needn't add up to that of the "
	      "total.",
	      out);
}

static int print_bars(const struct html_group *g, uint64_t n, FILE *out)
{
	char names[UNITS_LEN];
	struct part p;

	if (part_begin(&p))
		return -ENOMEM;
	units_format((double)n, UNIT_NAMES, names, sizeof(names));
	fprintf(p.title.out, "Who pays which part: %s names", names);
	say_parts(g, n, p.caption.out);
	html_group_command(g, p.command.out);
	p.figure = bars_of(g, n);
	p.table = html_group_parts(g);
	return part_end(&p, out);
}

static int print_group(const struct html_group *g, FILE *out)
{
	int ret = print_lines(g, out);

	if (!ret)
		ret = print_notify(g, out);
	return ret ? ret : print_bars(g, g->n_max, out);
}

static int print(const struct html_records *all, FILE *out)
{
	return html_groups_print(all->rec, all->rec_cnt, 1, print_group, out);
}

static const struct html_section section = {
	.order = 10,
	.id = "cost",
	.title = "Who pays, and how much",
	.print = print,
};

HTML_SECTION(section_cost, section);
