// SPDX-License-Identifier: GPL-2.0-only
/*
 * An error is no answer to whether a name is still there.  Only ENOENT says that
 * it is gone; after EIO and the like nothing is torn down, what is mounted below
 * stays, and the name is asked for again.
 *
 * red: v8 shrink hardened 7.3/mainline 7.3/fixes
 */
#include <errno.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "kernel/testfs/client.h"
#include "kernel/testfs/ktap.h"
#include "kernel/testfs/server.h"

static int error_of(const char *path)
{
	struct stat st;

	return stat(server_path(path), &st) ? errno : 0;
}

/* The server says EIO, once. */
static void fails(const char *when)
{
	server_fail_next(FUSE_LOOKUP, EIO);
	ktap_ok(error_of("dir/other") == EIO, "%s: EIO is told", when);
	ktap_ok(is_mounted("dir/below"), "%s: the mount is there", when);
	ktap_ok(lookups_of("dir") == 1, "%s: it is asked for again", when);
	ktap_ok(is_mounted("dir/below"), "%s: the mount is there then", when);
}

int main(void)
{
	uint64_t dir;

	ktap_begin();
	server_start();
	server_need_epochs();
	dir = tree_add(ROOT, "dir", S_IFDIR | 0755);
	tree_add(dir, "below", S_IFDIR | 0755);
	tree_add(dir, "other", S_IFREG | 0644);
	if (mount("none", server_path("dir/below"), "tmpfs", 0, NULL)) {
		server_stop();
		ktap_skip_all("cannot mount a tmpfs");
	}
	ktap_control_is(error_of("dir/other"), 0, "stat, errno");
	server_bump();
	fails("after a bump");
	tree_set_valid_s(0);
	server_bump();
	lookups_of("dir");
	fails("when it has expired");

	tree_set_valid_s(3600);
	lookups_of("dir");
	tree_unlink(ROOT, "dir");
	server_bump();
	ktap_is(error_of("dir"), ENOENT, "ENOENT is an answer, errno");
	ktap_ok(!is_mounted("dir/below"), "the mount is gone with it");
	umount2(server_path("dir/below"), MNT_DETACH);
	server_stop();
	return ktap_end();
}
