// SPDX-License-Identifier: GPL-2.0-only
/*
 * A bump is seen through every mount of a super block.  And a dentry is looked
 * up once after it, not once per mount: bind mounts and mount namespaces share
 * the dentries.
 */
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kernel/testfs/client.h"
#include "kernel/testfs/ktap.h"
#include "kernel/testfs/server.h"

/* What has such a name is unmounted (run), should this test die. */
static char bind_mount[] = "/tmp/fuse-epoch.bind.XXXXXX";

enum way { MOUNT, BIND, NAMESPACE, WAYS };

static const char *const names[] = { "the mount", "a bind mount",
				     "a mount namespace" };
static int namespaces[WAYS];

static bool prepare(void)
{
	static const char self[] = "/proc/thread-self/ns/mnt";

	if (!mkdtemp(bind_mount) ||
	    mount(server_path(""), bind_mount, NULL, MS_BIND, NULL))
		return false;
	namespaces[MOUNT] = open(self, O_RDONLY);
	namespaces[BIND] = namespaces[MOUNT];
	if (unshare(CLONE_NEWNS) ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
		return false;
	namespaces[NAMESPACE] = open(self, O_RDONLY);
	return namespaces[MOUNT] >= 0 && namespaces[NAMESPACE] >= 0;
}

static uint64_t lookups_by(enum way way, const char *path)
{
	uint64_t before = server_count(FUSE_LOOKUP);
	char other[64];
	struct stat st;

	if (setns(namespaces[way], CLONE_NEWNS))
		return ~0ull;
	if (way == BIND) {
		snprintf(other, sizeof(other), "%s/%s", bind_mount, path);
		lstat(other, &st);
	} else {
		lstat(server_path(path), &st);
	}
	return server_count(FUSE_LOOKUP) - before;
}

/* After a bump by the first way, and then by all. */
static void see(enum way first, const char *path, unsigned int wanted)
{
	uint64_t lookups = 0;
	enum way way;

	for (way = 0; way < WAYS; way++)
		lookups_by(way, path);
	for (way = 0; way < WAYS; way++)
		lookups += lookups_by(way, path);
	ktap_control_is(lookups, 0, "LOOKUPs without a bump");

	server_bump();
	lookups = lookups_by(first, path);
	ktap_ok(lookups == wanted, "%s: LOOKUPs after it by %s: %lu", path,
		names[first], lookups);
	lookups = 0;
	for (way = 0; way < WAYS; way++)
		lookups += lookups_by(way, path);
	ktap_is(lookups, 0, "LOOKUPs after that by all of them");
}

int main(void)
{
	enum way way;

	ktap_begin();
	server_start();
	server_need_epochs();
	tree_add(ROOT, "file", S_IFREG | 0644);
	add_files(tree_add(ROOT, "dir", S_IFDIR | 0755), "%u", 1);
	if (!prepare()) {
		rmdir(bind_mount);
		server_stop();
		ktap_skip_all("no bind mounts or mount namespaces here");
	}

	for (way = 0; way < WAYS; way++) {
		see(way, "file", 1);
		see(way, "none", 1);
		see(way, "dir/0", 2);
	}

	/* Left and closed, the namespace goes with its mounts. */
	if (setns(namespaces[MOUNT], CLONE_NEWNS))
		perror("# setns");
	close(namespaces[NAMESPACE]);
	close(namespaces[MOUNT]);
	umount2(bind_mount, MNT_DETACH);
	rmdir(bind_mount);
	server_stop();
	return ktap_end();
}
