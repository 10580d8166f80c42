// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics.h>

#include "oracle_cost.h"

static bool is_off(const json_t *cell)
{
	return json_object_get(json_object_get(cell, "oracle"), "off");
}

static bool is_pair(const json_t *a, const json_t *b)
{
	static const char *const keys[] = { "run_id", "workload", "method",
					    "scope",  "rate_hz",  "round" };

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (!json_equal(json_object_get(a, keys[i]),
				json_object_get(b, keys[i])))
			return false;
	return json_is_null(json_object_get(a, "timeline"));
}

static double per_ns(const json_t *cell)
{
	return json_number_value(json_object_get(cell, "op_cnt")) /
	       json_number_value(json_object_get(cell, "wall_ns"));
}

int oracle_cost_of(const json_t *cells, struct oracle_cost *cost)
{
	double *ratio = calloc(json_array_size(cells) + 1, sizeof(*ratio));
	const json_t *off, *on;
	size_t i, k;

	*cost = (struct oracle_cost){ 0 };
	if (!ratio)
		return -ENOMEM;
	json_array_foreach (cells, i, off) {
		if (!is_off(off))
			continue;
		json_array_foreach (cells, k, on)
			if (!is_off(on) && is_pair(off, on))
				ratio[cost->pair_cnt++] =
					per_ns(on) / per_ns(off);
	}
	gsl_sort(ratio, 1, cost->pair_cnt);
	if (cost->pair_cnt) {
		cost->median = gsl_stats_quantile_from_sorted_data(
			ratio, 1, cost->pair_cnt, 0.5);
		cost->lower = gsl_stats_quantile_from_sorted_data(
			ratio, 1, cost->pair_cnt, 0.25);
		cost->upper = gsl_stats_quantile_from_sorted_data(
			ratio, 1, cost->pair_cnt, 0.75);
	}
	free(ratio);
	return 0;
}
