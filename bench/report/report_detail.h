/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * report_detail.h - tables with a row per method and phase.
 */
#ifndef FUSE_EPOCH_REPORT_REPORT_DETAIL_H
#define FUSE_EPOCH_REPORT_REPORT_DETAIL_H

#include "bench/record/record.h"
#include "bench/lib/table.h"

/* Minimum, median, MAD and maximum of every phase: for -v. */
struct table *report_phase_table(const struct record *const *rec, size_t cnt);

/* What the kernel did; NULL if none of the records is traced. */
struct table *report_kernel_table(const struct record *const *rec, size_t cnt);

/* What is to be read below it. */
extern const char report_kernel_note[];

#endif
