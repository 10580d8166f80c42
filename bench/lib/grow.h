/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * grow.h - arrays that grow by one, and aren't copied each time.
 */
#ifndef FUSE_EPOCH_LIB_GROW_H
#define FUSE_EPOCH_LIB_GROW_H

#include <stddef.h>

/*
 * Makes room for one more element behind cnt others, of that size, in an array
 * that has grown by this function only: it doubles at each power of two.  Returns
 * the array; or NULL, and the old one is as it was.
 */
void *grow(void *array, size_t cnt, size_t size);

#endif
