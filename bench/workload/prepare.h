/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * prepare.h - what workloads need beside the tree.
 *
 * Each makes it, in the stage, from the copy: 0, or -errno with a sentence why
 * the workload can't be run.
 */
#ifndef FUSE_EPOCH_WORKLOAD_PREPARE_H
#define FUSE_EPOCH_WORKLOAD_PREPARE_H

#include <stddef.h>

#include "source.h"

/* Newer than all. */
#define PREPARE_REFERENCE STAGE_DIR "/reference"
#define PREPARE_GCC_OPTIONS STAGE_DIR "/gcc.options"
/* Paths of all files, from the top, as `xargs -0` reads them. */
#define PREPARE_FILES STAGE_DIR "/files"
#define PREPARE_RESTIC STAGE_DIR "/restic"

int prepare_find(const struct source *s, char *err, size_t err_len);
/* For what reads each file: that isn't too much. */
int prepare_data(const struct source *s, char *err, size_t err_len);
/* For what makes another copy of all: that there is room for it. */
int prepare_copy(const struct source *s, char *err, size_t err_len);
int prepare_git(const struct source *s, char *err, size_t err_len);
int prepare_gcc(const struct source *s, char *err, size_t err_len);
int prepare_overlay(const struct source *s, char *err, size_t err_len);
/* $INSIDE is a directory in the mount where others walk. */
int prepare_shell(const struct source *s, char *err, size_t err_len);
int prepare_restic(const struct source *s, char *err, size_t err_len);

/* For these: a file with that text. */
int prepare_file(const char *path, const char *text, char *err, size_t err_len);

#endif
