// SPDX-License-Identifier: GPL-2.0-only
/*
 * epochsnoop - a line per bump, notification, cascade and lost submount, and of
 * notifications that hang.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "attach.h"
#include "hangs.h"
#include "mounts.h"
#include "snoop.h"
#include "tool.h"
#include "bench/lib/options.h"
#include "bench/lib/output.h"
#include "bench/lib/sizes.h"
#include "bench/lib/status.h"

struct tool {
	struct trace_options trace;
	const char *mount;
	bool json;
	struct hangs hangs;
	uint32_t dev;
	struct mounts *mounts;
	struct timespec scanned;
	uint64_t lost, missed;
	bool last;
	unsigned int left; /* events that may be shown in the end */
};

enum { OPT_MIN_MS = 256 };

static const struct argp_option argp_options[] = {
	{ "mount", 'M', "MOUNT", 0, "Only this mount", 0 },
	{ NULL, 'm', NULL, OPTIONS_OLD, NULL, 0 },
	{ "min-ms", OPT_MIN_MS, "N", 0,
	  "Only cascades, and notifications but bumps, that took N ms", 0 },
	{ "bumps-only", 'b', NULL, 0, "Leave out other notifications", 0 },
	{ "all", 'a', NULL, 0,
	  "Also cascades in which nothing died but the stale dentry", 0 },
	{ "json", 'j', NULL, 0, "Print JSON Lines (SCHEMA.md)", 0 },
	{ "verbose", 'v', NULL, 0, "Say what libbpf says", 0 },
	{ 0 },
};

