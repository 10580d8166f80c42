// SPDX-License-Identifier: GPL-2.0-only
#include <math.h>
#include <stddef.h>
#include <stdlib.h>

#include "phase_stats.h"

struct stats phase_stats(const struct record *rec, enum phase ph)
{
	struct stats st = { 0, NAN, NAN, NAN, NAN };
	uint64_t *value = calloc(rec->sample_cnt + 1, sizeof(*value));
	const uint64_t *used =
		record_column(rec, offsetof(struct sample, phase[ph].used));
	const uint64_t *cost =
		record_column(rec, offsetof(struct sample, phase[ph].cost));
	size_t cnt = 0;

	for (size_t i = 0; value && used && i < rec->sample_cnt; i++)
		if (used[i])
			value[cnt++] = cost ? cost[i] : 0;
	if (!value || stats_of(value, cnt, &st))
		st.cnt = 0;
	free(value);
	return st;
}
