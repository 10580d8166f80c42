// SPDX-License-Identifier: GPL-2.0-only
#include "mount_tables.h"

#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>

#include <libmount.h>

#include "namespaces.h"

/* Tables own the strings, mounts point to them. */
struct mount_tables {
	struct libmnt_table **tables;
	size_t table_cnt;
	struct mount *mounts; /* ours come first */
	size_t cnt, room;
	struct mount **by_id; /* of one namespace after the other */
	struct mount **by_parent;
	struct mount **by_dev;
	struct namespace_pids *pids;
	ino_t own; /* our namespace: from another, /proc may not be found */
	bool complete;
};

/* Negative: a comes before b; 0: nothing to choose between them. */
typedef int order_fn(const struct mount *a, const struct mount *b);

static int by_home(const struct mount *a, int a_key, const struct mount *b,
		   int b_key)
{
	if (a->home != b->home)
		return a->home < b->home ? -1 : 1;
	return a_key < b_key ? -1 : a_key > b_key;
}

static int by_id(const struct mount *a, const struct mount *b)
{
	return by_home(a, a->id, b, b->id);
}

static int by_parent(const struct mount *a, const struct mount *b)
{
	return by_home(a, a->parent, b, b->parent);
}

static int by_dev(const struct mount *a, const struct mount *b)
{
	return a->dev < b->dev ? -1 : a->dev > b->dev;
}

/* Each connection: the best mount to name it by comes first. */
static int by_use(const struct mount *a, const struct mount *b)
{
	bool a_part = strcmp(a->root, "/"), b_part = strcmp(b->root, "/");

	if (a->dev != b->dev || !a->ns != !b->ns)
		return by_dev(a, b) ?: (a->ns ? 1 : -1);
	return a_part != b_part ? a_part - b_part : a->id - b->id;
}

static int as_in_tables(const struct mount *a, const struct mount *b)
{
	return a < b ? -1 : a > b;
}

static int compare(const void *a, const void *b, void *arg)
{
	const struct mount *x = *(const struct mount *const *)a;
	const struct mount *y = *(const struct mount *const *)b;
	order_fn *order = *(order_fn **)arg;

	return order(x, y) ?: as_in_tables(x, y);
}

static void sort(struct mount **all, size_t cnt, order_fn *order)
{
	qsort_r(all, cnt, sizeof(*all), compare, &order);
}

/* All mounts in that order, or NULL. */
static struct mount **sorted(const struct mount_tables *m, order_fn *order)
{
	struct mount **all = calloc(m->cnt + 1, sizeof(*all));

	for (size_t i = 0; all && i < m->cnt; i++)
		all[i] = &m->mounts[i];
	if (all)
		sort(all, m->cnt, order);
	return all;
}

