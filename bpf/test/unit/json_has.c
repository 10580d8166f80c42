// SPDX-License-Identifier: GPL-2.0-only
#include "json_has.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

void json_has_int(json_t *o, const char *field, json_int_t want)
{
	json_t *value = json_object_get(o, field);

	if (!json_is_integer(value) || json_integer_value(value) != want)
		fail_msg("%s is %" JSON_INTEGER_FORMAT
			 ", wanted %" JSON_INTEGER_FORMAT,
			 field, json_integer_value(value), want);
}

void json_has_str(json_t *o, const char *field, const char *want)
{
	json_t *value = json_object_get(o, field);

	if (!json_is_string(value))
		fail_msg("%s is no string", field);
	assert_string_equal(json_string_value(value), want);
}
