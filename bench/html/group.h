/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * group.h - records of `epochbench run` that may stand in one figure: the same case,
 * tree, machine, kernel and version of epochbench, and not traced.
 */
#ifndef FUSE_EPOCH_HTML_GROUP_H
#define FUSE_EPOCH_HTML_GROUP_H

#include <stddef.h>

#include "bench/record/record.h"
#include "part.h"

struct html_group {
	/*
	 * By method, in the order of their first records, then by n; of those that
	 * were measured twice the one with more samples.  All have PHASE_TOTAL.
	 */
	const struct record **rec;
	size_t cnt;
	size_t size_cnt; /* different n */
	size_t method_cnt;
	uint64_t n_max;
};

struct html_groups {
	struct html_group *group; /* those that show most come first */
	size_t cnt;
};

/* Returns 0 or -ENOMEM; then, too, html_groups_free() must be called. */
int html_groups_get(const struct record *recs, size_t cnt,
		    struct html_groups *groups);
void html_groups_free(struct html_groups *groups);

/* "wide tree, populated by readdirplus, 1 thread, Linux 6.12 (fuse.ko v8), tcg" */
void html_group_say(const struct html_group *g, FILE *out);

/* The command that measures such a group; with words of ours only. */
void html_group_command(const struct html_group *g, FILE *out);

/* Its lines: that phase by n, log-log; y says what it is. */
struct figure *html_group_lines(const struct html_group *g, enum phase ph,
				const char *y);

/* The numbers of such a figure; and those of all phases. */
struct table *html_group_table(const struct html_group *g, enum phase ph);
struct table *html_group_parts(const struct html_group *g);

/* Prints groups of that many sizes and more: the first, and the others folded.  Returns 0 or -errno. */
typedef int html_group_fn(const struct html_group *g, FILE *out);
int html_groups_print(const struct record *recs, size_t cnt, size_t sizes,
		      html_group_fn *print, FILE *out);

double html_median(const struct record *rec, enum phase ph);

#endif
