// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "clock.h"
#include "progress.h"

#define DRAW_EVERY_NS 200000000ULL
/* Work estimates are guesses: no time left is shown before this much of it. */
#define ETA_AFTER 0.02
#define BAR_WIDTH 24

static struct {
	bool looked, on;
	double total, done, step;
	char what[80];
	uint64_t start_ns, drawn_ns;
	size_t group_cnt, done_cnt;
	uint64_t group_ns; /* when it began */
} bar;

/* "ETA 1:05", or "" while nobody knows. */
static void format_eta(double frac, char *text, size_t len)
{
	double s = (double)(clock_monotonic_ns() - bar.start_ns) / 1e9;

	*text = '\0';
	if (frac <= ETA_AFTER)
		return;
	s *= (1 - frac) / frac;
	snprintf(text, len, "ETA %d:%02d", (int)s / 60, (int)s % 60);
}

static void draw(double part)
{
	uint64_t now_ns = clock_monotonic_ns();
	double frac;
	struct winsize ws;
	char line[256], eta[32];
	int fill, width = 80;

	if (!bar.on || now_ns - bar.drawn_ns < DRAW_EVERY_NS)
		return;
	bar.drawn_ns = now_ns;
	frac = (bar.done + part * bar.step) / bar.total;
	if (frac > 1)
		frac = 1;
	format_eta(frac, eta, sizeof(eta));
	fill = (int)(frac * BAR_WIDTH);
	snprintf(line, sizeof(line), "[%.*s%*s] %3d%% %-10s %s", fill,
		 "########################", BAR_WIDTH - fill, "",
		 (int)(frac * 100), eta, bar.what);
	if (!ioctl(STDERR_FILENO, TIOCGWINSZ, &ws) && ws.ws_col > 8)
		width = ws.ws_col;
	fprintf(stderr, "\r\033[K%.*s", width - 1, line);
}

void progress_look(void)
{
	const char *term = getenv("TERM");

	bar.on = isatty(STDERR_FILENO) && term && strcmp(term, "dumb");
	bar.looked = true;
}

void progress_start(double total, size_t group_cnt)
{
	if (!bar.looked)
		progress_look();
	bar.done = 0;
	bar.done_cnt = 0;
	bar.total = total > 0 ? total : 1;
	bar.start_ns = clock_monotonic_ns();
	bar.group_cnt = group_cnt;
	bar.group_ns = bar.start_ns;
}

void progress_step(double work, const char *what)
{
	bar.step = work;
	snprintf(bar.what, sizeof(bar.what), "%s", what);
	draw(0);
}

void progress_part(double part)
{
	if (bar.on)
		draw(part);
}

void progress_done(void)
{
	bar.done += bar.step;
	bar.step = 0;
	draw(0);
}

void progress_group(const char *name)
{
	uint64_t now_ns = clock_monotonic_ns();
	double took_s = (double)(now_ns - bar.group_ns) / 1e9;
	char eta[32];

	bar.group_ns = now_ns;
	bar.done_cnt++;
	if (bar.on || bar.group_cnt < 2)
		return;
	format_eta(bar.done / bar.total, eta, sizeof(eta));
	if (bar.done_cnt == bar.group_cnt)
		*eta = '\0';
	fprintf(stderr, "%s: %zu of %zu done: %s (%.1f s%s%s)\n",
		program_invocation_short_name, bar.done_cnt, bar.group_cnt,
		name, took_s, *eta ? ", " : "", eta);
}

void progress_clear(void)
{
	if (bar.on && bar.drawn_ns)
		fputs("\r\033[K", stderr);
	bar.drawn_ns = 0;
}
