/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ctl.h - what all parts of epochctl share.
 */
#ifndef FUSE_EPOCH_CTL_CTL_H
#define FUSE_EPOCH_CTL_CTL_H

/* The subcommands. */
int ctl_list(int argc, char **argv);
int ctl_bump(int argc, char **argv);
int ctl_expire(int argc, char **argv);
int ctl_inval(int argc, char **argv);

/*
 * A line on stderr, after the tool's name.  Paths and names of processes come
 * from others: what would control a terminal is escaped.
 */
__attribute__((format(printf, 1, 2))) void ctl_say(const char *format, ...);

/* The same on stdout, without the name.  An exit status. */
__attribute__((format(printf, 1, 2))) int ctl_print(const char *format, ...);

#endif
