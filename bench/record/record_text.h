/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * record_text.h - how a record is told to people.
 */
#ifndef FUSE_EPOCH_RECORD_RECORD_TEXT_H
#define FUSE_EPOCH_RECORD_RECORD_TEXT_H

#include "bench/lib/units.h"
#include "record.h"

/* Unit of the costs in a record. */
enum unit record_cost_unit(const struct record *rec);

/*
 * Sentences about what a daemon answers; it has been changed behind.  Nothing for
 * an older record.
 */
void record_put_answers(FILE *out, const struct record_answers *a);

/* The machine in one line, from malloc; NULL if there is no memory. */
char *record_host_line(const struct hostinfo *host);

#endif
