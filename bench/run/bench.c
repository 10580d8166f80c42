// SPDX-License-Identifier: GPL-2.0-only
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "bench.h"
#include "bench/lib/progress.h"

volatile sig_atomic_t bench_interrupted;

static const char *const populate_names[POPULATE_MAX] = { "readdirplus",
							  "lookup" };

const char *populate_name(enum populate p)
{
	return populate_names[p];
}

int bench_fail(struct bench *b, int err, const char *fmt, ...)
{
	va_list ap;

	if (!b->fail[0]) {
		va_start(ap, fmt);
		vsnprintf(b->fail, sizeof(b->fail), fmt, ap);
		va_end(ap);
	}
	return err;
}

int bench_take_ballast(struct bench *b)
{
	int err = ballast_take(&b->ballast, tree_mem_bytes(&b->tree));

	return err ? bench_fail(b, err, "no memory for the ballast: %s",
				strerror(-err))
		   : 0;
}

void bench_progress(struct bench *b, double part)
{
	progress_part(part);
	ballast_release(&b->ballast, part);
}
