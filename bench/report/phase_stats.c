// SPDX-License-Identifier: GPL-2.0-only
#include <math.h>
#include <stdlib.h>

#include "phase_stats.h"

struct stats phase_stats(const struct record *rec, enum phase ph)
{
	struct stats st = { 0, NAN, NAN, NAN, NAN };
	uint64_t *value = calloc(rec->sample_cnt + 1, sizeof(*value));
	size_t cnt = 0;

	for (size_t i = 0; value && i < rec->sample_cnt; i++)
		if (rec->sample[i].phase[ph].used)
			value[cnt++] = rec->sample[i].phase[ph].cost;
	if (!value || stats_of(value, cnt, &st))
		st.cnt = 0;
	free(value);
	return st;
}
