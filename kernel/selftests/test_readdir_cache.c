// SPDX-License-Identifier: GPL-2.0-only
/*
 * A listing that the kernel keeps is read again after a bump.
 * The directory is open all the time, so that its inode stays, and its mtime
 * doesn't change.  Upstream has it so since 7.2.
 *
 * red: v8 shrink
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "kernel/testfs/client.h"
#include "kernel/testfs/ktap.h"
#include "kernel/testfs/server.h"

static uint64_t dir;
static DIR *stream;

static uint64_t requests(void)
{
	return server_count(FUSE_READDIR) + server_count(FUSE_READDIRPLUS);
}

static unsigned int names(DIR *of)
{
	unsigned int count = 0;

	rewinddir(of);
	while (readdir(of))
		count++;
	return count;
}

/* Checks how many names a listing has, and whether it comes from the cache. */
static void check(const char *when, DIR *of, unsigned int count, bool cached)
{
	uint64_t before = requests();
	unsigned int got = names(of);
	char text[64];

	snprintf(text, sizeof(text), "%s: names", when);
	ktap_is(got, count, text);
	ktap_ok((requests() == before) == cached, "%s: %s", when,
		cached ? "from the cache" : "from the server");
}

static void bump_and_check(void)
{
	DIR *other;

	server_bump();
	check("after a bump", stream, 4, false);
	check("and again", stream, 4, true);

	/* By another open file, which a walk has to find. */
	tree_add(dir, "e", S_IFREG | 0644);
	server_bump();
	other = opendir(server_path("dir"));
	check("after a bump and a walk", other, 5, false);
	check("and by the first", stream, 5, true);
	closedir(other);
}

/* A reader in the middle goes on with what it has begun. */
static void bump_in_the_middle(void)
{
	unsigned int count = 0;

	rewinddir(stream);
	while (readdir(stream) && ++count < 2)
		;
	server_bump();
	while (readdir(stream))
		count++;
	ktap_is(count, 5, "a bump in the middle of a listing: names");
	check("after it", stream, 5, false);
}

int main(void)
{
	ktap_begin();
	server_start();
	server_need_epochs();
	tree_keep_listings();
	dir = tree_add(ROOT, "dir", S_IFDIR | 0755);
	tree_add(dir, "a", S_IFREG | 0644);
	tree_add(dir, "b", S_IFREG | 0644);
	tree_add(dir, "c", S_IFREG | 0644);
	stream = opendir(server_path("dir"));

	check("control: at first", stream, 3, false);
	check("control: a second time", stream, 3, true);
	/* Nobody has said anything. */
	tree_add(dir, "d", S_IFREG | 0644);
	check("control: with a new name", stream, 3, true);

	bump_and_check();
	bump_in_the_middle();

	closedir(stream);
	server_stop();
	return ktap_end();
}
