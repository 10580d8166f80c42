/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * names.h - what the rooms' tables offer, as bench/lib/options.h lists it: the
 * name or the help of number i, NULL after the last.
 */
#ifndef FUSE_EPOCH_CMD_NAMES_H
#define FUSE_EPOCH_CMD_NAMES_H

#include "bench/lib/options.h"

options_text_fn names_case, names_case_help;
options_text_fn names_method, names_method_help;
/* Those that can keep a tree of real files right. */
options_text_fn names_real_method, names_real_method_help;
options_text_fn names_shape, names_shape_help;
options_text_fn names_populate;
options_text_fn names_suite_help; /* suite_name() */
options_text_fn names_phase;
options_text_fn names_hazard, names_hazard_help;
/* Those of hazards, which are more. */
options_text_fn names_hazard_method;
options_text_fn names_workload_help; /* workload_name() */

#endif
