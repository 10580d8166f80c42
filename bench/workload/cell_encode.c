// SPDX-License-Identifier: GPL-2.0-only
/*
 * cell_encode.c - the record of a cell: results/SCHEMA.md, kind "workload".
 *
 * A NULL in between makes jansson's next call fail, as in
 * bench/record/record_encode.c.
 */
#include <time.h>

#include "bench/lib/text.h"
#include "bench/record/record_schema.h"
#include "cell.h"

/* Fewer say nothing about one in a thousand. */
enum { P999_CNT_MIN = 1000 };

static json_t *whole(uint64_t value)
{
	return json_integer((json_int_t)value);
}

static json_t *encode_p999(uint64_t cnt, uint64_t ns)
{
	return cnt < P999_CNT_MIN ? json_null() : whole(ns);
}

static json_t *encode_tree(const struct source *s)
{
	char path[256] = "";

	/* As much as a record may hold, of whole characters. */
	text_append(path, sizeof(path), s->path);
	return json_pack("{ss so so so so so}", "source", path, "file_cnt",
			 whole(s->file_cnt), "dir_cnt", whole(s->dir_cnt),
			 "symlink_cnt", whole(s->symlink_cnt), "file_bytes",
			 whole(s->file_bytes), "submount_cnt",
			 whole(s->submount_cnt));
}

static json_t *encode_theirs(const char *command, const struct stand_in *s)
{
	const struct wire_answers *said = &s->answers.said;

	return json_pack(
		"{so so so so so si si so so so so}", "command",
		text_json(command), "program", text_json(s->program), "library",
		text_json(s->library), "package", text_json(s->package),
		"untraced", text_json(s->answers.untraced), "minor",
		(int)said->minor, "readdirplus", said->readdirplus, "entry",
		text_json(said->entry), "attr", text_json(said->attr),
		"negative", text_json(said->negative), "notified",
		text_json(said->notified));
}

static json_t *encode_daemon(const struct stage *st)
{
	const struct passfs_manner *manner = &st->fs.shared->manner;

	if (st->command)
		return encode_theirs(st->command, st->stand_in);
	return json_pack("{si si so}", "renumber", manner->renumber,
			 "nlink_zero", manner->nlink_zero, "latency_ns",
			 whole(manner->latency_ns));
}

/* In a timeline the walker is the workload. */
static void use_walker(const struct cell *c, const struct walker *w,
		       struct workload_result *work)
{
	work->op_cnt = w->took.cnt;
	work->wall_ns = c->run_ns;
	work->p50_ns = histogram_quantile_ns(&w->took, 0.5);
	work->p99_ns = histogram_quantile_ns(&w->took, 0.99);
	work->p999_ns = histogram_quantile_ns(&w->took, 0.999);
	work->max_ns = w->took.max_ns;
}

/* Of what isn't counted there is nothing. */
static json_t *encode_wrong(const struct cell *c,
			    const struct workload_result *work)
{
	const char *what = cell_workload(c)->wrong;

	return what ? json_pack("{ss so}", "what", what, "cnt",
				whole(work->wrong_cnt))
		    : NULL;
}

static json_t *encode_latency(const struct workload_result *work)
{
	return json_pack("{so so so so}", "p50", whole(work->p50_ns), "p99",
			 whole(work->p99_ns), "p999",
			 encode_p999(work->op_cnt, work->p999_ns), "max",
			 whole(work->max_ns));
}

static json_t *encode_walker(const struct walker *w)
{
	const struct histogram *h = &w->took;

	return json_pack("{so so so so so}", "op_cnt", whole(h->cnt), "p50",
			 whole(histogram_quantile_ns(h, 0.5)), "p99",
			 whole(histogram_quantile_ns(h, 0.99)), "p999",
			 encode_p999(h->cnt, histogram_quantile_ns(h, 0.999)),
			 "max", whole(h->max_ns));
}

static json_t *encode_events(const struct events *ev)
{
	json_t *notify = json_array();
	int err = 0;

	for (uint64_t i = 0; i < ev->cnt && i < EVENTS_MAX; i++)
		err |= json_array_append_new(notify, whole(ev->notify_ns[i]));
	return json_pack("{so so so so so so}", "due_cnt", whole(ev->due_cnt),
			 "cnt", whole(ev->cnt), "late_cnt", whole(ev->late_cnt),
			 "changed_cnt", whole(ev->changed_cnt), "msg_cnt",
			 whole(ev->msg_cnt), "notify_ns", err ? NULL : notify);
}

