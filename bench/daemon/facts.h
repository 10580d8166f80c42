/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * facts.h - what can be seen of a daemon from outside, without asking it.
 */
#ifndef FUSE_EPOCH_DAEMON_FACTS_H
#define FUSE_EPOCH_DAEMON_FACTS_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* "libfuse3.so.3.14.0", as mapped; "": none, so a protocol of its own. */
void facts_library(pid_t pid, char *buf, size_t len);

/*
 * "bindfs 1.14.7-1": what dpkg says of its program; "": it is of no package, or
 * there is no dpkg here.
 */
void facts_package(pid_t pid, char *buf, size_t len);

uint64_t facts_threads(pid_t pid);

/* How many /dev/fuse it has open. */
uint64_t facts_devices(pid_t pid);

/* Its resident set now, and the largest that it had. */
uint64_t facts_rss_bytes(pid_t pid);
uint64_t facts_peak_bytes(pid_t pid);

#endif
