// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "mountinfo.h"

static const char table[] =
	"21 1 0:20 / /proc rw shared:1 - proc proc rw\n"
	"22 1 0:50 / /mnt/data rw,nosuid shared:1 - fuse.sshfs host: rw\n"
	"23 1 8:17 / /mnt/usb rw shared:1 - fuseblk /dev/sdb1 rw\n"
	"24 1 0:51 / /mnt/a\\040\"b\\134c\\012d rw shared:1 - fuse src rw\n"
	"25 1 0:52 / /mnt/vm rw shared:1 - virtiofs tag rw\n"
	"26 1 0:53 / /sys/fs/fuse/connections rw shared:1 - fusectl none rw\n"
	"27 1 0:54 / /mnt/other rw shared:1 - fusefs x rw\n"
	/* over the first */
	"28 22 0:123456 / /mnt/data rw shared:1 - fuse.new x rw\n"
	/* in it: no walk leads there, as that could hang */
	"29 28 0:60 / /mnt/data/none/such rw shared:1 - fuse.in x rw\n";

static struct mounts *mounts;

static void only_those_of_fuse(void **state)
{
	(void)state;
	assert_int_equal(mounts_cnt(mounts), 6);
	for (size_t i = 0; i < mounts_cnt(mounts); i++)
		assert_int_equal(mounts_at(mounts, i)->pid, 0);
	assert_null(mounts_find(mounts, 20));
	assert_null(mounts_find(mounts, 53));
	assert_null(mounts_find(mounts, 54));
	assert_string_equal(mounts_find(mounts, 50)->type, "fuse.sshfs");
	assert_string_equal(mounts_find(mounts, 8 << 20 | 17)->type, "fuseblk");
	assert_string_equal(mounts_find(mounts, 52)->type, "virtiofs");
}

static void paths_are_unescaped(void **state)
{
	(void)state;
	assert_string_equal(mounts_find(mounts, 51)->path, "/mnt/a \"b\\c\nd");
}

static void is_dev(const char *path, uint32_t want)
{
	uint32_t dev = 0;

	assert_int_equal(mounts_dev_at(mounts, path, &dev), 0);
	assert_int_equal(dev, want);
}

static void is_none(const char *path)
{
	uint32_t dev = 4711;

	assert_int_equal(mounts_dev_at(mounts, path, &dev), -ENOENT);
	assert_int_equal(dev, 4711);
}

static void device_of_a_path(void **state)
{
	(void)state;
	is_dev("/mnt/usb", 8 << 20 | 17);
	is_dev("/mnt/usb///", 8 << 20 | 17);
	is_dev("/mnt/data", 123456); /* the one that is on top */
	is_dev("/mnt/data/none/../none/such", 60);
	is_none("/mnt");
	is_none("/mnt/usb/below");
	is_none("/mnt/us");
	is_none("/proc");
	is_none("/");
	is_none("mnt/usb"); /* below the current directory */
}

static void is_name(uint32_t dev, const char *want)
{
	char *name = mounts_name(mounts, dev);

	assert_string_equal(name, want);
	free(name);
}

static void names_for_people(void **state)
{
	(void)state;
	is_name(8 << 20 | 17, "/mnt/usb");
	is_name(99, "0:99 (not mounted)");
	is_name(8 << 20 | 18, "8:18 (not mounted)");
	is_name(0xffffffff, "4095:1048575 (not mounted)");
}

static void a_long_name_is_whole(void **state)
{
	char path[6001], *line, *name;
	struct mounts *m;

	(void)state;
	memset(path, 'x', sizeof(path) - 1);
	path[0] = '/';
	path[sizeof(path) - 1] = 0;
	assert_true(asprintf(&line, "21 1 0:60 / %s rw - fuse.x x rw\n", path) >
		    0);
	m = mountinfo_scan(line);
	name = mounts_name(m, 60);
	assert_string_equal(name, path);
	free(name);
	mounts_free(m);
	free(line);
}

static void no_mounts(void **state)
{
	struct mounts *none = mountinfo_scan("");

	(void)state;
	assert_int_equal(mounts_cnt(none), 0);
	assert_null(mounts_find(none, 52));
	mounts_free(none);
	mounts_free(NULL);
}

static int set_up(void **state)
{
	(void)state;
	mounts = mountinfo_scan(table);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	mounts_free(mounts);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_those_of_fuse),
		cmocka_unit_test(paths_are_unescaped),
		cmocka_unit_test(device_of_a_path),
		cmocka_unit_test(names_for_people),
		cmocka_unit_test(a_long_name_is_whole),
		cmocka_unit_test(no_mounts),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
