// SPDX-License-Identifier: GPL-2.0-only
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "bench/lib/fold.h"

static void expect_folded(const char *text, size_t width, const char *want)
{
	char *folded = fold_text(text, width);

	assert_string_equal(folded, want);
	free(folded);
}

static void folding(void **state)
{
	(void)state;
	setlocale(LC_ALL, "C.UTF-8");
	expect_folded("", 10, "");
	expect_folded("as it is", 8, "as it is");
	expect_folded("as it is", 7, "as it\nis");
	expect_folded("as it is", SIZE_MAX, "as it is");
	expect_folded("two  blanks", 20, "two  blanks");
	expect_folded("two  blanks", 10, "two\nblanks");
	expect_folded("incomprehensible", 6, "incomp\nrehens\nible");
	expect_folded("an incomprehensible one", 6,
		      "an\nincomp\nrehens\nible\none");
	expect_folded("漢字漢", 5, "漢字\n漢");
	expect_folded("漢字", 1, "\n漢\n字");
	expect_folded("\xff\xfe", 1, "\xff\xfe");
	assert_int_equal(fold_width("± 漢"), 4);
	assert_int_equal(fold_word_width(" a few words "), 5);
	assert_int_equal(fold_word_width(""), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(folding),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
