/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * setting.h - what people may have on the mount beside other mounts, and what a
 * method does to that.  Pure.
 */
#ifndef FUSE_EPOCH_ADVICE_SETTING_H
#define FUSE_EPOCH_ADVICE_SETTING_H

#include <stdbool.h>
#include <stdio.h>

#include "workload_record.h"

enum advise_setting {
	SETTING_OVERLAY, /* an overlay above */
	SETTING_INSIDE, /* programs that work in the tree */
	SETTING_NUMBERS, /* programs that know files by st_ino */
	SETTING_CNT
};

/* A setting's name, also for --above; NULL after the last. */
const char *setting_key(size_t i);
/* Half a sentence, behind "with": "an overlay above". */
const char *setting_text(size_t i);

/* Is that cell's workload of a setting that isn't one of these bits? */
bool setting_excludes(unsigned int settings, const struct workload_record *rec);

/* How often something was looked at that no event may change, and was wrong. */
struct setting_harm {
	uint64_t wrong_cnt, cnt;
};

struct setting_harm setting_harm(size_t i, const struct workload_same *same);

/* "5 of 6 looks through it were wrong" */
void setting_put(FILE *out, size_t i, const struct setting_harm *harm);

/*
 * What was seen with the method and scope of like in its run, at all rates: what
 * breaks at one may break at another, if less often.
 */
struct workload_same setting_sum(const struct workload_record *recs, size_t cnt,
				 const struct workload_record *like);

#endif
