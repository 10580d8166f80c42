/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * case_daemon.h - the only case that isn't asked for by name, but by --daemon.
 */
#ifndef FUSE_EPOCH_RUN_CASE_DAEMON_H
#define FUSE_EPOCH_RUN_CASE_DAEMON_H

#include "case.h"

extern const struct bench_case case_daemon;

#endif
