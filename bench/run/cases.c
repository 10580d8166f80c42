// SPDX-License-Identifier: GPL-2.0-only
#include <strings.h>

#include "case.h"

const struct bench_case *bench_case_by_name(const char *name)
{
	bench_for_each_case (c)
		if (!strcasecmp((*c)->table.name, name))
			return *c;
	return NULL;
}
