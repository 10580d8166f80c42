// SPDX-License-Identifier: GPL-2.0-only
#include "hist.h"

#include <math.h>
#include <stdlib.h>

const char *hist_span(uint64_t ns, char *buf, size_t len)
{
	static const char *const units[] = { "ns", "us", "ms", "s" };
	double value = ns;
	int unit = 0;

	while (value >= 999.5 && unit < 3) {
		value /= 1000;
		unit++;
	}
	snprintf(buf, len, "%.3g %s", value, units[unit]);
	return buf;
}

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
	char from[32], to[32], range[80];
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
			 hist_span(i ? 1ull << i : 0, from, sizeof(from)),
			 hist_span(2ull << i, to, sizeof(to)));
		fprintf(out, "%-22s %12llu  |%.*s%*s|\n", range,
			(unsigned long long)slots[i], stars,
			"****************************************",
			WIDTH - stars, "");
	}
}
