/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The few fields of the kernel that the programs read, and every difference
 * between kernels.  The layouts are those of the running kernel (CO-RE); this
 * file has only names.  Where kernels differ, it cites the commit that made the
 * difference.
 */
#ifndef FUSE_CORE_BPF_H
#define FUSE_CORE_BPF_H

#include <linux/bpf.h>
#include <linux/types.h>
#include <linux/fuse.h>
#include <linux/errno.h>
#include <stdbool.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>

#define FUSE_SUPER_MAGIC 0x65735546 /* include/uapi/linux/magic.h */
#define FUSE_DEVICE_RDEV (10 << 20 | 229) /* MISC_MAJOR, FUSE_MINOR */
#define S_TYPE 0170000 /* S_IFMT */
#define S_TYPE_CHR 0020000

#pragma clang attribute push(__attribute__((preserve_access_index)), \
			     apply_to = record)

struct qstr {
	unsigned int len;
	const unsigned char *name;
};

struct super_block {
	unsigned int s_dev;
	unsigned long s_magic;
	void *s_fs_info; /* struct fuse_mount */
};

struct inode {
	unsigned short i_mode;
	struct super_block *i_sb;
	unsigned int i_rdev;
	unsigned int i_generation;
};

struct dentry {
	struct dentry *d_parent;
	struct qstr d_name;
	struct inode *d_inode;
	struct super_block *d_sb;
	unsigned long d_time;
	void *d_fsdata;
};

struct file {
	struct inode *f_inode;
	void *private_data;
};

struct task_struct {
	int pid;
	int tgid;
	char comm[16];
};

struct iovec {
	void *iov_base;
	unsigned long iov_len;
};

struct iov_iter {
	unsigned char iter_type;
	unsigned long iov_offset;
	const struct iovec *__iov;
	void *ubuf;
};

struct iov_iter___6_3 {
	const struct iovec *iov;
};

struct page {
	unsigned long flags;
};

struct pipe_buffer {
	struct page *page;
	unsigned int offset;
	unsigned int len;
};

struct fuse_copy_state {
	struct iov_iter *iter;
	struct pipe_buffer *pipebufs; /* not NULL: spliced */
};

struct fuse_inode {
	struct inode inode;
	__u64 nodeid;
	unsigned long state;
};

/*
 * The epoch came with 6.16 (2396356a945b): an atomic_t.  Our hardened variant
 * has an atomic64_t.  Only the address and the size are asked for.
 */
struct any_atomic {
	int counter;
};

struct list_head {
	struct list_head *next;
};

struct fuse_conn {
	unsigned int dev;
	struct list_head mounts;
	struct any_atomic epoch;
};

struct fuse_mount {
	struct fuse_conn *fc;
};

/* 7.2 put a channel between the device and its connection. */
struct fuse_chan {
	struct fuse_conn *conn;
};

struct fuse_dev {
	struct fuse_conn *fc;
};

struct fuse_dev___7_2 {
	struct fuse_chan *chan;
};

struct fuse_in_arg {
	unsigned int size;
	const void *value;
};

struct fuse_arg {
	unsigned int size;
	void *value;
};

struct fuse_args {
	__u64 nodeid;
	__u32 opcode;
	struct fuse_in_arg in_args[3];
	struct fuse_arg out_args[2];
};

struct fuse_req {
	struct fuse_args *args;
};

/* With 6.19 d_fsdata points to this, and since 7.2 the epoch is in it. */
struct fuse_dentry {
	__u64 epoch;
};

struct seq_file {
	int count;
};

struct bpf_iter_meta {
	struct seq_file *seq;
};

struct bpf_iter__task_file {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
	__u32 fd;
	struct file *file;
};

#pragma clang attribute pop

enum iter_type {
	ITER_UBUF,
	ITER_IOVEC,
};

/* An anonymous enum of fs/fuse/fuse_i.h, the same from 5.11 to 7.3. */
enum { FUSE_I_BAD = 3 };

static __always_inline bool has_epochs(void)
{
	return bpf_core_field_exists(((struct fuse_conn *)0)->epoch);
}

static __always_inline struct fuse_conn *conn_of(struct super_block *sb)
{
	struct fuse_mount *fm = sb->s_fs_info;

	return fm ? BPF_CORE_READ(fm, fc) : NULL;
}

/*
 * Is anything of it mounted?  Whoever has the device of one that was may write
 * to it still, and that has the number of another by then.
 */
static __always_inline bool is_mounted(struct fuse_conn *fc)
{
	const void *head = __builtin_preserve_access_index(&fc->mounts);

	return fc && BPF_CORE_READ(fc, mounts.next) != head;
}

/* Of a device that the verifier knows as such: an argument. */
static __always_inline struct fuse_conn *conn_of_device(void *fud)
{
	struct fuse_dev___7_2 *with_channel = fud;

	if (bpf_core_field_exists(with_channel->chan))
		return with_channel->chan->conn;
	return ((struct fuse_dev *)fud)->fc;
}

