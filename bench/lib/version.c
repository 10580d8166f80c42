// SPDX-License-Identifier: GPL-2.0-only
#include "version.h"

/*
 * In a section of its own, so that a copy can be made that doesn't tell one
 * commit from another (scripts/regress-insns).
 */
static const char built_from[48]
	__attribute__((section("bench_version"))) = FUSE_EPOCH_VERSION;

const char *version(void)
{
	const char *volatile text = built_from; /* as it is when it runs */

	return text;
}
