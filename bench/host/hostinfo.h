/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * hostinfo.h - the machine a sample was taken on.
 */
#ifndef FUSE_EPOCH_HOST_HOSTINFO_H
#define FUSE_EPOCH_HOST_HOSTINFO_H

#include <stdbool.h>
#include <stdint.h>

struct hostinfo {
	char kernel[96]; /* uname release */
	char kernel_version[96]; /* uname version */
	char arch[24];
	char cpu_model[96];
	char virt[24]; /* "metal", or the hypervisor: "kvm", "tcg" ... */
	char emulator[128]; /* as scripts/vm calls it: "QEMU 7.2.22, CPU max" */
	/*
	 * What the module fuse says of itself: "hardened 1a2b3c4d5e6f" if it
	 * comes from scripts/build-module, "" where FUSE is built in.
	 */
	char fuse[64];
	char libfuse[24]; /* version of the library */
	char bench[48]; /* version of this program */
	char name[48]; /* as whoever gathered the records calls it, mostly "" */
	char tracer[64]; /* who has BPF programs attached: "epochstat" */
	char cpus[64]; /* "1" or "0,1": driver's first, then daemon's */
	unsigned int
		fuse_minor; /* protocol minor the kernel offers, 0: unknown */
	unsigned int cpu_cnt; /* online CPUs */
	uint64_t mem_total_bytes;
	uint64_t mem_available_bytes; /* when the run began */
	double load1; /* load average when the run began */
};

/*
 * Fills in all but name, fuse_minor, libfuse, tracer and cpus, which the caller knows.
 * What can't be found is "" or 0.
 */
void hostinfo_get(struct hostinfo *hi);

/* Were others at work on all CPUs, so that counts are right, but not times? */
bool hostinfo_is_busy(const struct hostinfo *hi);

/* MemAvailable now, or less when a cgroup limits us; 0 if unknown. */
uint64_t hostinfo_mem_available_bytes(void);

/*
 * Memory in use by the whole machine now (MemTotal - MemFree): programs and the
 * free pages that each CPU keeps for itself, too.
 */
uint64_t hostinfo_mem_used_bytes(void);

/*
 * Memory of the kernel's slabs now, so of dentries and inodes (Slab in
 * /proc/meminfo; up to 125 pages for each CPU aren't in it yet, see
 * calculate_normal_threshold() in mm/vmstat.c).
 */
uint64_t hostinfo_slab_bytes(void);

#endif
