// SPDX-License-Identifier: GPL-2.0-only
/*
 * wire_json.c - what was seen, as JSON.
 */
#include "wire_internal.h"

#include <linux/fuse.h>

static const char *const kind_names[KINDS] = { "entry", "attr", "negative" };

/* Spelled out, as in opcode.c: older headers lack some. */
static const char *const notify_names[NOTIFY_MAX] = {
	[1] = "POLL",	[2] = "INVAL_INODE", [3] = "INVAL_ENTRY",
	[4] = "STORE",	[5] = "RETRIEVE",    [6] = "DELETE",
	[7] = "RESEND", [8] = "INC_EPOCH",   [9] = "PRUNE",
};

/* A real number: 2^64 - 1 seconds are no integer of JSON. */
static json_t *timeouts_json(const struct timeout *t)
{
	json_t *all = json_array();

	for (size_t i = 0; i < TIMEOUTS_MAX && t[i].cnt; i++)
		json_array_append_new(
			all, json_pack("{s:f,s:s,s:I}", "s",
				       (double)t[i].s + (double)t[i].ns / 1e9,
				       "of", t[i].folder ? "folder" : "file",
				       "cnt", (json_int_t)t[i].cnt));
	return all;
}

static json_t *counts_json(const unsigned int *cnt, size_t max,
			   const char *(*name)(unsigned int nr))
{
	json_t *all = json_object();

	for (unsigned int i = 0; i < max; i++)
		if (cnt[i])
			json_object_set_new(all, name(i), json_integer(cnt[i]));
	return all;
}

const char *wire_notify_name(unsigned int code)
{
	return notify_names[code] ? notify_names[code] : "OTHER";
}

static json_t *phases_json(const struct wire *w)
{
	json_t *all = json_object();

	for (size_t i = 0; i < w->phase_cnt; i++)
		json_object_set_new(
			all, w->phases[i].name,
			json_pack("{s:o,s:o}", "requests",
				  counts_json(w->phases[i].request_cnt,
					      OPCODE_MAX, opcode_name),
				  "notifications",
				  counts_json(w->phases[i].notify_cnt,
					      NOTIFY_MAX, wire_notify_name)));
	return all;
}

json_t *wire_json(const struct wire *w)
{
	json_t *root = json_pack("{s:s,s:o}", "schema", "wire/1", "phases",
				 phases_json(w));

	for (int kind = 0; kind < KINDS; kind++)
		json_object_set_new(root, kind_names[kind],
				    timeouts_json(w->timeouts[kind]));
	json_object_set_new(root, "minor",
			    w->init ? json_integer(w->minor) : json_null());
	json_object_set_new(
		root, "readdirplus",
		w->init ? json_boolean(w->flags & FUSE_DO_READDIRPLUS)
			: json_null());
	return root;
}
