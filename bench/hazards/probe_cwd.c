// SPDX-License-Identifier: GPL-2.0-only
/*
 * probe_cwd.c - has a process a working directory while somebody else looks its
 * name up?
 */
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kernel/testfs/client.h"
#include "kernel/testfs/server.h"
#include "methods.h"
#include "stage.h"

static uint64_t slot;
static atomic_bool walked;

static void say_cwd(const char *probe)
{
	char path[256];
	bool named = getcwd(path, sizeof(path)) && path[0] == '/';

	say_hazard(probe, !named, "%s",
		   named	     ? ""
		   : errno == ENOENT ? "ENOENT"
				     : "unreachable");
}

static void *walk(void *unused)
{
	struct stat st;

	lstat(stage_path(slot), &st);
	walked = true;
	return unused;
}

/* Another's LOOKUP has its reply, which waits; if the method has it ask. */
static void say_during_lookup(void)
{
	pthread_t walker;

	server_hold(FUSE_LOOKUP, stage_top_ino());
	pthread_create(&walker, NULL, walk, NULL);
	if (!poll_until(server_is_holding() || walked, PATIENCE_MS))
		say_broken("who walks there doesn't come back");
	if (server_is_holding()) {
		say_cwd("during a LOOKUP");
		server_release();
	} else {
		say_hazard("during a LOOKUP", false, "there is none");
	}
	pthread_join(walker, NULL);
}

static void run(const struct inval_method *m)
{
	stage_start(m, NULL);
	slot = stage_add(S_IFDIR | 0755);
	if (chdir(stage_path(slot)))
		say_broken("cannot go there: %s", strerror(errno));
	if (lookups_of(TREE_TOP_NAME))
		say_broken("control: a name is asked for without a reason");
	stage_notify(m);
	say_cwd("before anybody walks");
	say_during_lookup();
	say_cwd("afterwards");
	if (chdir("/"))
		say_broken("cannot leave: %s", strerror(errno));
	stage_stop();
}

const struct hazard hazard_cwd = {
	.name = "cwd",
	.title = "Working directories during a LOOKUP",
	.note = "A process has a working directory; nothing changes; the "
		"method, "
		"about that name; somebody else walks there, and the reply to "
		"the LOOKUP takes a while.  getcwd() fails: git, shells and "
		"whatever else asks where it is can't start.  With a busy tree "
		"that is now and then, and for as long as the daemon takes.",
	.stack = "a shell or git inside",
	.concerns = method_is_choice,
	.run = run,
	.limit_s = 30,
	.confirm = true,
};
