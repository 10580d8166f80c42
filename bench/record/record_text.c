// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "record_text.h"

enum unit record_cost_unit(const struct record *rec)
{
	return strcmp(rec->clock_unit, "ns") ? UNIT_INSNS : UNIT_NS;
}

/* "1", or "0,2-3": the driver's first, then the daemon's. */
static void put_cpus(FILE *out, const char *cpus)
{
	const char *comma = strchr(cpus, ',');

	if (!cpus[0])
		return;
	if (!comma)
		fprintf(out, ", driver and daemon on CPU %s", cpus);
	else
		fprintf(out, ", driver on CPU %.*s, daemon on CPU%s %s",
			(int)(comma - cpus), cpus,
			strpbrk(comma + 1, ",-") ? "s" : "", comma + 1);
}

static void put_memory(FILE *out, const struct hostinfo *host)
{
	char total[UNITS_LEN], available[UNITS_LEN];

	if (!host->mem_total_bytes)
		return;
	units_format((double)host->mem_total_bytes, UNIT_BYTES, total,
		     sizeof(total));
	units_format((double)host->mem_available_bytes, UNIT_BYTES, available,
		     sizeof(available));
	fprintf(out, ", %s memory (%s available)", total, available);
}

static void put_kept(FILE *out, const char *what, const char *kept)
{
	fprintf(out, "%s %s%s", what, strcmp(kept, "-") ? "for " : "", kept);
}

void record_put_answers(FILE *out, const struct record_answers *a)
{
	if (a->untraced[0])
		fprintf(out, "What it answers: -, as %s.  ", a->untraced);
	if (!a->entry[0])
		return;
	fputs("By strace, in a run that isn't measured, it speaks protocol ",
	      out);
	if (a->minor)
		fprintf(out, "7.%llu", (unsigned long long)a->minor);
	else
		fputc('-', out);
	put_kept(out, " and lets names be kept", a->entry);
	put_kept(out, ", attributes", a->attr);
	put_kept(out, ", missing names", a->negative);
	if (a->minor)
		fprintf(out, "; it %s READDIRPLUS",
			a->readdirplus ? "asks for" : "doesn't ask for");
	fprintf(out, "; of a change behind it notifies by itself: %s.  ",
		strcmp(a->notified, "-") ? a->notified : "nothing");
}

/*
 * Linux 6.18.0 x86_64, FUSE 7.44, libfuse 3.14.0, AMD EPYC (2 CPUs), driver
 * and daemon on CPU 1, 24.1 GB memory (20 GB available), kvm, load 0.25
 */
char *record_host_line(const struct hostinfo *host)
{
	char *line = NULL;
	size_t len;
	FILE *out = open_memstream(&line, &len);

	if (!out)
		return NULL;
	fprintf(out, "Linux %s %s", host->kernel, host->arch);
	if (host->fuse_minor)
		fprintf(out, ", FUSE 7.%u", host->fuse_minor);
	if (host->fuse[0])
		fprintf(out, ", fuse.ko %s", host->fuse);
	if (host->libfuse[0])
		fprintf(out, ", libfuse %s", host->libfuse);
	fprintf(out, ", %s",
		host->cpu_model[0] ? host->cpu_model : "unknown CPU");
	if (host->cpu_cnt)
		fprintf(out, " (%u CPU%s)", host->cpu_cnt,
			host->cpu_cnt == 1 ? "" : "s");
	put_cpus(out, host->cpus);
	put_memory(out, host);
	if (host->virt[0])
		fprintf(out, ", %s",
			strcmp(host->virt, "metal") ? host->virt
						    : "bare metal");
	if (host->emulator[0])
		fprintf(out, " by %s", host->emulator);
	fprintf(out, ", load %.2f, epochbench %s", host->load1, host->bench);
	if (fclose(out)) {
		free(line);
		return NULL;
	}
	return line;
}
