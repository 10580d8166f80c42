/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * records.h - records of hazards: results/SCHEMA.md, "hazards/1".
 */
#ifndef FUSE_EPOCH_HAZARDS_RECORDS_H
#define FUSE_EPOCH_HAZARDS_RECORDS_H

#include <stddef.h>

#include <jansson.h>

#include "hazard.h"
#include "bench/host/hostinfo.h"

#define HAZARD_SCHEMA "hazards/1"

/*
 * Longest "detail"; how many probes a hazard has, which are columns of its table,
 * and how many records one command reads: ten times what there are.
 */
#define DETAIL_BYTES_MAX 199
#define HAZARD_PROBES_MAX 64
#define HAZARD_RECORDS_MAX 100000

/* Appends what a probe said to the records, each as a record of its own. */
int records_add(json_t *records, const json_t *said, const struct hazard *h,
		const struct inval_method *m, const struct hostinfo *host);

/*
 * A file of them; "-" is stdin.  0, or -errno with "FILE:LINE: what is wrong" in
 * err.
 */
int records_read(json_t *records, const char *path, char *err, size_t err_len);

#endif
