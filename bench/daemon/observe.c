// SPDX-License-Identifier: GPL-2.0-only
#include "observe.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/lib/clock.h"
#include "cached.h"

struct name {
	char path[sizeof(((struct mount_point *)0)->path) + 32];
	uint64_t since_ns;
	uint64_t lasted_ns;
	bool looked, over;
};

static void name(struct name *n, const char *mount, const char *path)
{
	snprintf(n->path, sizeof(n->path), "%s/%s", mount, path);
}

/* Is it over?  If so at the first look, it never began. */
static bool look(struct name *n, bool over, uint64_t limit_ns)
{
	uint64_t now = clock_monotonic_ns() - n->since_ns;

	if (n->over)
		return true;
	n->over = over || now >= limit_ns;
	n->lasted_ns = !over ? limit_ns : n->looked ? now : 0;
	n->looked = true;
	return n->over;
}

/* From a first use of each. */
static int begin(const struct served *served, struct name *kept,
		 struct name *absent, struct name *changed, off_t *size)
{
	struct stat st;
	int err;

	if (lstat(kept->path, &st))
		return -errno;
	kept->since_ns = clock_monotonic_ns();
	if (!lstat(absent->path, &st) || errno != ENOENT)
		return -EEXIST;
	absent->since_ns = clock_monotonic_ns();
	if (lstat(changed->path, &st))
		return -errno;
	*size = st.st_size;
	err = served_change(served, SERVED_CHANGED);
	changed->since_ns = clock_monotonic_ns();
	return err;
}

int observe(const struct served *served, const char *mount, uint64_t limit_ns,
	    struct observed *o)
{
	struct name kept = { 0 }, absent = { 0 }, changed = { 0 };
	struct stat st = { 0 };
	bool over = false;
	off_t size = 0;
	int err;

	*o = (struct observed){ .watched_ns = limit_ns };
	name(&kept, mount, SERVED_KEPT);
	name(&absent, mount, SERVED_ABSENT);
	name(&changed, mount, SERVED_CHANGED);
	err = begin(served, &kept, &absent, &changed, &size);
	/* A millisecond is what these times are given in, at best. */
	for (; !err && !over; usleep(500)) {
		over = look(&kept, cached_look(kept.path) != CACHED_YES,
			    limit_ns);
		over &= look(&absent,
			     cached_look(absent.path) != CACHED_MISSING,
			     limit_ns);
		over &= look(&changed,
			     !lstat(changed.path, &st) && st.st_size != size,
			     limit_ns);
	}
	o->entry_ns = kept.lasted_ns;
	o->negative_ns = absent.lasted_ns;
	o->change_ns = changed.lasted_ns;
	return err;
}
