/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * try.h - all probes, one after the other, into records.
 */
#ifndef FUSE_EPOCH_HAZARDS_TRY_H
#define FUSE_EPOCH_HAZARDS_TRY_H

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

enum { TRY_MAX = 32 }; /* more than there are hazards, or methods */

struct try_plan {
	bool hazard[TRY_MAX], method[TRY_MAX];
};

/*
 * Appends to the records.  Returns 0, or -errno with a sentence in err:
 * -EPERM: nothing can be tried here; -EINVAL: the plan is empty; -EINTR:
 * interrupted.
 */
int try_all(const struct try_plan *plan, json_t *records, char *err,
	    size_t err_len);

#endif
