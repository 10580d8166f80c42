// SPDX-License-Identifier: GPL-2.0-only
/*
 * cmd_inval.c - `epochctl inval`: messages for single names or inodes, as a
 * daemon without epochs would have to send them.
 */
#include <errno.h>
#include <linux/capability.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/lib/clock.h"
#include "bench/lib/options.h"
#include "bench/lib/rights.h"
#include "bench/lib/sizes.h"
#include "bench/lib/status.h"
#include "ctl.h"
#include "args.h"
#include "batch.h"
#include "beneath.h"
#include "borrow.h"
#include "guard.h"
#include "bench/lib/mount_tables.h"
#include "path.h"
#include "probe.h"
#include "watch.h"
#include "bench/lib/text.h"

struct options {
	struct ctl_common common;
	const struct inval_method *method;
	const char *mount;
	const char *from; /* a file with more paths */
	char **paths;
	int path_cnt;
	unsigned int limit_s;
};

/* Paths, each ended by NUL. */
struct list {
	char *text;
	size_t len;
};

enum { OPT_FROM = 256, OPT_LIMIT };

static const struct argp_option options[] = {
	{ "method", 'm', "METHOD", 0,
	  "Method (inval_entry), as below; epochbench has the same names", 0 },
	{ "files0-from", OPT_FROM, "FILE", 0,
	  "Paths from FILE, too, each ended by NUL; - is stdin", 0 },
	{ "limit", OPT_LIMIT, "SECONDS", 0,
	  "Give up when the daemon doesn't answer for so long (10)", 0 },
	{ "timeout", 0, NULL, OPTIONS_OLD, NULL, 0 },
	{ 0 }
};

static void set_method(struct options *opt, const char *arg,
		       struct argp_state *state)
{
	int nr = inval_by_name(arg);

	if (nr < 0)
		argp_error(state, "there is no method '%s'", arg);
	if (!inval_methods[nr].ctl_help)
		argp_error(state,
			   "'%s' isn't about single names or inodes that exist",
			   inval_methods[nr].name);
	opt->method = &inval_methods[nr];
}

static void set_limit(struct options *opt, const char *arg,
		      struct argp_state *state)
{
	uint64_t seconds = 0;

	if (whole_parse(arg, 1, 86400, &seconds))
		argp_error(state, "'%s' is no number of seconds", arg);
	opt->limit_s = seconds;
}

static error_t parse_opt(int key, char *arg, struct argp_state *state)
{
	struct options *opt = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &opt->common;
		return 0;
	case 'm':
		set_method(opt, arg, state);
		return 0;
	case OPT_FROM:
		opt->from = arg;
		return 0;
	case OPT_LIMIT:
		set_limit(opt, arg, state);
		return 0;
	case ARGP_KEY_ARGS:
		opt->mount = state->argv[state->next];
		opt->paths = &state->argv[state->next + 1];
		opt->path_cnt = state->argc - state->next - 1;
		return 0;
	case ARGP_KEY_END:
		if (!opt->mount)
			argp_error(state, "which MOUNT?");
		if (!opt->path_cnt && !opt->from)
			argp_error(state, "which PATHs in it?");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_child children[] = { { &ctl_common_argp, 0, NULL, 0 },
					      { 0 } };

static const struct inval_method *offered(size_t i)
{
	for (unsigned int k = 0; k < inval_method_cnt; k++)
		if (inval_methods[k].ctl_help && !i--)
			return &inval_methods[k];
	return NULL;
}

static const char *method_name(size_t i)
{
	return offered(i) ? offered(i)->name : NULL;
}

static const char *method_help(size_t i)
{
	return offered(i) ? offered(i)->ctl_help : NULL;
}

static char *add_methods(int key, const char *text, void *input)
{
	(void)input;
	return key == ARGP_KEY_HELP_POST_DOC
		       ? options_table("Methods:\n", method_name, method_help,
				       text)
		       : (char *)text;
}

static const struct argp argp = {
	.options = options,
	.parser = parse_opt,
	.children = children,
	.args_doc = "MOUNT PATH...",
	.doc = "Makes single names or inodes of a FUSE file system stale, as "
	       "`epochctl bump` does all of them: to compare the two.  PATHs "
	       "are in MOUNT, or relative to it.  The kernel is asked for "
	       "their node ids, so it looks them up: that can ask the "
	       "daemon.\v"
	       "inval_entry detaches what is mounted there or below, and is "
	       "refused then.\n\n"
	       "Examples:\n"
	       "  epochctl inval /mnt/data some/file\n"
	       "  epochctl inval -m inval_inode /mnt/data some/file\n"
	       "  find /mnt/data -depth -mindepth 1 -print0 |\n"
	       "    epochctl inval --files0-from=- /mnt/data\n\n"
	       "Exit status: 0 ok, 1 failed or refused, 2 bad usage or no "
	       "FUSE mount, 77 this kernel can't.",
	.help_filter = add_methods,
};

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
static int check_method(const struct options *opt)
{
	struct inval_env env = { .dev = -1 };
	struct ctl_features f;
	int err;

	if (!opt->method->probe)
		return 0;
	err = ctl_probe(&f);
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

static int report(const struct options *opt, const struct mount *mount,
		  const struct ctl_loan *loan, const struct ctl_batch_result *r)
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

static int inval(const struct options *opt, const struct mount *mount,
		 const struct list *list, struct ctl_batch *b)
{
	struct ctl_batch_result result;
	struct ctl_loan loan;
	int ret;

	for (int i = 0; i < opt->path_cnt; i++)
		ctl_batch_add(b, opt->paths[i]);
	for (size_t at = 0; at < list->len; at += strlen(list->text + at) + 1)
		ctl_batch_add(b, list->text + at);
	ctl_watch_borrows(mount->dev);
	ret = ctl_borrow(mount, opt->common.pid, &loan);
	if (ret)
		ctl_guard_sweep();
	if (!ret && opt->method->hazards & HAZARD_SUBMOUNT &&
	    !opt->common.detach_submounts)
		ret = check_beneath(mount, b);
	if (!ret) {
		ctl_batch_send(b, loan.dev, &result);
		ret = report(opt, mount, &loan, &result);
	}
	ctl_borrow_end(&loan);
	return ret;
}

/* From here on, the daemon may be asked. */
static int ask_and_inval(const struct options *opt, const struct mount *mount,
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
static int watched(const struct options *opt, const struct mount *mount,
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

static int find_and_inval(const struct options *opt,
			  const struct mount_tables *m)
{
	const struct mount *mount = ctl_path_mount(m, opt->mount);
	int ret = mount ? check_method(opt) : STATUS_USAGE;

	return ret ? ret : watched(opt, mount, ctl_path_whole(m, mount));
}

int ctl_inval(int argc, char **argv)
{
	struct options opt = {
		.method = &inval_methods[inval_by_name("inval_entry")],
		.limit_s = 10,
	};
	struct mount_tables *m;
	int ret;

	options_parse(&argp, argc, argv, &opt);
	m = ctl_read_mounts(true);
	if (!m)
		return STATUS_FAILED;
	ret = find_and_inval(&opt, m);
	mount_tables_free(m);
	return ret;
}
