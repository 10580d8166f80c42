// SPDX-License-Identifier: GPL-2.0-only
/*
 * open(O_CREAT) never makes a stale negative dentry valid again.
 * Its LOOKUP said that there is no such file; then the server adds one and
 * increments the epoch.  From the reply to that LOOKUP until d_instantiate() the
 * dentry is there, negative and stale: a stat() in this moment, which the module
 * delay makes long, must ask the server.  It wouldn't if CREATE stamped the
 * dentry with the current epoch before it is positive.
 *
 * cpus: 2
 * vm: --module kernel/selftests/delay --append init_on_alloc=1
 */
#include <fcntl.h>
#include <pthread.h>
#include <sys/stat.h>

#include "client.h"
#include "ktap.h"
#include "server.h"

static volatile int fd = -1;

/* The module keeps this CPU busy meanwhile. */
static void *create(void *unused)
{
	(void)unused;
	server_pin(1);
	fd = open(server_path("delayed"), O_CREAT | O_WRONLY, 0644);
	return NULL;
}

int main(void)
{
	unsigned long before;
	struct stat st, made;
	pthread_t thread;
	uint64_t ino;

	ktap_begin();
	server_start();
	server_need_epochs();
	before = delay_parameter("instantiated");

	server_hold(FUSE_LOOKUP, 0);
	pthread_create(&thread, NULL, create, NULL);
	server_wait_held();
	ino = tree_add(ROOT, "delayed", S_IFREG | 0644);
	server_bump();
	server_release();
	ktap_ok(poll_until(delay_parameter("instantiated") != before,
			   PATIENCE_MS) &&
			fd < 0,
		"the new file's dentry is delayed while it is negative");
	ktap_ok(!lstat(server_path("delayed"), &st) && st.st_ino == ino,
		"meanwhile others see the file that the server has");

	pthread_join(thread, NULL);
	ktap_ok(fd >= 0 && !fstat(fd, &made) && made.st_ino == ino,
		"open(O_CREAT) has opened that file");
	close(fd);
	ktap_ok(!lstat(server_path("delayed"), &st) && st.st_ino == ino,
		"afterwards its name leads there");

	server_stop();
	return ktap_end();
}
