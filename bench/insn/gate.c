// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/lib/grow.h"
#include "functions.h"
#include "gate.h"
#include "gate_index.h"
#include "gate_rules.h"

__attribute__((format(printf, 3, 4))) static int bad(char *err, size_t err_len,
						     const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(err, err_len, fmt, ap);
	va_end(ap);
	return -EINVAL;
}

/* "v8+planted" for "v8+planted 0123456789ab"; the kernel's own: its release. */
static size_t variant_len(const char *fuse)
{
	return strcspn(fuse, " ");
}

/* Variants are judged by the baseline of what is before the "+". */
static bool same_variant(const json_t *m, const char *fuse)
{
	const char *own = gate_text_of(m, "fuse");
	size_t len = strcspn(fuse, "+ ");

	return !strncmp(own, fuse, len) && strcspn(own, "+ ") == len;
}

/* Both sides of a comparison, and where to find what is in them. */
struct sides {
	bool direct;
	json_t *base, *now;
	json_t *base_index, *now_index; /* by variant */
	json_t *counted; /* now by run */
};

static json_t *find(json_t *index, const char *fuse, bool traced,
		    const char *method, const char *phase)
{
	return gate_find(index, GATE_VARIANT, fuse, traced, method, phase);
}

/* Functions of (now - its stock) - (base - its stock). */
static json_t *culprits(json_t *now, json_t *now_stock, json_t *base,
			json_t *base_stock)
{
	json_t *sum = json_object(), *moved;

	functions_add(sum, json_object_get(now, "functions"), 1);
	functions_add(sum, json_object_get(now_stock, "functions"), -1);
	functions_add(sum, json_object_get(base, "functions"), -1);
	functions_add(sum, json_object_get(base_stock, "functions"), 1);
	functions_drop_zeros(sum);
	/* Most are gone, but not their room. */
	moved = json_copy(sum);
	json_decref(sum);
	return moved;
}

/* Where boots differ, by how much they did, in the run or in the baseline. */
static int64_t spread_of(const json_t *now, const json_t *base, const char *key)
{
	int64_t a = gate_number_of(now, key);
	int64_t b = gate_number_of(base, key);

	return a > b ? a : b;
}

/* Stock itself, not traced, has nothing to be compared with. */
static bool is_control(const json_t *m)
{
	return same_variant(m, "stock") && !gate_is_traced(m) &&
	       gate_text_of(m, "fuse")[strlen("stock")] != '+';
}

/* NULL also if nothing is compared with it: counts less it are whole. */
static json_t *stock_of(const struct sides *s, json_t *index,
			const struct gate_rule *r)
{
	if (s->direct)
		return NULL;
	return find(index, "stock", false, r->stock_method, r->stock_phase);
}

static enum gate_outcome outcome_of(int64_t more, int64_t base_more,
				    int64_t tolerance)
{
	return more > base_more + tolerance   ? GATE_WORSE
	       : more < base_more - tolerance ? GATE_BETTER
					      : GATE_SAME;
}

/* What a measurement takes more than stock, in three of four. */
static int64_t upper_more_of(const json_t *m, const json_t *stock)
{
	return gate_number_of(m, "upper_insns") -
	       gate_number_of(stock, "upper_insns");
}

/* Four sides, of which older files and, direct, stock don't have it. */
static void judge_upper(struct gate_row *row, const struct gate_rule *r,
			const json_t *m, const json_t *stock,
			const json_t *base, const json_t *base_stock)
{
	const json_t *side[] = { m, stock, base, base_stock };
	const char *spread = "spread_upper_insns";
	enum gate_outcome outcome;
	int64_t tolerance;

	for (size_t i = 0; i < sizeof(side) / sizeof(side[0]); i++)
		if (side[i] && !json_object_get(side[i], "upper_insns"))
			return;
	row->has_upper = true;
	row->upper_more = upper_more_of(m, stock);
	row->base_upper_more = upper_more_of(base, base_stock);
	tolerance = gate_rule_upper_tolerance(r, m) +
		    spread_of(m, base, spread) +
		    spread_of(stock, base_stock, spread);
	outcome = outcome_of(row->upper_more, row->base_upper_more, tolerance);
	row->upper_worse = outcome == GATE_WORSE &&
			   row->upper_more - row->base_upper_more >
				   row->more - row->base_more;
	if (!row->upper_worse || row->outcome == GATE_WORSE)
		return;
	row->by_upper = true;
	row->outcome = outcome;
	row->tolerance = tolerance;
}

