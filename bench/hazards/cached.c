// SPDX-License-Identifier: GPL-2.0-only
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "cached.h"
#include "hazard.h"
#include "kernel/testfs/server.h"
#include "stage.h"

enum { FILE_BYTES = 16 };

static void read_file(int dir, uint64_t slot)
{
	int fd = openat(dir, stage_name(slot), O_RDONLY | O_CLOEXEC);
	char data[FILE_BYTES];

	if (read(fd, data, sizeof(data)) != sizeof(data))
		say_broken("a file can't be read");
	close(fd);
}

static void read_link(int dir, uint64_t slot)
{
	char target[64];

	if (readlinkat(dir, stage_name(slot), target, sizeof(target)) < 0)
		say_broken("a symlink can't be read");
}

/* There is no getxattrat() before Linux 6.13. */
static void read_acl(int dir, uint64_t slot)
{
	char path[64], acl[256];

	snprintf(path, sizeof(path), "/proc/self/fd/%d/%s", dir,
		 stage_name(slot));
	if (getxattr(path, "system.posix_acl_access", acl, sizeof(acl)) < 0)
		say_broken("an ACL can't be read");
}

const struct cached cached_kinds[CACHED_KINDS] = {
	{ "pages", S_IFREG | 0644, read_file, FUSE_READ },
	{ "link target", S_IFLNK | 0777, read_link, FUSE_READLINK },
	{ "POSIX ACL", S_IFREG | 0644, read_acl, FUSE_GETXATTR },
};

void cached_configure(void)
{
	tree_keep_pages();
	tree_want(FUSE_POSIX_ACL);
}

uint64_t cached_add(const struct cached *k)
{
	uint64_t slot = stage_add(k->mode);

	tree_give_acls();
	if (S_ISREG(k->mode))
		tree_set_size(stage_ino(slot), FILE_BYTES);
	return slot;
}

bool cached_asks(const struct cached *k, int dir, uint64_t slot)
{
	uint64_t before = server_count(k->opcode);

	k->use(dir, slot);
	return server_count(k->opcode) != before;
}

void cached_warm_up(const struct cached *k, int dir, uint64_t slot)
{
	if (!cached_asks(k, dir, slot) || cached_asks(k, dir, slot))
		say_broken("control: the %s isn't cached", k->name);
}
