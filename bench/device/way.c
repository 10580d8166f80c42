// SPDX-License-Identifier: GPL-2.0-only
#include "way.h"

#include <linux/capability.h>
#include <unistd.h>

#include "bench/lib/rights.h"

const char *way_to_mounts(void)
{
	const char *way = rights_way(CAP_SYS_ADMIN);

	return way ? way
		   : "run it on the host, where no pid namespace, container or "
		     "security module hides some";
}

const char *way_to_processes(void)
{
	return rights_way(CAP_SYS_PTRACE);
}

bool processes_hidden(void)
{
	return access("/proc/1", F_OK);
}
