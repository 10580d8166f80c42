/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * outcomes.h - what came of tests, in the forms that CI knows: JUnit XML, KTAP.
 *
 * Knows nothing about what was tested.
 */
#ifndef FUSE_EPOCH_LIB_OUTCOMES_H
#define FUSE_EPOCH_LIB_OUTCOMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum outcome_end {
	OUTCOME_PASSED,
	OUTCOME_FAILED, /* it was tested, and is bad */
	OUTCOME_ERROR, /* it could not be tested, which is bad as well */
	OUTCOME_SKIPPED,
	OUTCOME_END_MAX
};

struct outcome {
	enum outcome_end end;
	const char *kind; /* of failure or error: "slower" */
	char group[40]; /* "epochbench.invalidate" */
	char name[160];
	char why[480]; /* it didn't pass, in a line */
	double time_s; /* it took; 0: not known */
	char *text; /* what else there is to say, in lines; from malloc */
};

struct outcomes {
	const char *suite; /* "epochbench compare" */
	char timestamp[24]; /* "2026-11-22T23:31:32", UTC; or "" */
	struct outcome *one; /* owned */
	size_t cnt;
};

/* The next one, all zeros; NULL if there is no memory. */
struct outcome *outcomes_add(struct outcomes *all);
void outcomes_free(struct outcomes *all);

/* snprintf() for the fields above: in one line, and as XML may hold it. */
void outcome_say(char *buf, size_t len, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Return 0 or -ENOMEM; errors of out are seen by the caller. */
int outcomes_print_junit(FILE *out, const struct outcomes *all);
int outcomes_print_ktap(FILE *out, const struct outcomes *all);

#endif
