// SPDX-License-Identifier: GPL-2.0-only
#include <stdint.h>

#include "table_choose.h"
#include "table_internal.h"
#include "text.h"
#include "view.h"

static void print_markdown_cell(FILE *out, const char *text)
{
	fputs(" ", out);
	text_put(out, text, TEXT_MARKDOWN "*_");
	fputs(" |", out);
}

static void print(const struct table *t, FILE *out)
{
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
}

int table_print_markdown(const struct table *t, FILE *out)
{
	struct table_choice choice;
	int ret = table_choose(&choice, t, SIZE_MAX);

	if (!ret && !view_is_rehearsal())
		print(choice.t, out);
	table_choose_end(&choice);
	return ret;
}
