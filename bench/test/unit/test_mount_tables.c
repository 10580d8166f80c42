// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

#include "bench/lib/mount_tables.h"

#define ROOT "21 1 8:1 / / rw - ext4 /dev/sda1 rw\n"
#define FUSE "22 21 0:50 / /f rw - fuse.x src rw\n"

static struct mount_tables *parse(const char *text)
{
	FILE *f = fmemopen((char *)text, strlen(text), "r");
	struct mount_tables *m;

	assert_non_null(f);
	m = mount_tables_parse(f);
	fclose(f);
	assert_non_null(m);
	return m;
}

/* The paths of what lies beneath device 0:50, in their order. */
static void expect_beneath(const char *text, const char *wanted)
{
	struct mount_tables *m = parse(text);
	char got[256] = "";
	size_t cnt;
	struct mount **all = mount_tables_beneath(m, 50, &cnt);

	assert_non_null(all);
	for (size_t i = 0; i < cnt; i++)
		snprintf(got + strlen(got), sizeof(got) - strlen(got), "%s ",
			 all[i]->path);
	assert_string_equal(got, wanted);
	free(all);
	mount_tables_free(m);
}

static void nothing_beneath(void **state)
{
	(void)state;
	expect_beneath(ROOT FUSE "23 21 0:51 / /g rw - tmpfs t rw\n", "");
}

static void beneath_to_any_depth(void **state)
{
	(void)state;
	expect_beneath(ROOT FUSE "23 22 0:51 / /f/a rw - tmpfs t rw\n"
				 "24 23 0:52 / /f/a/b rw - tmpfs t rw\n"
				 "25 24 0:53 / /f/a/b rw - tmpfs t rw\n"
				 "26 22 0:54 / /f/c rw - tmpfs t rw\n",
		       "/f/a /f/c /f/a/b /f/a/b ");
}

/* The root isn't looked up: what is mounted on it, and on that, stays. */
static void what_covers_the_root_stays(void **state)
{
	(void)state;
	expect_beneath(ROOT FUSE "23 22 0:51 / /f rw - tmpfs t rw\n"
				 "24 23 0:52 / /f/b rw - tmpfs t rw\n",
		       "");
}

/* The same file system once more, bound below itself: each mount comes once. */
static void bound_below_itself(void **state)
{
	(void)state;
	expect_beneath(ROOT FUSE "23 22 0:50 /d /f/a rw - fuse.x src rw\n"
				 "24 23 0:51 / /f/a/e rw - tmpfs t rw\n"
				 "25 23 0:52 / /f/a rw - tmpfs t rw\n",
		       "/f/a /f/a/e /f/a ");
}

static void place_within_the_file_system(void **state)
{
	struct mount_tables *m =
		parse(ROOT "22 21 0:50 /sub /f rw - fuse.x src rw\n"
			   "23 22 0:51 / /f/a rw - tmpfs t rw\n");
	size_t cnt;
	struct mount **all = mount_tables_beneath(m, 50, &cnt);

	(void)state;
	assert_int_equal(cnt, 1);
	assert_string_equal(all[0]->inside, "/sub/a");
	assert_ptr_equal(mount_tables_parent(m, all[0]),
			 mount_tables_at(m, "/f"));
	free(all);
	mount_tables_free(m);
}

/* The time in s of CPU that one question for each of cnt connections takes. */
static double ask_for_all(unsigned int cnt)
{
	char *text;
	size_t len, fuse_cnt, beneath_cnt;
	FILE *f = open_memstream(&text, &len);
	struct mount_tables *m;
	struct mount **all;
	clock_t begin;

	assert_non_null(f);
	fputs(ROOT, f);
	for (unsigned int i = 0; i < cnt; i++)
		fprintf(f,
			"%u 21 0:%u / /f%u rw - fuse.x src rw\n"
			"%u %u 0:%u / /f%u/a rw - tmpfs t rw\n",
			100 + 2 * i, 100 + 2 * i, i, 101 + 2 * i, 100 + 2 * i,
			101 + 2 * i, i);
	fclose(f);
	begin = clock();
	m = parse(text);
	free(text);
	all = mount_tables_fuse(m, &fuse_cnt);
	assert_int_equal(fuse_cnt, cnt);
	for (size_t i = 0; i < fuse_cnt; i++) {
		struct mount **beneath =
			mount_tables_beneath(m, all[i]->dev, &beneath_cnt);

		assert_int_equal(beneath_cnt, 1);
		free(beneath);
	}
	free(all);
	mount_tables_free(m);
	return (double)(clock() - begin) / CLOCKS_PER_SEC;
}

/* Asking each of 20000 connections would take minutes if each asked them all. */
static void many_connections(void **state)
{
	(void)state;
	print_message("# %.2f s of CPU for 20000 connections\n",
		      ask_for_all(20000));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_beneath),
		cmocka_unit_test(beneath_to_any_depth),
		cmocka_unit_test(what_covers_the_root_stays),
		cmocka_unit_test(bound_below_itself),
		cmocka_unit_test(place_within_the_file_system),
		cmocka_unit_test(many_connections),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
