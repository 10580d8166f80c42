// SPDX-License-Identifier: GPL-2.0-only
/*
 * Any two kinds of access at once, while bumps and the shrinker go on, end.
 * And afterwards each name still is what it was.  Both are on a few names and
 * a CPU of their own, so that they meet: this is where scripts/debug-check has
 * KCSAN look for data races.  It runs without epochs too, for comparison.
 *
 * STRESS_SECONDS: how long, else a short time.
 *
 * cpus: 2
 */
#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kernel/testfs/client.h"
#include "kernel/testfs/ktap.h"
#include "kernel/testfs/server.h"

enum { NAMES = 8, DEFAULT_MS = 3000, LONGEST_PAUSE_US = 50000 };

static atomic_bool stop;

static const char *path_of(const char *format, unsigned int i)
{
	char path[32];

	snprintf(path, sizeof(path), format, i % NAMES);
	return server_path(path);
}

static void lookup(unsigned int random)
{
	struct stat st;

	/* Others use the first names: the second may be dropped meanwhile. */
	static const char *const formats[] = { "dir/%u", "dir/second%u",
					       "dir/absent%u" };

	lstat(path_of(formats[random / 64 % 3], random), &st);
}

static void create(unsigned int random)
{
	const char *new = path_of("dir/new%u", random);

	close(open(new, O_CREAT | O_WRONLY, 0644));
	unlink(new);
	mkdir(new, 0755);
	rmdir(new);
	link(path_of("dir/%u", random), new);
	unlink(new);
}

static void move(unsigned int random)
{
	const char *here = path_of("dir/%u", random);
	const char *there = path_of("dir/moved%u", random);

	rename(here, there);
	rename(there, here);
}

static void list(unsigned int random)
{
	DIR *dir = opendir(server_path("dir"));

	(void)random;
	while (dir && readdir(dir))
		;
	if (dir)
		closedir(dir);
}

static void read_file(unsigned int random)
{
	int fd = open(path_of("dir/%u", random), O_RDONLY);
	struct stat st;
	char byte;

	if (fd < 0)
		return;
	pread(fd, &byte, 1, random & 64 ? 0 : 4096);
	posix_fadvise(fd, 0, 0,
		      random & 128 ? POSIX_FADV_DONTNEED : POSIX_FADV_WILLNEED);
	fstat(fd, &st);
	close(fd);
}

static void change(unsigned int random)
{
	const char *path = path_of("dir/%u", random);

	if (random & 64)
		chmod(path, random & 0777);
	else
		truncate(path, random & 8191);
}

static void bump(unsigned int random)
{
	(void)random;
	server_bump();
}

static void set_shrink(unsigned int random)
{
	set_shrink_mode(random & 64 ? "2" : "0");
}

static const struct kind {
	const char *name;
	void (*access)(unsigned int random);
} kinds[] = {
	{ "lookup", lookup },  { "create", create },
	{ "rename", move },    { "readdir", list },
	{ "read", read_file }, { "setattr", change },
	{ "bump", bump },      { "epoch_shrink", set_shrink },
};

enum { KINDS = sizeof(kinds) / sizeof(*kinds) };

struct client {
	pthread_t thread;
	const struct kind *kind;
	int cpu;
	_Atomic uint64_t accesses;
};

static void *run(void *arg)
{
	struct client *client = arg;
	unsigned int state = client->cpu + 1;

	server_pin(client->cpu);
	/* Else the server waits until the first, which may never sleep, has
	 * used up its slice of their CPU, and the second gets nowhere. */
	sched_setscheduler(0, SCHED_IDLE, &(struct sched_param){ 0 });
	while (!atomic_load(&stop)) {
		client->kind->access(rand_r(&state));
		client->accesses++;
	}
	return NULL;
}

static bool both_got_through(struct client *clients)
{
	return clients[0].accesses && clients[1].accesses;
}

/*
 * Now and then, so that between two bumps there are hits too.  Beyond the limit
 * only where a client is starved.
 */
static void bump_for(unsigned int limit_ms, struct client *clients)
{
	uint64_t start_us = now_us(), spent_ms;
	unsigned int state = 1;

	do {
		server_bump();
		usleep(rand_r(&state) % LONGEST_PAUSE_US);
		spent_ms = (now_us() - start_us) / 1000;
	} while (spent_ms < limit_ms ||
		 (!both_got_through(clients) && spent_ms < PATIENCE_MS));
}

static void run_pair(const struct kind *a, const struct kind *b,
		     unsigned int limit_ms)
{
	struct client clients[] = { { .kind = a, .cpu = 0 },
				    { .kind = b, .cpu = 1 } };
	uint64_t dir, inos[NAMES];
	unsigned int i, wrong = 0;
	char name[16];
	struct stat st;

	server_start();
	dir = tree_add(ROOT, "dir", S_IFDIR | 0755);
	for (i = 0; i < NAMES; i++) {
		snprintf(name, sizeof(name), "%u", i);
		inos[i] = tree_add(dir, name, S_IFREG | 0644);
		tree_set_size(inos[i], 8192);
		snprintf(name, sizeof(name), "second%u", i);
		tree_link(inos[i], dir, name);
	}
	atomic_store(&stop, false);
	for (i = 0; i < 2; i++)
		pthread_create(&clients[i].thread, NULL, run, &clients[i]);
	bump_for(limit_ms, clients);
	atomic_store(&stop, true);
	for (i = 0; i < 2; i++)
		pthread_join(clients[i].thread, NULL);
	for (i = 0; i < NAMES; i++)
		wrong += lstat(path_of("dir/%u", i), &st) ||
			 st.st_ino != inos[i];
	ktap_control(both_got_through(clients), "%lu times %s and %lu times %s",
		     clients[0].accesses, a->name, clients[1].accesses,
		     b->name);
	ktap_is(wrong, 0, "names that are wrong after that");
	server_stop();
}

int main(void)
{
	const char *seconds = getenv("STRESS_SECONDS");
	unsigned int limit_ms = (seconds ? atoi(seconds) : 0) * 1000;
	unsigned int count, i, j;

	ktap_begin();
	/* The last kind is of use only where there is that parameter. */
	count = shrink_modes_exist() ? KINDS : KINDS - 1;
	if (!limit_ms)
		limit_ms = DEFAULT_MS;
	limit_ms /= count * (count + 1) / 2;
	for (i = 0; i < count; i++)
		for (j = i; j < count; j++) {
			if (count == KINDS)
				set_shrink_mode("2");
			run_pair(&kinds[i], &kinds[j], limit_ms);
		}
	if (count == KINDS)
		set_shrink_mode("0");
	return ktap_end();
}
