/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * json_mutator.h - for targets that read JSON Lines: most changes of single bytes
 * are no JSON, and are refused before anything interesting.  So half of the
 * changes are of one value, or of whole lines.  To be included by one target.
 */
#ifndef FUSE_EPOCH_FUZZ_JSON_MUTATOR_H
#define FUSE_EPOCH_FUZZ_JSON_MUTATOR_H

#include "fuzz.h"

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size,
			       unsigned int seed);

static unsigned int mutator_state;

static size_t mutator_pick(size_t cnt)
{
	mutator_state = mutator_state * 1103515245 + 12345;
	return cnt ? (mutator_state >> 8) % cnt : 0;
}

static json_t *mutator_number(void)
{
	static const json_int_t numbers[] = {
		0,	    1,	       2,	   7,
		-1,	    77,	       1000,	   0x7fffffff,
		0x80000000, 1LL << 53, 1LL << 62,  INT64_MAX,
		1000000000, 99999,     1000000001, INT64_MIN,
	};
	static const double reals[] = { 0.5, 1e-300, 1e15, 1e300, -0.0 };
	size_t cnt = sizeof(numbers) / sizeof(numbers[0]);
	size_t nr = mutator_pick(cnt + sizeof(reals) / sizeof(reals[0]));

	return nr < cnt ? json_integer(numbers[nr])
			: json_real(reals[nr - cnt]);
}

static json_t *mutator_text(const char *before)
{
	static const char *const texts[] = {
		"",
		"none",
		"epoch",
		"a|b`<c>",
		"\302\233",
		"\342\200\256x",
		"[x](y) # SKIP",
		"a\nb",
		"\303\251",
		"ns",
		"insns",
		"base",
		"new",
		"again",
		"all",
		"changed",
		"run",
		"present",
		"absent",
		"skip",
		"failed",
		"not offered by this kernel",
	};
	size_t cnt = sizeof(texts) / sizeof(texts[0]);
	size_t nr = mutator_pick(cnt + 6);
	char buf[300];

	if (nr < cnt)
		return json_string(texts[nr]);
	if (nr == cnt)
		memset(buf, 'x', sizeof(buf));
	else
		snprintf(buf, sizeof(buf), "%s%zu", before, mutator_pick(4));
	buf[sizeof(buf) - 1] = '\0';
	return json_string(buf);
}

static json_t *mutator_value(const json_t *before)
{
	if (!mutator_pick(16))
		return mutator_pick(2) ? json_null() : json_array();
	return json_is_string(before) ? mutator_text(json_string_value(before))
				      : mutator_number();
}

static void mutator_array(json_t *array)
{
	size_t cnt = json_array_size(array), nr = mutator_pick(cnt);

	switch (mutator_pick(3)) {
	case 0:
		json_array_remove(array, nr);
		break;
	case 1:
		json_array_append(array, json_array_get(array, nr));
		break;
	default:
		json_array_set_new(array, nr,
				   mutator_value(json_array_get(array, nr)));
	}
}

/* Changes something at a random place of an object, or below. */
static void mutator_change(json_t *json)
{
	size_t nr = mutator_pick(json_object_size(json));
	const char *key;
	json_t *value;

	if (json_is_array(json)) {
		mutator_array(json);
		return;
	}
	json_object_foreach (json, key, value) {
		if (nr--)
			continue;
		if ((json_is_object(value) || json_is_array(value)) &&
		    mutator_pick(8))
			mutator_change(value);
		else if (!mutator_pick(16))
			json_object_del(json, key);
		else
			json_object_set_new(json, key, mutator_value(value));
		return;
	}
}

/* The line of that number: where it begins; *len without its newline. */
static uint8_t *mutator_line(uint8_t *data, size_t size, size_t nr, size_t *len)
{
	uint8_t *end;

	while (nr-- && (end = memchr(data, '\n', size))) {
		size -= (size_t)(end + 1 - data);
		data = end + 1;
	}
	end = memchr(data, '\n', size);
	*len = end ? (size_t)(end - data) : size;
	return data;
}

/* Puts a line in place of another, or behind it.  0: there is no room. */
static size_t mutator_put(uint8_t *data, size_t size, size_t max_size,
			  size_t at, size_t len, const char *text, bool behind)
{
	size_t text_len = strlen(text), rest = behind ? at : at + len;
	size_t all = size - (rest - at) + text_len + behind;

	if (all > max_size)
		return 0;
	memmove(data + at + text_len + behind, data + rest, size - rest);
	memcpy(data + at, text, text_len);
	if (behind)
		data[at + text_len] = '\n';
	return all;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size,
			       unsigned int seed)
{
	size_t lines = 0, len, changed = 0;
	uint8_t *line;
	json_t *json;
	char *text;

	mutator_state = seed;
	for (size_t i = 0; i < size; i++)
		lines += data[i] == '\n';
	line = mutator_line(data, size, mutator_pick(lines), &len);
	json = mutator_pick(2) ? json_loadb((char *)line, len, 0, NULL) : NULL;
	if (!json)
		return LLVMFuzzerMutate(data, size, max_size);
	for (size_t i = mutator_pick(3) + 1; i; i--)
		mutator_change(json);
	text = json_dumps(json, JSON_COMPACT);
	if (text)
		changed =
			mutator_put(data, size, max_size, (size_t)(line - data),
				    len, text, !mutator_pick(4));
	free(text);
	json_decref(json);
	return changed ? changed : LLVMFuzzerMutate(data, size, max_size);
}

#endif
