/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * key_file.h - small files of the kernel: a line, or a value by its key.
 */
#ifndef FUSE_EPOCH_HOST_KEY_FILE_H
#define FUSE_EPOCH_HOST_KEY_FILE_H

#include <stddef.h>
#include <stdint.h>

/* The first line of a file without its newline, "" if there is none. */
void key_file_line(const char *path, char *buf, size_t len);

/*
 * The number after key in a file of "key value" lines, such as /proc/meminfo
 * and memory.stat of a cgroup; 0 if it isn't there.
 */
uint64_t key_file_number(const char *path, const char *key);

#endif
