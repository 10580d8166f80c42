// SPDX-License-Identifier: GPL-2.0-only
/*
 * gate_read.c - reads the measurements of a file, and refuses bad ones.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "bench/lib/json_lines.h"
#include "bench/lib/text.h"
#include "gate.h"

/* No operation takes so many; the sum of all in a file still is an int64_t. */
#define NUMBER_MAX 1000000000000LL

/* A text of a measurement. */
static const struct text {
	const char *key;
	size_t bytes_max;
	bool name; /* only letters, digits and _.+:- */
} texts[] = {
	{ "kernel", 95, false }, { "fuse", 63, false }, { "tracer", 63, false },
	{ "method", 23, true },	 { "phase", 23, true },
};

/* Of functions (C++ has long ones) and of packages, and versions. */
#define NAME_BYTES_MAX 1023

struct reading {
	json_t *all;
	json_t *claimed; /* how many there are, as the first line says; NULL */
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
	text_tame(err->text);
	return -EINVAL;
}

static bool is_text(const json_t *json, size_t bytes_max)
{
	return json_is_string(json) && json_string_length(json) <= bytes_max &&
	       text_is_plain(json_string_value(json));
}

static bool is_name(const char *name)
{
	return strlen(name) <= NAME_BYTES_MAX && text_is_plain(name);
}

static bool is_number(const json_t *json)
{
	json_int_t value = json_integer_value(json);

	return json_is_integer(json) && value >= 0 && value <= NUMBER_MAX;
}

static int check_head(const json_t *head, const struct complaint *err)
{
	json_t *versions = json_object_get(head, "versions"), *value;
	const json_t *claimed = json_object_get(head, "measurements");
	const char *name;

	if (!json_is_object(versions))
		return bad(err, "\"versions\" are missing: not the first line "
				"of measurements");
	if (claimed && !is_number(claimed))
		return bad(err, "\"measurements\" must be a number from 0 on");
	json_object_foreach (versions, name, value)
		if (!is_name(name) || !is_text(value, NAME_BYTES_MAX))
			return bad(err, "\"versions\" must be texts without "
					"control characters");
	return 0;
}

static int check_texts(const json_t *m, const struct complaint *err)
{
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		const struct text *t = &texts[i];
		const json_t *json = json_object_get(m, t->key);

		if (!is_text(json, t->bytes_max))
			return bad(err,
				   "\"%s\" must be a text of %zu bytes at "
				   "most, without control characters",
				   t->key, t->bytes_max);
		if (t->name && !text_is_name(json_string_value(json)))
			return bad(err,
				   "\"%s\" must be of letters, digits and "
				   "_.+:-",
				   t->key);
	}
	return 0;
}

/* The second look at the clock is in the sum: see profile.h. */
static int check_sum(const json_t *m, const struct complaint *err)
{
	json_int_t insns = json_integer_value(json_object_get(m, "insns"));
	json_t *functions = json_object_get(m, "functions"), *value;
	json_int_t sum = 0;
	const char *name;

	if (!json_is_object(functions))
		return bad(err, "\"functions\" are missing");
	json_object_foreach (functions, name, value) {
		if (!is_name(name))
			return bad(err, "the name of a function is too long, "
					"or holds control characters");
		if (!is_number(value))
			return bad(err, "a function without a number");
		sum += json_integer_value(value);
		if (sum > insns + 1)
			break;
	}
	if (sum != insns + 1)
		return bad(err,
			   "the functions don't add up to \"insns\" and 1");
	return 0;
}

/* What three of four took: not in older files. */
static int check_upper(const json_t *m, const struct complaint *err)
{
	const json_t *upper = json_object_get(m, "upper_insns");
	const json_t *spread = json_object_get(m, "spread_upper_insns");

	if (upper && (!is_number(upper) ||
		      json_integer_value(upper) <
			      json_integer_value(json_object_get(m, "insns"))))
		return bad(err, "\"upper_insns\" isn't a number from "
				"\"insns\" on");
	if (spread && !is_number(spread))
		return bad(err, "\"spread_upper_insns\" isn't a number from 0 "
				"on");
	return 0;
}

static int check_measurement(const json_t *m, const struct complaint *err)
{
	const json_t *spread = json_object_get(m, "spread_insns");
	int ret = check_texts(m, err);

	if (ret)
		return ret;
	if (!is_number(json_object_get(m, "insns")) ||
	    !is_number(json_object_get(m, "n")))
		return bad(err, "\"insns\" and \"n\" must be numbers from 0 "
				"on");
	if (spread && !is_number(spread))
		return bad(err, "\"spread_insns\" isn't a number from 0 on");
	ret = check_upper(m, err);
	return ret ? ret : check_sum(m, err);
}

int gate_check_line(const json_t *line, bool first, char *err, size_t err_len)
{
	const char *schema = json_string_value(json_object_get(line, "schema"));
	const struct complaint why = { err, err_len };

	if (!schema || strcmp(schema, GATE_SCHEMA))
		return bad(&why, "\"schema\" isn't \"" GATE_SCHEMA "\"");
	return first ? check_head(line, &why) : check_measurement(line, &why);
}

static int add_line(const json_t *line, void *arg, char *err, size_t err_len)
{
	struct reading *r = arg;
	bool first = !json_array_size(r->all);
	int ret = gate_check_line(line, first, err, err_len);

	if (first)
		r->claimed = json_object_get(line, "measurements");
	if (!ret && json_array_append(r->all, (json_t *)line))
		ret = -ENOMEM;
	return ret;
}

/* A file that was cut at a line is one of fewer operations by its looks. */
static int check_count(const struct reading *r, const char *path,
		       const struct complaint *err)
{
	size_t cnt = json_array_size(r->all);

	if (cnt < 2)
		return bad(err, "%s: nothing was counted", path);
	if (!r->claimed ||
	    json_integer_value(r->claimed) == (json_int_t)(cnt - 1))
		return 0;
	return bad(err,
		   "%s: %zu measurements, but there were %lld when it was "
		   "written: it is cut off, or put together of others",
		   path, cnt - 1, (long long)json_integer_value(r->claimed));
}

json_t *gate_read(const char *path, char *err, size_t err_len)
{
	struct reading r = { .all = json_array() };
	const struct complaint why = { err, err_len };
	int ret = json_lines_read(path, add_line, &r, err, err_len);

	if (!ret)
		ret = check_count(&r, path, &why);
	if (!ret)
		return r.all;
	json_decref(r.all);
	return NULL;
}
