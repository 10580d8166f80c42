// SPDX-License-Identifier: GPL-2.0-only
/*
 * The next mount gets the device number of one that is gone: neither has counts
 * of the other, none is lost, and what is gone isn't exported for ever.
 *
 * cpus: 2
 * only: v8
 * program: epochstat
 */
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kernel/testfs/client.h"
#include "kernel/testfs/ktap.h"
#include "kernel/testfs/server.h"
#include "metrics.h"
#include "tracer.h"

enum { HITS = 1000, FEW = 10 };

static char first[256]; /* where the first was mounted */
static unsigned int number; /* of its device */

/* Returns whether the number is the one that the first had. */
static bool begin(void)
{
	server_start();
	tree_add(ROOT, "file", S_IFREG | 0644);
	return server_connection() == number;
}

static void begin_first(void)
{
	begin();
	number = server_connection();
	snprintf(first, sizeof(first), "%s", server_path(""));
	first[strlen(first) - 1] = 0;
}

/* One LOOKUP, and so many hits: half of them on the other CPU. */
static void hit(unsigned int hits)
{
	for (unsigned int i = 0; i <= hits; i++) {
		if (i == hits / 2 + 1)
			server_pin(1);
		lookups_of("file");
	}
	server_pin(0);
}

/* Two lives within one interval. */
/* The first ends, and another has its number: its path. */
static void begin_second(char *path, size_t len)
{
	server_stop();
	ktap_control(begin(), "the number is used again");
	hit(FEW);
	snprintf(path, len, "%s", server_path(""));
	path[strlen(path) - 1] = 0;
}

static void in_json(void)
{
	begin_first();
	tracer_start("epochstat", "-j", "3600", NULL);
	hit(HITS);
	server_bump();
	server_stop();
	ktap_control(begin(), "the number is used again");
	hit(FEW);
	ktap_ok(tracer_stop() == 0, "the tracer ends well");
	ktap_is(tracer_sum_of(first, "outcome_cnt.fresh"), HITS,
		"hits of the first");
	ktap_is(tracer_sum_of(first, "lookup_cnt"), 1, "its LOOKUPs");
	/* The file and the root. */
	ktap_is(tracer_sum_of(first, "freed_cnt"), 2, "its dentries");
	ktap_is(tracer_sum("outcome_cnt.fresh"), FEW, "hits of the second");
	ktap_is(tracer_sum("lookup_cnt"), 1, "its LOOKUPs");
	ktap_is(tracer_sum("freed_cnt"), 0, "its dentries");
	ktap_is(tracer_last("lost.counts"), 0, "without a counter");
	server_stop();
}

/* Many lives, each of some intervals. */
static void in_many_lives(bool epochs)
{
	uint64_t hits = 0, total = 0, lives = 0;
	json_t *line;
	size_t i;

	begin_first();
	tracer_start("epochstat", "-j", "-a", "0.01", NULL);
	for (unsigned int life = 0; life < 20; life++) {
		hit(FEW + life);
		total += FEW + life;
		if (life == 19)
			break;
		server_pin(1); /* where the tracer isn't: it may be reading */
		server_stop();
		lives += begin();
	}
	tracer_settle();
	ktap_control_is(lives, 19, "lives with the number of the first");
	if (epochs)
		ktap_is(tracer_last("epoch"), 1, "the epoch of the last");
	ktap_ok(tracer_stop() == 0, "it ends well");
	json_array_foreach (tracer_lines(), i, line)
		hits += json_integer_value(json_object_get(
			json_object_get(line, "outcome_cnt"), "fresh"));
	ktap_is(hits, total, "hits of all lives");
	server_stop();
}

