// SPDX-License-Identifier: GPL-2.0-only
#include "patience.h"

#include <stdlib.h>
#include <time.h>

uint64_t now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000ull + ts.tv_nsec / 1000;
}

unsigned int patience_ms(void)
{
	const char *seconds = getenv("PATIENCE_S");

	return (seconds ? atoi(seconds) : 20) * 1000;
}

bool joined_within(pthread_t thread, unsigned int limit_ms)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_nsec += limit_ms % 1000 * 1000000;
	until.tv_sec += limit_ms / 1000 + until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	return !pthread_timedjoin_np(thread, NULL, &until);
}
