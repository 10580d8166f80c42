/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * args.h - options that several subcommands share, and output.
 */
#ifndef FUSE_EPOCH_CTL_ARGS_H
#define FUSE_EPOCH_CTL_ARGS_H

#include <argp.h>
#include <stdbool.h>
#include <sys/types.h>

#include <jansson.h>

struct ctl_common {
	pid_t pid; /* 0: look for it */
	bool detach_submounts;
	bool json;
};

/* A child parser; its input is a struct ctl_common. */
extern const struct argp ctl_common_argp;

/* A line of JSON on stdout, and frees it (NULL: no memory).  An exit status. */
int ctl_print_json(json_t *line);

#endif
