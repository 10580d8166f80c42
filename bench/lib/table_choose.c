// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "table_choose.h"
#include "table_fit.h"
#include "table_internal.h"
#include "view.h"

/* What is known of the columns while some are chosen. */
struct columns {
	struct table_fit fit;
	int *rank; /* enum table_rank, or beyond */
	bool *shown;
	size_t width; /* of those that are shown */
};

static void show(struct columns *c, size_t col)
{
	if (!c->shown[col])
		c->width +=
			c->fit.measure[col].folded + (c->width ? TABLE_GAP : 0);
	c->shown[col] = true;
}

/* What says the same in all rows, before what tells them apart, says least. */
static void rank_columns(struct columns *c)
{
	const struct table *t = c->fit.t;
	size_t prefix = table_keys(t, c->fit.key, &c->fit.key_cnt);

	for (size_t col = 0; col < t->column_cnt; col++) {
		c->rank[col] = t->column[col].rank;
		if (col < prefix && c->fit.key_cnt)
			c->rank[col] += TABLE_LEAST;
	}
	if (!c->fit.key_cnt)
		c->rank[0] = TABLE_STAYS;
	for (size_t i = 0; i < c->fit.key_cnt; i++)
		c->rank[c->fit.key[i]] = TABLE_STAYS;
}

/* Those that were named, and what tells the rows apart; false if it has none of them. */
static bool choose_named(struct columns *c)
{
	const struct table *t = c->fit.t;
	bool any = false;

	for (size_t col = 0; col < t->column_cnt; col++)
		if (view_chooses(t->column[col].title, t->column[col].key)) {
			show(c, col);
			any = true;
		}
	for (size_t i = 0; any && i < c->fit.key_cnt; i++)
		show(c, c->fit.key[i]);
	if (any && !c->fit.key_cnt)
		show(c, 0);
	return any;
}

static bool has_room(const struct columns *c, size_t col)
{
	return c->width + TABLE_GAP + c->fit.measure[col].folded <=
	       c->fit.line_width;
}

/* Up to the first that has no room: a wider terminal takes none away. */
static void choose_by_room(struct columns *c)
{
	const struct table *t = c->fit.t;

	for (int rank = TABLE_STAYS; rank <= 2 * TABLE_LEAST; rank++)
		for (size_t col = 0; col < t->column_cnt; col++) {
			if (c->rank[col] != rank)
				continue;
			if (rank != TABLE_STAYS && !has_room(c, col))
				return;
			show(c, col);
		}
}

/* Its texts are those of the other table.  A remark needs a column to begin in. */
static void copy_row(struct table *some, const struct columns *c, size_t row)
{
	const struct table *t = c->fit.t;
	const struct cell *remark = NULL;
	size_t to = row * some->column_cnt;

	for (size_t col = 0; col < t->column_cnt; col++) {
		const struct cell *one = table_cell(t, row, col);

		if (one->kind == CELL_REMARK)
			remark = one;
		if (!c->shown[col])
			continue;
		some->cell[to++] = remark ? *remark : *one;
		if (remark)
			return;
	}
}

static struct table *copy(const struct columns *c)
{
	const struct table *t = c->fit.t;
	struct table *some = table_new();

	if (!some)
		return NULL;
	some->column = calloc(t->column_cnt, sizeof(*some->column));
	for (size_t col = 0; some->column && col < t->column_cnt; col++)
		if (c->shown[col])
			some->column[some->column_cnt++] = t->column[col];
	some->cell =
		calloc(t->row_cnt * some->column_cnt + 1, sizeof(*some->cell));
	some->row_cnt = t->row_cnt;
	some->incomplete = !some->column || !some->cell;
	for (size_t row = 0; !some->incomplete && row < t->row_cnt; row++)
		copy_row(some, c, row);
	return some;
}

/* Then its key says which one it is. */
static bool is_title_shared(const struct table *t, size_t col)
{
	for (size_t i = 0; i < t->column_cnt; i++)
		if (i != col &&
		    !strcmp(t->column[i].title, t->column[col].title))
			return true;
	return false;
}

/* "A, B" */
static char *list_left_out(const struct columns *c)
{
	const struct column_head *column = c->fit.t->column;
	bool any = false;
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	if (!out)
		return NULL;
	for (size_t col = 0; col < c->fit.t->column_cnt; col++) {
		if (c->shown[col])
			continue;
		fputs(any ? ", " : "", out);
		view_put_name(
			out,
			is_title_shared(c->fit.t, col) ? "" : column[col].title,
			column[col].key);
		any = true;
	}
	fclose(out);
	return text;
}

static int choose(struct table_choice *choice, struct columns *c)
{
	const struct table *t = c->fit.t;
	bool named, all = true;

	rank_columns(c);
	named = view_is_choosy() && choose_named(c);
	if (!named)
		choose_by_room(c);
	for (size_t col = 0; col < t->column_cnt; col++)
		all &= c->shown[col];
	if (all)
		return 0;
	choice->t = choice->some = copy(c);
	if (!named)
		choice->left_out = list_left_out(c);
	return choice->some && !choice->some->incomplete &&
			       (named || choice->left_out)
		       ? 0
		       : -ENOMEM;
}

int table_choose(struct table_choice *choice, const struct table *t,
		 size_t line_width)
{
	struct columns c = { .width = 0 };
	int ret;

	*choice = (struct table_choice){ .t = t };
	if (!t || t->incomplete)
		return -ENOMEM;
	if (!t->column_cnt || (line_width == SIZE_MAX && !view_is_choosy()))
		return 0;
	ret = table_fit_begin(&c.fit, t, line_width);
	if (ret)
		return ret;
	c.rank = calloc(t->column_cnt, sizeof(*c.rank));
	c.shown = calloc(t->column_cnt, sizeof(*c.shown));
	ret = c.rank && c.shown ? choose(choice, &c) : -ENOMEM;
	free(c.rank);
	free(c.shown);
	table_fit_end(&c.fit);
	return ret;
}

/* The texts are the other table's. */
void table_choose_end(struct table_choice *c)
{
	if (c->some) {
		free(c->some->cell);
		free(c->some->column);
	}
	free(c->some);
	free(c->left_out);
}
