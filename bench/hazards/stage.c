// SPDX-License-Identifier: GPL-2.0-only
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

#include "bench/host/child.h"
#include "kernel/testfs/client.h"
#include "bench/lib/clock.h"
#include "kernel/testfs/ktap.h"
#include "bench/lib/opcode.h"
#include "kernel/testfs/server.h"
#include "methods.h"
#include "stage.h"

/* Long enough to write all messages of a probe, if nothing is in the way. */
enum { NOTIFY_MS = 300 };

static struct tree slots;
static int top = -1;
static pthread_t notifier;
static bool notifier_waits;

/* Before there are names: probing INC_EPOCH is a bump. */
static void need_method(const struct inval_method *m)
{
	struct inval_env env = {
		.dev = server_fd(),
		.expire_only = tree_kernel_flags() & FUSE_HAS_EXPIRE_ONLY,
	};
	int err = m->probe ? m->probe(&env) : 0;

	if (!err)
		return;
	stage_stop();
	if (err == -EOPNOTSUPP)
		ktap_skip_all(HAZARD_UNOFFERED);
	say_broken("cannot find out if the kernel offers it: %s",
		   strerror(-err));
}

void stage_start(const struct inval_method *m, void (*configure)(void))
{
	if (configure)
		configure();
	server_start();
	child_uses(server_connection());
	slots = (struct tree){ .shape = SHAPE_WIDE };
	tree_add(ROOT, TREE_TOP_NAME, S_IFDIR | 0755);
	need_method(m);
	top = open(stage_top_path(), O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (top < 0)
		say_broken("cannot open %s: %s", stage_top_path(),
			   strerror(errno));
}

void stage_stop(void)
{
	if (top >= 0)
		close(top);
	top = -1;
	server_stop();
	child_uses(0);
}

uint64_t stage_ino(uint64_t slot)
{
	return tree_nodeid(&slots, slot);
}

uint64_t stage_top_ino(void)
{
	return TREE_TOP_NODEID;
}

const char *stage_name(uint64_t slot)
{
	static __thread char names[8][TREE_NAME_LEN + 1];
	static __thread unsigned int next;
	char *name = names[next++ % 8];

	tree_name(slot, name);
	return name;
}

const char *stage_path(uint64_t slot)
{
	char path[TREE_PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s", TREE_TOP_NAME, stage_name(slot));
	return server_path(path);
}

const char *stage_top_path(void)
{
	return server_path(TREE_TOP_NAME);
}

int stage_top(void)
{
	return top;
}

uint64_t stage_add(mode_t mode)
{
	uint64_t slot = ++slots.n, ino;

	ino = tree_add(stage_top_ino(), stage_name(slot),
		       mode ? mode : S_IFREG | 0644);
	if (ino != stage_ino(slot))
		say_broken("slot %lu has node %lu", (unsigned long)slot,
			   (unsigned long)ino);
	if (!mode)
		tree_unlink(stage_top_ino(), stage_name(slot));
	return slot;
}

void stage_fill(uint64_t name_cnt)
{
	/* The more fits the fewer requests, where the kernel makes use of it. */
	static char entries[1 << 20];
	uint64_t i;
	int dir;

	for (i = 0; i < name_cnt; i++)
		stage_add(S_IFREG | 0644);
	dir = open(stage_top_path(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	while (getdents64(dir, entries, sizeof(entries)) > 0)
		;
	close(dir);
	if (dir < 0 || tree_references(stage_ino(name_cnt)) != 1)
		say_broken("the names aren't cached");
}

uint64_t stage_notify(const struct inval_method *m)
{
	static const _Atomic uint32_t never;
	struct inval_result res = { 0 };
	uint64_t begin = clock_monotonic_ns();
	int err = 0;

	if (m->act)
		err = m->act(server_path(""));
	else if (m->build)
		err = inval_send(server_fd(), m, &slots, 1, false, 0, &never,
				 &res);
	/* Of many messages some find nothing to do, which is an error, too. */
	if (!err && method_is_epoch(m))
		err = -res.first_errno;
	if (err)
		say_broken("%s: %s", m->name, strerror(-err));
	return clock_monotonic_ns() - begin;
}

static void *notify(void *method)
{
	stage_notify(method);
	return NULL;
}

void stage_notify_start(const struct inval_method *m)
{
	pthread_create(&notifier, NULL, notify, (void *)m);
	notifier_waits = !joined_within(notifier, NOTIFY_MS);
}

bool stage_notify_waits(void)
{
	return notifier_waits;
}

void stage_notified(void)
{
	if (notifier_waits && !joined_within(notifier, PATIENCE_MS))
		say_broken("the notification doesn't come back");
	notifier_waits = false;
}

void stage_settle(void)
{
	/* The kernel sends at most 8 requests before it sends FORGETs. */
	enum { REQUESTS = 9 };
	struct statfs unused;

	for (int i = 0; i < REQUESTS; i++)
		if (statfs(server_path(""), &unused))
			say_broken("statfs: %s", strerror(errno));
}

size_t stage_message(const struct inval_method *m, uint64_t slot, char *msg)
{
	return m->build(&slots, m->msg_cnt(&slots) == slots.n ? slot - 1 : 0,
			msg);
}

void stage_counts(uint64_t *cnt)
{
	for (unsigned int op = 0; op < OPCODE_MAX; op++)
		cnt[op] = server_count(op);
}
