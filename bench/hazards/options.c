// SPDX-License-Identifier: GPL-2.0-only
#include "options.h"

struct hazard_options hazard_options;
