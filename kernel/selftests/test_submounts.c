// SPDX-License-Identifier: GPL-2.0-only
/*
 * A mount below a directory outlives a bump.  It doesn't: the next walk finds
 * the directory stale, takes down all below it and detaches the mount, in other
 * namespaces too.  INVAL_ENTRY does the same, at once; INC_EPOCH does it to
 * every mount in the tree.
 *
 * red: v8 shrink hardened 7.3/mainline 7.3/fixes
 */
#include <sys/mount.h>
#include <sys/stat.h>

#include "kernel/testfs/client.h"
#include "kernel/testfs/ktap.h"
#include "kernel/testfs/server.h"

int main(void)
{
	uint64_t dir;

	ktap_begin();
	server_start();
	server_need_epochs();
	dir = tree_add(ROOT, "dir", S_IFDIR | 0755);
	tree_add(dir, "below", S_IFDIR | 0755);
	if (mount("none", server_path("dir/below"), "tmpfs", 0, NULL)) {
		server_stop();
		ktap_skip_all("cannot mount a tmpfs");
	}

	/* The control. */
	lookups_of("dir/other");
	ktap_control(is_mounted("dir/below"), "it is there after a walk");
	server_bump();
	ktap_ok(is_mounted("dir/below"), "it is there after a bump");
	lookups_of("dir/other");
	ktap_ok(is_mounted("dir/below"), "it is there after a bump and a walk");

	umount2(server_path("dir/below"), MNT_DETACH);
	server_stop();
	return ktap_end();
}
