/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * hazard.h - what a hazard is, and how its probe says what it saw.
 *
 * A probe runs in a process of its own (bench/host/child.h), with its own
 * mounts, against the server in kernel/testfs.  It may end that process at any
 * time, hang or die: the parent makes a record of that, too.
 */
#ifndef FUSE_EPOCH_HAZARDS_HAZARD_H
#define FUSE_EPOCH_HAZARDS_HAZARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bench/inval/inval.h"

struct hazard {
	const char *name; /* of --only */
	const char *title; /* heading of its table */
	const char *note; /* below it: what a cell says, and why it matters */
	/* What of a user's it is about, in a table for them; or NULL. */
	const char *stack;
	/* Is there anything to ask of this method? */
	bool (*concerns)(const struct inval_method *m);
	/* In the child: does it, and says what it saw. */
	void (*run)(const struct inval_method *m);
	unsigned int limit_s; /* longer than it can take: it hangs */
	/* Others on the machine may disturb it: until two in a row agree. */
	bool confirm;
};

/* In the order of the page. */
extern const struct hazard *const hazards[];
extern const unsigned int hazard_cnt;

/* Why a probe of a method that the kernel hasn't is skipped. */
#define HAZARD_UNOFFERED "not offered by this kernel"

/*
 * What a probe saw, in one cell (@probe names its column).  Each is one line on
 * stdout, which is a pipe to the parent.  The text is shown in the cell: what
 * happens where the hazard is present, what else there is to say if absent.
 */
void say_hazard(const char *probe, bool present, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void say_untestable(const char *probe, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* Requests by opcode that came since @before was taken. */
void say_requests(const char *probe, const uint64_t *before);
/* unit: "ns", "inodes". */
void say_number(const char *probe, double value, const char *unit);
/* A control didn't hold: nothing that this probe says counts.  Ends it. */
void say_broken(const char *format, ...) __attribute__((format(printf, 1, 2)))
__attribute__((noreturn));

extern const struct hazard hazard_semantics, hazard_submount,
	hazard_readdirplus, hazard_listing, hazard_attributes, hazard_deadlock,
	hazard_stall, hazard_memory, hazard_open, hazard_wrap,
	hazard_uninitialised, hazard_overlay, hazard_numbers, hazard_bound,
	hazard_cwd, hazard_handle, hazard_error, hazard_herd, hazard_timeout,
	hazard_data, hazard_kept, hazard_watch;

#endif
