// SPDX-License-Identifier: GPL-2.0-only
/*
 * A hundred mounts at once, mounted before epochstat started, each counted for
 * itself; one in a mount namespace of its own, and some that vanish meanwhile.
 *
 * only: v8
 * program: epochstat
 */
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
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

/* The first has a namespace: later ones would live on in its copies. */
enum { MOUNTS = 100, HIDDEN = 0, VANISHING = 10 };

/* A process with a server and its mount, which does what it is told. */
static struct child {
	pid_t pid;
	int orders, answers;
	char path[64];
	uint64_t walks;
} children[MOUNTS];

enum order { WALK = 1, VANISH };

struct command {
	enum order order;
	unsigned int count;
};

static void obey(struct child *c, int orders, int answers, bool hidden)
{
	struct command command;

	if (hidden && (unshare(CLONE_NEWNS) ||
		       mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL)))
		_exit(1);
	server_start();
	tree_add(ROOT, "file", S_IFREG | 0644);
	lookups_of("file");
	snprintf(c->path, sizeof(c->path), "%s", server_path(""));
	c->path[strlen(c->path) - 1] = 0;
	if (write(answers, c->path, sizeof(c->path)) != sizeof(c->path))
		_exit(1);
	while (read(orders, &command, sizeof(command)) == sizeof(command)) {
		for (unsigned int i = 0; i < command.count; i++)
			lookups_of("file");
		if (command.order == VANISH)
			server_stop();
		if (write(answers, "", 1) != 1 || command.order == VANISH)
			_exit(0);
	}
	server_stop();
	_exit(0);
}

static void start(struct child *c, bool hidden)
{
	int orders[2], answers[2];

	if (pipe2(orders, O_CLOEXEC) || pipe2(answers, O_CLOEXEC))
		exit(1);
	fflush(stdout);
	c->pid = fork();
	if (!c->pid) {
		/* Those of the others would keep them from ending. */
		for (struct child *o = children; o < c; o++)
			close(o->orders);
		close(orders[1]);
		obey(c, orders[0], answers[1], hidden);
	}
	close(orders[0]);
	close(answers[1]);
	c->orders = orders[1];
	c->answers = answers[0];
	if (read(c->answers, c->path, sizeof(c->path)) != sizeof(c->path)) {
		puts("Bail out! a server doesn't start");
		exit(1);
	}
}

static void order(struct child *c, enum order what, unsigned int count)
{
	struct command command = { .order = what, .count = count };
	char done;

	if (write(c->orders, &command, sizeof(command)) != sizeof(command) ||
	    read(c->answers, &done, 1) != 1) {
		puts("Bail out! a server is gone");
		exit(1);
	}
	c->walks += count;
}

static void end(struct child *c)
{
	close(c->orders);
	waitpid(c->pid, NULL, 0);
	close(c->answers);
}

/* Mounts from this one on whose walks weren't counted right. */
static unsigned int wrong_from(unsigned int first)
{
	unsigned int wrong = 0;

	for (unsigned int i = first; i < MOUNTS; i++) {
		uint64_t got =
			tracer_sum_of(children[i].path, "outcome_cnt.fresh");

		if (got == children[i].walks)
			continue;
		wrong++;
		printf("# mount %u: %llu, not %llu\n", i,
		       (unsigned long long)got,
		       (unsigned long long)children[i].walks);
	}
	return wrong;
}

static bool is_known_from_there(void)
{
	json_t *line;
	size_t i;

	json_array_foreach (tracer_lines(), i, line) {
		const char *path =
			json_string_value(json_object_get(line, "mount"));

		if (path && !strcmp(path, children[HIDDEN].path))
			return json_integer_value(json_object_get(
				       line, "namespace_pid")) > 0 &&
			       json_integer_value(json_object_get(
				       line, "namespace")) > 0;
	}
	return false;
}

int main(void)
{
	unsigned int i;

	ktap_begin();
	for (i = 0; i < MOUNTS; i++)
		start(&children[i], i == HIDDEN);

	tracer_start("epochstat", "-j", "3600", NULL);
	for (i = 0; i < MOUNTS; i++)
		order(&children[i], WALK, i + 1);
	ktap_ok(tracer_stop() == 0, "the tracer ends well");
	ktap_is(wrong_from(0), 0, "mounts whose hits weren't counted right");
	ktap_ok(is_known_from_there(),
		"the path of one that only another namespace has");

	tracer_start("epochstat", "-j", "3600", NULL);
	for (i = 0; i < MOUNTS; i++)
		children[i].walks = 0;
	for (i = 0; i < MOUNTS; i++)
		order(&children[i], 0 < i && i < VANISHING ? VANISH : WALK, 2);
	ktap_ok(tracer_stop() == 0, "it ends well though mounts vanished");
	ktap_is(wrong_from(VANISHING), 0, "mounts that stayed, counted wrong");

	tracer_start("epochstat", "-j", "-m", children[VANISHING].path, "3600",
		     NULL);
	order(&children[VANISHING], WALK, 3);
	order(&children[VANISHING + 1], WALK, 3);
	ktap_ok(tracer_stop() == 0, "it ends well with -m");
	ktap_is(json_array_size(tracer_lines()), 1, "lines with -m");
	ktap_is(tracer_sum_of(children[VANISHING].path, "outcome_cnt.fresh"), 3,
		"of that mount");

	for (i = 0; i < MOUNTS; i++)
		end(&children[i]);
	return ktap_end();
}