/* A daemon that has its device open still, and says something. */
static void in_old_hands(void)
{
	struct fuse_out_header bump = { .len = sizeof(bump),
					.error = FUSE_NOTIFY_INC_EPOCH };
	int fd;

	begin_first();
	tracer_start("epochstat", "-j", "3600", NULL);
	fd = dup(server_fd());
	server_bump();
	server_stop();
	ktap_control(begin(), "the number is used again");
	/* Some kernels take it, others don't. */
	if (write(fd, &bump, sizeof(bump)) != sizeof(bump))
		puts("# not taken");
	hit(FEW);
	ktap_ok(tracer_stop() == 0, "it ends well");
	ktap_is(tracer_sum("notify_cnt.inc_epoch"), 0, "bumps of the second");
	ktap_is(tracer_sum("notify_failed_cnt"), 0, "refused");
	if (tracer_sum_of(first, "notify_cnt.inc_epoch"))
		ktap_is(tracer_last("epoch"), 1, "its epoch");
	close(fd);
	server_stop();
}

static bool move_to(const char *from, const char *to)
{
	return !mount(from, to, NULL, MS_MOVE, NULL);
}

/* One mount point was asked for; the second may come there, or stay away. */
static void at_one_place(bool there)
{
	char second[256];

	begin_first();
	tracer_start("epochstat", "-j", "-M", first, "3600", NULL);
	hit(HITS);
	begin_second(second, sizeof(second));
	if (there)
		ktap_control(!mkdir(first, 0700) && move_to(second, first),
			     "it moves to where the first was");
	ktap_ok(tracer_stop() == 0, "it ends well with -M");
	ktap_is(json_array_size(tracer_lines()), 1 + there, "lines with -M");
	ktap_is(tracer_sum_of(first, "outcome_cnt.fresh"),
		there ? HITS + FEW : HITS, "hits at that place");
	if (there)
		ktap_control(move_to(first, second) && !rmdir(first),
			     "it moves back");
	server_stop();
}

static double hits_of(const char *mount)
{
	return metrics_value_of(mount, "fuse_dentry_revalidations_total",
				"outcome=\"fresh\"");
}

/* Nothing of it is exported any more. */
static bool is_dropped(const char *mount)
{
	return metrics_scrape() && hits_of(mount) == -1;
}

static void in_metrics(bool epochs)
{
	char second[256];

	begin_first();
	tracer_start("epochstat", "--listen", "0", "--grace", "0.5", "-H",
		     NULL);
	ktap_ok(poll_until(metrics_port(), PATIENCE_MS), "it listens");
	hit(FEW);
	ktap_ok(metrics_scrape(), "metrics are answered");
	hit(HITS);
	begin_second(second, sizeof(second));
	ktap_ok(metrics_scrape(), "and again");
	ktap_is(hits_of(first), FEW + HITS + 1, "hits of the first");
	ktap_is(metrics_value_of(first, "fuse_dentry_revalidate_seconds_bucket",
				 "outcome=\"fresh\",le=\"+Inf\""),
		FEW + HITS + 1, "as many in its histogram");
	ktap_is(metrics_value_of(first, "fuse_lookup_service_seconds_count",
				 ""),
		1, "its LOOKUPs in another");
	ktap_is(hits_of(second), FEW, "hits of the second");
	ktap_is(metrics_value("fuse_dentry_revalidate_seconds_bucket",
			      "outcome=\"fresh\",le=\"+Inf\""),
		FEW, "as many in its histogram");
	if (epochs)
		ktap_is(metrics_value("fuse_epoch", ""), 1, "its epoch");
	ktap_ok(poll_until(is_dropped(first), PATIENCE_MS),
		"after a while nothing is left of the first");
	ktap_is(hits_of(second), FEW, "the second is there still");
	server_stop();
	ktap_ok(metrics_scrape(), "and again");
	ktap_is(hits_of(second), FEW,
		"hits of the second, which has just gone");
	ktap_ok(poll_until(is_dropped(second), PATIENCE_MS),
		"after a while nothing is left of it, either");
	ktap_ok(tracer_stop() == 0, "Ctrl-C ends it with status 0");
}

int main(void)
{
	bool epochs;

	ktap_begin();
	server_start();
	epochs = server_bump() == 0;
	server_stop();
	in_json();
	in_many_lives(epochs);
	in_old_hands();
	at_one_place(false);
	at_one_place(true);
	in_metrics(epochs);
	return ktap_end();
}
