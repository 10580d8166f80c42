// SPDX-License-Identifier: GPL-2.0-only
#include "pulse.h"

bool pulse_beats(struct pulse *p, uint64_t value, uint64_t now_ns)
{
	if (!p->began || value != p->value) {
		p->began = true;
		p->value = value;
		p->since_ns = now_ns;
	}
	return now_ns - p->since_ns < p->idle_ns;
}
