// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "bench/lib/clock.h"
#include "bench/fs/synthfs.h"
#include "bench/host/child.h"
#include "bench/host/mount.h"
#include "bench/host/param.h"
#include "bench/lib/progress.h"
#include "bench/lib/status.h"
#include "bench/lib/units.h"
#include "bench/record/run_identity.h"
#include "above.h"
#include "cell.h"
#include "conduct.h"

/* What the child needs to know, and what only it has. */
struct run {
	const struct conduct *conduct;
	struct cell *cell;
	size_t cell_cnt;
	struct source source;
	struct hostinfo host;
	char run_id[RUN_ID_BYTES];
	char no_overlay[256]; /* why none can be mounted, or "" */
	const char *unfit_method[PLAN_METHODS_MAX]; /* why, or NULL */
	const char *unfit_workload[PLAN_WORKLOADS_MAX];
};

static void __attribute__((format(printf, 1, 2))) say(const char *format, ...)
{
	va_list ap;

	progress_clear();
	fputs("epochbench: workload: ", stderr);
	va_start(ap, format);
	vfprintf(stderr, format, ap);
	va_end(ap);
	fputc('\n', stderr);
}

/* To the parent, one line. */
static void tell(json_t *json)
{
	if (!json ||
	    json_dumpf(json, stdout, JSON_COMPACT | JSON_PRESERVE_ORDER))
		say("no memory");
	fputc('\n', stdout);
	fflush(stdout);
	json_decref(json);
}

static void pin(cpu_set_t *set, int cpu)
{
	CPU_ZERO(set);
	CPU_SET(cpu, set);
}

static int open_stage(struct run *r, struct stage *st)
{
	char err[SOURCE_ERR_LEN] = "";

	st->source = &r->source;
	st->swallow = r->conduct->swallow;
	st->command = r->conduct->daemon;
	st->stand_in = stand_in_new();
	pin(&st->workload_cpus, r->conduct->workload_cpu);
	pin(&st->daemon_cpus, r->conduct->daemon_cpu);
	st->fs.shared = passfs_shared_new();
	st->events = events_new();
	st->walker = walker_new();
	st->inside = inside_new();
	if (!st->fs.shared || !st->stand_in || !st->events || !st->walker ||
	    !st->inside) {
		say("no memory");
		return -ENOMEM;
	}
	st->fs.shared->manner = r->conduct->manner;
	if (source_copy(&r->source, err, sizeof(err))) {
		say("%s", err);
		return -EIO;
	}
	if (oracle_make(&st->oracle, &r->source)) {
		say("cannot make the oracle's files");
		return -EIO;
	}
	st->has_above = !above_probe(r->no_overlay, sizeof(r->no_overlay));
	if (!st->has_above)
		say("nothing is looked at through an overlay: %s",
		    r->no_overlay);
	sched_setaffinity(0, sizeof(st->daemon_cpus), &st->daemon_cpus);
	return 0;
}

/* Which methods does this kernel have?  Says which are left out, and why. */
static int probe(struct run *r, struct stage *st)
{
	const struct plan *p = &r->conduct->plan;
	struct passfs_request req = { .verb = PASSFS_PROBE };
	struct passfs_reply rep;
	char err[600] = "";
	int ret = cell_mount(st, err, sizeof(err));
	struct statfs unused;

	/* Waits for INIT, which tells the daemon what the kernel has. */
	if (!ret && statfs(STAGE_MOUNT, &unused))
		ret = -errno;
	for (unsigned int i = 0; !ret && i < p->method_cnt; i++) {
		req.method = p->method[i].method;
		if (st->command &&
		    !stand_in_can(req.method, p->method[i].changed)) {
			r->unfit_method[i] = "only the daemon itself knows all "
					     "names; name it with :changed";
			say("%s is left out: %s",
			    inval_methods[req.method].name, r->unfit_method[i]);
			continue;
		}
		ret = passfs_ask(st->fs.control, &req, &rep);
		if (ret != -EOPNOTSUPP)
			continue;
		ret = 0;
		r->unfit_method[i] = "not offered by this kernel";
		say("%s is left out: %s", inval_methods[req.method].name,
		    r->unfit_method[i]);
	}
	r->host.fuse_minor = st->fs.shared->fuse_minor;
	if (ret)
		say("%s", *err ? err : strerror(-ret));
	cell_umount(st);
	if (!ret && st->command)
		stand_in_ask(st->stand_in, st->command, &st->daemon_cpus);
	return ret;
}

