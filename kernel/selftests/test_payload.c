// SPDX-License-Identifier: GPL-2.0-only
/*
 * INC_EPOCH with a payload is refused.  There is none yet: if one is ignored
 * today, it can't be given a meaning later.
 *
 * red: v8 shrink 7.3/mainline
 */
#include <errno.h>
#include <sys/stat.h>

#include "kernel/testfs/client.h"
#include "kernel/testfs/ktap.h"
#include "kernel/testfs/server.h"

static void refused(const char *what, size_t payload_bytes)
{
	struct {
		struct fuse_out_header head;
		char payload[16];
	} message = {
		.head.len = sizeof(message.head) + payload_bytes,
		.head.error = FUSE_NOTIFY_INC_EPOCH,
	};
	int err = server_write(&message, message.head.len);

	ktap_ok(err == -EINVAL, "%s: write returns %d", what, err);
	ktap_is(lookups_of("file"), 0, "LOOKUPs after that");
}

int main(void)
{
	ktap_begin();
	server_start();
	server_need_epochs();
	tree_add(ROOT, "file", S_IFREG | 0644);
	lookups_of("file");

	ktap_control_is(-server_bump(), 0, "without a payload, errno");
	ktap_control_is(lookups_of("file"), 1, "LOOKUPs after that");
	refused("one byte of payload", 1);
	refused("16 bytes of payload", 16);

	server_stop();
	return ktap_end();
}
