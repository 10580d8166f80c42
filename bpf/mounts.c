// SPDX-License-Identifier: GPL-2.0-only
#include "mounts.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <libmount.h>

#include "text.h"

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
	e->gone = false;
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

/* What was there before and isn't any more, unless its number is taken. */
static int add_gone(struct mounts *m, const struct mounts *before)
{
	struct mount_entry *e;

	for (size_t i = 0; i < before->cnt; i++) {
		if (mounts_find(m, before->entries[i].dev))
			continue;
		e = realloc(m->entries, (m->cnt + 1) * sizeof(*e));
		if (!e)
			return -ENOMEM;
		m->entries = e;
		e += m->cnt++;
		*e = before->entries[i];
		e->gone = true;
		e->path = strdup(e->path);
		e->type = strdup(e->type);
		if (!e->path || !e->type)
			return -ENOMEM;
	}
	return 0;
}

struct mounts *mounts_scan(const struct mounts *before)
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
	if (!err && before)
		err = add_gone(m, before);
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

/*
 * An absolute path as mountinfo has it.  The last component isn't walked to:
 * that would be in the mount.
 */
static int resolve(const char *path, char *absolute)
{
	char copy[PATH_MAX], parent[PATH_MAX], *slash;
	size_t len = snprintf(copy, sizeof(copy), "%s", path);

	if (!len || len >= sizeof(copy))
		return -ENOENT;
	while (len > 1 && (copy[len - 1] == '/' ||
			   (copy[len - 1] == '.' && copy[len - 2] == '/')))
		copy[--len] = 0;
	slash = strrchr(copy, '/');
	if (!strcmp(copy, "/") || !strcmp(copy, ".") ||
	    !strcmp(slash ? slash + 1 : copy, ".."))
		return realpath(copy, absolute) ? 0 : -errno;
	if (slash)
		*slash = 0;
	if (!realpath(!slash ? "." : *copy ? copy : "/", parent))
		return -errno;
	len = snprintf(absolute, PATH_MAX, "%s/%s",
		       strcmp(parent, "/") ? parent : "",
		       slash ? slash + 1 : copy);
	return len < PATH_MAX ? 0 : -ENAMETOOLONG;
}

int mounts_dev_at(const struct mounts *m, const char *path, uint32_t *dev)
{
	char absolute[PATH_MAX];
	int err = resolve(path, absolute);

	if (err)
		return err;
	for (size_t i = 0; i < m->cnt; i++) {
		if (m->entries[i].pid || m->entries[i].gone ||
		    strcmp(m->entries[i].path, absolute))
			continue;
		*dev = m->entries[i].dev;
		return 0;
	}
	return -ENOENT;
}

bool mounts_changed(void)
{
	static int fd = -1;
	struct pollfd pollfd = { .events = POLLPRI };

	if (fd < 0)
		fd = open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC);
	pollfd.fd = fd;
	return fd < 0 || poll(&pollfd, 1, 0) > 0;
}

void mounts_name(const struct mounts *m, uint32_t dev, char *buf, size_t len)
{
	const struct mount_entry *e = mounts_find(m, dev);
	size_t used;

	if (!e) {
		snprintf(buf, len, "%u:%u (not mounted)", dev >> 20,
			 dev & 0xfffff);
		return;
	}
	buf[0] = 0;
	text_append(buf, len, e->path);
	used = strlen(buf);
	if (e->gone)
		snprintf(buf + used, len - used, " (gone)");
	else if (e->pid)
		snprintf(buf + used, len - used, " (in the namespace of %d)",
			 e->pid);
}
