// SPDX-License-Identifier: GPL-2.0-only
/*
 * A cascade is shown with the process that had to wait, the path, how many
 * dentries died, and the bump that caused it; epochstat counts the same.
 *
 * program: epochsnoop
 * only: stock v8 hardened
 * program: epochstat
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel/testfs/client.h"
#include "kernel/testfs/ktap.h"
#include "kernel/testfs/server.h"
#include "tracer.h"

enum { FILES = 123 };

static uint64_t dir, sub;

static void build(void)
{
	server_start();
	server_need_epochs();
	dir = tree_add(ROOT, "dir", S_IFDIR | 0755);
	sub = tree_add(dir, "sub", S_IFDIR | 0755);
	add_files(sub, "f%u", FILES);
}

static void fill(void)
{
	lookups_of_all("dir/sub/f%u", FILES);
}

/* Another process, so that whoever waits isn't whoever bumps. */
static pid_t walk(const char *path)
{
	struct stat st;
	pid_t pid = fork();

	if (!pid) {
		lstat(path, &st);
		_exit(0);
	}
	waitpid(pid, NULL, 0);
	return pid;
}

/* The n-th line of this kind, or NULL. */
static json_t *event(const char *kind, unsigned int n)
{
	json_t *line;
	size_t i;

	json_array_foreach (tracer_lines(), i, line) {
		const char *is =
			json_string_value(json_object_get(line, "event"));

		if (is && !strcmp(is, kind) && !n--)
			return line;
	}
	return NULL;
}

static uint64_t number(json_t *line, const char *field)
{
	json_t *value = json_object_get(line, field);

	return json_is_integer(value) ? (uint64_t)json_integer_value(value)
				      : ~0ull;
}

static bool is_text(json_t *line, const char *field, const char *text)
{
	const char *is = json_string_value(json_object_get(line, field));

	return is && !strcmp(is, text);
}

static void snooped(void)
{
	json_t *line, *cause;
	pid_t walker;

	build();
	tracer_start("epochsnoop", "-j", NULL);
	fill();
	server_bump();
	walker = walk(server_path("dir/sub/f7"));
	ktap_ok(tracer_stop() == 0, "epochsnoop ends well");

	line = event("bump", 0);
	ktap_ok(line && !event("bump", 1), "one bump");
	ktap_is(number(line, "epoch"), 3, "to the epoch");
	ktap_is(number(line, "pid"), getpid(), "by the server");

	line = event("cascade", 0);
	ktap_ok(line && is_text(line, "path", "/dir"), "a cascade at /dir");
	ktap_is(number(line, "pid"), walker, "which the walker paid for");
	/* All below the directory: one directory and the files in it. */
	ktap_is(number(line, "dentry_cnt"), FILES + 1, "dentries died");
	ktap_is(number(line, "dentry_epoch"), 2, "its epoch");
	ktap_ok(number(line, "stall_ns") > 0 &&
			number(line, "stall_ns") < 60000000000ull,
		"for a while");
	cause = json_object_get(line, "cause");
	ktap_is(number(cause, "epoch"), 3, "caused by the bump to");
	ktap_is(number(cause, "pid"), getpid(), "by the server");
	ktap_ok(number(cause, "ns") == number(event("bump", 0), "ns") ||
			number(cause, "ns") < number(line, "ns"),
		"which came before");
	ktap_ok(!event("cascade", 1), "and no other cascade");
	server_stop();
}

/* INVAL_ENTRY of a stale directory is the server's own doing. */
static void not_of_a_walk(void)
{
	struct {
		struct fuse_out_header header;
		struct fuse_notify_inval_entry_out out;
		char name[4];
	} message = {
		.header = { .len = sizeof(message),
			    .error = FUSE_NOTIFY_INVAL_ENTRY },
		.out = { .parent = ROOT, .namelen = 3 },
		.name = "dir",
	};

	build();
	tracer_start("epochsnoop", "-j", NULL);
	fill();
	server_bump();
	server_write(&message, sizeof(message));
	ktap_ok(tracer_stop() == 0, "epochsnoop ends well");
	ktap_ok(event("notify", 0) &&
			is_text(event("notify", 0), "notify", "inval_entry"),
		"INVAL_ENTRY is seen");
	ktap_ok(!event("cascade", 0), "and what it tears down is no cascade");
	server_stop();
}

