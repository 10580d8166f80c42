// SPDX-License-Identifier: GPL-2.0-only
/*
 * For tests: make two moments long for dentries called "delayed".
 * - A new dentry is visible, but its caller has yet to go on: by a return probe
 *   on d_splice_alias().  d_time is what others would compare at that moment.
 * - A negative dentry is about to become that of a new file: by a probe on
 *   d_instantiate().
 */
#include <linux/dcache.h>
#include <linux/delay.h>
#include <linux/kprobes.h>
#include <linux/module.h>

static unsigned int milliseconds = 200;
module_param(milliseconds, uint, 0644);
MODULE_PARM_DESC(milliseconds, "how long to wait");

static ulong d_time;
module_param(d_time, ulong, 0444);
MODULE_PARM_DESC(d_time, "of the dentry that was delayed last");

static uint delayed;
module_param(delayed, uint, 0444);
MODULE_PARM_DESC(delayed, "dentries delayed so far");

static uint instantiated;
module_param(instantiated, uint, 0444);
MODULE_PARM_DESC(instantiated, "negative dentries delayed so far");

static bool is_ours(const struct dentry *dentry)
{
	return !strcmp(dentry->d_name.name, "delayed");
}

struct call {
	struct dentry *dentry;
};

static int entry(struct kretprobe_instance *instance, struct pt_regs *regs)
{
	struct call *call = (void *)instance->data;

	call->dentry = (struct dentry *)regs_get_kernel_argument(regs, 1);
	/* Not ours: no return handler. */
	return !is_ours(call->dentry);
}

static int leave(struct kretprobe_instance *instance, struct pt_regs *regs)
{
	struct call *call = (void *)instance->data;

	d_time = call->dentry->d_time;
	delayed++;
	/* The handler must not sleep. */
	mdelay(milliseconds);
	return 0;
}

static struct kretprobe probe = {
	.kp.symbol_name = "d_splice_alias",
	.entry_handler = entry,
	.handler = leave,
	.data_size = sizeof(struct call),
};

static int before_instantiate(struct kprobe *kp, struct pt_regs *regs)
{
	struct dentry *dentry = (void *)regs_get_kernel_argument(regs, 0);

	if (is_ours(dentry)) {
		instantiated++;
		mdelay(milliseconds);
	}
	return 0;
}

static struct kprobe instantiate = {
	.symbol_name = "d_instantiate",
	.pre_handler = before_instantiate,
};

static int __init delay_init(void)
{
	int err = register_kretprobe(&probe);

	if (err)
		return err;
	err = register_kprobe(&instantiate);
	if (err)
		unregister_kretprobe(&probe);
	return err;
}

static void __exit delay_exit(void)
{
	unregister_kprobe(&instantiate);
	unregister_kretprobe(&probe);
}

module_init(delay_init);
module_exit(delay_exit);
MODULE_DESCRIPTION("Widen a window in FUSE lookups, for tests");
MODULE_LICENSE("GPL");
