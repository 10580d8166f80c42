// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/lib/text.h"
#include "record_schema.h"

/* Where the decoder is, for its messages. */
struct place {
	/* "host."; "phases.", "notify", ".ops."; or nothing */
	const char *before, *phase, *behind;
	char *err;
	size_t err_len;
};

/* Texts must stay.  Put together only where something is wrong. */
static void go(struct place *at, const char *before, const char *phase,
	       const char *behind)
{
	at->before = before;
	at->phase = phase;
	at->behind = behind;
}

__attribute__((format(printf, 3, 4))) static int
bad(struct place *at, const char *key, const char *fmt, ...)
{
	char what[120];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(what, sizeof(what), fmt, ap);
	va_end(ap);
	snprintf(at->err, at->err_len, "\"%s%s%s%s\" %s", at->before, at->phase,
		 at->behind, key, what);
	return -EINVAL;
}

static int decode_text(const json_t *json, const struct field *f, char *out,
		       struct place *at)
{
	if (!json_is_string(json))
		return bad(at, f->key, "must be a string");
	if (json_string_length(json) >= f->size)
		return bad(at, f->key, "is longer than %zu bytes", f->size - 1);
	/* Reports print texts on a terminal. */
	if (!text_is_plain(json_string_value(json)))
		return bad(at, f->key, "must not hold control characters");
	if (f->type != FIELD_TEXT && !json_string_length(json))
		return bad(at, f->key, "must not be empty");
	if (f->type == FIELD_WORD && !text_is_name(json_string_value(json)))
		return bad(at, f->key, "must be of letters, digits and _.+:-");
	memcpy(out, json_string_value(json), json_string_length(json) + 1);
	return 0;
}

static int decode_whole(const json_t *json, const struct field *f, void *out,
			struct place *at)
{
	json_int_t value = json_integer_value(json);

	if (!json_is_integer(json))
		return bad(at, f->key, "must be a whole number");
	if (value < 0)
		return bad(at, f->key, "must not be negative");
	if (f->size == sizeof(uint64_t)) {
		*(uint64_t *)out = (uint64_t)value;
		return 0;
	}
	if (value > INT_MAX)
		return bad(at, f->key, "must not be above %d", INT_MAX);
	*(uint32_t *)out = (uint32_t)value;
	return 0;
}

static int decode_real(const json_t *json, const struct field *f, double *out,
		       struct place *at)
{
	if (!json_is_number(json))
		return bad(at, f->key, "must be a number");
	if (json_number_value(json) < 0)
		return bad(at, f->key, "must not be negative");
	if (json_number_value(json) > RECORD_REAL_MAX)
		return bad(at, f->key, "must not be above %g", RECORD_REAL_MAX);
	*out = json_number_value(json);
	return 0;
}

static int decode_fields(const json_t *json, void *obj,
			 const struct field *fields, struct place *at)
{
	for (const struct field *f = fields; f->key; f++) {
		const json_t *value = json_object_get(json, f->key);
		char *out = (char *)obj + f->offset;
		int ret = -EINVAL;

		if (!value && f->optional)
			continue;
		if (!value)
			return bad(at, f->key, "is missing");
		switch (f->type) {
		case FIELD_TEXT:
		case FIELD_NAME:
		case FIELD_WORD:
			ret = decode_text(value, f, out, at);
			break;
		case FIELD_WHOLE:
			ret = decode_whole(value, f, out, at);
			break;
		case FIELD_REAL:
			ret = decode_real(value, f, (double *)out, at);
			break;
		}
		if (ret)
			return ret;
	}
	return 0;
}

/* The array of that key, proven to have an element for each sample. */
static int get_array(const json_t *json, const char *key,
		     const struct record *rec, struct place *at,
		     const json_t **out)
{
	*out = json_object_get(json, key);
	if (!*out)
		return bad(at, key, "is missing");
	if (!json_is_array(*out))
		return bad(at, key, "must be an array");
	if (json_array_size(*out) != rec->sample_cnt)
		return bad(at, key, "has %zu elements, but \"samples\" is %zu",
			   json_array_size(*out), rec->sample_cnt);
	return 0;
}

