// SPDX-License-Identifier: GPL-2.0-only
/*
 * sentences.c - advice as sentences.
 */
#include <string.h>

#include "rate_table.h"
#include "rounds.h"
#include "sentences.h"
#include "bench/lib/units.h"

const struct advise_asking advise_askings[ADVISE_ASKING_CNT] = {
	{ { .knows = false },
	  "unknowing",
	  "A daemon that doesn't know what changed" },
	{ { .knows = true }, "knowing", "One that knows what changed" },
	{ { .knows = true, .names_stay = true },
	  "names_stay",
	  "Where names stay as they are" },
};

void advise_submount_text(uint64_t cnt, char *buf, size_t len)
{
	if (cnt)
		snprintf(buf, len, "with %llu submount%s",
			 (unsigned long long)cnt, cnt == 1 ? "" : "s");
	else
		snprintf(buf, len, "without submounts");
}

const char *advise_why_key(enum advise_why why)
{
	static const char *const keys[] = {
		[ADVISE_FITS] = "fits",
		[ADVISE_UNKNOWN] = "unknown",
		[ADVISE_PROMISES_NOTHING] = "promises nothing",
		[ADVISE_DETACHES] = "detaches submounts",
		[ADVISE_IS_STALE] = "stale answers",
		[ADVISE_NO_EVENT] = "no event",
		[ADVISE_BEHIND] = "can't keep up",
		[ADVISE_DOES_WRONG] = "programs do wrong",
		[ADVISE_HARMS] = "harms",
		[ADVISE_UNSEEN] = "not measured",
		[ADVISE_PARTLY] = "not with each workload",
	};

	return keys[why];
}

/* "12%"; "no measurable part" where some round kept all of it. */
static void put_loss(FILE *out, const struct stats *kept)
{
	char median[UNITS_LEN], least[UNITS_LEN], most[UNITS_LEN];

	if (kept->max >= 1) {
		fputs("loses no measurable part of the throughput", out);
		return;
	}
	units_format(100 * (1 - kept->median), UNIT_PCT, median,
		     sizeof(median));
	units_format(100 * (1 - kept->max), UNIT_PCT, least, sizeof(least));
	units_format(100 * (1 - kept->min), UNIT_PCT, most, sizeof(most));
	fprintf(out, "loses %s of the throughput", median);
	if (kept->cnt > 1)
		fprintf(out, " (%s to %s)", least, most);
}

static void put_stall(FILE *out, double stall_ns)
{
	char text[UNITS_LEN];

	units_format(stall_ns, UNIT_NS, text, sizeof(text));
	fputs(text, out);
}

static void put_candidate(FILE *out, const struct advise_candidate *one)
{
	char method[WORKLOAD_METHOD_LEN];

	workload_method_text(one->like, method);
	fprintf(out, "%s (", method);
	put_loss(out, &one->kept);
	fputs(", longest stall ", out);
	put_stall(out, one->longest_stall_ns);
	fputs(")", out);
}

/* Those that may be chosen differ by less than their rounds do. */
static void put_tie(FILE *out, const struct advise_choice *choice)
{
	bool few = choice->best[0]->kept.cnt < WORKLOAD_ROUNDS_MIN;

	if (few)
		fprintf(out, "fewer than %d rounds can't tell between ",
			WORKLOAD_ROUNDS_MIN);
	else
		fputs("no measurable difference between ", out);
	for (size_t i = 0; i < choice->best_cnt; i++) {
		if (i)
			fputs(i + 1 < choice->best_cnt ? ", " : " and ", out);
		put_candidate(out, choice->best[i]);
	}
}

/* Why it is that one: it loses least, or it is calmer than what may lose less. */
static void put_reason(FILE *out, const struct advise_choice *choice)
{
	const struct advise_candidate *best = choice->best[0];
	char method[WORKLOAD_METHOD_LEN];

	workload_method_text(best->like, method);
	if (choice->by_stall && choice->least != best) {
		fprintf(out, "%s stalls least: it ", method);
		put_loss(out, &best->kept);
		workload_method_text(choice->least->like, method);
		fprintf(out, ", %s isn't measurably better (it ", method);
		put_loss(out, &choice->least->kept);
		fputs("), and the longest stall is the shortest of these, ",
		      out);
		return;
	}
	fprintf(out,
		choice->fit_cnt > 1 ? "%s costs least: it "
				    : "only %s will do: it ",
		method);
	put_loss(out, &best->kept);
	if (choice->by_stall)
		fputs(", no other measurably less, and the longest stall is "
		      "the shortest of these, ",
		      out);
	else
		fputs(", and the longest stall is ", out);
}

static void put_winner(FILE *out, const struct advise *a,
		       const struct advise_choice *choice)
{
	put_reason(out, choice);
	put_stall(out, choice->best[0]->longest_stall_ns);
	fputs(" (without events ", out);
	put_stall(out, a->control_longest_stall_ns);
	fputs(")", out);
	if (choice->calmer) {
		fputs("; stalls are shorter with ", out);
		put_candidate(out, choice->calmer);
	}
}

static bool same_choice(const struct advise_choice *a,
			const struct advise_choice *b)
{
	if (a->best_cnt != b->best_cnt || a->calmer != b->calmer)
		return false;
	for (size_t i = 0; i < a->best_cnt; i++)
		if (a->best[i] != b->best[i])
			return false;
	return true;
}

/* Has a method that tells only what changed been measured at this rate? */
static bool has_changed(const struct advise *a)
{
	for (size_t i = 0; i < a->candidate_cnt; i++)
		if (!strcmp(a->candidate[i].like->scope, "changed"))
			return true;
	return false;
}

