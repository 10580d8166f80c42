/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * report_host.h - what a report says about the machine.
 */
#ifndef FUSE_EPOCH_REPORT_REPORT_HOST_H
#define FUSE_EPOCH_REPORT_REPORT_HOST_H

#include "case_table.h"
#include "report.h"

/*
 * Prints which run and machine the tables above come from, by the records of that
 * run, which other modules it compares, and how to read the tables.  Returns 0 or
 * -ENOMEM.
 */
int report_print_host(FILE *out, enum report_format format,
		      const struct record *const *rec, size_t cnt);

/*
 * "Invalidate: wide, 100k names, populated by readdirplus, 1 thread"; ct is
 * NULL for a case of another version.
 */
void report_heading(const struct case_table *ct, const struct record *rec,
		    char *buf, size_t len);

/* Variant of fuse.ko ("v8"), or the kernel's release where it has none. */
void report_fuse_name(const struct record *rec, char *buf, size_t len);

#endif
