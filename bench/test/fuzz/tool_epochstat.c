// SPDX-License-Identifier: GPL-2.0-only
/* For fuzz_options.c. */
int epochstat_main(int argc, char **argv);
#define main epochstat_main
#include "bpf/epochstat.c"
