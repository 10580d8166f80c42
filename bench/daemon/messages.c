// SPDX-License-Identifier: GPL-2.0-only
#include "messages.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench/device/node.h"
#include "bench/inval/message.h"
#include "bench/lib/clock.h"

/* Before each message, which begins at a multiple of that. */
struct head {
	size_t len;
};

struct messages {
	const struct inval_method *method;
	int root;
	uint32_t dev;
	char *text;
	size_t len, room;
	char folder
		[PATH_MAX]; /* whose node that is: mostly the next one's, too */
	uint64_t folder_node; /* 0: none */
};

struct messages *messages_new(const struct inval_method *method,
			      const char *root, uint32_t dev)
{
	struct messages *m = calloc(1, sizeof(*m));

	if (!m)
		return NULL;
	m->method = method;
	m->dev = dev;
	m->root = open(root, O_PATH | O_CLOEXEC);
	return m;
}

void messages_free(struct messages *m)
{
	if (!m)
		return;
	if (m->root >= 0)
		close(m->root);
	free(m->text);
	free(m);
}

static int keep(struct messages *m, const char *msg, size_t len)
{
	size_t need = sizeof(struct head) + ((len + 7) & ~(size_t)7);
	char *more;

	if (m->len + need > m->room) {
		more = realloc(m->text, 2 * m->room + need);
		if (!more)
			return -ENOMEM;
		m->text = more;
		m->room = 2 * m->room + need;
	}
	((struct head *)(m->text + m->len))->len = len;
	memcpy(m->text + m->len + sizeof(struct head), msg, len);
	m->len += need;
	return 0;
}

static int find_node(const struct messages *m, const char *path, uint64_t *node)
{
	int fd = node_open(m->root, *path ? path : ".", 0), err;

	if (fd < 0)
		return fd;
	err = node_id(fd, m->dev, node);
	close(fd);
	return err;
}

static int find_folder(struct messages *m, const char *path, size_t len)
{
	char folder[PATH_MAX];
	int err;

	snprintf(folder, sizeof(folder), "%.*s", (int)len, path);
	if (m->folder_node && !strcmp(folder, m->folder))
		return 0;
	err = find_node(m, folder, &m->folder_node);
	if (!err)
		memcpy(m->folder, folder, len + 1);
	return err;
}

int messages_add(struct messages *m, const char *path)
{
	char msg[MESSAGE_BYTES] __attribute__((aligned(8)));
	const char *slash = strrchr(path, '/');
	struct inval_name about = { .name = slash ? slash + 1 : path };
	size_t len;
	int err = 0;

	if (m->method->names_all) {
		if (m->len)
			return 0;
	} else if (inval_is_about_names(m->method)) {
		err = find_folder(m, path, slash ? (size_t)(slash - path) : 0);
		about.parent = m->folder_node;
	} else {
		err = find_node(m, path, &about.child);
	}
	if (err)
		return err;
	len = m->method->build_name(&about, msg);
	return len ? keep(m, msg, len) : 0;
}

void messages_send(const struct messages *m, int dev, struct inval_result *res)
{
	uint64_t begin = clock_now();

	*res = (struct inval_result){ 0 };
	for (size_t at = 0; at < m->len;) {
		const char *msg = m->text + at + sizeof(struct head);
		size_t len = ((const struct head *)(m->text + at))->len;

		res->msg_cnt++;
		if (write(dev, msg, len) != (ssize_t)len) {
			res->msg_error_cnt++;
			/* Of what the kernel doesn't have nothing is stale. */
			if (!res->first_errno && errno != ENOENT)
				res->first_errno = errno;
		}
		at += sizeof(struct head) + ((len + 7) & ~(size_t)7);
	}
	res->cost = clock_now() - begin;
}
