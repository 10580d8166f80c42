// SPDX-License-Identifier: GPL-2.0-only
/*
 * cmd_inval.c - `epochctl inval`: messages for single names or inodes, as a
 * daemon without epochs would have to send them.
 */
#include "bench/lib/options.h"
#include "ctl.h"
#include "tell.h"

enum { OPT_FROM = 256 };

static const struct argp_option options[] = {
	{ "method", 'm', "METHOD", 0,
	  "Method (inval_entry), as below; epochbench has the same names", 0 },
	{ "files0-from", OPT_FROM, "FILE", 0,
	  "Paths from FILE, too, each ended by NUL; - is stdin", 0 },
	{ 0 }
};

static void set_method(struct ctl_tell *opt, const char *arg,
		       struct argp_state *state)
{
	int nr = inval_by_name(arg);

	if (nr < 0)
		argp_error(state, "there is no method '%s'", arg);
	if (!inval_methods[nr].ctl_help)
		argp_error(state,
			   "'%s' isn't about single names or inodes that exist",
			   inval_methods[nr].name);
	opt->method = &inval_methods[nr];
}

static error_t parse_opt(int key, char *arg, struct argp_state *state)
{
	struct ctl_tell *opt = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = opt;
		return 0;
	case 'm':
		set_method(opt, arg, state);
		return 0;
	case OPT_FROM:
		opt->from = arg;
		return 0;
	case ARGP_KEY_END:
		if (!opt->path_cnt && !opt->from)
			argp_error(state, "which PATHs in it?");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_child children[] = { { &ctl_tell_argp, 0, NULL, 0 },
					      { 0 } };

static const struct inval_method *offered(size_t i)
{
	for (unsigned int k = 0; k < inval_method_cnt; k++)
		if (inval_methods[k].ctl_help && !i--)
			return &inval_methods[k];
	return NULL;
}

static const char *method_name(size_t i)
{
	return offered(i) ? offered(i)->name : NULL;
}

static const char *method_help(size_t i)
{
	return offered(i) ? offered(i)->ctl_help : NULL;
}

static char *add_methods(int key, const char *text, void *input)
{
	(void)input;
	return key == ARGP_KEY_HELP_POST_DOC
		       ? options_table("Methods:\n", method_name, method_help,
				       text)
		       : (char *)text;
}

static const struct argp argp = {
	.options = options,
	.parser = parse_opt,
	.children = children,
	.args_doc = "MOUNT PATH...",
	.doc = "Makes single names or inodes of a FUSE file system stale, as "
	       "`epochctl bump` does all of them: to compare the two.  PATHs "
	       "are in MOUNT, or relative to it.  The kernel is asked for "
	       "their node ids, so it looks them up: that can ask the "
	       "daemon.\v"
	       "inval_entry detaches what is mounted there or below, and is "
	       "refused then.\n\n"
	       "Examples:\n"
	       "  epochctl inval /mnt/data some/file\n"
	       "  epochctl inval -m inval_inode /mnt/data some/file\n"
	       "  find /mnt/data -depth -mindepth 1 -print0 |\n"
	       "    epochctl inval --files0-from=- /mnt/data\n\n"
	       "Exit status: 0 ok, 1 failed or refused, 2 bad usage or no "
	       "FUSE mount, 77 this kernel can't.",
	.help_filter = add_methods,
};

int ctl_inval(int argc, char **argv)
{
	struct ctl_tell opt = {
		.method = &inval_methods[inval_by_name("inval_entry")],
		.limit_s = 10,
	};

	options_parse(&argp, argc, argv, &opt);
	return ctl_tell(&opt);
}
