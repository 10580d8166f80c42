// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "workload_report.h"
#include "advice.h"
#include "bench/record/record_text.h"
#include "rate_table.h"
#include "rounds.h"
#include "sentences.h"
#include "stale_text.h"
#include "bench/lib/units.h"

static const char rates_note[] =
	"scope: what an event tells, all names, or those that changed and, by "
	"INVAL_INODE, the attributes and the listing of their directories.  "
	"rate: events per second, each a few changes behind the mount and then "
	"the notification; 0: the control, nothing changes.  of control, from, "
	"to: throughput as a part of the control's in the same round, median "
	"and range.  per s, min, ±: operations per second.  p50, p99, p99.9, "
	"longest: of the workload's operations; -: too few for a percentile.  "
	"walk p99.9, stall: of the operations of another process, which stats "
	"and reads names of the tree meanwhile, a high percentile and the "
	"longest.  requests: that the daemon answered, per "
	"operation of the workload.  events: !: fewer than were due, it can't "
	"keep up.  late: events that waited for the one before.  stale: wrong "
	"answers after the notification; +: those that a known hazard "
	"explains.";

static const char dip_note[] =
	"One event, while a process stats names of the tree as fast as it "
	"can.  before: its rate.  lowest before, after: "
	"the slowest 20 ms, as a part of that.  stall: its longest operation.  "
	"back to 90%: when the rate is again, from the event on.  missing: the "
	"work that was lost until then, in the time it takes.  no dip: nothing "
	"lower or longer than before the event.";

static const char rounds_note[] =
	"Numbers are medians over the rounds, what is called longest or stall "
	"the maximum; ± is the median absolute deviation in % of the median.  "
	"1!: a single round, spread unknown.";

struct printer {
	FILE *out;
	const struct workload_record *recs;
	size_t cnt;
	const struct workload_report *opt;
	json_t *json; /* array of groups, when the format is JSON */
};

static bool same_run(const struct workload_record *a,
		     const struct workload_record *b)
{
	return !strcmp(a->run_id, b->run_id);
}

/* Is it the first of its table (or of its run)?  Later ones are in it. */
static bool is_first(const struct printer *p, size_t nr, bool run)
{
	const struct workload_record *rec = &p->recs[nr];

	for (size_t i = 0; i < nr; i++) {
		const struct workload_record *seen = &p->recs[i];

		if (same_run(seen, rec) &&
		    (run ||
		     (!strcmp(seen->workload, rec->workload) &&
		      workload_in_table(seen) == workload_in_table(rec))))
			return false;
	}
	return true;
}

static char *heading(const struct workload_record *rec)
{
	char *text;

	if (!workload_in_table(rec))
		return strdup("One event: the dip and the recovery");
	return asprintf(&text, "Workload %s", rec->workload) < 0 ? NULL : text;
}

/* "5707 files in 400 directories (90 MB of /usr/include), without submounts" */
static char *tree_text(const struct workload_tree *tree)
{
	char bytes[UNITS_LEN], mounts[64], *text;

	units_format((double)tree->file_bytes, UNIT_BYTES, bytes,
		     sizeof(bytes));
	advise_submount_text(tree->submount_cnt, mounts, sizeof(mounts));
	if (asprintf(&text, "%llu files in %llu directories (%s of %s), %s",
		     (unsigned long long)tree->file_cnt,
		     (unsigned long long)tree->dir_cnt, bytes, tree->source,
		     mounts) < 0)
		return NULL;
	return text;
}

/* ", of a daemon that reports 0 links and needs 1 ms for each answer", or "" */
static char *daemon_text(const struct workload_daemon *d)
{
	char latency[UNITS_LEN], *text = NULL;
	const char *sep = ", of a daemon that ";
	size_t len;
	FILE *out = open_memstream(&text, &len);

	if (!out)
		return NULL;
	if (d->program[0])
		fprintf(out, ", of %s (package %s, %s)", d->program,
			d->package[0] ? d->package : "-",
			d->library[0] ? d->library : "no libfuse to be seen");
	if (d->renumber) {
		fprintf(out, "%snumbers files anew once they were forgotten",
			sep);
		sep = " and ";
	}
	if (d->nlink_zero) {
		fprintf(out, "%sreports 0 links", sep);
		sep = " and ";
	}
	if (d->latency_ns) {
		units_format((double)d->latency_ns, UNIT_NS, latency,
			     sizeof(latency));
		fprintf(out, "%sneeds %s for each answer", sep, latency);
	}
	if (!fclose(out))
		return text;
	free(text);
	return NULL;
}

