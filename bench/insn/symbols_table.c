// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/lib/text.h"
#include "symbols.h"
#include "symbols_table.h"

/* Ten times those of a kernel and of what is mapped. */
#define SYMBOLS_MAX 2000000
/* Of a name; what is longer is cut. */
#define NAME_BYTES_MAX 511

struct symbol {
	uint64_t addr;
	uint64_t end; /* behind it; of the kernel's the end of all */
	char *name;
};

/* From here on, up to the next one, it is that function. */
struct border {
	uint64_t addr;
	const char *name; /* of a symbol; NULL: not known */
};

struct symbols {
	struct symbol *sym;
	size_t cnt, room;
	struct border *border;
	size_t border_cnt;
	char *err;
	size_t err_len;
};

int symbols_bad(struct symbols *syms, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(syms->err, syms->err_len, fmt, ap);
	va_end(ap);
	text_tame(syms->err);
	return -EINVAL;
}

/*
 * What stays the same from build to build: without the compiler's ".part.0",
 * the tag in "bpf_prog_6deef7357e7b4530_fexit_x", the number of a trampoline.
 */
static char *stable_name(const char *name, const char *module)
{
	static const char prog[] = "bpf_prog_", tramp[] = "bpf_trampoline_";
	size_t len = NAME_BYTES_MAX;
	const char *dot = strchr(name + 1, '.');
	char *out;

	if (!strncmp(name, prog, strlen(prog)) &&
	    strchr(name + strlen(prog), '_'))
		name = strchr(name + strlen(prog), '_') + 1;
	else if (!strncmp(name, tramp, strlen(tramp)))
		len = strlen(tramp) - 1;
	else if (dot && dot - name < NAME_BYTES_MAX)
		len = (size_t)(dot - name);
	if (asprintf(&out, "%.*s%s%.*s%s", (int)len, name, *module ? " [" : "",
		     NAME_BYTES_MAX / 2, module, *module ? "]" : "") < 0)
		return NULL;
	text_tame(out);
	return out;
}

static int make_room(struct symbols *syms)
{
	size_t room = syms->room ? 2 * syms->room : 4096;
	struct symbol *sym = syms->sym;

	if (syms->cnt == SYMBOLS_MAX)
		return symbols_bad(syms, "more than %d symbols", SYMBOLS_MAX);
	if (syms->cnt < syms->room)
		return 0;
	sym = reallocarray(sym, room, sizeof(*sym));
	if (!sym)
		return symbols_bad(syms, "no memory");
	syms->sym = sym;
	syms->room = room;
	return 0;
}

int symbols_add(struct symbols *syms, uint64_t addr, uint64_t end,
		const char *name, const char *module)
{
	char *stable;
	int err = make_room(syms);

	if (err)
		return err;
	stable = stable_name(name, module);
	if (!stable)
		return symbols_bad(syms, "no memory");
	syms->sym[syms->cnt++] =
		(struct symbol){ addr, end ? end : UINT64_MAX, stable };
	return 0;
}

struct symbols *symbols_new(char *err, size_t err_len)
{
	struct symbols *syms = calloc(1, sizeof(*syms));

	if (!syms) {
		snprintf(err, err_len, "no memory");
		return NULL;
	}
	syms->err = err;
	syms->err_len = err_len;
	return syms;
}

/* By address; of aliases the shortest name last, which is the one that counts. */
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

static void put_border(struct symbols *syms, uint64_t addr,
		       const struct symbol *sym)
{
	struct border *last = syms->border + syms->border_cnt;

	if (!syms->border_cnt || last[-1].addr != addr)
		syms->border_cnt++;
	else
		last--;
	*last = (struct border){ addr, sym ? sym->name : NULL };
}

/*
 * Which symbols an address lies in: those that have begun and not ended.  Of
 * these the last one to begin counts, such as a function of the whole file.
 */
struct open {
	const struct symbol **sym;
	size_t cnt;
};

/* Takes those away that end up to there: the one below goes on. */
static void close_until(struct symbols *syms, struct open *open, uint64_t addr)
{
	while (open->cnt && open->sym[open->cnt - 1]->end <= addr) {
		uint64_t end = open->sym[open->cnt - 1]->end;

		while (open->cnt && open->sym[open->cnt - 1]->end <= end)
			open->cnt--;
		put_border(syms, end,
			   open->cnt ? open->sym[open->cnt - 1] : NULL);
	}
}

int symbols_find_borders(struct symbols *syms)
{
	struct open open = { .sym = NULL };

	if (!syms->cnt)
		return symbols_bad(syms, "there is no symbol in it");
	open.sym = calloc(syms->cnt, sizeof(*open.sym));
	qsort(syms->sym, syms->cnt, sizeof(*syms->sym), in_order);
	syms->border = calloc(2 * syms->cnt, sizeof(*syms->border));
	if (!open.sym || !syms->border) {
		free(open.sym);
		return symbols_bad(syms, "no memory");
	}
	for (size_t i = 0; i < syms->cnt; i++) {
		close_until(syms, &open, syms->sym[i].addr);
		open.sym[open.cnt++] = &syms->sym[i];
		put_border(syms, syms->sym[i].addr, &syms->sym[i]);
	}
	close_until(syms, &open, UINT64_MAX - 1);
	free(open.sym);
	return 0;
}

void symbols_free(struct symbols *syms)
{
	for (size_t i = 0; syms && i < syms->cnt; i++)
		free(syms->sym[i].name);
	if (syms) {
		free(syms->sym);
		free(syms->border);
	}
	free(syms);
}

const char *symbols_name(const struct symbols *syms, uint64_t addr)
{
	size_t low = 0, high = syms->border_cnt;
	const char *name = NULL;

	while (low < high) { /* low becomes the first border above addr */
		size_t mid = low + (high - low) / 2;

		if (syms->border[mid].addr <= addr)
			low = mid + 1;
		else
			high = mid;
	}
	if (low)
		name = syms->border[low - 1].name;
	return name ? name : "?";
}
