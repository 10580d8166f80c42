// SPDX-License-Identifier: GPL-2.0-only
#include "run_identity.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "bench/host/tracer.h"

void run_identify(char run_id[static RUN_ID_BYTES], struct hostinfo *host,
		  const char *cpus, const char *libfuse)
{
	time_t now = time(NULL);
	struct tm tm;
	size_t len;

	hostinfo_get(host);
	snprintf(host->libfuse, sizeof(host->libfuse), "%s", libfuse);
	tracer_names(host->tracer, sizeof(host->tracer));
	snprintf(host->cpus, sizeof(host->cpus), "%s", cpus);
	gmtime_r(&now, &tm);
	len = strftime(run_id, RUN_ID_BYTES, "%Y%m%dT%H%M%SZ", &tm);
	snprintf(run_id + len, RUN_ID_BYTES - len, "-%d", (int)getpid());
}
