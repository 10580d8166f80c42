// SPDX-License-Identifier: GPL-2.0-only
/*
 * version.c - alone in its file: recompiled with each commit.
 */
#include "hostinfo.h"

const char *hostinfo_bench_version(void)
{
	return FUSE_EPOCH_VERSION;
}
