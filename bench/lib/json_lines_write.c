// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>

#include "json_lines.h"

int json_lines_put(FILE *out, const json_t *line)
{
	if (!json_dumpf(line, out, JSON_COMPACT) && fputc('\n', out) != EOF)
		return 0;
	return ferror(out) ? -EIO : -ENOMEM;
}

int json_lines_write(FILE *out, const void *array)
{
	const json_t *line;
	size_t i;
	int ret = 0;

	json_array_foreach ((const json_t *)array, i, line) {
		ret = json_lines_put(out, line);
		if (ret)
			break;
	}
	return ret;
}
