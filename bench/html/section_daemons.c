// SPDX-License-Identifier: GPL-2.0-only
/*
 * section_daemons.c - what file systems have the kernel keep, and what a bump does
 * to those on them.  Nobody has checked these lines: what isn't there is unknown.
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "part.h"
#include "section.h"

enum answer { YES, NO, UNKNOWN, ANSWERS };

static const char *const words[ANSWERS] = { "yes", "no", "not known" };

static const json_t *in(const json_t *daemon, const char *outer,
			const char *key)
{
	return json_object_get(json_object_get(daemon, outer), key);
}

static const char *text_of(const json_t *json)
{
	const char *text = json_string_value(json);

	return text ? text : "";
}

/* The longest time that names are kept; NaN: unknown. */
static double kept_s(const json_t *daemon)
{
	double longest = NAN;
	const json_t *one;
	size_t i;

	json_array_foreach (in(daemon, "wire", "entry"), i, one)
		longest = fmax(longest,
			       json_number_value(json_object_get(one, "s")));
	return longest;
}

static enum answer keeps_long(const json_t *daemon)
{
	double s = kept_s(daemon);

	return isnan(s) ? UNKNOWN : s > 1 ? YES : NO;
}

static enum answer asks_plus(const json_t *daemon)
{
	const json_t *asks = in(daemon, "wire", "readdirplus");

	return json_is_true(asks) ? YES : json_is_false(asks) ? NO : UNKNOWN;
}

static enum answer is_seen(const json_t *daemon)
{
	const char *seen = text_of(in(daemon, "seen", "bump"));

	return !strcmp(seen, "yes") ? YES : !strcmp(seen, "no") ? NO : UNKNOWN;
}

static enum answer renumbers(const json_t *daemon)
{
	const json_t *changed = in(daemon, "numbers", "changed");

	if (!json_is_number(changed))
		return UNKNOWN;
	return json_number_value(changed) > 0 ? YES : NO;
}

/* "20 of 20", "0 of 20", or why there is none. */
static enum answer breaks_overlay(const json_t *daemon)
{
	unsigned int broken, of;

	if (sscanf(text_of(in(daemon, "overlay", "bump")), "%u of %u", &broken,
		   &of) != 2)
		return UNKNOWN;
	return broken ? YES : NO;
}

static enum answer loses_mount(const json_t *daemon)
{
	const char *text = text_of(in(daemon, "below", "bump"));

	return !strcmp(text, "lost")	? YES
	       : !strcmp(text, "stays") ? NO
					: UNKNOWN;
}

static const struct {
	const char *question, *column;
	enum answer (*ask)(const json_t *daemon);
} questions[] = {
	{ "keeps names longer than 1 s", "keeps long", keeps_long },
	{ "asks for READDIRPLUS", "READDIRPLUS", asks_plus },
	{ "a bump shows a change", "change seen", is_seen },
	{ "a bump changes numbers of files", "renumbers", renumbers },
	{ "a bump breaks an overlay above", "breaks overlay", breaks_overlay },
	{ "a bump loses a mount below", "loses mount", loses_mount },
};

#define QUESTIONS (sizeof(questions) / sizeof(questions[0]))

static size_t count(const json_t *daemons, size_t question, enum answer wanted)
{
	const json_t *daemon;
	size_t cnt = 0, i;

	json_array_foreach (daemons, i, daemon)
		cnt += questions[question].ask(daemon) == wanted;
	return cnt;
}

static struct figure *bars_of(const json_t *daemons)
{
	const struct figure_axis x = { "file systems", UNIT_CNT, false, 0 };
	struct figure *f = figure_new(FIGURE_BARS, &x, NULL);

	for (size_t q = 0; q < QUESTIONS; q++)
		figure_tic(f, (double)q, questions[q].question);
	for (enum answer a = YES; a < ANSWERS; a++) {
		figure_line(f, words[a]);
		for (size_t q = 0; q < QUESTIONS; q++)
			figure_point(f, (double)q,
				     (double)count(daemons, q, a));
	}
	return f;
}

static void add_row(struct table *t, const json_t *daemon)
{
	double s = kept_s(daemon);
	char text[UNITS_LEN] = "-";

	if (isfinite(s))
		snprintf(text, sizeof(text), s < 1e6 ? "%g s" : "for ever", s);
	table_row(t);
	table_text(t, text_of(json_object_get(daemon, "name")));
	table_number(t, text, s);
	for (size_t q = 1; q < QUESTIONS; q++)
		table_text(t, words[questions[q].ask(daemon)]);
	table_text(t, text_of(json_object_get(daemon, "version")));
	table_text(t, text_of(json_object_get(daemon, "library")));
	table_text(t, text_of(json_object_get(daemon, "debian")));
	table_text(t, text_of(json_object_get(daemon, "why")));
}

static struct table *table_of(const json_t *daemons)
{
	struct table *t = table_new();
	const json_t *daemon;
	size_t i;

	table_column(t, "file system", "name", TABLE_LEFT);
	table_column(t, "names kept", "entry_s", TABLE_RIGHT);
	for (size_t q = 1; q < QUESTIONS; q++)
		table_column(t, questions[q].column, questions[q].column,
			     TABLE_LEFT);
	table_column(t, "version", "version", TABLE_LEFT);
	table_column(t, "library", "library", TABLE_LEFT);
	table_column(t, "Debian", "debian", TABLE_LEFT);
	table_column(t, "why not measured", "why", TABLE_LEFT);
	json_array_foreach (daemons, i, daemon)
		add_row(t, daemon);
	return t;
}

static void say(const json_t *daemons, FILE *out)
{
	for (size_t q = 0; q < QUESTIONS; q++) {
		size_t yes = count(daemons, q, YES);
		size_t known = yes + count(daemons, q, NO);

		if (known)
			fprintf(out, "%s%s: %zu of %zu", q ? "; " : "",
				questions[q].question, yes, known);
	}
	fputs(".", out);
}

static int print(const struct html_records *all, FILE *out)
{
	struct part p;

	if (!json_array_size(all->daemons))
		return 0;
	if (part_begin(&p))
		return -ENOMEM;
	fputs("What file systems have the kernel keep, and what a bump does",
	      p.title.out);
	say(all->daemons, p.caption.out);
	fputs("scripts/daemons", p.command.out);
	p.figure = bars_of(all->daemons);
	p.table = table_of(all->daemons);
	return part_end(&p, out);
}

static const struct html_section section = {
	.order = 70,
	.id = "daemons",
	.title = "The census of daemons",
	.print = print,
};

HTML_SECTION(section_daemons, section);
