// SPDX-License-Identifier: GPL-2.0-only
#include "breaks.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/stat.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command.h"
#include "messages.h"

struct stage {
	char below[300]; /* where a tmpfs is mounted, on the daemon's */
	char merged[340]; /* and where an overlay is */
	char file[360]; /* of the overlay */
};

/* From mount tables alone it can't be told which of two is meant: by its kind. */
static bool is_mounted(const char *path)
{
	struct statx stx;

	return !statx(AT_FDCWD, path, AT_STATX_DONT_SYNC, 0, &stx) &&
	       stx.stx_attributes & STATX_ATTR_MOUNT_ROOT;
}

static bool build_overlay(const struct served *served, const char *mount_path,
			  struct stage *s)
{
	char empty[340], options[1024];
	struct stat st;

	snprintf(empty, sizeof(empty), "%s/empty", served->mp.path);
	snprintf(s->merged, sizeof(s->merged), "%s/merged", served->mp.path);
	snprintf(s->file, sizeof(s->file), "%s/file", s->merged);
	mkdir(empty, 0755);
	mkdir(s->merged, 0755);
	/* Two layers, or it would have to be writable. */
	snprintf(options, sizeof(options), "lowerdir=%s/" SERVED_BESIDE ":%s",
		 mount_path, empty);
	return !mount("overlay", s->merged, "overlay", MS_RDONLY, options) &&
	       !stat(s->file, &st);
}

static void notify(const struct daemon *d, const char *mount_path,
		   const struct inval_method *method)
{
	static const char *const names[] = { SERVED_FILE, SERVED_BELOW,
					     SERVED_BESIDE };
	struct messages *m = messages_new(method, mount_path, d->dev);
	struct inval_result res;

	for (size_t i = 0; m && i < sizeof(names) / sizeof(names[0]); i++)
		messages_add(m, names[i]);
	if (m)
		messages_send(m, d->loan.dev, &res);
	messages_free(m);
}

void breaks_try(const struct daemon *d, const struct served *served,
		const char *mount_path, const struct inval_method *method,
		const char *own, struct breaks *b)
{
	struct stage s;
	struct stat st;

	*b = (struct breaks){ 0 };
	snprintf(s.below, sizeof(s.below), "%s/" SERVED_BELOW, mount_path);
	b->tried[BREAK_OVERLAY] = build_overlay(served, mount_path, &s);
	b->tried[BREAK_SUBMOUNT] =
		!mount("epochbench", s.below, "tmpfs", 0, "size=4k");
	if (own)
		command_run(own);
	else if (method->build_name)
		notify(d, mount_path, method);
	lstat(s.below, &st);
	b->broken[BREAK_SUBMOUNT] =
		b->tried[BREAK_SUBMOUNT] && !is_mounted(s.below);
	b->broken[BREAK_OVERLAY] =
		b->tried[BREAK_OVERLAY] && stat(s.file, &st) && errno == ESTALE;
	umount2(s.merged, MNT_DETACH);
	if (is_mounted(s.below))
		umount2(s.below, MNT_DETACH);
}
