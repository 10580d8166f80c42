// SPDX-License-Identifier: GPL-2.0-only
/*
 * figure_program.c - a figure in gnuplot's words.
 *
 * Data: a block of tics ("1000<TAB>1k"), then one per line, or part of the bars.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "bench/lib/text.h"
#include "figure_internal.h"
#include "gnuplot.h"

/* Pixels: letters of 14 are still read where a phone shrinks it to its width. */
#define WIDTH 480
#define HEIGHT 340
/* Of a bar, and of what stands below them all. */
#define BAR_HEIGHT 30
#define BELOW_BARS 80

/* Between white and #14181d: at least 3:1 against both (bench/test/html.bats). */
static const char *const colours[FIGURE_STYLES] = {
	"#7a828c", "#cf6410", "#868400", "#b9722d", "#2b9348",
	"#5c9321", "#2f7fd6", "#0f919b", "#cc4fa3", "#d9485f",
	"#8b62d9", "#9c6f3c", "#5f6fe0", "#b355d6", "#3d8f74",
};

/* No dot, which isn't seen. */
static const unsigned int shapes[FIGURE_STYLES] = {
	7, 5, 9, 11, 13, 15, 6, 4, 8, 10, 12, 14, 2, 1, 3,
};

const char *figure_colour(size_t i)
{
	return colours[i];
}

unsigned int figure_shape(size_t i)
{
	return shapes[i];
}

/* A name of others is data between quotes, and no more than this. */
static void put_name(FILE *out, const char *name)
{
	char *tame = strdup(name);

	if (!tame)
		return;
	text_tame(tame);
	for (char *s = tame; *s; s++)
		fputc(strchr("\"\\\t", *s) ? '?' : *s, out);
	free(tame);
}

/* Times from 0 on are told in one unit, which is in the title of the axis. */
struct scale {
	double by;
	const char *unit;
};

static struct scale scale_of(const struct figure_axis *axis, double most)
{
	if (axis->unit != UNIT_NS || axis->log)
		return (struct scale){ 1, "" };
	return most >= 1e9   ? (struct scale){ 1e-9, " (s)" }
	       : most >= 1e6 ? (struct scale){ 1e-6, " (ms)" }
	       : most >= 1e3 ? (struct scale){ 1e-3, " (us)" }
			     : (struct scale){ 1, " (ns)" };
}

struct range {
	double least, most;
};

static void widen(struct range *r, double value)
{
	r->least = fmin(r->least, value);
	r->most = fmax(r->most, value);
}

/* Where a bar begins, if parts before this one are drawn. */
static double sum_up_to(const struct figure *f, size_t part, size_t row)
{
	double sum = 0;

	for (size_t i = 0; i < part; i++)
		sum += f->line[i].point[row].y;
	return sum;
}

static struct range range_of(const struct figure *f, bool of_x)
{
	struct range r = { INFINITY, -INFINITY };

	for (size_t i = 0; f->kind == FIGURE_LINES && i < f->line_cnt; i++)
		for (size_t k = 0; k < f->line[i].cnt; k++)
			widen(&r, of_x ? f->line[i].point[k].x
				       : f->line[i].point[k].y);
	for (size_t i = 0; f->kind == FIGURE_BARS && i < f->tic_cnt; i++)
		widen(&r, sum_up_to(f, f->line_cnt, i));
	return r;
}

/* Each power of ten, "1 ms" says its unit; and more of them where few would be. */
static void put_decades(FILE *out, char axis, struct range r)
{
	static const int steps[] = { 1, 2, 5 };
	int step_cnt = log10(r.most / r.least) < 2 ? 3 : 1;
	const char *sep = "";
	char text[UNITS_LEN];

	fprintf(out, "set %ctics (", axis);
	for (double at = floor(log10(r.least)); at <= ceil(log10(r.most)); at++)
		for (int i = 0; i < step_cnt; i++) {
			units_format(steps[i] * pow(10, at), UNIT_NS, text,
				     sizeof(text));
			fprintf(out, "%s\"%s\" %de%g", sep, text, steps[i], at);
			sep = ", ";
		}
	fputs(")\n", out);
}

/* No more than there is: whole decades would press lines together. */
static void put_log(FILE *out, char name, const struct figure_axis *axis,
		    struct range r)
{
	fprintf(out, "set logscale %c\nset %crange [%g:%g]\n", name, name,
		r.least / 1.4, r.most * 1.4);
	if (axis->unit == UNIT_NS)
		put_decades(out, name, r);
}

/* gnuplot would complain of an axis on which all is the same. */
static void put_linear(FILE *out, char name, const struct figure_axis *axis,
		       struct range r, double by)
{
	double least =
		isfinite(axis->least) ? fmin(axis->least, r.least) : r.least;

	if (!(r.most > least))
		fprintf(out, "set %crange [%.17g:%.17g]\n", name,
			(least - 1) * by, (r.most + 1) * by);
	else if (isfinite(axis->least))
		fprintf(out, "set %crange [*<%g:*]\n", name, axis->least * by);
}

