// SPDX-License-Identifier: GPL-2.0-only
/*
 * The step of the epoch from 2^32 - 1, which is -1 in v8, makes dentries stale
 * like any other.
 *
 * variant: +test
 * red: v8 shrink 7.3/mainline
 */
#include <sys/stat.h>

#include "kernel/testfs/client.h"
#include "kernel/testfs/ktap.h"
#include "kernel/testfs/server.h"

/* Is a bump from there seen? */
static bool seen_from(const char *epoch)
{
	bool seen;

	if (!set_parameter("test_epoch", epoch))
		ktap_skip_all("fuse has no test_epoch: no +test variant");
	server_start();
	tree_add(ROOT, "file", S_IFREG | 0644);
	lookups_of("file");
	ktap_control_is(lookups_of("file"), 0, "LOOKUPs if cached");
	server_bump();
	seen = lookups_of("file") == 1;
	server_stop();
	return seen;
}

int main(void)
{
	ktap_begin();
	server_start();
	server_need_epochs();
	server_stop();
	ktap_control(seen_from("1"), "a bump from 1 is seen");
	ktap_ok(seen_from("2147483647"), "a bump from 2^31 - 1 is seen");
	ktap_ok(seen_from("4294967295"), "a bump from 2^32 - 1 is seen");
	ktap_control(seen_from("1"), "a bump from 1 is seen again");
	return ktap_end();
}
