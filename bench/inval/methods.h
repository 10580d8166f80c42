/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * methods.h - which methods can keep a tree of real files right.  Pure.
 */
#ifndef FUSE_EPOCH_INVAL_METHODS_H
#define FUSE_EPOCH_INVAL_METHODS_H

#include "inval.h"

/* NULL, or why not: half a sentence. */
const char *method_unfit(const struct inval_method *m);

#endif
