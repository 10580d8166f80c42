// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>
#include <time.h>

#include "clock.h"
#include "marker.h"

#ifdef __x86_64__
#define RDTSC_AFTER(marker) marker "rdtsc\n\t"
#define RDTSC_BEFORE(marker) "rdtsc\n\t" marker
#define NOW(code)                                                         \
	({                                                                \
		uint32_t lo, hi;                                          \
		__asm__ volatile(code : "=a"(lo), "=d"(hi) : : "memory"); \
		(uint64_t) hi << 32 | lo;                                 \
	})

/* Instructions of which there is no doubt how many they are. */
#define KNOWN_CNT 1000
#define KNOWN(insn) \
	__asm__ volatile(".rept 1000\n\t" insn "\n\t.endr" ::: "rax", "cc")
#endif

static uint64_t tsc(void)
{
#ifdef __x86_64__
	return NOW(RDTSC_BEFORE(""));
#else
	return 0;
#endif
}

static const struct clock_source {
	const char *unit;
	uint64_t (*now)(void);
} clocks[] = {
	{ "ns", clock_monotonic_ns },
	{ "insns", tsc },
};

static const struct clock_source *current = &clocks[0];

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

bool clock_is_exact(void)
{
	return current->now == tsc;
}

uint64_t clock_begin(void)
{
#ifdef __x86_64__
	if (clock_is_exact())
		return NOW(RDTSC_AFTER(MARKER_INSN(MARKER_BEGIN)));
#endif
	return current->now();
}

uint64_t clock_end(void)
{
#ifdef __x86_64__
	if (clock_is_exact())
		return NOW(RDTSC_BEFORE(MARKER_INSN(MARKER_END)));
#endif
	return current->now();
}

/*
 * A thousand instructions that a CPU does several of at a time, and a thousand
 * that wait for each other, each take exactly a thousand more than none: no
 * clock that measures time can say that of both.  The shortest of several, as a
 * tick may come between.
 */
static bool tsc_counts_insns(void)
{
#ifdef __x86_64__
	uint64_t none = UINT64_MAX, nops = UINT64_MAX, chain = UINT64_MAX;

	marker_select(MARKER_OP_CLOCK);
	for (int i = 0; i < 10; i++) {
		uint64_t at = clock_begin(), cost = clock_end() - at;

		none = cost < none ? cost : none;
		at = clock_begin();
		KNOWN("nop");
		cost = clock_end() - at;
		nops = cost < nops ? cost : nops;
		at = clock_begin();
		KNOWN("imul %%rax, %%rax");
		cost = clock_end() - at;
		chain = cost < chain ? cost : chain;
	}
	return nops == none + KNOWN_CNT && chain == none + KNOWN_CNT;
#else
	return false;
#endif
}

const char *clock_unit_name(size_t i)
{
	return i < sizeof(clocks) / sizeof(clocks[0]) ? clocks[i].unit : NULL;
}

int clock_use(const char *unit)
{
	const struct clock_source *before = current;

	for (size_t i = 0; i < sizeof(clocks) / sizeof(clocks[0]); i++) {
		if (strcmp(clocks[i].unit, unit))
			continue;
		current = &clocks[i];
		if (!clock_is_exact() || tsc_counts_insns())
			return 0;
		current = before;
		return -EOPNOTSUPP;
	}
	return -EINVAL;
}
