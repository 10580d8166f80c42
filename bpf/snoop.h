/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * snoop.h - the ways in which epochsnoop shows an event.
 */
#ifndef FUSE_EPOCH_SNOOP_H
#define FUSE_EPOCH_SNOOP_H

#include <stdio.h>

#include "mounts.h"
#include "trace.bpf.h"

/* "bump", "notify", "cascade", "detach", "hang": enum trace_event_kind. */
const char *snoop_kind(unsigned int kind);

/*
 * The path below the mount, "/" for its root; ".../" first if it was too deep.
 * What a terminal would take for a command comes as \ooo.
 */
void snoop_path(const struct trace_event *e, char *buf, size_t len);

/* One line each, like these:
 *
 * 11:02:07.150271 bump    /mnt/data   epoch 3 -> 4, by daemon[412]
 * 11:02:07.150402 notify  /mnt/data   inval_entry by daemon[412]: No such ...
 * 11:02:09.020117 cascade /mnt/data   /src: find[915] stalled 1.87 s, 300000
 *                 dentries died, by the bump to 4 of daemon[412] 2 s ago
 * 11:02:09.020117 detach  /mnt/data   what is mounted at /src/tmp: by find[915],
 *                 by the bump to ...
 * 11:02:12.311008 hang    /mnt/data   inval_entry by daemon[412] goes on for 1 s
 */
void snoop_print(const struct trace_event *e, const struct mounts *m,
		 FILE *out);
/* See results/SCHEMA.md. */
void snoop_print_json(const struct trace_event *e, const struct mounts *m,
		      FILE *out);

#endif
