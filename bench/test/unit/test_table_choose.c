// SPDX-License-Identifier: GPL-2.0-only
/* Which columns a terminal of any width gets, and what is said of the others. */
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

#include "bench/lib/table.h"
#include "bench/lib/view.h"

#define TEXT_LEN 4096

static const struct {
	const char *title;
	enum table_rank rank;
} columns[] = {
	{ "case", TABLE_USUAL },    { "method", TABLE_USUAL },
	{ "base", TABLE_USUAL },    { "most", TABLE_LEAST },
	{ "spread", TABLE_LESSER }, { "new", TABLE_USUAL },
	{ "verdict", TABLE_STAYS },
};

#define COLUMN_CNT (sizeof(columns) / sizeof(columns[0]))

/* The case is the same in all rows, the method tells them apart. */
static struct table *example(void)
{
	static const char *const cells[][COLUMN_CNT] = {
		{ "notify", "epoch", "1.5 ms", "9 ms", "2%", "1 ms", "faster" },
		{ "notify", "prune", "3 ms", "8 ms", "1%", "4 ms", "slower" },
	};
	struct table *t = table_new();

	for (size_t col = 0; col < COLUMN_CNT; col++) {
		table_column(t, columns[col].title, columns[col].title,
			     col > 1 && col < 6 ? TABLE_RIGHT : TABLE_LEFT);
		table_rank(t, columns[col].rank);
	}
	for (size_t row = 0; row < 2; row++) {
		table_row(t);
		for (size_t col = 0; col < COLUMN_CNT; col++)
			table_text(t, cells[row][col]);
	}
	table_row(t);
	table_text(t, "notify");
	table_text(t, "delete");
	table_remark(t, "skipped");
	return t;
}

static char *draw(const struct table *t, unsigned short width, char *text)
{
	struct winsize size = { .ws_col = width, .ws_row = 24 };
	struct termios raw;
	int master, slave;
	ssize_t got = 1;
	FILE *out;

	memset(&raw, 0, sizeof(raw));
	cfmakeraw(&raw);
	assert_int_equal(openpty(&master, &slave, NULL, &raw, &size), 0);
	out = fdopen(slave, "w");
	assert_int_equal(table_print_text(t, out), 0);
	fclose(out);
	for (size_t used = 0; got > 0; used += got > 0 ? (size_t)got : 0) {
		got = read(master, text + used, TEXT_LEN - 1 - used);
		text[used + (got > 0 ? (size_t)got : 0)] = '\0';
	}
	close(master);
	return text;
}

static void parse(const char *option)
{
	char *argv[] = { (char *)"test", (char *)option, NULL };

	assert_int_equal(argp_parse(&view_argp, option ? 2 : 1, argv,
				    ARGP_NO_HELP, NULL, NULL),
			 0);
}

/* Before: the options of a program that has none of these. */
static void who_cant_ask_for_all_gets_all(void **state)
{
	struct table *t = example();
	char text[TEXT_LEN];

	(void)state;
	assert_non_null(strstr(draw(t, 30, text), "spread"));
	assert_null(strstr(text, "Left out"));
	table_free(t);
}

static void the_least_goes_first(void **state)
{
	struct table *t = example();
	char text[TEXT_LEN];

	(void)state;
	parse(NULL);
	assert_string_equal(
		draw(t, 80, text),
		"case    method    base  most  spread   new  verdict\n"
		"notify  epoch   1.5 ms  9 ms      2%  1 ms  faster\n"
		"notify  prune     3 ms  8 ms      1%  4 ms  slower\n"
		"notify  delete  skipped\n");
	assert_string_equal(draw(t, 42, text),
			    "method    base  spread   new  verdict\n"
			    "epoch   1.5 ms      2%  1 ms  faster\n"
			    "prune     3 ms      1%  4 ms  slower\n"
			    "delete  skipped\n"
			    "Left out: case, most (-w shows all,\n"
			    "--columns chooses)\n");
	/* A remark begins in the first column that is left. */
	assert_string_equal(draw(t, 20, text), "method  verdict\n"
					       "epoch   faster\n"
					       "prune   slower\n"
					       "delete  skipped\n"
					       "Left out: case,\n"
					       "base, most, spread,\n"
					       "new (-w shows all,\n"
					       "--columns chooses)\n");
	table_free(t);
}

static void a_wider_terminal_takes_none_away(void **state)
{
	bool had[COLUMN_CNT] = { false };
	struct table *t = example();
	char text[TEXT_LEN];

	(void)state;
	for (unsigned short width = 16; width < 60; width++) {
		draw(t, width, text);
		*strchr(text, '\n') = '\0'; /* the titles */
		for (size_t col = 0; col < COLUMN_CNT; col++) {
			bool has = strstr(text, columns[col].title);

			assert_true(has || !had[col]);
			had[col] = has;
		}
		assert_true(had[1] && had[COLUMN_CNT - 1]);
	}
	for (size_t col = 0; col < COLUMN_CNT; col++)
		assert_true(had[col]);
	table_free(t);
}

/* From here on some are named. */
static void a_name_in_any_spelling(void **state)
{
	struct table *t = table_new();
	char text[TEXT_LEN];

	(void)state;
	table_column(t, "who", "who", TABLE_LEFT);
	table_column(t, "a walk, p99.9", "walk_ns", TABLE_LEFT);
	table_column(t, "", "outcome", TABLE_LEFT);
	table_column(t, "other", "other", TABLE_LEFT);
	table_row(t);
	for (int i = 0; i < 4; i++)
		table_text(t, "x");
	parse("--columns=A-walk_p99.9,Outcome");
	assert_string_equal(draw(t, 80, text), "who  a walk, p99.9\n"
					       "x    x              x\n");
	table_free(t);
	/* One that has none of them is as ever. */
	t = example();
	assert_non_null(strstr(draw(t, 80, text), "spread"));
	table_free(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_cant_ask_for_all_gets_all),
		cmocka_unit_test(the_least_goes_first),
		cmocka_unit_test(a_wider_terminal_takes_none_away),
		cmocka_unit_test(a_name_in_any_spelling),
	};

	setenv("TERM", "dumb", 1);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
