// SPDX-License-Identifier: GPL-2.0-only
/*
 * epochstat - a vmstat for FUSE dentries.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "attach.h"
#include "listen.h"
#include "reading.h"
#include "series.h"
#include "stat.h"
#include "tool.h"
#include "bench/lib/options.h"
#include "bench/lib/output.h"
#include "bench/lib/sizes.h"
#include "bench/lib/status.h"
#include "bench/lib/view.h"

struct options {
	struct trace_options trace;
	const char *mount;
	const char *listen;
	bool json;
	bool all;
	double interval_s;
	unsigned long count; /* 0: until a signal */
	double grace_s; /* of --listen; negative: GRACE_S */
};

/* How long --listen keeps what is gone: for others that scrape more rarely. */
#define GRACE_S 300

struct tool {
	struct options o;
	struct reading r;
};

enum { OPT_LISTEN = 256, OPT_GRACE };

static const struct argp_option argp_options[] = {
	{ "mount", 'M', "MOUNT", 0, "Only this mount", 0 },
	{ NULL, 'm', NULL, OPTIONS_OLD, NULL, 0 },
	{ "pid", 'p', "PID", 0, "Only what this process does", 0 },
	{ "comm", 'c', "NAME", 0, "Only processes of this name", 0 },
	{ "hist", 'H', NULL, 0, "Histograms of latency, by outcome", 0 },
	{ "json", 'j', NULL, 0, "Print JSON Lines (SCHEMA.md)", 0 },
	{ "all", 'a', NULL, 0, "Idle mounts too", 0 },
	{ "listen", OPT_LISTEN, "ADDR:PORT", 0,
	  "Serve the totals as OpenMetrics; without ADDR on loopback", 0 },
	{ "grace", OPT_GRACE, "SECONDS", 0,
	  "With --listen: how long a mount is there that is gone (300)", 0 },
	{ "verbose", 'v', NULL, 0, "Say what libbpf says", 0 },
	{ 0 },
};

/* As the kernel has them at most: PID_MAX_LIMIT. */
#define PID_MAX (1 << 22)
#define COUNT_MAX 1000000000

static unsigned int whole(struct argp_state *state, const char *arg,
			  const char *what, unsigned int max)
{
	uint64_t value = 0;

	if (whole_parse(arg, 1, max, &value))
		argp_error(state, "%s '%s' is no whole number from 1 to %u",
			   what, arg, max);
	return (unsigned int)value;
}

static error_t parse_opt(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case 'M':
	case 'm':
		o->mount = arg;
		break;
	case 'p':
		o->trace.pid = whole(state, arg, "PID", PID_MAX);
		break;
	case 'c':
		o->trace.comm = arg;
		break;
	case 'H':
		o->trace.hist = true;
		break;
	case 'j':
		o->json = true;
		break;
	case 'a':
		o->all = true;
		break;
	case OPT_LISTEN:
		o->listen = arg;
		break;
	case OPT_GRACE:
		if (real_parse(arg, 0, 1e9, &o->grace_s))
			argp_error(state,
				   "the grace '%s' is no number from 0 to "
				   "1000000000 s",
				   arg);
		break;
	case 'v':
		o->trace.verbose = true;
		break;
	case ARGP_KEY_END:
		if (o->listen && (state->arg_num || o->json))
			argp_error(state, "--listen answers when it is asked: "
					  "no interval, no -j");
		if (!o->listen && o->grace_s >= 0)
			argp_error(state, "--grace is of --listen");
		if (o->grace_s < 0)
			o->grace_s = GRACE_S;
		if (view_is_choosy() && (o->listen || o->json))
			argp_error(state, "--columns is of the table: no -j, "
					  "no --listen");
		break;
	case ARGP_KEY_ARG:
		if (state->arg_num == 0) {
			if (real_parse(arg, 0.001, 1e9, &o->interval_s))
				argp_error(state,
					   "the interval '%s' is no number "
					   "from 0.001 to 1000000000 s",
					   arg);
		} else if (state->arg_num == 1) {
			o->count = whole(state, arg, "the count", COUNT_MAX);
		} else {
			argp_error(state, "there is an argument too many: '%s'",
				   arg);
		}
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	return 0;
}

static const struct argp argp = {
	.options = argp_options,
	.parser = parse_opt,
	.children = view_options,
	.args_doc = "[INTERVAL [COUNT]]",
	.doc = "Counts what fuse_dentry_revalidate does, live, on all FUSE "
	       "mounts: a line per mount and interval (1 s).\v"
	       "Hits are fresh (no request) or relooked (a LOOKUP said still "
	       "valid); misses are counted by cause.  Ends after COUNT "
	       "intervals or at Ctrl-C, with what was counted since the last "
	       "line.\n\n"
	       "Examples:\n"
	       "  epochstat                     all mounts, each second\n"
	       "  epochstat -M /mnt/data 5 12   one, 12 times 5 s\n"
	       "  epochstat -j -c git 1         as JSON, what git does\n"
	       "  epochstat --listen 9810       for Prometheus, on loopback\n\n"
	       "Exit status: 0 ok, 1 failed, 2 can't trace here or bad usage.",
};