static int judge_one(struct gate_row *row, const struct sides *s,
		     const json_t *m, char *err, size_t err_len)
{
	const struct gate_rule *r = gate_rule_of(m);
	json_t *base = find(s->base_index, gate_text_of(m, "fuse"),
			    gate_is_traced(m), r->method, r->phase);
	json_t *base_stock = stock_of(s, s->base_index, r);
	json_t *stock = stock_of(s, s->now_index, r);

	if (!s->direct && (!stock || (base && !base_stock)))
		return bad(err, err_len,
			   "%s has no %s of stock to compare %s with: count "
			   "stock as well, as regress-insns does%s",
			   stock ? "the baseline" : "the run", r->stock_phase,
			   r->what,
			   stock ? ", and record the baseline again" : "");
	if (base && gate_number_of(base, "n") != gate_number_of(m, "n"))
		return bad(err, err_len,
			   "%s was counted with %lld names, in the baseline "
			   "with %lld: use --names %lld",
			   r->what, (long long)gate_number_of(m, "n"),
			   (long long)gate_number_of(base, "n"),
			   (long long)gate_number_of(base, "n"));
	row->what = r->what;
	row->insns = gate_number_of(m, "insns");
	row->more = row->insns - gate_number_of(stock, "insns");
	row->tolerance = gate_rule_tolerance(r, m) +
			 spread_of(m, base, "spread_insns") +
			 spread_of(stock, base_stock, "spread_insns");
	row->outcome = GATE_NEW;
	if (!base)
		return 0;
	row->base_insns = gate_number_of(base, "insns");
	row->base_more = row->base_insns - gate_number_of(base_stock, "insns");
	row->outcome = outcome_of(row->more, row->base_more, row->tolerance);
	judge_upper(row, r, m, stock, base, base_stock);
	row->functions = culprits((json_t *)m, stock, base, base_stock);
	return 0;
}

/* Of the versions that either names, those that aren't equal. */
static json_t *moved_versions(json_t *base, json_t *now)
{
	json_t *a = json_object_get(json_array_get(base, 0), "versions");
	json_t *b = json_object_get(json_array_get(now, 0), "versions");
	json_t *all = json_copy(a), *moved = json_object(), *value;
	const char *name;

	json_object_update(all, b);
	json_object_foreach (all, name, value) {
		const char *x = gate_text_of(a, name),
			   *y = gate_text_of(b, name);

		if (strcmp(x, y))
			json_object_set_new(moved, name,
					    json_pack("[s,s]", x, y));
	}
	json_decref(all);
	return moved;
}

/* What stock takes in other functions than in the baseline, all operations. */
static json_t *moved_in_stock(const struct sides *s)
{
	json_t *sum = json_object(), *m, *before;
	size_t i;

	json_array_foreach (s->now, i, m) {
		if (!gate_rule_of(m) || !is_control(m))
			continue;
		before = find(s->base_index, "stock", false,
			      gate_text_of(m, "method"),
			      gate_text_of(m, "phase"));
		if (!before)
			continue;
		functions_add(sum, json_object_get(m, "functions"), 1);
		functions_add(sum, json_object_get(before, "functions"), -1);
	}
	functions_drop_zeros(sum);
	return sum;
}

/* The next row, of the variant that m is of; NULL with a sentence in err. */
static struct gate_row *add_row(struct gate *g, const json_t *m, char *err,
				size_t err_len)
{
	const char *fuse = gate_text_of(m, "fuse");
	struct gate_row *grown = grow(g->row, g->cnt, sizeof(*grown));

	if (grown) {
		g->row = grown;
		grown += g->cnt;
		*grown = (struct gate_row){
			.variant = strndup(fuse, variant_len(fuse)),
			.traced = gate_is_traced(m),
		};
	}
	if (!grown || !grown->variant) {
		bad(err, err_len, "no memory");
		return NULL;
	}
	g->cnt++;
	return grown;
}

