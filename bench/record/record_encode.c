// SPDX-License-Identifier: GPL-2.0-only
/*
 * Functions that return json_t return NULL on failure.  jansson's next call
 * then fails, too, so it is enough to look at the last result.
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/lib/text.h"
#include "record_schema.h"

static json_t *encode_whole(uint64_t value)
{
	if (value > INT64_MAX) {
		errno = EOVERFLOW;
		return NULL;
	}
	return json_integer((json_int_t)value);
}

/*
 * JSON is UTF-8, but a CPU's name or a text cut in half need not be, and what
 * the reader refuses mustn't be written.
 */
static json_t *encode_text(const char *text)
{
	char *clean = strdup(text);
	json_t *json;

	if (!clean)
		return NULL;
	text_tame(clean);
	json = json_string(clean);
	free(clean);
	return json;
}

static json_t *encode_field(const void *obj, const struct field *f)
{
	const char *at = (const char *)obj + f->offset;
	uint64_t whole = 0;
	double real;

	switch (f->type) {
	case FIELD_TEXT:
	case FIELD_NAME:
	case FIELD_WORD:
		return encode_text(at);
	case FIELD_WHOLE:
		if (f->size == sizeof(uint32_t))
			whole = *(const uint32_t *)at;
		else
			whole = *(const uint64_t *)at;
		return encode_whole(whole);
	case FIELD_REAL:
		real = *(const double *)at;
		return json_real(isfinite(real) ? real : 0);
	}
	return NULL;
}

static int encode_fields(json_t *json, const void *obj,
			 const struct field *fields)
{
	int ret = 0;

	for (const struct field *f = fields; f->key; f++)
		ret |= json_object_set_new(json, f->key, encode_field(obj, f));
	return ret;
}

static int encode_column(json_t *json, const char *key,
			 const struct record *rec, size_t offset)
{
	const uint64_t *value = record_column(rec, offset);
	json_t *array = json_array();
	int ret = 0;

	for (size_t i = 0; i < rec->sample_cnt; i++)
		ret |= json_array_append_new(
			array, encode_whole(value ? value[i] : 0));
	return ret | json_object_set_new(json, key, array);
}

/* A sample that never reached the phase has null as its cost. */
static json_t *encode_cost(const struct record *rec, enum phase ph)
{
	json_t *array = json_array();
	int ret = 0;

	for (size_t i = 0; i < rec->sample_cnt; i++) {
		bool used = RECORD_VALUE(rec, i, phase[ph].used);
		uint64_t cost = RECORD_VALUE(rec, i, phase[ph].cost);

		ret |= json_array_append_new(array, used ? encode_whole(cost)
							 : json_null());
	}
	if (!ret)
		return array;
	json_decref(array);
	return NULL;
}

static bool column_is_zero(const struct record *rec, size_t offset)
{
	const uint64_t *value = record_column(rec, offset);

	for (size_t i = 0; value && i < rec->sample_cnt; i++)
		if (value[i])
			return false;
	return true;
}

static json_t *encode_kernel(const struct record *rec, enum phase ph)
{
	json_t *json = json_object();
	int ret = 0;

	for (const struct column_key *c = kernel_columns; c->key; c++)
		ret |= encode_column(json, c->key, rec,
				     phase_offset(ph) + c->offset);
	if (!ret)
		return json;
	json_decref(json);
	return NULL;
}

static json_t *encode_phase(const struct record *rec, enum phase ph)
{
	json_t *json = json_object(), *ops = json_object();
	char key[OP_KEY_LEN];
	int ret;

	ret = json_object_set_new(json, rec->clock_unit, encode_cost(rec, ph));
	for (const struct column_key *c = cpu_columns; c->key; c++)
		ret |= encode_column(json, c->key, rec,
				     phase_offset(ph) + c->offset);
	for (unsigned int op = 0; op < OPCODE_MAX; op++)
		if (!column_is_zero(rec, op_offset(ph, op)))
			ret |= encode_column(ops, op_key(op, key), rec,
					     op_offset(ph, op));
	ret |= json_object_set_new(json, "ops", ops);
	if (rec->traced && phase_has_kernel(ph))
		ret |= json_object_set_new(json, "kernel",
					   encode_kernel(rec, ph));
	if (!ret)
		return json;
	json_decref(json);
	return NULL;
}

static bool phase_is_used(const struct record *rec, enum phase ph)
{
	return !column_is_zero(rec, offsetof(struct sample, phase[ph].used));
}

static json_t *encode_object(const void *obj, const struct field *fields)
{
	json_t *json = json_object();

	if (!encode_fields(json, obj, fields))
		return json;
	json_decref(json);
	return NULL;
}

json_t *record_encode_host(const struct hostinfo *host)
{
	return encode_object(host, host_fields);
}

int record_encode(const struct record *rec, json_t **out)
{
	json_t *json = json_object(), *phases = json_object();
	int ret;

	errno = ENOMEM;
	ret = json_object_set_new(json, "schema", json_integer(RECORD_SCHEMA));
	ret |= encode_fields(json, rec, record_fields);
	for (const struct column_key *c = sample_columns; c->key; c++)
		if (!c->optional || !column_is_zero(rec, c->offset))
			ret |= encode_column(json, c->key, rec, c->offset);
	for (enum phase ph = 0; ph < PHASE_MAX; ph++)
		if (phase_is_used(rec, ph))
			ret |= json_object_set_new(phases, phase_name(ph),
						   encode_phase(rec, ph));
	ret |= json_object_set_new(json, "phases", phases);
	ret |= json_object_set_new(json, "host",
				   record_encode_host(&rec->host));
	if (rec->daemon)
		ret |= json_object_set_new(
			json, "daemon",
			encode_object(rec->daemon, theirs_fields));
	if (ret) {
		ret = errno == EOVERFLOW ? -EOVERFLOW : -ENOMEM;
		json_decref(json);
		return ret;
	}
	*out = json;
	return 0;
}
