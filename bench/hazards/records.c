// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/lib/json_lines.h"
#include "cells.h"
#include "check.h"
#include "options.h"
#include "records.h"

static json_t *reproducer(const struct hazard *h, const struct inval_method *m)
{
	return json_sprintf("%sepochbench hazards --only %s -m %s",
			    hazard_options.prefix, h->name, m->name);
}

int records_add(json_t *records, const json_t *said, const struct hazard *h,
		const struct inval_method *m, const struct hostinfo *host)
{
	const json_t *one;
	size_t i;

	json_array_foreach (said, i, one) {
		json_t *record = json_pack(
			"{ss ss ss ss si ss ss ss}", "schema", HAZARD_SCHEMA,
			"kernel", host->kernel, "fuse", host->fuse, "virt",
			host->virt, "cpu_cnt", (int)host->cpu_cnt, "bench",
			host->bench, "hazard", h->name, "method", m->name);

		if (!record || json_object_update(record, (json_t *)one) ||
		    json_object_set_new(record, "reproduce",
					reproducer(h, m)) ||
		    json_array_append_new(records, record))
			return -ENOMEM;
	}
	return 0;
}

/* What is put together out of a file. */
struct reading {
	json_t *records;
	json_t *probes; /* hazard to an object whose keys are its probes */
};

static int count_probe(const struct reading *r, const json_t *record, char *err,
		       size_t err_len)
{
	const char *hazard = record_text(record, "hazard");
	json_t *probes = json_object_get(r->probes, hazard);

	if (!probes)
		json_object_set_new(r->probes, hazard, json_object());
	probes = json_object_get(r->probes, hazard);
	if (json_object_set_new(probes, record_text(record, "probe"),
				json_null()))
		return -ENOMEM;
	if (json_object_size(probes) <= HAZARD_PROBES_MAX)
		return 0;
	snprintf(err, err_len, "more than %d probes of the hazard '%s'",
		 HAZARD_PROBES_MAX, hazard);
	return -EINVAL;
}

static int add_line(const json_t *record, void *arg, char *err, size_t err_len)
{
	const struct reading *r = arg;
	int ret = check_record(record, err, err_len);

	if (!ret)
		ret = count_probe(r, record, err, err_len);
	if (ret)
		return ret;
	if (json_array_size(r->records) >= HAZARD_RECORDS_MAX) {
		snprintf(err, err_len, "more than %d records: give fewer files",
			 HAZARD_RECORDS_MAX);
		return -EINVAL;
	}
	return json_array_append(r->records, (json_t *)record) ? -ENOMEM : 0;
}

int records_read(json_t *records, const char *path, char *err, size_t err_len)
{
	struct reading r = { .records = records, .probes = json_object() };
	int ret = json_lines_read(path, add_line, &r, err, err_len);

	json_decref(r.probes);
	return ret;
}