/* What the baseline has of the variant that like is of, and the run hasn't. */
static int add_missing_of(struct gate *g, const struct sides *s,
			  const json_t *like, char *err, size_t err_len)
{
	const char *fuse = gate_text_of(like, "fuse");
	bool traced = gate_is_traced(like);

	for (const struct gate_rule *r = gate_rules; r->what; r++) {
		json_t *m =
			find(s->base_index, fuse, traced, r->method, r->phase);
		json_t *stock = stock_of(s, s->base_index, r);
		struct gate_row *row;

		if (!m || gate_find(s->counted, GATE_RUN, fuse, traced,
				    r->method, r->phase))
			continue;
		row = add_row(g, like, err, err_len);
		if (!row)
			return -EINVAL;
		row->what = r->what;
		row->outcome = GATE_MISSING;
		row->base_insns = gate_number_of(m, "insns");
		row->base_more =
			row->base_insns - gate_number_of(stock, "insns");
	}
	return 0;
}

/* Is it the first measurement of its run?  If so, it counts as seen. */
static bool is_first(json_t *seen, const json_t *m)
{
	const char *fuse = gate_text_of(m, "fuse");
	json_t *run = json_sprintf("%.*s\n%d", (int)variant_len(fuse), fuse,
				   gate_is_traced(m));
	bool first = run && !json_object_get(seen, json_string_value(run));

	if (first)
		json_object_set_new(seen, json_string_value(run), json_true());
	json_decref(run);
	return first;
}

/* An operation that vanished would else be one that costs no more. */
static int add_missing(struct gate *g, const struct sides *s, char *err,
		       size_t err_len)
{
	json_t *seen = json_object(), *m;
	int ret = 0;
	size_t i;

	json_array_foreach (s->now, i, m)
		if (!ret && i && is_first(seen, m) && !is_control(m))
			ret = add_missing_of(g, s, m, err, err_len);
	json_decref(seen);
	return ret;
}

static int judge_all(struct gate *g, const struct sides *s, char *err,
		     size_t err_len)
{
	struct gate_row *row;
	int ret = 0;
	json_t *m;
	size_t i;

	json_array_foreach (s->now, i, m) {
		if (!gate_rule_of(m) || is_control(m))
			continue;
		row = add_row(g, m, err, err_len);
		ret = row ? judge_one(row, s, m, err, err_len) : -EINVAL;
		if (ret)
			return ret;
	}
	return add_missing(g, s, err, err_len);
}

int gate_judge(struct gate *g, json_t *base, json_t *now, bool direct,
	       char *err, size_t err_len)
{
	const struct sides s = { .direct = direct,
				 .base = base,
				 .now = now,
				 .base_index = gate_index(base, GATE_VARIANT),
				 .now_index = gate_index(now, GATE_VARIANT),
				 .counted = gate_index(now, GATE_RUN) };
	int ret;

	memset(g, 0, sizeof(*g));
	g->direct = direct;
	g->moved = moved_versions(base, now);
	g->stock_moved = moved_in_stock(&s);
	ret = judge_all(g, &s, err, err_len);
	for (size_t i = 0; i < g->cnt; i++)
		g->outcome_cnt[g->row[i].outcome]++;
	if (!ret && !g->cnt)
		ret = bad(err, err_len, "nothing was counted but stock");
	if (ret)
		gate_free(g);
	json_decref(s.base_index);
	json_decref(s.now_index);
	json_decref(s.counted);
	return ret;
}

void gate_free(struct gate *g)
{
	for (size_t i = 0; i < g->cnt; i++) {
		free((char *)g->row[i].variant);
		json_decref(g->row[i].functions);
	}
	free(g->row);
	json_decref(g->moved);
	json_decref(g->stock_moved);
	memset(g, 0, sizeof(*g));
}
