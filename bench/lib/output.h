/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * output.h - the one way in which our programs write what they were asked for.
 *
 * What the user names stays what it is, and gets the data: a device, a FIFO
 * (whose reader is waited for), a socket that listens, a symbolic link (the file
 * that it leads to is written).  A regular file is replaced at once, whole, and
 * keeps its owner and mode; one that can't be replaced, as it has other names or
 * its folder is closed to us, is written where it is.  "-" is stdout, and so is
 * whatever other name of the same file.
 */
#ifndef FUSE_EPOCH_LIB_OUTPUT_H
#define FUSE_EPOCH_LIB_OUTPUT_H

#include <stdbool.h>
#include <stdio.h>

/*
 * Puts all of it into out, and can be called again.  Returns 0, or -errno;
 * errors of out itself needn't be looked at.
 */
typedef int output_fn(FILE *out, const void *arg);

bool output_is_stdout(const char *path);

/* Is it a regular file, which may be written again and again as it grows? */
bool output_is_file(const char *path);

/*
 * For before the work: can that be written?  Leaves nothing behind, and opens
 * nothing that somebody reads.  Returns 0 or -errno.
 */
int output_check(const char *path);

/* Writes all, or fails; -EINTR: nobody read it until a signal came. */
int output_write(const char *path, output_fn *fn, const void *arg);

/* Says on stderr, after "NAME: ", why one of these has failed. */
void output_complain(const char *name, const char *path, int err);

/*
 * The same for what can't be had again: if it fails, all is put into a new file
 * of a folder for such.  Says on stderr, after "NAME: ", why and where.  Returns
 * 0, or -errno of path.
 */
int output_keep(const char *name, const char *path, output_fn *fn,
		const void *arg);

/* What was measured: its records, and how it is shown. */
struct output_result {
	const char *name; /* of the command, as output_keep() has it */
	const char *path; /* where records shall go; NULL: nowhere */
	output_fn *records, *tables;
	const void *arg; /* of both */
	bool again; /* it can be done again: all is read from files */
};

/*
 * Writes the records, and shows the tables whatever became of them, unless
 * stdout has the records.  If neither can be had, the records are kept as by
 * output_keep(), unless it can be done again.  Returns 0, or -errno, having said why; what is wrong with
 * stdout, output_finish() says.
 */
int output_deliver(const struct output_result *r);

/*
 * Once nothing is left to undo: from here on SIGINT, SIGTERM, SIGHUP and SIGQUIT
 * end only a wait for whoever reads.  already: one has come before.
 */
void output_until_signal(bool already);

/*
 * For main(), before anything is opened or printed.  A write that fails doesn't
 * end the program by SIGPIPE or SIGXFSZ (programs that it starts have both as
 * usual), and a standard stream that was closed stays unusable instead of
 * becoming the first file that is opened.
 */
void output_begin(void);

/* All that was printed to out has arrived: 0, or -errno. */
int output_flush(FILE *out);

/*
 * For the end of main(): the status, or, after a sentence that begins "NAME: ",
 * STATUS_FAILED if what was printed to stdout couldn't be written.
 */
int output_finish(const char *name, int status);

#endif
