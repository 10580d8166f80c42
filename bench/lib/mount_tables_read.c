// SPDX-License-Identifier: GPL-2.0-only
/*
 * mount_tables_read.c - mount tables as libmount takes them apart.
 */
#include "mount_tables_internal.h"

#include <stdlib.h>
#include <sys/sysmacros.h>

#include <libmount.h>

#include "namespaces.h"

static int add(struct mount_tables *m, struct libmnt_fs *fs, ino_t ns)
{
	dev_t dev = mnt_fs_get_devno(fs);
	size_t room = m->room ? 2 * m->room : 64;
	struct mount *more = m->mounts;

	if (m->cnt == m->room) {
		more = realloc(more, room * sizeof(*more));
		if (!more)
			return -1;
		m->mounts = more;
		m->room = room;
	}
	more[m->cnt++] = (struct mount){
		.id = mnt_fs_get_id(fs),
		.parent = mnt_fs_get_parent_id(fs),
		.dev = major(dev) << 20 | minor(dev),
		.path = mnt_fs_get_target(fs) ?: "?",
		.root = mnt_fs_get_root(fs) ?: "/",
		.type = mnt_fs_get_fstype(fs) ?: "?",
		.source = mnt_fs_get_source(fs) ?: "?",
		.options = mnt_fs_get_fs_options(fs) ?: "",
		.ns = ns,
		.home = ns == m->own ? 0 : ns,
	};
	return 0;
}

/* Where mounts of our namespace are, by their ids: mounts may still move. */
struct place {
	int id;
	size_t at;
};

static int compare_places(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	return x->id < y->id ? -1 : x->id > y->id;
}

/* All that is known so far, which is one table. */
static struct place *places_of(const struct mount_tables *m)
{
	struct place *all = calloc(m->cnt + 1, sizeof(*all));

	for (size_t i = 0; all && i < m->cnt; i++)
		all[i] = (struct place){ m->mounts[i].id, i };
	if (all)
		qsort(all, m->cnt, sizeof(*all), compare_places);
	return all;
}

/*
 * Our own namespace comes twice: as we see it, and then from its root, which a
 * chroot may hide.  Of what is known already only the full path is new.
 */
static int take_again(struct mount_tables *m, struct libmnt_iter *iter,
		      struct libmnt_table *table, ino_t ns)
{
	struct place *places = places_of(m), wanted, *place;
	size_t cnt = m->cnt;
	struct libmnt_fs *fs;
	int err = places ? 0 : -1;

	while (!err && !mnt_table_next_fs(table, iter, &fs)) {
		wanted.id = mnt_fs_get_id(fs);
		place = bsearch(&wanted, places, cnt, sizeof(*places),
				compare_places);
		if (place)
			m->mounts[place->at].full = mnt_fs_get_target(fs);
		else
			err = add(m, fs, ns);
	}
	free(places);
	return err;
}

static int take(struct mount_tables *m, struct libmnt_iter *iter,
		struct libmnt_table *table, ino_t ns)
{
	struct libmnt_fs *fs;
	int err = 0;

	if (m->table_cnt && ns == m->own)
		return take_again(m, iter, table, ns);
	while (!err && !mnt_table_next_fs(table, iter, &fs))
		err = add(m, fs, ns);
	return err;
}

static int read_table(FILE *f, ino_t ns, void *arg)
{
	struct mount_tables *m = arg;
	struct libmnt_table *table = mnt_new_table(), **more;
	struct libmnt_iter *iter = mnt_new_iter(MNT_ITER_FORWARD);
	int err = -1;

	more = realloc(m->tables, (m->table_cnt + 1) * sizeof(*more));
	m->tables = more ?: m->tables;
	/* The name says which format it is. */
	if (table && iter && more &&
	    !mnt_table_parse_stream(table, f, "/proc/self/mountinfo"))
		err = take(m, iter, table, ns);
	if (table && more)
		m->tables[m->table_cnt++] = table;
	else
		mnt_unref_table(table);
	mnt_free_iter(iter);
	return err;
}

struct mount_tables *mount_tables_parse(FILE *mountinfo)
{
	struct mount_tables *m = calloc(1, sizeof(*m));

	return m ? mount_tables_finish(m, read_table(mountinfo, 0, m)) : NULL;
}

struct mount_tables *mount_tables_read(bool own_only)
{
	struct mount_tables *m = calloc(1, sizeof(*m));
	FILE *f = fopen("/proc/self/mountinfo", "re");
	int err = -1;

	if (m)
		m->own = namespaces_own();
	if (m && f)
		err = read_table(f, 0, m);
	if (!err && !own_only)
		err = namespaces_each(read_table, m, &m->complete);
	if (f)
		fclose(f);
	return m ? mount_tables_finish(m, err) : NULL;
}
