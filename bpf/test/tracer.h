/* SPDX-License-Identifier: GPL-2.0-only */
/* A tracer that runs beside a test, and what it said in the end. */
#ifndef BPF_TEST_TRACER_H
#define BPF_TEST_TRACER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include <jansson.h>

/*
 * Start a tool, "epochstat" or "epochsnoop" of $EPOCH_BUILD, with arguments up
 * to NULL, and wait until it traces.  SKIP all if there is none; a tool that
 * ends instead ends the test.
 */
pid_t tracer_start(const char *tool, ...);
/* Ctrl-C it.  Returns what wait() says; everything it wrote has been read. */
int tracer_stop(void);

/*
 * Lines of JSON that it wrote so far, as an array that stays the tracer's: what
 * is in it is valid until more has come and is asked for.
 */
json_t *tracer_lines(void);
/*
 * Of epochstat with -j, -a and a short interval: wait until a line has come that
 * has all that happened up to now on the server's mount.
 */
void tracer_settle(void);

/* Read its stdout no more.  Returns its pid. */
pid_t tracer_leave(void);

/* Take over what it wrote until now. */
void tracer_read(void);
/* What it wrote to stderr. */
const char *tracer_said(void);

/*
 * The sum of a number over all lines of a mount (of the path that
 * server_path("") has), for instance "outcome_cnt.fresh"; ~0 if none has it.
 */
uint64_t tracer_sum(const char *field);
/* The same for another mount. */
uint64_t tracer_sum_of(const char *mount, const char *field);
/* Its last value. */
uint64_t tracer_last(const char *field);

#endif
