// SPDX-License-Identifier: GPL-2.0-only
#include "hangs.h"

#include <stdlib.h>

struct hang {
	uint64_t since_ns, next_ns;
	uint32_t pid;
	bool seen;
};

static struct hang *find(const struct hangs *h, const struct trace_notifying *n)
{
	for (size_t i = 0; i < h->cnt; i++)
		if (h->list[i].since_ns == n->ns && h->list[i].pid == n->pid)
			return &h->list[i];
	return NULL;
}

bool hangs_is_due(struct hangs *h, const struct trace_notifying *n,
		  uint64_t now_ns)
{
	struct hang *one = find(h, n);

	if (now_ns < n->ns + h->min_ns)
		return false;
	if (!one) {
		one = realloc(h->list, (h->cnt + 1) * sizeof(*one));
		if (!one)
			return true; /* rather too often than never */
		h->list = one;
		one += h->cnt++;
		*one = (struct hang){ .since_ns = n->ns, .pid = n->pid };
	}
	one->seen = true;
	if (now_ns < one->next_ns)
		return false;
	one->next_ns = now_ns + (now_ns - n->ns);
	return true;
}

void hangs_sweep(struct hangs *h)
{
	size_t kept = 0;

	for (size_t i = 0; i < h->cnt; i++) {
		if (!h->list[i].seen)
			continue;
		h->list[kept] = h->list[i];
		h->list[kept++].seen = false;
	}
	h->cnt = kept;
}

void hangs_free(struct hangs *h)
{
	free(h->list);
}
