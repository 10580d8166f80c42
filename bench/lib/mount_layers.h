/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * mount_layers.h - the folders that an overlay is made of, from its options.
 */
#ifndef FUSE_EPOCH_LIB_MOUNT_LAYERS_H
#define FUSE_EPOCH_LIB_MOUNT_LAYERS_H

#include <stdbool.h>

/* False ends it. */
typedef bool mount_layer_fn(const char *path, void *arg);

/*
 * Calls fn for each folder of lowerdir=, lowerdir+=, datadir+= and upperdir=, as
 * it was named by who mounted it: relative to where that one stood, which no table
 * tells, if it doesn't begin with a slash.  0, or -1 without memory.
 */
int mount_layers_each(const char *options, mount_layer_fn *fn, void *arg);

#endif
