// SPDX-License-Identifier: GPL-2.0-only
/*
 * section_hazards.c - what each method breaks: a grid of words, then the cells.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bench/hazards/cells.h"
#include "bench/hazards/group.h"
#include "bench/hazards/hazard.h"
#include "bench/hazards/overview.h"
#include "bench/hazards/pivot.h"
#include "bench/lib/markup.h"
#include "part.h"
#include "section.h"

static const char legend[] =
	"yes: on each kernel where that could be tried, in one of its cases at "
	"least; on 4 of 13: on so many kernels; no: on none; n/a: nothing to "
	"try. "
	" What is yes here may be no on a kernel of ours: see the cells below.";

/* On how many kernels a method has a hazard. */
struct presence {
	size_t tried, present;
};

static bool has(const json_t *cells, const char *outcome)
{
	const json_t *cell;
	size_t i;

	json_array_foreach (cells, i, cell)
		if (!strcmp(record_text(cell, "outcome"), outcome))
			return true;
	return false;
}

static struct presence presence_of(const json_t *cells)
{
	json_t *kernels = group_by_kernel(cells), *of;
	struct presence p = { 0, 0 };
	const char *kernel;

	json_object_foreach (kernels, kernel, of) {
		bool present = has(of, "present");

		p.present += present;
		p.tried += present || has(of, "absent");
	}
	json_decref(kernels);
	return p;
}

/* Colours say no more than the words. */
static void put_cell(struct presence p, FILE *out)
{
	if (!p.tried)
		fputs("<td class=\"none\">n/a</td>", out);
	else if (!p.present)
		fputs("<td class=\"good\">no</td>", out);
	else if (p.present == p.tried)
		fputs("<td class=\"bad\">yes</td>", out);
	else
		fprintf(out, "<td class=\"some\">on %zu of %zu</td>", p.present,
			p.tried);
}

static void put_head(const json_t *methods, FILE *out)
{
	const char *method;
	json_t *unused;

	fputs("<thead><tr><th scope=\"col\">hazard</th>", out);
	json_object_foreach ((json_t *)methods, method, unused) {
		fputs("<th scope=\"col\">", out);
		markup_put(out, method);
		fputs("</th>", out);
	}
	fputs("</tr></thead>\n", out);
}

static void put_row(const struct hazard *h, const json_t *methods,
		    const json_t *cells, FILE *out)
{
	json_t *own = group_by(cells, "method"), *unused;
	const char *method;

	fputs("<tr><th scope=\"row\">", out);
	markup_put(out, h->title);
	fputs("</th>", out);
	json_object_foreach ((json_t *)methods, method, unused)
		put_cell(presence_of(json_object_get(own, method)), out);
	fputs("</tr>\n", out);
	json_decref(own);
}

/* Does it say of any method yes or no?  Others measure. */
static bool is_judged(const json_t *cells)
{
	return has(cells, "present") || has(cells, "absent");
}

/* Of a method: the hazards that it has on some kernel, of those that were tried. */
static struct presence hazards_of(const char *method,
				  const json_t *hazard_groups)
{
	struct presence sum = { 0, 0 };

	for (unsigned int i = 0; i < hazard_cnt; i++) {
		json_t *own = group_by(
			json_object_get(hazard_groups, hazards[i]->name),
			"method");
		struct presence p = presence_of(json_object_get(own, method));

		sum.tried += p.tried > 0;
		sum.present += p.present > 0;
		json_decref(own);
	}
	return sum;
}

/* Who has fewest and most; one with which little can be tried proves nothing. */
static void put_extremes(const json_t *hazard_groups, const json_t *methods,
			 FILE *out)
{
	const char *method, *name[2] = { NULL, NULL };
	struct presence of[2] = { { 0, 0 }, { 0, 0 } };
	json_t *unused;

	json_object_foreach ((json_t *)methods, method, unused) {
		struct presence p = hazards_of(method, hazard_groups);

		if (2 * p.tried < json_object_size(hazard_groups))
			continue;
		if (!name[0] || p.present < of[0].present) {
			name[0] = method;
			of[0] = p;
		}
		if (!name[1] || p.present > of[1].present) {
			name[1] = method;
			of[1] = p;
		}
	}
	for (int i = 0; i < 2 && name[0] && name[0] != name[1]; i++) {
		markup_put(out, name[i]);
		fprintf(out,
			i ? " has most: %zu of %zu.  "
			  : " has fewest of them, on any kernel: %zu of %zu "
			    "that "
			    "could be tried; ",
			of[i].present, of[i].tried);
	}
}