/* "A daemon that doesn't know what changed: epoch costs least: ..." */
static void put_choice(FILE *out, const struct advise *a, size_t who)
{
	struct advise_choice choice, before = { .best_cnt = 0 };

	advise_choose(a, &advise_askings[who].daemon, &choice);
	if (who)
		advise_choose(a, &advise_askings[who - 1].daemon, &before);
	fprintf(out, "%s: ", advise_askings[who].text);
	if (choice.best_cnt && same_choice(&choice, &before))
		fputs(advise_askings[who].daemon.knows && !has_changed(a)
			      ? "at this rate no method was measured that "
				"tells just that"
			      : "the same",
		      out);
	else if (!choice.best_cnt)
		fputs("none of the methods measured will do", out);
	else if (choice.best_cnt == 1)
		put_winner(out, a, &choice);
	else
		put_tie(out, &choice);
	fputs(".  ", out);
}

/* Is there something else for those whose names stay as they are? */
static bool attributes_differ(const struct advise *a)
{
	struct advise_choice names, attributes;

	advise_choose(a, &advise_askings[1].daemon, &names);
	advise_choose(a, &advise_askings[2].daemon, &attributes);
	return !same_choice(&names, &attributes);
}

/* "inval_entry (can't keep up: 31% of the events)" */
static void put_why(FILE *out, const struct advise_candidate *one)
{
	struct setting_harm harm = setting_harm(one->setting, &one->same);
	char method[WORKLOAD_METHOD_LEN], part[UNITS_LEN];

	workload_method_text(one->like, method);
	fprintf(out, "%s (%s", method, advise_why_key(one->why));
	if (one->why == ADVISE_BEHIND) {
		units_format(100 * (double)one->event_cnt /
				     (double)one->due_cnt,
			     UNIT_PCT, part, sizeof(part));
		fprintf(out, ": %s of the events", part);
	} else if (one->why == ADVISE_IS_STALE) {
		fprintf(out, ": %llu", (unsigned long long)one->stale_cnt);
	} else if (one->why == ADVISE_DOES_WRONG) {
		fprintf(out, ": in each run %.3g %s", one->wrong_per_op,
			one->wrong);
	} else if (one->why == ADVISE_HARMS) {
		fprintf(out, " those with %s: ", setting_text(one->setting));
		setting_put(out, one->setting, &harm);
	} else if (one->why == ADVISE_UNSEEN) {
		fprintf(out, " with %s", setting_text(one->setting));
	}
	fputs(")", out);
}

static void put_left_out(FILE *out, const struct advise *a)
{
	const char *sep = "Left out: ";

	for (size_t i = 0; i < a->candidate_cnt; i++) {
		if (a->candidate[i].why == ADVISE_FITS)
			continue;
		fputs(sep, out);
		put_why(out, &a->candidate[i]);
		sep = ", ";
	}
	if (*sep == ',')
		fputs(".  ", out);
}

/* Of those that fit: which harm the setting, or which were seen not to? */
static bool put_harming(FILE *out, const struct advise *a, size_t setting,
			bool harming)
{
	const char *sep = harming ? "" : ", but ";
	char method[WORKLOAD_METHOD_LEN];

	for (size_t i = 0; i < a->candidate_cnt; i++) {
		const struct advise_candidate *one = &a->candidate[i];
		struct setting_harm harm = setting_harm(setting, &one->same);

		if (one->why != ADVISE_FITS || !harm.cnt ||
		    !harm.wrong_cnt == harming)
			continue;
		workload_method_text(one->like, method);
		if (harming && !*sep)
			fprintf(out, "With %s, not ", setting_text(setting));
		fprintf(out, "%s%s (", sep, method);
		setting_put(out, setting, &harm);
		fputs(")", out);
		sep = ", ";
	}
	return !strcmp(sep, ", ");
}

/* For those who have more than they have said. */
static void put_settings(FILE *out, const struct advise *a)
{
	for (size_t i = 0; i < SETTING_CNT; i++) {
		if (a->stack.settings & 1U << i ||
		    !put_harming(out, a, i, true))
			continue;
		if (!put_harming(out, a, i, false))
			fputs(", and of the others none was seen to do better",
			      out);
		fputs(".  ", out);
	}
}

/* "At 10/s" and, if that wasn't measured, what it is taken from. */
static void put_rate(FILE *out, const struct advise *a, double asked_hz)
{
	if (asked_hz == a->rate_hz)
		fprintf(out, "At %g/s.  ", a->rate_hz);
	else
		fprintf(out,
			"%g/s wasn't measured; the nearest that was is %g/s.  ",
			asked_hz, a->rate_hz);
}

void advise_put_rate(FILE *out, const struct advise *a, double asked_hz)
{
	put_rate(out, a, asked_hz);
	put_choice(out, a, 0);
	put_choice(out, a, 1);
	if (attributes_differ(a))
		put_choice(out, a, 2);
	put_left_out(out, a);
	put_settings(out, a);
}

/* Bits as words: ": a, b, c". */
static void put_bits(FILE *out, unsigned int bits,
		     const char *(*text)(unsigned int i))
{
	const char *sep = "";

	for (unsigned int i = 0; text(i); i++) {
		if (!(bits & 1U << i))
			continue;
		fprintf(out, "%s%s", sep, text(i));
		sep = ", ";
	}
}

void advise_put_method(FILE *out, const struct inval_method *m)
{
	fprintf(out, "%s doesn't reach: ", m->name);
	put_bits(out, m->gaps, inval_gap_text);
	if (m->hazards) {
		fputs("; its hazards: ", out);
		put_bits(out, m->hazards, inval_hazard_text);
	}
	if (m->hazards_in_part) {
		fputs("; in some cases: ", out);
		put_bits(out, m->hazards_in_part, inval_hazard_text);
	}
	fputs(".", out);
}
