// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "ballast.h"

/* How far the ballast runs ahead of the kernel's need. */
#define AHEAD_BYTES (32UL << 20)
#define PAGE_BYTES 4096UL

int ballast_take(struct ballast *bl, size_t bytes)
{
	void *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (p == MAP_FAILED)
		return -errno;
	madvise(p, bytes, MADV_HUGEPAGE);
	madvise(p, bytes, MADV_POPULATE_WRITE);
	bl->base = p;
	bl->bytes = bytes;
	bl->gone_bytes = 0;
	return 0;
}

void ballast_release(struct ballast *bl, double part)
{
	size_t gone = (size_t)(part * (double)bl->bytes) + AHEAD_BYTES;

	gone = gone < bl->bytes ? gone & ~(PAGE_BYTES - 1) : bl->bytes;
	if (!bl->base || gone <= bl->gone_bytes)
		return;
	madvise(bl->base + bl->gone_bytes, gone - bl->gone_bytes,
		MADV_DONTNEED);
	bl->gone_bytes = gone;
}

void ballast_drop(struct ballast *bl)
{
	if (bl->base)
		munmap(bl->base, bl->bytes);
	memset(bl, 0, sizeof(*bl));
}