static int decode_element(const json_t *array, const char *key, size_t i,
			  uint64_t *out, struct place *at)
{
	const json_t *value = json_array_get(array, i);

	if (!json_is_integer(value))
		return bad(at, key,
			   "must hold whole numbers, element %zu isn't", i + 1);
	if (json_integer_value(value) < 0)
		return bad(at, key, "must not be negative, element %zu is",
			   i + 1);
	*out = (uint64_t)json_integer_value(value);
	return 0;
}

static int decode_column(const json_t *json, const char *key,
			 struct record *rec, size_t offset, struct place *at)
{
	uint64_t *column = NULL, value;
	const json_t *array;
	int ret = get_array(json, key, rec, at, &array);

	for (size_t i = 0; !ret && i < rec->sample_cnt; i++) {
		ret = decode_element(array, key, i, &value, at);
		if (ret || !value)
			continue;
		if (!column)
			column = record_column_new(rec, offset);
		if (!column)
			return -ENOMEM;
		column[i] = value;
	}
	return ret;
}

static int decode_cost(const json_t *json, struct record *rec, enum phase ph,
		       struct place *at)
{
	uint64_t *used =
		record_column_new(rec, offsetof(struct sample, phase[ph].used));
	uint64_t *cost =
		record_column_new(rec, offsetof(struct sample, phase[ph].cost));
	const char *key = rec->clock_unit;
	const json_t *array;
	int ret = get_array(json, key, rec, at, &array);

	/* The second may have moved the first. */
	used = record_column_new(rec, offsetof(struct sample, phase[ph].used));
	if (!used || !cost)
		return -ENOMEM;
	for (size_t i = 0; !ret && i < rec->sample_cnt; i++) {
		used[i] = !json_is_null(json_array_get(array, i));
		if (used[i])
			ret = decode_element(array, key, i, &cost[i], at);
	}
	return ret;
}

static int decode_ops(const json_t *ops, struct record *rec, enum phase ph,
		      struct place *at)
{
	char buf[OP_KEY_LEN];

	size_t left = json_object_size(ops);

	for (unsigned int op = 0; left && op < OPCODE_MAX; op++) {
		const char *key = op_key(op, buf);
		int ret;

		if (!json_object_get(ops, key))
			continue;
		left--;
		ret = decode_column(ops, key, rec, op_offset(ph, op), at);
		if (ret)
			return ret;
	}
	return 0;
}

static int decode_kernel(const json_t *phase, struct record *rec, enum phase ph,
			 struct place *at)
{
	const json_t *json = json_object_get(phase, "kernel");
	int ret = 0;

	go(at, "phases.", phase_name(ph), ".");
	if (!json_is_object(json))
		return bad(at, "kernel", "must be an object");
	go(at, "phases.", phase_name(ph), ".kernel.");
	for (const struct column_key *c = kernel_columns; !ret && c->key; c++)
		ret = decode_column(json, c->key, rec,
				    phase_offset(ph) + c->offset, at);
	return ret;
}

static int decode_phase(const json_t *json, struct record *rec, enum phase ph,
			struct place *at)
{
	const json_t *ops = json_object_get(json, "ops");
	int ret;

	go(at, "phases.", "", "");
	if (!json_is_object(json))
		return bad(at, phase_name(ph), "must be an object");
	go(at, "phases.", phase_name(ph), ".");
	ret = decode_cost(json, rec, ph, at);
	for (const struct column_key *c = cpu_columns; !ret && c->key; c++)
		ret = decode_column(json, c->key, rec,
				    phase_offset(ph) + c->offset, at);
	if (ret)
		return ret;
	if (!json_is_object(ops))
		return bad(at, "ops", "must be an object");
	go(at, "phases.", phase_name(ph), ".ops.");
	ret = decode_ops(ops, rec, ph, at);
	if (ret || !rec->traced || !phase_has_kernel(ph))
		return ret;
	return decode_kernel(json, rec, ph, at);
}

