// SPDX-License-Identifier: GPL-2.0-only
#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json_lines.h"

/* What read_line() hands on. */
struct reader {
	json_line_fn *fn;
	void *arg;
};

/* The message may quote the file: keep its control characters off the tty. */
static void make_printable(char *text)
{
	for (; *text; text++)
		if (iscntrl((unsigned char)*text))
			*text = '?';
}

static int read_line(const char *line, size_t len, const struct reader *r,
		     char *err, size_t err_len)
{
	json_error_t why;
	json_t *root;
	int ret;

	if (strspn(line, " \t\r\n") == len)
		return 0;
	root = json_loadb(line, len, JSON_REJECT_DUPLICATES, &why);
	if (!root) {
		if (json_error_code(&why) == json_error_out_of_memory)
			return -ENOMEM;
		if (json_error_code(&why) == json_error_premature_end_of_input)
			snprintf(err, err_len,
				 "the record is cut off: delete this line or "
				 "repeat the run");
		else
			snprintf(err, err_len, "not JSON: %s", why.text);
		return -EINVAL;
	}
	ret = r->fn(root, r->arg, err, err_len);
	json_decref(root);
	return ret;
}

/*
 * A record begins with '{'.  Looking before reading a line keeps a foreign
 * file without newlines, such as /dev/zero, from filling our memory.
 */
static bool may_be_record(FILE *f)
{
	int c = getc(f);

	if (c == EOF)
		return true;
	ungetc(c, f);
	return c == '{' || isspace(c);
}

static int read_lines(FILE *f, const char *name, const struct reader *r,
		      char *err, size_t err_len)
{
	char *line = NULL, why[256] = "";
	size_t cap = 0, line_nr = 0;
	int ret = 0;

	while (!ret) {
		ssize_t len;

		line_nr++;
		errno = 0;
		if (!may_be_record(f)) {
			snprintf(why, sizeof(why), "not a JSON object");
			ret = -EINVAL;
			break;
		}
		len = getline(&line, &cap, f);
		if (len < 0) {
			if (!feof(f))
				ret = errno ? -errno : -EIO;
			break;
		}
		ret = read_line(line, (size_t)len, r, why, sizeof(why));
	}
	free(line);
	if (ret == -EINVAL && why[0])
		snprintf(err, err_len, "%s:%zu: %s", name, line_nr, why);
	else if (ret)
		snprintf(err, err_len, "%s: %s", name, strerror(-ret));
	return ret;
}

int json_lines_read(const char *path, json_line_fn *fn, void *arg, char *err,
		    size_t err_len)
{
	const struct reader r = { fn, arg };
	bool is_stdin = !strcmp(path, "-");
	FILE *f = is_stdin ? stdin : fopen(path, "re");
	int ret;

	if (!f) {
		ret = -errno;
		snprintf(err, err_len, "%s: %s", path, strerror(-ret));
	} else {
		ret = read_lines(f, is_stdin ? "stdin" : path, &r, err,
				 err_len);
		if (!is_stdin)
			fclose(f);
	}
	if (ret)
		make_printable(err);
	return ret;
}
