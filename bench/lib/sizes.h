/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * sizes.h - numbers and lists as people type them.  Pure.
 */
#ifndef FUSE_EPOCH_LIB_SIZES_H
#define FUSE_EPOCH_LIB_SIZES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A whole number from min to max with an optional suffix k (1000) or
 * M (1,000,000): "100k", "1M", "1.5M".  Returns 0, -EINVAL (not such a number)
 * or -ERANGE.
 */
int size_parse(const char *text, uint64_t min, uint64_t max, uint64_t *out);

/*
 * A comma-separated list of them, at most max_cnt.  Returns how many, or
 * -EINVAL, -ERANGE, -E2BIG; *bad then points at the offending item.
 */
int size_parse_list(const char *text, uint64_t min, uint64_t max, uint64_t *out,
		    size_t max_cnt, const char **bad);

/* A duration with unit ns, us, ms or s ("10ms"; "0" needs none), in ns. */
int duration_parse(const char *text, uint64_t *out_ns);

/* The same without a suffix: no sign, no blank, no exponent.  0 or -errno. */
int whole_parse(const char *text, uint64_t min, uint64_t max, uint64_t *out);

/* And one with a fraction, perhaps: "0.5". */
int real_parse(const char *text, double min, double max, double *out);

/*
 * Takes the digits at *text, of base 10 or 16, which moves behind them.  False,
 * and nothing is taken: there is none, or the number is above max.
 */
bool digits_take(const char **text, unsigned int base, uint64_t max,
		 uint64_t *out);

/* Is it in a list with commas?  NULL is a list of all. */
bool list_has(const char *list, const char *name);

#endif