/* Only those that take so long. */
static void long_ones_only(void)
{
	build();
	tracer_start("epochsnoop", "-j", "-b", "--min-ms", "60000", NULL);
	fill();
	server_bump();
	walk(server_path("dir/sub/f7"));
	ktap_ok(tracer_stop() == 0, "epochsnoop ends well");
	ktap_ok(event("bump", 0) && !event("cascade", 0),
		"a short cascade isn't shown with --min-ms");
	server_stop();
}

static void submount(void)
{
	json_t *line;
	pid_t walker;

	build();
	tree_add(sub, "below", S_IFDIR | 0755);
	if (mount("none", server_path("dir/sub/below"), "tmpfs", 0, NULL)) {
		server_stop();
		ktap_ok(true, "# SKIP cannot mount a tmpfs");
		return;
	}
	tracer_start("epochsnoop", "-j", NULL);
	server_bump();
	walker = walk(server_path("dir/other"));
	ktap_ok(tracer_stop() == 0, "epochsnoop ends well");
	line = event("detach", 0);
	ktap_ok(line && is_text(line, "path", "/dir/sub/below"),
		"a submount that is lost is shown");
	ktap_is(number(line, "pid"), walker, "lost by the walk of");
	ktap_is(number(json_object_get(line, "cause"), "epoch"), 3,
		"because of the bump to");
	ktap_ok(!event("detach", 1), "once");
	umount2(server_path("dir/sub/below"), MNT_DETACH);
	server_stop();
}

/* A device number comes back with the next mount: its bumps don't. */
static void mounted_again(void)
{
	uint64_t since;
	json_t *line;

	server_start();
	server_need_epochs();
	tracer_start("epochsnoop", "-j", NULL);
	server_bump();
	server_stop();
	build(); /* with a bump to 2, which makes nothing stale */
	fill();
	server_bump();
	walk(server_path("dir/sub/f7"));
	ktap_ok(tracer_stop() == 0, "epochsnoop ends well");
	line = event("cascade", 0);
	ktap_control(event("bump", 2) &&
			     is_text(event("bump", 0), "dev",
				     json_string_value(json_object_get(
					     event("bump", 2), "dev"))),
		     "two mounts with one device number");
	since = number(json_object_get(line, "cause"), "ns");
	ktap_ok(since > number(event("bump", 1), "ns") &&
			since <= number(event("bump", 2), "ns"),
		"a cascade in the second is caused by the bump there");
	server_stop();
}

static void counted(void)
{
	uint64_t forgotten;

	build();
	tracer_start("epochstat", "-j", "3600", NULL);
	forgotten = server_forgotten();
	fill();
	server_bump();
	server_bump();
	walk(server_path("dir/other"));
	/* The directory, the one below and its files. */
	ktap_control(poll_until(server_forgotten() - forgotten == FILES + 2,
				PATIENCE_MS),
		     "the server is told of each inode");
	ktap_ok(tracer_stop() == 0, "epochstat ends well");
	ktap_is(tracer_sum("cascade.cnt"), 1, "cascades");
	ktap_is(tracer_sum("cascade.dentry_cnt"), FILES + 1, "dentries");
	ktap_is(tracer_sum("outcome_cnt.epoch"), 1, "found stale");
	ktap_is(tracer_sum("torn_cnt"), FILES + 1, "torn without being asked");
	ktap_is(tracer_sum("freed_cnt"), FILES + 2, "freed in all");
	ktap_is(tracer_sum("forget_cnt"), FILES + 2, "FORGETs");
	ktap_is(tracer_sum("behind_cnt"), 2, "bumps behind");
	ktap_ok(tracer_sum("cascade.ns") > 0 &&
			tracer_sum("cascade.ns") ==
				tracer_sum("cascade.max_ns"),
		"and its time");
	server_stop();
}

int main(void)
{
	ktap_begin();
	snooped();
	not_of_a_walk();
	long_ones_only();
	submount();
	mounted_again();
	counted();
	return ktap_end();
}
