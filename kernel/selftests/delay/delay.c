// SPDX-License-Identifier: GPL-2.0-only
/*
 * For tests: hold a moment in the life of a dentry, as a window that stays open
 * until the test closes it.
 * - "spliced", a new dentry, is visible, but its caller has yet to go on: by a
 *   return probe on d_splice_alias().
 * - "splicing", a new dentry, is about to become visible, or an alias to be moved
 *   in its place: by a probe on d_splice_alias().
 * - "instantiated", a negative dentry, is about to become that of a new file: by
 *   a probe on d_instantiate().
 * - "listed" is about to be linked by READDIRPLUS, and, if it is wanted again,
 *   hasn't been: by probes on fuse_splice(), where fuse has that.
 */
#include <linux/dcache.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/nmi.h>
#include <linux/timekeeping.h>

enum { CLOSED, WANTED, OPEN };

static int window;
module_param(window, int, 0644);
MODULE_PARM_DESC(window,
		 "1: the next such dentry opens it, 2: open, 0: closed");

static ulong d_time;
module_param(d_time, ulong, 0444);
MODULE_PARM_DESC(d_time, "what others would compare when it was opened last");

/*
 * The handlers must not sleep, and what watches for CPUs that are stuck must not
 * see it (RCU from 21 s on): a test that needs longer finds the window closed.
 */
#define LONGEST_NS (18 * NSEC_PER_SEC)

static void hold(ulong epoch)
{
	u64 end_ns = ktime_get_mono_fast_ns() + LONGEST_NS;

	/* Others of that name go on, for instance those that the test makes. */
	if (cmpxchg(&window, WANTED, OPEN) != WANTED)
		return;
	d_time = epoch;
	while (READ_ONCE(window) == OPEN && ktime_get_mono_fast_ns() < end_ns) {
		touch_softlockup_watchdog();
		cpu_relax();
	}
	/* Or wanted again, by whoever has closed this one */
	cmpxchg(&window, OPEN, CLOSED);
}

/* Where fuse allocates something for it, as 7.3 does, behind the timeout there. */
static ulong epoch_of(const struct dentry *dentry)
{
	if (!dentry->d_op->d_release)
		return dentry->d_time;

	return ((const u64 *)dentry->d_fsdata)[1];
}

struct call {
	struct dentry *dentry;
};

static int entry(struct kretprobe_instance *instance, struct pt_regs *regs)
{
	struct call *call = (void *)instance->data;

	call->dentry = (struct dentry *)regs_get_kernel_argument(regs, 1);
	/* Not ours: no return handler. */
	return strcmp(call->dentry->d_name.name, "spliced");
}

static int leave(struct kretprobe_instance *instance, struct pt_regs *regs)
{
	struct call *call = (void *)instance->data;

	hold(epoch_of(call->dentry));
	return 0;
}

static struct kretprobe splice = {
	.kp.symbol_name = "d_splice_alias",
	.entry_handler = entry,
	.handler = leave,
	.data_size = sizeof(struct call),
};

static int before_splice(struct kprobe *kp, struct pt_regs *regs)
{
	struct dentry *dentry = (void *)regs_get_kernel_argument(regs, 1);

	if (!strcmp(dentry->d_name.name, "splicing"))
		hold(epoch_of(dentry));
	return 0;
}

static struct kprobe splicing = {
	.symbol_name = "d_splice_alias",
	.pre_handler = before_splice,
};

static int before_instantiate(struct kprobe *kp, struct pt_regs *regs)
{
	struct dentry *dentry = (void *)regs_get_kernel_argument(regs, 0);

	if (!strcmp(dentry->d_name.name, "instantiated"))
		hold(epoch_of(dentry));
	return 0;
}

static struct kprobe instantiate = {
	.symbol_name = "d_instantiate",
	.pre_handler = before_instantiate,
};

static int before_link(struct kretprobe_instance *instance,
		       struct pt_regs *regs)
{
	struct call *call = (void *)instance->data;

	entry(instance, regs);
	if (strcmp(call->dentry->d_name.name, "listed"))
		return 1;
	hold(epoch_of(call->dentry));
	return 0;
}

static int after_link(struct kretprobe_instance *instance, struct pt_regs *regs)
{
	return IS_ERR((void *)regs_return_value(regs)) ? leave(instance, regs)
						       : 0;
}

static struct kretprobe linking = {
	.kp.symbol_name = "fuse_splice",
	.entry_handler = before_link,
	.handler = after_link,
	.data_size = sizeof(struct call),
};

static int links;
module_param(links, int, 0444);
MODULE_PARM_DESC(links, "1: fuse has fuse_splice()");

static struct kprobe *probes[] = { &splicing, &instantiate };

static int __init delay_init(void)
{
	int err = register_kretprobe(&splice);

	if (err)
		return err;
	err = register_kprobes(probes, ARRAY_SIZE(probes));
	if (err)
		unregister_kretprobe(&splice);
	else
		links = !register_kretprobe(&linking);
	return err;
}

static void __exit delay_exit(void)
{
	if (links)
		unregister_kretprobe(&linking);
	unregister_kprobes(probes, ARRAY_SIZE(probes));
	unregister_kretprobe(&splice);
}

module_init(delay_init);
module_exit(delay_exit);
MODULE_DESCRIPTION("Widen a window in FUSE lookups, for tests");
MODULE_LICENSE("GPL");
