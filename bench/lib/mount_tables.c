// SPDX-License-Identifier: GPL-2.0-only
#include "mount_tables_internal.h"

#include <stdlib.h>
#include <string.h>

#include <libmount.h>

#include "namespaces.h"

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

/* As those see them who live there; ours come first. */
static int by_path(const struct mount *a, const struct mount *b)
{
	if (a->ns != b->ns)
		return a->ns < b->ns ? -1 : 1;
	return strcmp(a->path, b->path);
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

struct mount_tables *mount_tables_finish(struct mount_tables *m, int err)
{
	if (!err) {
		m->by_id = sorted(m, by_id);
		m->by_parent = sorted(m, by_parent);
		m->by_dev = sorted(m, by_dev);
		m->by_path = sorted(m, by_path);
		m->pids = namespace_pids_new();
	}
	if (m->by_id && m->by_parent && m->by_dev && m->by_path && m->pids)
		return m;
	mount_tables_free(m);
	return NULL;
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
	free(m->by_path);
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

const struct mount *mount_tables_get(const struct mount_tables *m, size_t nr)
{
	return &m->mounts[nr];
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
	bool *seen; /* by number: a damaged table may lead to one twice */
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

static void add_one(struct finding *f, struct mount *mount)
{
	bool *seen = &f->seen[mount_tables_nr(f->m, mount)];

	if (!*seen)
		f->all[f->cnt++] = mount;
	*seen = true;
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
			add_one(f, m->by_parent[i]);
}

struct mount **mount_tables_beneath(const struct mount_tables *m, uint32_t dev,
				    size_t *cnt)
{
	struct finding f = { .m = m,
			     .dev = dev,
			     .all = calloc(m->cnt + 1, sizeof(*f.all)),
			     .seen = calloc(m->cnt + 1, sizeof(*f.seen)) };
	const struct mount wanted = { .dev = dev };

	for (size_t i = find(m->by_dev, m->cnt, &wanted, by_dev);
	     f.all && f.seen && i < m->cnt && m->by_dev[i]->dev == dev; i++)
		add_children(&f, m->by_dev[i], true);
	sort(f.all, f.cnt, as_in_tables);
	/* And what is mounted on these, to any depth: each has one parent. */
	for (size_t i = 0; i < f.cnt; i++)
		add_children(&f, f.all[i], false);
	*cnt = f.cnt;
	if (f.seen && !f.err) {
		free(f.seen);
		return f.all;
	}
	free(f.seen);
	free(f.all);
	return NULL;
}

/* One over the other: is another mount at the same path mounted on this one? */
static bool is_covered(const struct mount_tables *m, const struct mount *low)
{
	const struct mount wanted = { .parent = low->id, .home = low->home };

	for (size_t i = find(m->by_parent, m->cnt, &wanted, by_parent);
	     i < m->cnt && !by_parent(m->by_parent[i], &wanted); i++)
		if (m->by_parent[i] != low && !by_path(m->by_parent[i], low))
			return true;
	return false;
}

static const struct mount *at(const struct mount_tables *m, ino_t ns,
			      const char *path)
{
	const struct mount wanted = { .ns = ns, .path = path };

	for (size_t i = find(m->by_path, m->cnt, &wanted, by_path);
	     i < m->cnt && !by_path(m->by_path[i], &wanted); i++)
		if (!is_covered(m, m->by_path[i]))
			return m->by_path[i];
	return NULL;
}

const struct mount *mount_tables_at(const struct mount_tables *m,
				    const char *path)
{
	return at(m, 0, path);
}

static const struct mount *over(const struct mount_tables *m, ino_t ns,
				const char *path)
{
	char *prefix = strdup(path), *slash;
	const struct mount *mount = NULL;

	while (prefix && *prefix && !(mount = at(m, ns, prefix))) {
		slash = strrchr(prefix, '/');
		if (!slash || !strcmp(prefix, "/"))
			break;
		slash[slash == prefix] = 0;
	}
	free(prefix);
	return mount;
}

const struct mount *mount_tables_over(const struct mount_tables *m,
				      const char *path)
{
	return over(m, 0, path);
}

const struct mount *mount_tables_over_there(const struct mount_tables *m,
					    const struct mount *there,
					    const char *path)
{
	return over(m, there->ns, path);
}
