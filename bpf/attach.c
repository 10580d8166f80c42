// SPDX-License-Identifier: GPL-2.0-only
#include "attach.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "obstacle.h"
#include "preempt.h"
#include "types.h"
#include "bpf/trace.skel.h"

struct trace {
	struct trace_bpf *skel;
	struct trace_features features;
	struct ring_buffer *ring;
	bool (*on_event)(const struct trace_event *e, void *arg);
	void *on_event_arg;
};

enum who {
	COUNTS = 1 << 0,
	HIST = 1 << 1,
	EVENTS = 1 << 2,
	SPREADS = 1 << 3,
	ANY = COUNTS | EVENTS,
};

/*
 * Which program is loaded when: for whom, and where: one that was renamed, or
 * changed its arguments, has an alternative.  args 0: any number of them.
 */
static const struct program {
	const char *name;
	const char *function;
	unsigned int who;
	unsigned int args;
	const char *instead_of; /* only where this function isn't there */
} programs[] = {
	{ "fexit_fuse_dentry_revalidate_6_12", "fuse_dentry_revalidate", COUNTS,
	  2, NULL },
	{ "fexit_fuse_dentry_revalidate", "fuse_dentry_revalidate", COUNTS, 4,
	  NULL },
	{ "fentry_fuse_dentry_revalidate", "fuse_dentry_revalidate", HIST, 0,
	  NULL },
	{ "fexit___fuse_simple_request", "__fuse_simple_request", COUNTS, 3,
	  NULL },
	{ "fexit_fuse_simple_request", "fuse_simple_request", COUNTS, 2,
	  "__fuse_simple_request" },
	{ "fentry___fuse_simple_request", "__fuse_simple_request", SPREADS, 3,
	  NULL },
	{ "fentry_fuse_simple_request", "fuse_simple_request", SPREADS, 2,
	  "__fuse_simple_request" },
	{ "tp_fuse_request_sent", "fuse_request_sent", SPREADS, 0, NULL },
	{ "fentry_fuse_copy_args", "fuse_copy_args", SPREADS, 5,
	  "fuse_request_sent" },
	{ "fentry_fuse_request_end", "fuse_request_end", SPREADS, 1, NULL },
	{ "fentry_fuse_lookup", "fuse_lookup", COUNTS, 0, NULL },
	{ "fexit_fuse_lookup", "fuse_lookup", COUNTS, 0, NULL },
	{ "fentry_fuse_change_attributes", "fuse_change_attributes", COUNTS, 0,
	  NULL },
	{ "fentry_fuse_queue_forget", "fuse_queue_forget", COUNTS, 0, NULL },
	{ "fentry_fuse_chan_queue_forget", "fuse_chan_queue_forget", COUNTS, 0,
	  "fuse_queue_forget" },
	{ "fentry_fuse_dev_do_write", "fuse_dev_do_write", ANY, 3,
	  "fuse_notify" },
	{ "fexit_fuse_dev_do_write", "fuse_dev_do_write", ANY, 3,
	  "fuse_notify" },
	{ "fentry_fuse_notify", "fuse_notify", ANY, 4, NULL },
	{ "fexit_fuse_notify", "fuse_notify", ANY, 4, NULL },
	{ "fexit_generic_shutdown_super", "generic_shutdown_super", ANY, 1,
	  NULL },
	{ "fentry_d_invalidate", "d_invalidate", ANY, 0, NULL },
	{ "fexit_d_invalidate", "d_invalidate", ANY, 0, NULL },
	{ "fentry_dentry_free", "dentry_free", ANY, 0, NULL },
	{ "fentry___detach_mounts", "__detach_mounts", ANY, 0, NULL },
};

#define PROGRAM_CNT (sizeof(programs) / sizeof(programs[0]))

static bool fits(const struct kernel_types *types, const struct program *p)
{
	int args = types_args_of(types, p->function);

	return args >= 0 && (!p->args || (unsigned int)args == p->args) &&
	       (!p->instead_of || types_args_of(types, p->instead_of) < 0);
}

/* Functions that no program could be attached to. */
static void note_missing(struct trace *t, const char *function)
{
	char *missing = t->features.missing;
	size_t used = strlen(missing);

	if (!strstr(missing, function))
		snprintf(missing + used, sizeof(t->features.missing) - used,
			 "%s%s", used ? ", " : "", function);
}

