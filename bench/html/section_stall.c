// SPDX-License-Identifier: GPL-2.0-only
/*
 * section_stall.c - how long the first one waits who touches what is stale.
 */
#include <errno.h>
#include <stdlib.h>

#include "bench/record/record_text.h"
#include "group.h"
#include "section.h"

/* Those who wait longest at the largest size, longest first. */
static void find_longest(const struct html_group *g, const struct record **two)
{
	two[0] = two[1] = NULL;
	for (size_t i = 0; i < g->cnt; i++) {
		const struct record *rec = g->rec[i];
		double cost = html_median(rec, PHASE_FIRST_TOUCH);

		if (rec->n != g->n_max || !(cost > 0))
			continue;
		if (!two[0] || cost > html_median(two[0], PHASE_FIRST_TOUCH)) {
			two[1] = two[0];
			two[0] = rec;
		} else if (!two[1] ||
			   cost > html_median(two[1], PHASE_FIRST_TOUCH)) {
			two[1] = rec;
		}
	}
}

static void say(const struct html_group *g, FILE *out)
{
	static const char *const before[] = { "With ", "; with " };
	const struct record *two[2];
	char n[UNITS_LEN], cost[UNITS_LEN];

	find_longest(g, two);
	units_format((double)g->n_max, UNIT_NAMES, n, sizeof(n));
	for (int i = 0; i < 2 && two[i]; i++) {
		units_format(html_median(two[i], PHASE_FIRST_TOUCH),
			     record_cost_unit(two[i]), cost, sizeof(cost));
		fprintf(out, "%s%s the first stat among %s names takes %s",
			before[i], two[i]->method, n, cost);
	}
	fputs(two[1] ? ", and with no other method longer." : ".", out);
}

static int print_group(const struct html_group *g, FILE *out)
{
	struct part p;

	if (part_begin(&p))
		return -ENOMEM;
	fputs("The first stat after the notification, by the number of names",
	      p.title.out);
	say(g, p.caption.out);
	html_group_command(g, p.command.out);
	p.figure = html_group_lines(g, PHASE_FIRST_TOUCH,
				    "the first stat below the mount");
	p.table = html_group_table(g, PHASE_FIRST_TOUCH);
	return part_end(&p, out);
}

static int print(const struct html_records *all, FILE *out)
{
	return html_groups_print(all->rec, all->rec_cnt, 2, print_group, out);
}

static const struct html_section section = {
	.order = 20,
	.id = "stall",
	.title = "The stall of whoever comes first",
	.print = print,
};

HTML_SECTION(section_stall, section);
