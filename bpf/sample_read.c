// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the maps of the programs have: all mounts, or one.  Over 400 lines, as
 * whatever knows one of these maps by name is here.
 */
#include "sample.h"

#include <errno.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "attach.h"

enum { BATCH_BYTES = 1 << 20, BATCH_MIN = 16, BATCH_MAX = 4096 };

/* Where the mount of a device is in a sample that is being read. */
struct place {
	uint32_t dev;
	size_t nr;
};

struct reader {
	struct trace *trace;
	struct sample *s;
	size_t room; /* for mounts in it */
	void *places; /* of tsearch() */
};

static int by_dev(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	return x->dev < y->dev ? -1 : x->dev > y->dev;
}

static struct sample_mount *append(struct reader *r, struct trace_life life)
{
	size_t room = r->room ? 2 * r->room : BATCH_MIN;
	struct sample_mount *m = r->s->mounts;

	if (r->s->cnt == r->room) {
		m = realloc(m, room * sizeof(*m));
		if (!m)
			return NULL;
		r->s->mounts = m;
		r->room = room;
	}
	m += r->s->cnt++;
	*m = (struct sample_mount){ .dev = life.dev,
				    .generation = life.generation };
	return m;
}

/* The mount that has this device now, or NULL. */
static struct sample_mount *find_live(struct reader *r, uint32_t dev)
{
	const struct place key = { .dev = dev };
	struct place **found = tfind(&key, &r->places, by_dev);

	return found ? &r->s->mounts[(*found)->nr] : NULL;
}

/* The same, or a new one; NULL: no memory. */
static struct sample_mount *find_or_add(struct reader *r, uint32_t dev)
{
	struct sample_mount *m = find_live(r, dev);
	struct trace_life life = { .dev = dev };
	struct place *place;

	if (m)
		return m;
	place = malloc(sizeof(*place));
	if (!place)
		return NULL;
	*place = (struct place){ .dev = dev, .nr = r->s->cnt };
	if (!tsearch(place, &r->places, by_dev)) {
		free(place);
		return NULL;
	}
	life.generation = sample_generation(r->s, dev);
	return append(r, life);
}

