// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "options.h"
#include "records.h"

const char *record_text(const json_t *record, const char *key)
{
	const char *text = json_string_value(json_object_get(record, key));

	return text ? text : "";
}

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

static const char *complaint(const json_t *record)
{
	static const char *const texts[] = { "kernel", "fuse",	   "hazard",
					     "method", "probe",	   "outcome",
					     "virt",   "reproduce" };

	if (strcmp(record_text(record, "schema"), HAZARD_SCHEMA))
		return "no record of hazards (schema " HAZARD_SCHEMA ")";
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (!json_is_string(json_object_get(record, texts[i])))
			return "a text is missing";
	return NULL;
}

static int read_lines(FILE *f, json_t *records, char *err, size_t err_len)
{
	char *line = NULL;
	size_t cap = 0, number = 0;
	int ret = 0;

	while (!ret && getline(&line, &cap, f) > 0) {
		json_error_t why;
		json_t *record = json_loads(line, 0, &why);
		const char *wrong = record ? complaint(record) : why.text;

		number++;
		if (wrong) {
			snprintf(err, err_len, "line %zu: %s", number, wrong);
			json_decref(record);
			ret = -EINVAL;
		} else if (json_array_append_new(records, record)) {
			ret = -ENOMEM;
		}
	}
	free(line);
	return ret;
}

int records_read(json_t *records, const char *path, char *err, size_t err_len)
{
	FILE *f = strcmp(path, "-") ? fopen(path, "re") : stdin;
	char why[256] = "";
	int ret;

	if (!f) {
		ret = -errno;
		snprintf(err, err_len, "%s: %s", path, strerror(errno));
		return ret;
	}
	ret = read_lines(f, records, why, sizeof(why));
	if (!ret && ferror(f))
		ret = -EIO;
	if (ret)
		snprintf(err, err_len, "%s: %s", path,
			 why[0] ? why : strerror(-ret));
	if (f != stdin)
		fclose(f);
	return ret;
}

int records_writable(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *folder;
	int ret;

	if (!strcmp(path, "-"))
		return 0;
	folder =
		slash ? strndup(path, (size_t)(slash - path) + 1) : strdup(".");
	if (!folder)
		return -ENOMEM;
	ret = access(folder, W_OK) ? -errno : 0;
	free(folder);
	return ret;
}

static int write_lines(const json_t *records, FILE *f)
{
	const json_t *record;
	size_t i;

	json_array_foreach (records, i, record)
		if (json_dumpf(record, f, JSON_COMPACT | JSON_PRESERVE_ORDER) ||
		    fputc('\n', f) == EOF)
			return -EIO;
	return fflush(f) ? -errno : 0;
}

int records_write(const json_t *records, const char *path)
{
	char *fresh;
	FILE *f;
	int ret;

	if (!strcmp(path, "-"))
		return write_lines(records, stdout);
	if (asprintf(&fresh, "%s.%d.new", path, (int)getpid()) < 0)
		return -ENOMEM;
	f = fopen(fresh, "we");
	ret = f ? write_lines(records, f) : -errno;
	if (f && fclose(f) && !ret)
		ret = -errno;
	if (!ret && rename(fresh, path))
		ret = -errno;
	if (f && ret)
		unlink(fresh);
	free(fresh);
	return ret;
}
