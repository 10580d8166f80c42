// SPDX-License-Identifier: GPL-2.0-only
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <cmocka.h>

#include "bench/lib/tree.h"

/* One less, equal and one more than full levels of a deep tree, and others. */
static const uint64_t sizes[] = {
	1, 15, 16, 17, 272, 273, 999, 1000, 1001, 4369
};

#define SIZE_CNT (sizeof(sizes) / sizeof(sizes[0]))

/* Calls check for each shape and size. */
static void for_each_tree(void (*check)(const struct tree *t))
{
	for (int shape = 0; shape < SHAPE_MAX; shape++)
		for (size_t i = 0; i < SIZE_CNT; i++) {
			struct tree t = { .shape = shape, .n = sizes[i] };

			check(&t);
		}
}

/* Walks from slot 0: each name must be met exactly once, in its parent. */
static void check_children(const struct tree *t)
{
	uint64_t met = 0, first = 0, cnt, dirs = 0;

	for (uint64_t slot = 0; slot <= t->n; slot++) {
		cnt = tree_children(t, slot, &first);
		assert_int_equal(cnt > 0 || !slot, tree_is_dir(t, slot));
		if (!cnt)
			continue;
		dirs += slot > 0;
		assert_int_equal(first, met + 1);
		for (uint64_t i = 0; i < cnt; i++)
			assert_int_equal(tree_parent(t, first + i), slot);
		met += cnt;
	}
	assert_int_equal(met, t->shape == SHAPE_NEGATIVE ? 0 : t->n);
	assert_int_equal(tree_dir_cnt(t), dirs);
}

static void each_name_has_one_parent(void **state)
{
	(void)state;
	for_each_tree(check_children);
}

static void check_names(const struct tree *t)
{
	char name[TREE_NAME_LEN + 1] = "";
	uint64_t found;

	for (uint64_t slot = 1; slot <= t->n; slot++) {
		tree_name(slot, name);
		if (t->shape == SHAPE_NEGATIVE) {
			assert_false(tree_find(t, 0, name, &found));
			continue;
		}
		assert_true(tree_find(t, tree_parent(t, slot), name, &found));
		assert_int_equal(found, slot);
	}
	tree_name(t->n + 1, name);
	assert_false(tree_find(t, tree_parent(t, t->n), name, &found));
	assert_false(tree_find(t, 0, "f0000001", &found));
	assert_false(tree_find(t, 0, "f000000001", &found));
	assert_false(tree_find(t, 0, "F00000001", &found));
	assert_false(tree_find(t, 0, "f0000000G", &found));
	assert_false(tree_find(t, 0, "", &found));
}

static void names_are_found_again(void **state)
{
	(void)state;
	for_each_tree(check_names);
}

static void check_nodeids(const struct tree *t)
{
	uint64_t slot, max = 0;

	for (uint64_t s = 1; t->shape != SHAPE_NEGATIVE && s <= t->n; s++) {
		uint64_t id = tree_nodeid(t, s);

		assert_true(id > TREE_TOP_NODEID);
		assert_true(tree_slot_of(t, id, &slot));
		assert_int_equal(tree_nodeid(t, slot), id);
		max = id > max ? id : max;
	}
	if (max)
		assert_int_equal(max - TREE_TOP_NODEID, tree_inode_cnt(t));
	assert_false(tree_slot_of(t, TREE_TOP_NODEID + tree_inode_cnt(t) + 1,
				  &slot));
	assert_false(tree_slot_of(t, TREE_ROOT_NODEID, &slot));
}

static void nodeids_are_dense_and_known(void **state)
{
	(void)state;
	for_each_tree(check_nodeids);
}

static void links_share_inodes(void **state)
{
	struct tree t = { .shape = SHAPE_LINKS, .n = 50000000 };

	(void)state;
	assert_int_equal(tree_inode_cnt(&t), 50000);
	t.n = 1001;
	assert_int_equal(tree_inode_cnt(&t), 2);
}

static void paths_lead_through_the_parents(void **state)
{
	struct tree t = { .shape = SHAPE_DEEP, .n = 300 };
	char path[TREE_PATH_MAX];

	(void)state;
	assert_int_equal(tree_path(&t, 0, path), 4);
	assert_string_equal(path, "tree");
	tree_path(&t, 300, path);
	assert_string_equal(path, "tree/f00000001/f00000012/f0000012c");
	t = (struct tree){ .shape = SHAPE_DEEP, .n = TREE_N_MAX };
	assert_true(tree_path(&t, TREE_N_MAX, path) < sizeof(path));
	t.shape = SHAPE_WIDE;
	tree_path(&t, 300, path);
	assert_string_equal(path, "tree/f0000012c");
}

static void modes_follow_the_shape(void **state)
{
	struct tree t = { .shape = SHAPE_SYMLINKS, .n = 5 };

	(void)state;
	assert_true(S_ISLNK(tree_mode(&t, 5)));
	assert_true(S_ISDIR(tree_mode(&t, 0)));
	t.shape = SHAPE_NEGATIVE;
	assert_int_equal(tree_mode(&t, 5), 0);
	t.shape = SHAPE_WIDE;
	assert_true(S_ISREG(tree_mode(&t, 5)));
}

/* What is said to fit must fit, and one more than that must not. */
static void fitting_is_the_largest_estimate(void **state)
{
	(void)state;
	for (int shape = 0; shape < SHAPE_MAX; shape++) {
		uint64_t mem = 3000000000ULL;
		struct tree t = { .shape = shape,
				  .n = tree_n_fitting(shape, mem) };

		assert_true(tree_mem_bytes(&t) <= mem);
		t.n += 1 + t.n / 1000;
		assert_true(tree_mem_bytes(&t) > mem);
	}
	assert_int_equal(tree_n_fitting(SHAPE_LINKS, UINT64_MAX), TREE_N_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_name_has_one_parent),
		cmocka_unit_test(names_are_found_again),
		cmocka_unit_test(nodeids_are_dense_and_known),
		cmocka_unit_test(links_share_inodes),
		cmocka_unit_test(paths_lead_through_the_parents),
		cmocka_unit_test(modes_follow_the_shape),
		cmocka_unit_test(fitting_is_the_largest_estimate),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
