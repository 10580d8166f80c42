// SPDX-License-Identifier: GPL-2.0-only
/*
 * A server can send notifications while old dentries are dropped (inval_wq) and
 * somebody unmounts.  Upstream's worker has killsb meanwhile, the umount waits for
 * that, and whoever comes later to read the list of mounts waits behind it.
 *
 * cpus: 2
 * red: 7.3/mainline
 * skip: v8 shrink hardened reask
 */
#include <pthread.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "kernel/testfs/client.h"
#include "kernel/testfs/ktap.h"
#include "kernel/testfs/server.h"

enum { OLD = 40000 };

static volatile bool unmounted;

/* The work runs on the CPU where it was queued. */
static void *bump(void *unused)
{
	(void)unused;
	server_pin(1);
	server_bump();
	return NULL;
}

static void *detach(void *unused)
{
	(void)unused;
	server_detach();
	unmounted = true;
	return NULL;
}

/* Until then: each of them looks for an inode that isn't there. */
static void *notify(void *tid)
{
	struct {
		struct fuse_out_header header;
		struct fuse_notify_inval_inode_out out;
	} message = {
		.header = { sizeof(message), FUSE_NOTIFY_INVAL_INODE, 0 },
		.out = { .ino = UINT64_MAX },
	};

	*(volatile pid_t *)tid = syscall(SYS_gettid);
	while (!unmounted)
		server_write(&message, sizeof(message));
	return NULL;
}

int main(void)
{
	pthread_t bumper, notifier, unmounter;
	volatile pid_t tid = 0;
	uint64_t before;
	bool waited;

	ktap_begin();
	server_start();
	server_need_epochs();
	if (!set_parameter("inval_wq", "5")) {
		server_stop();
		ktap_skip_all("not supported: fuse has no inval_wq");
	}
	add_files(tree_add(ROOT, "dir", S_IFDIR | 0755), "%u", OLD);
	list_dir("dir");

	before = server_forgotten();
	pthread_create(&bumper, NULL, bump, NULL);
	pthread_join(bumper, NULL);
	ktap_control(poll_until(server_forgotten() > before, PATIENCE_MS),
		     "what is old is being dropped");
	ktap_control(server_forgotten() - before < OLD / 2,
		     "most of it is left");
	pthread_create(&notifier, NULL, notify, (void *)&tid);
	pthread_create(&unmounter, NULL, detach, NULL);
	waited = poll_until(unmounted || (tid && is_in_state(tid, "D")),
			    PATIENCE_MS) &&
		 !unmounted;
	ktap_ok(!waited, "no notification waits for that and for umount");
	pthread_join(unmounter, NULL);
	pthread_join(notifier, NULL);

	set_parameter("inval_wq", "0");
	server_stop();
	return ktap_end();
}
