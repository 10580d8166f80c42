// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "input.h"
#include "json_lines.h"
#include "text.h"

/* Whose lines these are. */
struct reader {
	json_line_fn *fn;
	void *arg;
	char *err;
	size_t err_len;
	bool large;
};

static const char cut_off[] =
	"the record is cut off: delete this line or repeat the run";

/* Numbers above 2^63 are none to jansson, unless all of the line are real. */
static json_t *load(const char *line, size_t len, bool large, json_error_t *why)
{
	json_t *root = json_loadb(line, len, JSON_REJECT_DUPLICATES, why);

	if (root || !large ||
	    json_error_code(why) != json_error_numeric_overflow)
		return root;
	return json_loadb(line, len,
			  JSON_REJECT_DUPLICATES | JSON_DECODE_INT_AS_REAL,
			  why);
}

static int read_line(const char *line, size_t len, const struct reader *r)
{
	size_t blank = strspn(line, " \t\r");
	json_error_t why;
	json_t *root;
	int ret;

	if (blank == len)
		return 0;
	if (line[blank] != '{') {
		snprintf(r->err, r->err_len, "not a JSON object");
		return -EINVAL;
	}
	root = load(line, len, r->large, &why);
	if (root) {
		ret = r->fn(root, r->arg, r->err, r->err_len);
		json_decref(root);
		return ret;
	}
	if (json_error_code(&why) == json_error_out_of_memory)
		return -ENOMEM;
	if (json_error_code(&why) == json_error_premature_end_of_input)
		snprintf(r->err, r->err_len, "%s", cut_off);
	else
		snprintf(r->err, r->err_len, "not JSON: %s", why.text);
	return -EINVAL;
}

static int read_lines(struct input *in, const struct reader *r)
{
	char *line;
	size_t len;
	int ret = 0;

	while (!ret && (line = input_line(in, &len)))
		ret = read_line(line, len, r);
	if (!ret)
		ret = in->err;
	if (ret || !input_is_cut(in))
		return ret;
	snprintf(r->err, r->err_len, "%s", cut_off);
	return -EINVAL;
}

static int read_file(const char *path, json_line_fn *fn, void *arg, bool large,
		     char *err, size_t err_len)
{
	char why[256] = "";
	const struct reader r = { fn, arg, why, sizeof(why), large };
	struct input in;
	int ret = input_open(path, &in);

	if (!ret)
		ret = read_lines(&in, &r);
	if (ret == -EINVAL && why[0])
		snprintf(err, err_len, "%s:%zu: %s", input_name(path),
			 in.line_nr, why);
	else if (ret)
		snprintf(err, err_len, "%s: %s", input_name(path),
			 input_error(ret));
	/* It may quote the file. */
	if (ret)
		text_tame(err);
	input_free(&in);
	return ret;
}

int json_lines_read(const char *path, json_line_fn *fn, void *arg, char *err,
		    size_t err_len)
{
	return read_file(path, fn, arg, false, err, err_len);
}

int json_lines_read_large(const char *path, json_line_fn *fn, void *arg,
			  char *err, size_t err_len)
{
	return read_file(path, fn, arg, true, err, err_len);
}
