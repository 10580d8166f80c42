// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>

#include "plan.h"

/* One before the event, and what a slow recovery takes. */
#define TIMELINE_NS 3000000000ULL
/* To mount, warm up and unmount. */
#define SETUP_NS 1000000000ULL

/* Long enough for one event, which is due in the middle of its slot. */
static uint64_t run_ns(const struct plan *p, double rate_hz)
{
	uint64_t slot_ns = (uint64_t)(1e9 / rate_hz);

	return slot_ns > p->run_ns ? slot_ns : p->run_ns;
}

/* The same order in each run (numbers by Knuth), as in bench/run/run.c. */
static void shuffle(struct cell *c, size_t cnt, unsigned int round)
{
	uint64_t x = round + 1;

	for (size_t i = cnt; i > 1; i--) {
		struct cell tmp = c[i - 1];
		size_t k;

		x = x * 6364136223846793005ULL + 1442695040888963407ULL;
		k = (size_t)((x >> 33) % i);
		c[i - 1] = c[k];
		c[k] = tmp;
	}
}

static size_t add_round(const struct plan *p, unsigned int round,
			struct cell *c)
{
	size_t cnt = 0;

	for (unsigned int w = 0; p->cells && w < p->workload_cnt; w++) {
		struct cell one = { .workload = p->workload[w],
				    .round = round,
				    .run_ns = p->run_ns };

		c[cnt++] = one; /* the control */
		for (unsigned int m = 0; m < p->method_cnt; m++)
			for (unsigned int r = 0; r < p->rate_cnt; r++) {
				one.how = p->method[m];
				one.rate_hz = p->rate_hz[r];
				one.run_ns = run_ns(p, one.rate_hz);
				if (p->leaves_out && p->leaves_out(&one))
					continue;
				c[cnt++] = one;
				if (!p->oracle_cost)
					continue;
				c[cnt] = one;
				c[cnt++].no_oracle = true;
			}
	}
	for (unsigned int m = 0; p->timelines && m < p->method_cnt; m++)
		c[cnt++] = (struct cell){ .how = p->method[m],
					  .round = round,
					  .run_ns = TIMELINE_NS,
					  .timeline = true };
	shuffle(c, cnt, round);
	return cnt;
}

struct cell *plan_cells(const struct plan *p, size_t *cnt)
{
	size_t most = p->workload_cnt * (1 + 2 * p->method_cnt * p->rate_cnt) +
		      p->method_cnt;
	struct cell *c = calloc(most * p->rounds + 1, sizeof(*c));

	*cnt = 0;
	for (unsigned int round = 0; c && round < p->rounds; round++)
		*cnt += add_round(p, round, c + *cnt);
	return c;
}

uint64_t plan_cell_ns(const struct cell *c)
{
	return c->run_ns + SETUP_NS;
}