static void prepare_workloads(struct run *r)
{
	const struct plan *p = &r->conduct->plan;
	static char err[PLAN_WORKLOADS_MAX][PROGRAM_TEXT_BYTES];

	for (unsigned int i = 0; i < p->workload_cnt; i++) {
		const struct workload *w = &workloads[p->workload[i]];

		r->unfit_workload[i] = workload_missing(w);
		if (w->setting && !strcmp(w->setting, WORKLOAD_OVERLAY) &&
		    *r->no_overlay)
			r->unfit_workload[i] = r->no_overlay;
		if (!r->unfit_workload[i] && w->prepare &&
		    w->prepare(&r->source, err[i], sizeof(err[i])))
			r->unfit_workload[i] = err[i];
		if (r->unfit_workload[i])
			say("%s is left out: %s", w->name,
			    r->unfit_workload[i]);
	}
}

static bool is_unfit(const struct run *r, const struct cell *c)
{
	const struct plan *p = &r->conduct->plan;

	for (unsigned int i = 0; c->how.method && i < p->method_cnt; i++)
		if (p->method[i].method == c->how.method &&
		    p->method[i].changed == c->how.changed &&
		    r->unfit_method[i])
			return true;
	if (c->timeline)
		return workload_missing(&workload_walk);
	for (unsigned int i = 0; i < p->workload_cnt; i++)
		if (p->workload[i] == c->workload && r->unfit_workload[i])
			return true;
	return false;
}

/* Methods were asked for, and this kernel has none of them. */
static bool has_no_method(const struct run *r)
{
	const struct plan *p = &r->conduct->plan;
	unsigned int unfit_cnt = 0;

	for (unsigned int i = 0; i < p->method_cnt; i++)
		unfit_cnt += !!r->unfit_method[i];
	return unfit_cnt == p->method_cnt && (p->rate_cnt || p->timelines);
}

static void name_cell(const struct cell *c, char *text, size_t len)
{
	const char *work = cell_workload(c)->name;
	const char *changed = c->how.changed ? ":changed" : "";
	const char *oracle = c->no_oracle ? ", no oracle" : "";

	if (!c->how.method)
		snprintf(text, len, "%s, none, round %u", work, c->round + 1);
	else if (c->timeline)
		snprintf(text, len, "%s, %s%s, one event, round %u", work,
			 inval_methods[c->how.method].name, changed,
			 c->round + 1);
	else
		snprintf(text, len, "%s, %s%s, %g/s%s, round %u", work,
			 inval_methods[c->how.method].name, changed, c->rate_hz,
			 oracle, c->round + 1);
}

/* A method may need a parameter of the kernel's, for as long as a cell. */
static int run_with_param(struct stage *st, const struct cell *c,
			  struct cell_result *res)
{
	const struct inval_method *m = &inval_methods[c->how.method];
	struct param param = { .path = NULL };
	int err;

	if (m->param && !access(m->param, W_OK) &&
	    param_set(&param, m->param, m->param_value))
		say("cannot set %s", m->param);
	err = cell_run(st, c, res);
	param_restore(&param);
	return err;
}

/* False: it failed. */
static bool run_cell(struct run *r, struct stage *st, const struct cell *c)
{
	static struct cell_result res;
	char what[96];
	int err;

	name_cell(c, what, sizeof(what));
	progress_step((double)plan_cell_ns(c), what);
	err = run_with_param(st, c, &res);
	progress_done();
	if (!err || err == -EBADMSG)
		tell(cell_encode(st, c, &res, r->run_id, r->host.bench,
				 &r->host));
	if (err == -EBADMSG)
		say("%s: %llu of %llu answers were stale after the "
		    "notification: %s",
		    what, (unsigned long long)st->events->stale_cnt,
		    (unsigned long long)st->events->check_cnt, res.failure);
	else if (err)
		say("%s: %s", what, res.failure);
	return !err;
}

static bool is_last_of_round(const struct run *r, size_t i)
{
	size_t next = i + 1;

	while (next < r->cell_cnt && is_unfit(r, &r->cell[next]))
		next++;
	return next == r->cell_cnt || r->cell[next].round != r->cell[i].round;
}

static void tell_round(const struct cell *last)
{
	char name[32];

	snprintf(name, sizeof(name), "round %u", last->round + 1);
	progress_group(name);
}

