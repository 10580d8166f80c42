// SPDX-License-Identifier: GPL-2.0-only
/*
 * probe_overlay.c - what does an overlay above show of the names in its lower
 * layer, and what makes it right again?
 *
 * The directory of the stage is that layer, so nothing above a name is stale.
 * The overlay keeps a dentry of its layer for each of its own, and doesn't look
 * it up again as long as that lives.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kernel/testfs/ktap.h"
#include "kernel/testfs/server.h"
#include "methods.h"
#include "stage.h"

enum { OLD_BYTES = 1111, NEW_BYTES = 2222 };
enum fate { SAME, CHANGED, GONE };

/* Each is the lower layer of the next. */
static const char *const merged[] = { "/tmp/one/merged", "/tmp/two/merged" };

enum { OVERLAYS = sizeof(merged) / sizeof(merged[0]) };

static struct name {
	const char *probe;
	int overlay; /* that it is seen through */
	enum fate fate;
	bool held; /* open there */
	bool copied; /* up: the overlay has its own */
	bool filled; /* a directory with a file that only the overlay has */
	int fd;
	uint64_t slot;
	int err; /* what it says after the method */
	bool right;
	const char *cure;
} names[] = {
	{ .probe = "same node", .fate = SAME },
	{ .probe = "same node, open", .fate = SAME, .held = true },
	{ .probe = "same node, overlay on overlay", .overlay = 1 },
	{ .probe = "same node, copied up", .copied = true },
	{ .probe = "in the same directory, of the upper layer",
	  .filled = true },
	{ .probe = "another node", .fate = CHANGED },
	{ .probe = "gone", .fate = GONE },
};

enum { NAMES = sizeof(names) / sizeof(names[0]) };

static const char *path_of(const struct name *n)
{
	static char path[64];

	snprintf(path, sizeof(path), "%s/%s%s", merged[n->overlay],
		 stage_name(n->slot), n->filled ? "/upper" : "");
	return path;
}

static int look(const struct name *n, struct stat *st)
{
	return stat(path_of(n), st) ? errno : 0;
}

static int errno_of(const struct name *n)
{
	struct stat st;

	return look(n, &st);
}

static bool is_right(const struct name *n)
{
	off_t wanted = n->fate == SAME ? OLD_BYTES : NEW_BYTES;
	struct stat st;
	int err = look(n, &st);

	if (n->fate == GONE)
		return err == ENOENT;
	return !err && st.st_size == wanted;
}

/* Its upper layer is in the tmpfs that /tmp is. */
static void overlay_start(const char *where, const char *lower)
{
	static const char *const dirs[] = { "", "/upper", "/work", "/merged" };
	char path[64], options[512];

	for (size_t i = 0; i < sizeof(dirs) / sizeof(dirs[0]); i++) {
		snprintf(path, sizeof(path), "%s%s", where, dirs[i]);
		mkdir(path, 0755);
	}
	snprintf(options, sizeof(options),
		 "lowerdir=%s,upperdir=%s/upper,workdir=%s/work", lower, where,
		 where);
	if (!mount("overlay", path, "overlay", 0, options))
		return;
	if (errno == ENODEV)
		ktap_skip_all("no overlayfs in this kernel");
	say_broken("cannot mount an overlay: %s", strerror(errno));
}

/* What the upper layer has of it. */
static void prepare(const struct name *n)
{
	const char *path = path_of(n);

	if (n->filled &&
	    (mknod(path, S_IFREG | 0644, 0) || truncate(path, OLD_BYTES)))
		say_broken("cannot make %s: %s", path, strerror(errno));
	if (n->copied && chmod(path, 0600))
		say_broken("cannot change %s: %s", path, strerror(errno));
}

/* It is shown, and then from the cache. */
static void warm_up(const struct name *n)
{
	uint64_t before = server_count(FUSE_LOOKUP);
	struct stat st;

	prepare(n);
	if (look(n, &st) || st.st_size != OLD_BYTES ||
	    server_count(FUSE_LOOKUP) == before)
		say_broken("control: the overlay doesn't show a name");
	before = server_count(FUSE_LOOKUP);
	if (look(n, &st) || server_count(FUSE_LOOKUP) != before)
		say_broken("control: a name isn't cached");
}

