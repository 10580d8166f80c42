/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * above_find.h - which things stand on which file systems, as pairs.
 */
#ifndef FUSE_EPOCH_CTL_ABOVE_FIND_H
#define FUSE_EPOCH_CTL_ABOVE_FIND_H

#include "above.h"

struct above {
	uint32_t dev; /* what it stands on: a FUSE file system, or an overlay */
	enum ctl_above_kind kind;
	const struct mount *mount; /* the overlay, or the file; NULL: a loop */
	char *on; /* the layer, the part of the file system, or the file */
	char *loop; /* its name: "/dev/loop0" */
};

struct ctl_above {
	const struct mount_tables *m;
	struct above *all; /* by dev, each once */
	size_t cnt, room;
};

/* Where those of a device begin. */
const struct above *above_first(const struct ctl_above *a, uint32_t dev);

#endif
