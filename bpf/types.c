// SPDX-License-Identifier: GPL-2.0-only
#include "types.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <bpf/btf.h>

int types_open(struct kernel_types *types)
{
	types->vmlinux = btf__load_vmlinux_btf();
	if (!types->vmlinux)
		return -errno;
	types->fuse = btf__load_module_btf("fuse", types->vmlinux);
	return 0;
}

void types_close(struct kernel_types *types)
{
	btf__free(types->fuse);
	btf__free(types->vmlinux);
}

int types_args_of(const struct kernel_types *types, const char *function)
{
	const struct btf *where = types->fuse ? types->fuse : types->vmlinux;
	int id = btf__find_by_name_kind(where, function, BTF_KIND_FUNC);
	const struct btf_type *type;
	char tracepoint[64];

	snprintf(tracepoint, sizeof(tracepoint), "btf_trace_%s", function);
	if (id < 0)
		return btf__find_by_name_kind(where, tracepoint,
					      BTF_KIND_TYPEDEF) < 0
			       ? -1
			       : 0;
	type = btf__type_by_id(where, btf__type_by_id(where, id)->type);
	return btf_vlen(type);
}

bool types_have_epochs(const struct kernel_types *types)
{
	const struct btf *where = types->fuse ? types->fuse : types->vmlinux;
	int id = btf__find_by_name_kind(where, "fuse_conn", BTF_KIND_STRUCT);
	const struct btf_type *type;

	if (id < 0)
		return false;
	type = btf__type_by_id(where, id);
	for (int i = 0; i < btf_vlen(type); i++) {
		const char *name = btf__name_by_offset(
			where, btf_members(type)[i].name_off);

		if (name && !strcmp(name, "epoch"))
			return true;
	}
	return false;
}
