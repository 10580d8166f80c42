// SPDX-License-Identifier: GPL-2.0-only
#include "beneath.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl.h"
#include "namespaces.h"
#include "bpf/text.h"

void ctl_beneath_name(const struct ctl_mount *mount, char *buf, size_t len)
{
	pid_t pid = mount->ns ? ctl_namespace_pid(mount->ns) : 0;
	char who[64] = "in which no process lives";

	if (pid)
		snprintf(who, sizeof(who), "of process %d", pid);
	if (!mount->ns)
		snprintf(buf, len, "%s (%s)", mount->path, mount->type);
	else
		snprintf(buf, len, "%s (%s), in mount namespace %ju (%s)",
			 mount->path, mount->type, (uintmax_t)mount->ns, who);
}

/*
 * Leaves those that are at risk.  What is mounted on a mount comes after that,
 * and shares its fate.
 */
static size_t keep(struct ctl_mount **all, size_t cnt, ctl_beneath_fn *at_risk,
		   const void *arg)
{
	size_t kept = 0;

	for (size_t i = 0; i < cnt; i++) {
		bool keep_it = !at_risk ||
			       (all[i]->inside && at_risk(all[i]->inside, arg));

		for (size_t k = 0; !all[i]->inside && k < kept; k++)
			keep_it = keep_it || all[k]->id == all[i]->parent;
		if (keep_it)
			all[kept++] = all[i];
	}
	return kept;
}

int ctl_beneath_check(const struct ctl_mounts *m, const struct ctl_mount *mount,
		      ctl_beneath_fn *at_risk, const void *arg)
{
	size_t cnt;
	struct ctl_mount **all = ctl_mounts_beneath(m, mount->dev, &cnt);
	char name[1024];

	if (!all) {
		ctl_say("no memory");
		return CTL_FAILED;
	}
	cnt = keep(all, cnt, at_risk, arg);
	if (cnt)
		ctl_say("%s: refused: what is mounted beneath would be "
			"detached:",
			mount->path);
	for (size_t i = 0; i < cnt; i++) {
		ctl_beneath_name(all[i], name, sizeof(name));
		ctl_say("  %s", name);
	}
	free(all);
	if (cnt) {
		ctl_say("unmount that first, or say --detach-submounts");
		return CTL_FAILED;
	}
	if (ctl_mounts_complete(m))
		return 0;
	ctl_say("%s: refused: not all mount namespaces can be looked into, and "
		"what is mounted beneath in another would be detached: run as "
		"root (of the host, in a container), or say --detach-submounts",
		mount->path);
	return CTL_FAILED;
}

json_t *ctl_beneath_json(const struct ctl_mounts *m, uint32_t dev)
{
	size_t cnt;
	struct ctl_mount **all = ctl_mounts_beneath(m, dev, &cnt);
	json_t *list = json_array();

	for (size_t i = 0; all && i < cnt; i++)
		json_array_append_new(
			list,
			json_pack("{s:o, s:o, s:I, s:i}", "mount",
				  text_json(all[i]->path), "type",
				  text_json(all[i]->type), "namespace",
				  (json_int_t)all[i]->ns, "namespace_pid",
				  all[i]->ns ? ctl_namespace_pid(all[i]->ns)
					     : 0));
	free(all);
	if (all)
		return list;
	json_decref(list);
	return NULL;
}
