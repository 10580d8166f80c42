// SPDX-License-Identifier: GPL-2.0-only
#include "mounts.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <libmount.h>

struct mounts {
	struct mount_entry *entries;
	size_t cnt;
	/* Namespaces that were read. */
	ino_t *namespaces;
	size_t namespace_cnt;
};

static bool is_fuse(const char *type)
{
	return type &&
	       (!strcmp(type, "fuse") || !strncmp(type, "fuse.", 5) ||
		!strcmp(type, "fuseblk") || !strncmp(type, "fuseblk.", 8) ||
		!strcmp(type, "virtiofs"));
}

static int add(struct mounts *m, struct libmnt_fs *fs, pid_t pid)
{
	dev_t dev = mnt_fs_get_devno(fs);
	struct mount_entry *e;

	e = realloc(m->entries, (m->cnt + 1) * sizeof(*e));
	if (!e)
		return -ENOMEM;
	m->entries = e;
	e += m->cnt;
	e->dev = major(dev) << 20 | minor(dev);
	e->pid = pid;
	e->path = strdup(mnt_fs_get_target(fs) ?: "?");
	e->type = strdup(mnt_fs_get_fstype(fs));
	m->cnt++;
	return e->path && e->type ? 0 : -ENOMEM;
}

/* Not libmount's default parser of what is mounted: that would ask udev. */
static int read_table(struct mounts *m, const char *file, pid_t pid)
{
	struct libmnt_table *table = mnt_new_table_from_file(file);
	struct libmnt_iter *iter = mnt_new_iter(MNT_ITER_BACKWARD);
	struct libmnt_fs *fs;
	int err = 0;

	/* A process that is gone meanwhile. */
	if (!table || !iter)
		goto out;
	while (!err && !mnt_table_next_fs(table, iter, &fs))
		if (is_fuse(mnt_fs_get_fstype(fs)))
			err = add(m, fs, pid);
out:
	mnt_free_iter(iter);
	mnt_unref_table(table);
	return err;
}

/* Is this process in a mount namespace that wasn't read yet? */
static bool is_new_namespace(struct mounts *m, const char *pid)
{
	char path[64];
	ino_t *more;
	struct stat st;

	snprintf(path, sizeof(path), "/proc/%.20s/ns/mnt", pid);
	if (stat(path, &st))
		return false;
	for (size_t i = 0; i < m->namespace_cnt; i++)
		if (m->namespaces[i] == st.st_ino)
			return false;
	more = realloc(m->namespaces, (m->namespace_cnt + 1) * sizeof(*more));
	if (!more)
		return false;
	m->namespaces = more;
	more[m->namespace_cnt++] = st.st_ino;
	return true;
}

struct mounts *mounts_scan(void)
{
	struct mounts *m = calloc(1, sizeof(*m));
	DIR *proc = opendir("/proc");
	struct dirent *entry;
	char path[64];
	int err = m && proc ? 0 : -ENOMEM;

	if (!err && is_new_namespace(m, "self"))
		err = read_table(m, "/proc/self/mountinfo", 0);
	while (!err && (entry = readdir(proc))) {
		if (!isdigit(entry->d_name[0]) ||
		    !is_new_namespace(m, entry->d_name))
			continue;
		snprintf(path, sizeof(path), "/proc/%.20s/mountinfo",
			 entry->d_name);
		err = read_table(m, path, atoi(entry->d_name));
	}
	if (proc)
		closedir(proc);
	if (err) {
		mounts_free(m);
		return NULL;
	}
	return m;
}

void mounts_free(struct mounts *m)
{
	if (!m)
		return;
	for (size_t i = 0; i < m->cnt; i++) {
		free(m->entries[i].path);
		free(m->entries[i].type);
	}
	free(m->entries);
	free(m->namespaces);
	free(m);
}

size_t mounts_cnt(const struct mounts *m)
{
	return m->cnt;
}

const struct mount_entry *mounts_at(const struct mounts *m, size_t i)
{
	return &m->entries[i];
}

const struct mount_entry *mounts_find(const struct mounts *m, uint32_t dev)
{
	for (size_t i = 0; i < m->cnt; i++)
		if (m->entries[i].dev == dev)
			return &m->entries[i];
	return NULL;
}

int mounts_dev_at(const struct mounts *m, const char *path, uint32_t *dev)
{
	char absolute[PATH_MAX];
	size_t len;

	/* Without a walk to the end: only what is above the mount is asked. */
	if (*path == '/') {
		snprintf(absolute, sizeof(absolute), "%s", path);
	} else {
		if (!getcwd(absolute, sizeof(absolute)))
			return -errno;
		len = strlen(absolute);
		snprintf(absolute + len, sizeof(absolute) - len, "/%s", path);
	}
	for (len = strlen(absolute); len > 1 && absolute[len - 1] == '/';)
		absolute[--len] = 0;
	for (size_t i = 0; i < m->cnt; i++) {
		if (m->entries[i].pid || strcmp(m->entries[i].path, absolute))
			continue;
		*dev = m->entries[i].dev;
		return 0;
	}
	return -ENOENT;
}

void mounts_name(const struct mounts *m, uint32_t dev, char *buf, size_t len)
{
	const struct mount_entry *e = mounts_find(m, dev);

	if (!e)
		snprintf(buf, len, "%u:%u (not mounted)", dev >> 20,
			 dev & 0xfffff);
	else if (e->pid)
		snprintf(buf, len, "%s (in the namespace of %d)", e->path,
			 e->pid);
	else
		snprintf(buf, len, "%s", e->path);
}
