// SPDX-License-Identifier: GPL-2.0-only
#include "mounts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>

#include <libmount.h>

#include "ctl.h"
#include "namespaces.h"

/* Tables own the strings, mounts point to them. */
struct ctl_mounts {
	struct libmnt_table **tables;
	size_t table_cnt;
	struct ctl_mount *mounts;
	size_t cnt;
	ino_t own; /* our namespace: from another, /proc may not be found */
	bool complete;
};

/* Both tables that may hold it have the same order: *hint is the next guess. */
static struct ctl_mount *known(const struct ctl_mounts *m, int id, size_t *hint)
{
	for (size_t i = 0; i < m->cnt; i++) {
		size_t at = (*hint + i) % m->cnt;

		if (m->mounts[at].id != id)
			continue;
		*hint = at + 1;
		return &m->mounts[at];
	}
	return NULL;
}

static int add(struct ctl_mounts *m, struct libmnt_fs *fs, ino_t ns)
{
	dev_t dev = mnt_fs_get_devno(fs);
	struct ctl_mount *more;

	more = realloc(m->mounts, (m->cnt + 1) * sizeof(*more));
	if (!more)
		return -1;
	m->mounts = more;
	more[m->cnt++] = (struct ctl_mount){
		.id = mnt_fs_get_id(fs),
		.parent = mnt_fs_get_parent_id(fs),
		.dev = ctl_dev(major(dev), minor(dev)),
		.path = mnt_fs_get_target(fs) ?: "?",
		.root = mnt_fs_get_root(fs) ?: "/",
		.type = mnt_fs_get_fstype(fs) ?: "?",
		.source = mnt_fs_get_source(fs) ?: "?",
		.ns = ns,
	};
	return 0;
}

/*
 * Our own namespace comes twice: as we see it, and then from its root, which a
 * chroot may hide.  Of what is known already only the full path is new.
 */
static int read_table(FILE *f, ino_t ns, void *arg)
{
	struct ctl_mounts *m = arg;
	struct libmnt_table *table = mnt_new_table(), **more;
	struct libmnt_iter *iter = mnt_new_iter(MNT_ITER_FORWARD);
	bool own = m->table_cnt && ns == m->own;
	struct ctl_mount *mount;
	struct libmnt_fs *fs;
	size_t hint = 0;
	int err = -1;

	more = realloc(m->tables, (m->table_cnt + 1) * sizeof(*more));
	if (!table || !iter || !more)
		goto out;
	m->tables = more;
	/* The name says which format it is. */
	if (mnt_table_parse_stream(table, f, "/proc/self/mountinfo"))
		goto out;
	err = 0;
	while (!err && !mnt_table_next_fs(table, iter, &fs)) {
		mount = own ? known(m, mnt_fs_get_id(fs), &hint) : NULL;
		if (mount)
			mount->full = mnt_fs_get_target(fs);
		else
			err = add(m, fs, ns);
	}
	m->tables[m->table_cnt++] = table;
	table = NULL;
out:
	m->tables = more ?: m->tables;
	mnt_free_iter(iter);
	mnt_unref_table(table);
	return err;
}

struct ctl_mounts *ctl_mounts_read(bool own_only)
{
	struct ctl_mounts *m = calloc(1, sizeof(*m));
	FILE *f = fopen("/proc/self/mountinfo", "re");
	int err = m && f ? read_table(f, 0, m) : -1;

	if (m)
		m->own = ctl_namespace_own();
	if (!err && !own_only)
		err = ctl_namespaces_each(read_table, m, &m->complete);
	if (f)
		fclose(f);
	if (!err)
		return m;
	ctl_say("the mount table can't be read: is /proc mounted?");
	ctl_mounts_free(m);
	return NULL;
}

void ctl_mounts_free(struct ctl_mounts *m)
{
	if (!m)
		return;
	for (size_t i = 0; i < m->cnt; i++)
		free(m->mounts[i].inside);
	for (size_t i = 0; i < m->table_cnt; i++)
		mnt_unref_table(m->tables[i]);
	free(m->tables);
	free(m->mounts);
	free(m);
}

bool ctl_mounts_complete(const struct ctl_mounts *m)
{
	return m->complete;
}

bool ctl_mount_is_virtiofs(const struct ctl_mount *mount)
{
	return !strcmp(mount->type, "virtiofs");
}

bool ctl_mount_is_fuse(const struct ctl_mount *mount)
{
	const char *type = mount->type;

	return !strcmp(type, "fuse") || !strncmp(type, "fuse.", 5) ||
	       !strcmp(type, "fuseblk") || !strncmp(type, "fuseblk.", 8) ||
	       ctl_mount_is_virtiofs(mount);
}

