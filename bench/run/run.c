// SPDX-License-Identifier: GPL-2.0-only
/*
 * run.c - measures a plan: the rounds, the variants in them, the records.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/lib/clock.h"
#include "bench/host/param.h"
#include "bench/lib/progress.h"
#include "run_internal.h"
#include "session.h"
#include "bench/lib/status.h"
#include "bench/lib/units.h"

/* Warm-up needs no full size: it is for the slabs, the clock and the CPU. */
#define WARMUP_N_MAX 10000

unsigned int run_default_rounds(uint64_t n)
{
	return n <= 10000 ? 15 : n <= 100000 ? 5 : 3;
}

/* Nanoseconds that a sample will take, roughly: for the progress bar. */
static double expected_ns(const struct run_group *g, unsigned int method)
{
	const struct inval_method *m = &inval_methods[method];
	double per_name = 6000; /* populate, warm walk, umount */

	if (g->bcase->table.row_per_method)
		per_name += m->guarantee == GUARANTEE_NAMES   ? 20000
			    : m->guarantee == GUARANTEE_ATTRS ? 13000
							      : 2000;
	if (m->msg_cnt)
		per_name +=
			5000 * (double)m->msg_cnt(&g->tree) / (double)g->tree.n;
	return 2e7 + per_name * (double)g->tree.n;
}

/* One sample, on a file system mounted for it alone. */
static int measure(struct run *r, const struct run_group *g,
		   unsigned int method, unsigned int round, struct sample *s)
{
	struct bench *b = &r->bench;
	const struct inval_method *m = &inval_methods[method];
	struct param param = { 0 };
	int err = 0, close_err;

	b->method = m;
	b->method_nr = method;
	b->threads = g->threads;
	b->populate = g->populate;
	b->round = round;
	s->start_ns = clock_monotonic_ns();
	b->fail[0] = 0;
	if (m->param && !access(m->param, F_OK)) {
		err = param_set(&param, m->param, m->param_value);
		if (err)
			bench_fail(b, err, "cannot set %s: %s", m->param,
				   strerror(-err));
	}
	if (!err)
		err = bench_open(b);
	if (!err)
		err = g->bcase->run(b, s);
	close_err = bench_close(b, s);
	if (!err)
		err = close_err;
	param_restore(&param);
	return bench_interrupted ? -ECANCELED : err;
}

static void describe(const struct run *r, const struct run_group *g,
		     unsigned int method, struct record *rec)
{
	const struct inval_method *m = &inval_methods[method];

	snprintf(rec->run_id, sizeof(rec->run_id), "%s", r->run_id);
	snprintf(rec->case_name, sizeof(rec->case_name), "%s",
		 g->bcase->table.name);
	snprintf(rec->method, sizeof(rec->method), "%s", m->name);
	snprintf(rec->guarantee, sizeof(rec->guarantee), "%s",
		 guarantee_name(m->guarantee));
	snprintf(rec->shape, sizeof(rec->shape), "%s",
		 shape_name(g->tree.shape));
	snprintf(rec->populate, sizeof(rec->populate), "%s",
		 populate_name(g->populate));
	snprintf(rec->clock_unit, sizeof(rec->clock_unit), "%s", clock_unit());
	rec->n = g->tree.n;
	rec->threads = g->threads;
	rec->traced = r->cfg->trace;
	rec->host = r->host;
}

static void give_up(struct record *rec, int exit, const char *why)
{
	rec->exit = exit;
	snprintf(rec->why, sizeof(rec->why), "%s", why);
	if (exit == STATUS_FAILED && !bench_interrupted) {
		progress_clear();
		fprintf(stderr, "epochbench: %s, %s, n=%llu: %s\n",
			rec->case_name, rec->method, (unsigned long long)rec->n,
			why);
	}
}

/* Which of the group's methods can't run here, and why. */
static void skip_unfit(const struct run *r, const struct run_group *g,
		       struct record *rec)
{
	for (unsigned int i = 0; i < g->method_cnt; i++) {
		const struct inval_method *m = &inval_methods[g->method[i]];
		const char *why = inval_unfit(m, &g->tree, g->threads);

		if (!why && run_is_theirs(r->cfg) && m->guarantee &&
		    g->method[i] != inval_own)
			why = inval_unfit_real(m);
		if (!why && r->cfg->theirs.mount &&
		    m->hazards & HAZARD_SUBMOUNT)
			why = "could break what stands on a mount that is in "
			      "use";
		describe(r, g, g->method[i], &rec[i]);
		if (r->support[g->method[i]])
			why = "not offered by this kernel";
		if (g->unfit)
			why = g->unfit;
		if (why)
			give_up(&rec[i], STATUS_SKIP, why);
	}
}

