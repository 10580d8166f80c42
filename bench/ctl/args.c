// SPDX-License-Identifier: GPL-2.0-only
#include "args.h"

#include <stdio.h>
#include <stdlib.h>

#include "ctl.h"
#include "bench/lib/sizes.h"
#include "bench/lib/status.h"

enum { OPT_DETACH = 512 };

static const struct argp_option options[] = {
	{ "detach-submounts", OPT_DETACH, NULL, 0,
	  "Do it even if mounts beneath will be lost, or may be", 0 },
	{ "pid", 'p', "PID", 0, "This process is the daemon: don't look for it",
	  0 },
	{ "json", 'j', NULL, 0, "Print JSON Lines (SCHEMA.md)", 0 },
	{ 0 }
};

static error_t parse_opt(int key, char *arg, struct argp_state *state)
{
	struct ctl_common *common = state->input;
	uint64_t pid = 0;

	switch (key) {
	case OPT_DETACH:
		common->detach_submounts = true;
		return 0;
	case 'p':
		if (whole_parse(arg, 1, 1 << 22, &pid))
			argp_error(state, "'%s' is no PID", arg);
		common->pid = pid;
		return 0;
	case 'j':
		common->json = true;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

const struct argp ctl_common_argp = { .options = options, .parser = parse_opt };

int ctl_print_json(json_t *line)
{
	int err = line ? json_dumpf(line, stdout, JSON_COMPACT) : -1;

	json_decref(line);
	if (!line)
		ctl_say("no memory");
	else
		putchar('\n');
	return err ? STATUS_FAILED : 0;
}
