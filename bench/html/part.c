// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bench/lib/markup.h"
#include "bench/lib/text.h"
#include "part.h"

int words_open(struct words *w)
{
	*w = (struct words){ NULL, NULL, 0 };
	w->out = open_memstream(&w->text, &w->len);
	return w->out ? 0 : -ENOMEM;
}

int words_close(struct words *w)
{
	return fclose(w->out) ? -ENOMEM : 0;
}

static void put(FILE *out, const char *before, const char *text,
		const char *after)
{
	if (!*text)
		return;
	fputs(before, out);
	markup_put(out, text);
	fputs(after, out);
}

void part_say(const char *text, FILE *out)
{
	put(out, "<p>", text, "</p>\n");
}

void part_fold(const char *summary, FILE *out)
{
	put(out, "<details><summary>", summary, "</summary>\n");
}

void part_fold_end(FILE *out)
{
	fputs("</details>\n", out);
}

/* A table that is wider than the page is moved below its own bar. */
static int put_table(const struct table *t, FILE *out)
{
	int ret;

	fputs("<div class=\"table\" tabindex=\"0\">\n", out);
	ret = table_print_html(t, out);
	fputs("</div>\n", out);
	return ret;
}

/* Long lists of it may be broken where a word ends. */
static void put_command(char *text, FILE *out)
{
	char *word;

	if (!*text)
		return;
	fputs("<p class=\"command\">Made by <code>", out);
	markup_put(out, strsep(&text, ","));
	while ((word = strsep(&text, ",")))
		put(out, ",<wbr/>", word, "");
	fputs("</code></p>\n", out);
}

int part_begin(struct part *p)
{
	*p = (struct part){ .figure = NULL };
	if (words_open(&p->title))
		return -ENOMEM;
	if (words_open(&p->caption))
		goto no_caption;
	if (!words_open(&p->command))
		return 0;
	words_close(&p->caption);
	free(p->caption.text);
no_caption:
	words_close(&p->title);
	free(p->title.text);
	return -ENOMEM;
}

static int print(const struct part *p, FILE *out)
{
	bool drawn = figure_is_worth(p->figure);
	int ret = 0;

	if (!drawn && !p->table)
		return 0;
	fputs("<figure>\n", out);
	put(out, "<h3>", p->title.text, "</h3>\n");
	if (drawn)
		ret = figure_print(p->figure, p->title.text, out);
	put(out, "<figcaption>", p->caption.text, "</figcaption>\n");
	put_command(p->command.text, out);
	if (drawn && p->table)
		part_fold("The numbers", out);
	if (!ret && p->table)
		ret = put_table(p->table, out);
	if (drawn && p->table)
		part_fold_end(out);
	fputs("</figure>\n", out);
	return ret;
}

int part_end(struct part *p, FILE *out)
{
	int ret = words_close(&p->title);

	ret |= words_close(&p->caption);
	ret |= words_close(&p->command);
	ret = ret ? -ENOMEM : print(p, out);
	free(p->title.text);
	free(p->caption.text);
	free(p->command.text);
	figure_free(p->figure);
	table_free(p->table);
	return ret;
}

void part_number(struct table *t, double value, enum unit unit)
{
	char text[UNITS_LEN];

	units_format(value, unit, text, sizeof(text));
	table_number(t, text, value);
}

const char *part_word(const char *text)
{
	return *text && text_is_name(text) ? text : "?";
}
