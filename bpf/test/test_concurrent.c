// SPDX-License-Identifier: GPL-2.0-only
/*
 * Threads that walk at the same time, over hits and over names that expire at
 * once: epochstat counts each walk, and each LOOKUP that the server saw.  Where
 * the kernel can be preempted it may miss some, and says how many.
 *
 * only: v8
 * program: epochstat
 */
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "kernel/testfs/client.h"
#include "kernel/testfs/ktap.h"
#include "kernel/testfs/server.h"
#include "tracer.h"

enum { THREADS = 4, WALKS = 20000, SLOW_WALKS = 500 };

static unsigned int walks;
static bool can_be_preempted;

static void *walk(void *unused)
{
	struct stat st;

	(void)unused;
	for (unsigned int i = 0; i < walks; i++)
		lstat(server_path("a/b/f"), &st);
	return NULL;
}

/* Each thread walks so often; three components each. */
static void walk_at_once(unsigned int often)
{
	pthread_t threads[THREADS];
	cpu_set_t all;

	CPU_ZERO(&all);
	for (int i = 0; i < 64; i++)
		CPU_SET(i, &all);
	walks = often;
	for (int i = 0; i < THREADS; i++) {
		pthread_create(&threads[i], NULL, walk, NULL);
		pthread_setaffinity_np(threads[i], sizeof(all), &all);
	}
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
}

static uint64_t end(void)
{
	uint64_t missed;

	ktap_ok(tracer_stop() == 0, "the tracer ends well");
	ktap_is(tracer_sum("lost.counts") + tracer_sum("lost.state"), 0,
		"lost for want of memory");
	missed = tracer_sum("lost.programs");
	if (!can_be_preempted)
		ktap_is(missed, 0, "programs that weren't run");
	else
		printf("# programs that weren't run: %llu\n",
		       (unsigned long long)missed);
	return missed;
}

/* Equal, or short of it by what the tracer says that it has missed. */
static void is_short_by(uint64_t got, uint64_t wanted, uint64_t missed,
			const char *what)
{
	if (got == wanted || !missed)
		ktap_is(got, wanted, what);
	else
		ktap_ok(got < wanted && got + missed >= wanted,
			"%s: %llu of %llu, %llu missed", what,
			(unsigned long long)got, (unsigned long long)wanted,
			(unsigned long long)missed);
}

int main(void)
{
	uint64_t a, b, before, missed;
	struct utsname u;

	ktap_begin();
	uname(&u);
	can_be_preempted = strstr(u.version, "PREEMPT");
	server_start();
	a = tree_add(ROOT, "a", S_IFDIR | 0755);
	b = tree_add(a, "b", S_IFDIR | 0755);
	tree_add(b, "f", S_IFREG | 0644);
	lookups_of("a/b/f");

	tracer_start("epochstat", "-j", "3600", NULL);
	walk_at_once(WALKS);
	missed = end();
	/* Of the only program that runs: what is missing is known exactly. */
	ktap_is(tracer_sum("outcome_cnt.fresh") + missed, 3 * THREADS * WALKS,
		"hits, and those missed");
	ktap_is(tracer_sum("lost.revalidations"), missed,
		"those missed are revalidations");
	ktap_is(tracer_sum("lookup_cnt"), 0, "LOOKUPs");

	tree_set_valid_s(0);
	server_bump();
	tracer_start("epochstat", "-j", "3600", NULL);
	before = server_count(FUSE_LOOKUP);
	walk_at_once(SLOW_WALKS);
	missed = end();
	is_short_by(tracer_sum("lookup_cnt"),
		    server_count(FUSE_LOOKUP) - before, missed,
		    "LOOKUPs, as the server saw");
	printf("# %llu relooked, %llu stale, %llu again\n",
	       (unsigned long long)tracer_sum("outcome_cnt.relooked"),
	       (unsigned long long)tracer_sum("outcome_cnt.epoch"),
	       (unsigned long long)tracer_sum("rcu_retry_cnt"));
	if (!missed)
		ktap_is(tracer_sum("outcome_cnt.error") +
				tracer_sum("outcome_cnt.gone") +
				tracer_sum("outcome_cnt.changed"),
			0, "wrong causes");
	server_stop();
	return ktap_end();
}
