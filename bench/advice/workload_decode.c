// SPDX-License-Identifier: GPL-2.0-only
/*
 * workload_decode.c - a record out of its JSON form.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/lib/grow.h"
#include "bench/lib/text.h"
#include "bench/record/record_schema.h"
#include "workload_record.h"

#define OF(key, type, member) FIELD(struct workload_record, key, type, member)
#define YOUNG(key, type, member) \
	YOUNG_FIELD(struct workload_record, key, type, member)

static const struct field root_fields[] = {
	OF("run_id", WORD, run_id),
	OF("commit", TEXT, commit),
	OF("time", TEXT, time),
	OF("workload", WORD, workload),
	OF("method", WORD, method),
	OF("scope", WORD, scope),
	OF("rate_hz", REAL, rate_hz),
	OF("round", WHOLE, round),
	OF("wall_ns", WHOLE, wall_ns),
	OF("op", WORD, op),
	OF("op_cnt", WHOLE, op_cnt),
	YOUNG("setting", WORD, setting),
	{ .key = NULL },
};

static const struct field tree_fields[] = {
	OF("source", TEXT, tree.source),
	OF("file_cnt", WHOLE, tree.file_cnt),
	OF("dir_cnt", WHOLE, tree.dir_cnt),
	OF("symlink_cnt", WHOLE, tree.symlink_cnt),
	OF("file_bytes", WHOLE, tree.file_bytes),
	OF("submount_cnt", WHOLE, tree.submount_cnt),
	{ .key = NULL },
};

static const struct field daemon_fields[] = {
	OF("renumber", WHOLE, daemon.renumber),
	OF("nlink_zero", WHOLE, daemon.nlink_zero),
	OF("latency_ns", WHOLE, daemon.latency_ns),
	{ .key = NULL },
};

/* What is known of one that isn't ours, and has a command. */
static const struct field command_fields[] = {
	OF("command", NAME, daemon.command),
	OF("program", TEXT, daemon.program),
	OF("library", TEXT, daemon.library),
	YOUNG("package", TEXT, daemon.package),
	ANSWERS_FIELDS(struct workload_record, daemon.answers),
	{ .key = NULL },
};

static const struct field wrong_fields[] = {
	OF("what", NAME, wrong.what),
	OF("cnt", WHOLE, wrong.cnt),
	{ .key = NULL },
};

static const struct field latency_fields[] = {
	OF("p50", WHOLE, latency.p50_ns),
	OF("p99", WHOLE, latency.p99_ns),
	OF("max", WHOLE, latency.max_ns),
	{ .key = NULL },
};

/* p99.9 may be null: decode_p999(). */
static const struct field walker_fields[] = {
	OF("p50", WHOLE, walker.p50_ns),
	OF("p99", WHOLE, walker.p99_ns),
	OF("max", WHOLE, walker.max_ns),
	OF("op_cnt", WHOLE, walker_op_cnt),
	{ .key = NULL },
};

static const struct field event_fields[] = {
	OF("due_cnt", WHOLE, events.due_cnt),
	OF("cnt", WHOLE, events.cnt),
	OF("late_cnt", WHOLE, events.late_cnt),
	OF("changed_cnt", WHOLE, events.changed_cnt),
	OF("msg_cnt", WHOLE, events.msg_cnt),
	{ .key = NULL },
};

static const struct field oracle_fields[] = {
	OF("check_cnt", WHOLE, oracle.check_cnt),
	OF("stale_cnt", WHOLE, oracle.stale_cnt),
	YOUNG("number_cnt", WHOLE, same.number_cnt),
	YOUNG("renumbered_cnt", WHOLE, same.renumbered_cnt),
	YOUNG("overlay_cnt", WHOLE, same.overlay_cnt),
	YOUNG("overlay_wrong_cnt", WHOLE, same.overlay_wrong_cnt),
	YOUNG("getcwd_cnt", WHOLE, same.getcwd_cnt),
	YOUNG("getcwd_failed_cnt", WHOLE, same.getcwd_failed_cnt),
	YOUNG("cwd_lost_cnt", WHOLE, same.cwd_lost_cnt),
	OF("cpu_ns", WHOLE, oracle.cpu_ns),
	OF("cost_part", REAL, oracle.cost_part),
	{ .key = NULL },
};

static const struct field timeline_fields[] = {
	OF("bin_ns", WHOLE, timeline.bin_ns),
	OF("event_ns", WHOLE, timeline.event_ns),
	{ .key = NULL },
};

