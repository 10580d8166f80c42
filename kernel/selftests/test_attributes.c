// SPDX-License-Identifier: GPL-2.0-only
/*
 * Attributes from before a bump neither replace newer ones nor keep them out.
 * The reply to a request that was sent before the bump is held until after it,
 * and then comes after, or before, that to the first LOOKUP after the bump.
 * Here the inode is there already; test_new_inodes has those that are made.
 *
 * red: v8 shrink 7.3/mainline
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kernel/testfs/client.h"
#include "kernel/testfs/ktap.h"
#include "kernel/testfs/server.h"

/* Two pages and a half: a WRITE to the first neither extends it nor is partial */
static uint64_t file, dir, size = 10000;
static int fd;

/* Only one attribute: others may be marked as invalid, and asking refills all. */
static struct statx ask(unsigned int mask)
{
	struct statx stx = { .stx_size = ~0ull };

	statx(AT_FDCWD, server_path("file"), 0, mask, &stx);
	return stx;
}

static uint64_t size_now(void)
{
	return ask(STATX_SIZE).stx_size;
}

/*
 * The mode first: where only the size is marked as invalid (a WRITE does that)
 * it comes from the cache, but after the size it would be fresh.
 */
static bool is_current(void)
{
	bool mode = (ask(STATX_MODE).stx_mode & 0777) == size % 01000;

	return size_now() == size && mode;
}

/* Another size, and with it another mode. */
static void change_file(void)
{
	tree_set_size(file, ++size);
	tree_set_mode(file, S_IFREG | size % 01000);
}

/* A walk there that wants no attributes: a GETATTR would make up for much. */
static void *look_up(void *unused)
{
	(void)unused;
	close(open(server_path("file"), O_PATH));
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

static void *set_size(void *unused)
{
	(void)unused;
	ftruncate(fd, 5000);
	return NULL;
}

static void *open_truncated(void *unused)
{
	(void)unused;
	close(open(server_path("file"), O_WRONLY | O_TRUNC));
	return NULL;
}

/* A page, so that it isn't locked meanwhile and newer attributes can drop it. */
static void write_page(off_t offset)
{
	static char page[4096];

	pwrite(fd, page, sizeof(page), offset);
}

static void *write_inside(void *unused)
{
	(void)unused;
	write_page(0);
	return NULL;
}

static void *write_more(void *unused)
{
	(void)unused;
	write_page(1 << 16);
	return NULL;
}

/* Where the server has less than the kernel believes, the reply says so. */
static void *read_short(void *unused)
{
	char byte;

	(void)unused;
	posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
	tree_set_size(file, 10);
	pread(fd, &byte, 1, 0);
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

/* The kernel knows that there is no such name, and the server has it since. */
static void *create_again(void *unused)
{
	(void)unused;
	tree_unlink(dir, "created");
	server_bump();
	lookups_of("dir/created");
	tree_link(file, dir, "created");
	close(open(server_path("dir/created"), O_CREAT | O_WRONLY, 0644));
	return NULL;
}

static const struct request {
	const char *name;
	uint32_t opcode;
	void *(*send)(void *);
	int error; /* of its reply */
	bool locks; /* a folio, and LOOKUP waits for it if the size changed */
} requests[] = {
	{ "GETATTR", FUSE_GETATTR, get_attributes, 0, false },
	{ "SETATTR", FUSE_SETATTR, set_mode, 0, false },
	{ "truncate", FUSE_SETATTR, set_size, 0, false },
	{ "truncate that fails", FUSE_SETATTR, set_size, EIO, false },
	{ "O_TRUNC", FUSE_SETATTR, open_truncated, 0, false },
	{ "WRITE", FUSE_WRITE, write_inside, 0, false },
	{ "WRITE beyond the end", FUSE_WRITE, write_more, 0, false },
	{ "short READ", FUSE_READ, read_short, 0, true },
	{ "LINK", FUSE_LINK, make_link, 0, false },
	{ "UNLINK", FUSE_UNLINK, remove_link, 0, false },
	{ "CREATE", FUSE_CREATE, create_again, 0, false },
};

enum { REQUESTS = sizeof(requests) / sizeof(requests[0]) };

/* Have its reply held. */
static pthread_t send_held(const struct request *request)
{
	pthread_t thread;

	server_hold(request->opcode, 0);
	pthread_create(&thread, NULL, request->send, NULL);
	server_wait_held();
	if (request->error)
		server_fail_held(request->error);
	return thread;
}

/* Send it, and bump and change the file before its reply arrives. */
static pthread_t send_across(const struct request *request)
{
	pthread_t thread = send_held(request);

	change_file();
	server_bump();
	return thread;
}

static void comes_after(const struct request *request)
{
	pthread_t thread = send_across(request);

	ktap_is(size_now(), size, "size from a LOOKUP after the bump");
	server_release();
	pthread_join(thread, NULL);
	ktap_ok(is_current(), "size and mode after an older %s came after it",
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
	ktap_ok(is_current(), "size and mode after an older %s came before it",
		request->name);
}

/*
 * While the size is being changed what a LOOKUP says is dropped.  When that
 * change has failed, a GETATTR from before the bump isn't the answer either.
 */
static void comes_after_failed_truncate(void)
{
	static const struct request getattr = {
		.opcode = FUSE_GETATTR,
		.send = get_attributes,
	};
	static const struct request truncate = {
		.opcode = FUSE_SETATTR,
		.send = set_size,
		.error = EIO,
	};
	pthread_t getter = send_across(&getattr), truncater;
	struct fuse_out_header *reply = server_take_held();
	uint64_t lookups = server_count(FUSE_LOOKUP);

	truncater = send_held(&truncate);
	change_file(); /* as if nothing had been truncated */
	look_up(NULL);
	ktap_is(server_count(FUSE_LOOKUP) - lookups, 1,
		"LOOKUPs after the bump, while a truncate is in flight");
	server_release();
	pthread_join(truncater, NULL);
	server_send(reply);
	pthread_join(getter, NULL);
	ktap_ok(is_current(),
		"size and mode after that failed and an older GETATTR came");
}

/* A mount with its file, and the control: one request after the other. */
static void start(void)
{
	server_start();
	server_need_epochs();
	dir = tree_add(ROOT, "dir", S_IFDIR | 0755);
	file = tree_add(ROOT, "file", S_IFREG | 0644);
	change_file();
	fd = open(server_path("file"), O_RDWR);

	get_attributes(NULL);
	change_file();
	server_bump();
	ktap_control(is_current(),
		     "size and mode after a bump, nothing in flight");
}

static void stop(void)
{
	close(fd);
	server_stop();
}

/* O_TRUNC by a server that has open and does it there. */
static void truncates_in_open(void)
{
	static const struct request open_trunc = {
		.name = "OPEN with O_TRUNC",
		.opcode = FUSE_OPEN,
		.send = open_truncated,
	};

	tree_truncate_in_open();
	start();
	comes_after(&open_trunc);
	comes_before(&open_trunc);
	stop();
}

int main(void)
{
	int i;

	ktap_begin();
	start();
	for (i = 0; i < REQUESTS; i++)
		if (!requests[i].locks)
			comes_after(&requests[i]);
	for (i = 0; i < REQUESTS; i++)
		comes_before(&requests[i]);
	comes_after_failed_truncate();
	stop();

	truncates_in_open();
	return ktap_end();
}
