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
#include "bpf/sample.h"

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
	assert_null(mounts_find(mounts, 20, 0));
	assert_null(mounts_find(mounts, 53, 0));
	assert_null(mounts_find(mounts, 54, 0));
	assert_string_equal(mounts_find(mounts, 50, 0)->type, "fuse.sshfs");
	assert_string_equal(mounts_find(mounts, 8 << 20 | 17, 0)->type,
			    "fuseblk");
	assert_string_equal(mounts_find(mounts, 52, 0)->type, "virtiofs");
}

static void paths_are_unescaped(void **state)
{
	(void)state;
	assert_string_equal(mounts_find(mounts, 51, 0)->path,
			    "/mnt/a \"b\\c\nd");
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
	char *name = mounts_name(mounts, dev, 0);

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
	name = mounts_name(m, 60, 0);
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
	assert_null(mounts_find(none, 52, 0));
	mounts_free(none);
	mounts_free(NULL);
}

static void is_called(const struct mounts *m, uint32_t generation,
		      const char *want)
{
	char *name = mounts_name(m, 52, generation);

	assert_string_equal(name, want);
	free(name);
}

/* Without a sample: until the number is taken. */
static void one_that_is_gone(void **state)
{
	struct mounts *one = mountinfo_scan(MOUNTINFO_FUSE(52, "/mnt/a"));
	struct mounts *none = mountinfo_scan_after("", one, NULL);
	struct mounts *still = mountinfo_scan_after("", none, NULL);
	struct mounts *other =
		mountinfo_scan_after(MOUNTINFO_FUSE(52, "/mnt/b"), still, NULL);

	(void)state;
	is_called(one, 0, "/mnt/a");
	is_called(none, 0, "/mnt/a (gone)");
	is_called(still, 0, "/mnt/a (gone)");
	is_called(other, 0, "/mnt/b");
	assert_int_equal(mounts_cnt(other), 1);
	mounts_free(one);
	mounts_free(none);
	mounts_free(still);
	mounts_free(other);
}

/* Each life of a number has its name, as long as the sample has it. */
static void names_of_generations(void **state)
{
	struct trace_life life = { .dev = 52, .generation = 1 };
	struct sample_mount gone = { .dev = 52 };
	struct sample first = { 0 };
	struct sample second = {
		.cnt = 1, .mounts = &gone, .life_cnt = 1, .lives = &life
	};
	struct sample third = { .life_cnt = 1, .lives = &life };
	struct mounts *a = mountinfo_scan_after(MOUNTINFO_FUSE(52, "/mnt/a"),
						NULL, &first);
	struct mounts *b =
		mountinfo_scan_after(MOUNTINFO_FUSE(52, "/mnt/b"), a, &second);
	struct mounts *c = mountinfo_scan_after("", b, &third);

	(void)state;
	is_called(a, 0, "/mnt/a");
	is_called(a, 1, "0:52 (not mounted)");
	is_called(b, 0, "/mnt/a (gone)");
	is_called(b, 1, "/mnt/b");
	/* Detached, but not given back: something may be counted of it yet. */
	is_called(c, 0, "0:52 (not mounted)");
	is_called(c, 1, "/mnt/b (gone)");
	mounts_free(a);
	mounts_free(b);
	mounts_free(c);
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
		cmocka_unit_test(one_that_is_gone),
		cmocka_unit_test(names_of_generations),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
