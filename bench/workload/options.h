/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * options.h - makes a plan of the lists that people type.  If it can't, it ends
 * the program with a sentence (argp_error()).
 */
#ifndef FUSE_EPOCH_WORKLOAD_OPTIONS_H
#define FUSE_EPOCH_WORKLOAD_OPTIONS_H

#include <argp.h>

#include "conduct.h"

/* "find,gcc", or "all". */
void workload_parse_workloads(struct argp_state *state, const char *text,
			      struct plan *p);
/* "epoch,inval_entry:changed" */
void workload_parse_methods(struct argp_state *state, const char *text,
			    struct plan *p);
/* Events per second: "0.1,10" */
void workload_parse_rates(struct argp_state *state, const char *text,
			  struct plan *p);
/* Of a cell: "1.5" */
void workload_parse_seconds(struct argp_state *state, const char *text,
			    struct plan *p);
/* That of the workloads, that of the daemon: "0,1" */
void workload_parse_cpus(struct argp_state *state, const char *text,
			 struct conduct *c);
/* The first and the last CPU that we may use. */
void workload_default_cpus(struct conduct *c);

#endif
