// SPDX-License-Identifier: GPL-2.0-only
/*
 * probe_data.c - is what was cached of an inode asked for again if READDIRPLUS
 * confirms its name before anybody walks there?
 *
 * All from a descriptor of the directory: a walk would find that stale first.
 */
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/lib/opcode.h"
#include "kernel/testfs/client.h"
#include "kernel/testfs/server.h"
#include "methods.h"
#include "stage.h"

enum { FILE_BYTES = 16 };

static uint64_t file_slot, link_slot;
static int dir;

static void read_file(void)
{
	int fd = openat(dir, stage_name(file_slot), O_RDONLY | O_CLOEXEC);
	char data[FILE_BYTES];

	if (read(fd, data, sizeof(data)) != sizeof(data))
		say_broken("a file can't be read");
	close(fd);
}

static void read_link(void)
{
	char target[64];

	if (readlinkat(dir, stage_name(link_slot), target, sizeof(target)) < 0)
		say_broken("a symlink can't be read");
}

static const struct kind {
	const char *probe;
	void (*use)(void);
	uint32_t opcode; /* what it sends if nothing is cached */
} kinds[] = {
	{ "pages", read_file, FUSE_READ },
	{ "link target", read_link, FUSE_READLINK },
};

enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };

static bool asks(const struct kind *k)
{
	uint64_t before = server_count(k->opcode);

	k->use();
	return server_count(k->opcode) != before;
}

static void start(const struct inval_method *m)
{
	stage_start(m, tree_keep_pages);
	file_slot = stage_add(S_IFREG | 0644);
	link_slot = stage_add(S_IFLNK | 0777);
	tree_set_size(stage_ino(file_slot), FILE_BYTES);
	dir = open(stage_top_path(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	for (int i = 0; i < KINDS; i++)
		if (!asks(&kinds[i]) || asks(&kinds[i]))
			say_broken("control: the %s isn't cached",
				   kinds[i].probe);
	list_fd(dir);
	for (int i = 0; i < KINDS; i++)
		if (asks(&kinds[i]))
			say_broken("control: a listing drops the %s",
				   kinds[i].probe);
}

static void stop(void)
{
	close(dir);
	stage_stop();
}

/* Without a listing in between. */
static void control(const struct inval_method *m, bool *promised)
{
	start(m);
	stage_notify(m);
	for (int i = 0; i < KINDS; i++)
		promised[i] = asks(&kinds[i]);
	stop();
}

static void run(const struct inval_method *m)
{
	bool promised[KINDS];

	control(m, promised);
	start(m);
	stage_notify(m);
	list_fd(dir);
	for (int i = 0; i < KINDS; i++) {
		bool asked = asks(&kinds[i]);

		if (promised[i])
			say_hazard(kinds[i].probe, !asked, "%s",
				   asked ? "" : "old");
		else
			say_untestable(kinds[i].probe,
				       "without a listing it doesn't drop it "
				       "either");
	}
	stop();
}

const struct hazard hazard_data = {
	.name = "data",
	.title = "Pages and link targets after READDIRPLUS",
	.note = "A file's pages and a symlink's target are cached "
		"(FOPEN_KEEP_CACHE, FUSE_CACHE_SYMLINKS); the method, about "
		"both; then somebody with the directory open lists it, and "
		"READDIRPLUS says that both are as they were: the same node, "
		"size and mtime.  old: what is cached isn't asked for again.",
	.concerns = method_is_choice,
	.run = run,
	.limit_s = 20,
};
