// SPDX-License-Identifier: GPL-2.0-only
/*
 * No stale hit after a bump has returned, whatever two CPUs do meanwhile.
 * Clients look up, list, create, rename and remove under a storm of bumps.
 * What the server answers only ever grows: an access that shows less than the
 * server said before the last bump that had returned when it began is stale.
 * In v8 inodes are, by the race that test_readdirplus shows, and sizes, by that
 * of test_attributes; negative dentries and own names aren't.  So that neither is
 * left to chance, now and then READDIRPLUS is answered from before a bump.
 *
 * STRESS_SECONDS: how long, else a short time.  STRESS_OPERATIONS: instead of that,
 * how many accesses at least; most of them are hits then.
 *
 * cpus: 2
 * red: v8 shrink 7.3/mainline
 */
#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kernel/testfs/client.h"
#include "kernel/testfs/ktap.h"
#include "kernel/testfs/server.h"

enum {
	CLIENTS = 2,
	NAMES = 8,
	DEFAULT_S = 3,
	LEAST_BUMPS = 300, /* however long that takes: so many show a race */
	BUMPS_PER_LATE_REPLY = 8,
	MIX = 16, /* so many kinds of access, and a bump as often */
	COUNTED_MIX = 512, /* those that are more are mostly hits */
};

static unsigned int mix = MIX;

/* What the kinds of access found; each is written by its client only. */
struct tally {
	uint64_t accesses;
	uint64_t inodes, sizes, negatives; /* stale */
	uint64_t own; /* of names that the client made, wrong */
};

struct client {
	pthread_t thread;
	int number;
	int hot, fresh, own; /* directories */
	unsigned int random;
	struct tally tally;
};

/* What the server had said before the last bump that has returned. */
static _Atomic uint64_t floor_ino[NAMES], floor_size, floor_number;
static _Atomic uint64_t accesses;
static atomic_bool stop;

/* The truth: names in hot get new inodes, names appear in fresh. */
static uint64_t hot, fresh, sized, number, size;

static unsigned int random_below(unsigned int *state, unsigned int limit)
{
	*state = *state * 1103515245 + 12345;
	return (*state >> 16) % limit;
}

/* By the directory's descriptor or, every other time, all the way. */
static int stat_in(struct client *client, int fd, const char *dir,
		   const char *name, struct stat *st)
{
	char path[64];

	client->tally.accesses++;
	atomic_fetch_add(&accesses, 1);
	if (random_below(&client->random, 2))
		return fstatat(fd, name, st, AT_SYMLINK_NOFOLLOW);
	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return lstat(server_path(path), st);
}

static void see_inode(struct client *client)
{
	unsigned int i = random_below(&client->random, NAMES);
	uint64_t least = atomic_load(&floor_ino[i]);
	char name[16];
	struct stat st;

	snprintf(name, sizeof(name), "%u", i);
	if (stat_in(client, client->hot, "hot", name, &st) || st.st_ino < least)
		client->tally.inodes++;
}

static void see_size(struct client *client)
{
	uint64_t least = atomic_load(&floor_size);
	struct stat st;

	if (stat_in(client, client->hot, "hot", "sized", &st) ||
	    (uint64_t)st.st_size < least)
		client->tally.sizes++;
}

/* The next name isn't there yet, or just: that leaves a negative dentry. */
static void see_negative(struct client *client)
{
	uint64_t newest = atomic_load(&floor_number);
	char name[24];
	struct stat st;

	snprintf(name, sizeof(name), "%lu", newest);
	if (stat_in(client, client->fresh, "fresh", name, &st))
		client->tally.negatives++;
	snprintf(name, sizeof(name), "%lu", newest + 1);
	stat_in(client, client->fresh, "fresh", name, &st);
}

/* Only this client knows these names: what it did must be what it sees. */
static void make(struct client *client)
{
	struct stat made, st;
	char a[16], b[16];
	bool right;
	int fd;

	snprintf(a, sizeof(a), "a%d", client->number);
	snprintf(b, sizeof(b), "b%d", client->number);
	fd = openat(client->own, a, O_CREAT | O_EXCL | O_WRONLY, 0644);
	right = fd >= 0 && !fstat(fd, &made) && !close(fd) &&
		!stat_in(client, client->own, "own", a, &st) &&
		st.st_ino == made.st_ino &&
		!renameat(client->own, a, client->own, b) &&
		stat_in(client, client->own, "own", a, &st) &&
		!stat_in(client, client->own, "own", b, &st) &&
		st.st_ino == made.st_ino && !unlinkat(client->own, b, 0) &&
		stat_in(client, client->own, "own", b, &st);
	if (!right)
		client->tally.own++;
}

/* And look at what that brought, before a walk from the root takes it down. */
static void list(struct client *client)
{
	int fd = openat(client->hot, ".", O_RDONLY | O_DIRECTORY);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	uint64_t least;
	struct stat st;

	while (dir && readdir(dir))
		;
	least = atomic_load(&floor_size);
	if (!dir || fstatat(fd, "sized", &st, 0) ||
	    (uint64_t)st.st_size < least)
		client->tally.sizes++;
	if (dir)
		closedir(dir);
}

static void *run(void *arg)
{
	struct client *client = arg;

	server_pin(client->number);
	while (!atomic_load(&stop)) {
		switch (random_below(&client->random, mix)) {
		case 0:
			make(client);
			break;
		case 1 ... 3:
			list(client);
			break;
		case 4 ... 5:
			see_negative(client);
			break;
		case 6 ... 9:
			see_size(client);
			break;
		default:
			see_inode(client);
		}
	}
	return NULL;
}

