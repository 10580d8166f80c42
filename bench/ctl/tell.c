// SPDX-License-Identifier: GPL-2.0-only
#include "tell.h"

#include <errno.h>
#include <linux/capability.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "batch.h"
#include "beneath.h"
#include "bench/device/borrow.h"
#include "ctl.h"
#include "guard.h"
#include "path.h"
#include "bench/device/probe.h"
#include "walk.h"
#include "watch.h"
#include "bench/lib/clock.h"
#include "bench/lib/mount_tables.h"
#include "bench/lib/options.h"
#include "bench/lib/rights.h"
#include "bench/lib/sizes.h"
#include "bench/lib/status.h"
#include "bench/lib/text.h"

/* Paths, each ended by NUL. */
struct list {
	char *text;
	size_t len;
};

enum { OPT_LIMIT = 1024 };

static const struct argp_option options[] = {
	{ "limit", OPT_LIMIT, "SECONDS", 0,
	  "Give up when the daemon doesn't answer for so long (10)", 0 },
	{ "timeout", 0, NULL, OPTIONS_OLD, NULL, 0 },
	{ 0 }
};

static error_t parse_opt(int key, char *arg, struct argp_state *state)
{
	struct ctl_tell *opt = state->input;
	uint64_t seconds = 0;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &opt->common;
		return 0;
	case OPT_LIMIT:
		if (whole_parse(arg, 1, 86400, &seconds))
			argp_error(state, "'%s' is no number of seconds", arg);
		opt->limit_s = seconds;
		return 0;
	case ARGP_KEY_ARGS:
		opt->mount = state->argv[state->next];
		opt->paths = &state->argv[state->next + 1];
		opt->path_cnt = state->argc - state->next - 1;
		return 0;
	case ARGP_KEY_NO_ARGS:
		argp_error(state, "which MOUNT?");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_child children[] = { { &ctl_common_argp, 0, NULL, 0 },
					      { 0 } };

const struct argp ctl_tell_argp = { .options = options,
				    .parser = parse_opt,
				    .children = children };

/* Some ten million paths; more is no list, but /dev/zero. */
#define LIST_BYTES_MAX ((size_t)1 << 30)

/* All of a file, in one block that ends with an additional NUL. */
static int slurp(FILE *f, struct list *list)
{
	size_t room = 0, got;
	char *more;

	do {
		room = room ? 2 * room : 4096;
		if (room > LIST_BYTES_MAX)
			return -EFBIG;
		more = realloc(list->text, room + 1);
		if (!more)
			return -ENOMEM;
		list->text = more;
		errno = 0;
		got = fread(more + list->len, 1, room - list->len, f);
		list->len += got;
	} while (list->len == room);
	list->text[list->len] = 0;
	return ferror(f) ? -errno : 0;
}

static int read_list(const char *from, struct list *list)
{
	FILE *f = strcmp(from, "-") ? fopen(from, "re") : stdin;
	int err = f ? slurp(f, list) : -errno;

	if (f && f != stdin)
		fclose(f);
	if (!err)
		return 0;
	ctl_say("%s: can't be read: %s", from, strerror(-err));
	return err == -ENOMEM ? STATUS_FAILED : STATUS_USAGE;
}

/* An old kernel would take the flag for nothing, and detach what is mounted. */
static int check_method(const struct ctl_tell *opt)
{
	struct inval_env env = { .dev = -1 };
	struct fuse_features f;
	int err;

	if (!opt->method->probe)
		return 0;
	err = probe_features(&f);
	env.expire_only = f.expire_only;
	if (!err && !opt->method->probe(&env))
		return 0;
	if (err)
		ctl_say("can't find out whether this kernel has expire_entry: "
			"%s%s",
			strerror(-err), rights_hint(err, CAP_SYS_ADMIN));
	else
		ctl_say("this kernel has no expire_entry: it needs Linux 6.2");
	return err ? STATUS_FAILED : STATUS_SKIP;
}

static int report(const struct ctl_tell *opt, const struct mount *mount,
		  const struct loan *loan, const struct ctl_batch_result *r)
{
	int err, ret = r->failed_cnt ? STATUS_FAILED : 0;

	if (opt->common.json) {
		err = ctl_print_json(json_pack(
			"{s:s, s:I, s:s, s:I, s:o, s:o, s:i, s:o, s:I, s:I, "
			"s:I, s:I, s:I}",
			"schema", "epochctl-inval/1", "ns",
			(json_int_t)clock_monotonic_ns(), "method",
			opt->method->name, "connection", (json_int_t)mount->dev,
			"mount", text_json(mount->path), "type",
			text_json(mount->type), "pid", loan->pid, "comm",
			text_json(loan->comm), "path_cnt",
			(json_int_t)r->path_cnt, "sent_cnt",
			(json_int_t)r->sent_cnt, "uncached_cnt",
			(json_int_t)r->uncached_cnt, "failed_cnt",
			(json_int_t)r->failed_cnt, "notify_ns",
			(json_int_t)r->notify_ns));
	} else {
		err = ctl_print("%s: %s: %zu sent, %zu not cached, %zu failed "
				"(connection %u of %s[%d])",
				mount->path, opt->method->name, r->sent_cnt,
				r->uncached_cnt, r->failed_cnt, mount->dev,
				loan->comm, loan->pid);
	}
	return ret ? ret : err;
}

/*
 * Also what was mounted while the list was read and the daemon was asked and
 * looked for: only the messages come after it.
 */
static int check_beneath(const struct mount *mount, const struct ctl_batch *b)
{
	struct mount_tables *now = ctl_read_mounts(false);
	int ret = now ? ctl_beneath_check(now, mount, ctl_batch_at_risk, b)
		      : STATUS_FAILED;

	mount_tables_free(now);
	return ret;
}

static void add(const struct ctl_tell *opt, struct ctl_batch *b,
		const char *path)
{
	if (opt->trees)
		ctl_walk(b, path);
	else
		ctl_batch_add(b, path);
}

static int inval(const struct ctl_tell *opt, const struct mount *mount,
		 const struct list *list, struct ctl_batch *b)
{
	struct ctl_batch_result result;
	struct loan loan;
	int ret;

	for (int i = 0; i < opt->path_cnt; i++)
		add(opt, b, opt->paths[i]);
	for (size_t at = 0; at < list->len; at += strlen(list->text + at) + 1)
		add(opt, b, list->text + at);
	ctl_watch_borrows(mount->dev);
	ret = ctl_guard_borrow(mount, opt->common.pid, &loan);
	if (!ret && opt->method->hazards & HAZARD_SUBMOUNT &&
	    !opt->common.detach_submounts)
		ret = check_beneath(mount, b);
	if (!ret) {
		ctl_batch_send(b, loan.dev, &result);
		ret = report(opt, mount, &loan, &result);
	}
	borrow_end(&loan);
	return ret;
}

/* From here on, the daemon may be asked. */
static int ask_and_inval(const struct ctl_tell *opt, const struct mount *mount,
			 const struct mount *whole, const struct list *list)
{
	struct ctl_batch *b;
	int ret;

	b = ctl_batch_new(opt->method, mount, whole, opt->mount);
	ret = b ? inval(opt, mount, list, b) : STATUS_FAILED;
	ctl_batch_free(b);
	return ret;
}

/*
 * In a process that may be left behind.  Who writes the list may take longer
 * than a daemon may.
 */
static int watched(const struct ctl_tell *opt, const struct mount *mount,
		   const struct mount *whole)
{
	struct list list = { 0 };
	int err = ctl_watch_start(opt->limit_s, mount->path), ret = 0;

	if (!err && opt->from)
		ret = read_list(opt->from, &list);
	if (!err && !ret)
		err = ctl_watch_limit();
	if (err)
		ctl_say("can't start a process that asks the daemon: %s",
			strerror(-err));
	else if (!ret)
		ret = ask_and_inval(opt, mount, whole, &list);
	free(list.text);
	return err ? STATUS_FAILED : ret;
}

static int find_and_tell(const struct ctl_tell *opt,
			 const struct mount_tables *m)
{
	const struct mount *mount = ctl_path_mount(m, opt->mount);
	int ret = mount ? check_method(opt) : STATUS_USAGE;

	return ret ? ret : watched(opt, mount, ctl_path_whole(m, mount));
}

int ctl_tell(const struct ctl_tell *opt)
{
	struct mount_tables *m = ctl_read_mounts(true);
	int ret;

	if (!m)
		return STATUS_FAILED;
	ret = find_and_tell(opt, m);
	mount_tables_free(m);
	return ret;
}
