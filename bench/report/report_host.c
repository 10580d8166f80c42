// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "bench/record/record_text.h"
#include "bench/lib/text.h"
#include "report_host.h"
#include "bench/lib/units.h"

void report_fuse_name(const struct record *rec, char *buf, size_t len)
{
	const char *fuse = rec->host.fuse;

	if (fuse[0])
		snprintf(buf, len, "%.*s", (int)strcspn(fuse, " "), fuse);
	else
		snprintf(buf, len, "%s", rec->host.kernel);
}

/* Records older than the emulator's name don't tell an emulated guest so. */
static bool is_emulated(const struct hostinfo *host)
{
	return host->emulator[0] && !strcmp(host->virt, "tcg");
}

void report_heading(const struct case_table *ct, const struct record *rec,
		    char *buf, size_t len)
{
	char n[UNITS_LEN], part[5][64] = { "" };
	const char *sep = ": ";
	size_t used;

	if (ct && ct->row_per_method) {
		units_format((double)rec->n, UNIT_NAMES, n, sizeof(n));
		snprintf(part[0], sizeof(part[0]), "%s", rec->shape);
		snprintf(part[1], sizeof(part[1]), "%s names", n);
	}
	if (rec->populate[0])
		snprintf(part[2], sizeof(part[2]), "populated by %s",
			 rec->populate);
	if (rec->threads)
		snprintf(part[3], sizeof(part[3]), "%u thread%s", rec->threads,
			 rec->threads == 1 ? "" : "s");
	if (is_emulated(&rec->host))
		snprintf(part[4], sizeof(part[4]), "emulated");
	used = (size_t)snprintf(buf, len, "%s",
				ct ? ct->title : rec->case_name);
	for (size_t i = 0; i < 5 && used < len; i++) {
		if (!part[i][0])
			continue;
		used += (size_t)snprintf(buf + used, len - used, "%s%s", sep,
					 part[i]);
		sep = ", ";
	}
}

/* Was that text not there before?  It is from now on. */
static bool is_new(json_t *seen, const char *text)
{
	if (json_object_get(seen, text))
		return false;
	json_object_set_new_nocheck(seen, text, json_true());
	return true;
}

/* "Compared with: fuse.ko v8 1a2b..., Linux 6.18.0.", if there are others. */
static void print_others(FILE *out, enum report_format format,
			 const struct record *const *rec, size_t cnt)
{
	char text[512] = "Compared with", key[192];
	size_t start = strlen(text), used = start;
	json_t *seen = json_object();

	for (size_t i = 0; i < cnt && used < sizeof(text); i++) {
		const struct hostinfo *host = &rec[i]->host;
		bool named = host->fuse[0];

		snprintf(key, sizeof(key), "%s\n%s", host->kernel, host->fuse);
		if (is_new(seen, key) && i)
			used += (size_t)snprintf(
				text + used, sizeof(text) - used, "%s %s %s",
				used == start ? "" : ",",
				named ? "fuse.ko" : "Linux",
				named ? host->fuse : host->kernel);
	}
	json_decref(seen);
	if (used == start)
		return;
	if (used < sizeof(text) - 1)
		strcpy(text + used, ".");
	paragraph_print(out, format, text);
}

/* "Host alpha: Linux 6.18.0 ..." */
static int print_named(FILE *out, enum report_format format,
		       const struct hostinfo *named)
{
	char *host = record_host_line(named), *line = NULL;

	if (!host || asprintf(&line, "Host %s: %s.", named->name, host) < 0)
		line = NULL;
	if (line)
		paragraph_print(out, format, line);
	free(host);
	free(line);
	return line ? 0 : -ENOMEM;
}

/* Each that has a name. */
static int print_hosts(FILE *out, enum report_format format,
		       const struct record *const *rec, size_t cnt)
{
	json_t *seen = json_object();
	int ret = 0;

	for (size_t i = 0; !ret && i < cnt; i++)
		if (rec[i]->host.name[0] && is_new(seen, rec[i]->host.name))
			ret = print_named(out, format, &rec[i]->host);
	json_decref(seen);
	return ret;
}

int report_print_host(FILE *out, enum report_format format,
		      const struct record *const *rec, size_t cnt)
{
	const struct record *first = rec[0];
	char *host = record_host_line(&first->host), *line = NULL;
	bool named = first->host.name[0];
	int ret = -ENOMEM;

	if (!host || asprintf(&line, "Run %s%s%s.", first->run_id,
			      named ? "" : ": ", named ? "" : host) < 0) {
		line = NULL;
		goto out;
	}
	paragraph_print(out, format, line);
	if (is_emulated(&first->host) && strcmp(first->clock_unit, "insns"))
		paragraph_print(out, format,
				"Emulated: no time here is that of a real "
				"machine.  Compare rows with each other, and "
				"trust the counts.");
	print_others(out, format, rec, cnt);
	ret = print_hosts(out, format, rec, cnt);
	paragraph_print(
		out, format,
		"Each number is the median of " TEXT_CODE "runs" TEXT_CODE
		" interleaved samples; ± "
		"is the median absolute deviation in % of the median; ratios "
		"are medians of the ratios within each round.  1!: a single "
		"sample, spread unknown.  ~: a count that differed between "
		"rounds.");
out:
	free(line);
	free(host);
	return ret;
}
