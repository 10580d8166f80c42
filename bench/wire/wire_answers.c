// SPDX-License-Identifier: GPL-2.0-only
/*
 * wire_answers.c - what was seen, in words.
 */
#include "wire_internal.h"

#include <linux/fuse.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What doesn't fit any more is left out whole. */
static void add(char *text, size_t len, const char *between, const char *more)
{
	size_t used = strlen(text);

	if (used + strlen(between) + strlen(more) < len)
		snprintf(text + used, len - used, "%s%s", used ? between : "",
			 more);
}

static int by_length(const void *a, const void *b)
{
	const struct timeout *x = a, *y = b;

	if (x->s != y->s)
		return x->s < y->s ? -1 : 1;
	return x->ns < y->ns ? -1 : x->ns > y->ns;
}

/* "0 s, 1 s"; all: of files and folders; "": none of them was seen. */
static void put_times(const struct timeout *all, bool folder, char *text,
		      size_t len)
{
	struct timeout sorted[TIMEOUTS_MAX];
	size_t cnt = 0;
	char one[32];

	*text = 0;
	for (size_t i = 0; i < TIMEOUTS_MAX && all[i].cnt; i++)
		if (all[i].folder == folder)
			sorted[cnt++] = all[i];
	qsort(sorted, cnt, sizeof(*sorted), by_length);
	for (size_t i = 0; i < cnt; i++) {
		snprintf(one, sizeof(one), "%.12g s",
			 (double)sorted[i].s + (double)sorted[i].ns / 1e9);
		add(text, len, ", ",
		    sorted[i].s == UINT64_MAX ? "2^64-1 s" : one);
	}
}

/* Of files first, and of folders where that differs. */
static void put_kept(const struct timeout *all, char *text, size_t len)
{
	char folders[64], also[80];

	put_times(all, false, text, len);
	put_times(all, true, folders, sizeof(folders));
	snprintf(also, sizeof(also), "(folders %s)", folders);
	if (*folders && strcmp(folders, text))
		add(text, len, " ", also);
	if (!*text)
		strcpy(text, "-");
}

static bool has_notified(const struct wire *w, unsigned int code)
{
	for (size_t i = 0; i < w->phase_cnt; i++)
		if (w->phases[i].notify_cnt[code])
			return true;
	return false;
}

void wire_answers(const struct wire *w, struct wire_answers *a)
{
	*a = (struct wire_answers){
		.minor = w->minor,
		.readdirplus = w->flags & FUSE_DO_READDIRPLUS,
	};
	put_kept(w->timeouts[ENTRY], a->entry, sizeof(a->entry));
	put_kept(w->timeouts[ATTR], a->attr, sizeof(a->attr));
	put_kept(w->timeouts[NEGATIVE], a->negative, sizeof(a->negative));
	for (unsigned int i = 0; i < NOTIFY_MAX; i++)
		if (has_notified(w, i))
			add(a->notified, sizeof(a->notified), ", ",
			    wire_notify_name(i));
	if (!*a->notified)
		strcpy(a->notified, "-");
}
