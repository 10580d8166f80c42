/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * record_schema.h - the keys of a record's JSON form (results/SCHEMA.md).
 *
 * Only code that reads or writes JSON needs it; everything else uses record.h.
 * Encoder and decoder walk the same tables, so they can't disagree.  A struct
 * record holds an array of samples; its JSON form holds an array per quantity,
 * which is shorter and easier to plot.
 */
#ifndef FUSE_EPOCH_RECORD_RECORD_SCHEMA_H
#define FUSE_EPOCH_RECORD_RECORD_SCHEMA_H

#include <stddef.h>

#include <jansson.h>

#include "record.h"

enum field_type {
	FIELD_TEXT, /* char array, plain (text.h) */
	FIELD_NAME, /* the same, not empty */
	FIELD_WORD, /* the same of letters, digits and _.+:- only */
	FIELD_WHOLE, /* integer of 4 or 8 bytes, never negative */
	FIELD_REAL, /* double, from 0 to RECORD_REAL_MAX */
};

/* Far above whatever is measured, and still no wide number in a table. */
#define RECORD_REAL_MAX 1e15

/* One value in an object; a table of them ends with a NULL key. */
struct field {
	const char *key;
	enum field_type type;
	size_t offset;
	size_t size;
	bool optional; /* younger than the schema: empty if it isn't there */
};

/* A row of such a table. */
#define FIELD_IF(strct, key, type, member, optional)              \
	{                                                         \
		key, FIELD_##type, offsetof(strct, member),       \
			sizeof(((strct *)NULL)->member), optional \
	}
#define FIELD(strct, key, type, member) \
	FIELD_IF(strct, key, type, member, false)
/* One that came later: older records don't have it. */
#define YOUNG_FIELD(strct, key, type, member) \
	FIELD_IF(strct, key, type, member, true)

/* Rows for a struct record_answers in another. */
#define ANSWERS_FIELDS(strct, in)                                         \
	YOUNG_FIELD(strct, "untraced", TEXT, in.untraced),                \
		YOUNG_FIELD(strct, "minor", WHOLE, in.minor),             \
		YOUNG_FIELD(strct, "readdirplus", WHOLE, in.readdirplus), \
		YOUNG_FIELD(strct, "entry", TEXT, in.entry),              \
		YOUNG_FIELD(strct, "attr", TEXT, in.attr),                \
		YOUNG_FIELD(strct, "negative", TEXT, in.negative),        \
		YOUNG_FIELD(strct, "notified", TEXT, in.notified)

extern const struct field record_fields[]; /* in struct record */
extern const struct field host_fields[]; /* in struct hostinfo */
extern const struct field theirs_fields[]; /* in struct record_daemon */

/* One uint64_t per sample; a table of them ends with a NULL key. */
struct column_key {
	const char *key;
	size_t offset;
	bool optional; /* as in a field: zeros if it isn't there */
};

extern const struct column_key sample_columns[]; /* in struct sample */
extern const struct column_key cpu_columns[]; /* in struct phase_cost */
extern const struct column_key kernel_columns[]; /* there, if it is traced */

/* Offset of a phase, and of one of its opcode counts, in struct sample. */
size_t phase_offset(enum phase ph);
size_t op_offset(enum phase ph, unsigned int op);

/* Key of an opcode: its name, else its number, so that no count is lost. */
#define OP_KEY_LEN 32
const char *op_key(unsigned int op, char buf[OP_KEY_LEN]);

/*
 * Integers in jansson are signed 64 bit, so a number above INT64_MAX has no
 * JSON form.  Returns 0, -EOVERFLOW for such a number, or -ENOMEM.
 */
int record_encode(const struct record *rec, json_t **out);

/* The object "host" of any kind of record; NULL as above. */
json_t *record_encode_host(const struct hostinfo *host);

/*
 * Strict: returns 0; -EINVAL with the reason in err (without file and line);
 * or -ENOMEM.  *rec needs no initialisation and owns nothing after an error.
 */
int record_decode(const json_t *root, struct record *rec, char *err,
		  size_t err_len);

/* The same, appended to *recs (realloc'ed; *cnt is updated). */
int record_append(const json_t *root, struct record **recs, size_t *cnt,
		  char *err, size_t err_len);

/*
 * The values of one object, by a table, into obj.  prefix ("host.") is what
 * comes before a key in err.  Returns 0, or -EINVAL with the reason in err.
 */
int record_decode_object(const json_t *json, const char *prefix,
			 const struct field *fields, void *obj, char *err,
			 size_t err_len);

#endif
