// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>

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
	struct record *grown = reallocarray(*recs, *cnt + 1, sizeof(*grown));
	int ret;

	if (!grown)
		return -ENOMEM;
	*recs = grown;
	ret = record_decode(root, &grown[*cnt], err, err_len);
	if (!ret)
		(*cnt)++;
	return ret;
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
