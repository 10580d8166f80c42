// SPDX-License-Identifier: GPL-2.0-only
/*
 * Counts answers of fuse_dentry_revalidate() per mount and outcome, as tools of
 * bcc do: a kprobe keeps the argument by thread, and a kretprobe counts in a
 * hash.
 */
#include <linux/types.h>
#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>

struct super_block {
	__u32 s_dev;
} __attribute__((preserve_access_index));

struct dentry {
	struct super_block *d_sb;
} __attribute__((preserve_access_index));

struct answer {
	__u32 dev;
	__s32 outcome;
};

/* The argument moved in 6.14 (5be1fa8abd7b). */
extern int LINUX_KERNEL_VERSION __kconfig;
#define HAS_DIR_ARGUMENT (LINUX_KERNEL_VERSION >= 0x060e00)

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 10240);
	__type(key, __u32);
	__type(value, struct dentry *);
} entered SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 10240);
	__type(key, struct answer);
	__type(value, __u64);
} answers SEC(".maps");

SEC("kprobe/fuse_dentry_revalidate")
int BPF_KPROBE(kprobe_fuse_dentry_revalidate, struct dentry *first, void *name,
	       struct dentry *third)
{
	__u32 tid = bpf_get_current_pid_tgid();

	if (HAS_DIR_ARGUMENT)
		first = third;
	bpf_map_update_elem(&entered, &tid, &first, BPF_ANY);
	return 0;
}

SEC("kretprobe/fuse_dentry_revalidate")
int BPF_KRETPROBE(kretprobe_fuse_dentry_revalidate, int result)
{
	__u32 tid = bpf_get_current_pid_tgid();
	struct dentry **dentry = bpf_map_lookup_elem(&entered, &tid);
	struct answer key;
	__u64 first = 1, *cnt;

	if (!dentry)
		return 0;
	key.dev = BPF_CORE_READ(*dentry, d_sb, s_dev);
	key.outcome = result > 0 ? 1 : result == 0 ? 0 : -1;
	bpf_map_delete_elem(&entered, &tid);
	cnt = bpf_map_lookup_elem(&answers, &key);
	if (cnt)
		__sync_fetch_and_add(cnt, 1);
	else
		bpf_map_update_elem(&answers, &key, &first, BPF_NOEXIST);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