static void load(struct trace *t, const char *name, bool yes)
{
	struct bpf_program *program =
		bpf_object__find_program_by_name(t->skel->obj, name);

	if (program) /* not each has a second */
		bpf_program__set_autoload(program, yes);
}

static void choose_programs(struct trace *t, const struct kernel_types *types,
			    unsigned int who)
{
	bool paired = preempt_is_possible();

	t->skel->rodata->paired = paired;
	if (!(who & HIST))
		bpf_map__set_max_entries(t->skel->maps.slot_hists, 1);

	for (size_t i = 0; i < PROGRAM_CNT; i++) {
		const struct program *p = &programs[i];
		bool wanted = p->who & who, seen = false;
		char again[64];

		snprintf(again, sizeof(again), "%s_again", p->name);
		load(t, p->name, wanted && fits(types, p));
		load(t, again, wanted && fits(types, p) && paired);
		if (!wanted)
			continue;
		/* A function is missing if no row that knows it fits. */
		for (size_t j = 0; j < PROGRAM_CNT; j++)
			if ((!strcmp(programs[j].function, p->function) ||
			     (programs[j].instead_of &&
			      !strcmp(programs[j].instead_of, p->function)) ||
			     (p->instead_of &&
			      !strcmp(programs[j].function, p->instead_of))) &&
			    fits(types, &programs[j]))
				seen = true;
		if (!seen &&
		    !(p->args == 4 && !strcmp(p->function, "fuse_notify")))
			note_missing(t, p->function);
	}
	if (!t->skel->rodata->reads_pages &&
	    types_args_of(types, "fuse_notify") < 0)
		note_missing(t, "notifications that are spliced");
}

static void set_options(struct trace_bpf *skel, const struct trace_options *o)
{
	skel->rodata->page_bytes = sysconf(_SC_PAGESIZE);
	skel->rodata->only_some = o->pid || o->comm;
	skel->rodata->only_tgid = o->pid;
	skel->rodata->with_counts = o->counts;
	skel->rodata->with_hist = o->hist;
	skel->rodata->with_spreads = o->spreads;
	skel->rodata->with_extras = (o->pid || o->comm ? TRACE_ONLY_SOME : 0) |
				    (o->hist ? TRACE_HIST : 0);
	skel->rodata->with_events = o->events;
	skel->rodata->min_ns = o->min_ns;
	skel->rodata->with_singles = o->singles;
	skel->rodata->bumps_only = o->bumps_only;
	skel->rodata->only_dev = o->only_dev;
	if (!o->comm)
		return;
	skel->rodata->only_comm = true;
	snprintf((char *)skel->rodata->wanted_comm, TRACE_COMM_BYTES, "%s",
		 o->comm);
}

static libbpf_print_fn_t libbpf_says;

static int say_nothing(enum libbpf_print_level level, const char *format,
		       va_list args)
{
	(void)level;
	(void)format;
	(void)args;
	return 0;
}

/* Loads and attaches what is asked for and fits; 0 or -errno. */
static int trace_begin(struct trace *t, const struct kernel_types *types,
		       const struct trace_options *options)
{
	unsigned int who = (options->counts ? COUNTS : 0) |
			   (options->hist ? HIST : 0) |
			   (options->events ? EVENTS : 0) |
			   (options->spreads ? SPREADS : 0);
	LIBBPF_OPTS(bpf_object_open_opts, opts);
	int err;

	/*
	 * Nothing but the kernel's own types: to look through those of modules
	 * for a name that this kernel hasn't, one must have CAP_SYS_ADMIN.
	 */
	if (!types->fuse)
		opts.btf_custom_path = "/sys/kernel/btf/vmlinux";
	t->skel = trace_bpf__open_opts(&opts);
	if (!t->skel)
		return -errno;
	t->features.module = types->fuse;
	t->features.epochs = types_have_epochs(types);
	choose_programs(t, types, who);
	set_options(t->skel, options);
	err = trace_bpf__load(t->skel);
	return err ?: trace_bpf__attach(t->skel);
}

struct trace *trace_open(const struct trace_options *options, char *why,
			 size_t len)
{
	struct kernel_types types = { 0 };
	struct trace *t = NULL;
	int err;

	if (!libbpf_says)
		libbpf_says = libbpf_set_print(say_nothing);
	libbpf_set_print(options->verbose ? libbpf_says : say_nothing);
	if (obstacle_before(why, len))
		return NULL;
	err = types_open(&types);
	if (!err && types_args_of(&types, "fuse_dentry_revalidate") < 0) {
		obstacle_no_fuse(why, len);
		types_close(&types);
		return NULL;
	}
	if (!err)
		t = calloc(1, sizeof(*t));
	if (!err)
		err = t ? trace_begin(t, &types, options) : -ENOMEM;
	types_close(&types);
	if (!err)
		return t;
	obstacle_load(-err, why, len);
	trace_close(t);
	return NULL;
}

