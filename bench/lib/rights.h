/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * rights.h - what this process may do, and what it needs to be allowed more:
 * "run as root" is no help for root of a container.
 */
#ifndef FUSE_EPOCH_LIB_RIGHTS_H
#define FUSE_EPOCH_LIB_RIGHTS_H

#include <stdbool.h>

/* Has it that capability (CAP_...), if only in a user namespace of its own? */
bool rights_have_here(int capability);

/* Has it that over the whole machine? */
bool rights_have(int capability);

/*
 * What to do to have it over the whole machine, as a clause: "run as root"; NULL:
 * it has that already.
 */
const char *rights_way(int capability);

/*
 * To follow strerror(-err): " (run as root)" if it was refused for want of that
 * capability, else "".
 */
const char *rights_hint(int err, int capability);

#endif
