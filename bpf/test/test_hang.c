// SPDX-License-Identifier: GPL-2.0-only
/*
 * A notification that doesn't come back is seen while it hangs, and its duration
 * when it has ended: an INVAL_ENTRY waits for a directory in which a LOOKUP waits
 * for its reply.
 *
 * program: epochsnoop
 * program: epochstat
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel/testfs/client.h"
#include "kernel/testfs/ktap.h"
#include "kernel/testfs/server.h"
#include "metrics.h"
#include "tracer.h"

enum { MIN_MS = 50 };

#define OLDEST "fuse_notification_oldest_seconds"

static const struct {
	struct fuse_out_header header;
	struct fuse_notify_inval_entry_out out;
	char name[5];
} message = {
	.header = { .len = sizeof(message.header) + sizeof(message.out) +
			   sizeof(message.name),
		    .error = FUSE_NOTIFY_INVAL_ENTRY },
	.out = { .parent = ROOT, .namelen = 4 },
	.name = "file",
};

/* The n-th line of this kind about an INVAL_ENTRY, or NULL. */
static json_t *event(const char *kind, unsigned int n)
{
	json_t *line;
	size_t i;

	tracer_read();
	json_array_foreach (tracer_lines(), i, line) {
		const char *is =
			json_string_value(json_object_get(line, "event"));
		const char *what =
			json_string_value(json_object_get(line, "notify"));

		if (is && !strcmp(is, kind) && what &&
		    !strcmp(what, "inval_entry") && !n--)
			return line;
	}
	return NULL;
}

static uint64_t number(json_t *line, const char *field)
{
	json_t *value = json_object_get(line, field);

	return json_is_integer(value) ? (uint64_t)json_integer_value(value)
				      : ~0ull;
}

static void begin(void)
{
	server_start();
	tree_add(ROOT, "file", S_IFREG | 0644);
	tree_add(ROOT, "slow", S_IFREG | 0644);
	lookups_of("file");
}

/*
 * From memory that was touched, as a daemon's is: up to 7.1 the kind is read
 * there.
 */
static int notify(void)
{
	char copy[sizeof(message)];

	memcpy(copy, &message, sizeof(message));
	return server_write(copy, message.header.len);
}

/* Who holds the directory, and who wants it, from another process. */
static pid_t hold_and_write(pid_t *walker)
{
	struct stat st;
	pid_t writer;

	server_hold(FUSE_LOOKUP, ROOT);
	*walker = fork();
	if (!*walker) {
		lstat(server_path("slow"), &st);
		_exit(0);
	}
	server_wait_held();
	writer = fork();
	if (!writer)
		_exit(notify() != 0);
	ktap_control(poll_until(is_in_state(writer, "D"), PATIENCE_MS),
		     "the notification hangs");
	return writer;
}

static void release(pid_t walker, pid_t writer)
{
	int status;

	server_release();
	waitpid(walker, NULL, 0);
	waitpid(writer, &status, 0);
	ktap_control(!status, "it ends when the LOOKUP does");
}

static void snooped(void)
{
	pid_t walker, writer;
	uint64_t first_ns;

	begin();
	tracer_start("epochsnoop", "-j", "--min-ms", "50", NULL);
	/* Short ones aren't shown. */
	notify();
	lookups_of("file");
	writer = hold_and_write(&walker);
	ktap_ok(poll_until(event("hang", 0), PATIENCE_MS),
		"that it hangs is shown while it does");
	ktap_ok(poll_until(event("hang", 1), PATIENCE_MS), "and again later");
	ktap_ok(!event("notify", 0), "it isn't shown as one that has ended");
	release(walker, writer);
	ktap_ok(tracer_stop() == 0, "epochsnoop ends well");
	first_ns = number(event("hang", 0), "took_ns");
	ktap_ok(first_ns >= MIN_MS * 1000000ull, "for %llu ms",
		(unsigned long long)first_ns / 1000000);
	ktap_ok(number(event("hang", 1), "took_ns") >= 2 * first_ns,
		"then twice as long");
	ktap_is(number(event("hang", 0), "pid"), writer, "by");
	ktap_ok(event("notify", 0) && !event("notify", 1),
		"one has ended that was long");
	ktap_is(number(event("notify", 0), "pid"), writer, "of");
	ktap_is(number(event("notify", 0), "errno"), 0, "with");
	ktap_ok(number(event("notify", 0), "took_ns") >=
				number(event("hang", 1), "took_ns") &&
			number(event("notify", 0), "took_ns") != ~0ull,
		"it took longer than was said before");
	server_stop();
}

static void measured(void)
{
	pid_t walker, writer;
	double first_s;

	begin();
	tracer_start("epochstat", "--listen", "0", NULL);
	ktap_control(poll_until(metrics_port(), PATIENCE_MS), "it listens");
	ktap_ok(metrics_scrape() && metrics_value(OLDEST, "") == 0,
		"none hangs");
	writer = hold_and_write(&walker);
	metrics_scrape();
	first_s = metrics_value(OLDEST, "");
	ktap_ok(first_s > 0, "one hangs");
	ktap_is(metrics_value("fuse_notifications_in_progress", ""), 1,
		"notifications in progress");
	ktap_ok(poll_until(metrics_scrape() &&
				   metrics_value(OLDEST, "") > first_s + 0.5,
			   PATIENCE_MS),
		"longer and longer");
	ktap_ok(metrics_value("fuse_notification_seconds_count",
			      "kind=\"inval_entry\"") < 0,
		"it hasn't ended");
	release(walker, writer);
	metrics_scrape();
	ktap_is(metrics_value(OLDEST, ""), 0, "none hangs");
	ktap_is(metrics_value("fuse_notification_seconds_count",
			      "kind=\"inval_entry\""),
		1, "one has ended");
	ktap_ok(metrics_value("fuse_notification_seconds_sum",
			      "kind=\"inval_entry\"") > first_s + 0.5,
		"after as long");
	ktap_ok(tracer_stop() == 0, "epochstat ends well");
	server_stop();
}

int main(void)
{
	ktap_begin();
	snooped();
	measured();
	return ktap_end();
}
