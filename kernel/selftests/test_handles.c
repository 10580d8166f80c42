// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who comes with a file handle sees what a bump said, as knfsd's clients must.
 * An inode that is in use is found by its number, without a walk, and what is
 * known of it was valid for an hour: that is the control.
 *
 * red: v8 shrink 7.3/mainline
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kernel/testfs/client.h"
#include "kernel/testfs/ktap.h"
#include "kernel/testfs/server.h"

static union {
	struct file_handle head;
	char room[sizeof(struct file_handle) + MAX_HANDLE_SZ];
} handle = { .head.handle_bytes = MAX_HANDLE_SZ };
static int root = -1;

/* The size of the file of this handle, in so many requests. */
static void check(const char *when, off_t size, uint64_t getattrs)
{
	uint64_t before = server_count(FUSE_GETATTR);
	int fd = open_by_handle_at(root, &handle.head, O_RDONLY);
	struct stat st = { 0 };
	char text[64];

	if (fd < 0 || fstat(fd, &st))
		printf("# %s: %s\n", when, strerror(errno));
	close(fd);
	snprintf(text, sizeof(text), "%s: size", when);
	ktap_is(st.st_size, size, text);
	snprintf(text, sizeof(text), "%s: GETATTRs", when);
	ktap_is(server_count(FUSE_GETATTR) - before, getattrs, text);
}

int main(void)
{
	uint64_t file;
	int held, mount_id;

	ktap_begin();
	tree_want(FUSE_EXPORT_SUPPORT);
	server_start();
	server_need_epochs();
	file = tree_add(ROOT, "file", S_IFREG | 0644);
	tree_set_size(file, 1);
	root = open(server_path(""), O_RDONLY | O_DIRECTORY);
	held = open(server_path("file"), O_PATH);
	ktap_control(
		!name_to_handle_at(root, "file", &handle.head, &mount_id, 0),
		"the file has a handle");

	check("control: by its handle", 1, 0);
	tree_set_size(file, 2);
	check("control: without a bump", 1, 0);
	server_bump();
	check("after a bump", 2, 1);
	check("and again", 2, 0);
	/* What a walk has asked for needn't be asked for by handle. */
	tree_set_size(file, 3);
	server_bump();
	lookups_of("file");
	check("after a bump and a walk", 3, 0);
	close(held);
	close(root);
	server_stop();
	return ktap_end();
}
