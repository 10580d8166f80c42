// SPDX-License-Identifier: GPL-2.0-only
/*
 * cmd_wire.c - `epochbench wire`: what a daemon says, by a trace of it.
 */
#include <stdio.h>

#include "cmd.h"
#include "bench/lib/input.h"
#include "bench/lib/json_lines.h"
#include "bench/lib/options.h"
#include "bench/lib/status.h"
#include "bench/wire/strace.h"
#include "bench/wire/wire.h"

static const char doc[] =
	"Says what any FUSE daemon answered, as one line of JSON (wire/1 of "
	"SCHEMA.md): the protocol's minor, how long names, attributes "
	"and missing names may be kept, whether it asked for READDIRPLUS, and "
	"how many requests and notifications there were.  TRACE is what strace "
	"wrote of the daemon's /dev/fuse.  A stat of \"" WIRE_MARK "NAME\" at "
	"the mount begins a phase of that name, which is counted apart."
	"\v"
	"Examples:\n"
	"  strace -f -y -xx -s 1024 -e trace=read,readv,write,writev,splice "
	"\\\n"
	"    -o trace bindfs -f /srv /mnt &\n"
	"  stat /mnt/" WIRE_MARK "walk; ls -l /mnt; fusermount3 -u /mnt\n"
	"  epochbench wire trace\n"
	"\n"
	"Exit status: 0 ok, 1 failed, 2 bad usage, or a file that can't be "
	"read.";

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	const char **file = state->input;

	switch (key) {
	case ARGP_KEY_ARG:
		if (*file)
			argp_error(state, "too many files");
		*file = arg;
		return 0;
	case ARGP_KEY_END:
		if (!*file)
			argp_error(state, "TRACE is needed");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

int cmd_wire(int argc, char **argv)
{
	const struct argp argp = { .parser = parse_option,
				   .args_doc = "TRACE",
				   .doc = doc };
	const char *file = NULL;
	struct wire *w;
	json_t *json;
	int err, ret;

	options_parse(&argp, argc, argv, &file);
	w = wire_new();
	if (!w)
		return STATUS_FAILED;
	err = strace_read(file, wire_take, w);
	json = wire_json(w);
	wire_free(w);
	if (err)
		fprintf(stderr, "epochbench: wire: %s: %s\n", input_name(file),
			input_error(err));
	ret = err ? STATUS_USAGE : STATUS_OK;
	if (!err && json_lines_put(stdout, json))
		ret = STATUS_FAILED;
	json_decref(json);
	return ret;
}
