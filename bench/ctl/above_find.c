// SPDX-License-Identifier: GPL-2.0-only
#include "above_find.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/lib/mount_layers.h"

/* A damaged table may lead in a circle. */
enum { DEEPEST = 1000 };

/* Takes over the texts. */
static int add(struct ctl_above *a, const struct above *one)
{
	size_t room = a->room ? 2 * a->room : 16;
	struct above *more = a->all;

	if (a->cnt == a->room)
		more = realloc(more, room * sizeof(*more));
	if (!more || !one->on) {
		free(one->on);
		free(one->loop);
		return -1;
	}
	if (a->cnt == a->room)
		a->room = room;
	a->all = more;
	a->all[a->cnt++] = *one;
	return 0;
}

static bool is_overlay(const struct mount *mount)
{
	return !strcmp(mount->type, "overlay");
}

struct layers {
	struct ctl_above *a;
	const struct mount *overlay;
	const char *relative; /* what it was called, if so */
	bool is_part; /* and the whole is mounted somewhere else */
	int err;
};

static void add_on(struct layers *l, const struct mount *on, const char *path)
{
	struct above one = { .kind = ABOVE_OVERLAY, .mount = l->overlay };

	if (!on || on->dev == l->overlay->dev ||
	    !(mount_is_fuse(on) || is_overlay(on)))
		return;
	one.dev = on->dev;
	one.on = strdup(l->relative ? l->relative : path);
	if (add(l->a, &one))
		l->err = -1;
}

/* What is mounted on the very folder may have come later, and not be the layer. */
static void add_layer(struct layers *l, const struct mount *on,
		      const char *path)
{
	add_on(l, on, path);
	if (on && !strcmp(on->path, path))
		add_on(l, mount_tables_parent(l->a->m, on), path);
}

/*
 * Whoever mounted it may have been in its namespace or in ours: a container's
 * manager mostly is.  Where only a part of it is, it wasn't mounted: so comes a
 * container that has another root by the host's /usr.
 */
static void place_layer(struct layers *l, const char *path)
{
	const struct mount_tables *m = l->a->m;
	char resolved[PATH_MAX];

	if (l->overlay->ns && !l->is_part)
		add_layer(l, mount_tables_over_there(m, l->overlay, path),
			  path);
	if (!mount_tables_resolve(m, path, resolved, sizeof(resolved)))
		add_layer(l, mount_tables_over(m, resolved), path);
}

/*
 * A relative layer belongs to where somebody stood, which no table tells.  Who
 * does so to keep options short (Docker's "l/...") stands in a folder above the
 * overlay; the innermost one that lies in such a file system is taken.
 */
static void place_relative(struct layers *l, const char *layer)
{
	size_t before = l->a->cnt;
	char *folder = strdup(l->overlay->path), *path;

	l->err = folder ? 0 : -1;
	l->relative = layer;
	for (char *end;
	     !l->err && l->a->cnt == before && (end = strrchr(folder, '/'));) {
		*end = 0;
		if (asprintf(&path, "%s/%s", folder, layer) < 0) {
			l->err = -1;
			break;
		}
		place_layer(l, path);
		free(path);
	}
	l->relative = NULL;
	free(folder);
}

static bool look_at_layer(const char *path, void *arg)
{
	struct layers *l = arg;

	if (*path == '/')
		place_layer(l, path);
	else
		place_relative(l, path);
	return !l->err;
}

static int compare_devs(const void *x, const void *y)
{
	uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;

	return a < b ? -1 : a > b;
}

/* The devices of overlays that are mounted as a whole; the caller frees them. */
static uint32_t *find_wholes(const struct mount_tables *m, size_t *cnt)
{
	uint32_t *devs = calloc(mount_tables_cnt(m) + 1, sizeof(*devs));

	*cnt = 0;
	for (size_t i = 0; devs && i < mount_tables_cnt(m); i++) {
		const struct mount *mount = mount_tables_get(m, i);

		if (is_overlay(mount) && !strcmp(mount->root, "/"))
			devs[(*cnt)++] = mount->dev;
	}
	if (devs)
		qsort(devs, *cnt, sizeof(*devs), compare_devs);
	return devs;
}

static int find_overlays(struct ctl_above *a)
{
	size_t whole_cnt;
	uint32_t *wholes = find_wholes(a->m, &whole_cnt);
	int err = wholes ? 0 : -1;

	for (size_t i = 0; !err && i < mount_tables_cnt(a->m); i++) {
		struct layers l = { .a = a,
				    .overlay = mount_tables_get(a->m, i) };

		if (!is_overlay(l.overlay))
			continue;
		l.is_part = strcmp(l.overlay->root, "/") &&
			    bsearch(&l.overlay->dev, wholes, whole_cnt,
				    sizeof(*wholes), compare_devs);
		err = mount_layers_each(l.overlay->options, look_at_layer, &l);
		if (l.err)
			err = l.err;
	}
	free(wholes);
	return err;
}

/* Can its path be walked without a question to a FUSE file system? */
static bool is_open_to_us(const struct mount_tables *m,
			  const struct mount *mount)
{
	const struct mount *above = mount;

	for (int i = 0; i < DEEPEST; i++) {
		above = mount_tables_parent(m, above);
		if (!above)
			return true;
		if (mount_is_fuse(above))
			return false;
	}
	return false;
}

static int mount_id_of(int fd)
{
	char path[64], line[256];
	int id = -1;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", fd);
	f = fopen(path, "re");
	while (f && id < 0 && fgets(line, sizeof(line), f))
		if (sscanf(line, "mnt_id: %d", &id) != 1)
			id = -1;
	if (f)
		fclose(f);
	return id;
}