/* What the last column counts, if there is one. */
static int print_wrong(FILE *out, enum report_format format,
		       const struct workload_record *rec)
{
	char *text;

	if (!*rec->wrong.what)
		return 0;
	if (asprintf(&text,
		     "wrong: files that nobody had changed and that were %s, "
		     "per operation; with the control: what is normal.",
		     rec->wrong.what) < 0)
		return -ENOMEM;
	paragraph_print(out, format, text);
	free(text);
	return 0;
}

/* What is printed of one workload; NULL: not asked for, or no memory. */
struct parts {
	char *heading, *stale;
	struct table *main, *detail;
	json_t *series;
};

static int print_json(struct printer *p, const struct workload_record *rec,
		      const struct parts *parts)
{
	char *host = record_host_line(&rec->host);
	const struct workload_tree *tree = &rec->tree;
	json_t *json = json_pack(
		"{s:s,s:s,s:s,s:s,s:s*,s:s,s:s*,s:{s:s,s:I,s:I,s:I,s:I,s:I},s:{"
		"s:i,"
		"s:i,s:I,s:s*,s:s*},s:s*,s:o,s:o*,s:o*}",
		"run_id", rec->run_id, "kind",
		workload_in_table(rec) ? WORKLOAD_KIND : "dip", "workload",
		rec->workload, "op", rec->op, "wrong",
		*rec->wrong.what ? rec->wrong.what : NULL, "heading",
		parts->heading, "host", host, "tree", "source", tree->source,
		"file_cnt", (json_int_t)tree->file_cnt, "dir_cnt",
		(json_int_t)tree->dir_cnt, "symlink_cnt",
		(json_int_t)tree->symlink_cnt, "file_bytes",
		(json_int_t)tree->file_bytes, "submount_cnt",
		(json_int_t)tree->submount_cnt, "daemon", "renumber",
		(int)rec->daemon.renumber, "nlink_zero",
		(int)rec->daemon.nlink_zero, "latency_ns",
		(json_int_t)rec->daemon.latency_ns, "command",
		*rec->daemon.command ? rec->daemon.command : NULL, "program",
		*rec->daemon.command ? rec->daemon.program : NULL, "stale",
		*parts->stale ? parts->stale : NULL, "rows",
		table_json(parts->main), "series", json_incref(parts->series),
		"detail", parts->detail ? table_json(parts->detail) : NULL);

	free(host);
	return json_array_append_new(p->json, json) ? -ENOMEM : 0;
}

static int print_readable(struct printer *p, const struct workload_record *rec,
			  const struct parts *parts)
{
	enum report_format format = p->opt->format;
	int (*print)(const struct table *, FILE *) =
		format == REPORT_MARKDOWN ? table_print_markdown
					  : table_print_text;
	int ret;

	heading_print(p->out, format, parts->heading);
	ret = print(parts->main, p->out);
	fputc('\n', p->out);
	if (*parts->stale)
		paragraph_print(p->out, format, parts->stale);
	if (!ret)
		ret = print_wrong(p->out, format, rec);
	if (!ret && parts->detail) {
		ret = print(parts->detail, p->out);
		fputc('\n', p->out);
	}
	if (!workload_in_table(rec))
		paragraph_print(p->out, format, dip_note);
	return ret;
}

static int print_workload(struct printer *p, const struct workload_record *rec)
{
	bool table = workload_in_table(rec), json = p->json;
	struct parts parts = {
		.heading = heading(rec),
		.stale = workload_stale_text(p->recs, p->cnt, rec),
		.series = table ? NULL : json_array(),
	};
	int ret = -ENOMEM;

	if (table)
		parts.main = workload_rate_table(p->recs, p->cnt, rec);
	else
		parts.main =
			workload_dip_table(p->recs, p->cnt, rec, parts.series);
	if (table && (p->opt->verbose || json))
		parts.detail = workload_detail_table(p->recs, p->cnt, rec);
	if (parts.heading && parts.stale)
		ret = json ? print_json(p, rec, &parts)
			   : print_readable(p, rec, &parts);
	free(parts.heading);
	free(parts.stale);
	json_decref(parts.series);
	table_free(parts.main);
	table_free(parts.detail);
	return ret;
}

