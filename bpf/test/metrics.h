/* SPDX-License-Identifier: GPL-2.0-only */
/* What `epochstat --listen` of tracer_start() answers. */
#ifndef FUSE_EPOCH_TEST_METRICS_H
#define FUSE_EPOCH_TEST_METRICS_H

#include <stdbool.h>

/* The port that it listens on, from what it said; 0: not yet. */
unsigned int metrics_port(void);

/* Ask for anything; what came is in metrics_text().  False if nothing did. */
bool metrics_ask(const char *request);
/* The same, for the metrics. */
bool metrics_scrape(void);
const char *metrics_text(void);

/*
 * The value of this series for a mount point, with one more label (or ""); -1 if
 * it isn't there.
 */
double metrics_value_of(const char *mount, const char *series,
			const char *label);
/* The same for the server's mount. */
double metrics_value(const char *series, const char *label);

#endif
