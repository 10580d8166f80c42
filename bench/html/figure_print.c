// SPDX-License-Identifier: GPL-2.0-only
/*
 * figure_print.c - takes out of gnuplot's SVG what may be on a page many times, and
 * writes the legend: gnuplot's own would be as small as the figure is on a phone.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bench/lib/markup.h"
#include "figure_internal.h"
#include "gnuplot.h"

/* Is there a line that begins a plot: "	<g id="gnuplot_plot_2" ><title>"? */
static bool begins_plot(const char *line, size_t *nr)
{
	static const char begin[] = "\t<g id=\"gnuplot_plot_";

	if (strncmp(line, begin, sizeof(begin) - 1))
		return false;
	*nr = strtoul(line + sizeof(begin) - 1, NULL, 10);
	return true;
}

/* Without the prefix of old, which a page would have to declare by an address. */
static void put_drawn(FILE *out, const char *text, size_t len)
{
	static const char prefix[] = "xlink:";
	const char *end = text + len, *at;

	while ((at = memmem(text, (size_t)(end - text), prefix,
			    sizeof(prefix) - 1))) {
		fwrite(text, 1, (size_t)(at - text), out);
		text = at + sizeof(prefix) - 1;
	}
	fwrite(text, 1, (size_t)(end - text), out);
}

/* The first plot is that of the tics.  A title shows up if a mouse stays there. */
static void put_plot(FILE *out, const struct figure *f, size_t nr)
{
	fputs("<g>", out);
	if (nr < 2 || nr - 2 >= f->line_cnt)
		return;
	fputs("<title>", out);
	markup_put(out, f->line[nr - 2].name);
	fputs("</title>\n", out);
}

/* Each figure has the same definitions: they are on the page once. */
static void put_svg(FILE *out, const struct figure *f, const char *label,
		    char *svg)
{
	char *body = strstr(svg, "</defs>"), *line;
	const char *size = strstr(svg, "viewBox=\"");
	size_t nr;

	if (!body || !size)
		return;
	fprintf(out, "<svg %.*s\" role=\"img\" aria-label=\"",
		(int)(9 + strcspn(size + 9, "\"")), size);
	markup_put(out, label);
	fputs("\"><g>\n", out);
	body += strcspn(body, "\n");
	while ((line = strsep(&body, "\n"))) {
		if (begins_plot(line, &nr))
			put_plot(out, f, nr);
		else if (*line) {
			put_drawn(out, line, strlen(line));
			fputc('\n', out);
		}
	}
}

static void put_key(FILE *out, const struct figure *f, size_t i)
{
	const char *colour = figure_colour(f->line[i].colour);

	fputs("<li><svg class=\"key\" viewBox=\"-12 -6 24 12\" "
	      "aria-hidden=\"true\">",
	      out);
	if (f->kind == FIGURE_LINES)
		fprintf(out,
			"<path d=\"M-12 0H12\" stroke=\"%s\" "
			"stroke-width=\"2\"/><use href=\"#gpPt%u\" "
			"transform=\"scale(4.5)\" color=\"%s\" fill=\"none\"/>",
			colour, figure_shape(f->line[i].shape) - 1, colour);
	else
		fprintf(out,
			"<rect x=\"-8\" y=\"-5\" width=\"16\" height=\"10\" "
			"fill=\"%s\"/>",
			colour);
	fputs("</svg>", out);
	markup_put(out, f->line[i].name);
	fputs("</li>\n", out);
}

static int draw(const struct figure *f, char **svg)
{
	char *program = figure_program(f), *data = figure_data(f);
	int ret = program && data ? gnuplot_run(program, data, svg) : -ENOMEM;

	free(program);
	free(data);
	return ret;
}

int figure_print(const struct figure *f, const char *label, FILE *out)
{
	char *svg;
	int ret = f && !f->incomplete ? draw(f, &svg) : -ENOMEM;

	if (ret)
		return ret;
	fputs("<div class=\"plot\">\n", out);
	put_svg(out, f, label, svg);
	fputs("</div>\n<ul class=\"legend\">\n", out);
	for (size_t i = 0; i < f->line_cnt; i++)
		put_key(out, f, i);
	fputs("</ul>\n", out);
	free(svg);
	return 0;
}

int figure_print_shapes(FILE *out)
{
	char *svg, *defs, *end;
	int ret = gnuplot_run("set terminal svg\nset yrange [0:1]\nplot 0\n",
			      "", &svg);

	if (ret)
		return ret;
	defs = strstr(svg, "<defs>");
	end = defs ? strstr(defs, "</defs>") : NULL;
	if (end) {
		fputs("<svg class=\"shapes\" aria-hidden=\"true\">", out);
		put_drawn(out, defs, (size_t)(end - defs));
		fputs("</defs></svg>\n", out);
	}
	free(svg);
	return end ? 0 : -EIO;
}
