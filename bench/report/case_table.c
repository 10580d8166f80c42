// SPDX-License-Identifier: GPL-2.0-only
#include <strings.h>

#include "case_table.h"

/* The linker's: all that are registered, in link order. */
extern const struct case_table *const __start_case_tables[];
extern const struct case_table *const __stop_case_tables[];

const struct case_table *case_table_by_name(const char *name)
{
	for (const struct case_table *const *t = __start_case_tables;
	     t < __stop_case_tables; t++)
		if (!strcasecmp((*t)->name, name))
			return *t;
	return NULL;
}
