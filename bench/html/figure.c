// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/inval/inval.h"
#include "bench/lib/grow.h"
#include "figure_internal.h"

/* More than the pairs of colour and shape that an eye keeps apart. */
#define LINES_MAX 40
#define TICS_MAX 60

struct figure *figure_new(enum figure_kind kind, const struct figure_axis *x,
			  const struct figure_axis *y)
{
	struct figure *f = calloc(1, sizeof(*f));

	if (!f)
		return NULL;
	f->kind = kind;
	f->x = *x;
	if (y)
		f->y = *y;
	return f;
}

void figure_free(struct figure *f)
{
	if (!f)
		return;
	for (size_t i = 0; i < f->line_cnt; i++) {
		free(f->line[i].name);
		free(f->line[i].point);
	}
	for (size_t i = 0; i < f->tic_cnt; i++)
		free(f->tic[i].name);
	free(f->line);
	free(f->tic);
	free(f);
}

/* Has a line the n-th colour and shape? */
static bool is_taken(const struct figure *f, size_t nr)
{
	for (size_t i = 0; i < f->line_cnt; i++)
		if (f->line[i].colour == nr)
			return true;
	return false;
}

/* "epoch" of "epoch, 100k"; -1: it names no method. */
static int method_of(const char *name)
{
	char *method = strndup(name, strcspn(name, ":,"));
	int nr = method ? inval_by_name(method) : -1;

	free(method);
	return nr;
}

/* Parts of bars: blue, orange, and grey for what matters least. */
static const size_t part_styles[] = { 6, 1, 0, 9, 4 };

#define PART_STYLES (sizeof(part_styles) / sizeof(part_styles[0]))

/*
 * As long as there are any, a colour and a shape that no other line has; then pairs
 * that no other has.
 */
static void choose_style(const struct figure *f, struct figure_line *line)
{
	size_t nr = f->line_cnt, turn = nr / FIGURE_STYLES;
	int method = method_of(line->name);

	if (f->kind == FIGURE_BARS)
		nr = part_styles[nr % PART_STYLES];
	else if (method >= 0)
		nr = (size_t)method;
	nr %= FIGURE_STYLES;
	while (!turn && is_taken(f, nr))
		nr = (nr + 1) % FIGURE_STYLES;
	line->colour = nr;
	line->shape = (nr + turn) % FIGURE_STYLES;
}

void figure_line(struct figure *f, const char *name)
{
	struct figure_line *grown;
	char *copy;

	if (!f || f->incomplete)
		return;
	grown = grow(f->line, f->line_cnt, sizeof(*grown));
	copy = strdup(name);
	if (grown)
		f->line = grown;
	if (!grown || !copy) {
		free(copy);
		f->incomplete = true;
		return;
	}
	grown[f->line_cnt] = (struct figure_line){ .name = copy };
	choose_style(f, &grown[f->line_cnt]);
	f->line_cnt++;
}

/* Nothing isn't on a logarithmic axis. */
static bool can_show(const struct figure_axis *axis, double value)
{
	return isfinite(value) && (!axis->log || value > 0);
}

void figure_point(struct figure *f, double x, double y)
{
	struct figure_point *grown;
	struct figure_line *line;

	if (!f || f->incomplete || !f->line_cnt)
		return;
	if (f->kind == FIGURE_LINES &&
	    (!can_show(&f->x, x) || !can_show(&f->y, y)))
		return;
	line = &f->line[f->line_cnt - 1];
	grown = grow(line->point, line->cnt, sizeof(*grown));
	if (!grown) {
		f->incomplete = true;
		return;
	}
	line->point = grown;
	grown[line->cnt++] = (struct figure_point){ x, y };
}

/* Is it there?  More than anybody sees are never drawn. */
static bool has_tic(const struct figure *f, double x)
{
	for (size_t i = 0; i < f->tic_cnt; i++)
		if (f->tic[i].x == x)
			return true;
	return f->tic_cnt > TICS_MAX;
}

void figure_tic(struct figure *f, double x, const char *name)
{
	struct figure_tic *grown;
	char *copy;

	if (!f || f->incomplete || has_tic(f, x))
		return;
	grown = grow(f->tic, f->tic_cnt, sizeof(*grown));
	copy = strdup(name);
	if (grown)
		f->tic = grown;
	if (!grown || !copy) {
		free(copy);
		f->incomplete = true;
		return;
	}
	grown[f->tic_cnt++] = (struct figure_tic){ x, copy };
}

bool figure_is_worth(const struct figure *f)
{
	if (!f || f->line_cnt > LINES_MAX || f->tic_cnt > TICS_MAX)
		return false;
	for (size_t i = 0; i < f->line_cnt; i++)
		if (f->line[i].cnt > (f->kind == FIGURE_LINES ? 1 : 0))
			return true;
	return false;
}

bool figure_can_draw(void)
{
	const char *path = getenv("PATH");
	char *copy = strdup(path ? path : ""), *rest = copy, *dir;
	bool found = false;

	while (copy && !found && (dir = strsep(&rest, ":"))) {
		char file[4096];

		snprintf(file, sizeof(file), "%s/gnuplot", *dir ? dir : ".");
		found = !access(file, X_OK);
	}
	free(copy);
	return found;
}
