// SPDX-License-Identifier: GPL-2.0-only
/*
 * Texts of others: which are plain, and how all others are shown.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "bench/lib/paragraph.h"
#include "bench/lib/table.h"
#include "bench/lib/text.h"

/* One of each kind: C0, DEL, C1, end of line, direction, no UTF-8. */
static const char *const commands[] = {
	"\033[2J",	"a\nb",		"\177",		"\302\233",
	"\302\205",	"\342\200\250", "\342\200\256", "\342\200\217",
	"\342\201\246", "\342\201\251", "\330\234",	"\363\240\201\201",
	"\377",		"\303",		"\355\240\200", "\300\200",
};

#define COMMAND_CNT (sizeof(commands) / sizeof(commands[0]))

static void plain_is_what_no_terminal_obeys(void **state)
{
	static const char *const good[] = { "",
					    "a b~",
					    "\303\251t\303\251 \302\261 5%",
					    "\342\226\201\342\226\210",
					    "\360\237\230\200",
					    "\302\240" };

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_true(text_is_plain(good[i]));
	for (size_t i = 0; i < COMMAND_CNT; i++)
		assert_false(text_is_plain(commands[i]));
}

static void names_are_of_few_letters(void **state)
{
	(void)state;
	assert_true(text_is_name("inval_entry"));
	assert_true(text_is_name("20261122T233132Z-6932"));
	assert_true(text_is_name("v1.2+3:4"));
	assert_true(text_is_name(""));
	assert_false(text_is_name("a b"));
	assert_false(text_is_name("a;b"));
	assert_false(text_is_name("a\"b"));
	assert_false(text_is_name("a/b"));
	assert_false(text_is_name("\303\251"));
}

static void tame_texts_are_plain(void **state)
{
	char text[32];

	(void)state;
	for (size_t i = 0; i < COMMAND_CNT; i++) {
		strcpy(text, commands[i]);
		text_tame(text);
		assert_true(text_is_plain(text));
		assert_int_equal(strlen(text), strlen(commands[i]));
	}
	strcpy(text, "a\tb\nc\033\303\251");
	text_tame(text);
	assert_string_equal(text, "a b c?\303\251");
}

static char *printed(const char *text, const char *special)
{
	char *out = NULL;
	size_t len;
	FILE *f = open_memstream(&out, &len);

	assert_non_null(f);
	text_put(f, text, special);
	assert_int_equal(fclose(f), 0);
	return out;
}

static void expect_put(const char *text, const char *special,
		       const char *wanted)
{
	char *out = printed(text, special);

	assert_string_equal(out, wanted);
	free(out);
}

static void what_is_printed_is_plain(void **state)
{
	(void)state;
	for (size_t i = 0; i < COMMAND_CNT; i++) {
		char *out = printed(commands[i], "");

		assert_true(text_is_plain(out));
		free(out);
	}
	expect_put("a\033\\|", "", "a\\033\\|");
	expect_put("\342\200\256b", "", "\\342\\200\\256b");
}

static void markdown_has_no_markup_of_others(void **state)
{
	(void)state;
	expect_put("a|b <c> `d` [e](f) g\\h", TEXT_MARKDOWN,
		   "a\\|b \\<c> \\`d\\` \\[e](f) g\\\\h");
	expect_put("say " TEXT_CODE "a|<`[" TEXT_CODE ", not <", TEXT_MARKDOWN,
		   "say `a|<'[`, not \\<");
}

static void paragraphs_are_filled(void **state)
{
	char *out = NULL;
	size_t len;
	FILE *f = open_memstream(&out, &len);

	(void)state;
	assert_non_null(f);
	paragraph_print(f, REPORT_TEXT,
			"0123456789 0123456789 0123456789 0123456789 "
			"0123456789 0123456789 0123456789 0123456789 end\033");
	paragraph_print(f, REPORT_MARKDOWN, "a  <b>");
	heading_print(f, REPORT_MARKDOWN, "a\n<b>");
	heading_print(f, REPORT_TEXT, "a <b>");
	assert_int_equal(fclose(f), 0);
	assert_string_equal(out, "0123456789 0123456789 0123456789 0123456789 "
				 "0123456789 0123456789 0123456789\n"
				 "0123456789 end\\033\n\n"
				 "a  \\<b>\n\n### a\\012\\<b>\n\na <b>\n\n");
	free(out);
}

/* Whatever is put into a cell, no command comes out, in no form. */
static void tables_are_plain(void **state)
{
	struct table *t = table_new();
	char *out = NULL;
	json_t *json;
	size_t len;
	FILE *f = open_memstream(&out, &len);

	(void)state;
	table_column(t, "a\033[2J", "a", TABLE_LEFT);
	for (size_t i = 0; i < COMMAND_CNT; i++) {
		table_row(t);
		table_text(t, commands[i]);
	}
	assert_non_null(f);
	assert_int_equal(table_print_text(t, f), 0);
	assert_int_equal(table_print_markdown(t, f), 0);
	assert_int_equal(fclose(f), 0);
	for (char *line = strtok(out, "\n"); line; line = strtok(NULL, "\n"))
		assert_true(text_is_plain(line));
	json = table_json(t);
	assert_int_equal(json_array_size(json), COMMAND_CNT);
	json_decref(json);
	table_free(t);
	free(out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_is_what_no_terminal_obeys),
		cmocka_unit_test(names_are_of_few_letters),
		cmocka_unit_test(tame_texts_are_plain),
		cmocka_unit_test(what_is_printed_is_plain),
		cmocka_unit_test(markdown_has_no_markup_of_others),
		cmocka_unit_test(paragraphs_are_filled),
		cmocka_unit_test(tables_are_plain),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
