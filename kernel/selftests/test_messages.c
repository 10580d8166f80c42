// SPDX-License-Identifier: GPL-2.0-only
/* INC_EPOCH is taken; what looks like it but isn't right changes nothing. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "kernel/testfs/client.h"
#include "kernel/testfs/ktap.h"
#include "kernel/testfs/server.h"

static struct message {
	struct fuse_out_header head;
	char more[16];
} message;

static int fd;

/* Requests that a walk, its attributes and a cached page take. */
static uint64_t requests(void)
{
	static const uint32_t kinds[] = { FUSE_LOOKUP, FUSE_GETATTR,
					  FUSE_READ };
	uint64_t before = 0, after = 0;
	unsigned int i;
	struct stat st;
	char byte;

	for (i = 0; i < 3; i++)
		before += server_count(kinds[i]);
	stat(server_path("file"), &st);
	if (pread(fd, &byte, 1, 0) != 1)
		return ~0ull;
	for (i = 0; i < 3; i++)
		after += server_count(kinds[i]);
	return after - before;
}

static void prepare(void)
{
	memset(&message, 0, sizeof(message));
	message.head.len = sizeof(message.head);
	message.head.error = FUSE_NOTIFY_INC_EPOCH;
}

/* Write so much of the message; nothing may come of it. */
static void refused(const char *what, size_t bytes)
{
	int err = server_write(&message, bytes);

	ktap_ok(err == -EINVAL, "%s: write returns %d", what, err);
	ktap_is(requests(), 0, "and nothing became stale, requests");
	prepare();
}

static void taken(const char *what)
{
	ktap_is(-server_write(&message, sizeof(message.head)), 0, what);
	ktap_is(requests(), 1, "and a dentry is stale, requests");
	ktap_is(requests(), 0, "and looked up again, requests");
}

static int asked = -1;

static void *ask(void *unused)
{
	struct statx stx;

	(void)unused;
	asked = statx(fd, "", AT_EMPTY_PATH | AT_STATX_FORCE_SYNC,
		      STATX_BASIC_STATS, &stx);
	return NULL;
}

int main(void)
{
	struct fuse_out_header *reply;
	pthread_t thread;
	uint64_t file;

	ktap_begin();
	server_start();
	server_need_epochs();
	file = tree_add(ROOT, "file", S_IFREG | 0644);
	tree_set_size(file, 1);
	fd = open(server_path("file"), O_RDONLY);
	requests();

	prepare();
	taken("INC_EPOCH is taken, errno");

	message.head.len = sizeof(message);
	refused("len above the size of the write", sizeof(message.head));
	refused("len below the size of the write", sizeof(message));
	message.head.len = 4;
	refused("len below the header", sizeof(message.head));
	message.head.len = 0;
	refused("len 0", sizeof(message.head));
	refused("half a header", sizeof(message.head) / 2);
	message.head.error = -FUSE_NOTIFY_INC_EPOCH;
	refused("a negative code", sizeof(message.head));
	message.head.error = 0;
	refused("code 0", sizeof(message.head));
	message.head.error = 1000;
	refused("an unknown code", sizeof(message.head));
	message.head.unique = 12345;
	refused("unique of no request", sizeof(message.head));

	/* With that of a request it is a reply, with an error that can't be. */
	server_hold(FUSE_GETATTR, file);
	pthread_create(&thread, NULL, ask, NULL);
	server_wait_held();
	reply = server_take_held();
	message.head.unique = reply->unique;
	refused("unique of a request", sizeof(message.head));
	server_send(reply);
	pthread_join(thread, NULL);
	ktap_is(asked, 0, "and that request is still answered, errno");

	taken("INC_EPOCH is still taken after all that, errno");

	close(fd);
	server_stop();
	return ktap_end();
}