static void put_grid(const json_t *hazard_groups, const json_t *methods,
		     FILE *out)
{
	fputs("<figure>\n<h3>Which hazards each method has</h3>\n"
	      "<div class=\"table\" tabindex=\"0\">\n<table class=\"grid\">\n",
	      out);
	put_head(methods, out);
	fputs("<tbody>\n", out);
	for (unsigned int i = 0; i < hazard_cnt; i++) {
		const json_t *cells =
			json_object_get(hazard_groups, hazards[i]->name);

		if (is_judged(cells))
			put_row(hazards[i], methods, cells, out);
	}
	fputs("</tbody></table></div>\n<figcaption>", out);
	put_extremes(hazard_groups, methods, out);
	markup_put(out, legend);
	fputs("</figcaption>\n<p class=\"command\">Made by "
	      "<code>epochbench hazards -o FILE.jsonl</code></p>\n</figure>\n",
	      out);
}

static int print_stacks(const json_t *hazard_groups, FILE *out)
{
	struct part p;
	int ret;

	if (part_begin(&p))
		return -ENOMEM;
	fputs("Which method may I use?", p.title.out);
	fputs("may use: whatever was tried goes on; in some cases: the plain "
	      "case does, but not all; may not: not even that.  In brackets: "
	      "on these kernels, and not on most.",
	      p.caption.out);
	ret = overview_stacks(hazard_groups, &p.table);
	return part_end(&p, out) ? -ENOMEM : ret;
}

static int print_hazard(const struct hazard *h, const json_t *cells,
			const json_t *methods, FILE *out)
{
	struct part p;
	int ret;

	if (!cells)
		return 0;
	if (part_begin(&p))
		return -ENOMEM;
	fprintf(p.caption.out, "%s%s%s", h->note,
		h == &hazard_semantics ? "  " : "",
		h == &hazard_semantics ? cell_legend : "");
	fprintf(p.command.out, "epochbench hazards --only %s", h->name);
	p.table = pivot_table(cells, methods, true);
	part_fold(h->title, out);
	ret = part_end(&p, out);
	part_fold_end(out);
	return ret;
}

/* On how many of the kernels was there anything to try? */
static size_t offered(json_t *kernels)
{
	const char *kernel;
	json_t *of;
	size_t cnt = 0;

	json_object_foreach (kernels, kernel, of)
		cnt += has(of, "present") || has(of, "absent");
	return cnt;
}

/* What few kernels offer comes last; and the control has none, or is no result. */
static json_t *methods_of(const json_t *every, const json_t *records)
{
	json_t *methods = json_object(), *kernels = group_by_kernel(records);
	size_t many = json_object_size(kernels);
	const char *method;
	json_t *of;

	for (int few = 0; few < 2; few++)
		json_object_foreach ((json_t *)every, method, of) {
			json_t *own = group_by_kernel(of);

			if (strcmp(method, "none") &&
			    (2 * offered(own) < many) == few)
				json_object_set_new(methods, method,
						    json_null());
			json_decref(own);
		}
	json_decref(kernels);
	return methods;
}

static int print(const struct html_records *all, FILE *out)
{
	json_t *groups, *methods, *every;
	int ret;

	if (!json_array_size(all->hazards))
		return 0;
	groups = group_by(all->hazards, "hazard");
	every = group_by(all->hazards, "method");
	methods = methods_of(every, all->hazards);
	put_grid(groups, methods, out);
	ret = print_stacks(groups, out);
	for (unsigned int i = 0; !ret && i < hazard_cnt; i++)
		ret = print_hazard(hazards[i],
				   json_object_get(groups, hazards[i]->name),
				   every, out);
	json_decref(groups);
	json_decref(methods);
	json_decref(every);
	return ret;
}

static const struct html_section section = {
	.order = 60,
	.id = "hazards",
	.title = "What each method breaks",
	.print = print,
};

HTML_SECTION(section_hazards, section);
