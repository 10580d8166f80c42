// SPDX-License-Identifier: GPL-2.0-only
/*
 * probe_handle.c - what does a file handle find, as knfsd's clients have them?
 *
 * It names a node by its number.  The kernel looks in its own cache first, and
 * only then asks the server, by a LOOKUP of ".".
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kernel/testfs/server.h"
#include "methods.h"
#include "stage.h"

/*
 * The first is looked at at once.  Of the others most are forgotten before they
 * are looked up, and some only after it, which changes nothing.
 */
enum { FILES = 16 };
enum { OLD_BYTES = 1111, NEW_BYTES = 2222 };

static struct file {
	uint64_t slot;
	union {
		struct file_handle head;
		char room[sizeof(struct file_handle) + MAX_HANDLE_SZ];
	} handle;
} files[FILES];

static int root;

/* Gives the size that it says, or -errno. */
static off_t size_by_handle(struct file *f)
{
	int fd = open_by_handle_at(root, &f->handle.head, O_RDONLY | O_CLOEXEC);
	struct stat st = { 0 };
	int err = fd < 0 || fstat(fd, &st) ? -errno : 0;

	close(fd);
	return err ? err : st.st_size;
}

static void walk(const struct file *f)
{
	struct stat st;

	lstat(stage_path(f->slot), &st);
}

/* Whoever opens it by its handle has the name expire: so walk there again. */
static void get_handle(struct file *f)
{
	int mount_id;

	f->handle.head.handle_bytes = MAX_HANDLE_SZ;
	if (name_to_handle_at(AT_FDCWD, stage_path(f->slot), &f->handle.head,
			      &mount_id, 0))
		say_broken("a file has no handle: %s", strerror(errno));
	if (size_by_handle(f) != OLD_BYTES)
		say_broken("control: the handle doesn't find the file");
	walk(f);
}

static void start(const struct inval_method *m, bool anew)
{
	stage_start(m, NULL);
	if (anew)
		tree_number_anew();
	for (int i = 0; i < FILES; i++) {
		files[i].slot = stage_add(S_IFREG | 0644);
		tree_set_size(stage_ino(files[i].slot), OLD_BYTES);
	}
	root = open(server_path(""), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	for (int i = 0; i < FILES; i++) {
		get_handle(&files[i]);
		tree_set_size(stage_ino(files[i].slot), NEW_BYTES);
	}
}

static void say(const char *probe, const struct inval_method *m, off_t size)
{
	if (size < 0)
		say_hazard(probe, true, "%s", strerrorname_np((int)-size));
	else if (size == NEW_BYTES)
		say_hazard(probe, false, "%s", "");
	else
		say_hazard(probe, m->guarantee != GUARANTEE_NONE,
			   "old attributes");
}

/* The least of them: an error is less than a size. */
static off_t walk_all(void)
{
	off_t least = NEW_BYTES;

	for (int i = 1; i < FILES; i++)
		walk(&files[i]);
	stage_settle();
	for (int i = 1; i < FILES; i++) {
		off_t size = size_by_handle(&files[i]);

		least = size < least ? size : least;
	}
	return least;
}

static void look(const struct inval_method *m, bool anew, const char *at_once,
		 const char *after_walk)
{
	start(m, anew);
	stage_notify(m);
	stage_settle();
	say(at_once, m, size_by_handle(&files[0]));
	say(after_walk, m, walk_all());
	close(root);
	stage_stop();
}

static void run(const struct inval_method *m)
{
	tree_want(FUSE_EXPORT_SUPPORT);
	look(m, false, "at once", "after a walk");
	look(m, true, "numbers anew, at once", "numbers anew, after a walk");
}

const struct hazard hazard_handle = {
	.name = "handle",
	.title = "File handles",
	.note = "There are handles of files (name_to_handle_at()) that nobody "
		"has open; the files get another size; the method, about them; "
		"then open_by_handle_at(), of one at once, and of others when "
		"somebody has walked there.  With a server that keeps its "
		"numbers and answers a LOOKUP of \".\" (FUSE_EXPORT_SUPPORT), "
		"and with one that numbers anew what the kernel has forgotten.",
	.stack = "NFS, file handles",
	.concerns = method_is_choice,
	.run = run,
	.limit_s = 20,
	.confirm = true,
};
