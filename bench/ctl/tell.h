/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tell.h - messages about single names or inodes, for `inval` and `expire`.
 */
#ifndef FUSE_EPOCH_CTL_TELL_H
#define FUSE_EPOCH_CTL_TELL_H

#include <stdbool.h>

#include "args.h"
#include "bench/inval/inval.h"

struct ctl_tell {
	struct ctl_common common;
	const struct inval_method *method;
	const char *mount;
	const char
		*from; /* a file with more paths, each ended by NUL; or NULL */
	char **paths;
	int path_cnt;
	bool trees; /* the paths and all names below them */
	unsigned int limit_s; /* for the daemon, without progress */
};

/*
 * A child parser, whose input is a struct ctl_tell: --limit, what is in common,
 * MOUNT and PATHs.
 */
extern const struct argp ctl_tell_argp;

/* Finds mount and daemon, sends the messages, prints what came of it. */
int ctl_tell(const struct ctl_tell *opt);

#endif
