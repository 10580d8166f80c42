/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * keeper.h - the processes of a command, and the end of all of them.
 *
 * A daemon goes into the background, and may start others.  So the command runs
 * in a PID namespace, whose first process, the keeper, is ours: when that ends,
 * the kernel ends all others.  It ends with us, however that happens, and aborts
 * their connection before: we may be waiting for their answer.
 */
#ifndef FUSE_EPOCH_DAEMON_KEEPER_H
#define FUSE_EPOCH_DAEMON_KEEPER_H

#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct keeper; /* one that was started */

/*
 * Starts `sh -c text` in our mount namespace, on these CPUs.  *stop: somebody
 * doesn't want to wait any more.  NULL, with a sentence in err.
 */
struct keeper *keeper_start(const char *text, const cpu_set_t *cpus,
			    const volatile sig_atomic_t *stop, char *err,
			    size_t err_len);

/* Its pid, as we see it: all others are its descendants. */
pid_t keeper_pid(const struct keeper *k);

/* Has the command itself ended?  *status: as of wait(). */
bool keeper_command_ended(const struct keeper *k, int *status);

/* Have all of its processes ended? */
bool keeper_is_empty(const struct keeper *k);

/* Readable when one of its processes has ended. */
int keeper_event_fd(const struct keeper *k);
void keeper_event_taken(const struct keeper *k);

/* The CPU time of all of its processes, in ns. */
uint64_t keeper_cpu_ns(const struct keeper *k);

/*
 * They serve this connection.  From now on it is aborted if requests wait and
 * none of the processes runs for long.
 */
void keeper_serves(struct keeper *k, uint32_t connection);

/* Was it, for that reason? */
bool keeper_was_hung(const struct keeper *k);

/* The end of what they have written to stdout and stderr, on one line. */
void keeper_words(const struct keeper *k, char *buf, size_t len);

/*
 * Waits for the end of all, as long as they run now and then, but not for
 * servers that never end; then ends them.
 * Frees it.  False: they had to be ended.
 */
bool keeper_end(struct keeper *k);

#endif
