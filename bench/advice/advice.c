// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "advice.h"
#include "bench/lib/paragraph.h"
#include "bench/lib/text.h"
#include "rate_table.h"
#include "sentences.h"

/* Which methods any advice has named. */
struct named {
	const struct inval_method *method[ADVISE_BEST_MAX];
	size_t cnt;
};

static void add_named(struct named *n, const struct advise_candidate *one)
{
	size_t i = 0;

	while (i < n->cnt && n->method[i] != one->method)
		i++;
	if (i == n->cnt && n->cnt < ADVISE_BEST_MAX)
		n->method[n->cnt++] = one->method;
}

static void add_choices(struct named *n, const struct advise *a)
{
	for (size_t who = 0; who < ADVISE_ASKING_CNT; who++) {
		struct advise_choice choice;

		advise_choose(a, &advise_askings[who].daemon, &choice);
		for (size_t i = 0; i < choice.best_cnt; i++)
			add_named(n, choice.best[i]);
		if (choice.calmer)
			add_named(n, choice.calmer);
	}
}

/* The rates to advise for: asked, and from which measured one. */
struct questions {
	double *measured, *asked; /* asked is NULL: the same */
	size_t cnt;
	double one;
};

static int ask(struct questions *q, const struct workload_record *recs,
	       size_t cnt, const struct workload_record *like,
	       const struct workload_report *opt)
{
	*q = (struct questions){ .one = opt->rate_hz };
	q->measured = advise_rates(recs, cnt, like, &q->cnt);
	if (!q->measured)
		return -ENOMEM;
	if (q->cnt && opt->rate_hz > 0) {
		q->measured[0] = q->measured[advise_nearest(q->measured, q->cnt,
							    opt->rate_hz)];
		q->asked = &q->one;
		q->cnt = 1;
	}
	return 0;
}

static struct advise_stack stack_of(const struct workload_record *like,
				    const struct workload_report *opt)
{
	return (struct advise_stack){ .submount_cnt =
					      opt->has_submounts
						      ? opt->submount_cnt
						      : like->tree.submount_cnt,
				      .settings = opt->settings };
}

/* Prints a line that was put together in memory; frees it. */
static int print_item(FILE *out, enum report_format format, FILE *line,
		      char **text)
{
	int ret = fclose(line) ? -ENOMEM : 0;
	size_t len = ret ? 0 : strlen(*text);

	/* Each sentence has blanks behind it. */
	while (len && (*text)[len - 1] == ' ')
		(*text)[--len] = '\0';
	if (!ret && format == REPORT_MARKDOWN) {
		fputs("- ", out);
		text_put(out, *text, TEXT_MARKDOWN);
		fputc('\n', out);
	} else if (!ret) {
		paragraph_print(out, format, *text);
	}
	free(*text);
	*text = NULL;
	return ret;
}

static int print_rate(FILE *out, enum report_format format,
		      const struct advise *a, double asked_hz)
{
	char *text = NULL;
	size_t len;
	FILE *line = open_memstream(&text, &len);

	if (!line)
		return -ENOMEM;
	advise_put_rate(line, a, asked_hz);
	return print_item(out, format, line, &text);
}

static int print_gaps(FILE *out, enum report_format format,
		      const struct named *n)
{
	int ret = 0;

	for (size_t i = 0; !ret && i < n->cnt; i++) {
		char *text = NULL;
		size_t len;
		FILE *line = open_memstream(&text, &len);

		if (!line)
			return -ENOMEM;
		advise_put_method(line, n->method[i]);
		ret = print_item(out, format, line, &text);
	}
	return ret;
}

/* "Advice: 5707 files in 400 directories, without submounts; over find, stat" */
static int print_heading(FILE *out, const struct advise *a,
			 const struct workload_record *like,
			 const struct workload_report *opt)
{
	char *text = NULL, mounts[64];
	size_t len;
	FILE *line = open_memstream(&text, &len);

	if (!line)
		return -ENOMEM;
	advise_submount_text(a->stack.submount_cnt, mounts, sizeof(mounts));
	fprintf(line, "%sAdvice: %llu files in %llu directories, %s",
		opt->format == REPORT_MARKDOWN ? "### " : "",
		(unsigned long long)like->tree.file_cnt,
		(unsigned long long)like->tree.dir_cnt, mounts);
	for (size_t i = 0; i < SETTING_CNT; i++)
		if (a->stack.settings & 1U << i)
			fprintf(line, ", with %s", setting_text(i));
	for (size_t i = 0; i < a->workload_cnt; i++)
		fprintf(line, "%s%s", i ? ", " : ", over ",
			a->workload[i]->workload);
	if (fclose(line)) {
		free(text);
		return -ENOMEM;
	}
	paragraph_print(out, opt->format, text);
	free(text);
	return 0;
}

/* What methods don't cover isn't measured here. */
static const char methods_note[] =
	"What methods reach, and their hazards, are those of Linux "
	"6.18; " TEXT_CODE "epochbench hazards" TEXT_CODE
	" shows them on any kernel, hazards.md on "
	"many.";

