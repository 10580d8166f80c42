/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * way.h - what to do about processes and mounts that we may not look at, as
 * clauses: "run as root".
 */
#ifndef FUSE_EPOCH_DEVICE_WAY_H
#define FUSE_EPOCH_DEVICE_WAY_H

#include <stdbool.h>

/* Where mount_tables_complete() isn't so. */
const char *way_to_mounts(void);

/* Where processes are denied or hidden; NULL: not even root may. */
const char *way_to_processes(void);

/* Does /proc show only our own processes (hidepid)? */
bool processes_hidden(void);

#endif
