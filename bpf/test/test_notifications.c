// SPDX-License-Identifier: GPL-2.0-only
/*
 * epochstat counts each notification, by kind, however it was written: 23 bumps
 * are 23.
 *
 * only: stock v8 hardened
 * program: epochstat
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "kernel/testfs/client.h"
#include "kernel/testfs/ktap.h"
#include "kernel/testfs/server.h"
#include "tracer.h"

static const struct fuse_out_header bump = {
	.len = sizeof(bump),
	.error = FUSE_NOTIFY_INC_EPOCH,
};

static bool epochs;

static void begin(void)
{
	server_start();
	epochs = server_bump() == 0;
}

static void end(void)
{
	tracer_settle();
	ktap_is(tracer_sum("lost.counts") + tracer_sum("lost.state") +
			tracer_sum("lost.programs"),
		0, "lost");
	server_stop();
}

/*
 * What was written, and how often, after that of begin(); where there are no
 * epochs it is refused.
 */
static void bumps_are(uint64_t count, uint64_t wrong)
{
	count++;
	ktap_is(tracer_sum("notify_cnt.inc_epoch"), epochs ? count : 0,
		"bumps");
	ktap_is(tracer_sum("notify_failed_cnt"), epochs ? wrong : count + wrong,
		"refused");
	ktap_is(tracer_sum("notify_cnt.unknown"), 0, "that can't be read");
}

static void written(void)
{
	begin();
	for (int i = 0; i < 22; i++)
		server_bump();
	end();
	bumps_are(22, 0);
	if (epochs)
		ktap_is(tracer_last("epoch"), 24, "the epoch");
}

/* In pieces, and with the header in a page that is touched first here. */
static void by_writev(void)
{
	struct fuse_out_header *fresh = aligned_alloc(4096, 4096);
	struct iovec iov[2] = { { (void *)&bump, sizeof(bump) }, { "", 0 } };

	begin();
	memcpy(fresh, &bump, sizeof(bump));
	ktap_control(writev(server_fd(), iov, 2) == sizeof(bump) || !epochs,
		     "writev");
	server_write(fresh, sizeof(*fresh));
	free(fresh);
	end();
	bumps_are(2, 0);
}

/* By way of a pipe, behind something else in its page. */
static bool splice_behind(size_t before, const void *message, size_t bytes)
{
	char other[8] = "before";
	ssize_t done;
	int fds[2];

	if (pipe(fds) || write(fds[1], other, before) != (ssize_t)before ||
	    (before && read(fds[0], other, before) != (ssize_t)before) ||
	    write(fds[1], message, bytes) != (ssize_t)bytes)
		exit(1);
	done = splice(fds[0], NULL, server_fd(), NULL, bytes, 0);
	close(fds[0]);
	close(fds[1]);
	return done == (ssize_t)bytes;
}

static void spliced(void)
{
	struct {
		struct fuse_out_header header;
		struct fuse_notify_inval_inode_out out;
	} inode = {
		.header = { .len = sizeof(inode),
			    .error = FUSE_NOTIFY_INVAL_INODE },
		.out = { .ino = ROOT, .off = -1 },
	};
	struct fuse_out_header reply = { .len = sizeof(reply),
					 .unique = 1234567 };
	int done = 0;

	begin();
	for (int i = 0; i < 5; i++)
		done += splice_behind(i, &bump, sizeof(bump));
	ktap_control(done == (epochs ? 5 : 0), "splice");
	ktap_control(splice_behind(3, &inode, sizeof(inode)), "another kind");
	ktap_control(!splice_behind(0, &reply, sizeof(reply)),
		     "a reply to nothing");
	end();
	bumps_are(5, 0);
	ktap_is(tracer_sum("notify_cnt.inval_inode"), 1, "INVAL_INODE");
}

/* Any message: code, payload. */
static int notify(int code, const void *payload, size_t bytes)
{
	char message[512];
	struct fuse_out_header header = {
		.len = sizeof(header) + bytes,
		.error = code,
	};

	memcpy(message, &header, sizeof(header));
	if (bytes)
		memcpy(message + sizeof(header), payload, bytes);
	return server_write(message, header.len);
}

static void kinds(void)
{
	struct {
		struct fuse_notify_inval_entry_out out;
		char name[8];
	} entry = { .out = { .parent = ROOT, .namelen = 4 }, .name = "file" };
	struct {
		struct fuse_notify_delete_out out;
		char name[8];
	} delete = { .out = { .parent = ROOT, .namelen = 4 }, .name = "file" };
	struct fuse_notify_inval_inode_out inode = { .off = -1 };
	uint64_t entries = 0, refused = 0;

	begin();
	inode.ino = tree_add(ROOT, "file", S_IFREG | 0644);
	delete.out.child = inode.ino;
	/* Six INVAL_INODEs, of which the last finds nothing. */
	lookups_of("file");
	for (int i = 0; i < 5; i++)
		notify(FUSE_NOTIFY_INVAL_INODE, &inode, sizeof(inode));
	inode.ino = 1234567;
	refused += notify(FUSE_NOTIFY_INVAL_INODE, &inode, sizeof(inode)) < 0;
	/* Three INVAL_ENTRYs, of which the third may find nothing any more. */
	for (int i = 0; i < 3; i++) {
		if (notify(FUSE_NOTIFY_INVAL_ENTRY, &entry,
			   sizeof(entry.out) + 5))
			refused++;
		else
			entries++;
	}
	lookups_of("file");
	refused +=
		notify(FUSE_NOTIFY_DELETE, &delete, sizeof(delete.out) + 5) < 0;
	/* And what isn't known. */
	refused += notify(99, NULL, 0) < 0;
	end();
	ktap_is(tracer_sum("notify_cnt.inval_inode"), 5, "INVAL_INODE");
	ktap_is(tracer_sum("notify_cnt.inval_entry"), entries, "INVAL_ENTRY");
	ktap_is(tracer_sum("notify_cnt.delete"), 1, "DELETE");
	ktap_is(tracer_sum("notify_cnt.prune"), 0, "PRUNE");
	ktap_is(tracer_sum("notify_failed_cnt"), refused + !epochs, "refused");
}

/* Threads that bump at the same time. */
static void *bump_often(void *unused)
{
	(void)unused;
	for (int i = 0; i < 1000; i++)
		server_bump();
	return NULL;
}

static void at_once(void)
{
	uint64_t bumps, missed;
	pthread_t threads[4];

	begin();
	for (int i = 0; i < 4; i++)
		pthread_create(&threads[i], NULL, bump_often, NULL);
	for (int i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	tracer_settle();
	server_stop();
	missed = tracer_sum("lost.programs");
	bumps = tracer_sum("notify_cnt.inc_epoch") +
		tracer_sum("notify_failed_cnt");
	/* It may miss some where the kernel can be preempted, and says so. */
	ktap_ok(bumps <= 4001 && bumps + missed >= 4001,
		"bumps at once: %llu of 4001, %llu missed",
		(unsigned long long)bumps, (unsigned long long)missed);
	if (epochs)
		ktap_is(tracer_last("epoch"), 4002, "the epoch");
}

int main(void)
{
	ktap_begin();
	/* Once for all: to load it takes seconds where that is emulated. */
	tracer_start("epochstat", "-j", "-a", "0.2", NULL);
	written();
	by_writev();
	spliced();
	kinds();
	at_once();
	ktap_ok(tracer_stop() == 0, "the tracer ends well");
	return ktap_end();
}
