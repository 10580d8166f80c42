// SPDX-License-Identifier: GPL-2.0-only
/*
 * The tracer's programs.  The tool decides which of them are loaded.  Only
 * revalidate.bpf.h adds to the cost of a hit; everything else is on the way of
 * requests, notifications and teardown.
 */
#include "fuse_core.bpf.h"
#include "trace.bpf.h"
#include "state.bpf.h"
#include "pairs.bpf.h"
#include "counters.bpf.h"
#include "stale.bpf.h"
#include "revalidate.bpf.h"
#include "service.bpf.h"
#include "request.bpf.h"
#include "teardown.bpf.h"
#include "notify.bpf.h"
#include "device.bpf.h"
#include "retire.bpf.h"

char LICENSE[] SEC("license") = "GPL";
