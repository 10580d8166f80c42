// SPDX-License-Identifier: GPL-2.0-only
/*
 * A listing that the kernel keeps is as old as the requests that filled it.
 * Two read a directory from its start, one before a bump and one after it.  The
 * latter says which epoch the listing is of, and the former's reply, which comes
 * first, is what would be put into it.
 *
 * red: v8 shrink
 */
#include <dirent.h>
#include <pthread.h>
#include <string.h>
#include <sys/stat.h>

#include "kernel/testfs/client.h"
#include "kernel/testfs/ktap.h"
#include "kernel/testfs/server.h"

struct reader {
	pthread_t thread;
	struct fuse_out_header *reply;
};

static void *list(void *path)
{
	list_dir(path);
	return NULL;
}

/* Read a directory, with the reply to its first request held. */
static void start(struct reader *reader, const char *path, uint64_t dir)
{
	server_hold(FUSE_READDIRPLUS, dir);
	pthread_create(&reader->thread, NULL, list, (void *)path);
	server_wait_held();
	reader->reply = server_take_held();
}

static void finish(struct reader *reader)
{
	server_send(reader->reply);
	pthread_join(reader->thread, NULL);
}

static bool lists(const char *path, const char *name)
{
	DIR *dir = opendir(server_path(path));
	struct dirent *entry;
	bool found = false;

	while (dir && (entry = readdir(dir)))
		found |= !strcmp(entry->d_name, name);
	if (dir)
		closedir(dir);
	return found;
}

static uint64_t requests(void)
{
	return server_count(FUSE_READDIR) + server_count(FUSE_READDIRPLUS);
}

/* Read by two, while the directory of so many files gets another one. */
static void two_read(const char *path, unsigned int files, bool bump)
{
	uint64_t dir = tree_add(ROOT, path, S_IFDIR | 0755), before;
	struct reader older, newer;

	add_files(dir, "%u", files);
	lookups_of(path);
	start(&older, path, dir);
	tree_add(dir, "new", S_IFREG | 0644);
	if (bump)
		server_bump();
	start(&newer, path, dir);
	finish(&older);
	finish(&newer);

	before = requests();
	if (bump) {
		ktap_ok(lists(path, "new"), "%s: the new name is listed", path);
		ktap_ok(lists(path, "new"), "%s: and again", path);
	} else {
		ktap_control(!lists(path, "new"),
			     "%s: without a bump the older reply is kept",
			     path);
		ktap_control_is(requests() - before, 0, "requests for that");
	}
}

int main(void)
{
	ktap_begin();
	server_start();
	server_need_epochs();
	tree_keep_listings();
	two_read("some, no bump", 3, false);
	two_read("none, no bump", 0, false);
	two_read("some", 3, true);
	two_read("none: its end", 0, true);
	server_stop();
	return ktap_end();
}
