/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * advice.h - the advice in words, and as JSON.
 */
#ifndef FUSE_EPOCH_ADVICE_ADVICE_H
#define FUSE_EPOCH_ADVICE_ADVICE_H

#include "workload_report.h"

/*
 * What the run of like says about the rates and submounts that opt asks for.
 * Prints nothing if it has no rates.  Returns 0 or -errno.
 */
int workload_advice_print(FILE *out, const struct workload_record *recs,
			  size_t cnt, const struct workload_record *like,
			  const struct workload_report *opt);

/* An array of objects, one for each rate and daemon; NULL: no memory. */
json_t *workload_advice_json(const struct workload_record *recs, size_t cnt,
			     const struct workload_record *like,
			     const struct workload_report *opt);

/* What each method doesn't reach, and its hazards: an array; NULL: no memory. */
json_t *workload_methods_json(void);

#endif
