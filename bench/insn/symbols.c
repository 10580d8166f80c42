// SPDX-License-Identifier: GPL-2.0-only
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <libgen.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "symbols.h"

struct symbol {
	uint64_t addr;
	uint64_t end; /* 0: up to the next */
	char *name;
};

struct symbols {
	struct symbol *sym;
	size_t cnt, room;
	char *err;
	size_t err_len;
};

/* A mapping of a file, and the file. */
struct mapping {
	uint64_t from, to, offset;
	const char *path;
	const char *base; /* its name without folders */
	Elf *elf;
};

__attribute__((format(printf, 2, 3))) static int bad(struct symbols *syms,
						     const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(syms->err, syms->err_len, fmt, ap);
	va_end(ap);
	return -EINVAL;
}

static int add(struct symbols *syms, uint64_t addr, uint64_t end, char *name)
{
	struct symbol *sym = syms->sym;

	if (!name)
		return bad(syms, "no memory");
	if (syms->cnt == syms->room) {
		size_t room = syms->room ? 2 * syms->room : 4096;

		sym = reallocarray(sym, room, sizeof(*sym));
		if (!sym) {
			free(name);
			return bad(syms, "no memory");
		}
		syms->sym = sym;
		syms->room = room;
	}
	sym[syms->cnt++] = (struct symbol){ addr, end, name };
	return 0;
}

/*
 * What stays the same from build to build: without the compiler's ".part.0",
 * the tag in "bpf_prog_6deef7357e7b4530_fexit_x", the number of a trampoline.
 */
static char *stable_name(const char *name, const char *module)
{
	static const char prog[] = "bpf_prog_", tramp[] = "bpf_trampoline_";
	size_t len = strlen(name);
	const char *dot = strchr(name + 1, '.');
	char *out;

	if (!strncmp(name, prog, strlen(prog)) &&
	    strchr(name + strlen(prog), '_'))
		name = strchr(name + strlen(prog), '_') + 1;
	else if (!strncmp(name, tramp, strlen(tramp)))
		len = strlen(tramp) - 1;
	else if (dot)
		len = (size_t)(dot - name);
	if (asprintf(&out, "%.*s%s%s%s", (int)len, name, *module ? " [" : "",
		     module, *module ? "]" : "") < 0)
		return NULL;
	return out;
}

/* "ffffffffa0001000 t fuse_lookup	[fuse]" */
static int add_kernel(struct symbols *syms, const char *line)
{
	char name[512], module[128] = "";
	uint64_t addr;

	if (sscanf(line, "%lx %*c %511s [%127[^]]]", &addr, name, module) < 2)
		return bad(syms, "neither kernel symbol nor mapping: %.60s",
			   line);
	return addr ? add(syms, addr, 0, stable_name(name, module))
		    : bad(syms, "addresses are hidden: not written by root");
}

/* Where the mapping's file has this virtual address of its own; 0: elsewhere. */
static uint64_t address_of(const struct mapping *m, uint64_t vaddr)
{
	size_t cnt = 0;
	GElf_Phdr ph;

	elf_getphdrnum(m->elf, &cnt);
	for (size_t i = 0; i < cnt; i++) {
		uint64_t offset;

		if (!gelf_getphdr(m->elf, (int)i, &ph) ||
		    ph.p_type != PT_LOAD || vaddr < ph.p_vaddr ||
		    vaddr >= ph.p_vaddr + ph.p_filesz)
			continue;
		offset = vaddr - ph.p_vaddr + ph.p_offset;
		if (offset >= m->offset && offset < m->offset + m->to - m->from)
			return m->from + offset - m->offset;
	}
	return 0;
}

static int add_section(struct symbols *syms, const struct mapping *m,
		       Elf_Scn *scn, const GElf_Shdr *sh)
{
	Elf_Data *data = elf_getdata(scn, NULL);
	size_t cnt = sh->sh_entsize ? sh->sh_size / sh->sh_entsize : 0;
	GElf_Sym sym;
	int err = 0;

	for (size_t i = 0; !err && data && i < cnt; i++) {
		uint64_t addr;

		if (!gelf_getsym(data, (int)i, &sym) || !sym.st_value ||
		    (GELF_ST_TYPE(sym.st_info) != STT_FUNC &&
		     GELF_ST_TYPE(sym.st_info) != STT_GNU_IFUNC))
			continue;
		addr = address_of(m, sym.st_value);
		if (addr)
			err = add(syms, addr, addr + sym.st_size,
				  stable_name(elf_strptr(m->elf, sh->sh_link,
							 sym.st_name),
					      m->base));
	}
	return err;
}