static int decode_phases(const json_t *root, struct record *rec,
			 struct place *at)
{
	const json_t *phases = json_object_get(root, "phases");

	if (!json_is_object(phases))
		return bad(at, "phases", "must be an object");
	for (enum phase ph = 0; ph < PHASE_MAX; ph++) {
		const json_t *json = json_object_get(phases, phase_name(ph));
		int ret = json ? decode_phase(json, rec, ph, at) : 0;

		if (ret)
			return ret;
	}
	return 0;
}

static int decode_host(const json_t *root, struct record *rec, struct place *at)
{
	const json_t *host = json_object_get(root, "host");

	go(at, "", "", "");
	if (!json_is_object(host))
		return bad(at, "host", "must be an object");
	go(at, "host.", "", "");
	return decode_fields(host, &rec->host, host_fields, at);
}

/* Only where it isn't ours. */
static int decode_daemon(const json_t *root, struct record *rec,
			 struct place *at)
{
	const json_t *daemon = json_object_get(root, "daemon");

	go(at, "", "", "");
	if (!daemon)
		return 0;
	if (!json_is_object(daemon))
		return bad(at, "daemon", "must be an object");
	rec->daemon = calloc(1, sizeof(*rec->daemon));
	if (!rec->daemon)
		return -ENOMEM;
	go(at, "daemon.", "", "");
	return decode_fields(daemon, rec->daemon, theirs_fields, at);
}

/* Samples are allocated only once an array of that length has been seen. */
static int decode_samples(const json_t *root, struct record *rec,
			  struct place *at)
{
	const json_t *array;
	int ret = get_array(root, sample_columns[0].key, rec, at, &array);

	if (ret || !rec->sample_cnt)
		return ret;
	if (record_reserve(rec, rec->sample_cnt))
		return -ENOMEM;
	for (const struct column_key *c = sample_columns; !ret && c->key; c++)
		if (!c->optional || json_object_get(root, c->key))
			ret = decode_column(root, c->key, rec, c->offset, at);
	return ret;
}

static int check_schema(const json_t *root, struct place *at)
{
	const json_t *schema = json_object_get(root, "schema");

	if (!json_is_object(root)) {
		snprintf(at->err, at->err_len, "not a JSON object");
		return -EINVAL;
	}
	if (!schema)
		return bad(at, "schema",
			   "is missing: not a record of epochbench");
	if (!json_is_integer(schema))
		return bad(at, "schema", "must be a whole number");
	if (json_integer_value(schema) != RECORD_SCHEMA)
		return bad(at, "schema",
			   "is %" JSON_INTEGER_FORMAT
			   ", this program reads %d only: use the epochbench "
			   "that wrote it",
			   json_integer_value(schema), RECORD_SCHEMA);
	return 0;
}

int record_decode(const json_t *root, struct record *rec, char *err,
		  size_t err_len)
{
	struct place at = { "", "", "", err, err_len };
	int ret;

	memset(rec, 0, sizeof(*rec));
	ret = check_schema(root, &at);
	if (!ret)
		ret = decode_fields(root, rec, record_fields, &at);
	if (!ret && strcmp(rec->clock_unit, "ns") &&
	    strcmp(rec->clock_unit, "insns"))
		ret = bad(&at, "clock", "must be \"ns\" or \"insns\"");
	if (!ret)
		ret = decode_samples(root, rec, &at);
	if (!ret)
		ret = decode_phases(root, rec, &at);
	if (!ret)
		ret = decode_host(root, rec, &at);
	if (!ret)
		ret = decode_daemon(root, rec, &at);
	if (!ret)
		ret = record_trim(rec);
	if (ret)
		record_free(rec);
	return ret;
}

int record_decode_object(const json_t *json, const char *prefix,
			 const struct field *fields, void *obj, char *err,
			 size_t err_len)
{
	struct place at = { prefix, "", "", err, err_len };

	return decode_fields(json, obj, fields, &at);
}
