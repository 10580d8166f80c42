// SPDX-License-Identifier: GPL-2.0-only
/* What the maps of the programs have: all mounts, or one. */
#include "sample.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "attach.h"

/* The same, or a new one; before they are sorted. */
static struct sample_mount *find_or_add(struct sample *s, uint32_t dev)
{
	struct sample_mount *more;

	for (size_t i = 0; i < s->cnt; i++)
		if (s->mounts[i].dev == dev)
			return &s->mounts[i];
	more = realloc(s->mounts, (s->cnt + 1) * sizeof(*more));
	if (!more)
		return NULL;
	s->mounts = more;
	more += s->cnt++;
	memset(more, 0, sizeof(*more));
	more->dev = dev;
	return more;
}

static void add_counts(struct sample_mount *m, const void *value)
{
	uint64_t *sum = (uint64_t *)&m->c;
	const uint64_t *part = value;

	for (size_t i = 0; i < sizeof(m->c) / 8; i++) {
		if (!sample_is_max(i))
			sum[i] += part[i];
		else if (part[i] > sum[i])
			sum[i] = part[i];
	}
}

static void add_all(uint64_t *sum, const uint64_t *part, size_t bytes)
{
	for (size_t i = 0; i < bytes / 8; i++)
		sum[i] += part[i];
}

static void add_hist(struct sample_mount *m, const void *value)
{
	const struct trace_hist *part = value;

	add_all((uint64_t *)&m->hist, value, sizeof(m->hist));
	/* Hits that are in here aren't counted twice. */
	for (int i = 0; i < TRACE_SLOTS; i++)
		m->hit_cnt += part->slots[TRACE_FRESH][i] +
			      part->slots[TRACE_RELOOKED][i];
}

static void add_spreads(struct sample_mount *m, const void *value)
{
	add_all((uint64_t *)&m->spreads, value, sizeof(m->spreads));
}

static void add_hits(struct sample_mount *m, const void *value)
{
	m->hit_cnt += *(const uint64_t *)value;
}

static void take_epoch(struct sample_mount *m, const void *value)
{
	m->epoch = ((const struct trace_conn *)value)->epoch;
}

/* Each entry of a map keyed by device: values of size bytes of parts CPUs. */
static int read_map(struct sample *s, int fd, size_t size, int parts,
		    void (*add)(struct sample_mount *m, const void *value))
{
	char *values = malloc(size * parts);
	uint32_t key, *last = NULL;
	struct sample_mount *m;

	if (!values)
		return -ENOMEM;
	while (!bpf_map_get_next_key(fd, last, &key)) {
		last = &key;
		if (bpf_map_lookup_elem(fd, &key, values))
			continue;
		m = find_or_add(s, key);
		if (!m) {
			free(values);
			return -ENOMEM;
		}
		for (int i = 0; i < parts; i++)
			add(m, values + i * size);
	}
	free(values);
	return 0;
}

/* What an array has of mounts that have a slot there: of each CPU. */
static int read_slots(struct sample *s, struct trace *t, const char *map,
		      size_t size, int cpus,
		      void (*add)(struct sample_mount *m, const void *value))
{
	static uint32_t minors[TRACE_DIRECT_MINORS], slots[TRACE_DIRECT_MINORS];
	uint32_t batch, cnt = TRACE_DIRECT_MINORS;
	char *values = malloc(size * cpus);
	int err = values ? 0 : -ENOMEM;
	struct sample_mount *m;

	if (!err)
		err = bpf_map_lookup_batch(trace_map(t, "slots"), NULL, &batch,
					   minors, slots, &cnt, NULL);
	if (err == -ENOENT) /* that was the last of them */
		err = 0;
	for (uint32_t i = 0; !err && i < cnt; i++) {
		if (!slots[i])
			continue;
		if (bpf_map_lookup_elem(trace_map(t, map), &slots[i], values)) {
			err = errno == ENOENT ? 0 : -errno; /* not traced */
			continue;
		}
		m = find_or_add(s, minors[i]);
		err = m ? 0 : -ENOMEM;
		for (int cpu = 0; m && cpu < cpus; cpu++)
			add(m, values + cpu * size);
	}
	free(values);
	return err;
}

/* The array of hits, in a few system calls. */
static int read_hits(struct sample *s, int fd, int cpus)
{
	enum { BATCH = 4096 };
	uint64_t *values = malloc(BATCH * sizeof(*values) * cpus);
	uint32_t *keys = malloc(BATCH * sizeof(*keys));
	uint32_t batch, cnt, *from = NULL;
	struct sample_mount *m;
	int err = values && keys ? 0 : -ENOMEM;

	while (!err) {
		cnt = BATCH;
		err = bpf_map_lookup_batch(fd, from, &batch, keys, values, &cnt,
					   NULL);
		if (err && err != -ENOENT)
			break;
		from = &batch;
		for (uint32_t i = 0; i < cnt; i++) {
			uint64_t sum = 0;

			for (int cpu = 0; cpu < cpus; cpu++)
				sum += values[i * cpus + cpu];
			if (!sum)
				continue;
			m = find_or_add(s, keys[i]);
			if (!m) {
				err = -ENOMEM;
				break;
			}
			m->hit_cnt += sum;
		}
	}
	free(values);
	free(keys);
	return err == -ENOENT ? 0 : err;
}

