/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * stage.h - where a probe acts: a fresh mount of the server in kernel/testfs,
 * with the directory and the names that the messages of bench/inval are about.
 *
 * Those messages are made for the synthetic tree of the benchmark, where names
 * and node IDs follow from the number of a slot.  The slots here are the same,
 * but they may be of any type.  Add all of them before you add anything else.
 */
#ifndef FUSE_EPOCH_HAZARDS_STAGE_H
#define FUSE_EPOCH_HAZARDS_STAGE_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "hazard.h"

/*
 * Mount; ends the probe, as not testable, if the kernel hasn't the method.
 * configure: called before the kernel's INIT is answered, or NULL.
 */
void stage_start(const struct inval_method *m, void (*configure)(void));
void stage_stop(void);

/* Another name in the directory; mode 0: it isn't there.  Returns its slot. */
uint64_t stage_add(mode_t mode);
/* So many files, and have the kernel cache them all, by READDIRPLUS. */
void stage_fill(uint64_t name_cnt);
/* Its node, its name, its path, and its path below the mount. */
uint64_t stage_ino(uint64_t slot);
const char *stage_name(uint64_t slot);
const char *stage_path(uint64_t slot);
/* The node of the directory. */
uint64_t stage_top_ino(void);
/* The path of the directory, and an O_PATH descriptor of it (kept open). */
const char *stage_top_path(void);
int stage_top(void);

/* All messages (or the system call) of the method.  Returns what it took. */
uint64_t stage_notify(const struct inval_method *m);
/*
 * The same by a thread, as it may wait for a request in flight: comes back
 * when it is done or waits for something else.  stage_notified() joins it.
 */
void stage_notify_start(const struct inval_method *m);
bool stage_notify_waits(void);
void stage_notified(void);

/* Until the server has got those few FORGETs that wait for it. */
void stage_settle(void);

/* The message about this slot (or about all, if that is the method's way). */
size_t stage_message(const struct inval_method *m, uint64_t slot, char *msg);

/* Requests until now, by opcode. */
void stage_counts(uint64_t *cnt);

#endif
