/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ballast.h - memory that is there when the kernel needs it.
 *
 * Freed memory of a virtual machine may go back to its host (free page
 * reporting, ballooning).  To fetch it again can take longer than everything
 * that is measured here.  So we take as much memory as a tree needs before the
 * clock starts, and give it back bit by bit, just before the kernel takes it.
 */
#ifndef FUSE_EPOCH_HOST_BALLAST_H
#define FUSE_EPOCH_HOST_BALLAST_H

#include <stddef.h>

struct ballast {
	char *base; /* NULL: none */
	size_t bytes;
	size_t gone_bytes;
};

/* Takes bytes of memory, all of it touched.  Returns 0 or -errno. */
int ballast_take(struct ballast *bl, size_t bytes);

/*
 * Gives back the part (0 to 1) that the kernel may have used by now, and a bit
 * more.  Does nothing without ballast.
 */
void ballast_release(struct ballast *bl, double part);

/* Gives back the rest. */
void ballast_drop(struct ballast *bl);

#endif