/*
 * Is a directory mounted there?  O_PATH asks the root of a mount for nothing.
 * What can't be known is none: a file would take harm.
 */
static bool is_directory(const struct mount_tables *m,
			 const struct mount *mount)
{
	pid_t pid = mount_tables_pid(m, mount->ns);
	char root[32] = "", *path;
	int fd = -1, id = -1;

	if (!is_open_to_us(m, mount) || (mount->ns && !pid))
		return false;
	if (mount->ns)
		snprintf(root, sizeof(root), "/proc/%d/root", pid);
	if (asprintf(&path, "%s%s", root, mount->path) < 0)
		return false;
	fd = open(path, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd >= 0) {
		id = mount_id_of(fd);
		close(fd);
	}
	free(path);
	return id == mount->id; /* and nothing else was mounted over it */
}

/* What is mounted in the file system itself is beneath; "//deleted": broken. */
static bool is_file(const struct mount_tables *m, const struct mount *mount)
{
	const struct mount *above = mount_tables_parent(m, mount);
	size_t len = strlen(mount->root), gone = strlen("//deleted");

	if (!strcmp(mount->root, "/") || (above && above->dev == mount->dev))
		return false;
	if (len > gone && !strcmp(mount->root + len - gone, "//deleted"))
		return false;
	return !is_directory(m, mount);
}

static int find_files(struct ctl_above *a)
{
	size_t cnt;
	struct mount **fuse = mount_tables_fuse(a->m, &cnt);
	int err = fuse ? 0 : -1;

	for (size_t i = 0; !err && i < cnt; i++) {
		struct above one = { .dev = fuse[i]->dev,
				     .kind = ABOVE_FILE,
				     .mount = fuse[i] };

		if (!is_file(a->m, fuse[i]))
			continue;
		one.on = strdup(fuse[i]->root);
		err = add(a, &one);
	}
	free(fuse);
	return err;
}

/* As the kernel names it: from our root, if it can be reached from there. */
static int find_loop(struct ctl_above *a, const char *sys)
{
	struct above one = { .kind = ABOVE_LOOP };
	char path[PATH_MAX] = "";
	const struct mount *on;
	FILE *f = fopen(sys, "re");
	int nr = 0;

	if (f && fgets(path, sizeof(path), f))
		path[strcspn(path, "\n")] = 0;
	if (f)
		fclose(f);
	on = *path == '/' ? mount_tables_over(a->m, path) : NULL;
	if (!on || !(mount_is_fuse(on) || is_overlay(on)) ||
	    sscanf(sys, "/sys/block/loop%d/", &nr) != 1)
		return 0;
	if (asprintf(&one.loop, "/dev/loop%d", nr) < 0)
		return -1;
	one.dev = on->dev;
	one.on = strdup(path);
	return add(a, &one);
}

static int find_loops(struct ctl_above *a)
{
	glob_t found;
	int err = glob("/sys/block/loop*/loop/backing_file", GLOB_NOSORT, NULL,
		       &found);

	for (size_t i = 0; !err && i < found.gl_pathc; i++)
		err = find_loop(a, found.gl_pathv[i]);
	if (err != GLOB_NOSPACE)
		globfree(&found);
	return err == GLOB_NOMATCH || err == GLOB_ABORTED ? 0 : err;
}

static int compare(const void *x, const void *y)
{
	const struct above *a = x, *b = y;

	if (a->dev != b->dev)
		return a->dev < b->dev ? -1 : 1;
	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	if (!a->mount)
		return strcmp(a->loop, b->loop);
	if (a->mount->dev != b->mount->dev)
		return a->mount->dev < b->mount->dev ? -1 : 1;
	/* Ours comes first; files are mounted in many places. */
	return a->mount < b->mount ? -1 : a->mount > b->mount;
}

/* An overlay with several layers in it, or in several namespaces, is one. */
static bool is_same(const struct above *a, const struct above *b)
{
	if (a->dev != b->dev || a->kind != b->kind)
		return false;
	return a->kind == ABOVE_OVERLAY ? a->mount->dev == b->mount->dev
					: a->mount && a->mount == b->mount;
}

static void sort(struct ctl_above *a)
{
	size_t kept = 0;

	if (a->cnt)
		qsort(a->all, a->cnt, sizeof(*a->all), compare);
	for (size_t i = 0; i < a->cnt; i++) {
		if (kept && is_same(&a->all[kept - 1], &a->all[i])) {
			free(a->all[i].on);
			continue;
		}
		a->all[kept++] = a->all[i];
	}
	a->cnt = kept;
}

struct ctl_above *ctl_above_find(const struct mount_tables *m)
{
	struct ctl_above *a = calloc(1, sizeof(*a));

	if (!a)
		return NULL;
	a->m = m;
	if (find_overlays(a) || find_files(a) || find_loops(a)) {
		ctl_above_free(a);
		return NULL;
	}
	sort(a);
	return a;
}

void ctl_above_free(struct ctl_above *a)
{
	for (size_t i = 0; a && i < a->cnt; i++) {
		free(a->all[i].on);
		free(a->all[i].loop);
	}
	if (a)
		free(a->all);
	free(a);
}

const struct above *above_first(const struct ctl_above *a, uint32_t dev)
{
	size_t low = 0, high = a->cnt;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (a->all[mid].dev < dev)
			low = mid + 1;
		else
			high = mid;
	}
	return low < a->cnt && a->all[low].dev == dev ? &a->all[low] : NULL;
}
