/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * inval.h - the ways to make a cached tree stale.
 *
 * Each is one row of a table.  Only its test of counts and the words of its
 * advice are elsewhere.  Most methods are messages that the daemon writes to
 * /dev/fuse; some are system calls that the driver makes (->act).
 */
#ifndef FUSE_EPOCH_INVAL_INVAL_H
#define FUSE_EPOCH_INVAL_INVAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bench/lib/tree.h"
#include "limits.h"

/* What the next access through a path must ask the daemon again. */
enum guarantee {
	GUARANTEE_NONE, /* nothing: the control */
	GUARANTEE_ATTRS, /* attributes (and pages), not the names */
	GUARANTEE_NAMES, /* the names, so with them the attributes */
	GUARANTEE_SOME, /* names, but perhaps not all of them */
};

/* What a probe may look at. */
struct inval_env {
	int dev; /* /dev/fuse of a mounted file system */
	bool expire_only; /* FUSE_HAS_EXPIRE_ONLY in the kernel's INIT */
};

/* A name that the kernel may know, of any tree. */
struct inval_name {
	uint64_t parent; /* node ID of its directory */
	uint64_t child; /* its own; 0: it is known not to exist */
	const char *name; /* "": none, as the root; only its inode is meant */
};

struct inval_method {
	const char *name;
	const char *help;
	enum guarantee guarantee;
	/*
	 * What it doesn't reach, and its hazards, as results/hazards.md has them
	 * for Linux 6.18; a test holds them together.
	 */
	unsigned int gaps; /* enum inval_gap */
	unsigned int hazards; /* enum inval_hazard: in each case tried */
	unsigned int hazards_in_part; /* in some of the cases */
	/*
	 * Why it can't keep a tree of real files right, as half a sentence;
	 * NULL: it can, if it can name one.  See inval_unfit_real().
	 */
	const char *unfit_real;
	/* What `epochctl inval` does with it; NULL: doesn't offer it. */
	const char *ctl_help;
	/* Messages for a tree; NULL: none, the driver acts instead. */
	uint64_t (*msg_cnt)(const struct tree *t);
	/* Builds message number i (from 0); returns its length. */
	size_t (*build)(const struct tree *t, uint64_t i, char *msg);
	/*
	 * The same about a name of any tree.  Returns its length, 0: the method
	 * has nothing to say about it.  NULL: it can't name one.
	 */
	size_t (*build_name)(const struct inval_name *name, char *msg);
	bool names_all; /* that message is about all names there are */
	/* In the driver: acts on the mount.  0 or -errno. */
	int (*act)(const char *mountpoint);
	/* 0 if the kernel offers the method, or -EOPNOTSUPP. */
	int (*probe)(const struct inval_env *env);
	/* Kernel parameter to set for a sample where there is one, or NULL. */
	const char *param;
	const char *param_value;
	bool frees_later; /* the kernel drops inodes after the message, unasked */
	bool needs_inodes; /* no use on SHAPE_NEGATIVE */
	bool drops_inodes; /* by the end of the first touch below at the latest */
	bool leaf_first; /* on SHAPE_DEEP the order of messages matters */
};

const char *guarantee_name(enum guarantee g);

extern const struct inval_method inval_methods[];
extern const unsigned int inval_method_cnt;

/* Behind these: what a daemon that isn't ours does itself, if it is told to. */
extern const unsigned int inval_own;

/* Index of the method of that name, -1 if there is none. */
int inval_by_name(const char *name);

/* Why a method can't run on this tree with that many threads; NULL: it can. */
const char *inval_unfit(const struct inval_method *m, const struct tree *t,
			unsigned int threads);

/* Are its messages about a name in a directory, not about an inode? */
bool inval_is_about_names(const struct inval_method *m);

/* Why it can't keep a tree of real files right: half a sentence; or NULL. */
const char *inval_unfit_real(const struct inval_method *m);

struct inval_result {
	uint64_t cost; /* in clock_unit() */
	uint64_t least_cost; /* of one message, if each was measured */
	uint64_t msg_cnt;
	uint64_t msg_error_cnt;
	int first_errno; /* of the first refused message, or 0 */
};

/*
 * Writes all messages of a method to dev, from `threads` threads.  bare: they
 * are built into memory before the clock starts, which then sees a write()
 * loop and nothing else.  op, if it isn't 0: each message is measured, too, as
 * that operation (bench/run/operation.h).  Ends early when *stop is set.
 * Returns 0 or -errno; refused messages only count.
 */
int inval_send(int dev, const struct inval_method *m, const struct tree *t,
	       unsigned int threads, bool bare, unsigned int op,
	       const _Atomic uint32_t *stop, struct inval_result *res);

#endif
