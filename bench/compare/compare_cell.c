// SPDX-License-Identifier: GPL-2.0-only
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bench/record/record_text.h"
#include "compare_cell.h"

const char *compare_cell_phase(const struct compare_cell *c,
			       char buf[COMPARE_PHASE_LEN])
{
	snprintf(buf, COMPARE_PHASE_LEN, "%s%s", phase_name(c->phase),
		 c->cpu ? "_cpu" : "");
	return buf;
}

const char *compare_cell_unit(const struct compare_cell *c)
{
	return c->cpu ? "ns" : c->base->clock_unit;
}

enum unit compare_cell_cost_unit(const struct compare_cell *c)
{
	return c->cpu ? UNIT_NS : record_cost_unit(c->base);
}

void compare_record_path(const struct record *r, char sep, char *buf,
			 size_t len)
{
	snprintf(buf, len, "%s%c%s%c%s%c%llu%c%s%c%u", r->case_name, sep,
		 r->method, sep, r->shape, sep, (unsigned long long)r->n, sep,
		 r->populate, sep, r->threads);
}

void compare_cell_path(const struct compare_cell *c, char sep, char *buf,
		       size_t len)
{
	char phase[COMPARE_PHASE_LEN];
	size_t used;

	compare_record_path(c->base, sep, buf, len);
	used = strlen(buf);
	snprintf(buf + used, len - used, "%c%s", sep,
		 compare_cell_phase(c, phase));
}

void compare_change_text(double change, char *buf, size_t len)
{
	if (isnan(change))
		snprintf(buf, len, "-");
	else if (isinf(change))
		snprintf(buf, len, "from 0");
	else if (fabs(change) < 0.0995)
		snprintf(buf, len, "%+.1f%%", 100 * change);
	else
		snprintf(buf, len, "%+.0f%%", 100 * change);
}

void compare_floor_text(double floor, char *buf, size_t len)
{
	if (isinf(floor))
		compare_change_text(floor, buf, len);
	else
		units_format(100 * floor, UNIT_PCT, buf, len);
}

void compare_cell_text(const struct compare_cell *c, char *buf, size_t len)
{
	enum unit unit = compare_cell_cost_unit(c);
	char base[UNITS_LEN], fresh[UNITS_LEN], floor[UNITS_LEN];
	char value[UNITS_LEN], low[UNITS_LEN], high[UNITS_LEN];

	units_format(c->j.base, unit, base, sizeof(base));
	units_format(c->j.fresh, unit, fresh, sizeof(fresh));
	compare_floor_text(c->j.floor, floor, sizeof(floor));
	compare_change_text(c->j.change.value, value, sizeof(value));
	compare_change_text(c->j.change.low, low, sizeof(low));
	compare_change_text(c->j.change.high, high, sizeof(high));
	snprintf(buf, len, "%s to %s, %s (%s to %s), floor %s", base, fresh,
		 value, low, high, floor);
}

void compare_count_text(const struct comparison *cmp, char *buf, size_t len)
{
	int used = snprintf(buf, len,
			    "%zu slower, %zu faster, %zu same, %zu undecided",
			    cmp->verdict_cnt[VERDICT_SLOWER],
			    cmp->verdict_cnt[VERDICT_FASTER],
			    cmp->verdict_cnt[VERDICT_SAME],
			    cmp->verdict_cnt[VERDICT_UNDECIDED]);

	if (cmp->gap_cnt)
		snprintf(buf + used, len - (size_t)used, "; not compared: %zu",
			 cmp->gap_cnt);
}

/* "20261122T233132Z-6932" names the second in which the run began. */
bool compare_run_time(const struct record *rec, time_t *at)
{
	struct tm tm = { 0 };

	if (!strptime(rec->run_id, "%Y%m%dT%H%M%SZ", &tm))
		return false;
	*at = timegm(&tm);
	return true;
}
