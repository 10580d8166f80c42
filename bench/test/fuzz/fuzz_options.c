// SPDX-License-Identifier: GPL-2.0-only
/*
 * The arguments of all commands.  What a command would then do isn't done: what
 * parses them, or ends the program, is taken from the C library, and comes back.
 */
#include <argp.h>
#include <dlfcn.h>
#include <setjmp.h>
#include <stdarg.h>

#include <sanitizer/allocator_interface.h>

#include "bench/cmd/cmd.h"
#include "bench/ctl/ctl.h"
#include "fuzz.h"

/* main() of the tracer's tools, renamed. */
int epochstat_main(int argc, char **argv);
int epochsnoop_main(int argc, char **argv);

/* Set while arguments are parsed: who ends that comes back here. */
static jmp_buf parsed;
static bool parsing;

static _Noreturn void come_back(void)
{
	parsing = false;
	longjmp(parsed, 1);
}

/* The function that this one stands before: that of the C library. */
static void *real(const char *name)
{
	void *found = dlsym(RTLD_NEXT, name);

	if (!found)
		abort();
	return found;
}

typedef error_t parse_fn(const struct argp *argp, int argc, char **argv,
			 unsigned int flags, int *index, void *input);

error_t argp_parse(const struct argp *argp, int argc, char **argv,
		   unsigned int flags, int *index, void *input)
{
	static parse_fn *parse;

	if (!parse)
		parse = (parse_fn *)(uintptr_t)real("argp_parse");
	parse(argp, argc, argv, flags | ARGP_NO_EXIT | ARGP_NO_ERRS, index,
	      input);
	come_back();
}

void argp_error(const struct argp_state *state, const char *fmt, ...)
{
	char text[512];
	va_list args;

	(void)state;
	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	come_back();
}

void argp_state_help(const struct argp_state *state, FILE *out,
		     unsigned int flags)
{
	(void)state;
	(void)out;
	(void)flags;
	come_back();
}

void exit(int status)
{
	if (parsing)
		come_back();
	((void (*)(int))(uintptr_t)real("exit"))(status);
	abort();
}

/*
 * What a parser had allocated when it was left would in time be all memory: it is
 * remembered, and freed.
 */
#define KEPT_MAX 4096
static void *kept[KEPT_MAX];
static size_t kept_cnt;

static void note_malloc(const volatile void *p, size_t size)
{
	(void)size;
	if (parsing && kept_cnt < KEPT_MAX)
		kept[kept_cnt++] = (void *)(uintptr_t)p;
}

/* Mostly it was the last one. */
static void note_free(const volatile void *p)
{
	for (size_t i = kept_cnt; parsing && i-- > 0;)
		if (kept[i] == p) {
			kept[i] = kept[--kept_cnt];
			return;
		}
}

static void free_kept(void)
{
	while (kept_cnt)
		free(kept[--kept_cnt]);
}

/* And what of the first one nobody knows. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "detect_leaks=0";
}

static int (*const commands[])(int argc, char **argv) = {
	cmd_list,     cmd_run,	 cmd_report,	 cmd_compare,	  cmd_hazards,
	cmd_workload, cmd_merge, cmd_profile,	 cmd_gate,	  ctl_list,
	ctl_bump,     ctl_inval, epochstat_main, epochsnoop_main,
};

#define ARGS_MAX 16

/* The first byte is the command; arguments are lines. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *argv[ARGS_MAX + 1] = { (char *)"fuzz" }, *text, *rest;
	static unsigned int warm;
	int argc = 1;

	if (!size || !(text = strndup((const char *)data + 1, size - 1)))
		return 0;
	rest = text;
	while (argc < ARGS_MAX && (argv[argc] = strsep(&rest, "\n")))
		argc++;
	argv[argc] = NULL;
	/* What the C library keeps is there after the first one. */
	if (warm++ == 1)
		__sanitizer_install_malloc_and_free_hooks(note_malloc,
							  note_free);
	parsing = true;
	if (!setjmp(parsed))
		commands[(data[0] - 'a') % 26u %
			 (sizeof(commands) / sizeof(commands[0]))](argc, argv);
	parsing = false;
	free_kept();
	free(text);
	return 0;
}
