// SPDX-License-Identifier: GPL-2.0-only
/*
 * A new dentry that others can see already carries its epoch.  The module
 * delay makes that moment long, and the guest is started
 * with init_on_alloc=1, so that what is uninitialised is 0.  In v8 it is, and
 * a second walk finds the dentry old and tears it down.
 *
 * cpus: 2
 * vm: --module kernel/selftests/delay --append init_on_alloc=1
 * red: v8 shrink
 */
#include <pthread.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ktap.h"
#include "server.h"

static unsigned long parameter(const char *name)
{
	unsigned long value = 0;
	char path[64];
	FILE *file;

	snprintf(path, sizeof(path), "/sys/module/delay/parameters/%s", name);
	file = fopen(path, "r");
	if (!file)
		ktap_skip_all("module delay isn't there: scripts/vm --module");
	if (fscanf(file, "%lu", &value) != 1)
		value = 0;
	fclose(file);
	return value;
}

static void *touch(void *path)
{
	struct stat st;

	stat(path, &st);
	return NULL;
}

int main(void)
{
	uint64_t before;
	unsigned long delayed;
	char path[256];
	pthread_t thread;
	int i;

	ktap_begin();
	delayed = parameter("delayed");
	server_start();
	server_need_epochs(); /* so the epoch is 2 */
	server_add(ROOT, "delayed", S_IFREG | 0644);
	server_add(ROOT, "control", S_IFREG | 0644);
	snprintf(path, sizeof(path), "%s", server_path("delayed"));

	/* The control: the same without the delay. */
	before = server_count(FUSE_LOOKUP);
	touch((void *)server_path("control"));
	touch((void *)server_path("control"));
	ktap_is(server_count(FUSE_LOOKUP) - before, 1, "LOOKUPs of the control");

	before = server_count(FUSE_LOOKUP);
	pthread_create(&thread, NULL, touch, path);
	for (i = 0; i < 1000 && parameter("delayed") == delayed; i++)
		usleep(1000);
	touch(path); /* meets the dentry of the thread */
	pthread_join(thread, NULL);
	ktap_is(parameter("delayed") - delayed, 1, "dentries delayed");
	ktap_is(parameter("d_time"), 2, "epoch that others see meanwhile");
	ktap_is(server_count(FUSE_LOOKUP) - before, 1, "LOOKUPs by both");
	touch(path);
	ktap_is(server_count(FUSE_LOOKUP) - before, 1, "LOOKUPs after that");

	server_stop();
	return ktap_end();
}
