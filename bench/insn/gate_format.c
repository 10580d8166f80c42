// SPDX-License-Identifier: GPL-2.0-only
#include "gate_format.h"

const struct gate_format gate_formats[] = {
	{ "text", gate_print_text },   { "markdown", gate_print_markdown },
	{ "junit", gate_print_junit }, { "ktap", gate_print_ktap },
	{ "json", gate_print_json },   { NULL, NULL },
};
