// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who lists a directory after a bump and then looks at each name needs few
 * requests.  READDIRPLUS finds them all again, also if the kernel decides when to
 * use it (FUSE_READDIRPLUS_AUTO) and nobody has walked there since the bump.
 *
 * red: v8 shrink hardened 7.3/mainline 7.3/fixes
 */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kernel/testfs/client.h"
#include "kernel/testfs/ktap.h"
#include "kernel/testfs/server.h"

enum { NAMES = 1000 };

static uint64_t requests(void)
{
	return server_count(FUSE_LOOKUP) + server_count(FUSE_GETATTR) +
	       server_count(FUSE_READDIR) + server_count(FUSE_READDIRPLUS);
}

/* By path, or from a descriptor that has been there all the time. */
static uint64_t list_and_look(int fd)
{
	uint64_t before = requests();

	if (fd < 0)
		list_dir("dir");
	else
		list_fd(fd);
	lookups_of_all("dir/%u", NAMES);
	return requests() - before;
}

static void lists(const char *how)
{
	uint64_t forgotten, took;
	int fd;

	server_start();
	server_need_epochs();
	add_files(tree_add(ROOT, "dir", S_IFDIR | 0755), "%u", NAMES);
	lookups_of_all("dir/%u", NAMES);
	fd = open(server_path("dir"), O_RDONLY | O_DIRECTORY);
	forgotten = server_forgotten();

	server_bump();
	took = list_and_look(-1);
	ktap_ok(took <= NAMES / 10, "%s: %lu requests for %u names", how, took,
		NAMES);
	server_bump();
	took = list_and_look(fd);
	ktap_ok(took <= NAMES / 10, "%s: %lu, from a descriptor", how, took);
	ktap_ok(server_forgotten() == forgotten, "%s: no FORGETs", how);
	close(fd);
	server_stop();
}

int main(void)
{
	ktap_begin();
	lists("READDIRPLUS");
	tree_want(FUSE_READDIRPLUS_AUTO);
	lists("when the kernel likes");
	return ktap_end();
}
