// SPDX-License-Identifier: GPL-2.0-only
/* Over 400 lines, of which most are tables as they are seen. */
#include <locale.h>
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

#define TEXT_LEN 65536

/* The example of table_text.c. */
static struct table *example(void)
{
	struct table *t = table_new();

	table_column(t, "method", "method", TABLE_LEFT);
	table_column(t, "runs", "runs", TABLE_RIGHT);
	table_column(t, "notify", "notify_ns", TABLE_RIGHT);
	table_row(t);
	table_text(t, "epoch");
	table_number(t, "21", 21);
	table_number(t, "2.3 us", 2300);
	table_row(t);
	table_text(t, "inval_entry");
	table_number(t, "9", 9);
	table_number(t, "1.25 s", 1.25e9);
	table_row(t);
	table_text(t, "prune");
	table_remark(t, "skipped: not in this kernel");
	return t;
}

/* What goes into a file or a pipe. */
static void expect_text(const struct table *t, const char *want)
{
	char *text;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	assert_int_equal(table_print_text(t, out), 0);
	fclose(out);
	assert_string_equal(text, want);
	free(text);
}

/* What is seen on a terminal that is so wide. */
static void draw(const struct table *t, unsigned short width, char *text)
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
}

static void expect_drawn(const struct table *t, unsigned short width,
			 const char *want)
{
	static char text[TEXT_LEN];

	draw(t, width, text);
	assert_string_equal(text, want);
}

static int set_up(void **state)
{
	(void)state;
	unsetenv("NO_COLOR");
	setenv("TERM", "dumb", 1);
	return 0;
}

static const char example_text[] = "method       runs  notify\n"
				   "epoch          21  2.3 us\n"
				   "inval_entry     9  1.25 s\n"
				   "prune        skipped: not in this kernel\n";

static void a_file_has_all_of_it_in_lines(void **state)
{
	struct table *t = example();

	(void)state;
	setenv("TERM", "xterm", 1);
	expect_text(t, example_text);
	table_free(t);
}

/* As wide as the longest line is enough. */
static void a_terminal_with_room_has_the_same(void **state)
{
	struct table *t = example();

	(void)state;
	expect_drawn(t, 200, example_text);
	expect_drawn(t, 40, example_text);
	table_free(t);
}

static void remarks_are_folded(void **state)
{
	struct table *t = example();

	(void)state;
	expect_drawn(t, 39,
		     "method       runs  notify\n"
		     "epoch          21  2.3 us\n"
		     "inval_entry     9  1.25 s\n"
		     "prune        skipped: not in this\n"
		     "             kernel\n");
	table_free(t);
}

/* Numbers aren't folded; who has no remark has no further row. */
static void columns_without_room_come_below(void **state)
{
	struct table *t = example();

	(void)state;
	expect_drawn(t, 22,
		     "method       runs\n"
		     "epoch          21\n"
		     "inval_entry     9\n"
		     "prune        skipped:\n"
		     "             not in\n"
		     "             this\n"
		     "             kernel\n"
		     "\n"
		     "method       notify\n"
		     "epoch        2.3 us\n"
		     "inval_entry  1.25 s\n");
	table_free(t);
}

static void titles_are_bold(void **state)
{
	struct table *t = example();
	char want[2 * sizeof(example_text)];

	(void)state;
	snprintf(want, sizeof(want), "\033[1m%.25s\033[0m%s", example_text,
		 example_text + 25);
	setenv("TERM", "xterm", 1);
	expect_drawn(t, 80, want);
	/* An empty one isn't set, says no-color.org. */
	setenv("NO_COLOR", "", 1);
	expect_drawn(t, 80, want);
	setenv("NO_COLOR", "1", 1);
	expect_drawn(t, 80, example_text);
	table_free(t);
}

