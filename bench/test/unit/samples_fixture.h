/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * samples_fixture.h - changes single values of records' samples.
 */
#ifndef FUSE_EPOCH_SAMPLES_FIXTURE_H
#define FUSE_EPOCH_SAMPLES_FIXTURE_H

#include "bench/record/record.h"

/* The place of a value, until that of another is taken. */
#define AT(rec, i, member) \
	(record_column_new(&(rec), offsetof(struct sample, member))[i])

#endif
