// SPDX-License-Identifier: GPL-2.0-only
/*
 * epoch_shrink=1 has no end while clients go on, and drops what they look up
 * meanwhile; 2 does neither.  Mode 1 is there to be measured: these are the
 * reasons why it is documented as unsafe, and the controls in mode 2.
 *
 * skip: v8 7.3
 */
#include <stdio.h>
#include <string.h>
#include <sys/klog.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kernel/testfs/client.h"
#include "kernel/testfs/ktap.h"
#include "kernel/testfs/server.h"

enum { CLIENTS = 4, DIRS = 20, FILES = 200, FRESH = 20, ENDLESS_MS = 2000 };

static pthread_t clients[CLIENTS];
static volatile bool stop;
static uint64_t witness;

/* List one directory after the other: READDIRPLUS fills the cache again. */
static void *list(void *unused)
{
	char name[16];
	int i;

	(void)unused;
	for (i = 0; !stop; i = (i + 1) % DIRS) {
		snprintf(name, sizeof(name), "dir%d", i);
		list_dir(name);
	}
	return NULL;
}

/*
 * The notification comes from a thread that yields to the clients, as with
 * many clients any would: they look up faster than it can drop.
 */
static void *bump(void *unused)
{
	(void)unused;
	if (nice(19) == 19)
		server_bump();
	return NULL;
}

static void start_clients(const char *mode)
{
	uint64_t enough = server_count(FUSE_READDIRPLUS) + DIRS * FILES / 10;
	int i;

	set_shrink_mode(mode);
	stop = false;
	for (i = 0; i < CLIENTS; i++)
		pthread_create(&clients[i], NULL, list, NULL);
	poll_until(server_count(FUSE_READDIRPLUS) >= enough, PATIENCE_MS);
}

static void stop_clients(void)
{
	int i;

	stop = true;
	for (i = 0; i < CLIENTS; i++)
		pthread_join(clients[i], NULL);
}

static bool is_stale(uint64_t ino, const char *path)
{
	uint32_t lookups = tree_lookups(ino);

	lookups_of(path); /* with those of the clients, so look at this one's */
	return tree_lookups(ino) != lookups;
}

/* Returns when the epoch has moved, whatever the notification still does. */
static bool begin(pthread_t *notify)
{
	lookups_of("witness");
	pthread_create(notify, NULL, bump, NULL);
	return poll_until(is_stale(witness, "witness"), PATIENCE_MS);
}

static void in_notify(void)
{
	pthread_t notify;
	bool ended;

	start_clients("1");
	ktap_ok(begin(&notify), "1: the epoch moves");
	lookups_of_all("fresh%u", FRESH);
	ended = joined_within(notify, ENDLESS_MS);
	ktap_ok(!ended, "1: the notification goes on after %d ms", ENDLESS_MS);
	stop_clients();
	if (!ktap_ok(ended || joined_within(notify, PATIENCE_MS),
		     "1: it ends when clients stop"))
		exit(ktap_end());
	ktap_is(lookups_of_all("fresh%u", FRESH), FRESH,
		"1: LOOKUPs of names of the current epoch, which it dropped");
}

static void in_work(void)
{
	uint64_t old = tree_add(ROOT, "old", S_IFREG | 0644);
	uint32_t forgets;
	pthread_t notify;

	start_clients("2");
	lookups_of("old");
	forgets = tree_forgets(old);
	ktap_ok(begin(&notify), "2: the epoch moves");
	lookups_of_all("fresh%u", FRESH);
	if (!ktap_ok(joined_within(notify, PATIENCE_MS),
		     "2: the notification ends while clients go on"))
		exit(ktap_end());
	ktap_ok(poll_until(tree_forgets(old) != forgets, PATIENCE_MS),
		"2: what is old is forgotten while clients go on");
	stop_clients();
	ktap_is(lookups_of_all("fresh%u", FRESH), 0,
		"2: LOOKUPs of names of the current epoch");
}

/* Eviction doesn't wait for it: the kernel keeps the inode until RELEASE. */
static void read_in_flight(const char *mode)
{
	pthread_t notify;

	set_shrink_mode(mode);
	leave_read_in_flight(mode);
	pthread_create(&notify, NULL, bump, NULL);
	if (!ktap_ok(joined_within(notify, PATIENCE_MS),
		     "%s: a closed file is being read: the notification ends",
		     mode)) {
		server_abort();
		exit(ktap_end());
	}
	server_release();
}

/* Lines of the kernel's log with this text. */
static int logged(const char *text)
{
	static char log[1 << 20];
	int bytes = klogctl(3 /* read all */, log, sizeof(log) - 1), count = 0;
	const char *at = log;

	log[bytes < 0 ? 0 : bytes] = 0;
	while ((at = strstr(at, text))) {
		at++;
		count++;
	}
	return count;
}

int main(void)
{
	char name[16];
	int i;

	ktap_begin();
	server_start();
	server_need_epochs();
	need_shrink_modes();
	witness = tree_add(ROOT, "witness", S_IFREG | 0644);
	add_files(ROOT, "fresh%u", FRESH);
	for (i = 0; i < DIRS; i++) {
		snprintf(name, sizeof(name), "dir%d", i);
		add_files(tree_add(ROOT, name, S_IFDIR | 0755), "%u", FILES);
	}

	in_notify();
	in_work();
	read_in_flight("1");
	read_in_flight("2");
	ktap_is(logged("epoch_shrink=1"), 1, "warnings of mode 1 in the log");

	set_shrink_mode("0");
	server_stop();
	return ktap_end();
}