/* Of any other. */
static __always_inline struct fuse_conn *conn_of_address(void *fud)
{
	struct fuse_dev___7_2 *with_channel = fud;

	if (bpf_core_field_exists(with_channel->chan))
		return BPF_CORE_READ(with_channel, chan, conn);
	return BPF_CORE_READ((struct fuse_dev *)fud, fc);
}

/*
 * The epoch as the kernel compares it: an int, sign-extended (as up to 7.3), or
 * 64 bits.
 */
static __always_inline __u64 conn_epoch(struct fuse_conn *fc)
{
	const void *where = __builtin_preserve_access_index(&fc->epoch);
	__s64 epoch64 = 0;
	__s32 epoch = 0;

	if (!has_epochs() || !fc)
		return 0;
	if (bpf_core_field_size(fc->epoch) == 8) {
		bpf_probe_read_kernel(&epoch64, sizeof(epoch64), where);
		return epoch64;
	}
	bpf_probe_read_kernel(&epoch, sizeof(epoch), where);
	return (__s64)epoch;
}

static __always_inline __u64 dentry_epoch(struct dentry *dentry)
{
	struct fuse_dentry *fd = NULL;

	if (!bpf_core_field_exists(fd->epoch))
		return dentry->d_time;
	fd = dentry->d_fsdata;
	return fd ? BPF_CORE_READ(fd, epoch) : 0;
}

static __always_inline bool is_bad_inode(struct inode *inode)
{
	/* The inode is the first member of a fuse_inode. */
	struct fuse_inode *fi = (void *)inode;

	return BPF_CORE_READ(fi, state) & 1ul << FUSE_I_BAD;
}

/*
 * Where what is written begins, up to 6.3; 0 if that isn't the memory of a task, or
 * if the first piece is shorter.  There the vectors have another name
 * (de4f5fed3f23), and to the verifier what is in union with them is a pointer like
 * them: nothing to reckon with.  Before 6.0 all are vectors (fcb14cb1bdac).
 */
static __noinline __u64 old_iter_address(struct iov_iter *iter, __u64 bytes)
{
	struct iov_iter___6_3 *old = (void *)iter;
	__u64 skip = BPF_CORE_READ(iter, iov_offset);
	__u8 type = BPF_CORE_READ(iter, iter_type);
	struct iovec iov = { 0 };

	if (bpf_core_enum_value_exists(enum iter_type, ITER_UBUF) &&
	    type == bpf_core_enum_value(enum iter_type, ITER_UBUF))
		return (__u64)BPF_CORE_READ(iter, ubuf) + skip;
	if (type != bpf_core_enum_value(enum iter_type, ITER_IOVEC) ||
	    bpf_probe_read_kernel(&iov, sizeof(iov), BPF_CORE_READ(old, iov)) ||
	    iov.iov_len < skip + bytes)
		return 0;
	return (__u64)iov.iov_base + skip;
}

const volatile __u32 page_bytes; /* set before loading */

/* The address of what a page holds; 0 where that isn't known (not reads_pages). */
#if defined(__TARGET_ARCH_x86)
#define READS_PAGES 1

/* Where pages and their descriptors are mapped; set where it's random. */
extern const void page_offset_base __ksym __weak;
extern const void vmemmap_base __ksym __weak;

static __always_inline __u64 page_address(struct page *page)
{
	__u64 offset_base = 0xffff888000000000, map_base = 0xffffea0000000000;

	if (&page_offset_base)
		bpf_probe_read_kernel(&offset_base, 8, &page_offset_base);
	if (&vmemmap_base)
		bpf_probe_read_kernel(&map_base, 8, &vmemmap_base);
	return offset_base + ((__u64)page - map_base) /
				     bpf_core_type_size(struct page) *
				     page_bytes;
}
#elif defined(__TARGET_ARCH_arm64)
#define READS_PAGES 1

/* What came with the same release as 32697ff38287, where nothing else shows it. */
enum bpf_map_type___6_9 {
	BPF_MAP_TYPE_ARENA___6_9 = 33,
};

/*
 * The end of the linear map and that of the descriptors belong together: what
 * is so many pages below the one is as many descriptors below the other.  The
 * former is at half of the kernel's addresses, of at most 48 bits (16 KiB pages:
 * 47), whose number nobody tells; but tasks are in that map.  The latter is 1 GiB
 * below the end of all; up to 6.8 it was the same part of all addresses, with 64
 * bytes for a page.
 */
static __always_inline __u64 page_address(struct page *page)
{
	__s64 end = -(1ll << (page_bytes == 16384 ? 46 : 47));
	__s64 map_end = -(1ll << 30);
	__s64 task = bpf_get_current_task();
	int i;

	for (i = 0; i < 12 && task >= end; i++)
		end >>= 1;
	if (!bpf_core_enum_value_exists(enum bpf_map_type___6_9,
					BPF_MAP_TYPE_ARENA___6_9))
		map_end = -((__u64)-end / page_bytes * 64);
	return end - (map_end - (__u64)page) / bpf_core_type_size(struct page) *
			     page_bytes;
}
#else
#define READS_PAGES 0

static __always_inline __u64 page_address(struct page *page)
{
	return 0;
}
#endif

const volatile bool reads_pages = READS_PAGES; /* for the tool */

#endif