/* A different order each round, the same in each run (numbers by Knuth). */
static void shuffle(unsigned int *order, unsigned int cnt, unsigned int round)
{
	uint64_t x = round + 1;

	for (unsigned int i = 0; i < cnt; i++)
		order[i] = i;
	for (unsigned int i = cnt; i > 1; i--) {
		unsigned int k, tmp;

		x = x * 6364136223846793005ULL + 1442695040888963407ULL;
		k = (unsigned int)((x >> 33) % i);
		tmp = order[i - 1];
		order[i - 1] = order[k];
		order[k] = tmp;
	}
}

/* A sample's outcome: what failed once is not measured again. */
static void note_result(const struct run *r, int err, struct record *rec)
{
	if (err == -ECANCELED)
		give_up(rec, STATUS_FAILED, "interrupted");
	else if (err)
		give_up(rec, STATUS_FAILED,
			r->bench.fail[0] ? r->bench.fail : strerror(-err));
}

/*
 * Whoever else is on the machine may drop caches, or take memory: names that were
 * lost before the clock has started are no failure, if that doesn't last.
 */
static int measure_warm(struct run *r, const struct run_group *g,
			unsigned int method, unsigned int round,
			struct sample *s)
{
	enum { TRIES = 4 };
	int err = -EAGAIN;

	for (unsigned int i = 0; i < TRIES && err == -EAGAIN; i++) {
		if (i) {
			progress_clear();
			fprintf(stderr, "epochbench: %s; once more\n",
				r->bench.fail);
		}
		*s = (struct sample){ 0 };
		err = measure(r, g, method, round, s);
	}
	return err;
}

/* One sample that isn't kept.  A failure is final for its variant. */
static void warm_up(struct run *r, const struct run_group *g,
		    struct record *rec)
{
	struct sample *s = calloc(1, sizeof(*s));
	struct run_group small = *g;
	unsigned int i = 0;

	while (i < g->method_cnt && rec[i].exit)
		i++;
	if (s && i < g->method_cnt) {
		if (small.tree.n > WARMUP_N_MAX)
			small.tree.n = WARMUP_N_MAX;
		r->bench.tree = small.tree;
		r->bench.warming_up = true;
		note_result(r, measure_warm(r, &small, g->method[i], 0, s),
			    &rec[i]);
		r->bench.warming_up = false;
		r->bench.tree = g->tree;
	}
	free(s);
}

static void one_sample(struct run *r, const struct run_group *g, unsigned int i,
		       unsigned int round, struct record *rec)
{
	struct sample *s = calloc(1, sizeof(*s));
	char what[96], size[UNITS_LEN];
	int err;

	units_format((double)g->tree.n, UNIT_NAMES, size, sizeof(size));
	snprintf(what, sizeof(what), "%s, %s %s, round %u of %u", rec->method,
		 rec->shape, size, round + 1, g->rounds);
	progress_step(expected_ns(g, g->method[i]), what);
	err = s ? measure_warm(r, g, g->method[i], round, s) : -ENOMEM;
	note_result(r, err, rec);
	/* A failed one is kept as well, for whoever looks for the cause. */
	if (s && err != -ECANCELED && record_add_sample(rec, s))
		note_result(r, -ENOMEM, rec);
	free(s);
	progress_done();
}

static void keep_facts(const struct run *r, struct record *rec)
{
	rec->daemon = malloc(sizeof(*rec->daemon));
	if (rec->daemon)
		*rec->daemon = r->theirs.facts;
	else
		note_result(r, -ENOMEM, rec);
}

static void run_group(struct run *r, const struct run_group *g,
		      struct record *rec)
{
	unsigned int order[RUN_METHODS_MAX];

	r->bench.tree = g->tree;
	if (!bench_interrupted)
		warm_up(r, g, rec);
	for (unsigned int round = 0; round < g->rounds; round++) {
		shuffle(order, g->method_cnt, round);
		for (unsigned int k = 0; k < g->method_cnt; k++) {
			unsigned int i = order[k];

			if (rec[i].exit)
				continue;
			if (bench_interrupted)
				give_up(&rec[i], STATUS_FAILED, "interrupted");
			else
				one_sample(r, g, i, round, &rec[i]);
		}
	}
	for (unsigned int i = 0; run_is_theirs(r->cfg) && i < g->method_cnt;
	     i++)
		keep_facts(r, &rec[i]);
}

