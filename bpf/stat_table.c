// SPDX-License-Identifier: GPL-2.0-only
/*
 * stat_table.c - a line per mount.  On a terminal of 80 columns
 *
 *   reval  fresh  epoch   rest   look forget   bump   torn  mount
 *   30011  30010      1      0      0  10010      1  10010  /mnt/data
 *
 * All but the rate are counts of the interval, so that hits and misses add up to the
 * first, those without a column as the rest.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "attach.h"
#include "hist.h"
#include "names.h"
#include "stat.h"
#include "bench/lib/table.h"
#include "bench/lib/units.h"
#include "bench/lib/view.h"

static bool is_life(const struct sample_mount *m, const struct trace_life *life)
{
	return m->dev == life->dev && m->generation == life->generation;
}

bool stat_is_shown(const struct stat_view *v, const struct sample_mount *m)
{
	if (v->one)
		return is_life(m, &v->only) || is_life(m, &v->before);
	return v->all || !sample_is_idle(m);
}

/* Cells of a column, and those that a mount should have at least. */
enum { CELLS = 7, MOUNT_CELLS = 22 };

enum kind { COUNT, REVAL, REVAL_PER_S, REST, OTHER, EPOCH_AT, BEHIND };

#define AT(member) offsetof(struct sample_mount, c.member)
#define HIT_OR_MISS(outcome) AT(outcome_cnt[outcome])

static const struct column {
	const char *title;
	enum table_rank rank;
	enum kind kind;
	size_t offset; /* of a count in struct sample_mount */
} columns[] = {
	{ "reval", TABLE_STAYS, REVAL, 0 },
	{ "per s", TABLE_LEAST, REVAL_PER_S, 0 },
	{ "fresh", TABLE_USUAL, COUNT, HIT_OR_MISS(TRACE_FRESH) },
	{ "relook", TABLE_LESSER, COUNT, HIT_OR_MISS(TRACE_RELOOKED) },
	{ "epoch", TABLE_USUAL, COUNT, HIT_OR_MISS(TRACE_EPOCH) },
	{ "gone", TABLE_LEAST, COUNT, HIT_OR_MISS(TRACE_GONE) },
	{ "change", TABLE_LEAST, COUNT, HIT_OR_MISS(TRACE_CHANGED) },
	{ "neg", TABLE_LEAST, COUNT, HIT_OR_MISS(TRACE_NEGATIVE) },
	{ "bad", TABLE_LEAST, COUNT, HIT_OR_MISS(TRACE_BAD) },
	{ "error", TABLE_LEAST, COUNT, HIT_OR_MISS(TRACE_ERROR) },
	{ "rest", TABLE_STAYS, REST, 0 },
	{ "again", TABLE_LEAST, COUNT, AT(rcu_retry_cnt) },
	{ "look", TABLE_USUAL, COUNT, AT(lookup_cnt) },
	{ "forget", TABLE_USUAL, COUNT, AT(forget_cnt) },
	{ "bump", TABLE_USUAL, COUNT, AT(notify_cnt[TRACE_NOTIFY_INC_EPOCH]) },
	{ "entry", TABLE_LEAST, COUNT,
	  AT(notify_cnt[TRACE_NOTIFY_INVAL_ENTRY]) },
	{ "inode", TABLE_LEAST, COUNT,
	  AT(notify_cnt[TRACE_NOTIFY_INVAL_INODE]) },
	{ "other", TABLE_LEAST, OTHER, 0 },
	{ "torn", TABLE_USUAL, COUNT, AT(torn_cnt) },
	{ "freed", TABLE_LESSER, COUNT, AT(freed_cnt) },
	{ "detach", TABLE_LESSER, COUNT, AT(detach_cnt) },
	{ "at", TABLE_LEAST, EPOCH_AT, 0 },
	{ "behind", TABLE_LEAST, BEHIND, 0 },
};

#define COLUMN_CNT (sizeof(columns) / sizeof(columns[0]))

static bool shown[COLUMN_CNT];

static bool is_outcome(const struct column *col)
{
	return col->kind == COUNT && col->offset >= AT(outcome_cnt[0]) &&
	       col->offset < AT(outcome_cnt[TRACE_OUTCOMES]);
}

static uint64_t count(const struct sample_mount *m, const struct column *col)
{
	return *(const uint64_t *)((const char *)m + col->offset);
}

/* Hits and misses without a column. */
static uint64_t rest_cnt(const struct sample_mount *m)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < COLUMN_CNT; i++)
		if (is_outcome(&columns[i]) && !shown[i])
			sum += count(m, &columns[i]);
	return sum;
}

/* NaN: there is none. */
static double value_of(const struct stat_view *v, const struct sample_mount *m,
		       const struct column *col)
{
	uint64_t stale = m->c.outcome_cnt[TRACE_EPOCH];

	switch (col->kind) {
	case REVAL:
		return sample_revalidate_cnt(m);
	case REVAL_PER_S:
		return v->interval_s > 0
			       ? sample_revalidate_cnt(m) / v->interval_s
			       : NAN;
	case REST:
		return rest_cnt(m);
	case OTHER:
		return sample_other_notify_cnt(m);
	case EPOCH_AT:
		return v->epochs && m->epoch ? (double)m->epoch : NAN;
	case BEHIND:
		return stale ? (double)m->c.behind_cnt / stale : NAN;
	default:
		return count(m, col);
	}
}

