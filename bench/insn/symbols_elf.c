// SPDX-License-Identifier: GPL-2.0-only
/*
 * symbols_elf.c - the functions of a mapped file.
 *
 * Whose file it is isn't known: what its tables claim of their sizes is taken for
 * true only as far as there is data.
 */
#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "symbols_table.h"

/* Programs and libraries have four. */
#define SEGMENTS_MAX 64

struct segment {
	uint64_t vaddr, offset, bytes;
};

struct file {
	const struct mapping *m;
	const char *base; /* its name without folders */
	Elf *elf;
	struct segment segment[SEGMENTS_MAX];
	size_t segment_cnt;
};

static void read_segments(struct file *f)
{
	size_t cnt = 0;
	GElf_Phdr ph;

	elf_getphdrnum(f->elf, &cnt);
	for (size_t i = 0; i < cnt && f->segment_cnt < SEGMENTS_MAX; i++) {
		if (!gelf_getphdr(f->elf, (int)i, &ph))
			break;
		if (ph.p_type == PT_LOAD)
			f->segment[f->segment_cnt++] =
				(struct segment){ ph.p_vaddr, ph.p_offset,
						  ph.p_filesz };
	}
}

/* Where the mapping has this virtual address of the file's own; 0: elsewhere. */
static uint64_t address_of(const struct file *f, uint64_t vaddr)
{
	const struct mapping *m = f->m;

	for (size_t i = 0; i < f->segment_cnt; i++) {
		const struct segment *s = &f->segment[i];
		uint64_t offset = vaddr - s->vaddr + s->offset;

		if (vaddr >= s->vaddr && vaddr - s->vaddr < s->bytes &&
		    offset >= m->offset && offset - m->offset < m->to - m->from)
			return m->from + (offset - m->offset);
	}
	return 0;
}

static int add_symbol(struct symbols *syms, const struct file *f,
		      const GElf_Sym *sym, size_t strings)
{
	uint64_t addr = address_of(f, sym->st_value), bytes = sym->st_size;
	const char *name = elf_strptr(f->elf, strings, sym->st_name);

	if (!name)
		return symbols_bad(syms, "%s: damaged: a symbol has no name",
				   f->m->path);
	if (!addr || !bytes || !*name)
		return 0;
	if (bytes > f->m->to - addr)
		bytes = f->m->to - addr;
	return symbols_add(syms, addr, addr + bytes, name, f->base);
}

static bool is_function(const GElf_Sym *sym)
{
	return sym->st_value && (GELF_ST_TYPE(sym->st_info) == STT_FUNC ||
				 GELF_ST_TYPE(sym->st_info) == STT_GNU_IFUNC);
}

static int add_section(struct symbols *syms, const struct file *f, Elf_Scn *scn,
		       const GElf_Shdr *sh)
{
	Elf_Data *data = elf_getdata(scn, NULL);
	size_t bytes = gelf_fsize(f->elf, ELF_T_SYM, 1, EV_CURRENT);
	GElf_Sym sym;
	int err = 0;

	for (size_t i = 0; !err && data && bytes && i < data->d_size / bytes;
	     i++) {
		if (!gelf_getsym(data, (int)i, &sym))
			break;
		if (is_function(&sym))
			err = add_symbol(syms, f, &sym, sh->sh_link);
	}
	return err;
}

/* The tables of symbols: a file has one of each kind. */
static int add_tables(struct symbols *syms, const struct file *f)
{
	bool done[2] = { false };
	Elf_Scn *scn = NULL;
	GElf_Shdr sh;
	int err = 0;

	while (!err && (scn = elf_nextscn(f->elf, scn))) {
		if (!gelf_getshdr(scn, &sh) ||
		    (sh.sh_type != SHT_SYMTAB && sh.sh_type != SHT_DYNSYM) ||
		    done[sh.sh_type == SHT_DYNSYM])
			continue;
		done[sh.sh_type == SHT_DYNSYM] = true;
		err = add_section(syms, f, scn, &sh);
	}
	return err;
}

static int add_file(struct symbols *syms, struct file *f)
{
	const struct mapping *m = f->m;
	/* Whatever is in no function of the file is at least the file's. */
	int err = symbols_add(syms, m->from, m->to, "?", f->base);

	if (err)
		return err;
	read_segments(f);
	return add_tables(syms, f);
}

/* A pipe or a device could make us wait for ever. */
static int open_file(const char *path)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	struct stat st;

	if (fd < 0)
		return -errno;
	if (!fstat(fd, &st) && S_ISREG(st.st_mode))
		return fd;
	close(fd);
	return -EINVAL;
}

int symbols_add_elf(struct symbols *syms, const struct mapping *m)
{
	struct file f = { .m = m, .base = strrchr(m->path, '/') + 1 };
	int fd = open_file(m->path), err;

	if (fd < 0)
		return symbols_bad(syms, "%s: %s", m->path,
				   fd == -EINVAL ? "not a regular file"
						 : strerror(-fd));
	elf_version(EV_CURRENT);
	/* Not mapped: who cuts it meanwhile would end us. */
	f.elf = elf_begin(fd, ELF_C_READ, NULL);
	err = f.elf ? add_file(syms, &f)
		    : symbols_bad(syms, "%s: %s", m->path, elf_errmsg(-1));
	elf_end(f.elf);
	close(fd);
	return err;
}
