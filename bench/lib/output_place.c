// SPDX-License-Identifier: GPL-2.0-only
/*
 * output_place.c - what a path leads to.  Who follows links is the kernel, which
 * knows whose may be followed (fs.protected_symlinks).
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "output_place.h"

/* As the kernel has it. */
enum { LINKS_MAX = 40 };

static int copy_path(struct place *p, const char *path)
{
	size_t len = strlen(path);

	if (!len)
		return -ENOENT;
	if (path[len - 1] == '/')
		return -EISDIR;
	if (len >= sizeof(p->path))
		return -ENAMETOOLONG;
	memcpy(p->path, path, len + 1);
	return 0;
}

struct link {
	char target[PATH_MAX];
	uid_t owner;
	bool descriptor; /* "/proc/self/fd/3", to what is open there */
};

/* What a link says is meant from the folder that it lies in. */
static int join(const char *link, const char *text, char *out, size_t len)
{
	const char *slash = strrchr(link, '/');
	int folder_len = *text != '/' && slash ? (int)(slash - link) + 1 : 0;

	return snprintf(out, len, "%.*s%s", folder_len, link, text) < (int)len
		       ? 0
		       : -ENAMETOOLONG;
}

/* One link; returns 0 or -errno: -ENOENT or -EINVAL if it is none. */
static int read_link(const char *path, struct link *l)
{
	int fd = open(path, O_PATH | O_NOFOLLOW | O_CLOEXEC), ret = 0;
	char text[PATH_MAX];
	struct statfs fs;
	struct stat st;
	ssize_t len;

	if (fd < 0)
		return -errno;
	if (fstat(fd, &st) || fstatfs(fd, &fs))
		ret = -errno;
	else if (!S_ISLNK(st.st_mode))
		ret = -EINVAL;
	len = ret ? 0 : readlinkat(fd, "", text, sizeof(text) - 1);
	if (len < 0)
		ret = -errno;
	close(fd);
	if (ret)
		return ret;
	text[len] = '\0';
	l->owner = st.st_uid;
	l->descriptor = fs.f_type == PROC_SUPER_MAGIC;
	return join(path, text, l->target, sizeof(l->target));
}

/*
 * Nothing is there; or a link that leads to where nothing is.  That we follow
 * ourselves, so it must be our own.
 */
static int find_new(const char *path, struct place *p)
{
	struct link l;
	int ret = read_link(path, &l);

	p->kind = PLACE_NEW;
	if (ret)
		return ret == -ENOENT ? copy_path(p, path) : ret;
	return l.owner == geteuid() ? place_find(l.target, p) : -EACCES;
}

/* "/dev/stdout", "/dev/fd/3": a file that somebody has open. */
static bool is_descriptor(const char *path)
{
	struct link l = { .descriptor = false };
	char at[PATH_MAX];

	snprintf(at, sizeof(at), "%s", path);
	for (int i = 0; i < LINKS_MAX && !l.descriptor; i++) {
		if (read_link(at, &l))
			return false;
		strcpy(at, l.target);
	}
	return l.descriptor;
}

/* Its name without links; a file that can't be found by it is only written to. */
static void find_file(int fd, const char *path, struct place *p)
{
	char link[32];
	struct stat named;
	ssize_t len;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	len = readlink(link, p->path, sizeof(p->path) - 1);
	p->path[len < 0 ? 0 : len] = '\0';
	if (!is_descriptor(path) && !lstat(p->path, &named) &&
	    named.st_dev == p->st.st_dev && named.st_ino == p->st.st_ino)
		p->kind = PLACE_FILE;
}

static bool is_open_as_stdout(const struct stat *st)
{
	struct stat out;

	return !fstat(STDOUT_FILENO, &out) && out.st_dev == st->st_dev &&
	       out.st_ino == st->st_ino;
}

int place_find(const char *path, struct place *p)
{
	int fd, ret;

	p->kind = PLACE_STDOUT;
	if (!strcmp(path, "-"))
		return 0;
	fd = open(path, O_PATH | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? find_new(path, p) : -errno;
	ret = fstat(fd, &p->st) ? -errno : S_ISDIR(p->st.st_mode) ? -EISDIR : 0;
	if (!ret && !is_open_as_stdout(&p->st)) {
		p->kind = PLACE_STREAM;
		if (S_ISREG(p->st.st_mode))
			find_file(fd, path, p);
	}
	close(fd);
	return ret;
}