int workload_advice_print(FILE *out, const struct workload_record *recs,
			  size_t cnt, const struct workload_record *like,
			  const struct workload_report *opt)
{
	struct questions q;
	struct named named = { .cnt = 0 };
	struct advise_stack stack = stack_of(like, opt);
	int ret = ask(&q, recs, cnt, like, opt);

	for (size_t i = 0; !ret && i < q.cnt; i++) {
		struct advise a;

		ret = advise_of(recs, cnt, like, q.measured[i], &stack, &a);
		if (ret)
			break;
		if (!i)
			ret = print_heading(out, &a, like, opt);
		if (!ret)
			ret = print_rate(out, opt->format, &a,
					 q.asked ? q.asked[i] : a.rate_hz);
		add_choices(&named, &a);
		advise_release(&a);
	}
	if (!ret)
		ret = print_gaps(out, opt->format, &named);
	if (!ret && named.cnt) {
		if (opt->format == REPORT_MARKDOWN)
			fputc('\n', out);
		paragraph_print(out, opt->format, methods_note);
	}
	free(q.measured);
	return ret;
}

static json_t *method_json(const struct advise_candidate *one)
{
	char method[WORKLOAD_METHOD_LEN];

	workload_method_text(one->like, method);
	return json_string(method);
}

static json_t *left_out_json(const struct advise *a)
{
	json_t *json = json_object();

	for (size_t i = 0; i < a->candidate_cnt; i++) {
		const struct advise_candidate *one = &a->candidate[i];
		char method[WORKLOAD_METHOD_LEN];

		workload_method_text(one->like, method);
		if (one->why != ADVISE_FITS)
			json_object_set_new(
				json, method,
				json_string(advise_why_key(one->why)));
	}
	return json;
}

static json_t *bits_json(unsigned int bits, const char *(*key)(unsigned int i))
{
	json_t *json = json_array();

	for (unsigned int i = 0; key(i); i++)
		if (bits & 1U << i)
			json_array_append_new(json, json_string(key(i)));
	return json;
}

static const char *setting_bit_key(unsigned int i)
{
	return setting_key(i);
}

/* By setting and method: how often it was wrong, and was looked at. */
static json_t *harms_json(const struct advise *a)
{
	json_t *json = json_object();

	for (size_t i = 0; i < SETTING_CNT; i++) {
		json_t *by_method = json_object();

		for (size_t k = 0; k < a->candidate_cnt; k++) {
			const struct advise_candidate *one = &a->candidate[k];
			struct setting_harm harm = setting_harm(i, &one->same);
			char method[WORKLOAD_METHOD_LEN];

			workload_method_text(one->like, method);
			if (harm.cnt)
				json_object_set_new(
					by_method, method,
					json_pack("[I,I]",
						  (json_int_t)harm.wrong_cnt,
						  (json_int_t)harm.cnt));
		}
		json_object_set_new(json, setting_key(i), by_method);
	}
	return json;
}

/* What one kind of daemon is told about one rate. */
static json_t *choice_json(const struct advise *a, size_t who, double asked_hz)
{
	struct advise_choice choice;
	json_t *best = json_array(), *json;

	advise_choose(a, &advise_askings[who].daemon, &choice);
	for (size_t i = 0; i < choice.best_cnt; i++)
		json_array_append_new(best, method_json(choice.best[i]));
	json = json_pack("{s:f,s:f,s:I,s:o,s:s,s:o,s:o*,s:o,s:o}", "asked_hz",
			 asked_hz, "rate_hz", a->rate_hz, "submount_cnt",
			 (json_int_t)a->stack.submount_cnt, "above",
			 bits_json(a->stack.settings, setting_bit_key),
			 "daemon", advise_askings[who].key, "best", best,
			 "calmer",
			 choice.calmer ? method_json(choice.calmer) : NULL,
			 "left_out", left_out_json(a), "harms", harms_json(a));
	if (json && choice.best_cnt == 1) {
		const struct advise_candidate *one = choice.best[0];

		json_object_set_new(json, "kept_median_pct",
				    json_real(100 * one->kept.median));
		json_object_set_new(json, "stall_median_ns",
				    json_real(one->stall_ns.median));
		json_object_set_new(json, "stall_ns",
				    json_real(one->longest_stall_ns));
	}
	return json;
}

json_t *workload_advice_json(const struct workload_record *recs, size_t cnt,
			     const struct workload_record *like,
			     const struct workload_report *opt)
{
	json_t *rows = json_array();
	struct questions q;
	struct advise_stack stack = stack_of(like, opt);
	int ret = ask(&q, recs, cnt, like, opt);

	for (size_t i = 0; !ret && i < q.cnt; i++) {
		struct advise a;

		ret = advise_of(recs, cnt, like, q.measured[i], &stack, &a);
		for (size_t who = 0; !ret && who < ADVISE_ASKING_CNT; who++)
			ret = json_array_append_new(
				rows,
				choice_json(&a, who,
					    q.asked ? q.asked[i] : a.rate_hz));
		advise_release(&a);
	}
	free(q.measured);
	if (!ret)
		return rows;
	json_decref(rows);
	return NULL;
}

json_t *workload_methods_json(void)
{
	json_t *json = json_array();

	for (unsigned int i = 0; i < inval_method_cnt; i++) {
		const struct inval_method *m = &inval_methods[i];

		if (m->guarantee != GUARANTEE_NONE)
			json_array_append_new(
				json,
				json_pack(
					"{s:s,s:o,s:o,s:o}", "method", m->name,
					"unreached",
					bits_json(m->gaps, inval_gap_key),
					"hazards",
					bits_json(m->hazards, inval_hazard_key),
					"hazards_in_part",
					bits_json(m->hazards_in_part,
						  inval_hazard_key)));
	}
	return json;
}
