// SPDX-License-Identifier: GPL-2.0-only
/*
 * Records of two sides, compared, in all forms.
 */
#include "bench/compare/compare_format.h"
#include "json_mutator.h"

struct side {
	struct record *rec;
	size_t cnt;
};

static void read_side(struct fuzz_file *file, const uint8_t *data, size_t size,
		      struct side *out)
{
	char err[256] = "";

	*out = (struct side){ .cnt = 0 };
	record_read(fuzz_put(file, data, size), &out->rec, &out->cnt, err,
		    sizeof(err));
}

static void free_side(struct side *s)
{
	for (size_t i = 0; i < s->cnt; i++)
		record_free(&s->rec[i]);
	free(s->rec);
}

static void print(const struct comparison *cmp)
{
	for (const struct compare_format *f = compare_formats; f->name; f++) {
		struct fuzz_output o;

		f->print(fuzz_output(&o), cmp);
		if (strstr(f->name, "json"))
			fuzz_expect_json(&o);
		else
			fuzz_expect_plain(&o);
	}
}

/* Of one input both sides are made, or of its halves. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct compare_options opt = { .strict = true };
	static struct fuzz_file files[2];
	struct comparison cmp = { .rules = judge_defaults };
	const uint8_t *second;
	size_t second_size, first_size;
	struct side base, fresh;
	char err[256] = "";

	first_size = fuzz_split(data, size, &second, &second_size);
	read_side(&files[0], data, first_size, &base);
	read_side(&files[1], second_size ? second : data,
		  second_size ? second_size : first_size, &fresh);
	if (compare_sets(&(struct record_set){ "base", base.rec, base.cnt },
			 &(struct record_set){ "new", fresh.rec, fresh.cnt },
			 &opt, &cmp, err, sizeof(err)))
		fuzz_expect_error(err);
	else
		print(&cmp);
	compare_free(&cmp);
	free_side(&base);
	free_side(&fresh);
	return 0;
}
