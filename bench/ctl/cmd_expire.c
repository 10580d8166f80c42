// SPDX-License-Identifier: GPL-2.0-only
/*
 * cmd_expire.c - `epochctl expire`: EXPIRE_ONLY for all names below, which asks
 * for each again, but forgets nothing.
 */
#include "bench/lib/options.h"
#include "ctl.h"
#include "tell.h"

static error_t parse_opt(int key, char *arg, struct argp_state *state)
{
	static char *all[] = { "." };
	struct ctl_tell *opt = state->input;

	(void)arg;
	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = opt;
		return 0;
	case ARGP_KEY_END:
		if (!opt->path_cnt) {
			opt->paths = all;
			opt->path_cnt = 1;
		}
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_child children[] = { { &ctl_tell_argp, 0, NULL, 0 },
					      { 0 } };

static const struct argp argp = {
	.parser = parse_opt,
	.children = children,
	.args_doc = "MOUNT [PATH...]",
	.doc = "Has the kernel ask again for every name below the PATHs "
	       "(default: of the whole MOUNT), at its next lookup: sends an "
	       "expire_entry for each.  What the daemon says is the same node "
	       "is kept, with what is mounted on it, overlays above and its "
	       "number: what `epochctl bump` breaks.\v"
	       "It learns the names by reading the directories, and the daemon "
	       "is asked for that where the kernel has no listing.  So names "
	       "are missed that the kernel has cached and the daemon doesn't "
	       "list any more: those that are gone, and those that it knows to "
	       "be missing.  Their timeouts go on; `epochctl inval` reaches "
	       "each.\n\n"
	       "Examples:\n"
	       "  epochctl expire /mnt/data\n"
	       "  epochctl expire /mnt/data some/folder other/file\n\n"
	       "Exit status: 0 ok, 1 failed, 2 bad usage or no FUSE mount, 77 "
	       "this kernel can't.",
};

int ctl_expire(int argc, char **argv)
{
	struct ctl_tell opt = {
		.method = &inval_methods[inval_by_name("expire_entry")],
		.trees = true,
		.limit_s = 10,
	};

	options_parse(&argp, argc, argv, &opt);
	return ctl_tell(&opt);
}
