// SPDX-License-Identifier: GPL-2.0-only
#include "obstacle.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <bpf/libbpf.h>
#include <linux/capability.h>

#include "bench/lib/rights.h"

/* Of the kernel, not for user space, but seen there. */
#define ENOTSUPP_KERNEL 524

#define IN_THE_VM                                                        \
	"Where a host refuses tracing, a guest doesn't: trace-demo and " \
	"vm of the suite's sources"

static bool may_load(void)
{
	return rights_have(CAP_SYS_ADMIN) ||
	       (rights_have(CAP_BPF) && rights_have(CAP_PERFMON));
}

/* The word in brackets of /sys/kernel/security/lockdown. */
static bool locked_down(void)
{
	char line[128] = "";
	FILE *file = fopen("/sys/kernel/security/lockdown", "r");

	if (!file)
		return false;
	if (!fgets(line, sizeof(line), file))
		line[0] = 0;
	fclose(file);
	/* Integrity alone doesn't forbid programs that only read. */
	return strstr(line, "[confidentiality]");
}

/* Whether it has the youngest helper that the programs call. */
static bool too_old(void)
{
	return libbpf_probe_bpf_helper(BPF_PROG_TYPE_KPROBE,
				       BPF_FUNC_map_lookup_percpu_elem,
				       NULL) == 0;
}

bool obstacle_before(char *why, size_t len)
{
	struct utsname u = { 0 };

	if (!may_load()) {
		snprintf(
			why, len,
			"not allowed to load BPF programs: %s (or with CAP_BPF "
			"and CAP_PERFMON)",
			rights_way(CAP_SYS_ADMIN));
		return true;
	}
	if (access("/sys/kernel/btf/vmlinux", R_OK)) {
		snprintf(why, len,
			 access("/sys/kernel", R_OK)
				 ? "/sys isn't mounted"
				 : "this kernel doesn't describe its types (no "
				   "/sys/kernel/btf/vmlinux): it needs "
				   "CONFIG_DEBUG_INFO_BTF");
		return true;
	}
	if (too_old()) {
		uname(&u);
		snprintf(why, len,
			 "this kernel (%s) is too old: it lacks "
			 "bpf_map_lookup_percpu_elem(), which came with Linux "
			 "5.19",
			 u.release);
		return true;
	}
	return false;
}

void obstacle_no_fuse(char *why, size_t len)
{
	bool module = !access("/sys/module/fuse", F_OK);

	if (module && access("/sys/kernel/btf/fuse", R_OK))
		snprintf(why, len,
			 "fuse_dentry_revalidate can't be found: the fuse "
			 "module comes without BTF (CONFIG_DEBUG_INFO_BTF_"
			 "MODULES)");
	else
		snprintf(why, len,
			 "fuse_dentry_revalidate can't be found: FUSE isn't "
			 "loaded (`modprobe fuse` first)");
}

void obstacle_load(int error, char *why, size_t len)
{
	if (error == EPERM && locked_down())
		snprintf(why, len,
			 "this kernel is locked down: it refuses programs that "
			 "read its memory. " IN_THE_VM);
	else if (error == EPERM && !rights_have(CAP_SYS_ADMIN))
		snprintf(why, len,
			 "not allowed to load the programs: if fuse is a "
			 "module, CAP_BPF and CAP_PERFMON aren't enough: %s",
			 rights_way(CAP_SYS_ADMIN));
	else if (error == EACCES || error == EINVAL || error == E2BIG)
		snprintf(why, len,
			 "this kernel's verifier refuses our programs (-v "
			 "shows why): that is a bug of ours, please report it");
	else if (error == EPERM)
		snprintf(why, len,
			 "the kernel refuses tracing programs although we are "
			 "privileged: it is locked down, or a security module "
			 "or a container forbids it. " IN_THE_VM);
	else if (error == ENOTSUPP_KERNEL || error == EOPNOTSUPP ||
		 error == ENOSYS || error == EBUSY)
		snprintf(why, len,
			 "this kernel can't attach programs to functions: it "
			 "needs CONFIG_FUNCTION_TRACER with direct calls, "
			 "CONFIG_BPF_JIT and CONFIG_BPF_EVENTS");
	else if (error == ENOMEM)
		snprintf(why, len, "no memory for the programs and their maps");
	else
		snprintf(why, len,
			 "the programs can't be loaded: %s (-v shows more)",
			 strerror(error));
}
