// SPDX-License-Identifier: GPL-2.0-only
/*
 * compare_host.c - which records may be compared: those of the same machine.
 * What the user means to compare may differ.
 */
#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <errno.h>

#include "bench/lib/sizes.h"
#include "bench/lib/text.h"
#include "compare_internal.h"

/* MemTotal of one machine varies a little with the kernel. */
#define MEM_TOLERANCE 0.02

int compare_refuse(struct match *m, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(m->err, m->err_len, fmt, ap);
	va_end(ap);
	text_tame(m->err); /* it may name files */
	return -EINVAL;
}

/* What must be the same for a comparison to mean anything. */
static const struct aspect {
	const char *name; /* as --across has it */
	const char *what;
	size_t text, whole; /* offset in struct hostinfo of one of them */
} aspects[] = {
#define TEXT(name, what, member)                                 \
	{                                                        \
		name, what, offsetof(struct hostinfo, member), 0 \
	}
#define WHOLE(name, what, member)                                \
	{                                                        \
		name, what, 0, offsetof(struct hostinfo, member) \
	}
	{ "host", "architecture", offsetof(struct hostinfo, arch), 0 },
	TEXT("host", "CPU model", cpu_model),
	TEXT("host", "virtualization", virt),
	TEXT("host", "emulator", emulator),
	WHOLE("cpus", "number of CPUs", cpu_cnt),
	TEXT("cpus", "pinning to CPUs", cpus),
	TEXT("kernel", "kernel", kernel),
	TEXT("kernel", "kernel's build", kernel_version),
	WHOLE("kernel", "FUSE protocol", fuse_minor),
	TEXT("fuse", "fuse.ko", fuse),
	TEXT("libfuse", "libfuse", libfuse),
#undef TEXT
#undef WHOLE
	{ NULL, NULL, 0, 0 },
};

const char *compare_aspect(size_t i)
{
	static const char *const names[] = { "host", "cpus",	"kernel",
					     "fuse", "libfuse", NULL };

	return names[i];
}

/* Another kernel brings its own fuse.ko. */
static bool may_differ(const struct compare_options *opt, const char *name)
{
	const char *across = opt->across ? opt->across : "";

	return opt->force || list_has(across, name) ||
	       (!strcmp(name, "fuse") &&
		(list_has(across, "kernel") || opt->fuse[0] || opt->fuse[1]));
}

/* Names are given by who gathers records: two that differ are two machines. */
static int check_names(struct match *m, const struct hostinfo *a,
		       const struct hostinfo *b)
{
	if (!a->name[0] || !b->name[0] || !strcmp(a->name, b->name) ||
	    may_differ(m->opt, "host"))
		return 0;
	return compare_refuse(m,
			      "the host differs: '%s' in %s, '%s' in %s.  "
			      "Measure both on the same; if hosts are what you "
			      "compare, say --across host",
			      a->name, m->base->name, b->name, m->fresh->name);
}

int compare_check_host(struct match *m, const struct record *a,
		       const struct record *b)
{
	double mem_a = (double)a->host.mem_total_bytes;
	double mem_b = (double)b->host.mem_total_bytes;

	if (check_names(m, &a->host, &b->host))
		return -EINVAL;
	for (const struct aspect *s = aspects; s->name; s++) {
		const char *text_a = (const char *)&a->host + s->text;
		const char *text_b = (const char *)&b->host + s->text;
		char whole[2][16];

		if (s->whole) {
			snprintf(
				whole[0], sizeof(whole[0]), "%u",
				*(const unsigned int *)((const char *)&a->host +
							s->whole));
			snprintf(
				whole[1], sizeof(whole[1]), "%u",
				*(const unsigned int *)((const char *)&b->host +
							s->whole));
			text_a = whole[0];
			text_b = whole[1];
		}
		if (strcmp(text_a, text_b) && !may_differ(m->opt, s->name))
			return compare_refuse(
				m,
				"the %s differs: '%s' in %s, '%s' in %s.  "
				"Measure both on the same; if that is "
				"what you compare, say --across %s",
				s->what, text_a, m->base->name, text_b,
				m->fresh->name, s->name);
	}
	if (fabs(mem_a - mem_b) > MEM_TOLERANCE * mem_a &&
	    !may_differ(m->opt, "host"))
		return compare_refuse(
			m,
			"the hosts differ: %.1f GB of memory in %s, "
			"%.1f GB in %s.  Measure both on the same, or "
			"say --across host",
			mem_a / 1e9, m->base->name, mem_b / 1e9,
			m->fresh->name);
	return 0;
}
