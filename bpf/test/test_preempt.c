// SPDX-License-Identifier: GPL-2.0-only
/*
 * Programs are there twice where kernel code can be preempted, and once where
 * it can't: in the mode that the kernel has when the tracer starts.
 *
 * only: v8
 * program: epochstat
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <linux/bpf.h>

#include "kernel/testfs/client.h"
#include "kernel/testfs/ktap.h"
#include "kernel/testfs/server.h"
#include "tracer.h"

enum { MAX_PROGRAMS = 256, KIND = 6 /* "fentry", "fexit_" */ };

static bool is_same(const struct bpf_prog_info *a,
		    const struct bpf_prog_info *b)
{
	return a->attach_btf_id && a->attach_btf_id == b->attach_btf_id &&
	       a->attach_btf_obj_id == b->attach_btf_obj_id &&
	       !strncmp(a->name, b->name, KIND);
}

/* Programs that do the same at the same place as one before. */
static unsigned int seconds(void)
{
	static struct bpf_prog_info all[MAX_PROGRAMS];
	unsigned int cnt = 0, twice = 0;
	union bpf_attr next = { 0 };

	while (cnt < MAX_PROGRAMS &&
	       !syscall(SYS_bpf, BPF_PROG_GET_NEXT_ID, &next, sizeof(next))) {
		union bpf_attr open = { .prog_id = next.next_id }, info = { 0 };
		int fd = syscall(SYS_bpf, BPF_PROG_GET_FD_BY_ID, &open,
				 sizeof(open));

		memset(&all[cnt], 0, sizeof(all[cnt]));
		info.info.bpf_fd = fd;
		info.info.info_len = sizeof(all[cnt]);
		info.info.info = (unsigned long)&all[cnt];
		syscall(SYS_bpf, BPF_OBJ_GET_INFO_BY_FD, &info, sizeof(info));
		close(fd);
		for (unsigned int i = 0; i < cnt; i++)
			twice += is_same(&all[i], &all[cnt]);
		cnt++;
		next.start_id = next.next_id;
	}
	return twice;
}

static bool set_mode(const char *mode)
{
	int fd = open("/sys/kernel/debug/sched/preempt", O_WRONLY);
	bool ok = fd >= 0 &&
		  write(fd, mode, strlen(mode)) == (ssize_t)strlen(mode);

	if (fd >= 0)
		close(fd);
	return ok;
}

static void expect(bool preemptible, const char *mode)
{
	unsigned int twice;

	tracer_start("epochstat", "-j", "3600", NULL);
	twice = seconds();
	ktap_ok(preemptible ? twice : !twice, "%s: programs there twice: %u",
		mode, twice);
	/* Whatever it is, all is counted. */
	tree_add(ROOT, mode, S_IFREG | 0644);
	lookups_of(mode);
	lookups_of(mode);
	tracer_stop();
	ktap_ok(tracer_sum("lookup_cnt") == 1, "%s: LOOKUPs: %llu", mode,
		(unsigned long long)tracer_sum("lookup_cnt"));
}

int main(void)
{
	static const char *const modes[] = { "none", "voluntary", "full",
					     "lazy" };
	bool any = false;
	struct utsname u;

	ktap_begin();
	server_start();
	mount("debugfs", "/sys/kernel/debug", "debugfs", 0, NULL);
	for (int i = 0; i < 4; i++) {
		if (!set_mode(modes[i]))
			continue;
		any = true;
		expect(i > 1, modes[i]);
	}
	if (!any && !uname(&u))
		expect(strstr(u.version, "PREEMPT"), "static");
	server_stop();
	return ktap_end();
}
