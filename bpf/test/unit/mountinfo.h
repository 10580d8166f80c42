/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * mountinfo.h - a mount table of the test's own, so that names of mounts don't
 * depend on the machine.
 */
#ifndef MOUNTINFO_H
#define MOUNTINFO_H

#include "bpf/mounts.h"

/*
 * What mounts_scan() makes of that text in the place of /proc/self/mountinfo;
 * other namespaces have nothing.
 */
struct mounts *mountinfo_scan(const char *text);
struct mounts *mountinfo_scan_after(const char *text,
				    const struct mounts *before,
				    const struct sample *sample);

/* A line of it: a FUSE mount of device 0:minor, its path escaped as by the kernel. */
#define MOUNTINFO_FUSE(minor, path) \
	"9 1 0:" #minor " / " path " rw,nosuid shared:1 - fuse.test src rw\n"

#endif
