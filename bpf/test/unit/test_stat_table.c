// SPDX-License-Identifier: GPL-2.0-only
/* What is shown of a mount adds up to the total that is shown, at any width. */
#include <pty.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>
#include <cmocka.h>

#include "mountinfo.h"
#include "bpf/stat.h"
#include "bench/lib/view.h"

#define TEXT_LEN 65536

static struct mounts *mounts;
static struct sample_mount mount;
static struct sample sample = { .cnt = 1, .mounts = &mount };

/* The screen of a terminal that is so wide; out forgets nothing between two. */
static char *screen(unsigned short width)
{
	static char text[TEXT_LEN];
	struct winsize size = { .ws_col = width, .ws_row = 5 };
	struct stat_view view = { .sample = &sample,
				  .mounts = mounts,
				  .interval_s = 0.7,
				  .epochs = true,
				  .hist = true }; /* a head for each line */
	struct termios raw;
	int master, slave;
	ssize_t got = 1;
	FILE *out;

	memset(&raw, 0, sizeof(raw));
	cfmakeraw(&raw);
	assert_int_equal(openpty(&master, &slave, NULL, &raw, &size), 0);
	out = fdopen(slave, "w");
	stat_table_print(&view, out);
	fclose(out);
	for (size_t used = 0; got > 0; used += got > 0 ? (size_t)got : 0) {
		got = read(master, text + used, TEXT_LEN - 1 - used);
		text[used + (got > 0 ? (size_t)got : 0)] = '\0';
	}
	close(master);
	return text;
}

/* The number below a title; -1: there is no such column. */
static long below(const char *text, const char *title)
{
	const char *head = strstr(text, "reval"), *line, *at;
	char name[16], number[8];

	while (head > text && head[-1] != '\n')
		head--;
	line = strchr(head, '\n') + 1;
	snprintf(name, sizeof(name), " %s ", title);
	at = strstr(head, name);
	if (!at || at > line)
		return -1;
	/* Right below its end, in seven cells. */
	at += strlen(name) - 1;
	snprintf(number, sizeof(number), "%.7s", line + (at - head) - 7);
	return strtol(number, NULL, 10);
}

static int set_up(void **state)
{
	(void)state;
	if (!mounts)
		mounts = mountinfo_scan(
			MOUNTINFO_FUSE(52, "/run/fuse-epoch.mnt.M7rRHQ"));
	memset(&mount, 0, sizeof(mount));
	mount.dev = 52;
	for (int i = 0; i < TRACE_OUTCOMES; i++)
		mount.c.outcome_cnt[i] = 1 << i;
	return 0;
}

static void it_adds_up(void **state)
{
	static const char *const parts[] = { "fresh", "relook", "epoch",
					     "gone",  "change", "neg",
					     "bad",   "error",	"rest" };
	long narrow = -1, wide = -1;

	(void)state;
	for (unsigned short width = 40; width < 220; width++) {
		const char *text = screen(width);
		long sum = 0, rest = below(text, "rest");

		for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
			sum += below(text, parts[i]) > 0 ? below(text, parts[i])
							 : 0;
		assert_int_equal(sum, (1 << TRACE_OUTCOMES) - 1);
		assert_int_equal(below(text, "reval"), sum);
		if (narrow < 0)
			narrow = rest;
		wide = rest;
	}
	assert_true(narrow > 0);
	assert_int_equal(wide, -1);
}

static void it_fits(void **state)
{
	(void)state;
	for (unsigned short width = 40; width < 220; width++) {
		char *save = NULL, *text = screen(width);

		for (char *line = strtok_r(text, "\n", &save); line;
		     line = strtok_r(NULL, "\n", &save))
			assert_true(strlen(line) <= width);
	}
	assert_non_null(strstr(screen(80), "  torn  mount\n"));
	assert_non_null(strstr(screen(40), "...\n"));
}

/* From here on columns are named. */
static void it_adds_up_of_those_that_were_named(void **state)
{
	char *argv[] = { (char *)"test", (char *)"--columns=reval,gone", NULL };
	const char *text;

	(void)state;
	assert_int_equal(
		argp_parse(&view_argp, 2, argv, ARGP_NO_HELP, NULL, NULL), 0);
	text = screen(200);
	assert_int_equal(below(text, "fresh"), -1);
	assert_int_equal(below(text, "gone") + below(text, "rest"),
			 below(text, "reval"));
}

static int tear_down(void **state)
{
	(void)state;
	mounts_free(mounts);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(it_adds_up, set_up),
		cmocka_unit_test_setup(it_fits, set_up),
		cmocka_unit_test_setup(it_adds_up_of_those_that_were_named,
				       set_up),
	};
	char *argv[] = { (char *)"test", NULL };

	setenv("TERM", "dumb", 1);
	argp_parse(&view_argp, 1, argv, ARGP_NO_HELP, NULL, NULL);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, tear_down);
}
