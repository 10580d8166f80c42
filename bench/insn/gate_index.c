// SPDX-License-Identifier: GPL-2.0-only
#include "gate_index.h"

#include <string.h>

const char *gate_text_of(const json_t *m, const char *key)
{
	const char *text = json_string_value(json_object_get(m, key));

	return text ? text : "";
}

int64_t gate_number_of(const json_t *m, const char *key)
{
	return json_integer_value(json_object_get(m, key));
}

bool gate_is_traced(const json_t *m)
{
	return *gate_text_of(m, "tracer") != '\0';
}

/* No text of a measurement holds a line feed. */
static json_t *key_of(const char *until, const char *fuse, bool traced,
		      const char *method, const char *phase)
{
	return json_sprintf("%.*s\n%d\n%s\n%s", (int)strcspn(fuse, until), fuse,
			    traced, method, phase);
}

json_t *gate_index(json_t *all, const char *until)
{
	json_t *index = json_object(), *m, *key;
	const char *text;
	size_t i;

	json_array_foreach (all, i, m) {
		key = key_of(until, gate_text_of(m, "fuse"), gate_is_traced(m),
			     gate_text_of(m, "method"),
			     gate_text_of(m, "phase"));
		text = json_string_value(key);
		if (text && !json_object_get(index, text))
			json_object_set(index, text, m);
		json_decref(key);
	}
	return index;
}

json_t *gate_find(json_t *index, const char *until, const char *fuse,
		  bool traced, const char *method, const char *phase)
{
	json_t *key = key_of(until, fuse, traced, method, phase), *found = NULL;

	if (key)
		found = json_object_get(index, json_string_value(key));
	json_decref(key);
	return found;
}
