// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "mountinfo.h"
#include "bpf/series.h"

static uint64_t compared_cnt;

/* That of the C library, for all of the program. */
int strcmp(const char *a, const char *b)
{
	compared_cnt++;
	for (; *a && *a == *b; a++)
		b++;
	return (unsigned char)*a - (unsigned char)*b;
}

/* A sample with lives 0 to cnt - 1 of a device, of which all but the last ended. */
static struct sample *lives_of(uint32_t dev, uint32_t cnt)
{
	struct sample *s = calloc(1, sizeof(*s));

	assert_non_null(s);
	s->mounts = calloc(cnt, sizeof(*s->mounts));
	s->lives = malloc(sizeof(*s->lives));
	assert_non_null(s->mounts);
	assert_non_null(s->lives);
	for (uint32_t i = 0; i < cnt; i++)
		s->mounts[s->cnt++] = (struct sample_mount){
			.dev = dev,
			.generation = i,
			.hit_cnt = 100 + i,
			.gone_ns = i == cnt - 1 ? 0 : 1,
		};
	s->lives[s->life_cnt++] =
		(struct trace_life){ .dev = dev, .generation = cnt - 1 };
	return s;
}

/* The same device was mounted at each of these paths, one after the other. */
static struct mounts *mounted_at(uint32_t cnt, const char *(*path)(uint32_t i))
{
	struct mounts *all = NULL, *more;
	char line[128];

	for (uint32_t i = 0; i < cnt; i++) {
		struct sample *s = lives_of(52, i + 1);

		snprintf(line, sizeof(line),
			 "9 1 0:52 / %s rw - fuse.test src rw\n", path(i));
		more = mountinfo_scan_after(line, all, s);
		mounts_free(all);
		all = more;
		sample_free(s);
	}
	return all;
}

static const char *one_of_two(uint32_t i)
{
	return i % 2 ? "/mnt/b" : "/mnt/a";
}

static const char *always_another(uint32_t i)
{
	static char path[32];

	snprintf(path, sizeof(path), "/mnt/%u", i);
	return path;
}

static void the_last_of_a_name_stays(void **state)
{
	struct mounts *mounts = mounted_at(5, one_of_two);
	struct sample *s = lives_of(52, 5);

	(void)state;
	assert_int_equal(series_drop_replaced(s, mounts), 0);
	assert_int_equal(s->cnt, 2);
	assert_int_equal(sample_find(s, 52, 3)->hit_cnt, 103);
	assert_int_equal(sample_find(s, 52, 4)->hit_cnt, 104);
	sample_free(s);
	mounts_free(mounts);
}

static void other_names_are_others(void **state)
{
	struct mounts *mounts = mounted_at(5, always_another);
	struct sample *s = lives_of(52, 5);

	(void)state;
	assert_int_equal(series_drop_replaced(s, mounts), 0);
	assert_int_equal(s->cnt, 5);
	sample_free(s);
	mounts_free(mounts);
}

/* All that nobody has seen mounted have the same name: none. */
static void without_a_name(void **state)
{
	struct mounts *mounts = mountinfo_scan("");
	struct sample *s = lives_of(52, 5);

	(void)state;
	assert_int_equal(series_drop_replaced(s, mounts), 0);
	assert_int_equal(s->cnt, 1);
	assert_int_equal(s->mounts[0].generation, 4);
	s->cnt = 0;
	assert_int_equal(series_drop_replaced(s, mounts), 0);
	assert_int_equal(s->cnt, 0);
	sample_free(s);
	mounts_free(mounts);
}

static void zeros_of_what_is_mounted(void **state)
{
	struct mounts *before = mountinfo_scan(MOUNTINFO_FUSE(60, "/mnt/x"));
	struct sample *s = lives_of(52, 2);
	struct mounts *mounts = mountinfo_scan_after(
		MOUNTINFO_FUSE(52, "/mnt/a") MOUNTINFO_FUSE(52, "/mnt/b")
			MOUNTINFO_FUSE(50, "/mnt/c"),
		before, s);

	(void)state;
	assert_int_equal(series_add_mounted(s, mounts), 0);
	assert_int_equal(s->cnt, 3);
	assert_int_equal(s->mounts[0].dev, 50);
	assert_int_equal(s->mounts[0].hit_cnt, 0);
	assert_int_equal(sample_find(s, 52, 1)->hit_cnt, 101);
	sample_free(s);
	mounts_free(mounts);
	mounts_free(before);
}

static uint64_t compared_of(uint32_t cnt)
{
	struct mounts *mounts = mounted_at(cnt, always_another);
	struct sample *s = lives_of(52, cnt);
	uint64_t before = compared_cnt;

	assert_int_equal(series_drop_replaced(s, mounts), 0);
	assert_int_equal(s->cnt, cnt);
	sample_free(s);
	mounts_free(mounts);
	return compared_cnt - before;
}

/* As in bench/test/unit/test_growth.c. */
static void not_each_against_all(void **state)
{
	enum { N = 200 };
	uint64_t few = compared_of(N), many = compared_of(2 * N);

	(void)state;
	assert_true(few > N);
	assert_true((double)many < 2.6 * (double)few);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_last_of_a_name_stays),
		cmocka_unit_test(other_names_are_others),
		cmocka_unit_test(without_a_name),
		cmocka_unit_test(zeros_of_what_is_mounted),
		cmocka_unit_test(not_each_against_all),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
