// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/inval/inval.h"
#include "bench/lib/marker.h"
#include "profile.h"
#include "symbols.h"

struct profile {
	const struct record *recs;
	size_t cnt;
	struct symbols *syms;
	json_t *all; /* the measurements so far */
	json_t *functions; /* of the present one; NULL: not wanted */
	uint64_t insn_cnt, sum; /* of the present one; of its lines so far */
	char *err;
	size_t err_len;
};

__attribute__((format(printf, 2, 3))) static int bad(struct profile *p,
						     const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(p->err, p->err_len, fmt, ap);
	va_end(ap);
	return -EINVAL;
}

static const struct record *record_of(const struct profile *p,
				      const char *method)
{
	for (size_t i = 0; i < p->cnt; i++)
		if (!strcmp(p->recs[i].case_name, "operation") &&
		    !strcmp(p->recs[i].clock_unit, "insns") &&
		    !strcmp(p->recs[i].method, method) && !p->recs[i].exit)
			return &p->recs[i];
	return NULL;
}

/* The least of all samples; UINT64_MAX: none has that phase. */
static uint64_t least_cost(const struct record *rec, enum phase ph)
{
	uint64_t least = UINT64_MAX;

	for (size_t i = 0; i < rec->sample_cnt; i++)
		if (rec->sample[i].phase[ph].used &&
		    rec->sample[i].phase[ph].cost < least)
			least = rec->sample[i].phase[ph].cost;
	return least;
}

/* The lines of an operation are to follow. */
static int begin_op(struct profile *p, unsigned int op, uint64_t insn_cnt,
		    uint64_t times)
{
	unsigned int method = op >> MARKER_PHASE_BITS;
	enum phase ph = op & ((1 << MARKER_PHASE_BITS) - 1);
	const struct record *rec;
	uint64_t cost;
	json_t *json;

	p->functions = NULL;
	p->insn_cnt = insn_cnt;
	p->sum = 0;
	if (op == MARKER_OP_CLOCK || op == MARKER_OP_NONE)
		return 0;
	if (method >= inval_method_cnt || ph >= PHASE_MAX)
		return bad(p,
			   "operation %u is unknown: the profile is of "
			   "another epochbench",
			   op);
	rec = record_of(p, inval_methods[method].name);
	cost = rec ? least_cost(rec, ph) : UINT64_MAX;
	if (cost == UINT64_MAX)
		return bad(p,
			   "no record has %s of %s: the profile is of "
			   "another run",
			   phase_name(ph), inval_methods[method].name);
	if (insn_cnt != cost + PROFILE_MORE_INSNS)
		return bad(p,
			   "%s of %s: %" PRIu64 " instructions in the "
			   "profile, but %" PRIu64 " and %d in the record",
			   phase_name(ph), rec->method, insn_cnt, cost,
			   PROFILE_MORE_INSNS);
	p->functions = json_object();
	json = json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:I,s:I,s:I,s:O}", "schema",
			 "insns/1", "kernel", rec->host.kernel, "fuse",
			 rec->host.fuse, "tracer", rec->host.tracer, "method",
			 rec->method, "phase", phase_name(ph), "n",
			 (json_int_t)rec->n, "times", (json_int_t)times,
			 "insns", (json_int_t)cost, "functions", p->functions);
	json_decref(p->functions); /* the measurement keeps it */
	return json_array_append_new(p->all, json) ? bad(p, "no memory") : 0;
}

static int add_line(struct profile *p, uint64_t addr, uint64_t cnt)
{
	const char *name;
	json_int_t before;

	p->sum += cnt;
	if (!p->functions)
		return 0;
	name = symbols_name(p->syms, addr);
	before = json_integer_value(json_object_get(p->functions, name));
	return json_object_set_new_nocheck(
		       p->functions, name,
		       json_integer(before + (json_int_t)cnt))
		       ? bad(p, "no memory")
		       : 0;
}

static int end_op(struct profile *p)
{
	return p->sum == p->insn_cnt
		       ? 0
		       : bad(p,
			     "the lines of an operation add up to %" PRIu64
			     " instead of %" PRIu64 ": the profile is cut",
			     p->sum, p->insn_cnt);
}

static int read_raw(struct profile *p, FILE *in)
{
	uint64_t a, b;
	char line[128];
	unsigned int op;
	int err = 0;

	while (!err && fgets(line, sizeof(line), in)) {
		if (sscanf(line, "op %u insns %" SCNu64 " of %" SCNu64, &op, &a,
			   &b) == 3) {
			err = end_op(p);
			if (!err)
				err = begin_op(p, op, a, b);
		} else if (sscanf(line, "%" SCNx64 " %" SCNu64, &a, &b) == 2) {
			err = add_line(p, a, b);
		} else {
			err = bad(p, "not a line of a profile: %.40s", line);
		}
	}
	return err ? err : end_op(p);
}

json_t *profile_make(const struct record *recs, size_t cnt, const char *raw,
		     const char *symbols, char *err, size_t err_len)
{
	struct profile p = { .recs = recs,
			     .cnt = cnt,
			     .all = json_array(),
			     .err = err,
			     .err_len = err_len };
	FILE *in = fopen(raw, "re");
	int ret;

	if (!in)
		ret = bad(&p, "%s: %s", raw, strerror(errno));
	else
		p.syms = symbols_load(symbols, err, err_len);
	ret = p.syms ? read_raw(&p, in) : -EINVAL;
	if (!ret && !json_array_size(p.all))
		ret = bad(&p,
			  "%s: no operation in it: did the command mark "
			  "any (epochbench run -c operation --clock "
			  "insns)?",
			  raw);
	symbols_free(p.syms);
	if (in)
		fclose(in);
	if (!ret)
		return p.all;
	json_decref(p.all);
	return NULL;
}
