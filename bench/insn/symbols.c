// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>

#include "bench/lib/input.h"
#include "bench/lib/sizes.h"
#include "symbols.h"
#include "symbols_table.h"

/* "ffffffffa0001000 t fuse_lookup	[fuse]" */
static int add_kernel(struct symbols *syms, const char *line)
{
	char name[512], module[128] = "";
	const char *rest = line;
	uint64_t addr;

	if (!digits_take(&rest, 16, UINT64_MAX, &addr) ||
	    sscanf(rest, " %*c %511s [%127[^]]]", name, module) < 1)
		return symbols_bad(
			syms, "neither kernel symbol nor mapping: %.60s", line);
	if (!addr)
		return symbols_bad(syms,
				   "addresses are hidden: not written by root");
	/* Kernels are above all programs. */
	return addr >> 63 ? symbols_add(syms, addr, 0, name, module) : 0;
}

/* "555555554000-555555557000 r-xp 00001000 00:02 24   /usr/bin/thing" */
static int add_mapping(struct symbols *syms, const char *line)
{
	struct mapping m = { .path = strchr(line, '/') };
	const char *rest = line;

	if (m.path && digits_take(&rest, 16, UINT64_MAX, &m.from) &&
	    *rest++ == '-' && digits_take(&rest, 16, UINT64_MAX, &m.to) &&
	    *rest++ == ' ') {
		rest += strcspn(rest, " ");
		rest += strspn(rest, " ");
		if (digits_take(&rest, 16, UINT64_MAX, &m.offset) &&
		    m.from < m.to)
			return symbols_add_elf(syms, &m);
	}
	return symbols_bad(syms, "not a mapping: %.60s", line);
}

static int read_all(struct symbols *syms, const char *path)
{
	struct input in;
	size_t len;
	char *line;
	int ret = input_read(path, &in);

	if (ret)
		return symbols_bad(syms, "%s: %s", path, input_error(ret));
	if (!in.len)
		ret = symbols_bad(syms, "%s: there is nothing in it", path);
	while (!ret && (line = input_line(&in, &len)))
		ret = line[strcspn(line, " -")] == '-' ? add_mapping(syms, line)
						       : add_kernel(syms, line);
	if (!ret && input_is_cut(&in))
		ret = symbols_bad(syms, "%s: it is cut off", path);
	input_free(&in);
	return ret ? ret : symbols_find_borders(syms);
}

struct symbols *symbols_load(const char *path, char *err, size_t err_len)
{
	struct symbols *syms = symbols_new(err, err_len);

	if (!syms || !read_all(syms, path))
		return syms;
	symbols_free(syms);
	return NULL;
}