/* The objects within the object. */
static const struct {
	const char *key;
	const struct field *fields;
	bool optional; /* younger than the schema: zeros if it isn't there */
} objects[] = {
	{ "tree", tree_fields, false },
	{ "daemon", daemon_fields, true },
	{ "wrong", wrong_fields, true },
	{ "latency_ns", latency_fields, false },
	{ "walker", walker_fields, false },
	{ "events", event_fields, false },
	{ "oracle", oracle_fields, false },
};

/* Of what is added up over all cells: the sum is an int64_t still. */
#define COUNT_MAX 100000000000000LL
/* As the walker keeps them; and none is longer than a minute. */
#define BINS_MAX 10000
#define BIN_MAX_NS 60000000000ULL
/* Of an opcode, or a hazard. */
#define KEY_BYTES_MAX 63

/* Where the reason goes. */
struct complaint {
	char *text;
	size_t len;
};

__attribute__((format(printf, 2, 3))) static int
bad(const struct complaint *err, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(err->text, err->len, fmt, ap);
	va_end(ap);
	return -EINVAL;
}

static bool is_count(const json_t *json)
{
	json_int_t value = json_integer_value(json);

	return json_is_integer(json) && value >= 0 && value <= COUNT_MAX;
}

/* An array of counts, into memory of its own. */
static int decode_counts(const json_t *parent, const char *prefix,
			 const char *key, uint64_t **out, size_t *cnt,
			 const struct complaint *err)
{
	const json_t *array = json_object_get(parent, key);
	const json_t *one;
	size_t i;

	if (!json_is_array(array))
		return bad(err, "\"%s.%s\" must be an array", prefix, key);
	*out = calloc(json_array_size(array) + 1, sizeof(**out));
	if (!*out)
		return -ENOMEM;
	json_array_foreach (array, i, one) {
		if (!is_count(one))
			return bad(err,
				   "\"%s.%s\" must hold whole numbers that "
				   "aren't negative, element %zu isn't",
				   prefix, key, i + 1);
		(*out)[i] = (uint64_t)json_integer_value(one);
	}
	*cnt = json_array_size(array);
	return 0;
}

/* An object of counts, whatever its keys are. */
static int decode_tally(const json_t *parent, const char *prefix,
			const char *key, json_t **out,
			const struct complaint *err)
{
	json_t *tally = json_object_get(parent, key), *one;
	const char *name;

	if (!json_is_object(tally))
		return bad(err, "\"%s%s\" must be an object", prefix, key);
	json_object_foreach (tally, name, one) {
		if (!is_count(one))
			return bad(err,
				   "\"%s%s\" must hold whole numbers that "
				   "aren't negative",
				   prefix, key);
		/* Names of hazards are printed. */
		if (strlen(name) > KEY_BYTES_MAX || !text_is_plain(name))
			return bad(err,
				   "a key of \"%s%s\" is longer than %d bytes, "
				   "or holds control characters",
				   prefix, key, KEY_BYTES_MAX);
	}
	*out = json_incref(tally);
	return 0;
}

static int decode_timeline(const json_t *root, struct workload_timeline *tl,
			   struct workload_record *rec,
			   const struct complaint *err)
{
	const json_t *json = json_object_get(root, "timeline");
	size_t max_cnt = 0;
	int ret;

	if (!json)
		return bad(err, "\"timeline\" is missing");
	if (json_is_null(json))
		return 0;
	if (!json_is_object(json))
		return bad(err, "\"timeline\" must be an object or null");
	ret = record_decode_object(json, "timeline.", timeline_fields, rec,
				   err->text, err->len);
	if (!ret)
		ret = decode_counts(json, "timeline", "op_cnt", &tl->op_cnt,
				    &tl->bin_cnt, err);
	if (!ret)
		ret = decode_counts(json, "timeline", "max_ns", &tl->max_ns,
				    &max_cnt, err);
	if (ret)
		return ret;
	if (max_cnt != tl->bin_cnt)
		return bad(err,
			   "\"timeline.max_ns\" has %zu elements, but "
			   "\"timeline.op_cnt\" has %zu",
			   max_cnt, tl->bin_cnt);
	if (tl->bin_cnt > BINS_MAX || tl->bin_ns > BIN_MAX_NS)
		return bad(err,
			   "\"timeline\" has more than %d bins, or too "
			   "long ones",
			   BINS_MAX);
	if (!tl->bin_ns || tl->event_ns / tl->bin_ns >= tl->bin_cnt)
		return bad(err, "\"timeline.event_ns\" isn't in the timeline");
	workload_timeline_sum(tl);
	return 0;
}

