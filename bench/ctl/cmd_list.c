// SPDX-License-Identifier: GPL-2.0-only
/*
 * cmd_list.c - `epochctl list`: a line per connection.
 */
#include <inttypes.h>
#include <search.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/lib/clock.h"
#include "bench/lib/options.h"
#include "bench/lib/status.h"
#include "bench/lib/table.h"
#include "ctl.h"
#include "above.h"
#include "args.h"
#include "beneath.h"
#include "bench/device/borrow.h"
#include "bench/host/fusectl.h"
#include "guard.h"
#include "bench/device/holders.h"
#include "path.h"
#include "bench/lib/mount_tables.h"
#include "bench/device/probe.h"
#include "serves.h"
#include "bench/device/way.h"
#include "bench/lib/text.h"
#include "bench/lib/view.h"

/* Who serves a connection, and how many descriptors of it there are. */
struct server {
	uint32_t connection;
	pid_t pid, tid;
	unsigned int fd_cnt;
};

struct list {
	bool json;
	struct mount_tables *mounts;
	struct ctl_above *above;
	struct fuse_features features;
	bool probed;
	int fusectl;
	void *servers; /* a tree, see tsearch(3) */
	bool unserved; /* is there a mount without a server? */
	size_t denied_cnt;
};

static const struct argp_option options[] = {
	{ "json", 'j', NULL, 0, "Print JSON Lines (SCHEMA.md)", 0 }, { 0 }
};