/* The child: all cells; its last word is the exit status. */
static void be_conductor(const void *arg)
{
	struct run *r = *(struct run *const *)arg;
	struct stage st = { .swallow = 0 };
	unsigned int ran_cnt = 0, failed_cnt = 0;
	double total = 0;
	int status;

	stand_in_keep_environment();
	progress_look();
	programs_clean_env();
	if (open_stage(r, &st) || probe(r, &st)) {
		tell(json_pack("{si}", "exit", STATUS_FAILED));
		return;
	}
	if (has_no_method(r)) {
		tell(json_pack("{si}", "exit", STATUS_SKIP));
		return;
	}
	if (r->conduct->plan.cells)
		prepare_workloads(r);
	for (size_t i = 0; i < r->cell_cnt; i++)
		if (!is_unfit(r, &r->cell[i]))
			total += (double)plan_cell_ns(&r->cell[i]);
	progress_start(total, r->conduct->plan.rounds);
	for (size_t i = 0; i < r->cell_cnt; i++) {
		if (is_unfit(r, &r->cell[i]))
			continue;
		ran_cnt++;
		failed_cnt += !run_cell(r, &st, &r->cell[i]);
		if (is_last_of_round(r, i))
			tell_round(&r->cell[i]);
	}
	progress_clear();
	status = failed_cnt ? STATUS_FAILED : ran_cnt ? STATUS_OK : STATUS_SKIP;
	tell(json_pack("{si}", "exit", status));
}

/* Sorts what the child said: records, how it ended, what became of it. */
static int take(json_t *said, json_t *cells)
{
	int status = STATUS_FAILED;
	json_t *one;
	size_t i;

	json_array_foreach (said, i, one) {
		const json_t *exit_status = json_object_get(one, "exit");

		if (json_object_get(one, "kind"))
			json_array_append(cells, one);
		else if (exit_status)
			status = (int)json_integer_value(exit_status);
		else
			say("%s",
			    json_string_value(json_object_get(one, "detail")));
	}
	return status;
}

/* Twice what it should take, and time to copy: it has hung. */
static unsigned int limit_s(const struct run *r)
{
	uint64_t ns = 0;

	for (size_t i = 0; i < r->cell_cnt; i++)
		ns += plan_cell_ns(&r->cell[i]);
	return (unsigned int)(ns / 1000000000 * 3) + 300;
}

static int run_child(struct run *r, json_t *cells)
{
	const struct run *self = r;
	char why[512] = "";
	json_t *said;
	int err, status;

	if (child_begin(why, sizeof(why))) {
		say("%s", why);
		return STATUS_SKIP;
	}
	said = child_run_long(be_conductor, &self, limit_s(r), &err);
	child_end();
	if (err && isatty(STDERR_FILENO))
		fputs("\r\033[K",
		      stderr); /* the bar of a child that was ended */
	status = take(said, cells);
	json_decref(said);
	if (err == -EINTR)
		say("interrupted; the cells so far are kept");
	return err ? STATUS_FAILED : status;
}

/* What looks as if it couldn't fit is copied nevertheless. */
static void say_holes(const struct source *s)
{
	char length[UNITS_LEN], data[UNITS_LEN];

	if (s->data_bytes >= s->file_bytes)
		return;
	units_format((double)s->file_bytes, UNIT_BYTES, length, sizeof(length));
	units_format((double)s->data_bytes, UNIT_BYTES, data, sizeof(data));
	say("%s has %s of files, of which %s are data: holes stay holes in the "
	    "copy, and only programs read them as zeros",
	    s->path, length, data);
}

int conduct_run(const struct conduct *c, json_t *cells)
{
	struct run r = { .conduct = c, .source = { .fd = -1 } };
	char why[SOURCE_ERR_LEN] = "";
	int status = STATUS_USAGE;

	if (mount_check(why, sizeof(why))) {
		say("%s", why);
		return STATUS_SKIP;
	}
	r.cell = plan_cells(&c->plan, &r.cell_cnt);
	if (!r.cell)
		return STATUS_FAILED;
	if (source_scan(&r.source, c->tree, why, sizeof(why))) {
		say("%s", why);
	} else {
		say_holes(&r.source);
		run_identify(r.run_id, &r.host, c->cpus,
			     c->daemon ? "" : synthfs_libfuse_version());
		status = run_child(&r, cells);
	}
	source_free(&r.source);
	free(r.cell);
	return status;
}
