/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * version.h - which commit this program is of.
 */
#ifndef FUSE_EPOCH_LIB_VERSION_H
#define FUSE_EPOCH_LIB_VERSION_H

/* `git describe` of what it was built from. */
const char *version(void);

#endif