static void put_axis(FILE *out, const struct figure *f, char name,
		     const struct figure_axis *axis)
{
	struct range r = range_of(f, name == 'x');
	struct scale s = scale_of(axis, r.most);

	fprintf(out, "set %clabel \"%s%s\"\n", name, axis->title, s.unit);
	if (axis->log)
		put_log(out, name, axis, r);
	else
		put_linear(out, name, axis, r, s.by);
	if (axis->unit == UNIT_INSNS || axis->unit == UNIT_NAMES)
		fprintf(out, "set format %c \"%%.0s%%c\"\n", name);
}

/* Tics come as points that are nowhere; gnuplot's own colour for them is too dark. */
#define NOTHING "with points linecolor rgb \"#7a828c\" notitle"

/* Side by side there is room for so many letters on an axis. */
#define LETTERS 46

static bool is_crowded(const struct figure *f)
{
	size_t letters = 0;

	for (size_t i = 0; i < f->tic_cnt; i++)
		letters += strlen(f->tic[i].name) + 1;
	return !f->x.log && letters > LETTERS;
}

static void put_lines(FILE *out, const struct figure *f)
{
	if (!f->x.log)
		fputs("set autoscale xfix\n"
		      "set offsets graph 0.03, graph 0.03, graph 0, graph 0\n",
		      out);
	if (is_crowded(f))
		fputs("set xtics rotate by 45 right\n", out);
	put_axis(out, f, 'x', &f->x);
	put_axis(out, f, 'y', &f->y);
	fputs("plot data index 0 using 1:(NaN):xticlabels(2) " NOTHING, out);
	for (size_t i = 0; i < f->line_cnt; i++)
		fprintf(out,
			", data index %zu using 1:2 with linespoints "
			"linewidth 1.7 linecolor rgb \"%s\" pointtype %u "
			"pointsize 0.9%s notitle",
			i + 1, figure_colour(f->line[i].colour),
			figure_shape(f->line[i].shape),
			f->line[i].cnt > 40 ? " pointinterval 9" : "");
	fputc('\n', out);
}

/* Row 0 is the first. */
static void put_bars(FILE *out, const struct figure *f)
{
	put_axis(out, f, 'x', &f->x);
	fprintf(out,
		"set yrange [%zu.5:-0.5]\nset style fill solid\n"
		"set ytics nomirror scale 0\nset grid noytics xtics\n"
		"plot data index 0 using (NaN):1:yticlabels(2) " NOTHING,
		f->tic_cnt - 1);
	for (size_t i = 0; i < f->line_cnt; i++)
		fprintf(out,
			", data index %zu using 2:1:2:3:($1-0.36):($1+0.36) "
			"with boxxyerror linecolor rgb \"%s\" notitle",
			i + 1, figure_colour(f->line[i].colour));
	fputc('\n', out);
}

static size_t height_of(const struct figure *f)
{
	if (f->kind == FIGURE_BARS)
		return BELOW_BARS + f->tic_cnt * BAR_HEIGHT;
	return HEIGHT;
}

char *figure_program(const struct figure *f)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	if (!out)
		return NULL;
	fprintf(out,
		"set terminal svg size %d,%zu dynamic font \"sans,14\"\n"
		"set termoption noenhanced\nset datafile separator tab\n"
		"data = \"%s\"\nset grid\nset xtics nomirror\n"
		"set ytics nomirror\nset border 3\n",
		WIDTH, height_of(f), GNUPLOT_DATA);
	if (f->kind == FIGURE_LINES)
		put_lines(out, f);
	else
		put_bars(out, f);
	if (!fclose(out))
		return text;
	free(text);
	return NULL;
}

static void put_points(FILE *out, const struct figure *f, size_t i)
{
	struct scale x = scale_of(&f->x, range_of(f, true).most);
	struct scale y = scale_of(&f->y, range_of(f, false).most);
	const struct figure_line *line = &f->line[i];

	for (size_t k = 0; k < line->cnt; k++) {
		const struct figure_point *p = &line->point[k];
		double before;

		if (f->kind == FIGURE_LINES) {
			fprintf(out, "%.17g\t%.17g\n", p->x * x.by,
				p->y * y.by);
			continue;
		}
		before = sum_up_to(f, i, k);
		fprintf(out, "%.17g\t%.17g\t%.17g\n", p->x, before * x.by,
			(before + p->y) * x.by);
	}
	/* A block must have a line. */
	if (!line->cnt)
		fputs("NaN\tNaN\tNaN\n", out);
}

char *figure_data(const struct figure *f)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	if (!out)
		return NULL;
	for (size_t i = 0; i < f->tic_cnt; i++) {
		fprintf(out, "%.17g\t\"", f->tic[i].x);
		put_name(out, f->tic[i].name);
		fputs("\"\n", out);
	}
	if (!f->tic_cnt)
		fputs("NaN\t\n", out);
	for (size_t i = 0; i < f->line_cnt; i++) {
		fputs("\n\n", out);
		put_points(out, f, i);
	}
	if (!fclose(out))
		return text;
	free(text);
	return NULL;
}
