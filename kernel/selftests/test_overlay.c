// SPDX-License-Identifier: GPL-2.0-only
/*
 * An overlay above a FUSE file system outlives a bump.  It keeps the dentries
 * of its layers and asks for each whether it is valid; "no" becomes ESTALE, and
 * as nobody looks them up again that is so for as long as the overlay's own
 * dentry is in use.  After INVAL_ENTRY (the control) they are gone or expired,
 * and a LOOKUP heals them.
 *
 * red: v8 shrink hardened 7.3/mainline 7.3/fixes
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kernel/testfs/client.h"
#include "kernel/testfs/ktap.h"
#include "kernel/testfs/server.h"

static char work[] = "/tmp/fuse-epoch-ovl.XXXXXX", merged[96];

static const char *in_overlay(const char *name)
{
	static char path[160];

	snprintf(path, sizeof(path), "%s/%s", merged, name);
	return path;
}

static int stat_in(const char *name)
{
	struct stat st;

	return stat(in_overlay(name), &st) ? errno : 0;
}

static int inval(uint64_t parent, const char *name)
{
	struct {
		struct fuse_out_header head;
		struct fuse_notify_inval_entry_out out;
		char name[32];
	} message = {
		.head.error = FUSE_NOTIFY_INVAL_ENTRY,
		.out.parent = parent,
		.out.namelen = strlen(name),
	};

	strcpy(message.name, name);
	message.head.len = sizeof(message.head) + sizeof(message.out) +
			   message.out.namelen + 1;
	return server_write(&message, message.head.len);
}

/* An overlay on a tmpfs, with all of the server's tree below. */
static bool overlay_start(void)
{
	char upper[96], inner[96], options[512];

	if (!mkdtemp(work) || mount("none", work, "tmpfs", 0, NULL))
		return false;
	snprintf(upper, sizeof(upper), "%s/u", work);
	snprintf(inner, sizeof(inner), "%s/w", work);
	snprintf(merged, sizeof(merged), "%s/m", work);
	mkdir(upper, 0755);
	mkdir(inner, 0755);
	mkdir(merged, 0755);
	snprintf(options, sizeof(options), "lowerdir=%s,upperdir=%s,workdir=%s",
		 server_path(""), upper, inner);
	return !mount("overlay", merged, "overlay", 0, options);
}

static void overlay_stop(void)
{
	umount2(merged, MNT_DETACH);
	umount2(work, MNT_DETACH);
	rmdir(work);
}

static void controls(uint64_t dir)
{
	ktap_control_is(stat_in("dir/control"), 0, "stat, errno");
	ktap_control_is(stat_in("dir/file"), 0, "stat, errno");
	ktap_control_is(inval(dir, "control"), 0, "INVAL_ENTRY");
	ktap_control_is(stat_in("dir/control"), 0,
			"stat after INVAL_ENTRY, errno");
}

int main(void)
{
	uint64_t dir;
	int held;

	ktap_begin();
	server_start();
	server_need_epochs();
	dir = tree_add(ROOT, "dir", S_IFDIR | 0755);
	tree_add(dir, "file", S_IFREG | 0644);
	tree_add(dir, "control", S_IFREG | 0644);
	if (!overlay_start()) {
		overlay_stop();
		server_stop();
		ktap_skip_all("not supported: no overlayfs here");
	}
	controls(dir);
	held = open(in_overlay("dir"), O_PATH);
	server_bump();
	ktap_is(stat_in("dir/file"), 0, "stat after a bump, errno");
	ktap_is(stat_in("dir/file"), 0, "again, errno");
	close(held);
	ktap_is(stat_in("dir/file"), 0, "when nobody has it open, errno");
	ktap_is(stat_in("dir/new"), ENOENT, "stat of a missing name, errno");
	overlay_stop();
	server_stop();
	return ktap_end();
}
