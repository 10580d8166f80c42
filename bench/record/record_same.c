// SPDX-License-Identifier: GPL-2.0-only
#include "record_same.h"

#include <string.h>

static int compare_numbers(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

int record_compare_variant(const struct record *a, const struct record *b)
{
	const char *const texts[][2] = {
		{ a->case_name, b->case_name },
		{ a->method, b->method },
		{ a->shape, b->shape },
		{ a->populate, b->populate },
		{ a->side, b->side },
		{ a->clock_unit, b->clock_unit },
		{ a->host.name, b->host.name },
		{ a->host.kernel, b->host.kernel },
		{ a->host.fuse, b->host.fuse },
	};
	int order = compare_numbers(a->n, b->n);

	if (!order)
		order = compare_numbers(a->threads, b->threads);
	if (!order)
		order = compare_numbers(a->traced, b->traced);
	for (size_t i = 0; !order && i < sizeof(texts) / sizeof(texts[0]); i++)
		order = strcmp(texts[i][0], texts[i][1]);
	return order;
}
