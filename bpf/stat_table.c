// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "attach.h"
#include "hist.h"
#include "names.h"
#include "stat.h"
#include "bench/lib/units.h"

bool stat_is_shown(const struct stat_view *v, const struct sample_mount *m)
{
	if (v->one)
		return m->dev == v->dev;
	return v->all || !sample_is_idle(m);
}

static void cell(FILE *out, double value)
{
	char buf[UNITS_LEN];

	fprintf(out, " %6s", units_format(value, UNIT_TALLY, buf, sizeof(buf)));
}

/*
 * In the order of print_mount(); each column has 7 places.  They are fixed, and
 * not libsmartcols', because a line is shown before the next one is counted.
 */
static void head(FILE *out)
{
	fputs("       |--- hits ----|------------- misses, by cause "
	      "------------|"
	      "  RCU |- requests --|------ notifications ------|----- dentries"
	      " -----|--- epoch ---|\n"
	      "reval/s  fresh relook  epoch   gone change    neg    bad  error"
	      "  again look/s forg/s   bump  entry  inode  other   torn  freed"
	      " detach     at behind  mount\n",
	      out);
}

static void print_hists(const struct sample_mount *m, FILE *out)
{
	for (int i = 0; i < TRACE_OUTCOMES; i++)
		hist_print(out, outcome_name(i), m->hist.slots[i], TRACE_SLOTS);
}

/* Lines since the last head, and how many fit between two. */
static int lines_left;

static int screen_lines(FILE *out)
{
	struct winsize size;

	if (isatty(fileno(out)) && !ioctl(fileno(out), TIOCGWINSZ, &size) &&
	    size.ws_row > 4)
		return size.ws_row - 3;
	return 40;
}

static void print_mount(const struct stat_view *v, const struct sample_mount *m,
			FILE *out)
{
	const struct trace_counts *c = &m->c;
	double per_s = v->interval_s > 0 ? 1 / v->interval_s : 0;
	uint64_t stale = c->outcome_cnt[TRACE_EPOCH];
	char *name;

	if (lines_left-- <= 0) {
		head(out);
		lines_left = screen_lines(out);
	}
	cell(out, sample_revalidate_cnt(m) * per_s);
	for (int i = 0; i < TRACE_OUTCOMES; i++)
		cell(out, c->outcome_cnt[i]);
	cell(out, c->rcu_retry_cnt);
	cell(out, c->lookup_cnt * per_s);
	cell(out, c->forget_cnt * per_s);
	cell(out, c->notify_cnt[TRACE_NOTIFY_INC_EPOCH]);
	cell(out, c->notify_cnt[TRACE_NOTIFY_INVAL_ENTRY]);
	cell(out, c->notify_cnt[TRACE_NOTIFY_INVAL_INODE]);
	cell(out, sample_other_notify_cnt(m));
	cell(out, c->torn_cnt);
	cell(out, c->freed_cnt);
	cell(out, c->detach_cnt);
	if (v->epochs && m->epoch)
		cell(out, m->epoch);
	else
		fputs("      -", out);
	if (stale)
		cell(out, (double)c->behind_cnt / stale);
	else
		fputs("      -", out);
	name = mounts_name(v->mounts, m->dev);
	fprintf(out, "  %s\n", name ? name : "?");
	free(name);
	if (v->hist) {
		print_hists(m, out);
		lines_left = 0;
	}
}

void stat_table_print(const struct stat_view *v, FILE *out)
{
	static bool was_idle;
	bool any = false;

	for (size_t i = 0; i < v->sample->cnt; i++) {
		if (!stat_is_shown(v, &v->sample->mounts[i]))
			continue;
		print_mount(v, &v->sample->mounts[i], out);
		any = true;
	}
	/* Once: that it is alive, and that there is nothing to see. */
	if (!any && !was_idle)
		fputs("(idle)\n", out);
	was_idle = !any;
}
