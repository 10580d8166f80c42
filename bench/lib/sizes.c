// SPDX-License-Identifier: GPL-2.0-only
#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sizes.h"

struct suffix {
	const char *text;
	double factor;
};

/* Longer ones are no numbers that anybody means. */
#define DIGITS_MAX 24

/*
 * Number and suffix in len bytes.  No exponents, no hex, no sign, no "inf":
 * strtod() would take them all, and would read on behind the digits.
 */
static int parse(const char *text, size_t len, const struct suffix *suffix,
		 double *out)
{
	char number[DIGITS_MAX + 1];
	size_t digits = 0, dots = 0;

	while (digits < len &&
	       (isdigit((unsigned char)text[digits]) || text[digits] == '.'))
		dots += text[digits++] == '.';
	if (dots > 1 || digits == dots || digits > DIGITS_MAX)
		return -EINVAL;
	memcpy(number, text, digits);
	number[digits] = '\0';
	for (; suffix->text; suffix++)
		if (strlen(suffix->text) == len - digits &&
		    !strncmp(text + digits, suffix->text, len - digits)) {
			*out = strtod(number, NULL) * suffix->factor;
			return 0;
		}
	return -EINVAL;
}

/* From here on a double isn't every whole number. */
#define WHOLE_MAX 0x1p53

static int parse_len(const char *text, size_t len, uint64_t min, uint64_t max,
		     uint64_t *out)
{
	static const struct suffix suffix[] = {
		{ "", 1 }, { "k", 1e3 }, { "K", 1e3 }, { "M", 1e6 }, { 0 }
	};
	double value;
	int err = parse(text, len, suffix, &value);

	if (err)
		return err;
	/* 1.1 * 1e6 isn't exactly whole; 0.5 isn't at all. */
	if (fabs(value - round(value)) > value * 1e-15)
		return -EINVAL;
	value = round(value);
	if (value >= WHOLE_MAX || value < (double)min || value > (double)max)
		return -ERANGE;
	*out = (uint64_t)value;
	return 0;
}

int size_parse(const char *text, uint64_t min, uint64_t max, uint64_t *out)
{
	return parse_len(text, strlen(text), min, max, out);
}

int size_parse_list(const char *text, uint64_t min, uint64_t max, uint64_t *out,
		    size_t max_cnt, const char **bad)
{
	size_t cnt = 0;

	for (;;) {
		size_t len = strcspn(text, ",");
		int err;

		*bad = text;
		if (cnt == max_cnt)
			return -E2BIG;
		err = parse_len(text, len, min, max, &out[cnt]);
		if (err)
			return err;
		cnt++;
		if (!text[len])
			return (int)cnt;
		text += len + 1;
	}
}

int duration_parse(const char *text, uint64_t *out_ns)
{
	static const struct suffix suffix[] = {
		{ "ns", 1 }, { "us", 1e3 }, { "ms", 1e6 }, { "s", 1e9 }, { 0 }
	};
	double value;
	int err;

	if (!strcmp(text, "0")) {
		*out_ns = 0;
		return 0;
	}
	err = parse(text, strlen(text), suffix, &value);
	if (err)
		return err;
	if (value > 1e18)
		return -ERANGE;
	*out_ns = (uint64_t)value;
	return 0;
}

bool digits_take(const char **text, unsigned int base, uint64_t max,
		 uint64_t *out)
{
	static const char all[] = "0123456789abcdef";
	const char *s = *text, *digit;
	uint64_t value = 0;

	for (; *s && (digit = memchr(all, tolower((unsigned char)*s), base));
	     s++) {
		uint64_t add = (uint64_t)(digit - all);

		if (add > max || value > (max - add) / base)
			return false;
		value = value * base + add;
	}
	if (s == *text)
		return false;
	*text = s;
	*out = value;
	return true;
}

int whole_parse(const char *text, uint64_t min, uint64_t max, uint64_t *out)
{
	size_t digits = strspn(text, "0123456789");
	uint64_t value;

	if (!digits || text[digits])
		return -EINVAL;
	if (!digits_take(&text, 10, max, &value) || value < min)
		return -ERANGE;
	*out = value;
	return 0;
}

int real_parse(const char *text, double min, double max, double *out)
{
	static const struct suffix suffix[] = { { "", 1 }, { 0 } };
	double value;
	int err = parse(text, strlen(text), suffix, &value);

	if (err)
		return err;
	if (!(value >= min && value <= max))
		return -ERANGE;
	*out = value;
	return 0;
}

bool list_has(const char *list, const char *name)
{
	size_t len = strlen(name);

	if (!list)
		return true;
	while (*list) {
		size_t item = strcspn(list, ",");

		if (item == len && !memcmp(list, name, len))
			return true;
		list += item + (list[item] == ',');
	}
	return false;
}
