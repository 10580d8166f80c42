/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * cell.h - one cell: a workload on a fresh mount, while one method invalidates
 * at one rate.
 */
#ifndef FUSE_EPOCH_WORKLOAD_CELL_H
#define FUSE_EPOCH_WORKLOAD_CELL_H

#include <sched.h>

#include <jansson.h>

#include "bench/host/hostinfo.h"
#include "events.h"
#include "inside.h"
#include "oracle.h"
#include "plan.h"
#include "programs.h"
#include "source.h"
#include "stand_in.h"
#include "walker.h"

/* What all cells of a run share; made once, in the child. */
struct stage {
	const struct source *source;
	struct oracle oracle;
	struct passfs fs;
	struct events *events;
	struct walker *walker;
	struct inside *inside;
	bool has_above; /* an overlay can be mounted */
	cpu_set_t workload_cpus, daemon_cpus;
	unsigned int swallow; /* see events.h */
	const char *command; /* of a daemon that isn't ours; NULL: passfs */
	struct stand_in *stand_in; /* what was seen of it */
};

/* What a cell measured. */
struct cell_result {
	struct workload_result work;
	uint64_t op_cnt[OPCODE_MAX]; /* requests, of all on the mount */
	uint64_t watched_cnt; /* of these, the oracle's */
	uint64_t daemon_cpu_ns;
	uint64_t wall_ns; /* of the whole cell, fio's setup too */
	char failure[700]; /* "": none */
};

/* The workload of a cell, also of a timeline. */
const struct workload *cell_workload(const struct cell *c);

/* Mounts, and waits until the daemon answers.  0 or -errno with a sentence. */
int cell_mount(struct stage *st, char *err, size_t err_len);
/* Unmounts whatever is there and ends the daemon.  0, or -EIO: not in peace. */
int cell_umount(struct stage *st);

/* Runs it; what went wrong is in ->failure, too.  Returns 0 or -errno. */
int cell_run(struct stage *st, const struct cell *c, struct cell_result *res);

/* Its record; events and walker are still as the cell left them. */
json_t *cell_encode(const struct stage *st, const struct cell *c,
		    const struct cell_result *res, const char *run_id,
		    const char *commit, const struct hostinfo *host);

#endif
