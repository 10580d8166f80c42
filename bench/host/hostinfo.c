// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>
#if defined(__x86_64__) || defined(__i386__)
#include <cpuid.h>
#endif

#include "hostinfo.h"
#include "bench/lib/version.h"

#define CGROUP_ROOT "/sys/fs/cgroup"
#define PATH_LEN 2048

/* The first line of a file without its newline, "" if there is none. */
static void read_line(const char *path, char *buf, size_t len)
{
	FILE *f = fopen(path, "re");

	if (!f || !fgets(buf, (int)len, f))
		buf[0] = '\0';
	buf[strcspn(buf, "\n")] = '\0';
	if (f)
		fclose(f);
}

/*
 * The number after key in a file of "key value" lines, such as /proc/meminfo
 * and memory.stat of a cgroup; 0 if it isn't there.
 */
static uint64_t read_key(const char *path, const char *key)
{
	FILE *f = fopen(path, "re");
	uint64_t value = 0;
	size_t len = strlen(key);
	char line[256];

	if (!f)
		return 0;
	while (fgets(line, sizeof(line), f)) {
		if (!strncmp(line, key, len) && strchr(": \t", line[len])) {
			value = strtoull(line + len + 1, NULL, 10);
			break;
		}
	}
	fclose(f);
	return value;
}

static uint64_t meminfo_bytes(const char *key)
{
	return read_key("/proc/meminfo", key) * 1024;
}

/*
 * What a cgroup still lets us allocate; UINT64_MAX if it sets no limit.
 * Caches count as used in memory.current, but the kernel gives them up first.
 */
static uint64_t cgroup_room_bytes(const char *dir)
{
	static const char *const cache[] = { "inactive_file", "active_file",
					     "slab_reclaimable" };
	char path[PATH_LEN + 32], text[64];
	uint64_t max, used, free_bytes = 0;

	snprintf(path, sizeof(path), "%s/memory.max", dir);
	read_line(path, text, sizeof(text));
	if (text[0] < '0' || text[0] > '9') /* "max", or the root: no limit */
		return UINT64_MAX;
	max = strtoull(text, NULL, 10);
	snprintf(path, sizeof(path), "%s/memory.current", dir);
	read_line(path, text, sizeof(text));
	used = strtoull(text, NULL, 10);
	snprintf(path, sizeof(path), "%s/memory.stat", dir);
	for (size_t i = 0; i < sizeof(cache) / sizeof(cache[0]); i++)
		free_bytes += read_key(path, cache[i]);
	used -= free_bytes < used ? free_bytes : used;
	return max > used ? max - used : 0;
}

/* The tightest limit among our cgroup (v2) and those above it. */
static uint64_t cgroups_room_bytes(void)
{
	char dir[PATH_LEN] = CGROUP_ROOT, line[PATH_LEN / 2];
	size_t root_len = strlen(CGROUP_ROOT);
	uint64_t room = UINT64_MAX;
	FILE *f = fopen("/proc/self/cgroup", "re");

	if (!f)
		return room;
	while (fgets(line, sizeof(line), f)) {
		line[strcspn(line, "\n")] = '\0';
		if (!strncmp(line, "0::/", 4))
			snprintf(dir + root_len, sizeof(dir) - root_len, "%s",
				 line + 3);
	}
	fclose(f);
	for (;;) {
		uint64_t here = cgroup_room_bytes(dir);

		if (here < room)
			room = here;
		if (strlen(dir) <= root_len)
			return room;
		*strrchr(dir, '/') = '\0';
	}
}

uint64_t hostinfo_mem_available_bytes(void)
{
	uint64_t available = meminfo_bytes("MemAvailable");
	uint64_t room = cgroups_room_bytes();

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

	read_line("/sys/hypervisor/type", buf, len);
	if (buf[0])
		return;
	read_line("/sys/class/dmi/id/sys_vendor", vendor, sizeof(vendor));
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
	snprintf(hi->bench, sizeof(hi->bench), "%s", version());
	read_line("/sys/module/fuse/version", hi->fuse, sizeof(hi->fuse));
	hi->cpu_cnt = cpus > 0 ? (unsigned int)cpus : 0;
	hi->mem_total_bytes = meminfo_bytes("MemTotal");
	hi->mem_available_bytes = hostinfo_mem_available_bytes();
	if (getloadavg(&hi->load1, 1) != 1)
		hi->load1 = 0;
}
