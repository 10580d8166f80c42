// SPDX-License-Identifier: GPL-2.0-only
/*
 * A target that must be found faulty: no `make fuzz`, only its test.
 */
#define PLANTED
#include "fuzz_sizes.c"
