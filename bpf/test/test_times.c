// SPDX-License-Identifier: GPL-2.0-only
/*
 * epochstat --listen knows how long things take: cascades and how many died in
 * each, LOOKUPs that wait in the queue and those that the daemon is slow with.
 *
 * program: epochstat
 * only: stock v8 hardened
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel/testfs/client.h"
#include "kernel/testfs/ktap.h"
#include "kernel/testfs/server.h"
#include "metrics.h"
#include "tracer.h"

enum { FILES = 123, HELD_MS = 300 };

#define QUEUE "fuse_lookup_queue_seconds"
#define SERVICE "fuse_lookup_service_seconds"
#define STALL "fuse_cascade_stall_seconds"
#define DIED "fuse_cascade_dentries"

static void trace(void)
{
	tracer_start("epochstat", "--listen", "0", NULL);
	ktap_control(poll_until(metrics_port(), PATIENCE_MS), "it listens");
}

/* Somebody else looks at it, who may have to wait. */
static pid_t look(const char *path)
{
	struct stat st;
	pid_t pid = fork();

	if (!pid) {
		lstat(path, &st);
		_exit(0);
	}
	return pid;
}

/* That long, for what is measured; not for what is waited for. */
static void stay(unsigned int ms)
{
	uint64_t end_us = now_us() + ms * 1000ull;

	while (now_us() < end_us)
		usleep(1000);
}

static void cascades(void)
{
	uint64_t dir, sub;

	server_start();
	if (server_bump()) {
		server_stop();
		ktap_ok(true, "# SKIP no epochs here");
		return;
	}
	dir = tree_add(ROOT, "dir", S_IFDIR | 0755);
	sub = tree_add(dir, "sub", S_IFDIR | 0755);
	add_files(sub, "f%u", FILES);
	trace();
	metrics_scrape();
	ktap_ok(metrics_value(STALL "_count", "") == 0 &&
			metrics_value(DIED "_bucket", "le=\"+Inf\"") == 0,
		"none yet, of a mount that is there");
	lookups_of_all("dir/sub/f%u", FILES);
	server_bump();
	waitpid(look(server_path("dir/other")), NULL, 0);
	metrics_scrape();
	ktap_is(metrics_value(STALL "_count", ""), 1, "cascades");
	ktap_is(metrics_value(DIED "_count", ""), 1, "and again");
	/* All below the directory: one directory and the files in it. */
	ktap_is(metrics_value(DIED "_sum", ""), FILES + 1, "dentries died");
	ktap_is(metrics_value(DIED "_bucket", "le=\"100.0\""), 0,
		"in cascades of up to 100");
	ktap_is(metrics_value(DIED "_bucket", "le=\"200.0\""), 1,
		"in cascades of up to 200");
	ktap_ok(metrics_value(STALL "_sum", "") > 0 &&
			metrics_value(STALL "_bucket", "le=\"60.0\"") == 1,
		"and how long that took");
	ktap_is(metrics_value("fuse_notification_seconds_count",
			      "kind=\"inc_epoch\""),
		1, "bumps, each with its time");
	ktap_ok(tracer_stop() == 0, "it ends well");
	server_stop();
}

/* The daemon has read it, and takes its time. */
static void served_slowly(void)
{
	pid_t pid;

	server_start();
	tree_add(ROOT, "file", S_IFREG | 0644);
	trace();
	server_hold(FUSE_LOOKUP, ROOT);
	pid = look(server_path("file"));
	server_wait_held();
	stay(HELD_MS);
	server_release();
	waitpid(pid, NULL, 0);
	metrics_scrape();
	ktap_is(metrics_value(QUEUE "_count", ""), 1, "LOOKUPs that were read");
	ktap_is(metrics_value(SERVICE "_count", ""), 1, "and answered");
	ktap_ok(metrics_value(SERVICE "_sum", "") > HELD_MS / 1e3,
		"after a while: %.3f s", metrics_value(SERVICE "_sum", ""));
	ktap_is(metrics_value(SERVICE "_bucket", "le=\"0.25\""), 0,
		"of 250 ms or less");
	ktap_ok(metrics_value(QUEUE "_sum", "") <
			metrics_value(SERVICE "_sum", ""),
		"in the queue less: %.3f s", metrics_value(QUEUE "_sum", ""));
	ktap_ok(tracer_stop() == 0, "it ends well");
	server_stop();
}

/* The server in a process of its own; where it mounted.  A byte ends it. */
static pid_t start_elsewhere(int *wish, char *path, size_t len)
{
	int to[2], from[2];
	pid_t pid;

	if (pipe(to) || pipe(from))
		exit(1);
	pid = fork();
	if (!pid) {
		server_start();
		tree_add(ROOT, "file", S_IFREG | 0644);
		if (write(from[1], server_path(""), len) < 0 ||
		    read(to[0], path, 1) < 0)
			_exit(1);
		server_stop();
		_exit(0);
	}
	if (read(from[0], path, len) != (ssize_t)len)
		exit(1);
	path[strlen(path) - 1] = 0;
	*wish = to[1];
	return pid;
}

/* The daemon doesn't read it at first. */
static void queued_long(void)
{
	char mount[128], file[200];
	pid_t server, pid;
	int wish;

	server = start_elsewhere(&wish, mount, sizeof(mount));
	snprintf(file, sizeof(file), "%s/file", mount);
	trace();
	kill(server, SIGSTOP);
	ktap_control(waitpid(server, NULL, WUNTRACED) == server,
		     "the daemon stands still");
	pid = look(file);
	ktap_control(poll_until(is_in_state(pid, "SD"), PATIENCE_MS),
		     "somebody waits for it");
	stay(HELD_MS);
	kill(server, SIGCONT);
	waitpid(pid, NULL, 0);
	metrics_scrape();
	ktap_is(metrics_value_of(mount, QUEUE "_count", ""), 1,
		"LOOKUPs that were read");
	ktap_ok(metrics_value_of(mount, QUEUE "_sum", "") > HELD_MS / 1e3,
		"after a while: %.3f s",
		metrics_value_of(mount, QUEUE "_sum", ""));
	ktap_ok(metrics_value_of(mount, SERVICE "_sum", "") <
			metrics_value_of(mount, QUEUE "_sum", ""),
		"and answered sooner: %.3f s",
		metrics_value_of(mount, SERVICE "_sum", ""));
	ktap_ok(tracer_stop() == 0, "it ends well");
	if (write(wish, "", 1) != 1)
		exit(1);
	waitpid(server, NULL, 0);
}

int main(void)
{
	ktap_begin();
	cascades();
	served_slowly();
	queued_long();
	return ktap_end();
}
