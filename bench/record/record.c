// SPDX-License-Identifier: GPL-2.0-only
#include "bench/lib/json_lines.h"
#include "record_schema.h"

const struct record_daemon *record_daemon_of(const struct record *rec)
{
	static const struct record_daemon ours;

	return rec->daemon ? rec->daemon : &ours;
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
