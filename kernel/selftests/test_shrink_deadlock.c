// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where eviction waits for the server, epoch_shrink=1 hangs it, and 2 doesn't.
 * Without the fix of CVE-2025-68821 eviction waits for the folios of a file that
 * was closed with a READ in flight, if the server has no open.  The parameter
 * test_no_release takes that fix away.  Everything here starts with such a file,
 * in mode 1 and, as the control, in mode 2.
 *
 * variant: +test
 * skip: v8 7.3
 */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kernel/testfs/client.h"
#include "kernel/testfs/ktap.h"
#include "kernel/testfs/server.h"

enum { WAIT_MS = 300, ROUNDS = 10, FRESH = 20 };

struct task {
	void (*what)(void);
	pthread_t thread;
	volatile pid_t tid;
};

static void *run(void *arg)
{
	struct task *task = arg;

	task->tid = gettid();
	task->what();
	return NULL;
}

static void begin(struct task *task, void (*what)(void))
{
	*task = (struct task){ .what = what };
	pthread_create(&task->thread, NULL, run, task);
}

/* Has gone to sleep and doesn't come back for a while. */
static bool waits(struct task *task)
{
	return poll_until(is_in_state(task->tid, "SD"), PATIENCE_MS) &&
	       !joined_within(task->thread, WAIT_MS);
}

/* Whatever doesn't end now hangs for good: there is no way on. */
static void ends(struct task *task, const char *what)
{
	if (!ktap_ok(joined_within(task->thread, PATIENCE_MS), "%s", what))
		exit(ktap_end());
}

static void bump(void)
{
	server_bump();
}

static void look_up(void)
{
	lookups_of("name");
}

static void start(const char *mode)
{
	server_start();
	server_bump();
	set_shrink_mode(mode);
	add_files(ROOT, "old%u", FRESH);
	add_files(ROOT, "fresh%u", FRESH);
	lookups_of_all("old%u", FRESH);
	leave_read_in_flight("big0");
}

static void notify_waits(void)
{
	struct task task;

	start("1");
	begin(&task, bump);
	ktap_ok(waits(&task), "1: the notification waits for the read");
	server_abort();
	ends(&task, "1: until an abort");
	server_release();
	server_stop();

	start("2");
	begin(&task, bump);
	ends(&task, "2: the notification doesn't");
	server_release();
	server_stop();
}

/* The thread that notifies is the only one that could answer the READ. */
static void one_thread(void)
{
	struct task task;

	start("1");
	server_bump_in(FUSE_LOOKUP);
	begin(&task, look_up);
	ktap_ok(waits(&task), "1: a server with one thread hangs itself");
	server_abort();
	ends(&task, "1: until an abort");
	server_release();
	server_stop();

	start("2");
	server_bump_in(FUSE_LOOKUP);
	begin(&task, look_up);
	ends(&task, "2: it doesn't");
	server_release();
	server_stop();
}

/*
 * Clients go on: each time before it could end there is another closed file
 * with a READ in flight.  Returns the rounds after which it hadn't ended.
 */
static int repopulate(struct task *task)
{
	struct fuse_out_header *reply;
	uint64_t before;
	char name[16];
	int i;

	for (i = 1; i <= ROUNDS; i++) {
		reply = server_take_held();
		snprintf(name, sizeof(name), "big%d", i);
		leave_read_in_flight(name);
		before = server_forgotten();
		server_send(reply);
		if (!poll_until(server_forgotten() != before, PATIENCE_MS) ||
		    joined_within(task->thread, 0))
			break;
	}
	return i - 1;
}

static void endless(void)
{
	struct task task;
	uint64_t before;

	start("1");
	begin(&task, bump);
	ktap_ok(waits(&task), "1: the notification waits");
	lookups_of_all("fresh%u", FRESH);
	ktap_is(repopulate(&task), ROUNDS,
		"1: and goes on while clients do, rounds");
	ktap_ok(waits(&task), "1: it still hasn't ended");
	server_release();
	ends(&task, "1: only when they stop");
	ktap_is(lookups_of_all("fresh%u", FRESH), FRESH,
		"1: LOOKUPs of names of the current epoch, which it dropped");
	server_stop();

	start("2");
	before = server_forgotten();
	begin(&task, bump);
	ends(&task, "2: the notification returns");
	lookups_of_all("fresh%u", FRESH);
	ktap_ok(poll_until(server_forgotten() - before >= FRESH, PATIENCE_MS),
		"2: the old ones are forgotten");
	ktap_is(lookups_of_all("fresh%u", FRESH), 0,
		"2: LOOKUPs of names of the current epoch");
	server_release();
	server_stop();
}

static void umount_waits(void)
{
	struct task task, umount;

	start("1");
	begin(&task, bump);
	ktap_ok(waits(&task), "1: the notification waits");
	begin(&umount, server_detach);
	ktap_ok(waits(&umount), "1: umount waits for the notification");
	server_release();
	ends(&task, "1: the notification ends when the read does");
	ends(&umount, "1: and then umount");
	server_stop();

	start("2");
	begin(&task, bump);
	ends(&task, "2: the notification returns");
	begin(&umount, server_detach);
	ends(&umount, "2: and umount, with the read in flight");
	server_release();
	server_stop();
}

int main(void)
{
	ktap_begin();
	server_start();
	server_need_epochs();
	need_shrink_modes();
	server_stop();
	if (!set_parameter("test_no_release", "1"))
		ktap_skip_all("fuse has no test_no_release: no +test variant");

	notify_waits();
	one_thread();
	endless();
	umount_waits();

	set_shrink_mode("0");
	set_parameter("test_no_release", "0");
	return ktap_end();
}
