// SPDX-License-Identifier: GPL-2.0-only
/*
 * INC_EPOCH is taken; what looks like it but isn't right changes nothing.
 *
 * red: v8 shrink
 */
#include <errno.h>
#include <sys/stat.h>

#include "ktap.h"
#include "server.h"

static struct message {
	struct fuse_out_header head;
	char payload[16];
} message;

/* Send it; then see whether the epoch moved: one LOOKUP says so. */
static void refused(const char *what, size_t bytes, int wanted)
{
	uint64_t before = server_count(FUSE_LOOKUP);
	struct stat st;
	int err = server_write(&message, bytes);

	ktap_ok(err == wanted, "%s: write returns %d", what, err);
	stat(server_path("file"), &st);
	ktap_is(server_count(FUSE_LOOKUP) - before, 0,
		"and no dentry became stale, LOOKUPs");
}

static void reset(void)
{
	message = (struct message){
		.head.len = sizeof(message.head),
		.head.error = FUSE_NOTIFY_INC_EPOCH,
	};
}

int main(void)
{
	uint64_t before;
	struct stat st;

	ktap_begin();
	server_start();
	server_need_epochs();
	tree_add(ROOT, "file", S_IFREG | 0644);
	stat(server_path("file"), &st);

	/* The control: the message that is right. */
	before = server_count(FUSE_LOOKUP);
	reset();
	ktap_is(-server_write(&message, sizeof(message.head)), 0,
		"INC_EPOCH is accepted, errno");
	stat(server_path("file"), &st);
	ktap_is(server_count(FUSE_LOOKUP) - before, 1,
		"and a dentry is stale, LOOKUPs");

	reset();
	message.head.len = sizeof(message);
	refused("len above the size of the write", sizeof(message.head),
		-EINVAL);
	reset();
	message.head.len = 4;
	refused("len below the header", sizeof(message.head), -EINVAL);
	reset();
	message.head.unique = 12345;
	refused("unique != 0 (a reply with a positive error)",
		sizeof(message.head), -EINVAL);
	reset();
	message.head.error = -FUSE_NOTIFY_INC_EPOCH;
	refused("a negative code", sizeof(message.head), -EINVAL);
	reset();
	message.head.len = sizeof(message);
	refused("extra payload", sizeof(message), -EINVAL);

	server_stop();
	return ktap_end();
}
