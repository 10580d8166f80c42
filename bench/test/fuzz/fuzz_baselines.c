// SPDX-License-Identifier: GPL-2.0-only
/*
 * Instruction counts of two sides, judged, in all forms.
 */
#include "bench/insn/gate_format.h"
#include "json_mutator.h"

static void judge(json_t *base, json_t *now)
{
	char err[256] = "";
	struct gate g;

	if (gate_judge(&g, base, now, false, err, sizeof(err))) {
		fuzz_expect_error(err);
		return;
	}
	for (const struct gate_format *f = gate_formats; f->name; f++) {
		struct fuzz_output o;

		f->print(fuzz_output(&o), &g, true);
		if (!strcmp(f->name, "json"))
			fuzz_expect_json(&o);
		else
			fuzz_expect_plain(&o);
	}
	gate_free(&g);
}

/* Of one input both sides are made, or of its halves. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct fuzz_file files[2];
	const uint8_t *second;
	size_t second_size, first_size;
	json_t *base, *now = NULL;
	char err[256] = "";

	first_size = fuzz_split(data, size, &second, &second_size);
	base = gate_read(fuzz_put(&files[0], data, first_size), err,
			 sizeof(err));
	if (base && second_size)
		now = gate_read(fuzz_put(&files[1], second, second_size), err,
				sizeof(err));
	else if (base)
		now = json_incref(base);
	if (now)
		judge(base, now);
	else
		fuzz_expect_error(err);
	json_decref(base);
	json_decref(now);
	return 0;
}
