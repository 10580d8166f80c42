/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * probe.h - what this kernel's FUSE can, asked with a connection of our own.
 */
#ifndef FUSE_EPOCH_DEVICE_PROBE_H
#define FUSE_EPOCH_DEVICE_PROBE_H

#include <stdbool.h>

struct fuse_features {
	bool epochs; /* FUSE_NOTIFY_INC_EPOCH */
	bool expire_only; /* FUSE_EXPIRE_ONLY in FUSE_NOTIFY_INVAL_ENTRY */
	bool fdinfo; /* fdinfo of a device names its connection */
};

/* 0 or -errno: not allowed, or no FUSE here. */
int probe_features(struct fuse_features *f);

#endif
