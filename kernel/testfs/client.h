/* SPDX-License-Identifier: GPL-2.0-only */
/* What the side that uses the mount does. */
#ifndef FUSE_EPOCH_TESTFS_CLIENT_H
#define FUSE_EPOCH_TESTFS_CLIENT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "patience.h"

/*
 * Is a thread, or a process, in one of these states?  "SD": asleep; "D": waiting for
 * something that no signal ends.
 */
bool is_in_state(pid_t tid, const char *states);

/* LOOKUPs that one lstat() of each path takes; errors are of no interest. */
uint64_t lookups_of(const char *path);
/* The same for @count names made of @format, which has one %u, from 0. */
uint64_t lookups_of_all(const char *format, unsigned int count);
/* Read a directory: with READDIRPLUS that caches all that is in it. */
void list_dir(const char *path);
/* The same of an open one, from its start. */
void list_fd(int fd);
/* Have the server make so many files. */
void add_files(uint64_t parent, const char *format, unsigned int count);

/* Does a descriptor show this path?  Not if its dentry was moved or dropped. */
bool is_at(int fd, const char *path);
/* Does a walk after a bump keep what it finds to be the same node? */
bool walks_keep_nodes(void);

/* Is something mounted there?  Without a walk, which may detach it. */
bool is_mounted(const char *path);
/* The same by another thread's or process's table, "/proc/self/task/9/mounts" */
bool is_mounted_in(const char *mounts, const char *path);

/* Have the reply to a READ held, and close the file: its folios stay locked. */
void leave_read_in_flight(const char *name);

/* A parameter of the module, where it has that. */
bool set_parameter(const char *name, const char *value);

/* epoch_shrink, where fuse has that parameter; need: else SKIP all. */
bool shrink_modes_exist(void);
void need_shrink_modes(void);
bool set_shrink_mode(const char *mode);

/* A parameter of kernel/selftests/delay; SKIP all where that isn't loaded. */
unsigned long delay_parameter(const char *name);

#endif
