// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fold.h"
#include "table_fit.h"
#include "table_internal.h"

/* Of a word that isn't a path. */
#define WORD_WIDTH 24

static void measure_text(const char *text, size_t *whole, size_t *word)
{
	if (fold_width(text) > *whole)
		*whole = fold_width(text);
	if (fold_word_width(text) > *word)
		*word = fold_word_width(text);
}

/* A path may be one long word: it must leave room for others, the more if it stays. */
static size_t word_limit(const struct column_head *head, size_t line_width)
{
	size_t half = line_width / 2, third = line_width / 3;

	if (head->rank != TABLE_STAYS || half < WORD_WIDTH)
		return half;
	return third > WORD_WIDTH ? third : WORD_WIDTH;
}

static void measure_column(struct table_fit *f, size_t col)
{
	const struct column_head *head = &f->t->column[col];
	size_t whole = 0, word = 0;

	measure_text(head->title, &whole, &word);
	for (size_t row = 0; row < f->t->row_cnt; row++) {
		const struct cell *c = table_cell(f->t, row, col);

		if (c->kind != CELL_EMPTY && c->kind != CELL_REMARK)
			measure_text(c->text, &whole, &word);
	}
	if (word > word_limit(head, f->line_width))
		word = word_limit(head, f->line_width);
	f->measure[col].whole = whole;
	f->measure[col].folded = head->align == TABLE_RIGHT ? whole : word;
}

static int compare_cells(const struct table *t, size_t a, size_t b, size_t col)
{
	const char *one = table_cell(t, a, col)->text;
	const char *other = table_cell(t, b, col)->text;

	return strcmp(one ? one : "", other ? other : "");
}

static bool varies(const struct table *t, size_t col)
{
	for (size_t row = 1; row < t->row_cnt; row++)
		if (compare_cells(t, row, 0, col))
			return true;
	return false;
}

/* Rows by the text of their first columns. */
struct order {
	const struct table *t;
	size_t col_cnt;
};

static int by_columns(const void *a, const void *b, void *order)
{
	const struct order *o = order;
	int ret = 0;

	for (size_t col = 0; !ret && col < o->col_cnt; col++)
		ret = compare_cells(o->t, *(const size_t *)a,
				    *(const size_t *)b, col);
	return ret;
}

/* Do the first col_cnt columns tell all rows apart?  Sorted, so that many may be. */
static bool tell_apart(const struct table *t, size_t col_cnt, size_t *row)
{
	struct order order = { t, col_cnt };
	size_t i = 1;

	qsort_r(row, t->row_cnt, sizeof(*row), by_columns, &order);
	while (i < t->row_cnt && by_columns(&row[i - 1], &row[i], &order))
		i++;
	return i >= t->row_cnt;
}

/* As few of the first columns as tell all rows apart; without memory, one. */
static size_t find_prefix(const struct table *t)
{
	size_t *row = calloc(t->row_cnt + 1, sizeof(*row)), prefix = 1;

	for (size_t i = 0; row && i < t->row_cnt; i++)
		row[i] = i;
	while (row && prefix < t->column_cnt && !tell_apart(t, prefix, row))
		prefix++;
	free(row);
	return prefix < t->column_cnt ? prefix : 1;
}

size_t table_keys(const struct table *t, size_t *key, size_t *key_cnt)
{
	size_t prefix = find_prefix(t);

	*key_cnt = 0;
	for (size_t col = 0; col < prefix && col < t->column_cnt; col++)
		if (varies(t, col))
			key[(*key_cnt)++] = col;
	return prefix;
}

/* If they leave room for each other column. */
static void find_keys(struct table_fit *f)
{
	size_t prefix = table_keys(f->t, f->key, &f->key_cnt);
	size_t width = 0, widest = 0;

	for (size_t i = 0; i < f->key_cnt; i++)
		width += f->measure[f->key[i]].folded + TABLE_GAP;
	for (size_t col = prefix; col < f->t->column_cnt; col++)
		if (f->measure[col].folded > widest)
			widest = f->measure[col].folded;
	if (width + widest > f->line_width)
		f->key_cnt = 0;
}

int table_fit_begin(struct table_fit *f, const struct table *t,
		    size_t line_width)
{
	size_t cnt = t->column_cnt + 1;

	*f = (struct table_fit){
		.t = t,
		.line_width = line_width,
		.measure = calloc(cnt, sizeof(*f->measure)),
		.key = calloc(cnt, sizeof(*f->key)),
		.place = calloc(cnt, sizeof(*f->place)),
	};
	if (!f->measure || !f->key || !f->place) {
		table_fit_end(f);
		return -ENOMEM;
	}
	for (size_t col = 0; col < t->column_cnt; col++)
		measure_column(f, col);
	return 0;
}

void table_fit_end(struct table_fit *f)
{
	free(f->measure);
	free(f->key);
	free(f->place);
}

static size_t strip_width(const struct table_fit *f)
{
	size_t width = 0;

	for (size_t i = 0; i < f->place_cnt; i++)
		width += f->place[i].width + (i ? TABLE_GAP : 0);
	return width;
}

/* As wide as there is room: the widest give way. */
static void widen(struct table_fit *f)
{
	for (size_t i = 0; i < f->place_cnt; i++)
		f->place[i].width = f->measure[f->place[i].col].whole;
	while (strip_width(f) > f->line_width) {
		struct table_place *widest = NULL;

		for (size_t i = 0; i < f->place_cnt; i++) {
			struct table_place *p = &f->place[i];

			if (p->width > f->measure[p->col].folded &&
			    (!widest || p->width > widest->width))
				widest = p;
		}
		if (!widest)
			break;
		widest->width--;
	}
}

static void add_place(struct table_fit *f, size_t col)
{
	f->place[f->place_cnt++] =
		(struct table_place){ col, f->measure[col].folded };
}

bool table_fit_next(struct table_fit *f)
{
	size_t cnt = f->t->column_cnt;

	if (f->next == cnt)
		return false;
	/* Only now: most tables need none. */
	if (f->next && !f->first)
		find_keys(f);
	f->first = f->next;
	f->place_cnt = 0;
	for (size_t i = 0; i < f->key_cnt && f->key[i] < f->first; i++)
		add_place(f, f->key[i]);
	do
		add_place(f, f->next++);
	while (f->next < cnt &&
	       strip_width(f) + TABLE_GAP + f->measure[f->next].folded <=
		       f->line_width);
	widen(f);
	return true;
}
