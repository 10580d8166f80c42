// SPDX-License-Identifier: GPL-2.0-only
/*
 * wire.c - calls to requests and replies, and what of them counts.
 */
#include "wire_internal.h"

#include <errno.h>
#include <linux/fuse.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "bench/lib/text.h"

struct wire *wire_new(void)
{
	struct wire *w = calloc(1, sizeof(*w));

	if (w) {
		strcpy(w->phases[0].name, "mount");
		w->phase_cnt = 1;
	}
	return w;
}

void wire_free(struct wire *w)
{
	free(w);
}

static void add_timeout(struct wire *w, enum kind kind, uint64_t s, uint32_t ns,
			bool folder)
{
	struct timeout *t = w->timeouts[kind];

	for (size_t i = 0; i < TIMEOUTS_MAX; i++)
		if (!t[i].cnt ||
		    (t[i].s == s && t[i].ns == ns && t[i].folder == folder)) {
			t[i] = (struct timeout){ s, ns, folder, t[i].cnt + 1 };
			return;
		}
}

/* A full table of phases means that somebody else uses such names. */
static void begin_phase(struct wire *w, const char *name)
{
	struct phase *p = &w->phases[w->phase_cnt];

	if (w->phase_cnt == PHASES_MAX || strlen(name) >= sizeof(p->name) ||
	    !text_is_name(name) ||
	    !strcmp(w->phases[w->phase_cnt - 1].name, name))
		return;
	/* What a daemon asks for while it is mounted is its own affair. */
	if (w->phase_cnt == 1)
		memset(w->timeouts, 0, sizeof(w->timeouts));
	strcpy(p->name, name);
	w->phase_cnt++;
}

static struct pending *find_pending(struct wire *w, uint64_t unique, int fd)
{
	for (size_t i = 0; i < PENDING_MAX; i++)
		if (w->pending[i].unique == unique &&
		    (!unique || w->pending[i].fd == fd))
			return &w->pending[i];
	return NULL;
}

/* The opcodes that have no reply. */
static bool is_forget(uint32_t opcode)
{
	return opcode == FUSE_FORGET || opcode == FUSE_BATCH_FORGET;
}

static unsigned int forgotten_cnt(const unsigned char *body, size_t len)
{
	struct fuse_batch_forget_in in;

	if (len < sizeof(in))
		return 1;
	memcpy(&in, body, sizeof(in));
	return in.count;
}

static void take_request(struct wire *w, const struct strace_call *call)
{
	const unsigned char *body = call->data + sizeof(struct fuse_in_header);
	struct phase *phase = &w->phases[w->phase_cnt - 1];
	struct fuse_in_header in;
	struct pending *p;
	size_t len;

	if (call->data_len < sizeof(in))
		return;
	len = call->data_len - sizeof(in);
	memcpy(&in, call->data, sizeof(in));
	if (in.opcode == FUSE_LOOKUP && len > strlen(WIRE_MARK) &&
	    memchr(body, 0, len) &&
	    !strncmp((const char *)body, WIRE_MARK, strlen(WIRE_MARK)))
		begin_phase(w, (const char *)body + strlen(WIRE_MARK));
	else
		phase->request_cnt[in.opcode < OPCODE_MAX ? in.opcode : 0]++;
	if (in.opcode == FUSE_BATCH_FORGET)
		phase->request_cnt[OPCODE_FORGET] += forgotten_cnt(body, len);
	p = in.unique && !is_forget(in.opcode) ? find_pending(w, 0, 0) : NULL;
	if (p)
		*p = (struct pending){ in.unique, in.opcode, call->file.fd };
}

/* True if it is a node; else it says how long there is none. */
static bool take_node(struct wire *w, const struct fuse_entry_out *out)
{
	bool folder = S_ISDIR(out->attr.mode);

	if (!out->nodeid)
		return false;
	add_timeout(w, ENTRY, out->entry_valid, out->entry_valid_nsec, folder);
	add_timeout(w, ATTR, out->attr_valid, out->attr_valid_nsec, folder);
	return true;
}

/* Before 7.9 these replies were shorter. */
static void take_entry(struct wire *w, const unsigned char *body, size_t len)
{
	struct fuse_entry_out out = { 0 };

	if (len < FUSE_COMPAT_ENTRY_OUT_SIZE)
		return;
	memcpy(&out, body, len < sizeof(out) ? len : sizeof(out));
	if (!take_node(w, &out))
		add_timeout(w, NEGATIVE, out.entry_valid, out.entry_valid_nsec,
			    false);
}