/* Hits without a request aren't counted, but follow from the others. */
static void derive_fresh(struct sample_mount *m)
{
	uint64_t relooked = m->c.outcome_cnt[TRACE_RELOOKED];

	m->c.outcome_cnt[TRACE_FRESH] =
		m->hit_cnt > relooked ? m->hit_cnt - relooked : 0;
}

static void note_notifying(const struct trace_notifying *n, void *arg)
{
	struct sample *s = arg;
	struct sample_mount *m = find_or_add(s, n->dev);
	uint64_t took_ns = s->ns > n->ns ? s->ns - n->ns : 0;

	if (!m)
		return;
	m->notifying_cnt++;
	if (took_ns > m->notifying_ns)
		m->notifying_ns = took_ns;
}

struct sample *sample_read(struct trace *t)
{
	struct sample *s = calloc(1, sizeof(*s));
	int cpus = libbpf_num_possible_cpus(), err = s ? 0 : -ENOMEM;
	struct timespec now;

	/*
	 * Hits first: a LOOKUP counted after its hit would be missing from what
	 * is fresh, which must not be less than nothing.
	 */
	if (!err)
		err = read_hits(s, trace_map(t, "hits"), cpus);
	if (!err)
		err = read_map(s, trace_map(t, "high_hits"), 8, cpus, add_hits);
	if (!err)
		err = read_map(s, trace_map(t, "counts"),
			       sizeof(struct trace_counts), cpus, add_counts);
	if (!err)
		err = read_slots(s, t, "slot_counts",
				 sizeof(struct trace_counts), cpus, add_counts);
	if (!err)
		err = read_slots(s, t, "slot_hists", sizeof(struct trace_hist),
				 cpus, add_hist);
	if (!err)
		err = read_map(s, trace_map(t, "hists"),
			       sizeof(struct trace_hist), cpus, add_hist);
	if (!err)
		err = read_map(s, trace_map(t, "spreads"),
			       sizeof(struct trace_spreads), cpus, add_spreads);
	if (!err)
		err = read_map(s, trace_map(t, "conns"),
			       sizeof(struct trace_conn), 1, take_epoch);
	if (err) {
		sample_free(s);
		errno = -err;
		return NULL;
	}
	clock_gettime(CLOCK_MONOTONIC, &now);
	s->ns = now.tv_sec * 1000000000ull + now.tv_nsec;
	trace_notifying(t, note_notifying, s);
	qsort(s->mounts, s->cnt, sizeof(*s->mounts), sample_by_dev);
	for (size_t i = 0; i < s->cnt; i++)
		derive_fresh(&s->mounts[i]);
	for (int i = 0; i < TRACE_LOST_KINDS; i++)
		s->lost[i] = trace_lost(t, i);
	/* The part first: the sum is never less. */
	s->unassigned_cnt = trace_unassigned(t);
	s->missed_cnt = trace_missed(t);
	return s;
}

/* One entry of such a map, if it is there. */
static int read_entry(struct sample_mount *m, const uint32_t *key, int fd,
		      size_t size, int parts,
		      void (*add)(struct sample_mount *m, const void *value))
{
	char *values = malloc(size * parts);
	int err = 0;

	if (!values)
		return -ENOMEM;
	if (!bpf_map_lookup_elem(fd, key, values))
		for (int i = 0; i < parts; i++)
			add(m, values + i * size);
	else if (errno != ENOENT)
		err = -errno;
	free(values);
	return err;
}

int sample_read_mount(struct trace *t, uint32_t dev, struct sample_mount *m)
{
	bool direct = dev < TRACE_DIRECT_MINORS; /* of major 0 */
	uint32_t slot = 0;
	int cpus = libbpf_num_possible_cpus(), err;

	memset(m, 0, sizeof(*m));
	m->dev = dev;
	err = read_entry(m, &dev, trace_map(t, direct ? "hits" : "high_hits"),
			 8, cpus, add_hits);
	if (!err)
		err = read_entry(m, &dev, trace_map(t, "counts"),
				 sizeof(struct trace_counts), cpus, add_counts);
	if (!err && direct)
		err = bpf_map_lookup_elem(trace_map(t, "slots"), &dev, &slot);
	if (!err && slot)
		err = read_entry(m, &slot, trace_map(t, "slot_counts"),
				 sizeof(struct trace_counts), cpus, add_counts);
	if (!err)
		err = read_entry(m, &dev, trace_map(t, "conns"),
				 sizeof(struct trace_conn), 1, take_epoch);
	derive_fresh(m);
	return err;
}
