/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * stale_text.h - what was wrong in the cells of a table, as sentences.
 */
#ifndef FUSE_EPOCH_ADVICE_STALE_TEXT_H
#define FUSE_EPOCH_ADVICE_STALE_TEXT_H

#include "workload_record.h"

/*
 * A sentence per row that has stale answers, explained or not, and per one in
 * which numbers changed or a working directory was lost; from malloc, "" if
 * there is none, NULL if there is no memory.
 */
char *workload_stale_text(const struct workload_record *recs, size_t cnt,
			  const struct workload_record *like);

#endif
