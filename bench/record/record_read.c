// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench/lib/grow.h"
#include "bench/lib/json_lines.h"
#include "record_schema.h"

/* The array that grows. */
struct records {
	struct record **rec;
	size_t *cnt;
};

int record_append(const json_t *root, struct record **recs, size_t *cnt,
		  char *err, size_t err_len)
{
	const struct record *last;
	struct record *grown;
	size_t before;
	int ret;

	if (*cnt == RECORDS_MAX) {
		snprintf(err, err_len, "more than %d records: give fewer files",
			 RECORDS_MAX);
		return -EINVAL;
	}
	last = *cnt ? &(*recs)[*cnt - 1] : NULL;
	before = last ? last->samples_before + last->sample_cnt : 0;
	if (json_integer_value(json_object_get(root, "samples")) >
	    (json_int_t)(RECORD_SAMPLES_MAX - before)) {
		snprintf(err, err_len, "more than %d samples: give fewer files",
			 RECORD_SAMPLES_MAX);
		return -EINVAL;
	}
	grown = grow(*recs, *cnt, sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	*recs = grown;
	ret = record_decode(root, &grown[*cnt], err, err_len);
	if (ret)
		return ret;
	grown[*cnt].samples_before = before;
	(*cnt)++;
	return 0;
}

static int append(const json_t *root, void *arg, char *err, size_t err_len)
{
	const struct records *all = arg;

	return record_append(root, all->rec, all->cnt, err, err_len);
}

int record_read(const char *path, struct record **recs, size_t *cnt, char *err,
		size_t err_len)
{
	struct records all = { recs, cnt };

	return json_lines_read(path, append, &all, err, err_len);
}
