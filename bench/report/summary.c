// SPDX-License-Identifier: GPL-2.0-only
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/record/record_text.h"
#include "phase_stats.h"
#include "summary.h"

/*
 * What a column takes from one sample; false if the sample lacks it.  Ratios
 * need both halves of a round, so a missing one must not shift the others.
 */
typedef bool pick_fn(const struct record *rec, size_t i,
		     const struct column *col, uint64_t *out);

static bool pick_cost(const struct record *rec, size_t i,
		      const struct column *col, uint64_t *out)
{
	*out = RECORD_VALUE(rec, i, phase[col->phase].cost);
	return RECORD_VALUE(rec, i, phase[col->phase].used);
}

static bool pick_other_cost(const struct record *rec, size_t i,
			    const struct column *col, uint64_t *out)
{
	*out = RECORD_VALUE(rec, i, phase[col->other].cost);
	return RECORD_VALUE(rec, i, phase[col->other].used);
}

static bool pick_daemon_cpu(const struct record *rec, size_t i,
			    const struct column *col, uint64_t *out)
{
	*out = RECORD_VALUE(rec, i, phase[col->phase].daemon_cpu_ns);
	return RECORD_VALUE(rec, i, phase[col->phase].used);
}

static bool pick_cpu(const struct record *rec, size_t i,
		     const struct column *col, uint64_t *out)
{
	*out = RECORD_VALUE(rec, i, phase[col->phase].daemon_cpu_ns) +
	       RECORD_VALUE(rec, i, phase[col->phase].driver_cpu_ns);
	return RECORD_VALUE(rec, i, phase[col->phase].used);
}

static bool pick_ops(const struct record *rec, size_t i,
		     const struct column *col, uint64_t *out)
{
	*out = RECORD_VALUE(rec, i, phase[col->phase].op_cnt[col->opcode]);
	return RECORD_VALUE(rec, i, phase[col->phase].used);
}

static bool pick_msgs(const struct record *rec, size_t i,
		      const struct column *col, uint64_t *out)
{
	(void)col;
	*out = RECORD_VALUE(rec, i, msg_cnt);
	return true;
}

/* 0 bytes can't be: nobody measured. */
static bool pick_mem(const struct record *rec, size_t i,
		     const struct column *col, uint64_t *out)
{
	(void)col;
	*out = RECORD_VALUE(rec, i, slab_peak_bytes);
	return *out != 0;
}

static bool pick_asked(const struct record *rec, size_t i,
		       const struct column *col, uint64_t *out)
{
	(void)col;
	*out = RECORD_VALUE(rec, i, stale_cnt);
	return true;
}

static bool pick_renumbered(const struct record *rec, size_t i,
			    const struct column *col, uint64_t *out)
{
	(void)col;
	*out = RECORD_VALUE(rec, i, renumbered_cnt);
	return true;
}

static bool pick_daemon_start(const struct record *rec, size_t i,
			      const struct column *col, uint64_t *out)
{
	(void)col;
	*out = RECORD_VALUE(rec, i, daemon_start_bytes);
	return *out != 0;
}

static bool pick_daemon_peak(const struct record *rec, size_t i,
			     const struct column *col, uint64_t *out)
{
	(void)col;
	*out = RECORD_VALUE(rec, i, daemon_rss_bytes);
	return *out != 0;
}

static struct stats pick_stats(const struct record *rec,
			       const struct column *col, pick_fn *pick)
{
	struct stats st = { 0, NAN, NAN, NAN, NAN };
	uint64_t *value = calloc(rec->sample_cnt + 1, sizeof(*value));
	size_t cnt = 0;

	if (!value)
		return st;
	for (size_t i = 0; i < rec->sample_cnt; i++)
		cnt += pick(rec, i, col, &value[cnt]);
	if (stats_of(value, cnt, &st))
		st.cnt = 0;
	free(value);
	return st;
}

/* Median over the rounds of a's pick / b's pick. */
static double pick_ratio(const struct record *a, pick_fn *pick_a,
			 const struct record *b, pick_fn *pick_b,
			 const struct column *col)
{
	size_t rounds =
		a->sample_cnt < b->sample_cnt ? a->sample_cnt : b->sample_cnt;
	uint64_t *above = calloc(rounds + 1, sizeof(*above));
	uint64_t *below = calloc(rounds + 1, sizeof(*below));
	double ratio = NAN;
	size_t cnt = 0;

	if (above && below) {
		for (size_t i = 0; i < rounds; i++)
			cnt += pick_a(a, i, col, &above[cnt]) &&
			       pick_b(b, i, col, &below[cnt]);
		ratio = stats_paired_ratio(above, cnt, below, cnt);
	}
	free(above);
	free(below);
	return ratio;
}

