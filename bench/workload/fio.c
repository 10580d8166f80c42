// SPDX-License-Identifier: GPL-2.0-only
/*
 * fio.c - fio's jobs, which are part of the program, and its results.
 */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "programs.h"

/* The text of bench/workload/fio/NAME.fio; built from the top of the tree. */
#define JOB(name)                                                \
	__asm__(".section .rodata\n"                             \
		".globl fio_" #name "_job\n"                     \
		"fio_" #name "_job:\n"                           \
		".incbin \"bench/workload/fio/" #name ".fio\"\n.byte 0\n" \
		".previous\n")

JOB(stat);
JOB(read);
JOB(mixed);

static uint64_t whole(const json_t *obj, const char *key)
{
	const json_t *value = json_object_get(obj, key);

	return json_is_number(value) ? (uint64_t)json_number_value(value) : 0;
}

static const json_t *need(const json_t *obj, const char *key, bool *all)
{
	const json_t *value = json_object_get(obj, key);

	*all &= !!value;
	return value;
}

static int take(const json_t *root, struct workload_result *res)
{
	bool all = true;
	const json_t *job = json_array_get(need(root, "jobs", &all), 0);
	const json_t *read = need(job, "read", &all);
	const json_t *lat = need(read, "clat_ns", &all);
	const json_t *quantile = need(lat, "percentile", &all);

	if (!all)
		return -EINVAL;
	if (whole(job, "error")) {
		snprintf(res->failure, sizeof(res->failure), "fio: %s",
			 strerror((int)whole(job, "error")));
		return -EIO;
	}
	res->op_cnt = whole(read, "total_ios");
	res->wall_ns = whole(read, "runtime") * 1000000;
	res->p50_ns = whole(quantile, "50.000000");
	res->p99_ns = whole(quantile, "99.000000");
	res->p999_ns = whole(quantile, "99.900000");
	res->max_ns = whole(lat, "max");
	return res->op_cnt ? 0 : -EINVAL;
}

int fio_parse(const char *text, struct workload_result *res)
{
	/* Lines such as "fio: opendir added 763 files" come first. */
	const char *begin = *text == '{' ? text : strstr(text, "\n{");
	json_error_t why;
	json_t *root = begin ? json_loads(begin, 0, &why) : NULL;
	int ret = root ? take(root, res) : -EINVAL;

	if (ret == -EINVAL)
		snprintf(res->failure, sizeof(res->failure),
			 "fio's output isn't what it should be: %.200s", text);
	json_decref(root);
	return ret;
}