/* Change everything a little, tell the kernel, then publish it as the least. */
static bool step(unsigned int *state, bool bump)
{
	unsigned int i = random_below(state, NAMES);
	char name[24];
	uint64_t ino;

	snprintf(name, sizeof(name), "%u", i);
	ino = tree_replace(hot, name, S_IFREG | 0644);
	tree_set_size(sized, ++size);
	snprintf(name, sizeof(name), "%lu", ++number);
	tree_add(fresh, name, S_IFREG | 0644);
	if (bump && server_bump())
		return false;
	atomic_store(&floor_ino[i], ino);
	atomic_store(&floor_size, size);
	atomic_store(&floor_number, number);
	return true;
}

/* How long a storm lasts: both, and LEAST_BUMPS. */
struct span {
	unsigned int ms;
	uint64_t access_cnt;
};

/* Returns how many bumps there were. */
static uint64_t storm(struct span span, bool bump)
{
	uint64_t end_us = now_us() + span.ms * 1000ull, bumps, next;
	uint64_t end = atomic_load(&accesses) + span.access_cnt;
	unsigned int state = 1;
	bool late, right;

	for (bumps = 0; bumps < LEAST_BUMPS || now_us() < end_us ||
			atomic_load(&accesses) < end;
	     bumps++) {
		late = bump && bumps % BUMPS_PER_LATE_REPLY == 0;
		if (late) {
			server_hold(FUSE_READDIRPLUS, 0);
			server_wait_held();
		}
		right = step(&state, bump);
		if (late)
			server_release();
		if (!right)
			return 0;
		/* Between two of them there are hits, or next to none. */
		next = atomic_load(&accesses) + random_below(&state, mix);
		while (atomic_load(&accesses) < next)
			sched_yield();
	}
	return bumps;
}

static struct tally with_clients(struct span span, bool bump, uint64_t *bumps)
{
	struct client clients[CLIENTS];
	struct tally sum = { 0 };
	int i;

	/* What the control published without a bump counts from now on. */
	if (bump)
		server_bump();
	atomic_store(&stop, false);
	for (i = 0; i < CLIENTS; i++) {
		clients[i] = (struct client){
			.number = i,
			.hot = open(server_path("hot"), O_RDONLY),
			.fresh = open(server_path("fresh"), O_RDONLY),
			.own = open(server_path("own"), O_RDONLY),
			.random = i + 1,
		};
		pthread_create(&clients[i].thread, NULL, run, &clients[i]);
	}
	*bumps = storm(span, bump);
	atomic_store(&stop, true);
	for (i = 0; i < CLIENTS; i++) {
		pthread_join(clients[i].thread, NULL);
		close(clients[i].hot);
		close(clients[i].fresh);
		close(clients[i].own);
		sum.accesses += clients[i].tally.accesses;
		sum.inodes += clients[i].tally.inodes;
		sum.sizes += clients[i].tally.sizes;
		sum.negatives += clients[i].tally.negatives;
		sum.own += clients[i].tally.own;
	}
	return sum;
}

static void run_storm(const char *mode, struct span span)
{
	uint64_t lookups = server_count(FUSE_LOOKUP), bumps;
	struct tally tally = with_clients(span, true, &bumps);

	lookups = server_count(FUSE_LOOKUP) - lookups;
	ktap_control(bumps && tally.accesses > lookups,
		     "%s%lu bumps, %lu accesses, %lu LOOKUPs", mode, bumps,
		     tally.accesses, lookups);
	ktap_is(tally.inodes, 0, "stale inodes");
	ktap_is(tally.sizes, 0, "stale sizes");
	ktap_is(tally.negatives, 0, "stale negative dentries");
	ktap_is(tally.own, 0, "own names wrong");
}

static uint64_t number_wanted(const char *variable)
{
	const char *text = getenv(variable);

	return text ? strtoull(text, NULL, 10) : 0;
}

static struct span span_wanted(void)
{
	struct span span = {
		.ms = number_wanted("STRESS_SECONDS") * 1000,
		.access_cnt = number_wanted("STRESS_OPERATIONS"),
	};

	if (span.access_cnt)
		mix = COUNTED_MIX;
	else if (!span.ms)
		span.ms = DEFAULT_S * 1000;
	return span;
}

int main(void)
{
	struct span span = span_wanted(), half;
	struct tally tally;
	uint64_t bumps;
	char name[16];
	int i;

	ktap_begin();
	server_start();
	server_need_epochs();
	hot = tree_add(ROOT, "hot", S_IFDIR | 0755);
	fresh = tree_add(ROOT, "fresh", S_IFDIR | 0755);
	tree_add(ROOT, "own", S_IFDIR | 0755);
	sized = tree_add(hot, "sized", S_IFREG | 0644);
	for (i = 0; i < NAMES; i++) {
		snprintf(name, sizeof(name), "%d", i);
		atomic_store(&floor_ino[i], tree_add(hot, name, S_IFREG));
	}
	tree_add(fresh, "0", S_IFREG | 0644);

	tally = with_clients((struct span){ 0 }, false, &bumps);
	ktap_control(tally.inodes && tally.sizes && tally.negatives,
		     "without bumps stale are %lu inodes, %lu sizes, "
		     "%lu negative dentries",
		     tally.inodes, tally.sizes, tally.negatives);

	if (shrink_modes_exist()) {
		half = (struct span){ span.ms / 2, (span.access_cnt + 1) / 2 };
		set_shrink_mode("0");
		run_storm("epoch_shrink=0: ", half);
		set_shrink_mode("2");
		run_storm("epoch_shrink=2: ", half);
		set_shrink_mode("0");
	} else {
		run_storm("", span);
	}
	server_stop();
	return ktap_end();
}