void trace_close(struct trace *t)
{
	if (!t)
		return;
	ring_buffer__free(t->ring);
	trace_bpf__destroy(t->skel);
	free(t);
}

const struct trace_features *trace_features(const struct trace *t)
{
	return &t->features;
}

int trace_map(const struct trace *t, const char *name)
{
	return bpf_object__find_map_fd_by_name(t->skel->obj, name);
}

uint64_t trace_lost(const struct trace *t, enum trace_lost kind)
{
	return t->skel->bss->lost[kind];
}

/* How often the kernel didn't run a program; 0 if it isn't loaded. */
static uint64_t missed_by(const struct trace *t, const char *name)
{
	struct bpf_prog_info info = { 0 };
	uint32_t len = sizeof(info);
	int fd = bpf_program__fd(
		bpf_object__find_program_by_name(t->skel->obj, name));

	if (fd < 0 || bpf_obj_get_info_by_fd(fd, &info, &len))
		return 0;
	return info.recursion_misses;
}

uint64_t trace_missed(const struct trace *t)
{
	/* Read first: a second run that comes now is of a miss not seen yet. */
	uint64_t again = t->skel->bss->ran_again, missed = 0;

	for (size_t i = 0; i < PROGRAM_CNT; i++)
		if (programs[i].who != HIST)
			missed += missed_by(t, programs[i].name);
	return missed > again ? missed - again : 0;
}

uint64_t trace_unassigned(const struct trace *t)
{
	/* One of them isn't loaded. */
	return missed_by(t, "fexit_fuse_dentry_revalidate_6_12") +
	       missed_by(t, "fexit_fuse_dentry_revalidate");
}

int trace_devices(struct trace *t,
		  void (*fn)(const struct trace_device *device, void *arg),
		  void *arg)
{
	struct trace_device devices[64];
	ssize_t bytes;
	int fd, err = 0;

	fd = bpf_iter_create(bpf_link__fd(t->skel->links.iter_task_file));
	if (fd < 0)
		return -errno;
	while ((bytes = read(fd, devices, sizeof(devices))) != 0) {
		if (bytes < 0 && errno != EAGAIN && errno != EINTR) {
			err = -errno;
			break;
		}
		for (ssize_t i = 0; i < bytes / (ssize_t)sizeof(*devices); i++)
			fn(&devices[i], arg);
	}
	close(fd);
	return err;
}

void trace_note_conn(struct trace *t, uint32_t dev,
		     const struct trace_conn *conn)
{
	bpf_map_update_elem(trace_map(t, "conns"), &dev, conn, BPF_NOEXIST);
}

int trace_notifying(struct trace *t,
		    int (*fn)(const struct trace_notifying *n, void *arg),
		    void *arg)
{
	static struct trace_notifying list[TRACE_MAX_NOTIFYING];
	static uint32_t tids[TRACE_MAX_NOTIFYING];
	uint32_t batch, cnt = TRACE_MAX_NOTIFYING;
	int err = bpf_map_lookup_batch(trace_map(t, "notifying"), NULL, &batch,
				       tids, list, &cnt, NULL);

	if (err != -ENOENT) /* which was the last of them: all fit */
		return err ?: -EOVERFLOW;
	err = 0;
	for (uint32_t i = 0; !err && i < cnt; i++)
		err = fn(&list[i], arg);
	return err;
}

static int on_event(void *ctx, void *data, size_t size)
{
	struct trace *t = ctx;

	(void)size;
	return t->on_event(data, t->on_event_arg) ? 0 : -ECANCELED;
}

int trace_poll(struct trace *t, int timeout_ms,
	       bool (*fn)(const struct trace_event *e, void *arg), void *arg)
{
	t->on_event = fn;
	t->on_event_arg = arg;
	if (!t->ring)
		t->ring = ring_buffer__new(trace_map(t, "events"), on_event, t,
					   NULL);
	if (!t->ring)
		return -errno;
	return ring_buffer__poll(t->ring, timeout_ms);
}
