// SPDX-License-Identifier: GPL-2.0-only
/*
 * Attributes from before a bump neither replace newer ones nor keep them out.
 * The reply to a request that was sent before the bump is held until after it,
 * and then comes after, or before, that to the first LOOKUP after the bump.
 *
 * red: v8 shrink
 */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "client.h"
#include "ktap.h"
#include "server.h"

static uint64_t file, size = 1000;
static int fd;

/* Only the size: a change marks others as invalid, which would ask for all. */
static uint64_t size_now(void)
{
	struct statx stx;

	if (statx(AT_FDCWD, server_path("file"), 0, STATX_SIZE, &stx))
		return ~0ull;
	return stx.stx_size;
}

static void *look_up(void *unused)
{
	(void)unused;
	size_now();
	return NULL;
}

/*
 * The requests.  Names of the file go to another directory: the one where a
 * name is made or removed is locked until the reply.
 */
static void *get_attributes(void *unused)
{
	struct statx stx;

	(void)unused;
	statx(fd, "", AT_EMPTY_PATH | AT_STATX_FORCE_SYNC, STATX_BASIC_STATS,
	      &stx);
	return NULL;
}

static void *set_mode(void *unused)
{
	(void)unused;
	fchmod(fd, 0600);
	return NULL;
}

static void *make_link(void *unused)
{
	(void)unused;
	link(server_path("file"), server_path("dir/linked"));
	return NULL;
}

static void *remove_link(void *unused)
{
	(void)unused;
	unlink(server_path("dir/linked"));
	return NULL;
}

static const struct request {
	const char *name;
	uint32_t opcode;
	void *(*send)(void *);
} requests[] = {
	{ "GETATTR", FUSE_GETATTR, get_attributes },
	{ "SETATTR", FUSE_SETATTR, set_mode },
	{ "LINK", FUSE_LINK, make_link },
	{ "UNLINK", FUSE_UNLINK, remove_link },
};

enum { REQUESTS = sizeof(requests) / sizeof(requests[0]) };

/* Send it, and bump and change the file before its reply arrives. */
static pthread_t send_across(const struct request *request)
{
	pthread_t thread;

	server_hold(request->opcode, 0);
	pthread_create(&thread, NULL, request->send, NULL);
	server_wait_held();
	tree_set_size(file, ++size);
	server_bump();
	return thread;
}

static void comes_after(const struct request *request)
{
	pthread_t thread = send_across(request);

	ktap_is(size_now(), size, "size from a LOOKUP after the bump");
	server_release();
	pthread_join(thread, NULL);
	ktap_ok(size_now() == size, "size after an older %s came after it",
		request->name);
}

static void comes_before(const struct request *request)
{
	pthread_t older = send_across(request), newer;
	struct fuse_out_header *reply = server_take_held();

	server_hold(FUSE_LOOKUP, ROOT);
	pthread_create(&newer, NULL, look_up, NULL);
	server_wait_held();
	server_send(reply);
	pthread_join(older, NULL);
	server_release();
	pthread_join(newer, NULL);
	ktap_ok(size_now() == size, "size after an older %s came before it",
		request->name);
}

int main(void)
{
	int i;

	ktap_begin();
	server_start();
	server_need_epochs();
	tree_add(ROOT, "dir", S_IFDIR | 0755);
	file = tree_add(ROOT, "file", S_IFREG | 0644);
	tree_set_size(file, size);
	fd = open(server_path("file"), O_RDONLY);

	/* The control: one request after the other. */
	get_attributes(NULL);
	tree_set_size(file, ++size);
	server_bump();
	ktap_is(size_now(), size, "size after a bump, nothing in flight");

	for (i = 0; i < REQUESTS; i++)
		comes_after(&requests[i]);
	for (i = 0; i < REQUESTS; i++)
		comes_before(&requests[i]);

	close(fd);
	server_stop();
	return ktap_end();
}
