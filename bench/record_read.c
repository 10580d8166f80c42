// SPDX-License-Identifier: GPL-2.0-only
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "record_schema.h"

/* The message may quote the file: keep its control characters off the tty. */
static void make_printable(char *text)
{
	for (; *text; text++)
		if (iscntrl((unsigned char)*text))
			*text = '?';
}

static int parse_line(const char *line, size_t len, struct record *rec,
		      char *err, size_t err_len)
{
	json_error_t why;
	json_t *root;
	int ret;

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
	ret = record_decode(root, rec, err, err_len);
	json_decref(root);
	return ret;
}

static int append(struct record **recs, size_t *cnt, const struct record *rec)
{
	struct record *grown = reallocarray(*recs, *cnt + 1, sizeof(*grown));

	if (!grown)
		return -ENOMEM;
	grown[(*cnt)++] = *rec;
	*recs = grown;
	return 0;
}

static int read_line(const char *line, size_t len, struct record **recs,
		     size_t *cnt, char *err, size_t err_len)
{
	struct record rec;
	int ret;

	if (strspn(line, " \t\r\n") == len)
		return 0;
	ret = parse_line(line, len, &rec, err, err_len);
	if (ret)
		return ret;
	ret = append(recs, cnt, &rec);
	if (ret)
		record_free(&rec);
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

static int read_lines(FILE *f, const char *name, struct record **recs,
		      size_t *cnt, char *err, size_t err_len)
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
		ret = read_line(line, (size_t)len, recs, cnt, why, sizeof(why));
	}
	free(line);
	if (ret == -EINVAL && why[0])
		snprintf(err, err_len, "%s:%zu: %s", name, line_nr, why);
	else if (ret)
		snprintf(err, err_len, "%s: %s", name, strerror(-ret));
	return ret;
}

int record_read(const char *path, struct record **recs, size_t *cnt, char *err,
		size_t err_len)
{
	bool is_stdin = !strcmp(path, "-");
	FILE *f = is_stdin ? stdin : fopen(path, "re");
	int ret;

	if (!f) {
		ret = -errno;
		snprintf(err, err_len, "%s: %s", path, strerror(-ret));
	} else {
		ret = read_lines(f, is_stdin ? "stdin" : path, recs, cnt, err,
				 err_len);
		if (!is_stdin)
			fclose(f);
	}
	if (ret)
		make_printable(err);
	return ret;
}
