// SPDX-License-Identifier: GPL-2.0-only
/*
 * probe_kept.c - what does the kernel keep of an inode that is in use, and would
 * ask for again of one that isn't?  And of the root, which always is.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cached.h"
#include "kernel/testfs/server.h"
#include "methods.h"
#include "stage.h"

static struct {
	uint64_t unused, used; /* slots */
	int fd; /* of the latter */
} pairs[CACHED_KINDS];

static void set_scene(void)
{
	for (int i = 0; i < CACHED_KINDS; i++) {
		pairs[i].unused = cached_add(&cached_kinds[i]);
		pairs[i].used = cached_add(&cached_kinds[i]);
	}
	for (int i = 0; i < CACHED_KINDS; i++) {
		const char *path = stage_path(pairs[i].used);

		cached_warm_up(&cached_kinds[i], stage_top(), pairs[i].unused);
		cached_warm_up(&cached_kinds[i], stage_top(), pairs[i].used);
		pairs[i].fd = open(path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
		if (pairs[i].fd < 0)
			say_broken("cannot open %s: %s", path, strerror(errno));
	}
}

static void say_pair(int i)
{
	const struct cached *k = &cached_kinds[i];
	bool unused = cached_asks(k, stage_top(), pairs[i].unused);
	bool used = cached_asks(k, stage_top(), pairs[i].used);

	if (unused)
		say_hazard(k->name, !used, "%s", used ? "" : "old");
	else
		say_untestable(k->name, "it doesn't reach an inode that isn't "
					"in use either");
	close(pairs[i].fd);
}

static mode_t root_mode(void)
{
	struct stat st = { 0 };

	stat(server_path(""), &st);
	return st.st_mode;
}

/* What is about names has none of the root's: it needs a message of its own. */
static void say_root(const struct inval_method *m)
{
	static const char probe[] = "mode of the root";
	const struct inval_name root = { .child = ROOT, .name = "" };
	char msg[256] __attribute__((aligned(8)));
	mode_t new = S_IFDIR | 0700;

	if (root_mode() == new)
		say_broken("control: the mode is new too early");
	tree_set_mode(ROOT, new);
	if (m->build && !m->names_all && inval_is_about_names(m)) {
		say_untestable(probe, "the root has no name");
		return;
	}
	if (m->build_name)
		server_write(msg, m->build_name(&root, msg));
	else
		stage_notify(m);
	if (root_mode() == new)
		say_hazard(probe, false, "%s", "");
	else
		say_hazard(probe, m->guarantee != GUARANTEE_NONE, "old");
}

static void run(const struct inval_method *m)
{
	stage_start(m, cached_configure);
	set_scene();
	stage_notify(m);
	for (int i = 0; i < CACHED_KINDS; i++)
		say_pair(i);
	say_root(m);
	stage_stop();
}

const struct hazard hazard_kept = {
	.name = "kept",
	.title = "What inodes in use keep",
	.note = "Of two files (or symlinks) each, of which one is in use, "
		"something is cached (FOPEN_KEEP_CACHE, FUSE_CACHE_SYMLINKS, "
		"FUSE_POSIX_ACL); size and mtime stay; the method, about both; "
		"then each is walked to and used.  old: of the one in use what "
		"is cached isn't asked for again, and of the other it is.  The "
		"root of the mount is always in use, and nobody looks its name "
		"up: its mode is another, and the method is about the root.",
	.stack = "open files: pages, ACLs",
	.concerns = method_is_choice,
	.run = run,
	.limit_s = 20,
	.confirm = true,
};