/* As many as were kept; of "." and ".." nothing is said, mostly. */
static void take_listing(struct wire *w, const unsigned char *body, size_t len)
{
	struct fuse_direntplus d;
	size_t size;

	while (len >= FUSE_NAME_OFFSET_DIRENTPLUS) {
		memcpy(&d, body, FUSE_NAME_OFFSET_DIRENTPLUS);
		take_node(w, &d.entry_out);
		size = FUSE_DIRENTPLUS_SIZE(&d);
		if (size > len)
			return;
		body += size;
		len -= size;
	}
}

static void take_attr(struct wire *w, const unsigned char *body, size_t len)
{
	struct fuse_attr_out out = { 0 };

	if (len < FUSE_COMPAT_ATTR_OUT_SIZE)
		return;
	memcpy(&out, body, len < sizeof(out) ? len : sizeof(out));
	add_timeout(w, ATTR, out.attr_valid, out.attr_valid_nsec,
		    S_ISDIR(out.attr.mode));
}

/* The reply of an old protocol is shorter: it ends behind the minor. */
static void take_init(struct wire *w, const unsigned char *body, size_t len)
{
	struct fuse_init_out out = { 0 };

	if (len < offsetof(struct fuse_init_out, max_readahead))
		return;
	memcpy(&out, body, len < sizeof(out) ? len : sizeof(out));
	w->minor = out.minor;
	w->flags = out.flags;
	w->init = true;
}

static void take_reply(struct wire *w, const struct strace_call *call)
{
	const unsigned char *body = call->data + sizeof(struct fuse_out_header);
	struct phase *phase = &w->phases[w->phase_cnt - 1];
	struct fuse_out_header out;
	struct pending *p;
	size_t len;

	if (call->data_len < sizeof(out))
		return;
	len = call->data_len - sizeof(out);
	memcpy(&out, call->data, sizeof(out));
	if (!out.unique) {
		phase->notify_cnt[out.error > 0 && out.error < NOTIFY_MAX
					  ? out.error
					  : 0]++;
		return;
	}
	p = find_pending(w, out.unique, call->file.fd);
	if (!p)
		return;
	p->unique = 0;
	if (p->opcode == FUSE_LOOKUP && out.error == -ENOENT)
		add_timeout(w, NEGATIVE, 0, 0, false);
	else if (out.error)
		return;
	else if (p->opcode == FUSE_INIT)
		take_init(w, body, len);
	else if (p->opcode == FUSE_LOOKUP)
		take_entry(w, body, len);
	else if (p->opcode == FUSE_READDIRPLUS)
		take_listing(w, body, len);
	else if (p->opcode == FUSE_GETATTR)
		take_attr(w, body, len);
}

/* The place of that pipe, or one that is free; NULL: all are taken. */
static char *find_pipe(struct wire *w, const char *path)
{
	char *unused = NULL;

	for (size_t i = 0; i < PIPES_MAX; i++) {
		if (!strcmp(w->pipes[i], path))
			return w->pipes[i];
		if (!*w->pipes[i] && !unused)
			unused = w->pipes[i];
	}
	return unused;
}

/* A request may come by a pipe: libfuse splices, and then reads that. */
void wire_take(const struct strace_call *call, void *wire)
{
	static const char device[] = "/dev/fuse";
	bool reads =
		!strcmp(call->name, "read") || !strcmp(call->name, "readv");
	bool writes =
		!strcmp(call->name, "write") || !strcmp(call->name, "writev");
	bool is_device = !strcmp(call->file.path, device);
	struct wire *w = wire;
	char *pipe;

	if (call->result <= 0 || !*call->file.path)
		return;
	if (!strcmp(call->name, "splice")) {
		pipe = is_device ? find_pipe(w, call->second.path) : NULL;
		if (pipe)
			strcpy(pipe, call->second.path);
	} else if (is_device && reads) {
		take_request(w, call);
	} else if (is_device && writes) {
		take_reply(w, call);
	} else if (reads) {
		pipe = find_pipe(w, call->file.path);
		if (!pipe || !*pipe)
			return;
		*pipe = 0;
		take_request(w, call);
	}
}
