/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which connections there are, and which processes serve them.  The open files
 * of all tasks tell that, so it includes what was mounted before the tool
 * started, in any namespace.  Only here is the epoch of an idle connection
 * read.
 */
#ifndef DEVICE_BPF_H
#define DEVICE_BPF_H

SEC("iter/task_file")
int iter_task_file(struct bpf_iter__task_file *ctx)
{
	struct trace_device device = {};
	struct task_struct *task = ctx->task;
	struct file *file = ctx->file;
	struct fuse_conn *fc;
	struct inode *inode;
	__u64 fud;

	if (!file || !task)
		return 0;
	inode = file->f_inode;
	if ((inode->i_mode & S_TYPE) != S_TYPE_CHR ||
	    inode->i_rdev != FUSE_DEVICE_RDEV)
		return 0;
	/* Not mounted yet: NULL, or a small number since 6.18. */
	fud = (__u64)file->private_data;
	if (fud < 4096)
		return 0;
	fc = conn_of_address((void *)fud);
	if (!is_mounted(fc))
		return 0;
	device.dev = BPF_CORE_READ(fc, dev);
	device.pid = task->tgid;
	device.epoch = conn_epoch(fc);
	bpf_seq_write(ctx->meta->seq, &device, sizeof(device));
	return 0;
}

#endif
