// SPDX-License-Identifier: GPL-2.0-only
#include <time.h>

#include "clock.h"

static const struct clock_source {
	const char *unit;
	uint64_t (*now)(void);
} clocks[] = {
	{ "ns", clock_monotonic_ns },
};

static const struct clock_source *const current = &clocks[0];

uint64_t clock_monotonic_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000ULL + (uint64_t)ts.tv_nsec;
}

uint64_t clock_now(void)
{
	return current->now();
}

const char *clock_unit(void)
{
	return current->unit;
}
