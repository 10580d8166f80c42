// SPDX-License-Identifier: GPL-2.0-only
/*
 * epochsnoop - a line per bump, notification, cascade and lost submount.
 */
#include <argp.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "attach.h"
#include "mounts.h"
#include "snoop.h"
#include "tool.h"

struct tool {
	struct trace_options trace;
	const char *mount;
	bool json;
	bool no_notify;
	bool one;
	uint32_t dev;
	struct mounts *mounts;
	time_t scanned_s;
	uint64_t lost;
};

enum { OPT_MIN_MS = 256 };

static const struct argp_option argp_options[] = {
	{ "mount", 'm', "MOUNT", 0, "Only this mount", 0 },
	{ "min-ms", OPT_MIN_MS, "N", 0,
	  "Only cascades that took N milliseconds or more", 0 },
	{ "bumps-only", 'b', NULL, 0, "Leave out other notifications", 0 },
	{ "json", 'j', NULL, 0, "JSON Lines (results/SCHEMA.md)", 0 },
	{ "verbose", 'v', NULL, 0, "Say what libbpf says", 0 },
	{ NULL, 'h', NULL, OPTION_HIDDEN, NULL, 0 },
	{ 0 },
};

static error_t parse_opt(int key, char *arg, struct argp_state *state)
{
	struct tool *t = state->input;
	double ms;
	char *end;

	switch (key) {
	case 'm':
		t->mount = arg;
		break;
	case 'b':
		t->no_notify = true;
		break;
	case 'j':
		t->json = true;
		break;
	case 'v':
		t->trace.verbose = true;
		break;
	case 'h':
		argp_state_help(state, stdout, ARGP_HELP_STD_HELP);
		break;
	case OPT_MIN_MS:
		ms = strtod(arg, &end);
		if (end == arg || *end || !(ms >= 0 && ms < 1e9))
			argp_error(state, "'%s' is no number of milliseconds",
				   arg);
		t->trace.min_cascade_ns = ms * 1e6;
		break;
	case ARGP_KEY_ARG:
		argp_error(state, "there is an argument too many: '%s'", arg);
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static const struct argp argp = {
	.options = argp_options,
	.parser = parse_opt,
	.doc = "Shows what daemons tell FUSE, and whom it hits: a line per "
	       "bump, other notification, cascade (a process that walks into a "
	       "stale directory and must tear it down) and submount that a "
	       "bump detached.  Ends at Ctrl-C.\v"
	       "Nothing is added to the way of a hit.  Bumps from before it "
	       "started aren't known as a cause.\n\n"
	       "Examples:\n"
	       "  epochsnoop                    all of it\n"
	       "  epochsnoop -b --min-ms 10     bumps, and who waited 10 ms\n"
	       "  epochsnoop -j -m /mnt/data    one mount, as JSON\n\n"
	       "Exit status: 0 ok, 1 failed, 2 can't trace here or bad usage.",
};

/* Mounts come and go: look again when one is new, once a second at most. */
static void know_mount(struct tool *t, uint32_t dev)
{
	time_t now_s = time(NULL);
	struct mounts *m;

	if (t->mounts && (mounts_find(t->mounts, dev) || now_s == t->scanned_s))
		return;
	m = mounts_scan();
	if (!m)
		return;
	mounts_free(t->mounts);
	t->mounts = m;
	t->scanned_s = now_s;
}

static void on_event(const struct trace_event *e, void *arg)
{
	struct tool *t = arg;

	if (t->one && e->dev != t->dev)
		return;
	if (t->no_notify && e->kind == TRACE_EVENT_NOTIFY)
		return;
	know_mount(t, e->dev);
	if (t->json)
		snoop_print_json(e, t->mounts, stdout);
	else
		snoop_print(e, t->mounts, stdout);
}

static void warn_lost(struct tool *t, struct trace *trace)
{
	uint64_t lost = trace_lost(trace, TRACE_LOST_EVENTS);

	if (lost == t->lost)
		return;
	fprintf(stderr,
		"epochsnoop: %llu events lost: they came faster than they "
		"could be shown\n",
		(unsigned long long)(lost - t->lost));
	t->lost = lost;
}

static int snoop(struct tool *t, struct trace *trace)
{
	int err = 0;

	tool_announce("epochsnoop", trace, "notifications only");
	/* What came before the signal is shown, too: once more without waiting. */
	for (bool last = false; !last;) {
		last = !tool_wait(0);
		err = trace_poll(trace, last ? 0 : 200, on_event, t);
		if (err < 0 && err != -EINTR)
			break;
		err = 0;
		fflush(stdout);
		warn_lost(t, trace);
		if (ferror(stdout)) {
			err = -EPIPE;
			break;
		}
	}
	return err < 0 ? err : 0;
}

int main(int argc, char **argv)
{
	struct tool t = { .trace = { .events = true } };
	struct trace *trace;
	int err;

	argp_err_exit_status = 2;
	argp_parse(&argp, argc, argv, 0, NULL, &t);
	if (t.mount && tool_find_mount("epochsnoop", t.mount, &t.dev))
		return 2;
	t.one = t.mount;
	t.mounts = mounts_scan();
	if (!t.mounts) {
		fputs("epochsnoop: /proc can't be read\n", stderr);
		return 1;
	}
	tool_catch_signals();
	trace = tool_open("epochsnoop", &t.trace);
	err = trace ? snoop(&t, trace) : 0;
	if (err)
		fprintf(stderr, "epochsnoop: can't go on: %s\n",
			strerror(-err));
	mounts_free(t.mounts);
	if (!trace)
		return 2;
	trace_close(trace);
	return err ? 1 : 0;
}
