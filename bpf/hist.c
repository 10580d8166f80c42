// SPDX-License-Identifier: GPL-2.0-only
#include "hist.h"

#include <math.h>
#include <stdlib.h>

#include "bench/lib/units.h"

uint64_t hist_cnt(const uint64_t *slots, int slot_cnt)
{
	uint64_t sum = 0;

	for (int i = 0; i < slot_cnt; i++)
		sum += slots[i];
	return sum;
}

uint64_t hist_quantile_ns(const uint64_t *slots, int slot_cnt, double q)
{
	uint64_t rank = ceil(q * hist_cnt(slots, slot_cnt)), seen = 0;

	for (int i = 0; i < slot_cnt; i++) {
		seen += slots[i];
		if (seen && seen >= rank)
			return 2ull << i;
	}
	return 0;
}

void hist_print(FILE *out, const char *title, const uint64_t *slots,
		int slot_cnt)
{
	enum { WIDTH = 40 };
	char from[UNITS_LEN], to[UNITS_LEN], range[80];
	uint64_t most = 0;
	int first = slot_cnt, last = -1;

	for (int i = 0; i < slot_cnt; i++) {
		if (!slots[i])
			continue;
		if (first > i)
			first = i;
		last = i;
		if (slots[i] > most)
			most = slots[i];
	}
	if (last < 0)
		return;
	fprintf(out, "%-22s %12s  distribution\n", title, "count");
	for (int i = first; i <= last; i++) {
		int stars = slots[i] * WIDTH / most;

		snprintf(range, sizeof(range), "%s .. %s",
			 units_format(i ? 1ull << i : 0, UNIT_NS, from,
				      sizeof(from)),
			 units_format(2ull << i, UNIT_NS, to, sizeof(to)));
		fprintf(out, "%-22s %12llu  |%.*s%*s|\n", range,
			(unsigned long long)slots[i], stars,
			"****************************************",
			WIDTH - stars, "");
	}
}
