// SPDX-License-Identifier: GPL-2.0-only
/*
 * /proc/PID/fdinfo/N, which says whose connection a /dev/fuse is.
 */
#include "bench/device/identify.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct fuzz_file file;
	uint32_t connection = 0;

	fuzz_put(&file, data, size);
	identify_by_fdinfo("/proc/self/fd", file.fd, &connection);
	return 0;
}
