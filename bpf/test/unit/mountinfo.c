// SPDX-License-Identifier: GPL-2.0-only
#include "mountinfo.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <cmocka.h>

struct mounts *mountinfo_scan_after(const char *text,
				    const struct mounts *before,
				    const struct sample *sample)
{
	FILE *f = tmpfile();
	struct mount_tables *tables;
	struct mounts *m;

	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	rewind(f);
	tables = mount_tables_parse(f);
	fclose(f);
	assert_non_null(tables);
	m = mounts_of(tables, before, sample);
	assert_non_null(m);
	return m;
}

struct mounts *mountinfo_scan(const char *text)
{
	return mountinfo_scan_after(text, NULL, NULL);
}
