// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "table_internal.h"
#include "grow.h"
#include "text.h"

struct table *table_new(void)
{
	return calloc(1, sizeof(struct table));
}

void table_free(struct table *t)
{
	if (!t)
		return;
	for (size_t i = 0; i < t->row_cnt * t->column_cnt; i++)
		free(t->cell[i].text);
	for (size_t i = 0; i < t->column_cnt; i++) {
		free(t->column[i].title);
		free(t->column[i].key);
	}
	free(t->cell);
	free(t->column);
	free(t);
}

/* A line break in a text would break the table, and others the terminal. */
static char *one_line(struct table *t, const char *text)
{
	char *copy = strdup(text);

	if (copy)
		text_tame(copy);
	else
		t->incomplete = true;
	return copy;
}

void table_column(struct table *t, const char *title, const char *key,
		  enum table_align align)
{
	struct column_head *grown;

	if (!t)
		return;
	grown = reallocarray(t->column, t->column_cnt + 1, sizeof(*grown));
	if (!grown) {
		t->incomplete = true;
		return;
	}
	t->column = grown;
	grown[t->column_cnt++] =
		(struct column_head){ one_line(t, title), one_line(t, key),
				      align, TABLE_USUAL };
}

void table_rank(struct table *t, enum table_rank rank)
{
	if (t && t->column_cnt)
		t->column[t->column_cnt - 1].rank = rank;
}

void table_row(struct table *t)
{
	struct cell *grown;

	if (!t || t->incomplete)
		return;
	grown = grow(t->cell, t->row_cnt, t->column_cnt * sizeof(*grown));
	if (!grown) {
		t->incomplete = true;
		return;
	}
	t->cell = grown;
	memset(&grown[t->row_cnt * t->column_cnt], 0,
	       t->column_cnt * sizeof(*grown));
	t->row_cnt++;
	t->next = 0;
}

static void add_cell(struct table *t, enum cell_kind kind, const char *text,
		     double value)
{
	if (!t || t->incomplete || !t->row_cnt || t->next == t->column_cnt)
		return;
	t->cell[(t->row_cnt - 1) * t->column_cnt + t->next++] =
		(struct cell){ kind, one_line(t, text), value, TABLE_PLAIN };
}

void table_text(struct table *t, const char *text)
{
	add_cell(t, CELL_TEXT, text, NAN);
}

void table_number(struct table *t, const char *text, double value)
{
	add_cell(t, CELL_NUMBER, text, value);
}

void table_remark(struct table *t, const char *text)
{
	add_cell(t, CELL_REMARK, text, NAN);
	if (t)
		t->next = t->column_cnt;
}

void table_tone(struct table *t, enum table_tone tone)
{
	struct cell *last;

	if (!t || t->incomplete || !t->row_cnt)
		return;
	last = &t->cell[t->row_cnt * t->column_cnt - 1];
	while (last > t->cell && last->kind == CELL_EMPTY)
		last--;
	last->tone = tone;
}
