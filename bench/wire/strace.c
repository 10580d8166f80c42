// SPDX-License-Identifier: GPL-2.0-only
/*
 * strace.c - lines of strace to calls:
 *
 *	77    writev(4<\x2f\x64>, [{iov_base="\x10\x00", iov_len=2}], 1) = 2
 *	78    read(4<\x2f\x64>,  <unfinished ...>
 *	78    <... read resumed>"\x2d\x00", 135168) = 2
 */
#include "strace.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/lib/input.h"

/* Calls that wait, one per thread; who has more is no daemon of ours. */
enum { WAITING_MAX = 1024 };

struct waiting {
	long tid;
	char *begun; /* what was shown of the call, in the text; NULL: free */
};

static const char unfinished[] = " <unfinished ...>", resumed[] = " resumed>";

static struct waiting *find(struct waiting *all, long tid)
{
	struct waiting *unused = NULL;

	for (size_t i = 0; i < WAITING_MAX; i++) {
		if (all[i].begun && all[i].tid == tid)
			return &all[i];
		if (!all[i].begun && !unused)
			unused = &all[i];
	}
	return unused;
}

/* -1: none; strace writes small letters. */
static int digit(char c)
{
	return c >= '0' && c <= '9'   ? c - '0'
	       : c >= 'a' && c <= 'f' ? c - 'a' + 10
				      : -1;
}

/* "\x2f\x64" up to what isn't of that form; or plain characters up to end. */
static size_t read_bytes(const char **at, char end, unsigned char *to,
			 size_t room)
{
	const char *p = *at;
	size_t cnt = 0;
	unsigned int byte;

	for (; *p && *p != end; cnt++) {
		byte = (unsigned char)*p;
		if (p[0] == '\\' && p[1] == 'x' && digit(p[2]) >= 0 &&
		    digit(p[3]) >= 0) {
			byte = (unsigned int)(digit(p[2]) << 4 | digit(p[3]));
			p += 3;
		}
		p++;
		if (cnt < room)
			to[cnt] = (unsigned char)byte;
	}
	*at = p + (*p == end);
	return cnt;
}

/* "4</dev/fuse>" */
static void read_file(const char *text, struct strace_file *file)
{
	char *end;
	size_t len;

	*file = (struct strace_file){ .fd = -1 };
	if (!isdigit((unsigned char)*text))
		return;
	file->fd = (int)strtol(text, &end, 10);
	if (*end != '<')
		return;
	text = end + 1;
	len = read_bytes(&text, '>', (unsigned char *)file->path,
			 sizeof(file->path) - 1);
	file->path[len < sizeof(file->path) ? len : 0] = 0;
}

/*
 * All strings of the arguments, one behind the other.  Where strace has left
 * something out ("..."), nobody knows where the next part begins.
 */
static void read_data(const char *text, struct strace_call *call)
{
	size_t room = sizeof(call->data), len;

	call->data_len = 0;
	while (room && (text = strchr(text, '"'))) {
		text++;
		len = read_bytes(&text, '"', call->data + call->data_len, room);
		len = len < room ? len : room;
		call->data_len += len;
		room -= len;
		if (!strncmp(text, "...", 3))
			break;
	}
}

/* In the text of arguments: what stands behind the n-th comma outside of <>. */
static const char *argument(const char *text, unsigned int n)
{
	int depth = 0;

	for (; n && *text; text++) {
		depth += (*text == '<') - (*text == '>');
		n -= *text == ',' && !depth;
	}
	return text + strspn(text, " ");
}

/* "read(4</dev/fuse>, "...", 135168) = 45" */
static void parse(char *line, strace_call_fn *fn, void *arg)
{
	struct strace_call call = { .name = line };
	char *open = strchr(line, '('), *end = NULL;

	for (char *p = open; p && (p = strstr(p, ") = ")); p++)
		end = p;
	/* In columns: ")   = 0". */
	for (char *p = open; !end && p && (p = strstr(p, ")  ")); p++)
		if (p[strspn(p + 1, " ") + 1] == '=')
			end = p;
	if (!open || !end)
		return;
	*open = 0;
	*end = 0;
	call.result = strtoll(end + strcspn(end + 1, "=") + 2, NULL, 10);
	read_file(open + 1, &call.file);
	if (!strcmp(call.name, "splice"))
		read_file(argument(open + 1, 2), &call.second);
	else
		read_data(open + 1, &call);
	fn(&call, arg);
}

/* The first part of a call stays until the rest of it comes. */
static void take_line(char *line, struct waiting *all, strace_call_fn *fn,
		      void *arg)
{
	char *text, *rest, *whole = NULL;
	long tid = strtol(line, &text, 10);
	struct waiting *w;

	text += strspn(text, " ");
	rest = strstr(text, unfinished);
	w = find(all, tid);
	if (rest) {
		*rest = 0;
		if (w)
			*w = (struct waiting){ tid, text };
		return;
	}
	if (strncmp(text, "<... ", 5)) {
		parse(text, fn, arg);
		return;
	}
	rest = strstr(text, resumed);
	if (!rest || !w || !w->begun)
		return;
	if (asprintf(&whole, "%s%s", w->begun, rest + strlen(resumed)) < 0)
		return;
	w->begun = NULL;
	parse(whole, fn, arg);
	free(whole);
}

int strace_read(const char *path, strace_call_fn *fn, void *arg)
{
	struct waiting *all;
	struct input in;
	size_t len;
	char *line;
	int err = input_read(path, &in);

	if (err)
		return err;
	all = calloc(WAITING_MAX, sizeof(*all));
	while (all && (line = input_line(&in, &len)))
		take_line(line, all, fn, arg);
	err = all ? 0 : -ENOMEM;
	free(all);
	input_free(&in);
	return err;
}
