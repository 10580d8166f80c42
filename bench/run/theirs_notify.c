// SPDX-License-Identifier: GPL-2.0-only
/*
 * theirs_notify.c - what our own daemon is asked to send, sent in the name of one
 * that isn't ours.
 */
#include <errno.h>
#include <string.h>

#include "bench/daemon/command.h"
#include "bench/daemon/messages.h"
#include "measure.h"
#include "theirs_notify.h"
#include "theirs.h"

static struct messages *make_messages(struct bench *b)
{
	struct messages *m = messages_new(b->method, b->theirs->root, b->dev);
	bool backwards = b->tree.shape == SHAPE_DEEP ||
			 b->theirs->mounted; /* leaves first */
	size_t root = strlen(b->theirs->root) + 1;
	char path[PATH_MAX] = "";
	int err = m ? 0 : -ENOMEM;

	for (uint64_t i = 1; !err && i <= b->tree.n; i++) {
		theirs_path(b, backwards ? b->tree.n + 1 - i : i, path,
			    sizeof(path));
		err = messages_add(m, path + root);
	}
	if (!err)
		return m;
	messages_free(m);
	bench_fail(b, err, "no message about %s: %s", path,
		   err == -EPROTO ? "this kernel doesn't tell its node id"
				  : strerror(-err));
	return NULL;
}

/* With the start of a shell, as nobody knows when the daemon begins. */
static int notify_itself(struct bench *b, struct sample *s)
{
	int status, err;

	measure_begin(b);
	status = command_run(b->theirs->notify);
	err = measure_end(b, s, PHASE_NOTIFY, false);
	return status ? bench_fail(b, -ECHILD,
				   "the command of --notify has failed")
		      : err;
}

int theirs_notify(struct bench *b, struct sample *s)
{
	struct inval_result res = { 0 };
	struct messages *m = NULL;
	int err;

	if (b->method_nr == inval_own)
		return notify_itself(b, s);
	if (b->method->build_name) {
		m = make_messages(b);
		if (!m)
			return -EIO;
	}
	measure_begin(b);
	if (m)
		messages_send(m, b->theirs->daemon.loan.dev, &res);
	err = measure_end(b, s, PHASE_NOTIFY, false);
	s->phase[PHASE_NOTIFY].cost = res.cost;
	s->msg_cnt = res.msg_cnt;
	s->msg_error_cnt = res.msg_error_cnt;
	if (!err && res.first_errno)
		err = bench_fail(b, -EIO, "the kernel refused a message: %s",
				 strerror(res.first_errno));
	messages_free(m);
	return err;
}
