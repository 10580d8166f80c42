// SPDX-License-Identifier: GPL-2.0-only
#include "rights.h"

#include <errno.h>
#include <linux/capability.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The initial one has that number on every machine. */
#define INITIAL_USER_NS "user:[4026531837]"

static const struct {
	int capability;
	const char *way;
} ways[] = {
#define WAY(name)                                                 \
	{                                                         \
		name, "run with " #name ", which root lacks here" \
	}
	WAY(CAP_SYS_ADMIN),
	WAY(CAP_SYS_PTRACE),
};

bool rights_have_here(int capability)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct data[2] = { 0 };

	return !syscall(SYS_capget, &header, data) &&
	       data[capability / 32].effective & 1u << capability % 32;
}

/* If that can't be known, there are none. */
static bool is_in_user_namespace(void)
{
	char link[64];
	ssize_t len = readlink("/proc/self/ns/user", link, sizeof(link) - 1);

	if (len < 0)
		return false;
	link[len] = 0;
	return strcmp(link, INITIAL_USER_NS);
}

bool rights_have(int capability)
{
	return rights_have_here(capability) && !is_in_user_namespace();
}

const char *rights_way(int capability)
{
	if (is_in_user_namespace())
		return "run as root of the host, not of a user namespace";
	if (rights_have_here(capability))
		return NULL;
	for (size_t i = 0; !geteuid() && i < sizeof(ways) / sizeof(*ways); i++)
		if (ways[i].capability == capability)
			return ways[i].way;
	return "run as root";
}

const char *rights_hint(int err, int capability)
{
	static char text[160];
	const char *way = rights_way(capability);

	if ((err != -EPERM && err != -EACCES) || !way)
		return "";
	snprintf(text, sizeof(text), " (%s)", way);
	return text;
}
