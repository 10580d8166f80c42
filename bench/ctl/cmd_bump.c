// SPDX-License-Identifier: GPL-2.0-only
/*
 * cmd_bump.c - `epochctl bump`: one INC_EPOCH, in the daemon's name.
 */
#include <errno.h>
#include <linux/capability.h>
#include <linux/fuse.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/lib/clock.h"
#include "bench/lib/options.h"
#include "bench/lib/rights.h"
#include "bench/lib/status.h"
#include "ctl.h"
#include "above.h"
#include "args.h"
#include "beneath.h"
#include "bench/device/borrow.h"
#include "guard.h"
#include "bench/inval/message.h"
#include "bench/lib/mount_tables.h"
#include "path.h"
#include "bench/device/probe.h"
#include "bench/lib/text.h"

struct options {
	struct ctl_common common;
	const char *mount;
	bool accepted[ABOVE_KINDS];
	bool dry_run;
};

enum { OPT_DRY_RUN = 256 };

static const struct argp_option options[] = {
	{ "dry-run", OPT_DRY_RUN, NULL, 0,
	  "Do all but the bump: would it be possible?", 0 },
	{ 0 }
};

static error_t parse_opt(int key, char *arg, struct argp_state *state)
{
	struct options *opt = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &opt->common;
		state->child_inputs[1] = opt->accepted;
		return 0;
	case OPT_DRY_RUN:
		opt->dry_run = true;
		return 0;
	case ARGP_KEY_ARG:
		if (opt->mount)
			argp_error(state, "one MOUNT, and '%s' is another",
				   arg);
		opt->mount = arg;
		return 0;
	case ARGP_KEY_END:
		if (!opt->mount)
			argp_error(state, "which MOUNT?");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_child children[] = { { &ctl_common_argp, 0, NULL, 0 },
					      { &ctl_above_argp, 0, NULL, 0 },
					      { 0 } };

static const struct argp argp = {
	.options = options,
	.parser = parse_opt,
	.children = children,
	.args_doc = "MOUNT",
	.doc = "Makes every cached name of a FUSE file system stale, whose "
	       "daemon needs to know nothing of epochs: sends "
	       "FUSE_NOTIFY_INC_EPOCH through a copy of its /dev/fuse.  The "
	       "daemon isn't signalled or stopped.\v"
	       "The next lookup through a stale directory detaches what is "
	       "mounted beneath, in all mount namespaces, and overlays "
	       "that stand on it answer ESTALE: so a bump is refused while "
	       "there is any of that.  Cached data of files that are open "
	       "stays.\n\n"
	       "Examples:\n"
	       "  epochctl bump /mnt/data\n"
	       "  epochctl bump --dry-run /mnt/data   would it be possible?\n"
	       "  epochctl bump -j /mnt/data          the same, as JSON\n\n"
	       "Exit status: 0 ok, 1 failed or refused, 2 bad usage or no "
	       "FUSE mount, 77 this kernel has no epochs, or it is "
	       "virtiofs, which takes no notifications.",
};

static int say_lacking(const struct mount *mount)
{
	ctl_say("%s: this kernel has no epochs: it needs Linux 6.16, or the "
		"patch of fuse-epoch (`epochctl inval` works without)",
		mount->path);
	return STATUS_SKIP;
}

/* The answer is EINVAL to an unknown code, but also to who isn't mounted yet. */
static int explain(const struct mount *mount, int err)
{
	struct fuse_features f;

	if (err == -EINVAL && !probe_features(&f) && !f.epochs)
		return say_lacking(mount);
	if (err == -EINVAL)
		ctl_say("%s: refused by the kernel, which may have no epochs "
			"(then it needs Linux 6.16), or the daemon hasn't "
			"answered the mount yet (then try again)",
			mount->path);
	else
		ctl_say("%s: can't bump: %s; if `epochctl list` shows no "
			"daemon "
			"of it, unmount it, else a security module may forbid "
			"it: try the daemon's user, or outside of a container",
			mount->path, strerror(-err));
	return STATUS_FAILED;
}

/*
 * Has the kernel epochs?  It is a connection of our own that is bumped to know.
 * Who may not have one gets no answer: the rest was found to be possible.
 */
static int rehearse(const struct mount *mount)
{
	struct fuse_features f;
	int err = probe_features(&f);

	if (!err && !f.epochs)
		return say_lacking(mount);
	if (err)
		ctl_say("%s: whether this kernel has epochs wasn't checked: "
			"%s%s",
			mount->path, strerror(-err),
			rights_hint(err, CAP_SYS_ADMIN));
	return 0;
}

static int print_json(const struct options *opt, const struct mount_tables *m,
		      const struct mount *mount, const struct loan *loan,
		      uint64_t cost_ns, bool root_sent)
{
	struct ctl_above *above = ctl_above_find(m);
	json_t *line = json_pack(
		"{s:s, s:I, s:b, s:b, s:I, s:o, s:o, s:i, s:o, s:i, s:I, s:o, "
		"s:o}",
		"schema", "epochctl-bump/1", "ns",
		(json_int_t)clock_monotonic_ns(), "bumped", !opt->dry_run,
		"root_sent", root_sent, "connection", (json_int_t)mount->dev,
		"mount", text_json(mount->path), "type", text_json(mount->type),
		"pid", loan->pid, "comm", text_json(loan->comm), "fd", loan->fd,
		"notify_ns", (json_int_t)cost_ns, "beneath",
		ctl_beneath_json(m, mount->dev), "above",
		above ? ctl_above_json(above, mount->dev) : NULL);

	ctl_above_free(above);
	return ctl_print_json(line);
}

static int print(const struct mount *mount, const struct loan *loan,
		 bool dry_run, bool root_sent)
{
	const char *what = dry_run     ? "could be bumped"
			   : root_sent ? "bumped, and its root's attributes "
					 "made stale"
				       : "bumped";

	return ctl_print("%s: %s (connection %u of %s[%d])", mount->path, what,
			 mount->dev, loan->comm, loan->pid);
}

/* The root has no name, so no epoch: its mode would stay as it is. */
static bool send_root(const struct loan *loan, char *msg)
{
	return !message_write(loan->dev, msg,
			      message_inode(msg, FUSE_ROOT_ID, -1));
}

static int send(const struct options *opt, const struct mount_tables *m,
		const struct mount *mount, const struct loan *loan)
{
	struct pollfd device = { .fd = loan->dev };
	char msg[MESSAGE_BYTES] __attribute__((aligned(8)));
	bool root_sent = false;
	uint64_t begin;
	int err, ret;

	if (poll(&device, 1, 0) > 0 && device.revents & POLLERR) {
		/* The guard aborts what has no daemon any more. */
		ctl_say("%s: its %s: unmount it", mount->path,
			borrow_is_orphaned(loan) ? "daemon ended"
						 : "connection was aborted");
		return STATUS_FAILED;
	}
	begin = clock_monotonic_ns();
	err = opt->dry_run ? 0
			   : message_write(loan->dev, msg, message_epoch(msg));
	begin = clock_monotonic_ns() - begin;
	if (!opt->dry_run && !err)
		root_sent = send_root(loan, msg);
	ret = opt->dry_run ? rehearse(mount) : err ? explain(mount, err) : 0;
	if (ret)
		return ret;
	if (borrow_is_orphaned(loan)) {
		ctl_say("%s: its daemon ended meanwhile: unmount it",
			mount->path);
		return STATUS_FAILED;
	}
	return opt->common.json
		       ? print_json(opt, m, mount, loan, begin, root_sent)
		       : print(mount, loan, opt->dry_run, root_sent);
}

/*
 * What is mounted is read again, as the search may have taken long, and so late
 * that only the message comes after it: there is no lock.
 */
static int check_and_send(const struct options *opt, const struct mount *mount,
			  const struct loan *loan)
{
	struct mount_tables *now = ctl_read_mounts(false);
	int ret = now ? 0 : STATUS_FAILED;

	/* All that it would break, before anybody decides. */
	if (!ret)
		ret = ctl_above_check(now, mount, opt->accepted);
	if (now && !opt->common.detach_submounts)
		ret |= ctl_beneath_check(now, mount, NULL, NULL);
	if (!ret)
		ret = send(opt, now, mount, loan);
	mount_tables_free(now);
	return ret;
}

int ctl_bump(int argc, char **argv)
{
	const struct mount *mount;
	struct options opt = { 0 };
	struct mount_tables *m;
	struct loan loan;
	int ret = STATUS_USAGE;

	options_parse(&argp, argc, argv, &opt);
	m = ctl_read_mounts(true);
	if (!m)
		return STATUS_FAILED;
	mount = ctl_path_mount(m, opt.mount);
	if (mount) {
		ret = ctl_guard_borrow(mount, opt.common.pid, &loan);
		if (!ret)
			ret = check_and_send(&opt, mount, &loan);
		borrow_end(&loan);
	}
	mount_tables_free(m);
	return ret;
}
