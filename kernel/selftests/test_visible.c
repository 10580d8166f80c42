// SPDX-License-Identifier: GPL-2.0-only
/*
 * A new dentry that others can see already carries its epoch.  The module
 * delay makes that moment long, and the guest is started with init_on_alloc=1,
 * so that what is uninitialised is 0.  In v8 it is, and a second walk finds
 * the dentry old and tears it down.
 *
 * cpus: 2
 * vm: --module kernel/selftests/delay --append init_on_alloc=1
 * red: v8 shrink 7.3/mainline
 */
#include <pthread.h>
#include <sys/stat.h>

#include "kernel/testfs/client.h"
#include "kernel/testfs/ktap.h"
#include "kernel/testfs/server.h"
#include "kernel/testfs/window.h"

/* The module keeps this CPU busy meanwhile. */
static void *look_up(void *path)
{
	server_pin(1);
	lookups_of(path);
	return NULL;
}

int main(void)
{
	pthread_t thread;
	uint64_t before;

	ktap_begin();
	server_start();
	server_need_epochs(); /* so the epoch is 2 */
	window_want();
	tree_add(ROOT, "spliced", S_IFREG | 0644);
	tree_add(ROOT, "control", S_IFREG | 0644);

	/* The same without the window. */
	before = server_count(FUSE_LOOKUP);
	pthread_create(&thread, NULL, look_up, "control");
	pthread_join(thread, NULL);
	lookups_of("control");
	ktap_control_is(server_count(FUSE_LOOKUP) - before, 1,
			"LOOKUPs by both, one after the other");

	before = server_count(FUSE_LOOKUP);
	pthread_create(&thread, NULL, look_up, "spliced");
	poll_until(window_is_open(), PATIENCE_MS);
	lookups_of("spliced"); /* meets the dentry of the thread */
	ktap_control(window_is_open(), "both meet in the window");
	window_close();
	pthread_join(thread, NULL);
	ktap_is(delay_parameter("d_time"), 2,
		"epoch that others see meanwhile");
	ktap_is(server_count(FUSE_LOOKUP) - before, 1, "LOOKUPs by both");
	ktap_is(lookups_of("spliced"), 0, "LOOKUPs after that");

	server_stop();
	return ktap_end();
}