static int by_device(const void *a, const void *b)
{
	const struct ctl_mount *x = *(const struct ctl_mount *const *)a;
	const struct ctl_mount *y = *(const struct ctl_mount *const *)b;
	bool x_part = strcmp(x->root, "/"), y_part = strcmp(y->root, "/");

	if (x->dev != y->dev)
		return x->dev < y->dev ? -1 : 1;
	if (!x->ns != !y->ns)
		return x->ns ? 1 : -1;
	if (x_part != y_part)
		return x_part - y_part;
	return x->id - y->id;
}

struct ctl_mount **ctl_mounts_fuse(const struct ctl_mounts *m, size_t *cnt)
{
	struct ctl_mount **all = calloc(m->cnt + 1, sizeof(*all));

	*cnt = 0;
	for (size_t i = 0; all && i < m->cnt; i++)
		if (ctl_mount_is_fuse(&m->mounts[i]))
			all[(*cnt)++] = &m->mounts[i];
	if (all)
		qsort(all, *cnt, sizeof(*all), by_device);
	return all;
}

/* In a chroot, what of our own namespace is hidden has its number, else 0. */
static bool same_namespace(const struct ctl_mounts *m, ino_t a, ino_t b)
{
	return (a == m->own ? 0 : a) == (b == m->own ? 0 : b);
}

static const struct ctl_mount *parent_of(const struct ctl_mounts *m,
					 const struct ctl_mount *mount)
{
	for (size_t i = 0; i < m->cnt; i++)
		if (m->mounts[i].id == mount->parent &&
		    same_namespace(m, m->mounts[i].ns, mount->ns))
			return &m->mounts[i];
	return NULL;
}

/*
 * Where in the parent's file system it is mounted: its path without that of the
 * parent, whose root may be a folder of the file system.
 */
static int find_inside(const struct ctl_mount *parent, struct ctl_mount *mount)
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

static bool is_among(struct ctl_mount *const *mounts, size_t cnt, int id)
{
	for (size_t i = 0; i < cnt; i++)
		if (mounts[i]->id == id)
			return true;
	return false;
}

/*
 * The root of a file system is never looked up, so it doesn't become stale:
 * what is mounted on that stays.
 */
static bool is_direct(const struct ctl_mounts *m, struct ctl_mount *mount,
		      uint32_t dev, int *err)
{
	const struct ctl_mount *parent = parent_of(m, mount);

	if (!parent || parent->dev != dev || parent == mount)
		return false;
	if (find_inside(parent, mount))
		*err = -1;
	return !*err && strcmp(mount->inside, "/");
}

struct ctl_mount **ctl_mounts_beneath(const struct ctl_mounts *m, uint32_t dev,
				      size_t *cnt)
{
	struct ctl_mount **all = calloc(m->cnt + 1, sizeof(*all));
	size_t before;
	int err = 0;

	*cnt = 0;
	for (size_t i = 0; all && !err && i < m->cnt; i++)
		if (is_direct(m, &m->mounts[i], dev, &err))
			all[(*cnt)++] = &m->mounts[i];
	/* And what is mounted on these, to any depth. */
	do {
		before = *cnt;
		for (size_t i = 0; all && before && i < m->cnt; i++)
			if (is_among(all, *cnt, m->mounts[i].parent) &&
			    !is_among(all, *cnt, m->mounts[i].id))
				all[(*cnt)++] = &m->mounts[i];
	} while (*cnt != before);
	if (!err)
		return all;
	free(all);
	return NULL;
}

/* One over the other: is another mount at the same path mounted on this one? */
static bool is_covered(const struct ctl_mounts *m, const struct ctl_mount *low)
{
	for (size_t i = 0; i < m->cnt && !m->mounts[i].ns; i++)
		if (m->mounts[i].parent == low->id && &m->mounts[i] != low &&
		    !strcmp(m->mounts[i].path, low->path))
			return true;
	return false;
}

/* Ours come first in the array. */
const struct ctl_mount *ctl_mounts_at(const struct ctl_mounts *m,
				      const char *path)
{
	for (size_t i = 0; i < m->cnt && !m->mounts[i].ns; i++)
		if (!strcmp(m->mounts[i].path, path) &&
		    !is_covered(m, &m->mounts[i]))
			return &m->mounts[i];
	return NULL;
}

const struct ctl_mount *ctl_mounts_over(const struct ctl_mounts *m,
					const char *path)
{
	char *prefix = strdup(path), *slash;
	const struct ctl_mount *mount = NULL;

	while (prefix && *prefix && !(mount = ctl_mounts_at(m, prefix))) {
		slash = strrchr(prefix, '/');
		if (!slash || !strcmp(prefix, "/"))
			break;
		slash[slash == prefix] = 0;
	}
	free(prefix);
	return mount;
}
