/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * source.h - a private copy of a real directory, for a workload to run on.
 */
#ifndef FUSE_EPOCH_WORKLOAD_SOURCE_H
#define FUSE_EPOCH_WORKLOAD_SOURCE_H

#include <limits.h>
#include <stddef.h>
#include <stdint.h>

/* Where all of it is, in a tmpfs of a mount namespace of our own. */
#define STAGE_DIR "/tmp"
#define STAGE_TREE STAGE_DIR "/tree" /* the copy: changed behind the mount */
#define STAGE_MOUNT STAGE_DIR "/mnt"
#define STAGE_GIT STAGE_DIR "/git"

/*
 * Where a copy lies, programs name its files by a path of their own; so these
 * may be so long only.
 */
#define SOURCE_PATH_MAX (PATH_MAX - 64)

struct source {
	char path[PATH_MAX]; /* what is copied, as it was named */
	int fd; /* of it: it may lie below STAGE_DIR, which the stage covers */
	uint64_t file_cnt, dir_cnt, symlink_cnt;
	uint64_t file_bytes; /* as long as the files are ... */
	uint64_t data_bytes; /* ... of which so much isn't holes */
	uint64_t submount_cnt; /* not copied */
	char **file; /* regular files, from the top of the copy */
	char **dir; /* directories, the top is not one of them */
};

/* Room for a sentence about a path, which is never cut. */
#define SOURCE_ERR_LEN (3 * PATH_MAX)

/*
 * Counts and lists what is there, on one file system.  0, or -errno with a
 * sentence in err: also if it has too many files, or more than fits.
 */
int source_scan(struct source *s, const char *path, char *err, size_t err_len);

/*
 * Copies it to STAGE_TREE, in a child: a hole stays a hole, links and owners stay
 * what they are.  As above.
 */
int source_copy(const struct source *s, char *err, size_t err_len);

/* The path, from the top, of a directory in which many files are. */
void source_busy_dir(const struct source *s, char *path, size_t len);

void source_free(struct source *s);

#endif
