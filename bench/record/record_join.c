// SPDX-License-Identifier: GPL-2.0-only
#include "record_join.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "record_group.h"
#include "record_same.h"

/* Adds the samples of b, which is left empty, with no case. */
static int join(struct record *a, struct record *b)
{
	if (record_add_samples(a, b))
		return -ENOMEM;
	if (!a->exit && b->exit) {
		a->exit = b->exit;
		memcpy(a->why, b->why, sizeof(a->why));
	}
	record_free(b);
	b->case_name[0] = '\0';
	return 0;
}

int record_join(struct record *recs, size_t *cnt)
{
	struct record **sorted = calloc(*cnt + 1, sizeof(*sorted));
	struct record *first = NULL;
	size_t left = 0;
	int ret = 0;

	if (!sorted)
		return -ENOMEM;
	for (size_t i = 0; i < *cnt; i++)
		sorted[i] = &recs[i];
	record_sort((const struct record **)sorted, *cnt,
		    record_compare_variant);
	for (size_t i = 0; !ret && i < *cnt; i++)
		if (first && !record_compare_variant(first, sorted[i]))
			ret = join(first, sorted[i]);
		else
			first = sorted[i];
	free(sorted);
	if (ret)
		return ret;
	for (size_t i = 0; i < *cnt; i++)
		if (recs[i].case_name[0])
			recs[left++] = recs[i];
	for (size_t i = 1; i < left; i++)
		memcpy(recs[i].run_id, recs[0].run_id, sizeof(recs[i].run_id));
	*cnt = left;
	return 0;
}
