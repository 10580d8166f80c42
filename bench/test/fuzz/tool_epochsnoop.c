// SPDX-License-Identifier: GPL-2.0-only
/* For fuzz_options.c. */
int epochsnoop_main(int argc, char **argv);
#define main epochsnoop_main
#include "bpf/epochsnoop.c"
