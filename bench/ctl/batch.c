// SPDX-License-Identifier: GPL-2.0-only
#include "batch.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/inval/message.h"
#include "bench/lib/clock.h"
#include "ctl.h"
#include "bench/device/node.h"
#include "watch.h"

struct item {
	size_t msg; /* where it is, and its length */
	size_t len;
	char *path; /* as the user said it; NULL: it was found by a walk */
};

struct ctl_batch {
	const struct inval_method *method;
	const struct mount *mount, *whole;
	char named[2 * PATH_MAX]; /* as the user called it, but absolute */
	int root;
	struct item *items;
	size_t cnt, room;
	/* Where entries are, from the root of the file system: see tsearch(3). */
	void *insides;
	char *msgs;
	size_t msgs_len, msgs_room;
	struct ctl_batch_result result;
};

/* False: too long. */
static bool absolute(const char *path, char *buf, size_t len)
{
	char cwd[PATH_MAX];

	if (*path == '/' || !getcwd(cwd, sizeof(cwd)))
		return (size_t)snprintf(buf, len, "%s", path) < len;
	return (size_t)snprintf(buf, len, "%s/%s", cwd, path) < len;
}

struct ctl_batch *ctl_batch_new(const struct inval_method *method,
				const struct mount *mount,
				const struct mount *whole, const char *named)
{
	struct ctl_batch *b = calloc(1, sizeof(*b));

	if (!b) {
		ctl_say("no memory");
		return NULL;
	}
	b->method = method;
	b->mount = mount;
	absolute(named, b->named, sizeof(b->named));
	b->whole = whole;
	b->root = open(mount->path, O_PATH | O_CLOEXEC);
	if (b->root >= 0)
		return b;
	ctl_say("%s: can't be opened: %s", mount->path, strerror(errno));
	free(b);
	return NULL;
}

void ctl_batch_free(struct ctl_batch *b)
{
	if (!b)
		return;
	for (size_t i = 0; i < b->cnt; i++)
		free(b->items[i].path);
	tdestroy(b->insides, free);
	close(b->root);
	free(b->items);
	free(b->msgs);
	free(b);
}

static int keep_message(struct ctl_batch *b, const char *path, const char *msg,
			size_t len)
{
	size_t room = b->room ? 2 * b->room : 64;
	struct item *items = b->items;
	char *msgs = b->msgs;

	if (b->cnt == b->room)
		items = realloc(items, room * sizeof(*items));
	if (!items)
		return -ENOMEM;
	b->items = items;
	if (b->cnt == b->room)
		b->room = room;
	if (b->msgs_len + len > b->msgs_room) {
		room = 2 * b->msgs_room + len;
		msgs = realloc(msgs, room);
		if (!msgs)
			return -ENOMEM;
		b->msgs = msgs;
		b->msgs_room = room;
	}
	items += b->cnt;
	items->path = path ? strdup(path) : NULL;
	if (path && !items->path)
		return -ENOMEM;
	items->msg = b->msgs_len;
	items->len = len;
	memcpy(b->msgs + b->msgs_len, msg, len);
	b->msgs_len += len;
	b->cnt++;
	return 0;
}

/* The rest of a path below a folder; NULL if it isn't below. */
static const char *below(const char *path, const char *folder)
{
	size_t len = strlen(folder);

	while (len && folder[len - 1] == '/')
		len--;
	if (strncmp(path, folder, len) || (path[len] && path[len] != '/'))
		return NULL;
	return path + len;
}

static int compare(const void *a, const void *b)
{
	return strcmp(a, b);
}

/* Takes it over.  0 or -ENOMEM. */
static int keep_inside(struct ctl_batch *b, char *inside)
{
	char **kept = tsearch(inside, &b->insides, compare);

	if (!kept || *kept != inside)
		free(inside);
	return kept ? 0 : -ENOMEM;
}

/* Of an entry: "/dir/name" from the root of the file system, by open place. */
static char *find_inside(const struct ctl_batch *b, int parent,
			 const char *name)
{
	const char *root = strcmp(b->mount->root, "/") ? b->mount->root : "";
	char link[32], place[PATH_MAX], *inside;
	const char *rest;
	ssize_t len;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", parent);
	len = readlink(link, place, sizeof(place) - 1);
	if (len < 0)
		return NULL;
	place[len] = 0;
	rest = below(place, b->mount->path);
	if (!rest || asprintf(&inside, "%s%s/%s", root, rest, name) < 0)
		return NULL;
	return inside;
}

static int add_inode(struct ctl_batch *b, const char *path, const char *local)
{
	char msg[MESSAGE_BYTES] __attribute__((aligned(8)));
	int fd = node_open(b->root, *local ? local : ".", 0), err;
	struct inval_name about = { .name = "" };

	if (fd < 0)
		return fd;
	err = node_id(fd, b->mount->dev, &about.child);
	close(fd);
	if (err)
		return err;
	return keep_message(b, path, msg, b->method->build_name(&about, msg));
}

/* The name itself need not exist: a negative entry is one, too. */
static int add_entry(struct ctl_batch *b, const char *path, char *local)
{
	char msg[MESSAGE_BYTES] __attribute__((aligned(8)));
	char *slash = strrchr(local, '/'), *inside;
	const char *name = slash ? slash + 1 : local;
	struct inval_name about = { .name = name };
	size_t len;
	int fd, err;

	if (!*name || !strcmp(name, ".") || !strcmp(name, ".."))
		return -EISDIR;
	if (slash)
		*slash = 0;
	fd = node_open(b->root, slash && *local ? local : ".", O_DIRECTORY);
	if (fd < 0)
		return fd;
	err = node_is_file(fd) ? -ENOTDIR
			       : node_id(fd, b->mount->dev, &about.parent);
	inside = err ? NULL : find_inside(b, fd, name);
	close(fd);
	len = err ? 0 : b->method->build_name(&about, msg);
	if (!err && !inside)
		err = -ENOMEM;
	if (!err && !len)
		err = -ENAMETOOLONG;
	if (err)
		free(inside);
	else
		err = keep_inside(b, inside);
	return err ? err : keep_message(b, path, msg, len);
}

