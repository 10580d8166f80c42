// SPDX-License-Identifier: GPL-2.0-only
/*
 * page.c - the page around the sections.  It is well-formed XML, too, so anything
 * can read it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "assets.h"
#include "bench/lib/markup.h"
#include "bench/lib/version.h"
#include "figure.h"
#include "html.h"
#include "part.h"
#include "section.h"

/* The linker's: all that are registered, in link order. */
extern const struct html_section *const __start_html_sections[];
extern const struct html_section *const __stop_html_sections[];

#define SECTIONS_MAX 32

static const char title[] = "What it costs to make a FUSE cache stale";

static const char what[] =
	"The kernel keeps what a FUSE daemon has told it about names; when "
	"files "
	"change behind the daemon, somebody must make it forget.  Here each "
	"way "
	"to do that is measured: what the daemon pays, how long whoever comes "
	"first has to wait, what all others pay until everything is coherent "
	"again, and what breaks on the way.";

/* A section, and what it has printed. */
struct printed {
	const struct html_section *section;
	struct words words;
};

static int by_order(const void *left, const void *right)
{
	const struct printed *a = left, *b = right;

	return (a->section->order > b->section->order) -
	       (a->section->order < b->section->order);
}

static int print_section(const struct html_records *all, struct printed *p)
{
	int ret = words_open(&p->words);

	if (ret)
		return ret;
	ret = p->section->print(all, p->words.out);
	return words_close(&p->words) ? -ENOMEM : ret;
}

/* Style and script are ours; nothing of the records gets in there. */
static void put_head(FILE *out)
{
	fprintf(out,
		"<!DOCTYPE html>\n"
		"<!-- SPDX-License-Identifier: GPL-2.0-only -->\n"
		"<html lang=\"en\">\n"
		"<head>\n<meta charset=\"utf-8\"/>\n"
		"<meta http-equiv=\"Content-Security-Policy\" "
		"content=\"default-src 'none'; style-src 'sha256-%s'; "
		"script-src 'sha256-%s'; base-uri 'none'; "
		"form-action 'none'\"/>\n"
		"<meta name=\"viewport\" "
		"content=\"width=device-width, initial-scale=1\"/>\n"
		"<meta name=\"color-scheme\" content=\"light dark\"/>\n"
		"<meta name=\"referrer\" content=\"no-referrer\"/>\n"
		"<title>%s</title>\n<style>%s</style>\n</head>\n",
		html_style_sha256, html_script_sha256, title, html_style);
}

static void put_contents(const struct printed *p, size_t cnt, FILE *out)
{
	fputs("<nav aria-label=\"Sections\"><ul>\n", out);
	for (size_t i = 0; i < cnt; i++)
		if (p[i].words.len)
			fprintf(out, "<li><a href=\"#%s\">%s</a></li>\n",
				p[i].section->id, p[i].section->title);
	fputs("</ul></nav>\n", out);
}

static int put_page(const struct html_records *all, const struct printed *p,
		    size_t cnt, FILE *out)
{
	int ret;

	put_head(out);
	fprintf(out, "<body>\n<header>\n<h1>%s</h1>\n<p>%s</p>\n", title, what);
	put_contents(p, cnt, out);
	fputs("</header>\n", out);
	ret = figure_print_shapes(out);
	fputs("<main>\n", out);
	for (size_t i = 0; i < cnt; i++)
		if (p[i].words.len)
			fprintf(out,
				"<section id=\"%s\">\n<h2>%s</h2>\n%s"
				"</section>\n",
				p[i].section->id, p[i].section->title,
				p[i].words.text);
	fprintf(out, "</main>\n<footer>\n<p>%zu records, drawn by epochbench ",
		all->line_cnt);
	markup_put(out, version());
	fprintf(out,
		".  Absolute times are those of one machine: trust the ratios, "
		"and most of all the counts.</p>\n</footer>\n"
		"<script>%s</script>\n</body>\n</html>\n",
		html_script);
	return ret;
}

int html_print(const struct html_records *all, FILE *out)
{
	struct printed printed[SECTIONS_MAX];
	size_t cnt = 0;
	int ret = 0;

	if (!figure_can_draw())
		return -ENOENT;
	for (const struct html_section *const *s = __start_html_sections;
	     s < __stop_html_sections && cnt < SECTIONS_MAX; s++)
		printed[cnt++] = (struct printed){ .section = *s };
	qsort(printed, cnt, sizeof(*printed), by_order);
	for (size_t i = 0; !ret && i < cnt; i++)
		ret = print_section(all, &printed[i]);
	if (!ret)
		ret = put_page(all, printed, cnt, out);
	for (size_t i = 0; i < cnt; i++)
		free(printed[i].words.text);
	return ret;
}