/* When all is measured, as that is with strace; if it was ever mounted. */
static void ask_theirs(struct run *r)
{
	struct record_answers answers;

	if (!run_is_theirs(r->cfg) || !r->theirs.facts.program[0] ||
	    bench_interrupted)
		return;
	theirs_ask(&r->bench, &answers);
	for (size_t i = 0; i < r->rec_cnt; i++)
		if (r->rec[i].daemon)
			r->rec[i].daemon->answers = answers;
}

static void tell_group(const struct run_group *g)
{
	char name[96], size[UNITS_LEN];

	units_format((double)g->tree.n, UNIT_NAMES, size, sizeof(size));
	snprintf(name, sizeof(name), "%s, %s, %s names", g->bcase->table.name,
		 shape_name(g->tree.shape), size);
	if (!bench_interrupted)
		progress_group(name);
}

/* 0, or an exit status, having said why nothing was measured. */
static int run_groups(struct run *r)
{
	struct run_config *cfg = r->cfg;
	struct record *rec = r->rec;
	double total = 0;

	for (unsigned int i = 0; i < cfg->group_cnt; i++) {
		struct run_group *g = &cfg->group[i];

		skip_unfit(r, g, rec);
		for (unsigned int k = 0; k < g->method_cnt; k++)
			if (!rec[k].exit)
				total += g->rounds *
					 expected_ns(g, g->method[k]);
		rec += g->method_cnt;
	}
	if (run_check_columns(r))
		return STATUS_USAGE;
	if (hostinfo_is_busy(&r->host) && !clock_is_exact())
		fprintf(stderr,
			"epochbench: the load is %.1f on %u CPUs: it takes "
			"longer, and times are doubtful (counts aren't)\n",
			r->host.load1, r->host.cpu_cnt);
	progress_start(total, cfg->group_cnt);
	rec = r->rec;
	for (unsigned int i = 0; i < cfg->group_cnt; i++) {
		run_group(r, &cfg->group[i], rec);
		tell_group(&cfg->group[i]);
		rec += cfg->group[i].method_cnt;
		if (i + 1 < cfg->group_cnt)
			run_save_so_far(r, (size_t)(rec - r->rec));
		run_show_so_far(r, (size_t)(rec - r->rec));
	}
	progress_clear();
	ask_theirs(r);
	return 0;
}

static bool wants_epoch(const struct run_config *cfg)
{
	unsigned int epoch = (unsigned int)inval_by_name("epoch");

	for (unsigned int i = 0; i < cfg->group_cnt; i++)
		for (unsigned int k = 0; k < cfg->group[i].method_cnt; k++)
			if (cfg->group[i].method[k] == epoch)
				return true;
	return false;
}

int run_all_groups(struct run_config *cfg)
{
	struct run r = { .cfg = cfg };
	int epoch = inval_by_name("epoch"), status = run_prepare(&r);

	if (status)
		goto out;
	if (run_probe(&r)) {
		status = STATUS_FAILED;
		goto out;
	}
	if (r.support[epoch] && wants_epoch(cfg)) {
		fprintf(stderr,
			"epochbench: this kernel (%s) has no INC_EPOCH (Linux "
			"6.16 and newer have it): boot a newer one, or run "
			"this in a guest: the suite's vm --fuse v8 -- ...\n",
			r.host.kernel);
		if (cfg->suite) {
			status = STATUS_SKIP;
			goto out;
		}
	}
	status = run_use_theirs(&r);
	if (status)
		goto out;
	if (cfg->trace) {
		status = run_trace(&r);
		if (status)
			goto out;
	}
	for (unsigned int i = 0; i < cfg->group_cnt; i++)
		r.rec_cnt += cfg->group[i].method_cnt;
	r.rec = calloc(r.rec_cnt, sizeof(*r.rec));
	if (r.rec)
		status = run_groups(&r);
out:
	kernel_view_close(r.bench.view);
	if (r.bench.theirs)
		theirs_end(r.bench.theirs);
	param_restore(&r.rt_limit);
	mount_point_release(&r.bench.mp);
	/* Last, as it may wait for a reader. */
	if (!status)
		status = r.rec ? run_deliver(&r) : STATUS_FAILED;
	for (size_t i = 0; r.rec && i < r.rec_cnt; i++)
		record_free(&r.rec[i]);
	free(r.rec);
	return status;
}
