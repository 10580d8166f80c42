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
				      align };
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
		(struct cell){ kind, one_line(t, text), value };
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

static void print_markdown_cell(FILE *out, const char *text)
{
	fputs(" ", out);
	text_put(out, text, TEXT_MARKDOWN "*_");
	fputs(" |", out);
}

int table_print_markdown(const struct table *t, FILE *out)
{
	if (!t || t->incomplete)
		return -ENOMEM;
	fputs("|", out);
	for (size_t col = 0; col < t->column_cnt; col++)
		print_markdown_cell(out, t->column[col].title);
	fputs("\n|", out);
	for (size_t col = 0; col < t->column_cnt; col++)
		fputs(t->column[col].align == TABLE_RIGHT ? "---:|" : "---|",
		      out);
	fputs("\n", out);
	for (size_t row = 0; row < t->row_cnt; row++) {
		fputs("|", out);
		for (size_t col = 0; col < t->column_cnt; col++) {
			const struct cell *c = table_cell(t, row, col);

			print_markdown_cell(out, c->text ? c->text : "");
		}
		fputs("\n", out);
	}
	return 0;
}
