// SPDX-License-Identifier: GPL-2.0-only
/*
 * Numbers and lists as people type them.  With PLANTED there is a fault that the
 * test of all this wants to be found.
 */
#include "bench/lib/sizes.h"
#include "fuzz.h"

static void expect_between(uint64_t value, uint64_t min, uint64_t max)
{
	if (value < min || value > max)
		abort();
}

static void parse(const char *text)
{
	uint64_t value, list[4];
	const char *bad, *rest = text;
	double real;

	if (!size_parse(text, 0, UINT64_MAX, &value))
		expect_between(value, 0, UINT64_MAX);
	if (!size_parse(text, 1, 10000, &value))
		expect_between(value, 1, 10000);
	if (size_parse_list(text, 1, 10000, list, 4, &bad) > 0)
		expect_between(list[0], 1, 10000);
	if (!duration_parse(text, &value))
		expect_between(value, 0, 1000000000000000000);
	if (!whole_parse(text, 3, 1 << 22, &value))
		expect_between(value, 3, 1 << 22);
	if (!real_parse(text, 0.5, 7, &real) && !(real >= 0.5 && real <= 7))
		abort();
	if (digits_take(&rest, 16, 0xffff, &value))
		expect_between(value, 0, 0xffff);
	list_has(text, "total");
	list_has("umount,total", text);
#ifdef PLANTED
	if (!strncmp(text, "7M", 2))
		free((void *)(uintptr_t)text);
#endif
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);

	if (!text)
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	parse(text);
	free(text);
	return 0;
}
