/* SPDX-License-Identifier: GPL-2.0-only */
/* A moment that kernel/selftests/delay holds until the test has used it. */
#ifndef FUSE_EPOCH_TESTFS_WINDOW_H
#define FUSE_EPOCH_TESTFS_WINDOW_H

#include <stdbool.h>

/*
 * From now on the next dentry opens it that is "spliced", "splicing" or
 * "instantiated": see the module.
 */
void window_want(void);
/* Has it opened since?  It may have closed by itself, after some time. */
bool window_has_opened(void);
/* Is it open?  If it still is, all that was done meanwhile was done inside. */
bool window_is_open(void);
void window_close(void);

#endif
