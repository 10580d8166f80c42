// SPDX-License-Identifier: GPL-2.0-only
#include "mount_tables.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define LINKS_MAX 40

/* A path on its way: what is done, and what is still to be walked. */
struct walk {
	const struct mount_tables *m;
	char done[PATH_MAX];
	char rest[PATH_MAX];
	int link_cnt;
};

static void go_up(struct walk *w)
{
	char *slash = strrchr(w->done, '/');

	if (slash)
		*slash = 0;
}

/* Puts a link's target before the rest. */
static int follow(struct walk *w, const char *target)
{
	char rest[PATH_MAX];
	int len = snprintf(rest, sizeof(rest), "%s/%s", target, w->rest);

	if (len >= (int)sizeof(rest) || ++w->link_cnt > LINKS_MAX)
		return -ELOOP;
	strcpy(w->rest, rest);
	if (*target == '/')
		w->done[0] = 0;
	else
		go_up(w);
	return 0;
}

/*
 * Would FUSE be asked if that were looked at?  What is mounted on the way
 * counts, too, but for the root: that is on the way to everything.
 */
static bool is_behind_fuse(const struct walk *w)
{
	const struct mount *mount =
		mount_tables_over(w->m, *w->done ? w->done : "/");
	char up[PATH_MAX];

	if (mount && mount_is_fuse(mount))
		return true;
	for (strcpy(up, w->done); *up; *strrchr(up, '/') = 0) {
		mount = mount_tables_at(w->m, up);
		if (mount && mount_is_fuse(mount))
			return true;
	}
	return false;
}

/*
 * One name further.  What something is mounted on is no link, and on FUSE each
 * name is taken for none: something may be mounted further down.
 */
static int step(struct walk *w, const char *name)
{
	size_t len = strlen(w->done);
	char target[PATH_MAX];
	bool blind;
	ssize_t got;

	if (!strcmp(name, ".") || !*name)
		return 0;
	if (!strcmp(name, "..")) {
		go_up(w);
		return 0;
	}
	if (len + 1 + strlen(name) >= sizeof(w->done))
		return -ENAMETOOLONG;
	blind = is_behind_fuse(w);
	snprintf(w->done + len, sizeof(w->done) - len, "/%s", name);
	if (blind || mount_tables_at(w->m, w->done))
		return 0;
	got = readlink(w->done, target, sizeof(target) - 1);
	if (got < 0)
		return errno == EINVAL ? 0 : -errno;
	target[got] = 0;
	return follow(w, target);
}

/* 0 or -errno.  The working directory is an absolute path already. */
static int walk(struct walk *w, const char *path)
{
	char name[PATH_MAX];
	int err = 0;

	if (!*path)
		return -ENOENT;
	if (strlen(path) >= sizeof(w->rest))
		return -ENAMETOOLONG;
	strcpy(w->rest, path);
	if (*path != '/' && !getcwd(w->done, sizeof(w->done)))
		return errno == ERANGE ? -ENAMETOOLONG : -errno;
	/* "/", and "(unreachable)/mnt" where it isn't mounted any more. */
	if (*path != '/' && (*w->done != '/' || !w->done[1]))
		*w->done = 0;
	while (!err && *w->rest) {
		size_t len = strcspn(w->rest, "/");

		memcpy(name, w->rest, len);
		name[len] = 0;
		len += w->rest[len] == '/';
		memmove(w->rest, w->rest + len, strlen(w->rest + len) + 1);
		err = step(w, name);
	}
	if (!*w->done)
		strcpy(w->done, "/");
	return err;
}

int mount_tables_resolve(const struct mount_tables *m, const char *path,
			 char *absolute, size_t len)
{
	struct walk w = { .m = m };
	int err = walk(&w, path);

	if (err)
		return err;
	if (strlen(w.done) >= len)
		return -ENAMETOOLONG;
	strcpy(absolute, w.done);
	return 0;
}
