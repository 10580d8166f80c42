// SPDX-License-Identifier: GPL-2.0-only
#include "due.h"

uint64_t events_due_ns(double rate_hz, uint64_t k)
{
	return (uint64_t)(((double)k + 0.5) / rate_hz * 1e9);
}

uint64_t events_due_cnt(double rate_hz, uint64_t ns)
{
	return (uint64_t)((double)ns / 1e9 * rate_hz + 0.5);
}
