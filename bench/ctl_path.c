// SPDX-License-Identifier: GPL-2.0-only
#include "ctl_path.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ctl.h"

#define LINKS_MAX 40

/* A path on its way: what is done, and what is still to be walked. */
struct walk {
	const struct ctl_mounts *m;
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
 * One name further.  What something is mounted on is no link, and on FUSE
 * nothing is asked: *in is the mount that the path leads into.
 */
static int step(struct walk *w, const char *name, const struct ctl_mount **in)
{
	size_t len = strlen(w->done);
	char target[PATH_MAX];
	ssize_t got;

	if (!strcmp(name, ".") || !*name)
		return 0;
	if (!strcmp(name, "..")) {
		go_up(w);
		return 0;
	}
	*in = ctl_mounts_over(w->m, *w->done ? w->done : "/");
	if (*in && ctl_mount_is_fuse(*in))
		return -EXDEV;
	*in = NULL;
	if (len + 1 + strlen(name) >= sizeof(w->done))
		return -ENAMETOOLONG;
	snprintf(w->done + len, sizeof(w->done) - len, "/%s", name);
	if (ctl_mounts_at(w->m, w->done))
		return 0;
	got = readlink(w->done, target, sizeof(target) - 1);
	if (got < 0)
		return errno == EINVAL ? 0 : -errno;
	target[got] = 0;
	return follow(w, target);
}

/*
 * An absolute path without links, dots and double slashes; 0 or -errno.  The
 * working directory is one already.
 */
static int resolve(struct walk *w, const char *path,
		   const struct ctl_mount **in)
{
	char name[PATH_MAX];
	int err = 0;

	if (!*path)
		return -ENOENT;
	if (strlen(path) >= sizeof(w->rest))
		return -ENAMETOOLONG;
	strcpy(w->rest, path);
	if (*path != '/' && !getcwd(w->done, sizeof(w->done)))
		return -errno;
	/* "/", and "(unreachable)/mnt" where it isn't mounted any more. */
	if (*path != '/' && (*w->done != '/' || !w->done[1]))
		*w->done = 0;
	while (!err && *w->rest) {
		size_t len = strcspn(w->rest, "/");

		memcpy(name, w->rest, len);
		name[len] = 0;
		len += w->rest[len] == '/';
		memmove(w->rest, w->rest + len, strlen(w->rest + len) + 1);
		err = step(w, name, in);
	}
	if (!*w->done)
		strcpy(w->done, "/");
	return err;
}

const struct ctl_mount *ctl_path_mount(const struct ctl_mounts *m,
				       const char *path)
{
	struct walk w = { .m = m };
	const struct ctl_mount *in = NULL, *mount;
	int err = resolve(&w, path, &in);

	if (err == -EXDEV)
		ctl_say("%s lies in the FUSE mount %s: name that", path,
			in->path);
	else if (err)
		ctl_say("%s: %s (`epochctl list` shows what there is)", path,
			strerror(-err));
	if (err)
		return NULL;
	mount = ctl_mounts_at(m, w.done);
	if (mount && ctl_mount_is_fuse(mount))
		return mount;
	/* The working directory, or above it. */
	if (!mount)
		in = ctl_mounts_over(m, w.done);
	if (in && ctl_mount_is_fuse(in))
		ctl_say("%s lies in the FUSE mount %s: name that", path,
			in->path);
	else if (mount)
		ctl_say("%s: what is mounted there is %s, not FUSE (`epochctl "
			"list` shows what there is)",
			path, mount->type);
	else
		ctl_say("%s: nothing is mounted there, in this mount namespace "
			"(`epochctl list` shows what there is)",
			path);
	return NULL;
}