static double vs_none(const struct column *col, const struct record *rec,
		      const struct rivals *rivals)
{
	const struct record *control = rivals_control(rivals, rec);

	return control ? pick_ratio(rec, pick_cost, control, pick_cost, col)
		       : NAN;
}

/* A method that makes less stale may well be cheaper: that is no contest. */
static double vs_best(const struct column *col, const struct record *rec,
		      const struct rivals *rivals)
{
	const struct record *best;

	if (!rec->guarantee[0] || !strcmp(rec->guarantee, "none"))
		return NAN;
	best = rivals_best(rivals, rec, col->phase);
	return best ? pick_ratio(rec, pick_cost, best, pick_cost, col) : NAN;
}

static double mad_pct(const struct stats *st)
{
	/* One sample has no spread, and 0% would claim a perfect one. */
	if (st->cnt < 2 || !(st->median > 0))
		return NAN;
	return 100 * st->mad / st->median;
}

/* Of all rounds together; what could be seen before the notify tells nothing. */
static double seen_pct(const struct record *rec)
{
	uint64_t seen = 0, unseen = 0;

	for (size_t i = 0; i < rec->sample_cnt; i++) {
		seen += RECORD_VALUE(rec, i, seen_cnt);
		unseen += RECORD_VALUE(rec, i, unseen_cnt);
	}
	return unseen ? 100 * (double)seen / (double)unseen : NAN;
}