/* Columns that are the same in all rows don't tell them apart. */
static void what_tells_rows_apart_is_repeated(void **state)
{
	static const char *const cell[][6] = {
		{ "notify", "epoch", "wide", "100k", "1.23 ms", "slower" },
		{ "notify", "epoch", "deep", "100k", "12.3 ms", "same" },
		{ "notify", "prune", "wide", "100k", "0 ns", "undecided" },
	};
	static const char *const title[] = { "case",  "method", "shape",
					     "names", "new",	"verdict" };
	struct table *t = table_new();

	(void)state;
	for (size_t i = 0; i < 6; i++)
		table_column(t, title[i], title[i],
			     i == 3 || i == 4 ? TABLE_RIGHT : TABLE_LEFT);
	for (size_t row = 0; row < 3; row++) {
		table_row(t);
		for (size_t i = 0; i < 6; i++)
			table_text(t, cell[row][i]);
	}
	expect_drawn(t, 30,
		     "case    method  shape  names\n"
		     "notify  epoch   wide    100k\n"
		     "notify  epoch   deep    100k\n"
		     "notify  prune   wide    100k\n"
		     "\n"
		     "method  shape      new\n"
		     "epoch   wide   1.23 ms\n"
		     "epoch   deep   12.3 ms\n"
		     "prune   wide      0 ns\n"
		     "\n"
		     "method  shape  verdict\n"
		     "epoch   wide   slower\n"
		     "epoch   deep   same\n"
		     "prune   wide   undecided\n");
	table_free(t);
}

/* A row that goes on below the one before it: only where it has something. */
static void rows_without_keys(void **state)
{
	struct table *t = table_new();

	(void)state;
	table_column(t, "id", "id", TABLE_RIGHT);
	table_column(t, "daemon", "daemon", TABLE_LEFT);
	table_column(t, "mount", "mount", TABLE_LEFT);
	table_row(t);
	table_text(t, "39");
	table_text(t, "bindfs");
	table_text(t, "/mnt/data");
	table_row(t);
	table_text(t, "");
	table_text(t, "");
	table_text(t, "beneath: /mnt/x");
	expect_drawn(t, 18,
		     "id  daemon\n"
		     "39  bindfs\n"
		     "\n"
		     "id  mount\n"
		     "39  /mnt/data\n"
		     "    beneath:\n"
		     "    /mnt/x\n");
	table_free(t);
}

/* The widest text gives way, and a long word leaves room for others. */
static void texts_are_folded(void **state)
{
	struct table *t = table_new();

	(void)state;
	table_column(t, "id", "id", TABLE_RIGHT);
	table_column(t, "what", "what", TABLE_LEFT);
	table_column(t, "where it is", "where", TABLE_LEFT);
	table_row(t);
	table_text(t, "7");
	table_text(t, "stale, also after another");
	table_text(t, "/mnt/a/very/long/path");
	expect_drawn(t, 60,
		     "id  what                       where it is\n"
		     " 7  stale, also after another  /mnt/a/very/long/path\n");
	expect_drawn(t, 40,
		     "id  what            where it is\n"
		     " 7  stale, also     /mnt/a/very/long/pat\n"
		     "    after another   h\n");
	table_free(t);
}

/* Cells, not bytes, in any locale. */
static void other_scripts(void **state)
{
	static const char want[] = "±     x\n"
				   "漢字  1\n"
				   "é     2\n";
	struct table *t = table_new();

	(void)state;
	table_column(t, "±", "a", TABLE_LEFT);
	table_column(t, "x", "b", TABLE_RIGHT);
	table_row(t);
	table_text(t, "漢字");
	table_text(t, "1");
	table_row(t);
	table_text(t, "é");
	table_text(t, "2");
	setlocale(LC_ALL, "C");
	expect_text(t, want);
	expect_drawn(t, 80, want);
	table_free(t);
}

/* Rows before and after a remark are in the same columns, whatever they lack. */
static void remarks_dont_move_columns(void **state)
{
	struct table *t = table_new();

	(void)state;
	table_column(t, "kernel", "kernel", TABLE_LEFT);
	table_column(t, "method", "method", TABLE_LEFT);
	table_column(t, "runs", "runs", TABLE_RIGHT);
	table_row(t);
	table_text(t, "");
	table_remark(t, "no");
	table_row(t);
	table_text(t, "6.12.117");
	table_text(t, "");
	table_text(t, "9");
	expect_text(t, "kernel    method  runs\n"
		       "          no\n"
		       "6.12.117             9\n");
	table_free(t);
}

