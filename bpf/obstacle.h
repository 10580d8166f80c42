/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * obstacle.h - why programs can't be loaded here, in words that help.
 */
#ifndef FUSE_EPOCH_OBSTACLE_H
#define FUSE_EPOCH_OBSTACLE_H

#include <stdbool.h>
#include <stddef.h>

/* Is something missing that can be seen before anything is loaded? */
bool obstacle_before(char *why, size_t len);
/* There is no fuse_dentry_revalidate(). */
void obstacle_no_fuse(char *why, size_t len);
/* Loading failed with this errno. */
void obstacle_load(int error, char *why, size_t len);

#endif
