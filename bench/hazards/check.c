// SPDX-License-Identifier: GPL-2.0-only
#include "check.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "bench/lib/sizes.h"
#include "bench/lib/text.h"
#include "cells.h"
#include "records.h"

#define OPCODE_BYTES_MAX 31
/* More than whatever is measured; and no table gets wide by it. */
#define VALUE_MAX 1e15

/* A text of a record; none is longer than its cell (CELL_LEN). */
static const struct text {
	const char *key;
	size_t bytes_max;
	bool name; /* only letters, digits and _.+:- */
	bool optional;
} texts[] = {
	{ .key = "kernel", .bytes_max = 95 },
	{ .key = "fuse", .bytes_max = 63 },
	{ .key = "virt", .bytes_max = 23 },
	{ .key = "bench", .bytes_max = 47, .optional = true },
	{ .key = "hazard", .bytes_max = 23, .name = true },
	{ .key = "method", .bytes_max = 23, .name = true },
	{ .key = "probe", .bytes_max = 63 },
	{ .key = "outcome", .bytes_max = 15, .name = true },
	{ .key = "unit", .bytes_max = 15, .name = true, .optional = true },
	{ .key = "detail", .bytes_max = DETAIL_BYTES_MAX, .optional = true },
	{ .key = "reproduce", .bytes_max = 511 },
};

struct complaint {
	char *text;
	size_t len;
};

__attribute__((format(printf, 2, 3))) static int
bad(const struct complaint *err, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(err->text, err->len, format, args);
	va_end(args);
	return -EINVAL;
}

static int check_text(const json_t *record, const struct text *t,
		      const struct complaint *err)
{
	const json_t *json = json_object_get(record, t->key);
	const char *text = json_string_value(json);

	if (!json && t->optional)
		return 0;
	if (!json)
		return bad(err, "\"%s\" is missing", t->key);
	if (!text)
		return bad(err, "\"%s\" must be a string", t->key);
	if (json_string_length(json) > t->bytes_max)
		return bad(err, "\"%s\" is longer than %zu bytes", t->key,
			   t->bytes_max);
	if (!text_is_plain(text))
		return bad(err, "\"%s\" must not hold control characters",
			   t->key);
	if (t->name && (!*text || !text_is_name(text)))
		return bad(err, "\"%s\" must be of letters, digits and _.+:-",
			   t->key);
	return 0;
}

static bool is_quantity(const json_t *json)
{
	double value = json_number_value(json);

	return json_is_number(json) && value >= 0 && value <= VALUE_MAX;
}

static int check_requests(const json_t *requests, const struct complaint *err)
{
	const char *opcode;
	json_t *cnt;

	if (!json_is_object(requests))
		return bad(err, "\"requests\" must be an object");
	json_object_foreach ((json_t *)requests, opcode, cnt) {
		if (strlen(opcode) > OPCODE_BYTES_MAX || !text_is_name(opcode))
			return bad(err, "\"requests\" must be by opcode");
		if (!json_is_integer(cnt) || !is_quantity(cnt))
			return bad(err,
				   "\"requests\" must be numbers from 0 on");
	}
	return 0;
}

static int check_measured(const json_t *record, const struct complaint *err)
{
	const json_t *requests = json_object_get(record, "requests");
	const char *unit = record_text(record, "unit");

	if (requests)
		return check_requests(requests, err);
	if (!is_quantity(json_object_get(record, "value")))
		return bad(err, "\"value\" must be a number from 0 to %g",
			   VALUE_MAX);
	if (strcmp(unit, "ns") && strcmp(unit, "inodes"))
		return bad(err, "\"unit\" must be \"ns\" or \"inodes\"");
	return 0;
}

int check_record(const json_t *record, char *err, size_t err_len)
{
	const struct complaint why = { err, err_len };
	const char *outcome = record_text(record, "outcome");
	int ret = 0;

	if (strcmp(record_text(record, "schema"), HAZARD_SCHEMA))
		return bad(&why,
			   "no record of hazards (schema " HAZARD_SCHEMA ")");
	for (size_t i = 0; !ret && i < sizeof(texts) / sizeof(texts[0]); i++)
		ret = check_text(record, &texts[i], &why);
	if (!ret && !list_has("measured,present,absent,skip,failed", outcome))
		ret = bad(&why, "\"outcome\" is unknown");
	if (!ret && !strcmp(outcome, "measured"))
		ret = check_measured(record, &why);
	return ret;
}
