// SPDX-License-Identifier: GPL-2.0-only
/*
 * table_html.c - a table in a page.  What sorts it (bench/html/page.js) reads the
 * value of a number from its cell: "1.2 ms" isn't more than "900 us".
 */
#include <errno.h>
#include <math.h>

#include "markup.h"
#include "table_internal.h"

static const char *align(const struct table *t, size_t col)
{
	return t->column[col].align == TABLE_RIGHT ? " class=\"number\"" : "";
}

static void put_head(const struct table *t, FILE *out)
{
	fputs("<thead><tr>", out);
	for (size_t col = 0; col < t->column_cnt; col++) {
		fprintf(out, "<th scope=\"col\"%s>", align(t, col));
		markup_put(out, t->column[col].title);
		fputs("</th>", out);
	}
	fputs("</tr></thead>\n", out);
}

static void put_cell(const struct table *t, FILE *out, size_t row, size_t col)
{
	const struct cell *c = table_cell(t, row, col);

	if (c->kind == CELL_REMARK)
		fprintf(out, "<td class=\"remark\" colspan=\"%zu\">",
			t->column_cnt - col);
	else if (c->kind == CELL_NUMBER && isfinite(c->value))
		fprintf(out, "<td%s data-value=\"%.17g\">", align(t, col),
			c->value);
	else
		fprintf(out, "<td%s>", align(t, col));
	markup_put(out, c->text ? c->text : "");
	fputs("</td>", out);
}

static void put_row(const struct table *t, FILE *out, size_t row)
{
	fputs("<tr>", out);
	for (size_t col = 0; col < t->column_cnt; col++) {
		put_cell(t, out, row, col);
		if (table_cell(t, row, col)->kind == CELL_REMARK)
			break;
	}
	fputs("</tr>\n", out);
}

int table_print_html(const struct table *t, FILE *out)
{
	if (!t || t->incomplete)
		return -ENOMEM;
	fputs("<table>\n", out);
	put_head(t, out);
	fputs("<tbody>\n", out);
	for (size_t row = 0; row < t->row_cnt; row++)
		put_row(t, out, row);
	fputs("</tbody></table>\n", out);
	return 0;
}