static int add_file(struct symbols *syms, const struct mapping *m)
{
	Elf_Scn *scn = NULL;
	GElf_Shdr sh;
	int err;

	/* Whatever is in no function of the file is at least the file's. */
	err = add(syms, m->from, m->to, stable_name("?", m->base));
	while (!err && (scn = elf_nextscn(m->elf, scn)))
		if (gelf_getshdr(scn, &sh) &&
		    (sh.sh_type == SHT_SYMTAB || sh.sh_type == SHT_DYNSYM))
			err = add_section(syms, m, scn, &sh);
	return err;
}

/* "555555554000-555555557000 r-xp 00001000 00:02 24   /usr/bin/thing" */
static int add_mapping(struct symbols *syms, char *line)
{
	struct mapping m = { .path = strchr(line, '/') };
	int fd, err;

	if (!m.path ||
	    sscanf(line, "%lx-%lx %*s %lx", &m.from, &m.to, &m.offset) != 3)
		return bad(syms, "not a mapping: %.60s", line);
	m.base = strrchr(m.path, '/') + 1;
	fd = open(m.path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return bad(syms, "%s: %s", m.path, strerror(errno));
	elf_version(EV_CURRENT);
	m.elf = elf_begin(fd, ELF_C_READ_MMAP, NULL);
	err = m.elf ? add_file(syms, &m)
		    : bad(syms, "%s: %s", m.path, elf_errmsg(-1));
	elf_end(m.elf);
	close(fd);
	return err;
}

/* By address; of aliases the shortest name last, where the search finds it. */
static int in_order(const void *a, const void *b)
{
	const struct symbol *x = a, *y = b;
	size_t x_len = strlen(x->name), y_len = strlen(y->name);

	if (x->addr != y->addr)
		return x->addr < y->addr ? -1 : 1;
	if ((x->name[0] == '?') != (y->name[0] == '?'))
		return x->name[0] == '?' ? -1 : 1;
	if (x_len != y_len)
		return x_len > y_len ? -1 : 1;
	return strcmp(x->name, y->name);
}

struct symbols *symbols_load(const char *path, char *err, size_t err_len)
{
	struct symbols *syms = calloc(1, sizeof(*syms));
	FILE *in = fopen(path, "re");
	char *line = NULL;
	size_t len = 0;
	int ret = 0;

	if (!syms || !in) {
		snprintf(err, err_len, "%s: %s", path, strerror(errno));
		free(syms);
		if (in)
			fclose(in);
		return NULL;
	}
	syms->err = err;
	syms->err_len = err_len;
	while (!ret && getline(&line, &len, in) > 0) {
		line[strcspn(line, "\n")] = '\0';
		ret = line[strcspn(line, " -")] == '-' ? add_mapping(syms, line)
						       : add_kernel(syms, line);
	}
	free(line);
	fclose(in);
	if (!ret && !syms->cnt)
		ret = bad(syms, "%s: there is nothing in it", path);
	if (ret) {
		symbols_free(syms);
		return NULL;
	}
	qsort(syms->sym, syms->cnt, sizeof(*syms->sym), in_order);
	return syms;
}

void symbols_free(struct symbols *syms)
{
	for (size_t i = 0; syms && i < syms->cnt; i++)
		free(syms->sym[i].name);
	if (syms)
		free(syms->sym);
	free(syms);
}

const char *symbols_name(const struct symbols *syms, uint64_t addr)
{
	size_t low = 0, high = syms->cnt;

	while (low < high) { /* low becomes the first symbol above addr */
		size_t mid = low + (high - low) / 2;

		if (syms->sym[mid].addr <= addr)
			low = mid + 1;
		else
			high = mid;
	}
	/* Back over those that end before: to the one of the whole file. */
	for (size_t i = low; i > 0; i--) {
		const struct symbol *s = &syms->sym[i - 1];

		if (s->end ? addr < s->end : addr >> 63)
			return s->name;
		if (s->name[0] == '?' && s->end)
			break;
	}
	return "?";
}
