// SPDX-License-Identifier: GPL-2.0-only
#include "names.h"

#include "trace.bpf.h"

static const char *const outcomes[TRACE_OUTCOMES] = {
	[TRACE_FRESH] = "fresh",     [TRACE_RELOOKED] = "relooked",
	[TRACE_EPOCH] = "epoch",     [TRACE_GONE] = "gone",
	[TRACE_CHANGED] = "changed", [TRACE_NEGATIVE] = "negative",
	[TRACE_BAD] = "bad",	     [TRACE_ERROR] = "error",
};

static const char *const notifies[TRACE_NOTIFIES] = {
	[TRACE_NOTIFY_UNKNOWN] = "unknown",
	[TRACE_NOTIFY_POLL] = "poll",
	[TRACE_NOTIFY_INVAL_INODE] = "inval_inode",
	[TRACE_NOTIFY_INVAL_ENTRY] = "inval_entry",
	[TRACE_NOTIFY_STORE] = "store",
	[TRACE_NOTIFY_RETRIEVE] = "retrieve",
	[TRACE_NOTIFY_DELETE] = "delete",
	[TRACE_NOTIFY_RESEND] = "resend",
	[TRACE_NOTIFY_INC_EPOCH] = "inc_epoch",
	[TRACE_NOTIFY_PRUNE] = "prune",
};

const char *outcome_name(int outcome)
{
	return outcomes[outcome];
}

const char *notify_name(int notify)
{
	return notify >= 0 && notify < TRACE_NOTIFIES ? notifies[notify]
						      : "unknown";
}
