/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * gate.h - judges instruction counts: does an operation take more than before?
 *
 * The gate compares how much more than stock a variant of fuse.ko costs, traced
 * or not.  Stock was counted in the same run: if a kernel or a compiler makes
 * both slower, it isn't the variant's fault.  Of two kernels, direct, each
 * operation is compared with itself.  The gate runs nothing and estimates
 * nothing, because the counts have no noise.  It looks at the cheapest execution,
 * and at what three of four stay within: an operation that takes longer at times
 * is slower, too.
 */
#ifndef FUSE_EPOCH_INSN_GATE_H
#define FUSE_EPOCH_INSN_GATE_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#define GATE_SCHEMA "insns/1"

/*
 * Measurements ("insns/1" of results/SCHEMA.md): an array of the objects of a
 * file.  NULL with "FILE:LINE: what is wrong" in err.
 */
json_t *gate_read(const char *path, char *err, size_t err_len);

/*
 * Is it the first line of such a file, or another of it?  0, or -EINVAL and why not
 * in err.
 */
int gate_check_line(const json_t *line, bool first, char *err, size_t err_len);

enum gate_outcome {
	GATE_SAME,
	GATE_BETTER,
	GATE_WORSE,
	GATE_NEW, /* not in the baseline: can't be judged */
	GATE_MISSING, /* only there, although that variant was counted */
	GATE_OUTCOME_MAX
};

/* One operation with one variant. */
struct gate_row {
	const char *variant; /* "v8", "hardened+planted" */
	bool traced;
	const char *what; /* "hit", "bump", "expire_entry" */
	int64_t insns; /* as counted now, and in the baseline */
	int64_t base_insns;
	int64_t more, base_more; /* than stock; direct: than nothing */
	int64_t tolerance;
	/* What three of four executions stay within, as more above: */
	bool has_upper; /* both sides know that */
	bool upper_worse; /* by more than the cheapest is */
	bool by_upper; /* and the outcome is that of these */
	int64_t upper_more, base_upper_more;
	enum gate_outcome outcome;
	json_t *functions; /* name: instructions more than in the baseline */
};

struct gate {
	bool direct; /* nothing was compared with stock */
	struct gate_row *row;
	size_t cnt;
	size_t outcome_cnt[GATE_OUTCOME_MAX];
	json_t *moved; /* versions: { "gcc": ["4:12.2.0-3", "4:13"] } */
	json_t *stock_moved; /* functions of stock, if all versions are equal */
};

/* Returns 0, or -EINVAL with a sentence in err; then there is nothing to free. */
int gate_judge(struct gate *g, json_t *base, json_t *now, bool direct,
	       char *err, size_t err_len);
void gate_free(struct gate *g);

#endif
