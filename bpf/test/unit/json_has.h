/* SPDX-License-Identifier: GPL-2.0-only */
/* json_has.h - what a field of a JSON object must be; else the test fails. */
#ifndef TRACE_TEST_JSON_HAS_H
#define TRACE_TEST_JSON_HAS_H

#include <jansson.h>

void json_has_int(json_t *o, const char *field, json_int_t want);
void json_has_str(json_t *o, const char *field, const char *want);

#endif
