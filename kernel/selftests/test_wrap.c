// SPDX-License-Identifier: GPL-2.0-only
/*
 * The step of the epoch from 2^32 - 1, which is -1 in v8, makes dentries stale
 * like any other.
 *
 * variant: +test
 * red: v8 shrink
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ktap.h"
#include "server.h"

static const char parameter[] = "/sys/module/fuse/parameters/test_epoch";

static void from(const char *epoch)
{
	int fd = open(parameter, O_WRONLY);
	uint64_t before;
	struct stat st;

	if (fd < 0 || write(fd, epoch, strlen(epoch)) < 0)
		ktap_skip_all("fuse has no test_epoch: not a +test variant");
	close(fd);

	server_start();
	server_add(ROOT, "file", S_IFREG | 0644);
	stat(server_path("file"), &st);
	before = server_count(FUSE_LOOKUP);
	stat(server_path("file"), &st);
	ktap_is(server_count(FUSE_LOOKUP) - before, 0, "LOOKUPs if cached");
	server_bump();
	stat(server_path("file"), &st);
	ktap_ok(server_count(FUSE_LOOKUP) - before == 1,
		"a bump from %s is seen", epoch);
	server_stop();
}

int main(void)
{
	ktap_begin();
	from("1"); /* the control */
	from("2147483647");
	from("4294967295");
	from("1");
	return ktap_end();
}
