/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * operation.h - the numbers by which a profile names what was measured.
 */
#ifndef FUSE_EPOCH_OPERATION_H
#define FUSE_EPOCH_OPERATION_H

#include "record.h"

#define OPERATION_PHASE_BITS 4

/* For marker_select(): a method's index in inval_methods, and a phase. */
unsigned int operation_nr(unsigned int method, enum phase ph);

#endif
