/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * units.h - numbers as people read them.
 *
 * Measured quantities are rounded to three significant digits; counts and
 * sizes given by the user are never rounded, because counts are the referee.
 * Only a tally, in a table that people watch, is.
 */
#ifndef FUSE_EPOCH_LIB_UNITS_H
#define FUSE_EPOCH_LIB_UNITS_H

#include <stddef.h>

enum unit {
	UNIT_NS, /* "850 ns", "2.3 us", "1.25 s" */
	UNIT_INSNS, /* "2945 insns", exact below 1M; "2.3M insns" */
	UNIT_CNT, /* "100001", exact; a median may be "2.5" */
	UNIT_TALLY, /* "873", "12.3k", "1.20M": exact below 10000, then short */
	UNIT_NAMES, /* "23", "100k", "1M"; exact, so "100001" stays */
	UNIT_BYTES, /* "1139 B", "11.4 GB": powers of 1000 */
	UNIT_PCT, /* "3.1%", "25%" */
	UNIT_RATIO, /* "1.9x", "0.52x", "12300x", "1/50000x" below 0.01 */
	UNIT_PER_S, /* "312k/s" */
};

/* Room for any number units_format() writes. */
#define UNITS_LEN 32

/* Writes value (not negative) into buf; "-" if it isn't finite.  Returns buf. */
const char *units_format(double value, enum unit unit, char *buf, size_t len);

/* Suffix of a machine-readable name in that unit: "ns", "bytes", "per_s". */
const char *units_suffix(enum unit unit);

#endif
