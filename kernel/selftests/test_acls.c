// SPDX-License-Identifier: GPL-2.0-only
/*
 * ACLs end with a bump and a walk, whoever keeps the inode.  An open file keeps it
 * under the name that is walked to, and a name that nobody walks to under another.
 *
 * red: v8 shrink 7.3/mainline
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "kernel/testfs/client.h"
#include "kernel/testfs/ktap.h"
#include "kernel/testfs/server.h"

/* Requests that it takes to learn that a file has none. */
static uint64_t requests_of(const char *name)
{
	uint64_t before = server_count(FUSE_GETXATTR);

	if (getxattr(server_path(name), "system.posix_acl_access", NULL, 0) >=
		    0 ||
	    errno != ENODATA)
		printf("# %s: %s\n", name, strerror(errno));
	return server_count(FUSE_GETXATTR) - before;
}

int main(void)
{
	uint64_t file;
	int fd;

	ktap_begin();
	tree_want(FUSE_POSIX_ACL);
	server_start();
	server_need_epochs();
	file = tree_add(ROOT, "open", S_IFREG | 0644);
	fd = open(server_path("open"), O_RDONLY);
	ktap_control_is(requests_of("open"), 1, "GETXATTRs");
	ktap_control_is(requests_of("open"), 0, "GETXATTRs: it is cached");
	server_bump();
	ktap_is(requests_of("open"), 1, "GETXATTRs of an open file");
	ktap_is(requests_of("open"), 0, "GETXATTRs of it after that");
	server_bump();
	fchmod(fd, 0600);
	ktap_is(requests_of("open"), 1, "GETXATTRs after a change of mode");
	close(fd);

	server_bump();
	tree_link(file, ROOT, "new");
	ktap_is(requests_of("new"), 1, "GETXATTRs of a new name");
	ktap_is(requests_of("new"), 0, "GETXATTRs of it after that");
	server_stop();
	return ktap_end();
}
