// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>

#include "bench/lib/json_lines.h"
#include "record_schema.h"

struct sample *record_add_sample(struct record *rec)
{
	struct sample *grown;

	grown = reallocarray(rec->sample, rec->sample_cnt + 1, sizeof(*grown));
	if (!grown)
		return NULL;
	rec->sample = grown;
	memset(&grown[rec->sample_cnt], 0, sizeof(*grown));
	return &grown[rec->sample_cnt++];
}

void record_free(struct record *rec)
{
	free(rec->sample);
	rec->sample = NULL;
	rec->sample_cnt = 0;
}

int record_write(FILE *out, const void *list)
{
	const struct record_list *l = list;
	int ret = 0;

	for (size_t i = 0; !ret && i < l->cnt; i++) {
		json_t *json;

		ret = record_encode(&l->rec[i], &json);
		if (ret)
			break;
		ret = json_lines_put(out, json);
		json_decref(json);
	}
	return ret;
}