/* The rest is only there for what isn't, and for what it adds up to. */
static void settle_rest(void)
{
	bool all = true;

	for (size_t i = 0; i < COLUMN_CNT; i++)
		all &= shown[i] || !is_outcome(&columns[i]);
	for (size_t i = 0; i < COLUMN_CNT; i++)
		if (columns[i].kind == REST)
			shown[i] = shown[0] && !all;
}

/* Up to the first that has no room, as bench/lib/table_choose does it. */
static void choose_by_room(size_t width)
{
	size_t used = MOUNT_CELLS;

	for (int rank = TABLE_STAYS; rank <= TABLE_LEAST; rank++)
		for (size_t i = 0; i < COLUMN_CNT; i++) {
			if (columns[i].rank != rank)
				continue;
			if (rank != TABLE_STAYS && used + CELLS > width)
				return;
			shown[i] = true;
			used += CELLS;
		}
}

static void choose(FILE *out)
{
	for (size_t i = 0; i < COLUMN_CNT; i++)
		shown[i] = view_is_choosy() && columns[i].kind != REST &&
			   view_chooses(columns[i].title, columns[i].title);
	if (!view_is_choosy())
		choose_by_room(view_table_width(out));
	settle_rest();
}

int stat_table_heads(FILE *out, const void *unused)
{
	(void)unused;
	choose(out);
	view_chooses("mount", "mount");
	return 0;
}

static bool is_left_out(size_t i)
{
	return !shown[i] && columns[i].kind != REST;
}

static void print_left_out(FILE *out)
{
	const char *before = "";
	char *names = NULL;
	size_t len;
	FILE *list = open_memstream(&names, &len);

	for (size_t i = 0; list && i < COLUMN_CNT; i++) {
		if (!is_left_out(i))
			continue;
		fprintf(list, "%s%s", before, columns[i].title);
		before = ", ";
	}
	if (list && !fclose(list) && *names && !view_is_choosy())
		view_print_left_out(out, names);
	free(names);
}

/*
 * They are fixed, and not libsmartcols', because a line is shown before the next one
 * is counted.
 */
static void head(FILE *out)
{
	bool color = view_has_color(out);
	bool all = true;

	for (size_t i = 0; i < COLUMN_CNT; i++)
		all &= !is_left_out(i);
	fputs(color ? "\033[1m" : "", out);
	if (all)
		fputs("              |--- hits ----|------------- misses, by "
		      "cause ------------|  RCU |- requests --|"
		      "------ notifications ------|----- dentries -----|"
		      "--- epoch ---|\n",
		      out);
	for (size_t i = 0; i < COLUMN_CNT; i++)
		if (shown[i])
			fprintf(out, "%*s", CELLS, columns[i].title);
	fprintf(out, "  mount%s\n", color ? "\033[0m" : "");
}

static void print_hists(const struct sample_mount *m, FILE *out)
{
	for (int i = 0; i < TRACE_OUTCOMES; i++)
		hist_print(out, outcome_name(i), m->hist.slots[i], TRACE_SLOTS);
	if (sample_untimed_cnt(m))
		fprintf(out,
			"(and %llu whose time isn't known)\n",
			(unsigned long long)sample_untimed_cnt(m));
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

/* A terminal that may have been resized. */
static void begin_screen(FILE *out)
{
	static bool said;

	choose(out);
	if (!said)
		print_left_out(out);
	said = true;
	head(out);
	lines_left = screen_lines(out);
}

/* What has no room in the line is cut. */
static void print_name(const char *name, size_t used, FILE *out)
{
	size_t width = view_table_width(out);
	size_t bytes = width > used + 6 ? width - used - 5 : 1;

	if (strlen(name) + used + 2 <= width) {
		fprintf(out, "  %s\n", name);
		return;
	}
	/* Not in the middle of a character. */
	while (bytes && ((unsigned char)name[bytes] & 0xc0) == 0x80)
		bytes--;
	fprintf(out, "  %.*s...\n", (int)bytes, name);
}

static void print_mount(const struct stat_view *v, const struct sample_mount *m,
			FILE *out)
{
	char text[UNITS_LEN];
	size_t used = 0;
	char *name;

	if (lines_left-- <= 0)
		begin_screen(out);
	for (size_t i = 0; i < COLUMN_CNT; i++) {
		if (!shown[i])
			continue;
		units_format(value_of(v, m, &columns[i]), UNIT_TALLY, text,
			     sizeof(text));
		used += fprintf(out, " %*s", CELLS - 1, text);
	}
	name = mounts_name(v->mounts, m->dev, m->generation);
	print_name(name ? name : "?", used, out);
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
	/* So that all there were can be told, if not where. */
	if (v->sample->unassigned_cnt) {
		any = true;
		fprintf(out,
			"(and %llu revalidations of unknown mounts: the "
			"kernel didn't run the tracer)\n",
			(unsigned long long)v->sample->unassigned_cnt);
	}
	/* Once: that it is alive, and that there is nothing to see. */
	if (!any && !was_idle)
		fputs("(idle)\n", out);
	was_idle = !any;
}