static int check(const json_t *root, const struct complaint *err)
{
	const json_t *schema = json_object_get(root, "schema");

	if (!json_is_object(root))
		return bad(err, "not a JSON object");
	if (!workload_record_is(root))
		return bad(err, "\"kind\" must be \"" WORKLOAD_KIND "\"");
	if (!json_is_integer(schema) ||
	    json_integer_value(schema) != RECORD_SCHEMA)
		return bad(err,
			   "\"schema\" must be %d: use the epochbench that "
			   "wrote it",
			   RECORD_SCHEMA);
	return 0;
}

static int check_values(const struct workload_record *rec,
			const struct complaint *err)
{
	if (strcmp(rec->scope, "all") && strcmp(rec->scope, "changed"))
		return bad(err, "\"scope\" must be \"all\" or \"changed\"");
	if (!rec->wall_ns)
		return bad(err, "\"wall_ns\" must not be 0");
	if (!strcmp(rec->method, "none") && rec->rate_hz > 0)
		return bad(err, "\"rate_hz\" of the control must be 0");
	return 0;
}

/* null: too few operations for one. */
static int decode_p999(const json_t *root, const char *key, uint64_t *out,
		       const struct complaint *err)
{
	const json_t *json =
		json_object_get(json_object_get(root, key), "p999");

	if (!json)
		return bad(err, "\"%s.p999\" is missing", key);
	if (!json_is_null(json) && !is_count(json))
		return bad(err,
			   "\"%s.p999\" must be null or a whole number that "
			   "isn't negative",
			   key);
	*out = (uint64_t)json_integer_value(json);
	return 0;
}

static int decode_objects(const json_t *root, struct workload_record *rec,
			  const struct complaint *err)
{
	int ret = 0;

	for (size_t i = 0; !ret && i < sizeof(objects) / sizeof(objects[0]);
	     i++) {
		const json_t *json = json_object_get(root, objects[i].key);
		const struct field *fields = objects[i].fields;
		char prefix[32];

		if (!json && objects[i].optional)
			continue;
		if (!json_is_object(json))
			return bad(err, "\"%s\" must be an object",
				   objects[i].key);
		if (fields == daemon_fields && json_object_get(json, "command"))
			fields = command_fields;
		snprintf(prefix, sizeof(prefix), "%s.", objects[i].key);
		ret = record_decode_object(json, prefix, fields, rec, err->text,
					   err->len);
	}
	if (!ret)
		ret = decode_p999(root, "latency_ns", &rec->latency.p999_ns,
				  err);
	return ret ? ret
		   : decode_p999(root, "walker", &rec->walker.p999_ns, err);
}

static int decode(const json_t *root, struct workload_record *rec,
		  const struct complaint *err)
{
	const json_t *host = json_object_get(root, "host");
	int ret = check(root, err);

	if (!ret)
		ret = record_decode_object(root, "", root_fields, rec,
					   err->text, err->len);
	if (!ret)
		ret = decode_objects(root, rec, err);
	if (!ret && !json_is_object(host))
		ret = bad(err, "\"host\" must be an object");
	if (!ret)
		ret = record_decode_object(host, "host.", host_fields,
					   &rec->host, err->text, err->len);
	if (!ret)
		ret = decode_counts(json_object_get(root, "events"), "events",
				    "notify_ns", &rec->events.notify_ns,
				    &rec->events.notify_cnt, err);
	if (!ret)
		ret = decode_tally(root, "", "requests", &rec->requests, err);
	if (!ret)
		ret = decode_tally(json_object_get(root, "oracle"), "oracle.",
				   "explained", &rec->explained, err);
	if (!ret)
		ret = decode_timeline(root, &rec->timeline, rec, err);
	return ret ? ret : check_values(rec, err);
}

int workload_record_decode(const json_t *root, struct workload_record *rec,
			   char *err, size_t err_len)
{
	const struct complaint where = { err, err_len };
	int ret;

	memset(rec, 0, sizeof(*rec));
	ret = decode(root, rec, &where);
	if (ret)
		workload_record_release(rec);
	return ret;
}

int workload_record_append(const json_t *root, struct workload_record **recs,
			   size_t *cnt, char *err, size_t err_len)
{
	struct workload_record *grown;
	int ret;

	if (*cnt == WORKLOAD_CELLS_MAX) {
		snprintf(err, err_len, "more than %d cells: give fewer files",
			 WORKLOAD_CELLS_MAX);
		return -EINVAL;
	}
	grown = grow(*recs, *cnt, sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	*recs = grown;
	ret = workload_record_decode(root, &grown[*cnt], err, err_len);
	if (ret)
		return ret;
	/* Of --oracle-cost: not what a daemon's users would have. */
	if (json_object_get(json_object_get(root, "oracle"), "off"))
		workload_record_release(&grown[*cnt]);
	else
		(*cnt)++;
	return 0;
}
