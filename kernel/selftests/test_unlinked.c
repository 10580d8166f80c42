// SPDX-License-Identifier: GPL-2.0-only
/*
 * A READDIRPLUS that can't link a directory leaves the node to its inode.
 * A bump comes when its reply has been looked at, and the directory is found
 * elsewhere: so it mustn't be moved back.  Then the reference to the inode is
 * gone, and here the inode, too.  The module delay holds both moments.  Each
 * lookup is to be forgotten once: the server sees it if one is twice.
 *
 * cpus: 2
 * vm: --module kernel/selftests/delay
 * only: hardened reask 7.3/fixes 7.3/reask
 * skip: any
 */
#include <pthread.h>
#include <string.h>
#include <sys/stat.h>

#include "kernel/testfs/client.h"
#include "kernel/testfs/ktap.h"
#include "kernel/testfs/server.h"
#include "kernel/testfs/window.h"

/* Takes a name, and with it its node, from the kernel. */
static void drop(const char *name)
{
	struct {
		struct fuse_out_header head;
		struct fuse_notify_inval_entry_out entry;
		char name[16];
	} message = {
		.head.error = FUSE_NOTIFY_INVAL_ENTRY,
		.entry = { .parent = ROOT, .namelen = strlen(name) },
	};

	strcpy(message.name, name);
	message.head.len = sizeof(message.head) + sizeof(message.entry) +
			   message.entry.namelen + 1;
	ktap_control_is(server_write(&message, message.head.len), 0,
			"an INVAL_ENTRY");
}

/* The module keeps this CPU busy meanwhile. */
static void *list(void *unused)
{
	(void)unused;
	server_pin(1);
	list_dir("list");
	return NULL;
}

/* As many as were given out: the inode is gone, and its FORGET has come. */
static bool all_is_forgotten(uint64_t ino)
{
	return tree_references(ino) <= 0;
}

int main(void)
{
	uint64_t dir, ino;
	pthread_t thread;

	ktap_begin();
	server_start();
	server_need_epochs();
	if (!delay_parameter("links")) {
		server_stop();
		ktap_skip_all("not supported: this fuse has no fuse_splice()");
	}
	dir = tree_add(ROOT, "list", S_IFDIR | 0755);
	ino = tree_add(dir, "listed", S_IFDIR | 0755);
	window_want();
	pthread_create(&thread, NULL, list, NULL);
	ktap_control(poll_until(window_is_open(), PATIENCE_MS),
		     "READDIRPLUS is about to link it");
	tree_unlink(dir, "listed");
	tree_link(ino, ROOT, "found");
	server_bump();
	ktap_control_is(lookups_of("found"), 1, "LOOKUPs of it elsewhere");
	ktap_control_is(tree_references(ino), 2, "lookups of it so far");
	window_want(); /* and closes this one */
	ktap_control(poll_until(window_is_open(), PATIENCE_MS),
		     "it couldn't link it");
	drop("found");
	ktap_control(poll_until(all_is_forgotten(ino), PATIENCE_MS),
		     "the inode is gone meanwhile");
	ktap_control(window_is_open(), "that was in time");
	window_close();
	pthread_join(thread, NULL);
	lookups_of("absent"); /* comes after what is in the queue */
	ktap_ok(tree_references(ino) == 0, "each lookup is forgotten once");
	server_stop();
	return ktap_end();
}
