// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/inval/inval.h"
#include "bench/lib/input.h"
#include "bench/lib/marker.h"
#include "bench/lib/sizes.h"
#include "bench/lib/text.h"
#include "profile.h"
#include "symbols.h"

/* No operation takes so many: their sum is an int64_t. */
#define INSNS_MAX 1000000000000LL

struct profile {
	const struct record *recs;
	size_t cnt;
	struct symbols *syms;
	json_t *all; /* the measurements so far */
	json_t *functions; /* of the present one; NULL: not wanted */
	uint64_t insn_cnt, sum; /* of the present one; of its lines so far */
	bool seen[1 << MARKER_OP_BITS]; /* operations */
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
	text_tame(p->err);
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
		if (RECORD_VALUE(rec, i, phase[ph].used) &&
		    RECORD_VALUE(rec, i, phase[ph].cost) < least)
			least = RECORD_VALUE(rec, i, phase[ph].cost);
	return least;
}

/* The lines of an operation are to follow. */
static int begin_op(struct profile *p, unsigned int op, uint64_t insn_cnt,
		    uint64_t times, uint64_t upper_cnt)
{
	unsigned int method = op >> MARKER_PHASE_BITS;
	enum phase ph = op & ((1 << MARKER_PHASE_BITS) - 1);
	const struct record *rec;
	uint64_t cost;
	json_t *json;

	p->functions = NULL;
	p->insn_cnt = insn_cnt;
	p->sum = 0;
	if (p->seen[op])
		return bad(p, "operation %u is twice in it", op);
	p->seen[op] = true;
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
	if (upper_cnt < insn_cnt)
		return bad(p, "%s of %s: three of four are below the least",
			   phase_name(ph), rec->method);
	p->functions = json_object();
	json = json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:I,s:I,s:I,s:I,s:O}",
			 "schema", "insns/1", "kernel", rec->host.kernel,
			 "fuse", rec->host.fuse, "tracer", rec->host.tracer,
			 "method", rec->method, "phase", phase_name(ph), "n",
			 (json_int_t)rec->n, "times", (json_int_t)times,
			 "insns", (json_int_t)cost, "upper_insns",
			 (json_int_t)(upper_cnt - PROFILE_MORE_INSNS),
			 "functions", p->functions);
	json_decref(p->functions); /* the measurement keeps it */
	return json_array_append_new(p->all, json) ? bad(p, "no memory") : 0;
}

static int add_line(struct profile *p, uint64_t addr, uint64_t cnt)
{
	const char *name;
	json_int_t before;

	if (cnt > p->insn_cnt - p->sum)
		return bad(p,
			   "the lines of an operation add up to more than "
			   "%" PRIu64,
			   p->insn_cnt);
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

/* Takes a word and the number behind it. */
static bool take(const char **line, const char *word, unsigned int base,
		 uint64_t max, uint64_t *out)
{
	if (strncmp(*line, word, strlen(word)))
		return false;
	*line += strlen(word);
	return digits_take(line, base, max, out);
}

/* "op 32 insns 1822 of 192 upper 1830", then "ffffffff8117e6a0 1" for each address. */
static int read_line(struct profile *p, const char *line)
{
	const char *rest = line;
	uint64_t a, b, c, d;
	int err;

	if (take(&rest, "op ", 10, (1 << MARKER_OP_BITS) - 1, &a) &&
	    take(&rest, " insns ", 10, INSNS_MAX, &b) &&
	    take(&rest, " of ", 10, INSNS_MAX, &c) &&
	    take(&rest, " upper ", 10, INSNS_MAX, &d) && !*rest) {
		err = end_op(p);
		return err ? err : begin_op(p, (unsigned int)a, b, c, d);
	}
	rest = line;
	if (take(&rest, "", 16, UINT64_MAX, &a) &&
	    take(&rest, " ", 10, INSNS_MAX, &b) && !*rest)
		return add_line(p, a, b);
	return bad(p, "not a line of a profile: %.40s", line);
}

/* Whatever the case `operation' marks, and a record has, is in a whole profile. */
static int check_whole(struct profile *p)
{
	static const enum phase marked[] = { PHASE_HIT, PHASE_MISS, PHASE_STALE,
					     PHASE_NOTIFY, PHASE_FIRST_TOUCH };

	for (unsigned int m = 0; m < inval_method_cnt; m++) {
		const struct record *rec = record_of(p, inval_methods[m].name);

		for (size_t i = 0; rec && i < sizeof(marked) / sizeof(*marked);
		     i++)
			if (least_cost(rec, marked[i]) != UINT64_MAX &&
			    !p->seen[m << MARKER_PHASE_BITS | marked[i]])
				return bad(p,
					   "%s of %s is in the record, but not "
					   "in the profile: it is cut off",
					   phase_name(marked[i]), rec->method);
	}
	return 0;
}

static int read_raw(struct profile *p, const char *path)
{
	struct input in;
	size_t len;
	char *line;
	int err = input_read(path, &in);

	if (err)
		return bad(p, "%s: %s", path, input_error(err));
	while (!err && (line = input_line(&in, &len)))
		err = read_line(p, line);
	if (!err && input_is_cut(&in))
		err = bad(p, "%s: it is cut off", path);
	input_free(&in);
	if (!err)
		err = end_op(p);
	if (!err && !json_array_size(p->all))
		err = bad(p,
			  "%s: no operation in it: did the command mark "
			  "any (epochbench run -c operation --clock "
			  "insns)?",
			  path);
	return err ? err : check_whole(p);
}

json_t *profile_make(const struct record *recs, size_t cnt, const char *raw,
		     const char *symbols, char *err, size_t err_len)
{
	struct profile p = { .recs = recs,
			     .cnt = cnt,
			     .all = json_array(),
			     .err = err,
			     .err_len = err_len };
	int ret = -EINVAL;

	p.syms = symbols_load(symbols, err, err_len);
	if (p.syms)
		ret = read_raw(&p, raw);
	symbols_free(p.syms);
	if (!ret)
		return p.all;
	json_decref(p.all);
	return NULL;
}