static error_t parse_opt(int key, char *arg, struct argp_state *state)
{
	struct tool *t = state->input;
	double ms = 0;

	switch (key) {
	case 'M':
	case 'm':
		t->mount = arg;
		break;
	case 'b':
		t->trace.bumps_only = true;
		break;
	case 'a':
		t->trace.singles = true;
		break;
	case 'j':
		t->json = true;
		break;
	case 'v':
		t->trace.verbose = true;
		break;
	case OPT_MIN_MS:
		if (real_parse(arg, 0, 1e9, &ms))
			argp_error(state, "'%s' is no number of milliseconds",
				   arg);
		t->trace.min_ns = ms * 1e6;
		if (t->trace.min_ns)
			t->hangs.min_ns = t->trace.min_ns;
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
	       "bump detached; and of notifications that hang in the kernel, "
	       "while they do.  Ends at Ctrl-C.\v"
	       "Nothing is added to the way of a hit.  Bumps from before it "
	       "started aren't known as a cause.\n\n"
	       "Examples:\n"
	       "  epochsnoop                    all of it\n"
	       "  epochsnoop -b --min-ms 10     bumps, and who waited 10 ms\n"
	       "  epochsnoop --min-ms 1000      what takes or hangs a second\n"
	       "  epochsnoop -j -M /mnt/data    one mount, as JSON\n\n"
	       "Exit status: 0 ok, 1 failed, 2 can't trace here or bad usage.",
};

/*
 * Mounts come and go, and device numbers come back.  Look again when mounts
 * have changed here, and 20 times a second at most for one that isn't known:
 * other namespaces don't tell.
 */
static void know_mount(struct tool *t, uint32_t dev)
{
	struct timespec now;
	struct mounts *m;
	int64_t since_ns;

	clock_gettime(CLOCK_MONOTONIC, &now);
	since_ns = (now.tv_sec - t->scanned.tv_sec) * 1000000000ll +
		   now.tv_nsec - t->scanned.tv_nsec;
	if (!mounts_changed() &&
	    (mounts_find(t->mounts, dev, 0) || since_ns < 50000000))
		return;
	m = mounts_scan(t->mounts, NULL);
	if (!m)
		return;
	mounts_free(t->mounts);
	t->mounts = m;
	t->scanned = now;
}

/* False, if nobody wants to see more. */
static bool on_event(const struct trace_event *e, void *arg)
{
	struct tool *t = arg;

	know_mount(t, e->dev);
	if (t->json)
		snoop_print_json(e, t->mounts, stdout);
	else
		snoop_print(e, t->mounts, stdout);
	/* A flood must not keep it from ending, nor what came before be lost. */
	if (t->last)
		return t->left-- > 0 && !ferror(stdout);
	return !ferror(stdout) && !tool_stops();
}

/* Is it one that is asked for, and is it time to say so? */
static int on_notifying(const struct trace_notifying *n, void *arg)
{
	struct tool *t = arg;
	struct trace_event e = { .kind = TRACE_EVENT_HANG,
				 .dev = n->dev,
				 .pid = n->pid,
				 .notify = n->notify };
	struct timespec now;

	if ((t->dev && n->dev != t->dev) ||
	    (t->trace.bumps_only && n->notify != TRACE_NOTIFY_INC_EPOCH))
		return 0;
	clock_gettime(CLOCK_MONOTONIC, &now);
	e.ns = now.tv_sec * 1000000000ull + now.tv_nsec;
	if (!hangs_is_due(&t->hangs, n, e.ns))
		return 0;
	e.took_ns = e.ns - n->ns;
	memcpy(e.comm, n->comm, sizeof(e.comm));
	return on_event(&e, t) ? 0 : -ECANCELED;
}

static void warn_lost(struct tool *t, struct trace *trace)
{
	uint64_t lost = trace_lost(trace, TRACE_LOST_EVENTS);
	uint64_t missed =
		trace_missed(trace) + trace_lost(trace, TRACE_LOST_STATE);

	if (lost > t->lost)
		fprintf(stderr,
			"epochsnoop: %llu events lost: they came faster than "
			"they could be shown\n",
			(unsigned long long)(lost - t->lost));
	if (missed > t->missed)
		fprintf(stderr,
			"epochsnoop: %llu events may be missing: the kernel "
			"didn't run the programs\n",
			(unsigned long long)(missed - t->missed));
	t->lost = lost;
	t->missed = missed;
}

static int snoop(struct tool *t, struct trace *trace)
{
	int err = 0, hang_err, out_err;

	tool_print_until_signal();
	tool_announce("epochsnoop", trace, "notifications only");
	/* What came before the signal is shown, too: once more without waiting. */
	while (!t->last) {
		t->last = tool_stops();
		err = trace_poll(trace, t->last ? 0 : 200, on_event, t);
		hang_err = trace_notifying(trace, on_notifying, t);
		hangs_sweep(&t->hangs);
		out_err = output_flush(stdout);
		warn_lost(t, trace);
		out_err = out_err ?: tool_unread();
		if (out_err)
			return out_err;
		if (err >= 0 || err == -EINTR)
			err = hang_err;
		if (err && err != -ECANCELED)
			return err;
	}
	return 0;
}

int main(int argc, char **argv)
{
	/* Of the smallest the ring holds about so many. */
	struct tool t = { .trace = { .events = true },
			  .hangs = { .min_ns = 1000000000 },
			  .left = TRACE_RING_BYTES / 64 };
	struct trace *trace;
	int err;

	options_parse(&argp, argc, argv, &t);
	if (t.mount && tool_find_mount("epochsnoop", t.mount, &t.dev))
		return STATUS_USAGE;
	t.trace.only_dev = t.dev;
	t.mounts = mounts_scan(NULL, NULL);
	if (!t.mounts) {
		fputs("epochsnoop: /proc can't be read\n", stderr);
		return STATUS_FAILED;
	}
	tool_catch_signals();
	trace = tool_open("epochsnoop", &t.trace);
	err = trace ? snoop(&t, trace) : 0;
	if (err)
		tool_complain("epochsnoop", err);
	mounts_free(t.mounts);
	hangs_free(&t.hangs);
	if (!trace)
		return STATUS_USAGE;
	trace_close(trace);
	return err ? STATUS_FAILED : STATUS_OK;
}