static void say_why(const struct ctl_batch *b, const char *path, int err)
{
	const char *mount = b->mount->path;

	if (err == -EXDEV)
		ctl_say("%s: not on the file system that is mounted at %s, but "
			"outside of it or on something mounted beneath",
			path, mount);
	else if (err == -EISDIR)
		ctl_say("%s: needs a name: the root of a file system has none "
			"(-m inval_inode is about what has no name, too)",
			path);
	else if (err == -EPROTO)
		ctl_say("%s: this kernel doesn't tell its node id, without "
			"which only `epochctl bump` is possible",
			path);
	else if (err == -EACCES)
		ctl_say("%s: %s: a FUSE mount without allow_other is closed to "
			"all but the user who mounted it, root too: run as "
			"that user",
			path, strerror(-err));
	else if (err == -ENOENT && !inval_is_about_names(b->method))
		ctl_say("%s: %s, so no inode either (-m inval_entry is about "
			"names, also absent ones)",
			path, strerror(-err));
	else if (err == -ENOTDIR && node_is_file(b->root))
		ctl_say("%s: %s is a single file, and its name is elsewhere: "
			"%s%s (-m inval_inode . is about the file itself)",
			path, mount,
			b->whole ? "name it in the whole file system, at "
				 : "`epochctl bump` reaches it",
			b->whole ? b->whole->path : "");
	else if (err == -ENOTCONN || err == -ECONNABORTED)
		ctl_say("%s: its daemon has ended: unmount %s", path, mount);
	else
		ctl_say("%s: %s", path, strerror(-err));
}

/*
 * The path within the mount, without looking at it: below the mount as the user
 * called it, or as it is called; else it is relative to the mount.  NULL: it
 * leads elsewhere.
 */
static const char *within(const struct ctl_batch *b, const char *path,
			  char *room, size_t len)
{
	const char *rest;

	if (!absolute(path, room, len))
		return NULL;
	rest = below(room, b->mount->path) ?: below(room, b->named);
	return rest || *path == '/' ? rest : path;
}

int ctl_batch_within(const struct ctl_batch *b, const char *path, char *local,
		     size_t size)
{
	char room[2 * PATH_MAX];
	const char *rest = within(b, path, room, sizeof(room));
	size_t len;

	if (!rest)
		return -EXDEV;
	rest += strspn(rest, "/");
	len = snprintf(local, size, "%s", rest);
	while (len && len < size && local[len - 1] == '/')
		local[--len] = 0;
	return len < size ? 0 : -ENAMETOOLONG;
}

void ctl_batch_fail(struct ctl_batch *b, const char *path, int err)
{
	b->result.failed_cnt++;
	say_why(b, path, err);
}

void ctl_batch_add(struct ctl_batch *b, const char *path)
{
	char local[PATH_MAX];
	int err = ctl_batch_within(b, path, local, sizeof(local));

	b->result.path_cnt++;
	if (!err && inval_is_about_names(b->method))
		err = add_entry(b, path, local);
	else if (!err)
		err = add_inode(b, path, local);
	ctl_watch_progress();
	if (err)
		ctl_batch_fail(b, path, err);
}

void ctl_batch_add_name(struct ctl_batch *b, uint64_t parent, const char *name)
{
	char msg[MESSAGE_BYTES] __attribute__((aligned(8)));
	struct inval_name about = { .parent = parent, .name = name };
	size_t len = b->method->build_name(&about, msg);
	int err = len ? keep_message(b, NULL, msg, len) : -ENAMETOOLONG;

	b->result.path_cnt++;
	ctl_watch_progress();
	if (err)
		ctl_batch_fail(b, name, err);
}

int ctl_batch_root(const struct ctl_batch *b)
{
	return b->root;
}

uint32_t ctl_batch_dev(const struct ctl_batch *b)
{
	return b->mount->dev;
}

bool ctl_batch_at_risk(const char *inside, const void *batch)
{
	const struct ctl_batch *b = batch;

	char *above = strdup(inside), *slash;
	bool found = !above; /* rather one too many */

	while (!found && *above) {
		found = tfind(above, &b->insides, compare);
		slash = strrchr(above, '/');
		if (!slash)
			break;
		*slash = 0;
	}
	free(above);
	return found;
}

void ctl_batch_send(struct ctl_batch *b, int dev,
		    struct ctl_batch_result *result)
{
	for (size_t i = 0; i < b->cnt; i++) {
		const struct item *item = &b->items[i];
		uint64_t begin = clock_monotonic_ns();
		ssize_t done = write(dev, b->msgs + item->msg, item->len);
		int err = errno;

		b->result.notify_ns += clock_monotonic_ns() - begin;
		ctl_watch_progress();
		if (done == (ssize_t)item->len) {
			b->result.sent_cnt++;
		} else if (err == ENOENT) {
			b->result.uncached_cnt++;
		} else {
			b->result.failed_cnt++;
			ctl_say("%s: refused by the kernel: %s",
				item->path ? item->path : "a name",
				strerror(err));
		}
	}
	*result = b->result;
}
