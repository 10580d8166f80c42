// SPDX-License-Identifier: GPL-2.0-only
#include <math.h>
#include <stdio.h>

#include "units.h"

/* Four steps each; what is larger than the last step stays in it. */
#define SCALE_STEPS 4
typedef const char *scale[SCALE_STEPS];

static const scale scale_ns = { " ns", " us", " ms", " s" };
static const scale scale_bytes = { " B", " kB", " MB", " GB" };
static const scale scale_insns = { " insns", "k insns", "M insns", "G insns" };
static const scale scale_tally = { "", "k", "M", "G" };
static const scale scale_per_s = { "/s", "k/s", "M/s", "G/s" };

/* Above this, three significant digits are "1000". */
#define STEP_FULL 999.5
/* Instructions below this aren't rounded: they are counted, and compared. */
#define STEP_INSNS 1e6
/* Nor tallies below this, which have four digits. */
#define TALLY_EXACT 9999.5

/* Divides value by 1000 for each step it takes; returns how many. */
static size_t scale_down(double *value)
{
	size_t step = 0;

	while (*value >= STEP_FULL && step + 1 < SCALE_STEPS) {
		*value /= 1000;
		step++;
	}
	return step;
}

/*
 * %.3g alone would print 1000 as "1e+03" and 0.00001 as "1e-05", which nobody
 * reads at once.
 */
static void format_scaled(double value, const scale suffix, char *buf,
			  size_t len)
{
	size_t step = scale_down(&value);

	if (value >= STEP_FULL)
		snprintf(buf, len, "%.0f%s", value, suffix[step]);
	else if (value < 0.0005)
		snprintf(buf, len, "0%s", suffix[step]);
	else
		snprintf(buf, len, "%.3g%s", value, suffix[step]);
}

/* Three digits even if they are zeros, so that a column doesn't flicker. */
static void format_tally(double value, char *buf, size_t len)
{
	size_t step = value < TALLY_EXACT ? 0 : scale_down(&value);
	int digits = value < 9.995 ? 2 : value < 99.95;

	snprintf(buf, len, "%.*f%s", step ? digits : 0, value,
		 scale_tally[step]);
}

static void format_names(double value, char *buf, size_t len)
{
	if (value > 0 && fmod(value, 1e6) == 0)
		snprintf(buf, len, "%.0fM", value / 1e6);
	else if (value > 0 && fmod(value, 1e3) == 0)
		snprintf(buf, len, "%.0fk", value / 1e3);
	else
		snprintf(buf, len, "%.0f", value);
}

/* A whole number of three significant digits, for value >= 1. */
static double round3(double value)
{
	double digits = pow(10, floor(log10(value)) - 2);

	return digits > 1 ? round(value / digits) * digits : round(value);
}

/*
 * 0.00002x asks the reader to count zeros; 1/50000x says "fifty thousand
 * times cheaper".
 */
static void format_ratio(double value, char *buf, size_t len)
{
	if (value > 0 && value < 0.01)
		snprintf(buf, len, "1/%.0fx", round3(1 / value));
	else if (value >= STEP_FULL)
		snprintf(buf, len, "%.0fx", round3(value));
	else
		snprintf(buf, len, "%.3gx", value);
}

const char *units_format(double value, enum unit unit, char *buf, size_t len)
{
	if (!isfinite(value)) {
		snprintf(buf, len, "-");
		return buf;
	}
	switch (unit) {
	case UNIT_NS:
		format_scaled(value, scale_ns, buf, len);
		break;
	case UNIT_INSNS:
		if (value < STEP_INSNS && value == round(value))
			snprintf(buf, len, "%.0f insns", value);
		else
			format_scaled(value, scale_insns, buf, len);
		break;
	case UNIT_CNT:
		snprintf(buf, len, "%.*f", value != round(value), value);
		break;
	case UNIT_TALLY:
		format_tally(value, buf, len);
		break;
	case UNIT_NAMES:
		format_names(value, buf, len);
		break;
	case UNIT_BYTES:
		if (value < 9999.5)
			snprintf(buf, len, "%.0f B", value);
		else
			format_scaled(value, scale_bytes, buf, len);
		break;
	case UNIT_PCT:
		snprintf(buf, len, "%.*f%%", value < 9.95, value);
		break;
	case UNIT_RATIO:
		format_ratio(value, buf, len);
		break;
	case UNIT_PER_S:
		format_scaled(value, scale_per_s, buf, len);
		break;
	}
	return buf;
}

const char *units_suffix(enum unit unit)
{
	static const char *const suffix[] = {
		[UNIT_NS] = "ns",	[UNIT_INSNS] = "insns",
		[UNIT_CNT] = "cnt",	[UNIT_TALLY] = "cnt",
		[UNIT_NAMES] = "cnt",	[UNIT_BYTES] = "bytes",
		[UNIT_PCT] = "pct",	[UNIT_RATIO] = "ratio",
		[UNIT_PER_S] = "per_s",
	};

	return suffix[unit];
}