/* Where in all, which has that order, those equal to wanted begin. */
static size_t find(struct mount *const *all, size_t cnt,
		   const struct mount *wanted, order_fn *order)
{
	size_t low = 0, high = cnt;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (order(all[mid], wanted) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

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

/* All mounts are in place now: they may be pointed to. */
static struct mount_tables *finish(struct mount_tables *m, int err)
{
	if (!err) {
		m->by_id = sorted(m, by_id);
		m->by_parent = sorted(m, by_parent);
		m->by_dev = sorted(m, by_dev);
		m->pids = namespace_pids_new();
	}
	if (m->by_id && m->by_parent && m->by_dev && m->pids)
		return m;
	mount_tables_free(m);
	return NULL;
}

struct mount_tables *mount_tables_parse(FILE *mountinfo)
{
	struct mount_tables *m = calloc(1, sizeof(*m));

	return m ? finish(m, read_table(mountinfo, 0, m)) : NULL;
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
	return m ? finish(m, err) : NULL;
}

void mount_tables_free(struct mount_tables *m)
{
	if (!m)
		return;
	for (size_t i = 0; i < m->cnt; i++)
		free(m->mounts[i].inside);
	for (size_t i = 0; i < m->table_cnt; i++)
		mnt_unref_table(m->tables[i]);
	namespace_pids_free(m->pids);
	free(m->tables);
	free(m->by_id);
	free(m->by_parent);
	free(m->by_dev);
	free(m->mounts);
	free(m);
}

bool mount_tables_complete(const struct mount_tables *m)
{
	return m->complete;
}

pid_t mount_tables_pid(const struct mount_tables *m, ino_t ns)
{
	return ns ? namespace_pids_find(m->pids, ns) : 0;
}

size_t mount_tables_cnt(const struct mount_tables *m)
{
	return m->cnt;
}

size_t mount_tables_nr(const struct mount_tables *m, const struct mount *mount)
{
	return (size_t)(mount - m->mounts);
}

bool mount_is_virtiofs(const struct mount *mount)
{
	return !strcmp(mount->type, "virtiofs");
}

bool mount_is_fuse(const struct mount *mount)
{
	const char *type = mount->type;

	return !strcmp(type, "fuse") || !strncmp(type, "fuse.", 5) ||
	       !strcmp(type, "fuseblk") || !strncmp(type, "fuseblk.", 8) ||
	       mount_is_virtiofs(mount);
}

struct mount **mount_tables_fuse(const struct mount_tables *m, size_t *cnt)
{
	struct mount **all = calloc(m->cnt + 1, sizeof(*all));

	*cnt = 0;
	for (size_t i = 0; all && i < m->cnt; i++)
		if (mount_is_fuse(&m->mounts[i]))
			all[(*cnt)++] = &m->mounts[i];
	if (all)
		sort(all, *cnt, by_use);
	return all;
}

const struct mount *mount_tables_parent(const struct mount_tables *m,
					const struct mount *mount)
{
	const struct mount wanted = { .id = mount->parent,
				      .home = mount->home };
	size_t i = find(m->by_id, m->cnt, &wanted, by_id);

	if (i == m->cnt || by_id(m->by_id[i], &wanted) || m->by_id[i] == mount)
		return NULL;
	return m->by_id[i];
}

/*
 * Where in the parent's file system it is mounted: its path without that of the
 * parent, whose root may be a folder of the file system.
 */
static int find_inside(const struct mount *parent, struct mount *mount)
{
	const char *root = strcmp(parent->root, "/") ? parent->root : "";
	const char *at = mount->full ?: mount->path;
	const char *above = parent->full ?: parent->path;
	size_t len = strcmp(above, "/") ? strlen(above) : 0;

	if (mount->inside)
		return 0;
	if (!strncmp(at, above, len))
		at += len;
	return asprintf(&mount->inside, "%s%s", root, *at ? at : "/") < 0 ? -1
									  : 0;
}

/* Mounts that were found, and those whose children are still to be found. */
struct finding {
	const struct mount_tables *m;
	uint32_t dev;
	struct mount **all;
	size_t cnt;
	int err;
};

/*
 * The root of a file system is never looked up, so it doesn't become stale:
 * what is mounted on that stays.
 */
static bool is_direct(struct finding *f, const struct mount *parent,
		      struct mount *mount)
{
	if (parent->dev != f->dev)
		return false;
	if (find_inside(parent, mount))
		f->err = -1;
	return !f->err && strcmp(mount->inside, "/");
}

/* direct: only what a stale directory detaches; else only the rest. */
static void add_children(struct finding *f, const struct mount *parent,
			 bool direct)
{
	const struct mount wanted = { .parent = parent->id,
				      .home = parent->home };
	const struct mount_tables *m = f->m;

	for (size_t i = find(m->by_parent, m->cnt, &wanted, by_parent);
	     i < m->cnt && !by_parent(m->by_parent[i], &wanted); i++)
		if (m->by_parent[i] != parent &&
		    is_direct(f, parent, m->by_parent[i]) == direct)
			f->all[f->cnt++] = m->by_parent[i];
}

struct mount **mount_tables_beneath(const struct mount_tables *m, uint32_t dev,
				    size_t *cnt)
{
	struct finding f = { .m = m,
			     .dev = dev,
			     .all = calloc(m->cnt + 1, sizeof(*f.all)) };
	const struct mount wanted = { .dev = dev };

	for (size_t i = find(m->by_dev, m->cnt, &wanted, by_dev);
	     f.all && i < m->cnt && m->by_dev[i]->dev == dev; i++)
		add_children(&f, m->by_dev[i], true);
	sort(f.all, f.cnt, as_in_tables);
	/* And what is mounted on these, to any depth: each has one parent. */
	for (size_t i = 0; i < f.cnt; i++)
		add_children(&f, f.all[i], false);
	*cnt = f.cnt;
	if (!f.err)
		return f.all;
	free(f.all);
	return NULL;
}

/* One over the other: is another mount at the same path mounted on this one? */
static bool is_covered(const struct mount_tables *m, const struct mount *low)
{
	const struct mount wanted = { .parent = low->id };

	for (size_t i = find(m->by_parent, m->cnt, &wanted, by_parent);
	     i < m->cnt && !by_parent(m->by_parent[i], &wanted); i++)
		if (m->by_parent[i] != low && !m->by_parent[i]->ns &&
		    !strcmp(m->by_parent[i]->path, low->path))
			return true;
	return false;
}

const struct mount *mount_tables_at(const struct mount_tables *m,
				    const char *path)
{
	for (size_t i = 0; i < m->cnt && !m->mounts[i].ns; i++)
		if (!strcmp(m->mounts[i].path, path) &&
		    !is_covered(m, &m->mounts[i]))
			return &m->mounts[i];
	return NULL;
}

const struct mount *mount_tables_over(const struct mount_tables *m,
				      const char *path)
{
	char *prefix = strdup(path), *slash;
	const struct mount *mount = NULL;

	while (prefix && *prefix && !(mount = mount_tables_at(m, prefix))) {
		slash = strrchr(prefix, '/');
		if (!slash || !strcmp(prefix, "/"))
			break;
		slash[slash == prefix] = 0;
	}
	free(prefix);
	return mount;
}
