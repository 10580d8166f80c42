/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * group.h - records put together by a text of theirs, in time that is linear in
 * them.  Pure.
 *
 * A group is a JSON object: text to the array of the records that have it, texts
 * in order of appearance.  NULL: no memory; to jansson that is an empty one.
 */
#ifndef FUSE_EPOCH_HAZARDS_GROUP_H
#define FUSE_EPOCH_HAZARDS_GROUP_H

#include <stdio.h>

#include <jansson.h>

/* By the text of that key; records that have none there are left out. */
json_t *group_by(const json_t *records, const char *key);

/* By the kernel, as it is called in the tables. */
json_t *group_by_kernel(const json_t *records);

/* The same, of what group has under that text. */
json_t *group_kernels_of(const json_t *group, const char *text);

/*
 * "6.1, 6.2" of an array of kernels, after used others; how many there are then.
 * Of many only the first: the rest is a number, which comes last.
 */
size_t group_put_kernels(FILE *out, const json_t *kernels, size_t used);
void group_put_rest(FILE *out, size_t used);

/* Adds a record to the array of that text. */
void group_add(json_t *group, const char *text, const json_t *record);

#endif
