/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * oracle.h - files that change behind the mount, and what must be seen of them.
 *
 * Several directories, spread over the tree, have the same few names, one for
 * each kind of change.  What a name is now tells its generation.
 */
#ifndef FUSE_EPOCH_WORKLOAD_ORACLE_H
#define FUSE_EPOCH_WORKLOAD_ORACLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bench/inval/inval.h"
#include "bench/fs/passfs.h"
#include "source.h"

enum oracle_kind {
	ORACLE_REWRITE, /* a file is written anew, in place */
	ORACLE_REPLACE, /* another file is renamed onto it */
	ORACLE_APPEAR, /* a name that isn't there comes, and goes again */
	ORACLE_MKDIR, /* the same, a directory */
	ORACLE_RETARGET, /* a symbolic link points elsewhere */
	ORACLE_KIND_CNT
};

enum { ORACLE_DIR_CNT = 16 };

struct oracle_dir {
	char path[200]; /* from the top of the tree */
	uint64_t generation[ORACLE_KIND_CNT]; /* odd: MKDIR, APPEAR are there */
};

struct oracle {
	unsigned int dir_cnt;
	struct oracle_dir dir[ORACLE_DIR_CNT];
};

/* Makes the directories in STAGE_TREE.  0 or -errno. */
int oracle_make(struct oracle *o, const struct source *s);

/* Each name as it was made: a cell doesn't begin with the end of another. */
int oracle_reset(struct oracle *o);

/* Changes it behind the mount, to its next generation.  0 or -errno. */
int oracle_change(struct oracle *o, unsigned int dir, enum oracle_kind kind);

const char *oracle_name(enum oracle_kind kind);

/*
 * Does the method promise that after the message a change of this kind is seen?
 * (kind ORACLE_KIND_CNT: the listing.)
 */
bool oracle_is_covered(enum oracle_kind kind, const struct inval_method *m);

/*
 * Looks at it through the mount (ORACLE_KIND_CNT: the listing of the directory).
 * 0: as it should be; 1: stale, what told so; -errno: it can't be looked at.
 */
int oracle_check(const struct oracle *o, unsigned int dir,
		 enum oracle_kind kind, char *what, size_t what_len);

/* st_ino, through the mount, of the directory, which nobody changes; or -errno. */
int64_t oracle_number(const struct oracle *o, unsigned int dir);

#endif
