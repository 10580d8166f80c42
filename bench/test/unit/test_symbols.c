// SPDX-License-Identifier: GPL-2.0-only
/*
 * Addresses to functions: the kernel's, modules', compiled BPF programs', ours.
 */
#include <elf.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
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
	assert_null(load("hello \033\n", err, sizeof(err)));
	assert_null(strchr(err, '\033'));
	assert_null(load("ffffffff81000000 T cut", err, sizeof(err)));
	assert_non_null(strstr(err, "cut off"));
	assert_null(
		load("2000-1000 r-xp 0 00:00 1 /bin/sh\n", err, sizeof(err)));
	assert_non_null(strstr(err, "not a mapping"));
	assert_null(
		load("1000-2000 r-xp 0 00:00 1 /dev/zero\n", err, sizeof(err)));
	assert_non_null(strstr(err, "not a regular file"));
	assert_null(load("1000-2000 r-xp 0 00:00 1 /no/such/file\n", err,
			 sizeof(err)));
	assert_non_null(strstr(err, "/no/such/file"));
	assert_null(symbols_load("/no/such/file", err, sizeof(err)));
}

/* The one that began last, of those that haven't ended. */
static void of_several_the_last_one_counts(void **state)
{
	static char text[2000000];
	char *end = text, err[200];
	struct symbols *syms;

	(void)state;
	/* So many that looking at all of them each time would take minutes. */
	for (unsigned int i = 0; i < 50000; i++)
		end += sprintf(end, "%016lx t f%u\n",
			       0xffffffff81000000UL + 16 * i, i);
	syms = load(text, err, sizeof(err));
	assert_non_null(syms);
	for (unsigned int i = 0; i < 50000; i++) {
		char name[16];

		snprintf(name, sizeof(name), "f%u", i);
		NAMED(0xffffffff81000000UL + 16 * i + 15, name);
	}
	symbols_free(syms);
}

/* An ELF file of one segment, one function, and its name. */
struct elf {
	Elf64_Ehdr header;
	Elf64_Phdr segment;
	Elf64_Shdr section[3];
	Elf64_Sym sym[3];
	char strings[32];
};

static void fill(struct elf *e)
{
	memset(e, 0, sizeof(*e));
	memcpy(e->header.e_ident, ELFMAG "\2\1\1", 7);
	e->header.e_type = ET_DYN;
	e->header.e_machine = EM_X86_64;
	e->header.e_version = EV_CURRENT;
	e->header.e_ehsize = sizeof(e->header);
	e->header.e_phoff = offsetof(struct elf, segment);
	e->header.e_phentsize = sizeof(e->segment);
	e->header.e_phnum = 1;
	e->header.e_shoff = offsetof(struct elf, section);
	e->header.e_shentsize = sizeof(e->section[0]);
	e->header.e_shnum = 3;
	e->segment = (Elf64_Phdr){ .p_type = PT_LOAD,
				   .p_vaddr = 0x1000,
				   .p_filesz = 0x1000 };
	e->section[1] = (Elf64_Shdr){ .sh_type = SHT_SYMTAB,
				      .sh_offset = offsetof(struct elf, sym),
				      .sh_size = sizeof(e->sym),
				      .sh_link = 2,
				      .sh_entsize = sizeof(e->sym[0]) };
	e->section[2] =
		(Elf64_Shdr){ .sh_type = SHT_STRTAB,
			      .sh_offset = offsetof(struct elf, strings),
			      .sh_size = sizeof(e->strings) };
	for (int i = 1; i < 3; i++)
		e->sym[i] = (Elf64_Sym){ .st_name = i == 1 ? 1 : 7,
					 .st_info = STT_FUNC,
					 .st_value = 0x1000 * i + 0x100,
					 .st_size = 0x1000 };
	strcpy(e->strings + 1, "inside");
	strcpy(e->strings + 8, "outside");
}

/* Its symbols, as if it were mapped; or NULL. */
static struct symbols *load_elf(const void *elf, size_t len, char *err,
				size_t err_len)
{
	char path[] = "/tmp/test_symbols.XXXXXX", line[128];
	int fd = mkstemp(path);
	struct symbols *syms;

	assert_int_equal(write(fd, elf, len), len);
	close(fd);
	snprintf(line, sizeof(line), "5000-6000 r-xp 00000000 00:01 7 %s\n",
		 path);
	syms = load(line, err, err_len);
	unlink(path);
	return syms;
}

static void of_a_file(void **state)
{
	char err[200] = "";
	struct elf elf;
	struct symbols *syms;

	(void)state;
	fill(&elf);
	syms = load_elf(&elf, sizeof(elf), err, sizeof(err));
	assert_string_equal(err, "");
	assert_memory_equal(symbols_name(syms, 0x5100), "inside [test_", 13);
	/* Not beyond the mapping, however long it says to be. */
	assert_memory_equal(symbols_name(syms, 0x5fff), "inside [test_", 13);
	NAMED(0x6000, "?");
	assert_memory_equal(symbols_name(syms, 0x5050), "? [test_", 8);
	symbols_free(syms);
}

static void damaged_files_neither_crash_nor_hang(void **state)
{
	char err[200] = "";
	struct elf elf;
	struct symbols *syms;

	(void)state;
	fill(&elf);
	elf.sym[1].st_name = 4000; /* outside of all */
	assert_null(load_elf(&elf, sizeof(elf), err, sizeof(err)));
	assert_non_null(strstr(err, "damaged: a symbol has no name"));
	fill(&elf);
	elf.section[1].sh_entsize = 1; /* endless symbols */
	elf.section[1].sh_size = UINT64_MAX / 2;
	symbols_free(load_elf(&elf, sizeof(elf), err, sizeof(err)));
	fill(&elf);
	elf.header.e_phnum = PN_XNUM; /* as many segments as section 0 says */
	elf.section[0].sh_info = UINT32_MAX;
	symbols_free(load_elf(&elf, sizeof(elf), err, sizeof(err)));
	fill(&elf);
	elf.header.e_shnum = 0; /* as many sections as it says */
	elf.section[0].sh_size = UINT64_MAX / 64;
	symbols_free(load_elf(&elf, sizeof(elf), err, sizeof(err)));
	fill(&elf);
	elf.segment.p_vaddr = elf.segment.p_offset = UINT64_MAX - 8;
	syms = load_elf(&elf, sizeof(elf), err, sizeof(err));
	assert_non_null(syms);
	assert_memory_equal(symbols_name(syms, 0x5100), "? [test_", 8);
	symbols_free(syms);
	fill(&elf);
	strcpy(elf.strings + 1, "\033[2J"); /* no name for a terminal */
	syms = load_elf(&elf, sizeof(elf), err, sizeof(err));
	assert_memory_equal(symbols_name(syms, 0x5100), "?[2J [test_", 11);
	symbols_free(syms);
	/* Cut off, anywhere. */
	fill(&elf);
	for (size_t len = 0; len < sizeof(elf); len += 13)
		symbols_free(load_elf(&elf, len, err, sizeof(err)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(of_the_kernel),
		cmocka_unit_test(of_ourselves),
		cmocka_unit_test(of_several_the_last_one_counts),
		cmocka_unit_test(of_a_file),
		cmocka_unit_test(damaged_files_neither_crash_nor_hang),
		cmocka_unit_test(what_is_wrong_is_said),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
