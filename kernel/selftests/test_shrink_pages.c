// SPDX-License-Identifier: GPL-2.0-only
/*
 * epoch_shrink=2 drops the pages of one large file in steps.
 * It finds them wherever they are, and leaves the rest to who wants the super
 * block meanwhile.  That is a remount here, which drops all that is unused: what
 * it had to do itself shows in the CPU time that it took.  Many may come too
 * late, if others take our CPUs; without the steps, nearly all do nothing.
 *
 * cpus: 2
 * red: shrink
 * skip: v8 7.3
 */
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "kernel/testfs/client.h"
#include "kernel/testfs/ktap.h"
#include "kernel/testfs/server.h"

enum { PAGE_BYTES = 4096, STEP_PAGES = 1024, STEPS = 64, TRIES = 15 };

/* Cache one page of @name at each of these, @cnt of them. */
static void read_pages(const char *name, const off_t *pages, unsigned int cnt)
{
	int fd = open(server_path(name), O_RDONLY);
	unsigned int i;
	char byte;

	posix_fadvise(fd, 0, 0, POSIX_FADV_RANDOM);
	for (i = 0; i < cnt; i++)
		if (pread(fd, &byte, 1, pages[i] * PAGE_BYTES) != 1)
			puts("# nothing was read");
	close(fd);
}

static uint64_t reads_of(const char *name, const off_t *pages, unsigned int cnt)
{
	uint64_t before = server_count(FUSE_READ);

	read_pages(name, pages, cnt);
	return server_count(FUSE_READ) - before;
}

/*
 * Pages that were read or used last are in batches of this CPU, which hold a
 * reference: nothing drops them meanwhile.  Others take their place.
 */
static void leave_batches(void)
{
	static off_t pages[64];
	enum { PAGES = sizeof(pages) / sizeof(*pages) };
	unsigned int i;

	for (i = 0; i < PAGES; i++)
		pages[i] = i;
	tree_set_size(tree_add(ROOT, "others", S_IFREG | 0644),
		      PAGES * PAGE_BYTES);
	for (i = 0; i < 3; i++)
		read_pages("others", pages, PAGES);
}

/* At both ends of steps, and far away; the file goes if none is left. */
static void all_steps(void)
{
	static const off_t pages[] = { 0,
				       STEP_PAGES - 1,
				       STEP_PAGES,
				       5 * STEP_PAGES + 7,
				       8 * STEP_PAGES - 1,
				       (off_t)1 << 40 };
	enum { PAGES = sizeof(pages) / sizeof(*pages) };
	uint64_t ino = tree_add(ROOT, "sparse", S_IFREG | 0644);

	tree_set_size(ino, (pages[PAGES - 1] + 1) * PAGE_BYTES);
	ktap_control_is(reads_of("sparse", pages, PAGES), PAGES, "READs");
	ktap_control_is(reads_of("sparse", pages, PAGES), 0,
			"READs: they are cached");
	leave_batches();
	ktap_control_is(tree_forgets(ino), 0, "FORGETs of it before a bump");
	server_bump();
	ktap_ok(poll_until(tree_forgets(ino), PATIENCE_MS),
		"the file is forgotten after it");
}

/* What is unused now, in this order: the work drops it in the same. */
static void cache_two(void)
{
	static char buffer[1 << 16];
	int fd = open(server_path("large"), O_RDONLY);

	lookups_of("first");
	while (read(fd, buffer, sizeof(buffer)) > 0)
		;
	close(fd);
}

/* CPU time of this thread. */
static uint64_t cpu_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &ts);
	return ts.tv_sec * 1000000000ull + ts.tv_nsec;
}

static uint64_t remount_ns(void)
{
	uint64_t start_ns = cpu_ns();

	mount(NULL, server_path(""), NULL, MS_REMOUNT | MS_NOSUID | MS_NODEV,
	      NULL);
	return cpu_ns() - start_ns;
}

/*
 * Come when the work has forgotten the first, and is at the second; 0: that was
 * done, too, before we had a CPU.
 */
static uint64_t remount_meanwhile_ns(void)
{
	uint64_t before = server_forgotten(), start_us = now_us();
	bool late;

	server_bump();
	while (server_forgotten() == before &&
	       now_us() - start_us < PATIENCE_MS * 1000ull)
		sched_yield();
	late = server_forgotten() > before + 1;
	return late ? 0 : remount_ns();
}

static void lets_others_through(void)
{
	uint64_t first = tree_add(ROOT, "first", S_IFREG | 0644);
	uint64_t large = tree_add(ROOT, "large", S_IFREG | 0644), all_ns;
	unsigned int i, early = 0, tries = 0;
	uint64_t ns;

	tree_set_size(large, (off_t)STEPS * STEP_PAGES * PAGE_BYTES);
	set_shrink_mode("0");
	cache_two();
	all_ns = remount_ns();
	ktap_control(poll_until(tree_forgets(first) && tree_forgets(large),
				PATIENCE_MS),
		     "a remount drops what is unused");
	set_shrink_mode("2");
	for (i = 0; i < 10 * TRIES && tries < TRIES; i++) {
		cache_two();
		ns = remount_meanwhile_ns();
		tries += ns > 0;
		early += ns > all_ns / 4;
	}
	printf("# %u of %u remounts dropped pages themselves\n", early, tries);
	ktap_control_is(tries, TRIES, "remounts that came in time");
	ktap_ok(early > 2 * TRIES / 5,
		"a remount needn't wait for all pages of a file");
}

int main(void)
{
	ktap_begin();
	server_start();
	server_need_epochs();
	need_shrink_modes();
	set_shrink_mode("2");
	all_steps();
	lets_others_through();
	set_shrink_mode("0");
	server_stop();
	return ktap_end();
}
