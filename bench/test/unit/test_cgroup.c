// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <cmocka.h>

#include "bench/host/cgroup.h"

/* A tree of files in the place of /sys/fs/cgroup, and of /proc/self/cgroup. */
static char root[] = "/tmp/test_cgroup.XXXXXX";
static char self[64];

static void write_file(const char *name, const char *text)
{
	char path[256];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", root, name);
	for (char *at = path + strlen(root) + 1; (at = strchr(at, '/')); at++) {
		*at = 0;
		assert_true(!mkdir(path, 0700) || errno == EEXIST);
		*at = '/';
	}
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static uint64_t room(const char *lines)
{
	write_file("self", lines);
	return cgroup_room_bytes(root, self);
}

static void version_2(void **state)
{
	(void)state;
	write_file("a/memory.max", "1000\n");
	write_file("a/memory.high", "max\n");
	write_file("a/memory.current", "500\n");
	write_file("a/memory.stat", "anon 1\ninactive_file 100\n"
				    "slab_reclaimable 50\n");
	write_file("a/b/memory.max", "max\n");
	write_file("a/b/memory.high", "max\n");
	write_file("a/b/memory.current", "500\n");
	assert_int_equal(room("0::/a/b\n"), 650);
	write_file("a/b/memory.high", "700\n");
	assert_int_equal(room("0::/a/b\n"), 200);
	write_file("a/b/memory.current", "900\n");
	assert_int_equal(room("0::/a/b\n"), 0);
}

static void version_1(void **state)
{
	(void)state;
	write_file("memory/v/memory.limit_in_bytes", "1000\n");
	write_file("memory/v/memory.usage_in_bytes", "700\n");
	write_file("memory/v/memory.stat",
		   "inactive_file 1\ntotal_inactive_file 100\n");
	write_file("memory/v/w/memory.limit_in_bytes", "9223372036854771712\n");
	write_file("memory/v/w/memory.usage_in_bytes", "1\n");
	assert_int_equal(room("12:pids:/\n5:cpu,memory:/v/w\n0::/\n"), 400);
	assert_int_equal(room("5:memory2,xmemory:/v/w\n"), UINT64_MAX);
}

static void no_limit(void **state)
{
	(void)state;
	assert_int_equal(room("0::/\n"), UINT64_MAX);
	assert_int_equal(room("0::/none/such\n"), UINT64_MAX);
	assert_int_equal(room(""), UINT64_MAX);
	assert_int_equal(room("nonsense\n::\n0:\n"), UINT64_MAX);
	assert_int_equal(cgroup_room_bytes(root, "/none/such"), UINT64_MAX);
}

static int set_up(void **state)
{
	(void)state;
	if (!mkdtemp(root))
		return -1;
	snprintf(self, sizeof(self), "%s/self", root);
	return 0;
}

static int tear_down(void **state)
{
	char command[64];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf %s", root);
	return system(command);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(version_2),
		cmocka_unit_test(version_1),
		cmocka_unit_test(no_limit),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
