// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>
#if defined(__x86_64__) || defined(__i386__)
#include <cpuid.h>
#endif

#include "cgroup.h"
#include "hostinfo.h"
#include "key_file.h"
#include "bench/lib/version.h"

static uint64_t meminfo_bytes(const char *key)
{
	return key_file_number("/proc/meminfo", key) * 1024;
}

uint64_t hostinfo_mem_available_bytes(void)
{
	uint64_t available = meminfo_bytes("MemAvailable");
	uint64_t room =
		cgroup_room_bytes("/sys/fs/cgroup", "/proc/self/cgroup");

	return room < available ? room : available;
}

uint64_t hostinfo_mem_used_bytes(void)
{
	return meminfo_bytes("MemTotal") - meminfo_bytes("MemFree");
}

uint64_t hostinfo_slab_bytes(void)
{
	return meminfo_bytes("Slab");
}

static void get_cpu_model(char *buf, size_t len)
{
	FILE *f = fopen("/proc/cpuinfo", "re");
	char line[512];

	if (!f)
		return;
	while (fgets(line, sizeof(line), f)) {
		char *value = strchr(line, ':');

		if (strncmp(line, "model name", 10) || !value)
			continue;
		value += strspn(value, ": \t");
		value[strcspn(value, "\n")] = '\0';
		snprintf(buf, len, "%s", value);
		break;
	}
	fclose(f);
}

#if defined(__x86_64__) || defined(__i386__)
/* Exact: the hypervisor signs itself in leaf 0x40000000. */
static void get_virt(char *buf, size_t len)
{
	static const struct {
		const char *vendor;
		const char *name;
	} known[] = {
		{ "KVMKVMKVM", "kvm" },	      { "TCGTCGTCGTCG", "tcg" },
		{ "Microsoft Hv", "hyperv" }, { "VMwareVMware", "vmware" },
		{ "XenVMMXenVMM", "xen" },    { "bhyve bhyve ", "bhyve" },
		{ "VBoxVBoxVBox", "vbox" },
	};
	unsigned int eax, ebx, ecx, edx;
	char vendor[13] = "";

	if (!__get_cpuid(1, &eax, &ebx, &ecx, &edx) || !(ecx & 1u << 31)) {
		snprintf(buf, len, "metal");
		return;
	}
	__cpuid(0x40000000, eax, ebx, ecx, edx);
	memcpy(vendor, &ebx, 4);
	memcpy(vendor + 4, &ecx, 4);
	memcpy(vendor + 8, &edx, 4);
	snprintf(buf, len, "%s", vendor[0] ? vendor : "unknown");
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (!strcmp(vendor, known[i].vendor))
			snprintf(buf, len, "%s", known[i].name);
}
#else
/* No exact way: what firmware tells, or "" rather than a guess. */
static void get_virt(char *buf, size_t len)
{
	char vendor[64];

	key_file_line("/sys/hypervisor/type", buf, len);
	if (buf[0])
		return;
	key_file_line("/sys/class/dmi/id/sys_vendor", vendor, sizeof(vendor));
	if (!strcmp(vendor, "QEMU"))
		snprintf(buf, len, "qemu");
}
#endif

void hostinfo_get(struct hostinfo *hi)
{
	struct utsname un;
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);

	memset(hi, 0, sizeof(*hi));
	if (!uname(&un)) {
		snprintf(hi->kernel, sizeof(hi->kernel), "%s", un.release);
		snprintf(hi->kernel_version, sizeof(hi->kernel_version), "%s",
			 un.version);
		snprintf(hi->arch, sizeof(hi->arch), "%.*s",
			 (int)sizeof(hi->arch) - 1, un.machine);
	}
	get_cpu_model(hi->cpu_model, sizeof(hi->cpu_model));
	get_virt(hi->virt, sizeof(hi->virt));
	key_file_line("/run/vm/emulator", hi->emulator, sizeof(hi->emulator));
	snprintf(hi->bench, sizeof(hi->bench), "%s", version());
	key_file_line("/sys/module/fuse/version", hi->fuse, sizeof(hi->fuse));
	hi->cpu_cnt = cpus > 0 ? (unsigned int)cpus : 0;
	hi->mem_total_bytes = meminfo_bytes("MemTotal");
	hi->mem_available_bytes = hostinfo_mem_available_bytes();
	if (getloadavg(&hi->load1, 1) != 1)
		hi->load1 = 0;
}

bool hostinfo_is_busy(const struct hostinfo *hi)
{
	return hi->cpu_cnt && hi->load1 > hi->cpu_cnt;
}