static error_t parse_opt(int key, char *arg, struct argp_state *state)
{
	struct list *l = state->input;

	switch (key) {
	case 'j':
		l->json = true;
		return 0;
	case ARGP_KEY_END:
		if (l->json && view_is_choosy())
			argp_error(state, "--columns is of the table, not of "
					  "JSON: leave it out");
		return 0;
	case ARGP_KEY_ARG:
		argp_error(state, "it lists all mounts: '%s' is too much", arg);
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {
	.options = options,
	.parser = parse_opt,
	.children = view_options,
	.doc = "Lists the FUSE file systems that are mounted in any mount "
	       "namespace, without touching them: number of the connection, "
	       "process that serves it, whether it can be bumped, requests "
	       "that wait for an answer, what is mounted beneath, and what "
	       "stands "
	       "on it: overlays, files that are mounted elsewhere, loop "
	       "devices.\v"
	       "'?' or null: not known, because there is no such process, or "
	       "because one must be root to know.\n\n"
	       "Examples:\n"
	       "  epochctl list\n"
	       "  epochctl list -j | jq -r 'select(.waiting > 0) | .mount'\n"
	       "\n"
	       "Exit status: 0 ok, 1 failed, 2 bad usage.",
};

static int by_connection(const void *a, const void *b)
{
	const struct server *x = a, *y = b;

	return x->connection < y->connection ? -1
					     : x->connection > y->connection;
}

static struct server *find_server(const struct list *l, uint32_t dev)
{
	const struct server wanted = { .connection = dev };
	struct server **found = tfind(&wanted, &l->servers, by_connection);

	return found ? *found : NULL;
}

static bool add_server(const struct holder *h, void *arg)
{
	struct list *l = arg;
	uint32_t connection = h->connection;
	struct server *server;

	/* Where fdinfo would say it, a device without it isn't mounted. */
	if (!h->named && (!l->probed || l->features.fdinfo ||
			  borrow_identify(h, &connection)))
		return true;
	server = find_server(l, connection);
	if (server) {
		if (h->pid != server->pid &&
		    ctl_serves(server->pid, h->pid) == h->pid) {
			server->pid = h->pid;
			server->tid = h->tid;
		}
		/* Threads mostly have the same ones. */
		if (h->tid == h->pid || h->tid == server->tid)
			server->fd_cnt++;
		return true;
	}
	server = malloc(sizeof(*server));
	if (!server)
		return false;
	*server = (struct server){ connection, h->pid, h->tid, 1 };
	return tsearch(server, &l->servers, by_connection);
}

static bool is_left(const struct list *l, struct mount *const *fuse, size_t cnt)
{
	for (size_t i = 0; i < cnt; i++)
		if (!mount_is_virtiofs(fuse[i]) &&
		    !find_server(l, fuse[i]->dev))
			return true;
	return false;
}

/* Threads are only asked if a mount is left that no process serves. */
static int find_servers(struct list *l, struct mount *const *fuse, size_t cnt)
{
	struct holder_search s = { 0 };
	int err = holders_each(&s, add_server, l);

	l->denied_cnt = s.denied_cnt;
	l->unserved = is_left(l, fuse, cnt);
	if (err || !l->unserved)
		return err;
	s.threads = true;
	err = holders_each(&s, add_server, l);
	l->unserved = is_left(l, fuse, cnt);
	return err;
}

/* 1, 0, or -1: not known. */
static int has_epochs(const struct list *l, const struct mount *mount)
{
	if (mount_is_virtiofs(mount))
		return 0;
	return l->probed ? l->features.epochs : -1;
}

static struct table *new_table(void)
{
	static const struct {
		const char *title;
		enum table_align align;
		enum table_rank rank;
	} columns[] = {
		{ "CONNECTION", TABLE_RIGHT, TABLE_STAYS },
		{ "PID", TABLE_RIGHT, TABLE_USUAL },
		{ "DAEMON", TABLE_LEFT, TABLE_LESSER },
		{ "EPOCHS", TABLE_RIGHT, TABLE_LEAST },
		{ "WAITING", TABLE_RIGHT, TABLE_USUAL },
		{ "MOUNT", TABLE_LEFT, TABLE_STAYS },
	};
	struct table *t = table_new();

	for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++) {
		table_column(t, columns[i].title, columns[i].title,
			     columns[i].align);
		table_rank(t, columns[i].rank);
	}
	return t;
}

/* Takes it over. */
static void add_text(struct table *t, char *text)
{
	table_text(t, text ? text : "?");
	free(text);
}

/* A row below the mount: "beneath: /mnt/sub (tmpfs)".  Takes over the name. */
static void add_name(struct table *t, const char *where, char *name)
{
	char *line = NULL;

	if (name && asprintf(&line, "%s: %s", where, name) < 0)
		line = NULL;
	table_row(t);
	for (int col = 0; col < 5; col++)
		table_text(t, "");
	add_text(t, line ? text_escape(line) : NULL);
	free(line);
	free(name);
}

static void add_above(enum ctl_above_kind kind, const char *name, void *arg)
{
	(void)kind;
	add_name(arg, "above", strdup(name));
}

static void add_beneath(const struct list *l, struct table *t, uint32_t dev)
{
	size_t cnt;
	struct mount **all = mount_tables_beneath(l->mounts, dev, &cnt);

	for (size_t i = 0; all && i < cnt; i++)
		add_name(t, "beneath", ctl_beneath_name(l->mounts, all[i]));
	free(all);
}

static void add_rows(const struct list *l, struct table *t,
		     const struct mount *mount, const struct server *server,
		     int64_t waiting)
{
	static const char *const words[] = { "?", "no", "yes" };
	char comm[16] = "?", dev[16], pid[16] = "?", queue[24] = "?";
	char *path = mount->ns ? ctl_beneath_name(l->mounts, mount) : NULL;

	snprintf(dev, sizeof(dev), "%u", mount->dev);
	if (server) {
		snprintf(pid, sizeof(pid), "%d", server->pid);
		holder_comm(server->pid, comm, sizeof(comm));
	}
	if (waiting >= 0)
		snprintf(queue, sizeof(queue), "%" PRId64, waiting);
	table_row(t);
	table_text(t, dev);
	table_text(t, pid);
	add_text(t, text_escape(comm));
	table_text(t, words[has_epochs(l, mount) + 1]);
	table_text(t, queue);
	add_text(t, text_escape(path ? path : mount->path));
	free(path);
	add_beneath(l, t, mount->dev);
	ctl_above_each(l->above, mount->dev, add_above, t);
}

static json_t *or_null(bool known, json_int_t value)
{
	return known ? json_integer(value) : json_null();
}

static int print_json(const struct list *l, const struct mount *mount,
		      const struct server *server, int64_t waiting)
{
	int epochs = has_epochs(l, mount);
	char comm[16] = "";
	char dev[32];

	if (server)
		holder_comm(server->pid, comm, sizeof(comm));
	snprintf(dev, sizeof(dev), "%u:%u", mount->dev >> 20,
		 mount->dev & 0xfffff);
	return ctl_print_json(json_pack(
		"{s:s, s:I, s:I, s:s, s:o, s:o, s:o, s:o, s:I, s:i, s:o, s:o, "
		"s:i, s:o, s:o, s:o, s:o}",
		"schema", "epochctl-list/1", "ns",
		(json_int_t)clock_monotonic_ns(), "connection",
		(json_int_t)mount->dev, "dev", dev, "mount",
		text_json(mount->path), "root", text_json(mount->root), "type",
		text_json(mount->type), "source", text_json(mount->source),
		"namespace", (json_int_t)mount->ns, "namespace_pid",
		mount_tables_pid(l->mounts, mount->ns), "pid",
		or_null(server, server ? server->pid : 0), "comm",
		server ? text_json(comm) : json_null(), "fd_cnt",
		server ? (int)server->fd_cnt : 0, "epochs",
		epochs < 0 ? json_null() : json_boolean(epochs), "waiting",
		or_null(waiting >= 0, waiting), "beneath",
		ctl_beneath_json(l->mounts, mount->dev), "above",
		ctl_above_json(l->above, mount->dev)));
}

/* t: NULL for JSON, which is printed at once. */
static int list_mounts(const struct list *l, struct table *t,
		       struct mount *const *fuse, size_t cnt)
{
	int ret = 0;

	for (size_t i = 0; !ret && i < cnt; i++) {
		const struct server *server = find_server(l, fuse[i]->dev);
		int64_t waiting;

		/* The first of a device is the best to name it by. */
		if (i && fuse[i]->dev == fuse[i - 1]->dev)
			continue;
		waiting = fusectl_waiting(l->fusectl, fuse[i]->dev);
		if (l->json)
			ret = print_json(l, fuse[i], server, waiting);
		else
			add_rows(l, t, fuse[i], server, waiting);
	}
	return ret;
}

/* What may be missing in it. */
static void say_unseen(const struct list *l)
{
	const char *way = way_to_processes();

	if (!mount_tables_complete(l->mounts))
		ctl_say("not all mount namespaces can be looked into: %s",
			way_to_mounts());
	if (l->unserved && way && processes_hidden())
		ctl_say("this /proc hides processes of others, which may be "
			"the missing daemons (hidepid): %s",
			way);
	else if (l->unserved && l->denied_cnt && way)
		ctl_say("%zu processes can't be looked into: %s, to see "
			"daemons "
			"of others",
			l->denied_cnt, way);
	else if (l->unserved && l->denied_cnt)
		ctl_say("processes that are closed even to root here (%zu) may "
			"be the missing daemons",
			l->denied_cnt);
}

static int print_table(FILE *out, const void *t)
{
	return table_print_text(t, out);
}

static int print_all(const struct list *l, struct mount *const *fuse,
		     size_t cnt)
{
	struct table *t = l->json ? NULL : new_table();
	int ret = list_mounts(l, t, fuse, cnt);

	if (!l->json && !ret)
		ret = view_check("epochctl: list", print_table, t);
	if (!l->json && !ret && cnt && print_table(stdout, t)) {
		ctl_say("no memory");
		ret = STATUS_FAILED;
	}
	table_free(t);
	if (!cnt)
		ctl_say("no FUSE file system is mounted");
	say_unseen(l);
	return ret;
}

int ctl_list(int argc, char **argv)
{
	struct list l = { 0 };
	struct mount **fuse = NULL;
	size_t cnt = 0;
	int ret = STATUS_FAILED;

	options_parse(&argp, argc, argv, &l);
	l.fusectl = fusectl_open();
	l.mounts = ctl_read_mounts(false);
	if (l.mounts)
		fuse = mount_tables_fuse(l.mounts, &cnt);
	if (fuse)
		l.above = ctl_above_find(l.mounts);
	if (cnt) {
		ctl_guard_sweep();
		l.probed = !probe_features(&l.features);
	}
	if (l.mounts && (!fuse || !l.above))
		ctl_say("no memory");
	else if (cnt && find_servers(&l, fuse, cnt))
		ctl_say("/proc can't be read: is it mounted?");
	else if (l.mounts)
		ret = print_all(&l, fuse, cnt);
	if (l.fusectl >= 0)
		close(l.fusectl);
	free(fuse);
	ctl_above_free(l.above);
	tdestroy(l.servers, free);
	mount_tables_free(l.mounts);
	return ret;
}
