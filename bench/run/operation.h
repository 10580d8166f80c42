/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * operation.h - the numbers by which a profile names what was measured.
 */
#ifndef FUSE_EPOCH_RUN_OPERATION_H
#define FUSE_EPOCH_RUN_OPERATION_H

#include "session.h"

#define OPERATION_PHASE_BITS 4

/*
 * For marker_select(): a method's index in inval_methods, and a phase; or, in a
 * warm-up, which no record keeps, none of them.
 */
unsigned int operation_nr(const struct bench *b, enum phase ph);

#endif