static json_t *encode_requests(const struct cell_result *res)
{
	json_t *json = json_object();
	char key[OP_KEY_LEN];

	for (unsigned int op = 0; op < OPCODE_MAX; op++)
		if (res->op_cnt[op])
			json_object_set_new(json, op_key(op, key),
					    whole(res->op_cnt[op]));
	return json;
}

static uint64_t oracle_cpu_ns(const struct stage *st)
{
	return st->events->cpu_ns + st->inside->cpu_ns;
}

/* Its own CPU time, and of the daemon's the part of its requests. */
static double oracle_part(const struct stage *st, const struct cell_result *res)
{
	uint64_t request_cnt = 0;
	double ns = (double)oracle_cpu_ns(st);

	for (int op = 0; op < OPCODE_MAX; op++)
		if (op != OPCODE_FORGET) /* they are in their messages */
			request_cnt += res->op_cnt[op];
	if (request_cnt)
		ns += (double)res->daemon_cpu_ns * (double)res->watched_cnt /
		      (double)request_cnt;
	return res->wall_ns ? ns / (double)res->wall_ns : 0;
}

static json_t *encode_explained(const struct events *ev)
{
	json_t *explained = json_object();

	for (enum hazard_race race = RACE_NONE + 1; race < RACE_CNT; race++)
		if (ev->race_cnt[race])
			json_object_set_new(explained, race_name(race),
					    whole(ev->race_cnt[race]));
	return explained;
}

static json_t *encode_oracle(const struct stage *st, bool off,
			     const struct cell_result *res)
{
	const struct events *ev = st->events;
	const struct inside *in = st->inside;

	return json_pack(
		"{so* so so so so so so so so si so so sf}", "off",
		off ? json_true() : NULL, "check_cnt", whole(ev->check_cnt),
		"stale_cnt", whole(ev->stale_cnt), "number_cnt",
		whole(ev->same.number_cnt), "renumbered_cnt",
		whole(ev->same.renumbered_cnt), "overlay_cnt",
		whole(ev->same.overlay_cnt), "overlay_wrong_cnt",
		whole(ev->same.overlay_wrong_cnt), "getcwd_cnt",
		whole(in->getcwd_cnt), "getcwd_failed_cnt",
		whole(in->failed_cnt), "cwd_lost_cnt", in->lost, "explained",
		encode_explained(ev), "cpu_ns", whole(oracle_cpu_ns(st)),
		"cost_part", oracle_part(st, res));
}

static json_t *encode_timeline(const struct cell *c, const struct stage *st)
{
	const struct walker *w = st->walker;
	json_t *op_cnt, *max_ns;
	int err = 0;

	if (!c->timeline)
		return json_null();
	op_cnt = json_array();
	max_ns = json_array();
	for (uint64_t i = 0; i < c->run_ns / WALKER_BIN_NS; i++) {
		err |= json_array_append_new(op_cnt, whole(w->op_cnt[i]));
		err |= json_array_append_new(max_ns, whole(w->max_ns[i]));
	}
	return json_pack("{si so so so}", "bin_ns", WALKER_BIN_NS, "event_ns",
			 whole(st->events->event_ns - w->begin_ns), "op_cnt",
			 err ? NULL : op_cnt, "max_ns", max_ns);
}

static json_t *encode_time(void)
{
	time_t now = time(NULL);
	char text[32];
	struct tm tm;

	gmtime_r(&now, &tm);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm);
	return json_string(text);
}

json_t *cell_encode(const struct stage *st, const struct cell *c,
		    const struct cell_result *res, const char *run_id,
		    const char *commit, const struct hostinfo *host)
{
	struct workload_result work = res->work;

	if (c->timeline)
		use_walker(c, st->walker, &work);
	return json_pack(
		"{si ss ss ss so so ss ss* ss ss sf si so so so ss so so* so "
		"so so so so so}",
		"schema", RECORD_SCHEMA, "kind", "workload", "run_id", run_id,
		"commit", commit, "time", encode_time(), "host",
		record_encode_host(host), "workload", cell_workload(c)->name,
		"setting", cell_workload(c)->setting, "method",
		inval_methods[c->how.method].name, "scope",
		c->how.changed ? "changed" : "all", "rate_hz", c->rate_hz,
		"round", (int)c->round, "tree", encode_tree(st->source),
		"daemon", encode_daemon(st), "wall_ns", whole(work.wall_ns),
		"op", cell_workload(c)->op, "op_cnt", whole(work.op_cnt),
		"wrong", encode_wrong(c, &work), "latency_ns",
		encode_latency(&work), "walker", encode_walker(st->walker),
		"events", encode_events(st->events), "requests",
		encode_requests(res), "oracle",
		encode_oracle(st, c->no_oracle, res), "timeline",
		encode_timeline(c, st));
}
