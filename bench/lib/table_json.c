// SPDX-License-Identifier: GPL-2.0-only
#include <math.h>

#include "table_internal.h"

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
		const struct cell *c = table_cell(t, row, col);
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
