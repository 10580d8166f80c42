/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * methods.h - the methods that hazards are about, and what tells them apart.
 */
#ifndef FUSE_EPOCH_HAZARDS_METHODS_H
#define FUSE_EPOCH_HAZARDS_METHODS_H

#include "bench/inval/inval.h"

/* All of bench/inval, and what only a table of semantics needs. */
unsigned int hazard_method_cnt(void);
const struct inval_method *hazard_method(unsigned int i);

/* May a daemon choose it?  Not if it is about the whole machine. */
bool method_is_choice(const struct inval_method *m);
/* Does bench/inval have it?  So drop_caches as well, which people use. */
bool method_is_known(const struct inval_method *m);
/* Is it a message that the daemon writes?  (Else a system call, or nothing.) */
bool method_is_message(const struct inval_method *m);
/* Is it the bare INC_EPOCH? */
bool method_is_epoch(const struct inval_method *m);

#endif
