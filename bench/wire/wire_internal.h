/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * wire_internal.h - what was seen, for what takes it and for what says it.
 */
#ifndef FUSE_EPOCH_WIRE_WIRE_INTERNAL_H
#define FUSE_EPOCH_WIRE_WIRE_INTERNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "bench/lib/opcode.h"
#include "wire.h"

/* No kernel lets so many requests wait, no census has so many phases. */
enum { PENDING_MAX = 4096, PHASES_MAX = 16, TIMEOUTS_MAX = 16 };
enum { NOTIFY_MAX = 16, NAME_MAX_BYTES = 32, PIPES_MAX = 64 };

struct pending {
	uint64_t unique; /* 0: free */
	uint32_t opcode;
	int fd;
};

/* How long, and of what: what the kernel keeps differs by that. */
struct timeout {
	uint64_t s;
	uint32_t ns;
	bool folder;
	unsigned int cnt;
};

enum kind { ENTRY, ATTR, NEGATIVE, KINDS };

struct phase {
	char name[NAME_MAX_BYTES];
	unsigned int request_cnt[OPCODE_MAX], notify_cnt[NOTIFY_MAX];
};

struct wire {
	struct pending pending[PENDING_MAX];
	struct timeout timeouts[KINDS][TIMEOUTS_MAX];
	struct phase phases[PHASES_MAX];
	size_t phase_cnt;
	/* Where requests are that were spliced; "": free. */
	char pipes[PIPES_MAX][sizeof(((struct strace_file *)0)->path)];
	uint32_t minor, flags;
	bool init;
};

/* "INVAL_ENTRY", or "OTHER". */
const char *wire_notify_name(unsigned int code);

#endif
