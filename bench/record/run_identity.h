/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * run_identity.h - what identifies a run in each of its records, and the host.
 */
#ifndef FUSE_EPOCH_RECORD_RUN_IDENTITY_H
#define FUSE_EPOCH_RECORD_RUN_IDENTITY_H

#include "bench/host/hostinfo.h"

/* The second it began, UTC, and the process: "20261123T193000Z-4711". */
#define RUN_ID_BYTES 48

/*
 * Fills in run_id and all of host but name and fuse_minor.  cpus, libfuse: as
 * in hostinfo.
 */
void run_identify(char run_id[static RUN_ID_BYTES], struct hostinfo *host,
		  const char *cpus, const char *libfuse);

#endif
