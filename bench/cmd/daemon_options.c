// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "bench/daemon/command.h"
#include "bench/lib/sizes.h"
#include "daemon_options.h"

enum { OPT_DAEMON = 1024, OPT_CHANGE, OPT_NOTIFY, OPT_MOUNT };

static const struct argp_option options[] = {
	{ "daemon", OPT_DAEMON, "COMMAND", 0,
	  "Measure this daemon, not ours: for the shell, with {source}, a "
	  "folder "
	  "of files that it is to serve, {mount}, where, and {scratch}, an "
	  "empty "
	  "folder; each becomes a quoted word (-n 10k, -r 5).  How long others "
	  "stall meanwhile: epochbench workload --daemon",
	  1 },
	{ "change", OPT_CHANGE, "COMMAND", 0,
	  "With --daemon: how the file {name} of what it serves is changed "
	  "behind "
	  "the mount, where that isn't {source} itself",
	  1 },
	{ "notify", OPT_NOTIFY, "COMMAND", 0,
	  "With --daemon: how it makes names stale itself, measured as one "
	  "more "
	  "method, \"own\"",
	  1 },
	{ "mount", OPT_MOUNT, "DIR", 0,
	  "Measure the one that is mounted there and in use: its names are "
	  "read, "
	  "and only methods that break nothing are sent (-n 10k at most, -m "
	  "none,expire_entry,inval_inode)",
	  1 },
	{ 0 }
};

static void check_commands(struct argp_state *state,
			   const struct theirs_commands *c)
{
	const char *const all[] = { c->daemon, c->change, c->notify };

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (all[i] && strlen(all[i]) >= RECORD_COMMAND_BYTES)
			argp_error(state,
				   "a command is longer than %d bytes: put it "
				   "into a script",
				   RECORD_COMMAND_BYTES - 1);
	if (c->daemon && c->mount)
		argp_error(state,
			   "--daemon is one that is started, --mount one "
			   "that is running: which of them?");
	if (!c->daemon && (c->change || c->notify))
		argp_error(state, "--change and --notify are about a --daemon");
	if (c->daemon && !command_has(c->daemon, "mount"))
		argp_error(state, "--daemon: where is {mount} in it?");
	if (c->change && !command_has(c->change, "name"))
		argp_error(state, "--change: where is {name} in it?");
}

static error_t parse_opt(int key, char *arg, struct argp_state *state)
{
	struct theirs_commands *c = state->input;

	switch (key) {
	case OPT_DAEMON:
		c->daemon = arg;
		return 0;
	case OPT_CHANGE:
		c->change = arg;
		return 0;
	case OPT_NOTIFY:
		c->notify = arg;
		return 0;
	case OPT_MOUNT:
		c->mount = arg;
		return 0;
	case ARGP_KEY_END:
		check_commands(state, c);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

const struct argp daemon_argp = { .options = options, .parser = parse_opt };

const char *daemon_methods(const struct run_config *cfg)
{
	return cfg->theirs.mount ? "none,expire_entry,inval_inode" : NULL;
}

void daemon_check(struct argp_state *state, const struct run_config *cfg,
		  const char *shapes)
{
	bool delays = false;

	if (cfg->theirs.mount && (cfg->group_cnt || strcmp(shapes, "wide")))
		argp_error(state, "--mount is a tree as it is: leave out -s");
	for (int i = 0; i < OPCODE_MAX; i++)
		delays |= cfg->delay_ns[i];
	if (delays)
		argp_error(state, "--daemon: only ours can be told to --delay");
	for (enum shape s = 0; s < SHAPE_MAX; s++)
		if (s != SHAPE_WIDE && s != SHAPE_DEEP && s != SHAPE_LINKS &&
		    (list_has(shapes, shape_name(s)) || !strcmp(shapes, "all")))
			argp_error(state, "--daemon serves real files of the "
					  "shapes wide, deep and links");
}
