/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * param.h - a kernel parameter, set for the time of a sample.
 *
 * A file beside those of other runs (runtime.h) has its value from before.
 * Each run that has set the parameter keeps a shared lock on that file.  So the
 * last run to leave restores the value; if all were killed, the next start
 * does.
 */
#ifndef FUSE_EPOCH_HOST_PARAM_H
#define FUSE_EPOCH_HOST_PARAM_H

struct param {
	const char *path; /* NULL: nothing to restore */
	int note; /* that file, locked */
};

/* Sets it; the first to do so notes the value from before.  0 or -errno. */
int param_set(struct param *p, const char *path, const char *value);

/* Sets the value from before again, unless another run is still at it. */
void param_restore(struct param *p);

/* Restores what killed runs had set, and says so on stderr. */
void param_sweep(void);

#endif
