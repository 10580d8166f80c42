/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * sentences.h - advice as sentences.
 */
#ifndef FUSE_EPOCH_ADVICE_SENTENCES_H
#define FUSE_EPOCH_ADVICE_SENTENCES_H

#include <stdio.h>

#include "choose.h"

/* For whom advice is given: all of them, in that order. */
struct advise_asking {
	struct advise_daemon daemon;
	const char *key; /* in JSON */
	const char *text;
};

#define ADVISE_ASKING_CNT 3
extern const struct advise_asking advise_askings[ADVISE_ASKING_CNT];

/* "without submounts", "with 2 submounts" */
void advise_submount_text(uint64_t cnt, char *buf, size_t len);

/* "fits", "behind", ...: in JSON */
const char *advise_why_key(enum advise_why why);

/*
 * All about one rate: what each kind of daemon should use, and what was left
 * out.  asked_hz is what somebody wants to know of, a->rate_hz the nearest that
 * was measured.
 */
void advise_put_rate(FILE *out, const struct advise *a, double asked_hz);

/* What a method doesn't reach, and its hazards. */
void advise_put_method(FILE *out, const struct inval_method *m);

#endif
