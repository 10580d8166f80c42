// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>

#include "functions.h"

static int most_first(const void *a, const void *b)
{
	const struct function_insns *x = a, *y = b;

	if (llabs(x->insns) != llabs(y->insns))
		return llabs(x->insns) < llabs(y->insns) ? 1 : -1;
	return strcmp(x->name, y->name);
}

struct function_insns *functions_sorted(json_t *functions, size_t *cnt)
{
	struct function_insns *all =
		calloc(json_object_size(functions) + 1, sizeof(*all));
	const char *name;
	json_t *value;

	*cnt = 0;
	if (!all)
		return NULL;
	json_object_foreach (functions, name, value)
		all[(*cnt)++] =
			(struct function_insns){ name,
						 json_integer_value(value) };
	qsort(all, *cnt, sizeof(*all), most_first);
	return all;
}

void functions_add(json_t *sum, json_t *functions, int sign)
{
	const char *name;
	json_t *value;

	json_object_foreach (functions, name, value)
		json_object_set_new(
			sum, name,
			json_integer(
				json_integer_value(json_object_get(sum, name)) +
				sign * json_integer_value(value)));
}

void functions_drop_zeros(json_t *sum)
{
	const char *name;
	json_t *value;
	void *next;

	json_object_foreach_safe(sum, next, name,
				 value) if (!json_integer_value(value))
		json_object_del(sum, name);
}