void summary_breaks(const struct record *rec, char *buf, size_t len)
{
	static const char *const names[] = { "submount", "overlay" };
	uint64_t tried = 0, broken = 0;

	for (size_t i = 0; i < rec->sample_cnt; i++) {
		tried |= RECORD_VALUE(rec, i, tried_bits);
		broken |= RECORD_VALUE(rec, i, broken_bits);
	}
	snprintf(buf, len, "%s", tried ? broken ? "" : "-" : "?");
	for (unsigned int i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (broken & 1ULL << i)
			snprintf(buf + strlen(buf), len - strlen(buf), "%s%s",
				 *buf ? ", " : "", names[i]);
}

bool summary_is_label(enum column_kind kind)
{
	return kind == COL_METHOD || kind == COL_SHAPE || kind == COL_N ||
	       kind == COL_POPULATE || kind == COL_FUSE || kind == COL_SIDE ||
	       kind == COL_HOST || kind == COL_BREAKS;
}

/* The columns that are not a count, whose spread matters. */
static double value_of(const struct column *col, const struct record *rec,
		       const struct rivals *rivals)
{
	struct stats cost = phase_stats(rec, col->phase);

	switch (col->kind) {
	case COL_RUNS:
		return (double)rec->sample_cnt;
	case COL_MEDIAN:
		return cost.median;
	case COL_MIN:
		return cost.min;
	case COL_MAD_PCT:
		return mad_pct(&cost);
	case COL_PER_MSG:
		return pick_ratio(rec, pick_cost, rec, pick_msgs, col);
	case COL_RATE:
		if (record_cost_unit(rec) != UNIT_NS)
			return NAN;
		return (double)rec->n / cost.median * 1e9;
	case COL_DAEMON_SHARE:
		return 100 *
		       pick_ratio(rec, pick_daemon_cpu, rec, pick_cpu, col);
	case COL_VS_NONE:
		return vs_none(col, rec, rivals);
	case COL_VS_BEST:
		return vs_best(col, rec, rivals);
	case COL_VS_PHASE:
		return pick_ratio(rec, pick_cost, rec, pick_other_cost, col);
	case COL_MEM_PEAK:
		return pick_stats(rec, col, pick_mem).median;
	case COL_MEM_PER_NAME:
		return pick_stats(rec, col, pick_mem).median / (double)rec->n;
	case COL_SEEN:
		return seen_pct(rec);
	case COL_DAEMON_START:
		return pick_stats(rec, col, pick_daemon_start).median;
	case COL_DAEMON_PEAK:
		return pick_stats(rec, col, pick_daemon_peak).median;
	default:
		return NAN;
	}
}

/* Unit of a kind of column; the record's clock knows that of a cost. */
#define UNIT_COST -1
static const struct {
	const char *what; /* in its key */
	int unit;
} kinds[] = {
	[COL_METHOD] = { "method", UNIT_CNT },
	[COL_SHAPE] = { "shape", UNIT_CNT },
	[COL_N] = { "n", UNIT_NAMES },
	[COL_POPULATE] = { "populate", UNIT_CNT },
	[COL_FUSE] = { "fuse", UNIT_CNT },
	[COL_SIDE] = { "side", UNIT_CNT },
	[COL_HOST] = { "host", UNIT_CNT },
	[COL_RUNS] = { "runs", UNIT_CNT },
	[COL_MEDIAN] = { "median", UNIT_COST },
	[COL_MIN] = { "min", UNIT_COST },
	[COL_MAD_PCT] = { "mad", UNIT_PCT },
	[COL_PER_MSG] = { "per_msg", UNIT_COST },
	[COL_RATE] = { "names", UNIT_PER_S },
	[COL_DAEMON_SHARE] = { "daemon_share", UNIT_PCT },
	[COL_OPS] = { "", UNIT_CNT },
	[COL_MSGS] = { "msg", UNIT_CNT },
	[COL_VS_NONE] = { "vs_none", UNIT_RATIO },
	[COL_VS_BEST] = { "vs_best", UNIT_RATIO },
	[COL_VS_PHASE] = { "vs", UNIT_RATIO },
	[COL_MEM_PEAK] = { "mem_peak", UNIT_BYTES },
	[COL_MEM_PER_NAME] = { "mem_per_name", UNIT_BYTES },
	[COL_ASKED] = { "asked", UNIT_CNT },
	[COL_SEEN] = { "seen", UNIT_PCT },
	[COL_RENUMBERED] = { "renumbered", UNIT_CNT },
	[COL_DAEMON_START] = { "daemon_start", UNIT_BYTES },
	[COL_DAEMON_PEAK] = { "daemon_peak", UNIT_BYTES },
	[COL_BREAKS] = { "breaks", UNIT_CNT },
};

/* Counts, which may differ between the rounds; NULL: it isn't one. */
static pick_fn *const count_picks[] = {
	[COL_OPS] = pick_ops,	  [COL_MSGS] = pick_msgs,
	[COL_ASKED] = pick_asked, [COL_RENUMBERED] = pick_renumbered,
	[COL_BREAKS] = NULL,
};

/* Is it about a whole sample, not about a phase? */
static bool is_of_sample(enum column_kind kind)
{
	return kind == COL_MSGS || kind == COL_MEM_PEAK ||
	       kind == COL_MEM_PER_NAME || kind >= COL_ASKED;
}

/* Nobody has counted the requests of a daemon that isn't ours, but a tracer. */
static bool is_uncounted(const struct column *col, const struct record *rec)
{
	return col->kind == COL_OPS && record_daemon_of(rec)->command[0] &&
	       !rec->traced;
}

static enum unit unit_of(const struct column *col, enum unit cost_unit)
{
	int unit = kinds[col->kind].unit;

	return unit == UNIT_COST ? cost_unit : (enum unit)unit;
}

struct summary summary_of(const struct column *col, const struct record *rec,
			  const struct rivals *rivals)
{
	struct summary sum = {
		.unit = unit_of(col, record_cost_unit(rec)),
	};
	struct stats st;

	if (!count_picks[col->kind] || is_uncounted(col, rec)) {
		sum.value = value_of(col, rec, rivals);
		return sum;
	}
	st = pick_stats(rec, col, count_picks[col->kind]);
	sum.value = st.median;
	sum.varies = st.cnt && st.min != st.max;
	return sum;
}

void summary_key(const struct column *col, enum unit cost_unit, char *buf,
		 size_t len)
{
	const char *phase = phase_name(col->phase);
	const char *what = kinds[col->kind].what;
	const char *unit = units_suffix(unit_of(col, cost_unit));

	if (summary_is_label(col->kind) || col->kind == COL_RUNS)
		snprintf(buf, len, "%s", what);
	else if (is_of_sample(col->kind))
		snprintf(buf, len, "%s_%s", what, unit);
	else if (col->kind == COL_OPS)
		snprintf(buf, len, "%s_%s_%s", phase, opcode_name(col->opcode),
			 unit);
	else if (col->kind == COL_VS_PHASE)
		snprintf(buf, len, "%s_vs_%s_%s", phase, phase_name(col->other),
			 unit);
	else
		snprintf(buf, len, "%s_%s_%s", phase, what, unit);
}
