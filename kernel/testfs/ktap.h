/* SPDX-License-Identifier: GPL-2.0-only */
/* KTAP output: the kernel's test format, readable by prove as well. */
#ifndef FUSE_EPOCH_TESTFS_KTAP_H
#define FUSE_EPOCH_TESTFS_KTAP_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

static int ktap_number, ktap_failed;

static inline void ktap_begin(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	puts("KTAP version 1");
}

__attribute__((format(printf, 2, 3))) static inline bool
ktap_ok(bool pass, const char *format, ...)
{
	va_list args;

	printf("%s %d ", pass ? "ok" : "not ok", ++ktap_number);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
	ktap_failed += !pass;
	return pass;
}

/* A result that is compared, shown when it differs. */
static inline bool ktap_is(unsigned long long got, unsigned long long wanted,
			   const char *what)
{
	if (got == wanted)
		return ktap_ok(true, "%s: %llu", what, got);
	return ktap_ok(false, "%s: %llu, not %llu", what, got, wanted);
}

/*
 * What must hold with a hazard as well as without, or else the other checks
 * mean nothing: scripts/selftest takes no such test for red as expected.
 */
#define ktap_control(pass, format, ...) \
	ktap_ok(pass, "control: " format, ##__VA_ARGS__)
#define ktap_control_is(got, wanted, what) \
	ktap_is(got, wanted, "control: " what)

/* For before the first check: a SKIP would hide what that said. */
static inline void ktap_skip_all(const char *why)
{
	if (ktap_number) {
		printf("Bail out! %s\n", why);
		exit(1);
	}
	printf("1..0 # SKIP %s\n", why);
	exit(77);
}

static inline int ktap_end(void)
{
	printf("1..%d\n", ktap_number);
	return ktap_failed ? 1 : 0;
}

#endif
