// SPDX-License-Identifier: GPL-2.0-only
/*
 * node.c - asks the kernel for node ids.
 *
 * A node id is a matter between kernel and daemon.  st_ino is something else:
 * the daemon chooses it, and with libfuse's high-level API it is the same only
 * by chance (without use_ino).  But the file handle that the kernel makes of a
 * FUSE inode begins with the node id, whatever the daemon, even where the file
 * system can't be exported.
 */
#include "node.h"
#include "identify.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <linux/stat.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* AT_HANDLE_FID (6.5): a handle to tell files apart, not to open them. */
#define HANDLE_FID 0x200
/* enum fid_type of the kernel: node id, generation; and those of the parent. */
#define INO64_GEN 0x81
#define INO64_GEN_PARENT 0x82

int node_open(int root, const char *path, int flags)
{
	struct open_how how = {
		.flags = O_PATH | O_NOFOLLOW | O_CLOEXEC | flags,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_XDEV,
	};
	int fd;

	/* Even to walk to itself, one needs permission. */
	if (!strcmp(path, "."))
		fd = fcntl(root, F_DUPFD_CLOEXEC, 0);
	else
		fd = syscall(SYS_openat2, root, path, &how, sizeof(how));
	return fd < 0 ? -errno : fd;
}

bool node_is_file(int fd)
{
	struct statx stx;

	return !statx(fd, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, STATX_TYPE,
		      &stx) &&
	       !S_ISDIR(stx.stx_mode);
}

int node_id(int fd, uint32_t dev, uint64_t *node)
{
	union {
		struct file_handle handle;
		char room[sizeof(struct file_handle) + MAX_HANDLE_SZ];
	} u = { .handle.handle_bytes = MAX_HANDLE_SZ };
	struct statx stx;
	uint32_t word[2];
	int mount, err;

	/* Asked for nothing, it needs no daemon to know its device number. */
	if (statx(fd, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, 0, &stx))
		return -errno;
	if (device_number(stx.stx_dev_major, stx.stx_dev_minor) != dev)
		return -EXDEV;
	err = name_to_handle_at(fd, "", &u.handle, &mount, AT_EMPTY_PATH);
	if (err && errno == EOPNOTSUPP) {
		u.handle.handle_bytes = MAX_HANDLE_SZ;
		err = name_to_handle_at(fd, "", &u.handle, &mount,
					AT_EMPTY_PATH | HANDLE_FID);
	}
	if (err)
		return errno == EOPNOTSUPP ? -EPROTO : -errno;
	if ((u.handle.handle_type != INO64_GEN &&
	     u.handle.handle_type != INO64_GEN_PARENT) ||
	    u.handle.handle_bytes < 3 * sizeof(*word))
		return -EPROTO;
	memcpy(word, u.handle.f_handle, sizeof(word));
	*node = (uint64_t)word[0] << 32 | word[1];
	return 0;
}
