// SPDX-License-Identifier: GPL-2.0-only
/*
 * INC_EPOCH with a payload is refused.  There is none yet: if one is ignored
 * today, it can't be given a meaning later.
 *
 * red: v8 shrink
 */
#include <errno.h>
#include <sys/stat.h>

#include "client.h"
#include "ktap.h"
#include "server.h"

static void send(const char *what, size_t payload_bytes, int wanted,
		 uint64_t lookups)
{
	struct {
		struct fuse_out_header head;
		char payload[16];
	} message = {
		.head.len = sizeof(message.head) + payload_bytes,
		.head.error = FUSE_NOTIFY_INC_EPOCH,
	};
	int err = server_write(&message, message.head.len);

	ktap_ok(err == wanted, "%s: write returns %d", what, err);
	ktap_is(lookups_of("file"), lookups, "LOOKUPs after that");
}

int main(void)
{
	ktap_begin();
	server_start();
	server_need_epochs();
	tree_add(ROOT, "file", S_IFREG | 0644);
	lookups_of("file");

	send("without a payload", 0, 0, 1); /* the control */
	send("one byte of payload", 1, -EINVAL, 0);
	send("16 bytes of payload", 16, -EINVAL, 0);

	server_stop();
	return ktap_end();
}
