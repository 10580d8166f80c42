// SPDX-License-Identifier: GPL-2.0-only
/*
 * open(O_CREAT) never makes a stale negative dentry valid again.
 * Its LOOKUP said that there is no such file; then the server adds one and
 * increments the epoch.  From the reply to that LOOKUP until d_instantiate() the
 * dentry is there, negative and stale: a stat() in this moment, which the module
 * delay makes long, must ask the server, and for that waits until open() is through
 * with the directory.  If CREATE stamped the dentry with the current epoch before it
 * is positive, stat() would return at once, without that file.
 *
 * cpus: 2
 * vm: --module kernel/selftests/delay --append init_on_alloc=1
 */
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "kernel/testfs/client.h"
#include "kernel/testfs/ktap.h"
#include "kernel/testfs/server.h"
#include "kernel/testfs/window.h"

static int fd = -1;

/* The module keeps this CPU busy meanwhile. */
static void *create(void *unused)
{
	(void)unused;
	server_pin(1);
	fd = open(server_path("instantiated"), O_CREAT | O_WRONLY, 0644);
	return NULL;
}

static atomic_int looking; /* its thread, from then on */
static atomic_bool looked;
static uint64_t found;

static void *look(void *unused)
{
	struct stat st;

	(void)unused;
	poll_until(window_is_open(), PATIENCE_MS);
	looking = gettid();
	found = lstat(server_path("instantiated"), &st) ? 0 : st.st_ino;
	looked = true;
	return NULL;
}

/* Asleep inside lstat(): not merely without a CPU, or about to begin. */
static bool look_waits(void)
{
	char path[64];
	FILE *file;
	long call;
	bool waits;

	snprintf(path, sizeof(path), "/proc/self/task/%d/syscall", looking);
	file = fopen(path, "r");
	if (!file)
		return false;
	waits = fscanf(file, "%ld", &call) == 1 && call == SYS_newfstatat;
	fclose(file);
	return waits;
}

int main(void)
{
	pthread_t creator, looker;
	struct stat st, made;
	uint64_t ino;

	ktap_begin();
	server_start();
	server_need_epochs();
	window_want();

	server_hold(FUSE_LOOKUP, 0);
	pthread_create(&creator, NULL, create, NULL);
	server_wait_held();
	ino = tree_add(ROOT, "instantiated", S_IFREG | 0644);
	server_bump();
	pthread_create(&looker, NULL, look, NULL);
	server_release();
	ktap_control(poll_until(looked || look_waits(), PATIENCE_MS) &&
			     window_is_open(),
		     "others look while the new file's dentry is negative");
	window_close();
	pthread_join(creator, NULL);
	pthread_join(looker, NULL);
	ktap_is(found, ino, "inode that they find");

	ktap_ok(fd >= 0 && !fstat(fd, &made) && made.st_ino == ino,
		"open(O_CREAT) has opened that file");
	close(fd);
	ktap_ok(!lstat(server_path("instantiated"), &st) && st.st_ino == ino,
		"afterwards its name leads there");

	server_stop();
	return ktap_end();
}
