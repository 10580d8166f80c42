// SPDX-License-Identifier: GPL-2.0-only
#include "group.h"

#include "cells.h"
#include "records.h"

void group_add(json_t *group, const char *text, const json_t *record)
{
	json_t *array = json_object_get(group, text);

	if (!array) {
		json_object_set_new(group, text, json_array());
		array = json_object_get(group, text);
	}
	json_array_append(array, (json_t *)record);
}

json_t *group_by(const json_t *records, const char *key)
{
	json_t *group = json_object();
	const json_t *record;
	size_t i;

	json_array_foreach (records, i, record)
		if (*record_text(record, key))
			group_add(group, record_text(record, key), record);
	return group;
}

json_t *group_by_kernel(const json_t *records)
{
	json_t *group = json_object();
	char kernel[CELL_LEN];
	const json_t *record;
	size_t i;

	json_array_foreach (records, i, record) {
		cell_kernel(record, kernel);
		group_add(group, kernel, record);
	}
	return group;
}

json_t *group_kernels_of(const json_t *group, const char *text)
{
	return group_by_kernel(json_object_get(group, text));
}

/* More of them make the column wide, and nobody wiser. */
#define KERNELS_SHOWN 32

size_t group_put_kernels(FILE *out, const json_t *kernels, size_t used)
{
	const json_t *kernel;
	size_t i;

	json_array_foreach (kernels, i, kernel)
		if (used++ < KERNELS_SHOWN)
			fprintf(out, "%s%s", used > 1 ? ", " : "",
				json_string_value(kernel));
	return used;
}

void group_put_rest(FILE *out, size_t used)
{
	if (used > KERNELS_SHOWN)
		fprintf(out, " and %zu more", used - KERNELS_SHOWN);
}
