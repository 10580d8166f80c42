// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "gate_format.h"

const struct gate_format gate_formats[] = {
	{ "text", gate_print_text },   { "markdown", gate_print_markdown },
	{ "junit", gate_print_junit }, { "ktap", gate_print_ktap },
	{ "json", gate_print_json },   { NULL, NULL },
};

const struct gate_format *gate_format_by_name(const char *name)
{
	for (const struct gate_format *f = gate_formats; f->name; f++)
		if (!strcmp(f->name, name))
			return f;
	return NULL;
}
