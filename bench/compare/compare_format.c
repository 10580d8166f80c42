// SPDX-License-Identifier: GPL-2.0-only
#include "compare_format.h"

const struct compare_format compare_formats[] = {
	{ "text", "a table to read", compare_print_text },
	{ "markdown", "summary for a pull request", compare_print_markdown },
	{ "junit", "JUnit XML, for CI servers", compare_print_junit },
	{ "ktap", "the kernel's test protocol", compare_print_ktap },
	{ "gobench", "all samples, for benchstat -col side",
	  compare_print_gobench },
	{ "otava", "CSV for Apache Otava, a row a side", compare_print_otava },
	{ "kcidb", "KCIDB JSON 5.3, for KernelCI", compare_print_kcidb },
	{ "json", "all figures", compare_print_json },
	{ NULL, NULL, NULL },
};
