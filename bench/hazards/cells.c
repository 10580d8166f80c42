// SPDX-License-Identifier: GPL-2.0-only
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "cells.h"
#include "bench/lib/units.h"

/*
 * In the order in which they are sent.  What isn't here is no question: what
 * follows a close (FLUSH, RELEASE, RELEASEDIR), and FORGET.
 */
static const struct {
	const char *opcode, *letter;
} letters[] = {
	{ "LOOKUP", "L" },	  { "GETATTR", "G" },  { "OPEN", "O" },
	{ "OPENDIR", "OD" },	  { "READ", "R" },     { "READLINK", "K" },
	{ "READDIRPLUS", "RDP" }, { "READDIR", "RD" },
};

const char cell_legend[] =
	"L LOOKUP, G GETATTR, O OPEN, OD OPENDIR, R READ, K READLINK, RDP "
	"READDIRPLUS, with their number if it isn't 1; - nothing.";

const char *record_text(const json_t *record, const char *key)
{
	const char *text = json_string_value(json_object_get(record, key));

	return text ? text : "";
}

void cell_kernel(const json_t *record, char *text)
{
	const char *fuse = record_text(record, "fuse");
	const char *kernel = record_text(record, "kernel");

	if (*fuse)
		snprintf(text, CELL_LEN, "%.*s", (int)strcspn(fuse, "+ "),
			 fuse);
	else
		snprintf(text, CELL_LEN, "%.*s", (int)strcspn(kernel, "+-"),
			 kernel);
}

static void requests_text(const json_t *requests, char *text)
{
	size_t used = 0;

	*text = '\0';
	for (size_t i = 0; i < sizeof(letters) / sizeof(letters[0]); i++) {
		json_int_t cnt = json_integer_value(
			json_object_get(requests, letters[i].opcode));
		char number[24] = "";

		if (!cnt)
			continue;
		if (cnt > 1)
			snprintf(number, sizeof(number), "%lld",
				 (long long)cnt);
		used += (size_t)snprintf(text + used, CELL_LEN - used, "%s%s%s",
					 used ? "," : "", letters[i].letter,
					 number);
	}
	if (!used)
		strcpy(text, "-");
}

static void measured_text(const json_t *record, char *text)
{
	const json_t *requests = json_object_get(record, "requests");
	double value = json_number_value(json_object_get(record, "value"));
	bool is_time = !strcmp(record_text(record, "unit"), "ns");

	if (requests)
		requests_text(requests, text);
	else
		units_format(value, is_time ? UNIT_NS : UNIT_CNT, text,
			     CELL_LEN);
}

void cell_text(const json_t *record, char *text)
{
	const char *outcome = record_text(record, "outcome");
	const char *detail = record_text(record, "detail");

	if (!strcmp(outcome, "measured"))
		measured_text(record, text);
	else if (!strcmp(outcome, "present"))
		snprintf(text, CELL_LEN, "%.200s",
			 *detail ? detail : "present");
	else if (!strcmp(outcome, "absent"))
		snprintf(text, CELL_LEN, *detail ? "- (%.200s)" : "-", detail);
	else if (!strcmp(outcome, "skip"))
		strcpy(text, "n/a");
	else
		strcpy(text, "FAILED");
}

enum table_tone cell_tone(const json_t *record)
{
	const char *outcome = record_text(record, "outcome");

	if (!strcmp(outcome, "failed"))
		return TABLE_UNSURE;
	return !strcmp(outcome, "present") &&
			       strcmp(record_text(record, "detail"), "-")
		       ? TABLE_BAD
		       : TABLE_PLAIN;
}
