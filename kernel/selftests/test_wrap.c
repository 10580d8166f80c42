// SPDX-License-Identifier: GPL-2.0-only
/*
 * The step of the epoch from 2^32 - 1, which is -1 in v8, makes dentries stale
 * like any other.
 *
 * variant: +test
 * red: v8 shrink
 */
#include <sys/stat.h>

#include "client.h"
#include "ktap.h"
#include "server.h"

static void from(const char *epoch)
{
	if (!set_parameter("test_epoch", epoch))
		ktap_skip_all("fuse has no test_epoch: no +test variant");
	server_start();
	tree_add(ROOT, "file", S_IFREG | 0644);
	lookups_of("file");
	ktap_is(lookups_of("file"), 0, "LOOKUPs if cached");
	server_bump();
	ktap_ok(lookups_of("file") == 1, "a bump from %s is seen", epoch);
	server_stop();
}

int main(void)
{
	ktap_begin();
	server_start();
	server_need_epochs();
	server_stop();
	from("1"); /* the control */
	from("2147483647");
	from("4294967295");
	from("1");
	return ktap_end();
}
