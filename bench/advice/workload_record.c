// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>

#include "workload_record.h"

void workload_timeline_sum(struct workload_timeline *tl)
{
	tl->before_cnt = 0;
	for (size_t i = 0; i < tl->event_ns / tl->bin_ns; i++)
		tl->before_cnt += (double)tl->op_cnt[i];
}

void workload_record_release(struct workload_record *rec)
{
	free(rec->events.notify_ns);
	free(rec->timeline.op_cnt);
	free(rec->timeline.max_ns);
	json_decref(rec->requests);
	json_decref(rec->explained);
	memset(rec, 0, sizeof(*rec));
}

void workload_records_free(struct workload_record *recs, size_t cnt)
{
	for (size_t i = 0; i < cnt; i++)
		workload_record_release(&recs[i]);
	free(recs);
}

bool workload_record_is(const json_t *root)
{
	const char *kind = json_string_value(json_object_get(root, "kind"));

	return kind && !strcmp(kind, WORKLOAD_KIND);
}
