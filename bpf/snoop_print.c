// SPDX-License-Identifier: GPL-2.0-only
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <jansson.h>

#include "bench/lib/units.h"
#include "names.h"
#include "snoop.h"
#include "bench/lib/text.h"

static const char *const kinds[] = {
	[TRACE_EVENT_BUMP] = "bump",	   [TRACE_EVENT_NOTIFY] = "notify",
	[TRACE_EVENT_CASCADE] = "cascade", [TRACE_EVENT_DETACH] = "detach",
	[TRACE_EVENT_HANG] = "hang",
};

const char *snoop_kind(unsigned int kind)
{
	return kind < sizeof(kinds) / sizeof(kinds[0]) ? kinds[kind] : "?";
}

void snoop_path(const struct trace_event *e, char *buf, size_t len)
{
	buf[0] = 0;
	if (e->cut)
		text_append(buf, len, "...");
	for (unsigned int i = e->depth; i-- > 0;) {
		text_append(buf, len, "/");
		text_append(buf, len, e->names[i]);
	}
	if (!e->depth)
		text_append(buf, len, "/");
}

enum { COMM_TEXT = 4 * TRACE_COMM_BYTES + 8 };

/* The name of a process, without its terminating 0 if it has 16 bytes. */
static const char *comm_text(const char *comm, char *buf)
{
	char name[TRACE_COMM_BYTES + 1];

	snprintf(name, sizeof(name), "%.*s", TRACE_COMM_BYTES, comm);
	buf[0] = 0;
	text_append(buf, COMM_TEXT, name);
	return buf;
}

/* When an event was, on the clock of the wall. */
static void print_time(uint64_t ns, FILE *out)
{
	struct timespec mono, real;
	int64_t then;
	struct tm tm;
	time_t s;

	clock_gettime(CLOCK_MONOTONIC, &mono);
	clock_gettime(CLOCK_REALTIME, &real);
	then = (int64_t)ns + (real.tv_sec - mono.tv_sec) * 1000000000ll +
	       (real.tv_nsec - mono.tv_nsec);
	s = then / 1000000000;
	localtime_r(&s, &tm);
	fprintf(out, "%02d:%02d:%02d.%06d ", tm.tm_hour, tm.tm_min, tm.tm_sec,
		(int)(then % 1000000000 / 1000));
}

static void print_cause(const struct trace_event *e, FILE *out)
{
	char age[UNITS_LEN], comm[COMM_TEXT];
	uint64_t since_ns;

	if (!e->cause.ns) {
		fprintf(out, ", by a bump of epoch %llu that is not remembered",
			(unsigned long long)e->dentry_epoch);
		return;
	}
	/* Its write may end after the walk has begun. */
	since_ns = e->ns - e->took_ns > e->cause.ns
			   ? e->ns - e->took_ns - e->cause.ns
			   : 0;
	fprintf(out, ", by the bump to %llu of %s[%u] %s before",
		(unsigned long long)e->cause.epoch,
		comm_text(e->cause.comm, comm), e->cause.pid,
		units_format(since_ns, UNIT_NS, age, sizeof(age)));
}

/* Of a notification, if it was long: most take microseconds. */
static void print_took(const struct trace_event *e, FILE *out)
{
	char took[UNITS_LEN];

	if (e->took_ns >= 1000000)
		fprintf(out, ", took %s",
			units_format(e->took_ns, UNIT_NS, took, sizeof(took)));
}

