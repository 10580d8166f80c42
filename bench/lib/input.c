// SPDX-License-Identifier: GPL-2.0-only
#include "input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Makes room for more than what is there; -errno if there is none. */
static int grow(struct input *in, size_t *room)
{
	size_t more = *room ? 2 * *room : 64 << 10;
	char *grown;

	if (in->len > INPUT_MAX_BYTES)
		return -EFBIG;
	if (*room - in->len > 1)
		return 0;
	grown = realloc(in->text, more);
	if (!grown)
		return -ENOMEM;
	in->text = grown;
	*room = more;
	return 0;
}

static int read_all(int fd, struct input *in)
{
	size_t room = 0;
	ssize_t got;
	int err;

	while (!(err = grow(in, &room))) {
		got = read(fd, in->text + in->len, room - in->len - 1);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		if (!got)
			break;
		in->len += (size_t)got;
	}
	if (!err)
		in->text[in->len] = '\0';
	return err;
}

int input_read(const char *path, struct input *in)
{
	bool is_stdin = !strcmp(path, "-");
	int fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	int err;

	*in = (struct input){ .len = 0 };
	if (fd < 0)
		return -errno;
	err = read_all(fd, in);
	if (!is_stdin)
		close(fd);
	if (err)
		input_free(in);
	return err;
}

void input_free(struct input *in)
{
	free(in->text);
	*in = (struct input){ .len = 0 };
}

const char *input_name(const char *path)
{
	return strcmp(path, "-") ? path : "stdin";
}

const char *input_error(int err)
{
	return err == -EFBIG ? "more than 64 MiB: no file of ours is so long"
			     : strerror(-err);
}

char *input_line(struct input *in, size_t *len)
{
	char *line = in->text + in->at, *end;

	if (in->at >= in->len)
		return NULL;
	end = memchr(line, '\n', in->len - in->at);
	*len = end ? (size_t)(end - line) : in->len - in->at;
	line[*len] = '\0';
	in->at += *len + 1;
	in->line_nr++;
	return line;
}

bool input_is_cut(const struct input *in)
{
	return in->at > in->len;
}
