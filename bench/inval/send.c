// SPDX-License-Identifier: GPL-2.0-only
/*
 * send.c - the notify loop: one write() after another, and nothing else.
 */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "bench/lib/clock.h"
#include "inval.h"
#include "bench/lib/marker.h"
#include "message.h"

struct sender {
	pthread_t thread;
	pthread_mutex_t *gate; /* closed until all have started */
	int dev;
	const struct inval_method *m;
	const struct tree *t;
	uint64_t first, end; /* this thread's messages */
	unsigned int op;
	const _Atomic uint32_t *stop;
	char *bare; /* length and message by turns, or NULL */
	size_t bare_bytes;
	struct inval_result res;
	uint64_t begin_at, end_at;
};

static void send_one(struct sender *s, const char *msg, size_t len)
{
	if (write(s->dev, msg, len) == (ssize_t)len)
		return;
	if (!s->res.msg_error_cnt++)
		s->res.first_errno = errno;
}

static void send_loop(struct sender *s)
{
	char msg[MESSAGE_MAX_BYTES] __attribute__((aligned(8)));

	for (uint64_t i = s->first; i < s->end && !*s->stop; i++)
		send_one(s, msg, s->m->build(s->t, i, msg));
}

/* The same with a look at the clock before and after each: not for a total. */
static void send_each(struct sender *s)
{
	char msg[MESSAGE_MAX_BYTES] __attribute__((aligned(64)));
	uint64_t at, cost;

	marker_select(s->op);
	for (uint64_t i = s->first; i < s->end && !*s->stop; i++) {
		size_t len = s->m->build(s->t, i, msg);

		at = clock_begin();
		send_one(s, msg, len);
		cost = clock_end() - at;
		if (cost < s->res.least_cost)
			s->res.least_cost = cost;
	}
}

static void send_bare(struct sender *s)
{
	const char *p = s->bare;

	for (uint64_t i = s->first; i < s->end && !*s->stop; i++) {
		size_t len = *(const size_t *)p;

		send_one(s, p + sizeof(len), len);
		p += sizeof(len) + ((len + 7) & ~7UL);
	}
}

/* All messages of s into one mapping, so that the loop only has to write. */
static int build_bare(struct sender *s)
{
	char msg[MESSAGE_MAX_BYTES] __attribute__((aligned(8)));
	size_t len = 0;
	char *p;

	for (uint64_t i = s->first; i < s->end; i++)
		len += sizeof(len) + ((s->m->build(s->t, i, msg) + 7) & ~7UL);
	s->bare_bytes = len;
	if (!len)
		return 0;
	p = mmap(NULL, len, PROT_READ | PROT_WRITE,
		 MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	if (p == MAP_FAILED)
		return -errno;
	s->bare = p;
	for (uint64_t i = s->first; i < s->end; i++) {
		len = s->m->build(s->t, i, p + sizeof(len));
		*(size_t *)p = len;
		p += sizeof(len) + ((len + 7) & ~7UL);
	}
	return 0;
}

static void *run(void *arg)
{
	struct sender *s = arg;

	if (s->gate) {
		pthread_mutex_lock(s->gate);
		pthread_mutex_unlock(s->gate);
	}
	s->begin_at = clock_now();
	if (s->op)
		send_each(s);
	else if (s->bare)
		send_bare(s);
	else
		send_loop(s);
	s->end_at = clock_now();
	return NULL;
}

/* Runs the senders, the first in this thread. */
static int run_all(struct sender *s, unsigned int threads)
{
	pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
	unsigned int started = 1;
	int err = 0;

	pthread_mutex_lock(&gate);
	for (; started < threads; started++) {
		s[started].gate = &gate;
		err = -pthread_create(&s[started].thread, NULL, run,
				      &s[started]);
		if (err)
			break;
	}
	if (err) /* send nothing rather than a part */
		for (unsigned int i = 0; i < threads; i++)
			s[i].end = s[i].first;
	pthread_mutex_unlock(&gate);
	run(s);
	for (unsigned int i = 1; i < started; i++)
		pthread_join(s[i].thread, NULL);
	return err;
}

int inval_send(int dev, const struct inval_method *m, const struct tree *t,
	       unsigned int threads, bool bare, unsigned int op,
	       const _Atomic uint32_t *stop, struct inval_result *res)
{
	uint64_t cnt = m->msg_cnt(t), begin = UINT64_MAX, end = 0;
	struct sender *s;
	int err = 0;

	memset(res, 0, sizeof(*res));
	res->least_cost = UINT64_MAX;
	if (threads > cnt)
		threads = cnt ? (unsigned int)cnt : 1;
	s = calloc(threads, sizeof(*s));
	if (!s)
		return -ENOMEM;
	for (unsigned int i = 0; i < threads && !err; i++) {
		s[i].dev = dev;
		s[i].m = m;
		s[i].t = t;
		s[i].op = op;
		s[i].stop = stop;
		s[i].res.least_cost = UINT64_MAX;
		s[i].first = cnt * i / threads;
		s[i].end = cnt * (i + 1) / threads;
		if (bare)
			err = build_bare(&s[i]);
	}
	if (!err)
		err = run_all(s, threads);
	for (unsigned int i = 0; i < threads; i++) {
		if (s[i].bare)
			munmap(s[i].bare, s[i].bare_bytes);
		if (s[i].begin_at < begin)
			begin = s[i].begin_at;
		if (s[i].end_at > end)
			end = s[i].end_at;
		if (s[i].res.least_cost < res->least_cost)
			res->least_cost = s[i].res.least_cost;
		res->msg_error_cnt += s[i].res.msg_error_cnt;
		if (!res->first_errno)
			res->first_errno = s[i].res.first_errno;
	}
	res->msg_cnt = cnt;
	res->cost = err ? 0 : end - begin;
	free(s);
	return err;
}
