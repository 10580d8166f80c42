/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * daemon_options.h - the options of `epochbench run` about a daemon that isn't
 * ours.
 */
#ifndef FUSE_EPOCH_CMD_DAEMON_OPTIONS_H
#define FUSE_EPOCH_CMD_DAEMON_OPTIONS_H

#include <argp.h>

#include "bench/run/run.h"

/* A child parser, whose input is a struct theirs_commands. */
extern const struct argp daemon_argp;

/* Those to take where nobody says which; NULL: the case's own. */
const char *daemon_methods(const struct run_config *cfg);

/* Ends with a sentence if the rest of the plan is nothing for such a daemon. */
void daemon_check(struct argp_state *state, const struct run_config *cfg,
		  const char *shapes);

#endif
