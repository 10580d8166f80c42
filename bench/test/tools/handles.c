// SPDX-License-Identifier: GPL-2.0-only
/*
 * handles.c - takes handles of files, as a server of NFS hands them out, and opens
 * the files by them.
 *
 * handles MOUNTPOINT FILE...
 *
 * It prints how many handles lead to no file: at once, and again after each line on
 * its stdin.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct handle {
	struct file_handle head;
	char room[MAX_HANDLE_SZ];
};

static void take(struct handle *h, const char *path)
{
	int mount_id;

	h->head.handle_bytes = MAX_HANDLE_SZ;
	if (name_to_handle_at(AT_FDCWD, path, &h->head, &mount_id, 0))
		err(1, "%s: no handle", path);
}

static int is_found(int mount_fd, struct handle *h)
{
	int fd = open_by_handle_at(mount_fd, &h->head, O_RDONLY);

	if (fd < 0 && errno != ESTALE)
		err(1, "open_by_handle_at");
	return fd >= 0 && !close(fd);
}

int main(int argc, char **argv)
{
	struct handle *handles = calloc(argc, sizeof(*handles));
	int mount_fd = argc < 3 ? -1 : open(argv[1], O_RDONLY | O_DIRECTORY);

	if (mount_fd < 0 || !handles)
		err(2, "usage: handles MOUNTPOINT FILE...");
	for (int i = 2; i < argc; i++)
		take(&handles[i], argv[i]);
	do {
		int lost_cnt = 0;

		for (int i = 2; i < argc; i++)
			lost_cnt += !is_found(mount_fd, &handles[i]);
		printf("%d\n", lost_cnt);
		fflush(stdout);
	} while (getchar() != EOF);
}
