// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bench/record/record_text.h"
#include "bench/report/phase_stats.h"
#include "group.h"

static struct table *new_table(const char *const *head, size_t cnt)
{
	struct table *t = table_new();

	table_column(t, "method", "method", TABLE_LEFT);
	table_column(t, "names", "n", TABLE_RIGHT);
	for (size_t i = 0; i < cnt; i++)
		table_column(t, head[i], head[i], TABLE_RIGHT);
	table_column(t, "runs", "runs", TABLE_RIGHT);
	table_column(t, "makes stale", "guarantee", TABLE_LEFT);
	table_column(t, "run", "run_id", TABLE_LEFT);
	return t;
}

static void begin_row(struct table *t, const struct record *rec)
{
	table_row(t);
	table_text(t, rec->method);
	part_number(t, (double)rec->n, UNIT_NAMES);
}

static void end_row(struct table *t, const struct record *rec)
{
	part_number(t, (double)rec->sample_cnt, UNIT_CNT);
	table_text(t, rec->guarantee);
	table_text(t, rec->run_id);
}

struct table *html_group_table(const struct html_group *g, enum phase ph)
{
	static const char *const head[] = { "median", "least", "most" };
	struct table *t = new_table(head, sizeof(head) / sizeof(head[0]));

	for (size_t i = 0; i < g->cnt; i++) {
		enum unit unit = record_cost_unit(g->rec[i]);
		struct stats st = phase_stats(g->rec[i], ph);

		begin_row(t, g->rec[i]);
		part_number(t, st.median, unit);
		part_number(t, st.min, unit);
		part_number(t, st.max, unit);
		end_row(t, g->rec[i]);
	}
	return t;
}

struct table *html_group_parts(const struct html_group *g)
{
	static const char *const head[] = { "notify",  "list",	  "first touch",
					    "re-walk", "reclaim", "total" };
	static const enum phase shown[] = { PHASE_NOTIFY,      PHASE_LIST,
					    PHASE_FIRST_TOUCH, PHASE_REWALK,
					    PHASE_RECLAIM,     PHASE_TOTAL };
	size_t cnt = sizeof(head) / sizeof(head[0]);
	struct table *t = new_table(head, cnt);

	for (size_t i = 0; i < g->cnt; i++) {
		begin_row(t, g->rec[i]);
		for (size_t k = 0; k < cnt; k++)
			part_number(t, html_median(g->rec[i], shown[k]),
				    record_cost_unit(g->rec[i]));
		end_row(t, g->rec[i]);
	}
	return t;
}

struct figure *html_group_lines(const struct html_group *g, enum phase ph,
				const char *title)
{
	const struct figure_axis x = { "names in the tree", UNIT_CNT, true, 0 };
	const struct figure_axis y = { title, record_cost_unit(g->rec[0]), true,
				       0 };
	struct figure *f = figure_new(FIGURE_LINES, &x, &y);
	const char *before = NULL;
	char n[UNITS_LEN];

	for (size_t i = 0; i < g->cnt; i++) {
		const struct record *rec = g->rec[i];
		double cost = html_median(rec, ph);

		if (!(cost > 0))
			continue;
		if (!before || strcmp(rec->method, before))
			figure_line(f, rec->method);
		before = rec->method;
		units_format((double)rec->n, UNIT_NAMES, n, sizeof(n));
		figure_tic(f, (double)rec->n, n);
		figure_point(f, (double)rec->n, cost);
	}
	return f;
}

static int print_folded(const struct html_group *g, html_group_fn *print,
			FILE *out)
{
	struct words summary;
	int ret = words_open(&summary);

	if (ret)
		return ret;
	html_group_say(g, summary.out);
	ret = words_close(&summary);
	if (!ret) {
		part_fold(summary.text, out);
		ret = print(g, out);
		part_fold_end(out);
	}
	free(summary.text);
	return ret;
}

int html_groups_print(const struct record *recs, size_t cnt, size_t sizes,
		      html_group_fn *print, FILE *out)
{
	struct html_groups groups;
	int ret = html_groups_get(recs, cnt, &groups);

	for (size_t i = 0; !ret && i < groups.cnt; i++)
		if (groups.group[i].size_cnt >= sizes)
			ret = i ? print_folded(&groups.group[i], print, out)
				: print(&groups.group[i], out);
	html_groups_free(&groups);
	return ret;
}