static void start(const struct inval_method *m)
{
	stage_start(m, NULL);
	for (int i = 0; i < NAMES; i++) {
		mode_t mode = names[i].filled ? S_IFDIR | 0755 : S_IFREG | 0644;

		names[i].slot = stage_add(mode);
		tree_set_size(stage_ino(names[i].slot), OLD_BYTES);
	}
	overlay_start("/tmp/one", stage_top_path());
	overlay_start("/tmp/two", merged[0]);
	for (int i = 0; i < NAMES; i++) {
		warm_up(&names[i]);
		names[i].fd =
			names[i].held ? open(path_of(&names[i]), O_PATH) : -1;
	}
}

static void change(const struct name *n)
{
	const char *name = stage_name(n->slot);

	if (n->fate == GONE)
		tree_unlink(stage_top_ino(), name);
	if (n->fate == CHANGED)
		tree_set_size(
			tree_replace(stage_top_ino(), name, S_IFREG | 0644),
			NEW_BYTES);
}

static void do_nothing(const struct inval_method *m)
{
	(void)m;
}

static void walk_layer(const struct inval_method *m)
{
	struct stat st;

	(void)m;
	for (int i = 0; i < NAMES; i++)
		lstat(stage_path(names[i].slot), &st);
}

static void tell(const struct inval_method *m)
{
	stage_notify(m);
}

/* The upper one first, as it holds what is in the other. */
static void remount(const struct inval_method *m)
{
	(void)m;
	for (int i = OVERLAYS - 1; i >= 0; i--)
		if (mount(NULL, merged[i], NULL, MS_REMOUNT, NULL))
			say_broken("an overlay can't be remounted: %s",
				   strerror(errno));
}

/* Before anybody looks: then the overlay has it in use again. */
static void remount_and_tell(const struct inval_method *m)
{
	remount(m);
	stage_notify(m);
}

static void remount_closed(const struct inval_method *m)
{
	for (int i = 0; i < NAMES; i++) {
		close(names[i].fd);
		names[i].fd = -1;
	}
	remount(m);
}

/* One after the other, until all is right. */
static const struct cure {
	const char *name;
	void (*apply)(const struct inval_method *m);
} cures[] = {
	{ "once", do_nothing },
	{ "until a walk in the layer", walk_layer },
	{ "until told again", tell },
	{ "until the overlay's remount", remount },
	{ "until told after a remount", remount_and_tell },
	{ "while it is open", remount_closed },
};

static void cure(const struct inval_method *m)
{
	for (size_t i = 0; i < sizeof(cures) / sizeof(cures[0]); i++) {
		cures[i].apply(m);
		for (int k = 0; k < NAMES; k++)
			if (!names[k].cure && is_right(&names[k]))
				names[k].cure = cures[i].name;
	}
}

static void say(const struct inval_method *m, const struct name *n)
{
	bool promised = m->guarantee == GUARANTEE_NAMES;
	const char *cure = n->cure ? n->cure : "for good";

	if (n->err == ESTALE)
		say_hazard(n->probe, true, "ESTALE %s", cure);
	else if (n->right)
		say_hazard(n->probe, false, "%s", "");
	else if (promised)
		say_hazard(n->probe, true, "the old one %s", cure);
	else
		say_hazard(n->probe, false, "the old one");
}

static void run(const struct inval_method *m)
{
	start(m);
	for (int i = 0; i < NAMES; i++)
		change(&names[i]);
	stage_notify(m);
	for (int i = 0; i < NAMES; i++) {
		names[i].right = is_right(&names[i]);
		names[i].err = errno_of(&names[i]);
	}
	cure(m);
	for (int i = 0; i < NAMES; i++)
		say(m, &names[i]);
	for (int i = OVERLAYS - 1; i >= 0; i--)
		umount2(merged[i], MNT_DETACH);
	stage_stop();
}

const struct hazard hazard_overlay = {
	.name = "overlay",
	.title = "An overlay above",
	.note = "The directory is the lower layer of an overlay (or of one "
		"below another), which has shown the names; some of them got "
		"another node or went; the method, about all of them; then a "
		"stat through the overlay.  until: the least that makes it "
		"right, of a walk in the layer, the method once more, a "
		"remount of the overlay, and both; while it is open: a remount "
		"(as drop_caches=2) does nothing before that; for good: none "
		"of these.",
	.stack = "an overlay",
	.concerns = method_is_known,
	.run = run,
	.limit_s = 20,
	.confirm = true,
};