/* What a daemon that isn't ours answers, where that was asked. */
static int print_answers(struct printer *p, const struct workload_record *rec)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	if (!out)
		return -ENOMEM;
	if (rec->daemon.command[0])
		record_put_answers(out, &rec->daemon.answers);
	fclose(out);
	if (text && *text)
		paragraph_print(p->out, p->opt->format, text);
	free(text);
	return 0;
}

static int print_host(struct printer *p, const struct workload_record *rec)
{
	char *host = record_host_line(&rec->host), *line = NULL;
	char *tree = tree_text(&rec->tree), *by = daemon_text(&rec->daemon);
	int ret = -ENOMEM;

	if (host && tree && by &&
	    asprintf(&line, "Run %s of %s, over %s%s: %s.", rec->run_id,
		     rec->time, tree, by, host) > 0) {
		paragraph_print(p->out, p->opt->format, rates_note);
		paragraph_print(p->out, p->opt->format, rounds_note);
		paragraph_print(p->out, p->opt->format, line);
		free(line);
		ret = print_answers(p, rec);
	}
	free(host);
	free(tree);
	free(by);
	return ret;
}

static int print_advice_json(struct printer *p,
			     const struct workload_record *rec)
{
	json_t *json =
		json_pack("{s:s,s:s,s:s,s:o,s:o}", "run_id", rec->run_id,
			  "kind", "advice", "heading", "Advice", "rows",
			  workload_advice_json(p->recs, p->cnt, rec, p->opt),
			  "methods", workload_methods_json());

	return json_array_append_new(p->json, json) ? -ENOMEM : 0;
}

/* What fio counts first; else cells come in any order. */
static int by_workload(const void *left, const void *right)
{
	const struct workload_record *a =
		*(const struct workload_record *const *)left;
	const struct workload_record *b =
		*(const struct workload_record *const *)right;
	bool runs_a = !strcmp(a->op, "run"), runs_b = !strcmp(b->op, "run");

	if (workload_in_table(a) != workload_in_table(b))
		return workload_in_table(a) ? -1 : 1;
	return runs_a == runs_b ? strcmp(a->workload, b->workload)
	       : runs_a		? 1
				: -1;
}

static int print_workloads(struct printer *p, const struct workload_record *run)
{
	const struct workload_record **first = calloc(p->cnt, sizeof(*first));
	size_t cnt = 0;
	int ret = first ? 0 : -ENOMEM;

	for (size_t i = 0; !ret && i < p->cnt; i++)
		if (same_run(&p->recs[i], run) && is_first(p, i, false))
			first[cnt++] = &p->recs[i];
	if (!ret)
		qsort(first, cnt, sizeof(*first), by_workload);
	for (size_t i = 0; !ret && i < cnt; i++)
		ret = print_workload(p, first[i]);
	free(first);
	return ret;
}

/* All tables of a run, its host, what the columns mean, and the advice. */
static int print_run(struct printer *p, const struct workload_record *rec)
{
	int ret = print_workloads(p, rec);

	if (ret)
		return ret;
	if (p->json)
		return print_advice_json(p, rec);
	ret = print_host(p, rec);
	if (!ret)
		ret = workload_advice_print(p->out, p->recs, p->cnt, rec,
					    p->opt);
	return ret;
}

int workload_report(FILE *out, const struct workload_record *recs, size_t cnt,
		    const struct workload_report *opt)
{
	struct printer p = { out, recs, cnt, opt, NULL };
	int ret = 0;

	if (opt->format == REPORT_JSON)
		p.json = json_array();
	for (size_t i = 0; !ret && i < cnt; i++)
		if (is_first(&p, i, true))
			ret = print_run(&p, &recs[i]);
	if (!ret && p.json) {
		json_dumpf(p.json, out,
			   JSON_INDENT(2) | JSON_REAL_PRECISION(6));
		fputc('\n', out);
	}
	json_decref(p.json);
	return ret;
}

int workload_report_print(FILE *out, json_t *const *cells, size_t cnt)
{
	const struct workload_report opt = { .format = REPORT_TEXT };
	struct workload_record *recs = NULL;
	size_t rec_cnt = 0;
	char err[256] = "";
	int ret = 0;

	for (size_t i = 0; !ret && i < cnt; i++)
		ret = workload_record_append(cells[i], &recs, &rec_cnt, err,
					     sizeof(err));
	if (err[0])
		fprintf(stderr, "epochbench: workload: cell %zu: %s\n",
			rec_cnt + 1, err);
	if (!ret)
		ret = workload_report(out, recs, rec_cnt, &opt);
	workload_records_free(recs, rec_cnt);
	return ret;
}
