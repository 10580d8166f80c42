// SPDX-License-Identifier: GPL-2.0-only
#include "observe.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/lib/clock.h"
#include "cached.h"

struct name {
	const char
		*name; /* in an open folder: the others on the way may expire */
	uint64_t since_ns;
	uint64_t lasted_ns;
	bool looked, over;
};

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

/* In the folder that all names lie in. */
static const char *local(const char *path)
{
	return path + sizeof(SERVED_BESIDE);
}

static int size_of(int folder, const char *name, off_t *size)
{
	struct stat st;

	if (fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW))
		return -errno;
	*size = st.st_size;
	return 0;
}

/* From a first use of each. */
static int begin(const struct served *served, int folder, struct name *kept,
		 struct name *absent, struct name *changed, off_t *size)
{
	int err = size_of(folder, kept->name, size);

	kept->since_ns = clock_monotonic_ns();
	if (!err && size_of(folder, absent->name, size) != -ENOENT)
		err = -EEXIST;
	absent->since_ns = clock_monotonic_ns();
	if (!err)
		err = size_of(folder, changed->name, size);
	if (!err)
		err = served_change(served, SERVED_CHANGED);
	changed->since_ns = clock_monotonic_ns();
	return err;
}

static int watch(const struct served *served, int folder, uint64_t limit_ns,
		 struct observed *o)
{
	struct name kept = { .name = local(SERVED_KEPT) };
	struct name absent = { .name = local(SERVED_ABSENT) };
	struct name changed = { .name = local(SERVED_CHANGED) };
	off_t before = 0, now = 0;
	struct stat st;
	int err = begin(served, folder, &kept, &absent, &changed, &before);
	bool over = false;

	/* A millisecond is what these times are given in, at best. */
	for (; !err && !over; usleep(500)) {
		/* Its own attributes may expire, and are asked for on the way. */
		fstat(folder, &st);
		over = look(&kept, cached_look(folder, kept.name) != CACHED_YES,
			    limit_ns);
		over &= look(&absent,
			     cached_look(folder, absent.name) != CACHED_MISSING,
			     limit_ns);
		over &= look(&changed,
			     !size_of(folder, changed.name, &now) &&
				     now != before,
			     limit_ns);
	}
	o->entry_ns = kept.lasted_ns;
	o->negative_ns = absent.lasted_ns;
	o->change_ns = changed.lasted_ns;
	return err;
}

int observe(const struct served *served, const char *mount, uint64_t limit_ns,
	    struct observed *o)
{
	char path[sizeof(((struct mount_point *)0)->path) +
		  sizeof("/" SERVED_BESIDE)];
	int folder, err;

	*o = (struct observed){ .watched_ns = limit_ns };
	snprintf(path, sizeof(path), "%s/" SERVED_BESIDE, mount);
	folder = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (folder < 0)
		return -errno;
	err = watch(served, folder, limit_ns, o);
	close(folder);
	return err;
}
