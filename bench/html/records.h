/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * records.h - what a page is made of: records of every kind, from any files.
 */
#ifndef FUSE_EPOCH_HTML_RECORDS_H
#define FUSE_EPOCH_HTML_RECORDS_H

#include <stddef.h>

#include <jansson.h>

#include "bench/advice/workload_record.h"
#include "bench/record/record.h"

struct html_records {
	struct record *rec; /* of `epochbench run` */
	size_t rec_cnt;
	struct workload_record *workload; /* of `epochbench workload` */
	size_t workload_cnt;
	json_t *hazards; /* an array: "hazards/1" */
	json_t *insns; /* an array per file of "insns/1": its measurements */
	json_t *daemons; /* an array: "daemons/1" */
	json_t *others; /* an object: file to an array of what else was in it */
	size_t line_cnt; /* of all of them */
};

/* Returns 0 or -ENOMEM. */
int html_records_init(struct html_records *all);
void html_records_free(struct html_records *all);

/*
 * Adds those of a file; "-" is stdin.  0, or -errno with "FILE:LINE: what is wrong"
 * in err: -EINVAL also if there is none.
 */
int html_records_read(struct html_records *all, const char *path, char *err,
		      size_t err_len);

/* Sorts those of runs by date, and drops what is there twice.  0 or -ENOMEM. */
int html_records_sort(struct html_records *all);

#endif