static int show(struct tool *tool, const struct sample *s,
		struct trace_life before, double interval_s, FILE *out)
{
	struct stat_view view = {
		.sample = s,
		.mounts = tool->r.mounts,
		.interval_s = interval_s,
		.epochs = trace_features(tool->r.trace)->epochs,
		.hist = tool->o.trace.hist,
		.all = tool->o.all,
		.one = tool->o.mount,
		.only = tool->r.only,
		.before = before,
	};
	int err = 0;

	if (tool->o.json)
		err = stat_json_print(&view, out);
	else
		stat_table_print(&view, out);
	return err ? err : output_flush(out);
}

static void warn_lost(const struct sample *s)
{
	/* Of revalidations the total is known, and shown. */
	uint64_t missed_cnt = s->missed_cnt - s->unassigned_cnt;

	if (missed_cnt || s->lost[TRACE_LOST_COUNTS] ||
	    s->lost[TRACE_LOST_STATE])
		fprintf(stderr,
			"epochstat: counts are too low: %llu programs not run, "
			"%llu without a counter, %llu without memory\n",
			(unsigned long long)missed_cnt,
			(unsigned long long)s->lost[TRACE_LOST_COUNTS],
			(unsigned long long)s->lost[TRACE_LOST_STATE]);
}

/* Read, and show what came since that was done last. */
static int tick(struct tool *tool)
{
	struct trace_life before = tool->r.only;
	struct sample *old = NULL, *delta;
	int err = reading_take(&tool->r, &old);

	if (err)
		return err;
	delta = sample_between(old, tool->r.sample);
	if (delta) {
		err = show(tool, delta, before, (delta->ns - old->ns) / 1e9,
			   stdout);
		warn_lost(delta);
	} else {
		err = -ENOMEM;
	}
	sample_free(delta);
	sample_free(old);
	return err;
}

/* Whoever reads that it traces may rely on all being counted from then on. */
static int loop(struct tool *tool)
{
	uint64_t interval_ns = tool->o.interval_s * 1e9;
	uint64_t next_ns = tool->r.sample->ns;
	bool more = true;
	int err = 0;

	tool_print_until_signal();
	tool_announce("epochstat", tool->r.trace, "all else is counted");
	/* Once at least, however early the signal comes. */
	for (unsigned long i = 1; !err && more; i++) {
		next_ns += interval_ns;
		more = tool_wait(next_ns) && i != tool->o.count;
		err = tick(tool);
		/* What is overdue is skipped: it was in this interval. */
		if (!err && tool->r.sample->ns > next_ns)
			next_ns += (tool->r.sample->ns - next_ns) /
				   interval_ns * interval_ns;
	}
	return err ?: tool_unread();
}

static char *render(void *arg, bool openmetrics)
{
	struct tool *tool = arg;
	struct stat_view view = {
		.epochs = trace_features(tool->r.trace)->epochs,
		.hist = tool->o.trace.hist,
		.all = true,
		.one = tool->o.mount,
		.before = tool->r.only,
	};
	struct sample *old = NULL;
	int err = reading_take(&tool->r, &old);

	sample_free(old);
	if (err || series_drop_replaced(tool->r.sample, tool->r.mounts))
		return NULL;
	view.only = tool->r.only;
	view.sample = tool->r.sample;
	view.mounts = tool->r.mounts;
	return stat_metrics(&view, openmetrics);
}

static int serve(struct tool *tool)
{
	struct listener *l;
	char why[256];
	int status;

	l = listen_start(tool->o.listen, render, tool, &status, why,
			 sizeof(why));
	if (!l) {
		fprintf(stderr, "epochstat: %s\n", why);
		return status;
	}
	tool_announce("epochstat", tool->r.trace, "all else is counted");
	fprintf(stderr, "epochstat: %s\n", listen_url(l));
	tool_wait(UINT64_MAX);
	listen_stop(l);
	return 0;
}

int main(int argc, char **argv)
{
	struct tool tool = { .o = { .interval_s = 1,
				    .grace_s = -1,
				    .trace = { .counts = true } } };
	char why[256];
	int status;

	options_parse(&argp, argc, argv, &tool.o);
	if (view_check("epochstat", stat_table_heads, NULL))
		return STATUS_USAGE;
	tool.r.mount = tool.o.mount;
	if (tool.o.mount &&
	    tool_find_mount("epochstat", tool.o.mount, &tool.r.only.dev))
		return STATUS_USAGE;
	if (tool.o.trace.pid && tool_watch("epochstat", tool.o.trace.pid))
		return STATUS_USAGE;
	tool_catch_signals();
	/* A mistake in the address is said before the kernel has a say. */
	if (tool.o.listen && listen_check(tool.o.listen, why, sizeof(why))) {
		fprintf(stderr, "epochstat: %s\n", why);
		return STATUS_USAGE;
	}
	tool.o.trace.spreads = tool.o.listen;
	/* Zeros first: what comes after the first scrape is an increase. */
	tool.r.idle = tool.o.listen;
	tool.r.grace_ns = tool.o.listen ? tool.o.grace_s * 1e9 : 0;
	tool.r.trace = tool_open("epochstat", &tool.o.trace);
	if (!tool.r.trace)
		return STATUS_USAGE;
	status = reading_begin(&tool.r);
	if (!status)
		status = tool.o.listen ? serve(&tool) : loop(&tool);
	if (status < 0)
		tool_complain("epochstat", status);
	trace_close(tool.r.trace);
	reading_free(&tool.r);
	return status < 0 ? STATUS_FAILED : status;
}
