// SPDX-License-Identifier: GPL-2.0-only
#include <stddef.h>
#include <strings.h>

#include "suite.h"

static const struct {
	const char *name;
	const char *help;
} suites[] = {
	{ "quick", "1k and 100k by all methods, 1M by four; 5 to 7 minutes" },
	{ "full", "all cases and shapes, 1M by all methods, 10M and 50M" },
};

#define RDP "readdirplus"

const struct suite_row suite_rows[] = {
	{ "quick", "invalidate", "wide", "1k,100k", "all", RDP, 0 },
	{ "quick", "invalidate", "wide", "1M",
	  "none,epoch,inval_inode_attr,inval_entry", RDP, 3 },

	{ "full", "populate", "wide", "100k,1M", NULL, RDP, 5 },
	{ "full", "populate", "wide", "100k", NULL, "lookup", 5 },
	{ "full", "notify", "wide", "100k", NULL, RDP, 10 },
	{ "full", "invalidate", "wide", "1k,10k,100k", "all", RDP, 0 },
	{ "full", "invalidate", "deep", "100k", "all", RDP, 0 },
	{ "full", "invalidate", "links", "100k", "all", RDP, 0 },
	{ "full", "invalidate", "negative", "100k", "all", RDP, 0 },
	/* More would need page cache that a busy machine may not keep. */
	{ "full", "invalidate", "symlinks", "10k", "all", RDP, 0 },
	{ "full", "invalidate", "wide", "1M", "all", RDP, 3 },
	{ "full", "scale", "wide", "10M", NULL, RDP, 2 },
	{ "full", "scale", "links", "50M", NULL, RDP, 2 },
};

const unsigned int suite_row_cnt = sizeof(suite_rows) / sizeof(suite_rows[0]);

const char *suite_name(size_t i)
{
	return i < sizeof(suites) / sizeof(suites[0]) ? suites[i].name : NULL;
}

const char *suite_help(const char *name)
{
	for (size_t i = 0; i < sizeof(suites) / sizeof(suites[0]); i++)
		if (!strcasecmp(suites[i].name, name))
			return suites[i].help;
	return NULL;
}
