// SPDX-License-Identifier: GPL-2.0-only
#include "command.h"
#include "served.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

static int place(struct served *s)
{
	if (mount("epochbench", s->mp.path, "tmpfs", MS_NOSUID | MS_NODEV,
		  "mode=0755,size=75%,nr_inodes=0"))
		return -errno;
	return mkdir(s->source, 0755) || mkdir(s->scratch, 0755) ? -errno : 0;
}

/* Another one each time: what was there goes with the last who has it open. */
static int place_scratch(const struct served *s)
{
	umount2(s->scratch, MNT_DETACH);
	return mount("epochbench", s->scratch, "tmpfs", MS_NOSUID | MS_NODEV,
		     "mode=0755,size=75%,nr_inodes=0")
		       ? -errno
		       : 0;
}

int served_begin(struct served *s, const char *dir, char *err, size_t err_len)
{
	int ret = mount_point_take(&s->mp, dir, err, err_len);

	if (ret)
		return ret;
	s->tree = (struct tree){ 0 };
	snprintf(s->source, sizeof(s->source), "%s/source", s->mp.path);
	snprintf(s->scratch, sizeof(s->scratch), "%s/scratch", s->mp.path);
	ret = place(s);
	if (ret)
		snprintf(err, err_len, "no tmpfs for the files to serve: %s",
			 strerror(-ret));
	return ret;
}

static int make_file(int dir, const char *path)
{
	int fd = openat(dir, path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);

	if (fd < 0)
		return -errno;
	close(fd);
	return 0;
}

static int make_slot(int dir, const struct tree *t, uint64_t slot)
{
	char path[TREE_PATH_MAX], first[TREE_PATH_MAX];
	uint64_t same;

	tree_path(t, slot, path);
	if (tree_is_dir(t, slot))
		return mkdirat(dir, path, 0755) ? -errno : 0;
	if (!tree_slot_of(t, tree_nodeid(t, slot), &same) || same == slot)
		return make_file(dir, path);
	tree_path(t, same, first);
	return linkat(dir, first, dir, path, 0) ? -errno : 0;
}

static int fill(int dir, const struct tree *t)
{
	static const char *const files[] = {
		SERVED_FILE,
		SERVED_BESIDE "/" SERVED_KEPT,
		SERVED_BESIDE "/" SERVED_CHANGED,
	};
	int err = 0;

	for (uint64_t slot = 0; !err && slot <= t->n; slot++)
		err = make_slot(dir, t, slot);
	if (!err && (mkdirat(dir, SERVED_BESIDE, 0755) ||
		     mkdirat(dir, SERVED_BELOW, 0755)))
		err = -errno;
	for (size_t i = 0; !err && i < sizeof(files) / sizeof(files[0]); i++)
		err = make_file(dir, files[i]);
	return err;
}

static int make_tree(struct served *s, const struct tree *t)
{
	int dir, err = 0;

	if (s->tree.n == t->n && s->tree.shape == t->shape)
		return 0;
	if (s->tree.n && umount2(s->mp.path, MNT_DETACH))
		return -errno;
	if (s->tree.n)
		err = place(s);
	s->tree = *t;
	dir = open(s->source, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (!err)
		err = dir < 0 ? -errno : fill(dir, t);
	if (dir >= 0)
		close(dir);
	return err;
}

int served_make(struct served *s, const struct tree *t, char *err,
		size_t err_len)
{
	int ret = make_tree(s, t);

	if (!ret)
		ret = place_scratch(s);
	if (ret)
		snprintf(err, err_len,
			 "%llu names can't be made in a tmpfs: %s",
			 (unsigned long long)t->n, strerror(-ret));
	return ret;
}

static int run_change(const struct served *s, const char *path)
{
	const struct command_place places[] = { { "source", s->source },
						{ "scratch", s->scratch },
						{ "name", path },
						{ NULL, NULL } };
	char *text = command_fill(s->change, places);
	int ret = text ? command_run(text) : -ENOMEM;

	free(text);
	return ret > 0 ? -ECHILD : ret;
}

int served_change(const struct served *s, const char *path)
{
	char whole[sizeof(s->source) + TREE_PATH_MAX];
	int fd, err;

	if (s->change)
		return run_change(s, path);
	snprintf(whole, sizeof(whole), "%s/%s", s->source, path);
	fd = open(whole, O_WRONLY | O_APPEND | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	err = write(fd, "x", 1) == 1 ? 0 : -errno;
	close(fd);
	return err;
}

/* What is mounted goes with our namespace; this is earlier. */
void served_end(struct served *s)
{
	mount_point_umount(&s->mp, false);
	mount_point_release(&s->mp);
}
