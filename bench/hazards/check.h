/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * check.h - is that a record of hazards?  Pure.
 */
#ifndef FUSE_EPOCH_HAZARDS_CHECK_H
#define FUSE_EPOCH_HAZARDS_CHECK_H

#include <stddef.h>

#include <jansson.h>

/* By results/SCHEMA.md, "hazards/1".  Returns 0, or -EINVAL and why in err. */
int check_record(const json_t *record, char *err, size_t err_len);

#endif
