// SPDX-License-Identifier: GPL-2.0-only
#include "above.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "above_find.h"
#include "beneath.h"
#include "bench/lib/status.h"
#include "bench/lib/text.h"
#include "ctl.h"

/* What a bump does to it; options[] below say how to have it done all the same. */
static const struct kind {
	const char *name, *harm;
} kinds[ABOVE_KINDS] = {
	[ABOVE_OVERLAY] = { "overlay",
			    "overlays above would answer ESTALE for each name "
			    "that they have cached, until they are mounted "
			    "again" },
	[ABOVE_FILE] = { "file",
			 "files of it that are mounted elsewhere could be no "
			 "source or target of a mount any more" },
	[ABOVE_LOOP] = { "loop", "loop devices would stay with what had the "
				 "name of their file before" },
};

enum { OPT_FIRST = 768 };

static const struct argp_option options[] = {
	{ "break-overlays", OPT_FIRST + ABOVE_OVERLAY, NULL, 0,
	  "Do it even if overlays stand on it", 0 },
	{ "break-file-mounts", OPT_FIRST + ABOVE_FILE, NULL, 0,
	  "Do it even if files of it are mounted elsewhere", 0 },
	{ "leave-loops", OPT_FIRST + ABOVE_LOOP, NULL, 0,
	  "Do it even if it has files of loop devices", 0 },
	{ 0 }
};

static error_t parse_opt(int key, char *arg, struct argp_state *state)
{
	bool *accepted = state->input;

	(void)arg;
	if (key < OPT_FIRST || key >= OPT_FIRST + ABOVE_KINDS)
		return ARGP_ERR_UNKNOWN;
	accepted[key - OPT_FIRST] = true;
	return 0;
}

const struct argp ctl_above_argp = { .options = options, .parser = parse_opt };

/* Devices whose users are told: the file system, and overlays above. */
struct devices {
	uint32_t *all;
	size_t cnt;
};

static int add_device(struct devices *d, uint32_t dev)
{
	uint32_t *more;

	for (size_t i = 0; i < d->cnt; i++)
		if (d->all[i] == dev)
			return 0;
	more = realloc(d->all, (d->cnt + 1) * sizeof(*more));
	if (!more)
		return -1;
	d->all = more;
	d->all[d->cnt++] = dev;
	return 0;
}

typedef int above_fn(const struct ctl_above *a, const struct above *one,
		     void *arg);

/* Of a device, and of the overlays that stand on it, to any height. */
static int each(const struct ctl_above *a, uint32_t dev, above_fn *fn,
		void *arg)
{
	struct devices d = { 0 };
	int err = add_device(&d, dev);

	for (size_t i = 0; !err && i < d.cnt; i++) {
		const struct above *one = above_first(a, d.all[i]);

		dev = d.all[i];
		for (; !err && one && one < a->all + a->cnt && one->dev == dev;
		     one++) {
			err = fn(a, one, arg);
			if (!err && one->kind == ABOVE_OVERLAY)
				err = add_device(&d, one->mount->dev);
		}
	}
	free(d.all);
	return err;
}

/* "/merged (overlay), on /mnt/layer"; free it. */
static char *name_of(const struct ctl_above *a, const struct above *one)
{
	char *what = one->loop ? strdup(one->loop)
			       : ctl_beneath_name(a->m, one->mount);
	char *name = NULL;

	if (what && asprintf(&name, "%s, on %s", what, one->on) < 0)
		name = NULL;
	free(what);
	return name;
}

struct names {
	ctl_above_fn *fn;
	void *arg;
};

static int tell_name(const struct ctl_above *a, const struct above *one,
		     void *arg)
{
	const struct names *names = arg;
	char *name = name_of(a, one);

	if (name)
		names->fn(one->kind, name, names->arg);
	free(name);
	return name ? 0 : -1;
}

int ctl_above_each(const struct ctl_above *a, uint32_t dev, ctl_above_fn *fn,
		   void *arg)
{
	struct names names = { fn, arg };

	return each(a, dev, tell_name, &names);
}

struct refusal {
	const struct mount *mount;
	enum ctl_above_kind kind;
	unsigned int cnt[ABOVE_KINDS];
};

static void refuse(enum ctl_above_kind kind, const char *name, void *arg)
{
	struct refusal *r = arg;

	if (kind != r->kind)
		return;
	if (!r->cnt[kind]++)
		ctl_say("%s: refused: %s:", r->mount->path, kinds[kind].harm);
	ctl_say("  %s", name);
}

/* "--break-overlays and --leave-loops" of what was refused; if it was. */
static bool say_options(const struct refusal *r)
{
	char text[256] = "";
	size_t len = 0;

	for (size_t i = 0; i < ABOVE_KINDS; i++)
		if (r->cnt[i])
			len += snprintf(text + len, sizeof(text) - len,
					"%s--%s", len ? " and " : "",
					options[i].name);
	if (len)
		ctl_say("end that first, or say %s", text);
	return len;
}

int ctl_above_check(const struct mount_tables *m, const struct mount *mount,
		    const bool accepted[ABOVE_KINDS])
{
	struct refusal r = { .mount = mount };
	struct ctl_above *a = ctl_above_find(m);
	int err = a ? 0 : -1;

	for (; !err && r.kind < ABOVE_KINDS; r.kind++)
		if (!accepted[r.kind])
			err = ctl_above_each(a, mount->dev, refuse, &r);
	ctl_above_free(a);
	if (err)
		ctl_say("no memory");
	return say_options(&r) || err ? STATUS_FAILED : 0;
}

static int add_json(const struct ctl_above *a, const struct above *one,
		    void *arg)
{
	const struct mount *mount = one->mount;
	json_t *object =
		json_pack("{s:s, s:o, s:o, s:I, s:i}", "kind",
			  kinds[one->kind].name, mount ? "mount" : "device",
			  text_json(mount ? mount->path : one->loop), "on",
			  text_json(one->on), "namespace",
			  (json_int_t)(mount ? mount->ns : 0), "namespace_pid",
			  mount ? mount_tables_pid(a->m, mount->ns) : 0);

	return json_array_append_new(arg, object);
}

json_t *ctl_above_json(const struct ctl_above *a, uint32_t dev)
{
	json_t *list = json_array();

	if (!list || !each(a, dev, add_json, list))
		return list;
	json_decref(list);
	return NULL;
}
