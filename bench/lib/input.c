// SPDX-License-Identifier: GPL-2.0-only
#include "input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Makes room for more than what is there; -errno if there is none. */
static int grow(struct input *in)
{
	size_t more = in->room ? 2 * in->room : 64 << 10;
	char *grown;

	if (in->len > INPUT_MAX_BYTES)
		return -EFBIG;
	if (in->room - in->len > 1)
		return 0;
	grown = realloc(in->text, more);
	if (!grown)
		return -ENOMEM;
	in->text = grown;
	in->room = more;
	return 0;
}

static void close_it(struct input *in)
{
	if (in->fd > STDIN_FILENO)
		close(in->fd);
	in->fd = -1;
}

/* Reads on, behind what is there.  1: it did; 0: there is no more; -errno. */
static int read_on(struct input *in)
{
	ssize_t got;
	int err;

	if (in->fd < 0)
		return 0;
	err = grow(in);
	if (err)
		return err;
	do
		got = read(in->fd, in->text + in->len, in->room - in->len - 1);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return -errno;
	if (!got)
		close_it(in);
	in->len += (size_t)got;
	in->text[in->len] = '\0';
	return got > 0;
}

int input_open(const char *path, struct input *in)
{
	int err;

	*in = (struct input){ .fd = STDIN_FILENO };
	if (strcmp(path, "-"))
		in->fd = open(path, O_RDONLY | O_CLOEXEC);
	err = in->fd < 0 ? -errno : read_on(in);
	if (err < 0)
		input_free(in);
	return err < 0 ? err : 0;
}

int input_read(const char *path, struct input *in)
{
	int ret = input_open(path, in);

	if (ret)
		return ret;
	while ((ret = read_on(in)) > 0)
		;
	if (ret)
		input_free(in);
	return ret;
}

void input_free(struct input *in)
{
	close_it(in);
	free(in->text);
	*in = (struct input){ .fd = -1 };
}

const char *input_name(const char *path)
{
	return strcmp(path, "-") ? path : "stdin";
}

const char *input_error(int err)
{
	return err == -EFBIG ? "more than 64 MiB: nothing of ours is so long"
			     : strerror(-err);
}

/* Lines that were taken make room for those to come, if there are any. */
static int read_line(struct input *in)
{
	if (in->fd < 0)
		return 0;
	in->len -= in->at;
	memmove(in->text, in->text + in->at, in->len + 1);
	in->at = 0;
	return read_on(in);
}

char *input_line(struct input *in, size_t *len)
{
	size_t looked_at = 0;
	char *line, *end;
	int more;

	do {
		if (in->at > in->len)
			return NULL;
		line = in->text + in->at;
		end = memchr(line + looked_at, '\n',
			     in->len - in->at - looked_at);
		looked_at = in->len - in->at;
		more = end ? 0 : read_line(in);
	} while (more > 0);
	in->err = more;
	line = in->text + in->at;
	*len = end ? (size_t)(end - line) : in->len - in->at;
	if (more < 0 || (!end && !*len))
		return NULL;
	line[*len] = '\0';
	in->at += *len + 1;
	in->line_nr++;
	return line;
}

bool input_is_cut(const struct input *in)
{
	return in->at > in->len;
}
