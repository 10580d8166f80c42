// SPDX-License-Identifier: GPL-2.0-only
/*
 * table_text.c - a table for people, drawn by libsmartcols.
 *
 * method     runs  notify
 * epoch        21  2.3 us
 * prune      skipped: not in this kernel
 *
 * and on a terminal that is 22 cells wide
 *
 * method     runs
 * epoch        21
 * prune      skipped:
 *            not in this
 *            kernel
 *
 * Left out: notify (-w
 * shows all, --columns
 * chooses)
 *
 * or, with -w, the columns that are left out below, in a table of their own.
 *
 * Widths come from table_fit: libsmartcols' own would break words and numbers
 * anywhere, and leave lines too long where many columns are narrow.
 */
#include <errno.h>
#include <locale.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <libsmartcols.h>

#include "fold.h"
#include "table_choose.h"
#include "table_fit.h"
#include "table_internal.h"
#include "view.h"

/* Blanks between two columns. */
static const char gap[] = "  ";
_Static_assert(sizeof(gap) - 1 == TABLE_GAP, "as table_fit reckons");

/* The row of titles. */
#define TITLES SIZE_MAX

struct drawing {
	struct table_fit fit;
	FILE *out;
	bool color;
};

/*
 * What is drawn at once: rows of the first cnt columns of the strip.  A row with a
 * remark is drawn alone, and the remark is the last of its columns.  All are as
 * wide as table_fit says: STRICTWIDTH, or libsmartcols takes that as a wish.
 */
static struct libscols_table *new_part(const struct drawing *d, size_t cnt,
				       bool remark)
{
	struct libscols_table *part = scols_new_table();

	if (!part || scols_table_set_column_separator(part, gap))
		goto no_memory;
	scols_table_set_stream(part, d->out);
	scols_table_set_termforce(part, SCOLS_TERMFORCE_NEVER);
	scols_table_enable_noheadings(part, true);
	scols_table_enable_noencoding(part, true);
	scols_table_enable_minout(part, true);
	scols_table_enable_colors(part, d->color);
	for (size_t i = 0; i < cnt; i++) {
		const struct table_place *p = &d->fit.place[i];
		bool right = d->fit.t->column[p->col].align == TABLE_RIGHT &&
			     !(remark && i + 1 == cnt);
		struct libscols_column *cl = scols_table_new_column(
			part, NULL, (double)p->width,
			SCOLS_FL_STRICTWIDTH |
				(right ? SCOLS_FL_RIGHT : SCOLS_FL_WRAP));

		if (!cl ||
		    scols_column_set_wrapfunc(cl, scols_wrapnl_chunksize,
					      scols_wrapnl_nextchunk, NULL))
			goto no_memory;
	}
	return part;
no_memory:
	scols_unref_table(part);
	return NULL;
}

static const char *text_at(const struct table *t, size_t row, size_t col)
{
	const char *text = row == TITLES ? t->column[col].title
					 : table_cell(t, row, col)->text;

	return text ? text : "";
}

static bool is_remark(const struct table *t, size_t row, size_t col)
{
	return row != TITLES && table_cell(t, row, col)->kind == CELL_REMARK;
}

static int set_tone(struct libscols_line *line, size_t i, enum table_tone tone)
{
	static const char *const colors[] = { [TABLE_GOOD] = "green",
					      [TABLE_BAD] = "red",
					      [TABLE_UNSURE] = "brown" };

	return tone ? scols_cell_set_color(scols_line_get_cell(line, i),
					   colors[tone])
		    : 0;
}

/* The first cnt columns of a row; a remark has what is left of the line. */
static int add_row(const struct drawing *d, struct libscols_table *part,
		   size_t row, size_t cnt)
{
	struct libscols_line *line = scols_table_new_line(part, NULL);
	size_t used = 0;

	if (!line || (row == TITLES && scols_line_set_color(line, "bold")))
		return -ENOMEM;
	for (size_t i = 0; i < cnt; i++) {
		const struct table_place *p = &d->fit.place[i];
		size_t width = p->width;
		char *text;

		if (is_remark(d->fit.t, row, p->col) &&
		    used + width < d->fit.line_width)
			width = d->fit.line_width - used;
		text = fold_text(text_at(d->fit.t, row, p->col), width);
		if (!text || scols_line_refer_data(line, i, text)) {
			free(text);
			return -ENOMEM;
		}
		if (row != TITLES &&
		    set_tone(line, i, table_cell(d->fit.t, row, p->col)->tone))
			return -ENOMEM;
		used += width + TABLE_GAP;
	}
	return 0;
}

/* Draws a part, and frees it. */
static int print_part(struct libscols_table *part)
{
	int ret = part ? scols_print_table(part) : -ENOMEM;

	scols_unref_table(part);
	return ret;
}

/* Place of the row's remark in the strip; place_cnt if it has none there. */
static size_t find_remark(const struct table_fit *f, size_t row)
{
	size_t i = 0;

	while (i < f->place_cnt && !is_remark(f->t, row, f->place[i].col))
		i++;
	return i;
}

static int print_remark(const struct drawing *d, size_t row, size_t i)
{
	struct libscols_table *part = new_part(d, i + 1, true);
	int ret = add_row(d, part, row, i + 1);

	return print_part(part) ? -ENOMEM : ret;
}

/* Has the row something in the columns that the strip is about? */
static bool is_in_strip(const struct table_fit *f, size_t row)
{
	for (size_t col = f->first; col < f->next; col++)
		if (*text_at(f->t, row, col))
			return true;
	return false;
}

static int print_strip(const struct drawing *d)
{
	const struct table_fit *f = &d->fit;
	struct libscols_table *part = new_part(d, f->place_cnt, false);
	int ret = add_row(d, part, TITLES, f->place_cnt);

	for (size_t row = 0; !ret && row < f->t->row_cnt; row++) {
		size_t remark = find_remark(f, row);

		if (!is_in_strip(f, row))
			continue;
		if (remark == f->place_cnt) {
			ret = add_row(d, part, row, f->place_cnt);
			continue;
		}
		ret = print_part(part);
		part = new_part(d, f->place_cnt, false);
		if (!ret)
			ret = print_remark(d, row, remark);
	}
	return print_part(part) ? -ENOMEM : ret;
}

static int print(FILE *out, const struct table_choice *choice)
{
	struct drawing d = { .out = out, .color = view_has_color(out) };
	int ret = table_fit_begin(&d.fit, choice->t, view_line_width(out));

	if (ret)
		return ret;
	while (!ret && table_fit_next(&d.fit)) {
		if (d.fit.first)
			fputc('\n', out);
		ret = print_strip(&d);
	}
	table_fit_end(&d.fit);
	if (!ret && choice->left_out)
		ret = view_print_left_out(out, choice->left_out);
	return ret;
}

int table_print_text(const struct table *t, FILE *out)
{
	/* All texts are UTF-8, whatever the user's locale. */
	locale_t utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", 0);
	locale_t old = uselocale(utf8);
	struct table_choice choice;
	int ret = table_choose(&choice, t, view_table_width(out));

	if (!ret && !view_is_rehearsal())
		ret = print(out, &choice);
	table_choose_end(&choice);
	uselocale(old);
	if (utf8)
		freelocale(utf8);
	return ret;
}
