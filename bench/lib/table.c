// SPDX-License-Identifier: GPL-2.0-only
#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "table.h"

enum cell_kind { CELL_EMPTY, CELL_TEXT, CELL_NUMBER, CELL_REMARK };

struct cell {
	enum cell_kind kind;
	char *text;
	double value;
};

struct column_head {
	char *title;
	char *key;
	enum table_align align;
};

struct table {
	struct column_head *column;
	size_t column_cnt;
	struct cell *cell; /* row after row, column_cnt each */
	size_t row_cnt;
	size_t next; /* column of the next cell */
	bool incomplete;
};

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

/* A line break in a text would break the table. */
static char *one_line(struct table *t, const char *text)
{
	char *copy = strdup(text);

	if (!copy)
		t->incomplete = true;
	for (char *c = copy; c && *c; c++)
		if (iscntrl((unsigned char)*c))
			*c = ' ';
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
	grown = reallocarray(t->cell, (t->row_cnt + 1) * t->column_cnt,
			     sizeof(*grown));
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

static const struct cell *cell_at(const struct table *t, size_t row, size_t col)
{
	return &t->cell[row * t->column_cnt + col];
}

/* Characters, not bytes: titles may hold a plus-minus sign. */
static size_t text_width(const char *text)
{
	size_t width = 0;

	for (; *text; text++)
		width += (*text & 0xc0) != 0x80;
	return width;
}

static size_t column_width(const struct table *t, size_t col)
{
	size_t width = text_width(t->column[col].title);

	for (size_t row = 0; row < t->row_cnt; row++) {
		const struct cell *c = cell_at(t, row, col);

		if (c->text && c->kind != CELL_REMARK &&
		    text_width(c->text) > width)
			width = text_width(c->text);
	}
	return width;
}

/*
 * Blanks are owed until the next cell, so no line ends with them.  Returns
 * the blanks owed after this cell.
 */
static size_t print_padded(FILE *out, const char *text, size_t width,
			   enum table_align align, size_t owed)
{
	size_t used = text_width(text), pad = width > used ? width - used : 0;

	if (align == TABLE_RIGHT)
		owed += pad;
	fprintf(out, "%*s%s", (int)owed, "", text);
	return 2 + (align == TABLE_LEFT ? pad : 0);
}

static void print_text_row(const struct table *t, size_t row,
			   const size_t *width, FILE *out)
{
	size_t owed = 0;

	for (size_t col = 0; col < t->column_cnt; col++) {
		const struct cell *c = cell_at(t, row, col);
		bool remark = c->kind == CELL_REMARK;

		if (c->kind == CELL_EMPTY)
			break;
		owed = print_padded(out, c->text, remark ? 0 : width[col],
				    remark ? TABLE_LEFT : t->column[col].align,
				    owed);
	}
	fputc('\n', out);
}

/*
 * method     runs  notify
 * epoch        21  2.3 us
 * prune      skipped: not in this kernel
 */
int table_print_text(const struct table *t, FILE *out)
{
	size_t *width, owed = 0;

	if (!t || t->incomplete)
		return -ENOMEM;
	width = calloc(t->column_cnt + 1, sizeof(*width));
	if (!width)
		return -ENOMEM;
	for (size_t col = 0; col < t->column_cnt; col++) {
		width[col] = column_width(t, col);
		owed = print_padded(out, t->column[col].title, width[col],
				    t->column[col].align, owed);
	}
	fputc('\n', out);
	for (size_t row = 0; row < t->row_cnt; row++)
		print_text_row(t, row, width, out);
	free(width);
	return 0;
}

static void print_markdown_cell(FILE *out, const char *text)
{
	fputs(" ", out);
	for (; *text; text++) {
		if (strchr("|<*_`\\", *text))
			fputc('\\', out);
		fputc(*text, out);
	}
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
			const struct cell *c = cell_at(t, row, col);

			print_markdown_cell(out, c->text ? c->text : "");
		}
		fputs("\n", out);
	}
	return 0;
}

static json_t *cell_json(const struct cell *c)
{
	if (c->kind != CELL_NUMBER)
		return json_string(c->text);
	if (!isfinite(c->value))
		return json_null();
	/* Doubles are exact integers below 2^53. */
	if (c->value == trunc(c->value) && fabs(c->value) < 0x1p53)
		return json_integer((json_int_t)c->value);
	return json_real(c->value);
}

static json_t *row_json(const struct table *t, size_t row)
{
	json_t *json = json_object();

	for (size_t col = 0; col < t->column_cnt; col++) {
		const struct cell *c = cell_at(t, row, col);
		const char *key = t->column[col].key;

		if (c->kind == CELL_EMPTY)
			break;
		if (c->kind == CELL_REMARK)
			key = "status";
		if (json_object_set_new(json, key, cell_json(c))) {
			json_decref(json);
			return NULL;
		}
	}
	return json;
}

json_t *table_json(const struct table *t)
{
	json_t *rows;

	if (!t || t->incomplete)
		return NULL;
	rows = json_array();
	for (size_t row = 0; row < t->row_cnt; row++) {
		if (json_array_append_new(rows, row_json(t, row))) {
			json_decref(rows);
			return NULL;
		}
	}
	return rows;
}
