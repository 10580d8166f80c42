/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * openmetrics.h - is a text what a strict reader of OpenMetrics 1.0 takes?
 * Counters, gauges (of any number) and histograms, no timestamps, no
 * exemplars: what epochstat writes.
 */
#ifndef OPENMETRICS_H
#define OPENMETRICS_H

#include <stdbool.h>
#include <stddef.h>

/* False: with a reason in why. */
bool openmetrics_is_valid(const char *text, char *why, size_t len);

#endif
