/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * above.h - what stands on a FUSE file system and takes harm from a bump, other
 * than what is mounted beneath: found in mount tables, without asking it.
 */
#ifndef FUSE_EPOCH_CTL_ABOVE_H
#define FUSE_EPOCH_CTL_ABOVE_H

#include <stdbool.h>
#include <stddef.h>

#include <argp.h>
#include <jansson.h>

#include "bench/lib/mount_tables.h"

enum ctl_above_kind {
	ABOVE_OVERLAY, /* with a layer in it, or in an overlay that has one */
	ABOVE_FILE, /* a file of it that is mounted somewhere */
	ABOVE_LOOP, /* a loop device whose backing file is in it */
	ABOVE_KINDS
};

/* All of it on this machine; it points into the mount tables. */
struct ctl_above;

/* NULL: no memory. */
struct ctl_above *ctl_above_find(const struct mount_tables *m);
void ctl_above_free(struct ctl_above *a);

/*
 * Of one device: a name of each for people, as "/merged (overlay), on /mnt/layer".
 * 0, or -1 without memory.
 */
typedef void ctl_above_fn(enum ctl_above_kind kind, const char *name,
			  void *arg);
int ctl_above_each(const struct ctl_above *a, uint32_t dev, ctl_above_fn *fn,
		   void *arg);

/*
 * Refuses, with a list on stderr, if there is something of a kind that isn't
 * accepted.  0 or an exit status.
 */
int ctl_above_check(const struct mount_tables *m, const struct mount *mount,
		    const bool accepted[ABOVE_KINDS]);

/* An array of objects, see "above" in results/SCHEMA.md; NULL: no memory. */
json_t *ctl_above_json(const struct ctl_above *a, uint32_t dev);

/* An option for each kind; a child parser, whose input is the array above. */
extern const struct argp ctl_above_argp;

#endif
