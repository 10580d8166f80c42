// SPDX-License-Identifier: GPL-2.0-only
/*
 * say.c - what a probe saw, as a line of JSON for the parent.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <jansson.h>

#include "hazard.h"
#include "records.h"
#include "bench/lib/opcode.h"
#include "bench/lib/status.h"
#include "bench/lib/text.h"
#include "kernel/testfs/server.h"

static void say(json_t *line)
{
	char *text = json_dumps(line, JSON_COMPACT);

	json_decref(line);
	if (!text) {
		puts("Bail out! no memory for a result");
		exit(STATUS_FAILED);
	}
	puts(text);
	fflush(stdout);
	free(text);
}

__attribute__((format(printf, 3, 0))) static void
say_outcome(const char *probe, const char *outcome, const char *format,
	    va_list args)
{
	char detail[DETAIL_BYTES_MAX + 1];

	vsnprintf(detail, sizeof(detail), format, args);
	text_tame(detail); /* its end may be cut within a character */
	say(json_pack("{ss ss ss}", "probe", probe, "outcome", outcome,
		      "detail", detail));
}

void say_hazard(const char *probe, bool present, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say_outcome(probe, present ? "present" : "absent", format, args);
	va_end(args);
}

void say_untestable(const char *probe, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say_outcome(probe, "skip", format, args);
	va_end(args);
}

void say_requests(const char *probe, const uint64_t *before)
{
	json_t *requests = json_object();

	for (unsigned int op = 1; op < OPCODE_MAX; op++) {
		uint64_t cnt = server_count(op) - before[op];

		if (cnt)
			json_object_set_new(requests, opcode_name(op),
					    json_integer((json_int_t)cnt));
	}
	say(json_pack("{ss ss so}", "probe", probe, "outcome", "measured",
		      "requests", requests));
}

void say_number(const char *probe, double value, const char *unit)
{
	say(json_pack("{ss ss sf ss}", "probe", probe, "outcome", "measured",
		      "value", value, "unit", unit));
}

void say_broken(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fputs("Bail out! ", stdout);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
	exit(STATUS_FAILED);
}
