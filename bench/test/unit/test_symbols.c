// SPDX-License-Identifier: GPL-2.0-only
/*
 * Addresses to functions: the kernel's, modules', compiled BPF programs', ours.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "bench/insn/symbols.h"

static struct symbols *load(const char *text, char *err, size_t err_len)
{
	char path[] = "/tmp/test_symbols.XXXXXX";
	int fd = mkstemp(path);
	struct symbols *syms;

	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
	syms = symbols_load(path, err, err_len);
	unlink(path);
	return syms;
}

static void of_the_kernel(void **state)
{
	char err[200];
	struct symbols *syms = load(
		"ffffffff81000000 T first\n"
		"ffffffff81000100 t dput.part.0\n"
		"ffffffff81000200 T __do_it\n"
		"ffffffff81000200 T do_it\n"
		"ffffffffa0000000 t fuse_lookup\t[fuse]\n"
		"ffffffffa0001000 t bpf_prog_6deef7357e7b4530_fexit_x\t[bpf]\n"
		"ffffffffa0002000 t bpf_trampoline_6442516491\t[bpf]\n",
		err, sizeof(err));

	(void)state;
	assert_non_null(syms);
#define NAMED(addr, name) assert_string_equal(symbols_name(syms, addr), name)
	NAMED(0xffffffff80ffffff, "?");
	NAMED(0xffffffff81000000, "first");
	NAMED(0xffffffff810000ff, "first");
	NAMED(0xffffffff81000100, "dput");
	NAMED(0xffffffff81000201, "do_it"); /* the shortest alias */
	NAMED(0xffffffffa0000fff, "fuse_lookup [fuse]");
	NAMED(0xffffffffa0001000, "fexit_x [bpf]");
	NAMED(0xffffffffa0002000, "bpf_trampoline [bpf]");
	NAMED(0x400000, "?");
	symbols_free(syms);
}

/* This very program, as it is mapped. */
static void of_ourselves(void **state)
{
	char path[] = "/tmp/test_symbols.XXXXXX", err[200];
	int fd = mkstemp(path);
	struct symbols *syms;
	FILE *maps;
	FILE *out = fdopen(fd, "w");
	unsigned long to, last = 0;
	char line[512];

	(void)state;
	maps = fopen("/proc/self/maps", "re");
	while (fgets(line, sizeof(line), maps))
		if (strstr(line, "r-xp") && strchr(line, '/')) {
			fputs(line, out);
			if (strstr(line, "/libc.so.6") &&
			    sscanf(line, "%*x-%lx", &to) == 1)
				last = to - 1;
		}
	fclose(maps);
	fclose(out);
	syms = symbols_load(path, err, sizeof(err));
	unlink(path);
	assert_non_null(syms);
	NAMED((uint64_t)(uintptr_t)of_the_kernel,
	      "of_the_kernel [test_symbols]");
	NAMED((uint64_t)(uintptr_t)symbols_load, "symbols_load [test_symbols]");
	if (last) /* what fills its last page is in no function */
		NAMED(last, "? [libc.so.6]");
	assert_non_null(
		strstr(symbols_name(syms, (uint64_t)(uintptr_t)fgets), "["));
	symbols_free(syms);
}

static void what_is_wrong_is_said(void **state)
{
	char err[200] = "";

	(void)state;
	assert_null(load("", err, sizeof(err)));
	assert_non_null(strstr(err, "nothing in it"));
	assert_null(load("0000000000000000 T hidden\n", err, sizeof(err)));
	assert_non_null(strstr(err, "hidden"));
	assert_null(load("hello\n", err, sizeof(err)));
	assert_non_null(strstr(err, "hello"));
	assert_null(load("1000-2000 r-xp 0 00:00 1 /no/such/file\n", err,
			 sizeof(err)));
	assert_non_null(strstr(err, "/no/such/file"));
	assert_null(symbols_load("/no/such/file", err, sizeof(err)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(of_the_kernel),
		cmocka_unit_test(of_ourselves),
		cmocka_unit_test(what_is_wrong_is_said),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
