// SPDX-License-Identifier: GPL-2.0-only
#include "walk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/device/node.h"

/* Directories that are still to be read, relative to the mount's root. */
struct walk {
	struct ctl_batch *batch;
	char **dirs;
	size_t cnt, room;
};

/* Takes it over. */
static int push(struct walk *w, char *dir)
{
	size_t room = w->room ? 2 * w->room : 64;
	char **more = w->dirs;

	if (w->cnt == w->room)
		more = realloc(more, room * sizeof(*more));
	if (!more || !dir) {
		free(dir);
		return -ENOMEM;
	}
	if (w->cnt == w->room)
		w->room = room;
	w->dirs = more;
	w->dirs[w->cnt++] = dir;
	return 0;
}

static bool is_directory(int folder, const struct dirent *e)
{
	struct statx stx;

	if (e->d_type != DT_UNKNOWN)
		return e->d_type == DT_DIR;
	return !statx(folder, e->d_name,
		      AT_STATX_DONT_SYNC | AT_SYMLINK_NOFOLLOW, STATX_TYPE,
		      &stx) &&
	       S_ISDIR(stx.stx_mode);
}

static int push_below(struct walk *w, const char *dir, const char *name)
{
	char *path;

	if (asprintf(&path, "%s%s%s", dir, *dir ? "/" : "", name) < 0)
		path = NULL;
	return push(w, path);
}

static int read_names(struct walk *w, const char *dir, DIR *names,
		      uint64_t node)
{
	struct dirent *e;
	int err = 0;

	for (errno = 0; !err && (e = readdir(names)); errno = 0) {
		if (!strcmp(e->d_name, ".") || !strcmp(e->d_name, ".."))
			continue;
		ctl_batch_add_name(w->batch, node, e->d_name);
		if (is_directory(dirfd(names), e))
			err = push_below(w, dir, e->d_name);
	}
	return err ? err : -errno;
}

/* 0 also for what isn't there to be read: no directory, another mount, gone. */
static int read_one(struct walk *w, const char *dir)
{
	int place = node_open(ctl_batch_root(w->batch), *dir ? dir : ".", 0);
	uint64_t node;
	DIR *names;
	int fd, err;

	if (place < 0)
		return place == -EXDEV || place == -ENOENT ? 0 : place;
	if (node_is_file(place)) {
		close(place);
		return 0;
	}
	err = node_id(place, ctl_batch_dev(w->batch), &node);
	fd = openat(place, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (!err && fd < 0)
		err = -errno;
	close(place);
	names = err ? NULL : fdopendir(fd);
	if (names)
		err = read_names(w, dir, names, node);
	else if (fd >= 0)
		close(fd);
	if (names)
		closedir(names);
	return err == -EXDEV ? 0 : err;
}

void ctl_walk(struct ctl_batch *b, const char *path)
{
	struct walk w = { .batch = b };
	char local[PATH_MAX];
	int err = ctl_batch_within(b, path, local, sizeof(local));

	if (err) {
		ctl_batch_fail(b, path, err);
		return;
	}
	if (!strcmp(local, "."))
		*local = 0;
	if (*local)
		ctl_batch_add(b, path);
	err = push(&w, strdup(local));
	while (!err && w.cnt) {
		char *dir = w.dirs[--w.cnt];
		int failed = read_one(&w, dir);

		/* Others may be read all the same. */
		if (failed)
			ctl_batch_fail(b, *dir ? dir : path, failed);
		free(dir);
		err = failed == -ENOMEM ? failed : 0;
	}
	while (w.cnt)
		free(w.dirs[--w.cnt]);
	free(w.dirs);
}
