// SPDX-License-Identifier: GPL-2.0-only
#include "beneath.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl.h"
#include "bench/device/way.h"
#include "bench/lib/status.h"
#include "bench/lib/text.h"

char *ctl_beneath_name(const struct mount_tables *m, const struct mount *mount)
{
	pid_t pid = mount_tables_pid(m, mount->ns);
	char who[64] = "in which no process lives", *name;
	int len;

	if (pid)
		snprintf(who, sizeof(who), "of process %d", pid);
	if (!mount->ns)
		len = asprintf(&name, "%s (%s)", mount->path, mount->type);
	else
		len = asprintf(&name, "%s (%s), in mount namespace %ju (%s)",
			       mount->path, mount->type, (uintmax_t)mount->ns,
			       who);
	return len < 0 ? NULL : name;
}

/*
 * Leaves those that are at risk.  What is mounted on a mount comes after that,
 * and shares its fate.  Returns how many are left; 0, and *err, without memory.
 */
static size_t keep(const struct mount_tables *m, struct mount **all, size_t cnt,
		   ctl_beneath_fn *at_risk, const void *arg, int *err)
{
	bool *keeps = calloc(mount_tables_cnt(m) + 1, sizeof(*keeps));
	size_t kept = 0;

	for (size_t i = 0; keeps && i < cnt; i++) {
		const struct mount *above = mount_tables_parent(m, all[i]);
		bool keep_it = !at_risk ||
			       (all[i]->inside && at_risk(all[i]->inside, arg));

		if (!all[i]->inside && above)
			keep_it |= keeps[mount_tables_nr(m, above)];
		keeps[mount_tables_nr(m, all[i])] = keep_it;
		if (keep_it)
			all[kept++] = all[i];
	}
	*err = keeps ? 0 : -ENOMEM;
	free(keeps);
	return kept;
}

int ctl_beneath_check(const struct mount_tables *m, const struct mount *mount,
		      ctl_beneath_fn *at_risk, const void *arg)
{
	size_t cnt;
	struct mount **all = mount_tables_beneath(m, mount->dev, &cnt);
	int err = -ENOMEM;

	if (all)
		cnt = keep(m, all, cnt, at_risk, arg, &err);
	if (err) {
		ctl_say("no memory");
		free(all);
		return STATUS_FAILED;
	}
	if (cnt)
		ctl_say("%s: refused: what is mounted beneath would be "
			"detached:",
			mount->path);
	for (size_t i = 0; i < cnt; i++) {
		char *name = ctl_beneath_name(m, all[i]);

		ctl_say("  %s", name ? name : "?");
		free(name);
	}
	free(all);
	if (cnt) {
		ctl_say("unmount that first, or say --detach-submounts");
		return STATUS_FAILED;
	}
	if (mount_tables_complete(m))
		return 0;
	ctl_say("%s: refused: not all mount namespaces can be looked into, and "
		"what is mounted beneath in another would be detached: %s, or "
		"say --detach-submounts",
		mount->path, way_to_mounts());
	return STATUS_FAILED;
}

json_t *ctl_beneath_json(const struct mount_tables *m, uint32_t dev)
{
	size_t cnt;
	struct mount **all = mount_tables_beneath(m, dev, &cnt);
	json_t *list = json_array();

	for (size_t i = 0; all && i < cnt; i++)
		json_array_append_new(
			list, json_pack("{s:o, s:o, s:I, s:i}", "mount",
					text_json(all[i]->path), "type",
					text_json(all[i]->type), "namespace",
					(json_int_t)all[i]->ns, "namespace_pid",
					mount_tables_pid(m, all[i]->ns)));
	free(all);
	if (all)
		return list;
	json_decref(list);
	return NULL;
}
