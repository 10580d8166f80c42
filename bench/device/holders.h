/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * holders.h - which processes have /dev/fuse open, from /proc.
 */
#ifndef FUSE_EPOCH_DEVICE_HOLDERS_H
#define FUSE_EPOCH_DEVICE_HOLDERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct holder {
	pid_t pid; /* the process */
	pid_t tid; /* the thread whose descriptor it is: mostly the same */
	int fd; /* there */
	uint32_t connection; /* if fdinfo says so */
	bool named; /* does it? */
};

/* Returns false if it has seen enough. */
typedef bool holder_fn(const struct holder *h, void *arg);

struct holder_search {
	pid_t only_pid; /* 0: all processes */
	bool threads; /* only descriptors that the process hasn't */
	bool one; /* one will do: first look where it is likely */
	bool ours; /* of epochctl, which else isn't looked at: it serves nobody */
	size_t denied_cnt; /* result: processes that we may not look into */
};

/*
 * Calls fn for each open /dev/fuse.  Leaders of sessions come first, then those
 * of process groups: daemons are that.  0 or -errno.
 */
int holders_each(struct holder_search *s, holder_fn *fn, void *arg);

/* The name of a process, "?" if it is gone. */
void holder_comm(pid_t pid, char *comm, size_t len);

#endif
