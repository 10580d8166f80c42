/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * param.h - a kernel parameter, set for the time of a sample.
 *
 * The old value is also noted in a file, so that the next start can restore it
 * should this one be killed.
 */
#ifndef FUSE_EPOCH_HOST_PARAM_H
#define FUSE_EPOCH_HOST_PARAM_H

struct param {
	const char *path; /* NULL: nothing to restore */
	char value[32];
	char note[64]; /* name of that file */
};

/* Sets it, and keeps the old value in p.  Returns 0 or -errno. */
int param_set(struct param *p, const char *path, const char *value);

/* Sets the old value again, if there is one. */
void param_restore(struct param *p);

/* Restores what killed runs had set, and says so on stderr. */
void param_sweep(void);

#endif
