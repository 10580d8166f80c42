/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tool.h - how the tracer's tools begin and end.
 */
#ifndef FUSE_EPOCH_TOOL_H
#define FUSE_EPOCH_TOOL_H

#include <stdbool.h>
#include <stdint.h>

#include "attach.h"
#include "mounts.h"

/* From now on SIGINT, SIGTERM and SIGHUP only end a sleep of tool_wait(). */
void tool_catch_signals(void);
/*
 * They interrupt prints, too, if a second later nobody has read anything of
 * them.  For a program without threads, which would take the signals.  Whoever
 * reads stdout is watched from then on, too.
 */
void tool_print_until_signal(void);
/*
 * When this process ends, the tool shall: 0, or an exit status (told why: there
 * is no such process).
 */
int tool_watch(const char *tool, unsigned int pid);
/*
 * Sleep until that time of CLOCK_MONOTONIC (0: don't); false if the tool shall
 * end, also if that signal, or the end of what is watched, came before.
 */
bool tool_wait(uint64_t until_ns);
/* Shall it end?  Cheap enough for every event. */
bool tool_stops(void);
/* -EPIPE if that was since nobody reads stdout any more; else 0. */
int tool_unread(void);

/*
 * Load and attach, or say why not; NULL then: STATUS_USAGE.
 * Whoever reads what tool_announce() says may rely on seeing all from then on.
 */
struct trace *tool_open(const char *tool, const struct trace_options *options);
void tool_announce(const char *tool, const struct trace *t,
		   const char *without_epochs);

/* Why it can't go on, of a negative errno. */
void tool_complain(const char *tool, int err);

/* The device of a mount that the user named: 0, or an exit status (told why). */
int tool_find_mount(const char *tool, const char *path, uint32_t *dev);

#endif
