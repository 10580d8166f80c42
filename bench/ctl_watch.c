// SPDX-License-Identifier: GPL-2.0-only
/*
 * ctl_watch.c - a thread that doesn't touch the mount.
 *
 * Who waits for an answer of FUSE can only be killed, by no other signal be
 * waken; when this thread ends the process, that is such a kill.
 */
#include "ctl_watch.h"

#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

#include "ctl.h"

static struct {
	unsigned int seconds;
	const char *path;
	_Atomic unsigned long progress;
} watch;

static void *run(void *arg)
{
	unsigned long before;

	(void)arg;
	do {
		before = watch.progress;
		sleep(watch.seconds);
	} while (watch.progress != before);
	ctl_say("%s: no answer for %u s: its daemon hangs, or needs longer "
		"(--timeout); `epochctl bump` doesn't ask it anything",
		watch.path, watch.seconds);
	_exit(CTL_FAILED);
}

int ctl_watch_start(unsigned int seconds, const char *path)
{
	pthread_t thread;
	int err;

	watch.seconds = seconds;
	watch.path = path;
	err = -pthread_create(&thread, NULL, run, NULL);
	if (!err)
		pthread_detach(thread);
	return err;
}

void ctl_watch_progress(void)
{
	watch.progress++;
}