static void add_all(uint64_t *sum, const uint64_t *part, size_t bytes)
{
	for (size_t i = 0; i < bytes / 8; i++)
		sum[i] += part[i];
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

/*
 * The maps that are keyed by device, and those by the slot that a mount may have.
 * Hits first: a LOOKUP counted after its hit would be missing from what is fresh,
 * which must not be less than nothing.
 */
static const struct part {
	const char *map, *by_slot; /* NULL: there is none */
	size_t bytes;
	bool per_cpu;
	bool sparse; /* an array: nothing is there where all is 0 */
	void (*add)(struct sample_mount *m, const void *value);
} parts[] = {
	{ "hits", NULL, 8, true, true, add_hits },
	{ "high_hits", NULL, 8, true, false, add_hits },
	{ "hists", "slot_hists", sizeof(struct trace_hist), true, false,
	  add_hist },
	{ "counts", "slot_counts", sizeof(struct trace_counts), true, false,
	  add_counts },
	{ "spreads", NULL, sizeof(struct trace_spreads), true, false,
	  add_spreads },
	{ "conns", NULL, sizeof(struct trace_conn), false, false, take_epoch },
};

#define PART_CNT (sizeof(parts) / sizeof(parts[0]))

static size_t value_bytes(const struct part *p)
{
	return p->bytes * (p->per_cpu ? libbpf_num_possible_cpus() : 1);
}

static void add_values(struct sample_mount *m, const struct part *p,
		       const char *values)
{
	for (size_t i = 0; i < value_bytes(p); i += p->bytes)
		p->add(m, values + i);
}

static bool is_zero(const char *values, size_t bytes)
{
	return !*values && !memcmp(values, values + 1, bytes - 1);
}

static int put_part(struct reader *r, const void *arg, const void *key,
		    const void *value)
{
	const struct part *p = arg;
	struct sample_mount *m;

	if (p->sparse && is_zero(value, value_bytes(p)))
		return 0;
	m = find_or_add(r, *(const uint32_t *)key);
	if (m)
		add_values(m, p, value);
	return m ? 0 : -ENOMEM;
}

/* One entry of such a map, if there are both. */
static int read_entry(struct sample_mount *m, struct trace *t,
		      const struct part *p, const char *map, uint32_t key)
{
	char *values = malloc(value_bytes(p));
	int err = values ? 0 : -ENOMEM;

	if (!err && map &&
	    !bpf_map_lookup_elem(trace_map(t, map), &key, values))
		add_values(m, p, values);
	else if (!err && map)
		err = -errno;
	free(values);
	return err == -ENOENT ? 0 : err;
}

static int put_slot(struct reader *r, const void *unused, const void *key,
		    const void *value)
{
	uint32_t slot = *(const uint32_t *)value;
	struct sample_mount *m;
	int err = 0;

	(void)unused;
	if (!slot)
		return 0;
	m = find_or_add(r, *(const uint32_t *)key);
	if (!m)
		return -ENOMEM;
	for (size_t i = 0; !err && i < PART_CNT; i++)
		err = read_entry(m, r->trace, &parts[i], parts[i].by_slot,
				 slot);
	return err;
}

static int put_generation(struct reader *r, const void *unused, const void *key,
			  const void *value)
{
	struct sample *s = r->s;
	struct trace_life *more;

	(void)unused;
	more = realloc(s->lives, (s->life_cnt + 1) * sizeof(*more));
	if (!more)
		return -ENOMEM;
	s->lives = more;
	memcpy(&more[s->life_cnt].dev, key, sizeof(uint32_t));
	memcpy(&more[s->life_cnt++].generation, value, sizeof(uint32_t));
	return 0;
}

/*
 * One that ended since the generations were read may be there already, with
 * what it hadn't been emptied of by then, or with what the next one has.
 */
static int put_gone(struct reader *r, const void *unused, const void *key,
		    const void *value)
{
	const struct trace_life *life = key;
	const struct trace_gone *g = value;
	struct sample_mount *m = find_live(r, life->dev);

	(void)unused;
	if (!m || m->generation != life->generation)
		m = append(r, *life);
	if (!m)
		return -ENOMEM;
	*m = (struct sample_mount){ .dev = life->dev,
				    .generation = life->generation,
				    .gone_ns = r->s->ns,
				    .hit_cnt = g->hit_cnt,
				    .c = g->c,
				    .spreads = g->spreads };
	add_hist(m, &g->hist);
	return 0;
}

/* Calls put for each entry of a map, which it empties if asked to. */
static int read_map(struct reader *r, int fd, size_t key_bytes,
		    size_t value_bytes, bool take,
		    int (*put)(struct reader *r, const void *arg,
			       const void *key, const void *value),
		    const void *arg)
{
	size_t most = BATCH_BYTES / value_bytes;
	uint32_t batch, cnt, *from = NULL;
	char *keys, *values;
	int err, put_err = 0;

	/* At least what lies in one bucket. */
	most = most < BATCH_MIN	  ? BATCH_MIN
	       : most > BATCH_MAX ? BATCH_MAX
				  : most;
	keys = malloc(most * key_bytes);
	values = malloc(most * value_bytes);
	err = keys && values ? 0 : -ENOMEM;
	while (!err && !put_err) {
		cnt = most;
		err = (take ? bpf_map_lookup_and_delete_batch
			    : bpf_map_lookup_batch)(fd, from, &batch, keys,
						    values, &cnt, NULL);
		if (err && err != -ENOENT) /* which is the end */
			break;
		from = &batch;
		for (uint32_t i = 0; i < cnt && !put_err; i++)
			put_err = put(r, arg, keys + i * key_bytes,
				      values + i * value_bytes);
	}
	free(values);
	free(keys);
	return put_err ?: err == -ENOENT ? 0 : err;
}

static int read_generations(struct reader *r)
{
	int err = read_map(r, trace_map(r->trace, "generations"), 4, 4, false,
			   put_generation, NULL);

	sample_sort(r->s);
	return err;
}

bool sample_is_outdated(const struct sample *s, struct trace *t)
{
	struct sample now = { 0 };
	struct reader r = { .trace = t, .s = &now };
	bool same =
		!read_generations(&r) && now.life_cnt == s->life_cnt &&
		(!now.life_cnt || !memcmp(now.lives, s->lives,
					  now.life_cnt * sizeof(*s->lives)));

	free(now.lives);
	return !same;
}

/* In this order, see retire.bpf.h. */
static int read_all(struct reader *r)
{
	struct sample *s = r->s;
	int err = read_generations(r);
	struct timespec now;

	for (size_t i = 0; !err && i < PART_CNT; i++)
		err = read_map(r, trace_map(r->trace, parts[i].map), 4,
			       value_bytes(&parts[i]), false, put_part,
			       &parts[i]);
	if (!err)
		err = read_map(r, trace_map(r->trace, "slots"), 4, 4, false,
			       put_slot, NULL);
	clock_gettime(CLOCK_MONOTONIC, &now);
	s->ns = now.tv_sec * 1000000000ull + now.tv_nsec;
	if (!err)
		err = read_map(r, trace_map(r->trace, "gone"),
			       sizeof(struct trace_life),
			       sizeof(struct trace_gone), true, put_gone, NULL);
	return err;
}

/* Hits without a request aren't counted, but follow from the others. */
static void derive_fresh(struct sample_mount *m)
{
	uint64_t relooked = m->c.outcome_cnt[TRACE_RELOOKED];

	m->c.outcome_cnt[TRACE_FRESH] =
		m->hit_cnt > relooked ? m->hit_cnt - relooked : 0;
}

static int put_notifying(const struct trace_notifying *n, void *arg)
{
	struct reader *r = arg;
	struct sample_mount *m = find_or_add(r, n->dev);
	uint64_t took_ns = r->s->ns > n->ns ? r->s->ns - n->ns : 0;

	if (!m)
		return -ENOMEM;
	m->notifying_cnt++;
	if (took_ns > m->notifying_ns)
		m->notifying_ns = took_ns;
	return 0;
}

struct sample *sample_read(struct trace *t)
{
	struct reader r = { .trace = t, .s = calloc(1, sizeof(*r.s)) };
	int err = r.s ? read_all(&r) : -ENOMEM;

	if (!err)
		err = trace_notifying(t, put_notifying, &r);
	tdestroy(r.places, free);
	if (err) {
		sample_free(r.s);
		errno = -err;
		return NULL;
	}
	sample_sort(r.s);
	for (size_t i = 0; i < r.s->cnt; i++)
		derive_fresh(&r.s->mounts[i]);
	for (int i = 0; i < TRACE_LOST_KINDS; i++)
		r.s->lost[i] = trace_lost(t, i);
	/* The part first: the sum is never less. */
	r.s->unassigned_cnt = trace_unassigned(t);
	r.s->missed_cnt = trace_missed(t);
	return r.s;
}

int sample_read_mount(struct trace *t, uint32_t dev, struct sample_mount *m)
{
	uint32_t slot = 0;
	int err = 0;

	memset(m, 0, sizeof(*m));
	m->dev = dev;
	/* 0, which is nobody's, if it has none */
	bpf_map_lookup_elem(trace_map(t, "slots"), &dev, &slot);
	for (size_t i = 0; !err && i < PART_CNT; i++) {
		if (parts[i].add == add_hist || parts[i].add == add_spreads)
			continue;
		err = read_entry(m, t, &parts[i], parts[i].map, dev);
		if (!err && slot)
			err = read_entry(m, t, &parts[i], parts[i].by_slot,
					 slot);
	}
	derive_fresh(m);
	return err;
}
