/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * fusectl.h - aborting a connection, wherever fusectl is mounted or isn't.
 */
#ifndef FUSE_EPOCH_HOST_FUSECTL_H
#define FUSE_EPOCH_HOST_FUSECTL_H

/*
 * A descriptor of a fusectl that is mounted nowhere, so that nothing must be
 * unmounted; -errno if that can't be had.
 */
int fusectl_open(void);

/* Ends all requests of a connection with an error; one that is gone is none. */
void fusectl_abort(int fusectl, unsigned int connection);

/* Mounts it at its usual place, if it isn't: in a namespace of our own. */
int fusectl_mount(void);

#endif
