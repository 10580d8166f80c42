// SPDX-License-Identifier: GPL-2.0-only
/*
 * gate_read.c - reads the measurements of a file, and refuses bad ones.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gate.h"

#define SCHEMA "insns/1"

/* NULL, or what is wrong with the first line. */
static const char *check_head(const json_t *head)
{
	const char *name;
	json_t *value, *versions = json_object_get(head, "versions");

	if (!json_is_object(versions))
		return "\"versions\" are missing: not the first line of "
		       "measurements";
	json_object_foreach (versions, name, value)
		if (!json_is_string(value))
			return "a version must be a text";
	return NULL;
}

static const char *check_measurement(const json_t *m)
{
	static const char *const texts[] = { "kernel", "fuse", "tracer",
					     "method", "phase" };
	json_int_t sum = 0;
	const char *name;
	json_t *value, *functions = json_object_get(m, "functions");
	json_t *spread = json_object_get(m, "spread_insns");

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (!json_is_string(json_object_get(m, texts[i])))
			return "a text is missing";
	if (!json_is_integer(json_object_get(m, "insns")) ||
	    !json_is_integer(json_object_get(m, "n")))
		return "a number is missing";
	if (spread &&
	    (!json_is_integer(spread) || json_integer_value(spread) < 0))
		return "\"spread_insns\" isn't a number from 0 on";
	if (!json_is_object(functions))
		return "\"functions\" are missing";
	json_object_foreach (functions, name, value) {
		if (!json_is_integer(value))
			return "a function without a number";
		sum += json_integer_value(value);
	}
	/* The second look at the clock: see profile.h. */
	if (sum != json_integer_value(json_object_get(m, "insns")) + 1)
		return "the functions don't add up to \"insns\" and 1";
	return NULL;
}

static const char *check_line(const json_t *json, bool first)
{
	const char *schema = json_string_value(json_object_get(json, "schema"));

	if (!schema || strcmp(schema, SCHEMA))
		return "\"schema\" isn't \"" SCHEMA "\"";
	return first ? check_head(json) : check_measurement(json);
}

json_t *gate_read(const char *path, char *err, size_t err_len)
{
	FILE *in = fopen(path, "re");
	json_t *all = json_array(), *json;
	const char *why = NULL;
	json_error_t at;
	char *line = NULL;
	size_t len = 0;

	if (!in) {
		snprintf(err, err_len, "%s: %s", path, strerror(errno));
		json_decref(all);
		return NULL;
	}
	while (!why && getline(&line, &len, in) > 0) {
		json = json_loads(line, JSON_REJECT_DUPLICATES, &at);
		why = json ? check_line(json, !json_array_size(all)) : at.text;
		if (why)
			snprintf(err, err_len, "%s:%zu: %s", path,
				 json_array_size(all) + 1, why);
		json_array_append_new(all, json);
	}
	if (!why && json_array_size(all) < 2) {
		why = "nothing was counted";
		snprintf(err, err_len, "%s: %s", path, why);
	}
	free(line);
	fclose(in);
	if (!why)
		return all;
	json_decref(all);
	return NULL;
}
