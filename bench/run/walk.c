// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "walk.h"

/* The kernel passes the size of this buffer on as that of READDIRPLUS. */
#define GETDENTS_BYTES (1024 * 1024)
/* struct linux_dirent64 with a name of ours, as it is aligned. */
#define DIRENT_BYTES 32
/* Names between two looks at the progress bar; a power of two. */
#define DRAW_EVERY 4096

static int gone_wrong(struct bench *b, const char *path, const char *what)
{
	int err = errno;

	/* Killed, aborted or unmounted under our feet: one sentence for all. */
	if (err == ENOTCONN || err == ECONNABORTED || err == ENODEV)
		return bench_fail(b, -err,
				  "the file system's daemon went away");
	return bench_fail(b, -err, "%s %s: %s", what, path, strerror(err));
}

static int touch(struct bench *b, uint64_t slot, const char *path)
{
	char target[32];
	struct stat st;

	if (b->tree.shape == SHAPE_NEGATIVE) {
		if (!lstat(path, &st))
			errno = EEXIST;
		return errno == ENOENT ? 0 : gone_wrong(b, path, "lstat");
	}
	if (lstat(path, &st))
		return gone_wrong(b, path, "lstat");
	if (st.st_ino != tree_nodeid(&b->tree, slot))
		return bench_fail(
			b, -EIO, "%s: inode %llu instead of %llu", path,
			(unsigned long long)st.st_ino,
			(unsigned long long)tree_nodeid(&b->tree, slot));
	if (S_ISLNK(st.st_mode) &&
	    readlink(path, target, sizeof(target)) != st.st_size)
		return gone_wrong(b, path, "readlink");
	return 0;
}

int walk_slots(struct bench *b, uint64_t first, uint64_t last)
{
	char path[sizeof(b->mp.path) + 1 + TREE_PATH_MAX];
	size_t base = strlen(b->mp.path);

	memcpy(path, b->mp.path, base);
	path[base++] = '/';
	for (uint64_t slot = first; slot <= last; slot++) {
		int err;

		if (bench_interrupted)
			return -ECANCELED;
		if (!(slot & (DRAW_EVERY - 1)))
			bench_progress(b, (double)(slot - first) /
						  (double)b->tree.n);
		tree_path(&b->tree, slot, path + base);
		err = touch(b, slot, path);
		if (err)
			return bench_interrupted ? -ECANCELED : err;
	}
	return 0;
}

/* *names counts what was read, for the progress. */
static int read_dir(struct bench *b, const char *path, char *buf,
		    uint64_t *names)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	long len;

	if (fd < 0)
		return gone_wrong(b, path, "open");
	/* Not readdir(3): its buffer is 32 KiB. */
	do {
		bench_progress(b, (double)*names / (double)b->tree.n);
		len = syscall(SYS_getdents64, fd, buf, GETDENTS_BYTES);
		*names += len > 0 ? (uint64_t)len / DIRENT_BYTES : 0;
	} while (len > 0 && !bench_interrupted);
	close(fd);
	if (len < 0)
		return gone_wrong(b, path, "getdents64");
	return bench_interrupted ? -ECANCELED : 0;
}

int walk_readdir(struct bench *b)
{
	char path[sizeof(b->mp.path) + 1 + TREE_PATH_MAX];
	size_t base = strlen(b->mp.path);
	char *buf = malloc(GETDENTS_BYTES);
	uint64_t names = 0;
	int err = 0;

	if (!buf)
		return bench_fail(b, -ENOMEM, "no memory");
	memcpy(path, b->mp.path, base);
	path[base++] = '/';
	for (uint64_t slot = 0; !err && slot <= tree_dir_cnt(&b->tree);
	     slot++) {
		tree_path(&b->tree, slot, path + base);
		err = read_dir(b, path, buf, &names);
	}
	free(buf);
	return err;
}
