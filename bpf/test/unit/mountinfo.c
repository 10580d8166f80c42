// SPDX-License-Identifier: GPL-2.0-only
#include "mountinfo.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include <libmount.h>

/* Linked with --wrap: libmount reads what the test wants it to. */
struct libmnt_table *__real_mnt_new_table_from_file(const char *file);
struct libmnt_table *__wrap_mnt_new_table_from_file(const char *file);

static const char *wanted;

struct libmnt_table *__wrap_mnt_new_table_from_file(const char *file)
{
	char path[] = "/tmp/mountinfo.XXXXXX";
	struct libmnt_table *table;
	int fd;

	if (strcmp(file, "/proc/self/mountinfo"))
		return NULL;
	fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, wanted, strlen(wanted)), strlen(wanted));
	close(fd);
	table = __real_mnt_new_table_from_file(path);
	unlink(path);
	return table;
}

struct mounts *mountinfo_scan(const char *text)
{
	struct mounts *m;

	wanted = text;
	m = mounts_scan(NULL);
	assert_non_null(m);
	return m;
}