static void rows_and_titles_may_be_short(void **state)
{
	struct table *t = table_new();

	(void)state;
	table_column(t, "a", "a", TABLE_LEFT);
	table_column(t, "b", "b", TABLE_RIGHT);
	table_column(t, "", "c", TABLE_LEFT);
	expect_text(t, "a  b\n");
	table_row(t);
	table_text(t, "line\nbreak");
	table_row(t);
	table_text(t, "");
	table_text(t, "1");
	table_text(t, "");
	table_row(t);
	table_remark(t, "x");
	expect_text(t, "a           b\n"
		       "line break\n"
		       "            1\n"
		       "x\n");
	table_free(t);
	assert_int_not_equal(table_print_text(NULL, stdout), 0);
}

/* A row of names, and 14 numbers with blanks in them. */
static struct table *wide_table(void)
{
	struct table *t = table_new();
	char text[32];

	table_column(t, "name", "name", TABLE_LEFT);
	for (int i = 0; i < 14; i++) {
		snprintf(text, sizeof(text), "title %d", i);
		table_column(t, text, text, TABLE_RIGHT);
	}
	for (int row = 0; row < 9; row++) {
		table_row(t);
		snprintf(text, sizeof(text), "the row %d", row);
		table_text(t, text);
		for (int i = 0; i < 14; i++) {
			snprintf(text, sizeof(text), "%d ms", 100 * row + i);
			table_number(t, text, i);
		}
	}
	return t;
}

/* No line is too long, and each number is there, whole. */
static void any_width_has_all(void **state)
{
	static char text[TEXT_LEN];
	struct table *t = wide_table();
	char number[32];

	(void)state;
	for (unsigned short width = 12; width < 160; width += 7) {
		draw(t, width, text);
		for (int row = 0; row < 9; row++)
			for (int i = 0; i < 14; i++) {
				snprintf(number, sizeof(number), " %d ms\n",
					 100 * row + i);
				if (strstr(text, number))
					continue;
				number[strlen(number) - 1] = ' ';
				assert_non_null(strstr(text, number));
			}
		for (char *line = strtok(text, "\n"); line;
		     line = strtok(NULL, "\n"))
			assert_true(strlen(line) <= width);
	}
	table_free(t);
}

static void markdown_and_json(void **state)
{
	static const char markdown[] =
		"| method | runs | notify |\n"
		"|---|---:|---:|\n"
		"| epoch | 21 | 2.3 us |\n"
		"| inval\\_entry | 9 | 1.25 s |\n"
		"| prune | skipped: not in this kernel |  |\n";
	struct table *t = example();
	char *text;
	size_t len;
	FILE *out = open_memstream(&text, &len);
	json_t *json = table_json(t);

	(void)state;
	assert_int_equal(table_print_markdown(t, out), 0);
	fclose(out);
	assert_string_equal(text, markdown);
	free(text);
	text = json_dumps(json, JSON_COMPACT | JSON_SORT_KEYS);
	assert_string_equal(
		text, "[{\"method\":\"epoch\",\"notify_ns\":2300,\"runs\":21},"
		      "{\"method\":\"inval_entry\",\"notify_ns\":1250000000,"
		      "\"runs\":9},{\"method\":\"prune\",\"status\":"
		      "\"skipped: not in this kernel\"}]");
	free(text);
	json_decref(json);
	table_free(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_file_has_all_of_it_in_lines, set_up),
		cmocka_unit_test_setup(a_terminal_with_room_has_the_same,
				       set_up),
		cmocka_unit_test_setup(remarks_are_folded, set_up),
		cmocka_unit_test_setup(columns_without_room_come_below, set_up),
		cmocka_unit_test_setup(titles_are_bold, set_up),
		cmocka_unit_test_setup(what_tells_rows_apart_is_repeated,
				       set_up),
		cmocka_unit_test_setup(rows_without_keys, set_up),
		cmocka_unit_test_setup(texts_are_folded, set_up),
		cmocka_unit_test_setup(other_scripts, set_up),
		cmocka_unit_test_setup(remarks_dont_move_columns, set_up),
		cmocka_unit_test_setup(rows_and_titles_may_be_short, set_up),
		cmocka_unit_test_setup(any_width_has_all, set_up),
		cmocka_unit_test(markdown_and_json),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
