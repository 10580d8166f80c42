// SPDX-License-Identifier: GPL-2.0-only
/*
 * probe_wrap.c - is a bump seen where the counter wraps?
 *
 * To count up to there takes half an hour at best.  A test parameter of our
 * modules starts the counter just before the wrap.
 */
#include <stdio.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kernel/testfs/client.h"
#include "kernel/testfs/ktap.h"
#include "kernel/testfs/server.h"
#include "methods.h"
#include "stage.h"

#define PARAMETER "test_epoch"

static void step_from(const char *probe, const struct inval_method *m,
		      unsigned long epoch)
{
	uint64_t slot, lookups;
	char value[32];

	/* stage_start() sees if there are epochs, and that is the first bump. */
	snprintf(value, sizeof(value), "%lu", epoch - 1);
	if (!set_parameter(PARAMETER, value))
		ktap_skip_all("no parameter " PARAMETER
			      ": needs our fuse.ko VARIANT+test");
	stage_start(m, NULL);
	set_parameter(PARAMETER, "1");
	slot = stage_add(S_IFREG | 0644);
	fstatat(stage_top(), stage_name(slot), &(struct stat){ 0 }, 0);
	stage_notify(m);
	lookups = server_count(FUSE_LOOKUP);
	fstatat(stage_top(), stage_name(slot), &(struct stat){ 0 }, 0);
	lookups = server_count(FUSE_LOOKUP) - lookups;
	say_hazard(probe, !lookups, "%s", lookups ? "" : "stale");
	stage_stop();
}

static void run(const struct inval_method *m)
{
	step_from("from 2^31 - 1", m, 2147483647ul);
	step_from("from 2^32 - 1", m, 4294967295ul);
}

const struct hazard hazard_wrap = {
	.name = "wrap",
	.title = "Wrap of the epoch",
	.note = "The connection's epoch is just below 2^31 or 2^32 (by a test "
		"parameter of our modules), a name is cached, and a bump takes "
		"the step.  2^32 bumps take about 35 minutes at 2M a second.",
	.concerns = method_is_epoch,
	.run = run,
	.limit_s = 20,
};
