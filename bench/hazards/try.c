// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bench/host/child.h"
#include "bench/host/mount.h"
#include "bench/host/param.h"
#include "bench/lib/progress.h"
#include "methods.h"
#include "records.h"
#include "try.h"

/* Runs until two agree: something else may have dropped what was cached. */
enum { RUNS_MAX = 5 };

struct pair {
	const struct hazard *hazard;
	const struct inval_method *method;
};

static void run_probe(const void *pair)
{
	const struct pair *p = pair;

	p->hazard->run(p->method);
}

static json_t *run_once(const struct pair *p)
{
	struct param param = { .path = NULL };
	json_t *said;
	int err = 0;

	if (p->method->param && !access(p->method->param, W_OK))
		err = param_set(&param, p->method->param,
				p->method->param_value);
	if (err)
		return json_pack("[{ss ss ss+}]", "probe", "", "outcome",
				 "failed", "detail",
				 "cannot set the parameter: ", strerror(-err));
	said = child_run(run_probe, p, p->hazard->limit_s);
	param_restore(&param);
	return said;
}

static json_t *run_pair(const struct pair *p)
{
	json_t *said = run_once(p), *last = NULL;

	for (int i = 1; said && p->hazard->confirm && i < RUNS_MAX; i++) {
		if (last && json_equal(said, last))
			break;
		json_decref(last);
		last = said;
		said = run_once(p);
	}
	json_decref(last);
	return said;
}

static bool is_wanted(const struct try_plan *plan, unsigned int h,
		      unsigned int m)
{
	return plan->hazard[h] && plan->method[m] &&
	       hazards[h]->concerns(hazard_method(m));
}

static int try_pair(const struct pair *p, json_t *records,
		    const struct hostinfo *host)
{
	char what[80];
	json_t *said;
	int err;

	snprintf(what, sizeof(what), "%s, %s", p->hazard->name,
		 p->method->name);
	progress_step(1, what);
	said = run_pair(p);
	progress_done();
	if (!said)
		return child_interrupted() ? -EINTR : -ENOMEM;
	err = records_add(records, said, p->hazard, p->method, host);
	json_decref(said);
	return err;
}

static unsigned int wanted_cnt(const struct try_plan *plan, unsigned int h)
{
	unsigned int cnt = 0;

	for (unsigned int m = 0; m < hazard_method_cnt(); m++)
		cnt += is_wanted(plan, h, m);
	return cnt;
}

static int try_hazard(const struct try_plan *plan, unsigned int h,
		      json_t *records, const struct hostinfo *host)
{
	int err = 0;

	for (unsigned int m = 0; !err && m < hazard_method_cnt(); m++) {
		struct pair p = { hazards[h], hazard_method(m) };

		if (is_wanted(plan, h, m))
			err = try_pair(&p, records, host);
		if (!err && child_interrupted())
			err = -EINTR;
	}
	if (!err && wanted_cnt(plan, h))
		progress_group(hazards[h]->name);
	return err;
}

static int try_each(const struct try_plan *plan, json_t *records)
{
	struct hostinfo host = { 0 };
	unsigned int pair_cnt = 0, group_cnt = 0;
	int err = 0;

	hostinfo_get(&host);
	for (unsigned int h = 0; h < hazard_cnt; h++) {
		pair_cnt += wanted_cnt(plan, h);
		group_cnt += wanted_cnt(plan, h) > 0;
	}
	if (!pair_cnt)
		return -EINVAL;
	progress_start(pair_cnt, group_cnt);
	for (unsigned int h = 0; !err && h < hazard_cnt; h++)
		err = try_hazard(plan, h, records, &host);
	progress_clear();
	return err;
}

int try_all(const struct try_plan *plan, json_t *records, char *err,
	    size_t err_len)
{
	int ret;

	ret = mount_check(err, err_len);
	if (!ret)
		ret = child_begin(err, err_len);
	if (ret)
		return ret;
	ret = try_each(plan, records);
	child_end();
	if (ret)
		snprintf(err, err_len, "%s",
			 ret == -EINTR	  ? "interrupted"
			 : ret == -EINVAL ? "there is nothing to try of these "
					    "methods in these hazards"
					  : strerror(-ret));
	return ret;
}