void snoop_print(const struct trace_event *e, const struct mounts *m, FILE *out)
{
	char path[TRACE_PATH_DEPTH * TRACE_NAME_BYTES * 4 + 8];
	char *mount = mounts_name(m, e->dev, 0);
	char stall[UNITS_LEN], comm[COMM_TEXT];

	comm_text(e->comm, comm);
	snoop_path(e, path, sizeof(path));
	print_time(e->ns, out);
	fprintf(out, "%-7s %s  ", snoop_kind(e->kind), mount ? mount : "?");
	free(mount);
	switch (e->kind) {
	case TRACE_EVENT_BUMP:
		fprintf(out, "epoch %llu -> %llu, by %s[%u]",
			(unsigned long long)e->epoch - 1,
			(unsigned long long)e->epoch, comm, e->pid);
		print_took(e, out);
		break;
	case TRACE_EVENT_NOTIFY:
		fprintf(out, "%s by %s[%u]", notify_name(e->notify), comm,
			e->pid);
		print_took(e, out);
		if (e->error)
			fprintf(out, ": %s", strerror(-e->error));
		break;
	case TRACE_EVENT_HANG:
		fprintf(out, "%s by %s[%u] goes on for %s",
			notify_name(e->notify), comm, e->pid,
			units_format(e->took_ns, UNIT_NS, stall,
				     sizeof(stall)));
		break;
	case TRACE_EVENT_CASCADE:
		fprintf(out, "%s: %s[%u] stalled %s, %llu dentries died", path,
			comm, e->pid,
			units_format(e->took_ns, UNIT_NS, stall, sizeof(stall)),
			(unsigned long long)e->dentry_cnt);
		print_cause(e, out);
		break;
	case TRACE_EVENT_DETACH:
		fprintf(out, "what is mounted at %s: in a walk of %s[%u]", path,
			comm, e->pid);
		print_cause(e, out);
		break;
	}
	fputc('\n', out);
}

static json_t *cause_json(const struct trace_bump *b)
{
	char comm[TRACE_COMM_BYTES + 1];

	if (!b->ns)
		return json_null();
	snprintf(comm, sizeof(comm), "%.*s", TRACE_COMM_BYTES, b->comm);
	return json_pack("{s:I, s:I, s:I, s:o}", "ns", (json_int_t)b->ns,
			 "epoch", (json_int_t)b->epoch, "pid",
			 (json_int_t)b->pid, "comm", text_json(comm));
}

void snoop_print_json(const struct trace_event *e, const struct mounts *m,
		      FILE *out)
{
	char path[TRACE_PATH_DEPTH * TRACE_NAME_BYTES * 4 + 8];
	const struct mount_entry *entry = mounts_find(m, e->dev, 0);
	bool walk =
		e->kind == TRACE_EVENT_CASCADE || e->kind == TRACE_EVENT_DETACH;
	char dev[32], comm[TRACE_COMM_BYTES + 1];
	json_t *o;

	snprintf(dev, sizeof(dev), "%u:%u", e->dev >> 20, e->dev & 0xfffff);
	snprintf(comm, sizeof(comm), "%.*s", TRACE_COMM_BYTES, e->comm);
	o = json_pack("{s:s, s:I, s:s, s:s, s:o*, s:I, s:I, s:I, s:o}", "schema",
		      "epochsnoop/1", "ns", (json_int_t)e->ns, "event",
		      snoop_kind(e->kind), "dev", dev, "mount",
		      entry ? text_json(entry->path) : NULL, "namespace",
		      (json_int_t)(entry ? entry->ns : 0), "namespace_pid",
		      (json_int_t)(entry ? entry->pid : 0), "pid",
		      (json_int_t)e->pid, "comm", text_json(comm));
	if (!o)
		return;
	if (!walk) {
		json_object_set_new(o, "notify",
				    json_string(notify_name(e->notify)));
		json_object_set_new(o, "took_ns", json_integer(e->took_ns));
		if (e->kind != TRACE_EVENT_HANG)
			json_object_set_new(o, "errno",
					    json_integer(-e->error));
	}
	if (e->epoch)
		json_object_set_new(o, "epoch", json_integer(e->epoch));
	if (walk) {
		snoop_path(e, path, sizeof(path));
		json_object_set_new(o, "path", json_string(path));
		json_object_set_new(o, "dentry_epoch",
				    json_integer(e->dentry_epoch));
		json_object_set_new(o, "cause", cause_json(&e->cause));
	}
	if (e->kind == TRACE_EVENT_CASCADE) {
		json_object_set_new(o, "stall_ns", json_integer(e->took_ns));
		json_object_set_new(o, "dentry_cnt",
				    json_integer(e->dentry_cnt));
	}
	json_dumpf(o, out, JSON_COMPACT | JSON_PRESERVE_ORDER);
	fputc('\n', out);
	json_decref(o);
}
