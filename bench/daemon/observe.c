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

/* A millisecond is what these times are given in, at best. */
enum { LOOK_US = 500 };

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

static int size_of(int folder, const char *name, off_t *size)
{
	struct stat st;

	if (fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW))
		return -errno;
	*size = st.st_size;
	return 0;
}

/* As long as it is known already, its time isn't that from the beginning. */
static void let_expire(int folder, const char *name, uint64_t limit_ns)
{
	uint64_t until_ns = clock_monotonic_ns() + limit_ns;

	while (cached_look(folder, name) == CACHED_YES &&
	       clock_monotonic_ns() < until_ns)
		usleep(LOOK_US);
}

/* From a first use of each. */
static int begin(const struct observed_names *n, int folder, struct name *kept,
		 struct name *absent, struct name *changed, off_t *size)
{
	int err = size_of(folder, kept->name, size);

	kept->since_ns = clock_monotonic_ns();
	if (!err && size_of(folder, absent->name, size) != -ENOENT)
		err = -EEXIST;
	absent->since_ns = clock_monotonic_ns();
	changed->over = !n->served;
	if (!err && n->served)
		err = size_of(folder, changed->name, size);
	if (!err && n->served)
		err = served_change(n->served, n->inside);
	changed->since_ns = clock_monotonic_ns();
	return err;
}

static int watch(const struct observed_names *n, int folder, uint64_t limit_ns,
		 struct observed *o)
{
	struct name kept = { .name = n->kept }, absent = { .name = n->absent };
	struct name changed = { .name = n->changed };
	off_t before = 0, now = 0;
	bool over = false;
	struct stat st;
	int err;

	let_expire(folder, n->kept, limit_ns);
	err = begin(n, folder, &kept, &absent, &changed, &before);
	for (; !err && !over; usleep(LOOK_US)) {
		/* Its own attributes may expire, and are asked for on the way. */
		fstat(folder, &st);
		over = look(&kept, cached_look(folder, kept.name) != CACHED_YES,
			    limit_ns);
		over &= look(&absent,
			     cached_look(folder, absent.name) != CACHED_MISSING,
			     limit_ns);
		over &= look(&changed,
			     n->served &&
				     !size_of(folder, changed.name, &now) &&
				     now != before,
			     limit_ns);
	}
	o->entry_ns = kept.lasted_ns;
	o->negative_ns = absent.lasted_ns;
	o->change_ns = changed.lasted_ns;
	return err;
}

int observe(const struct observed_names *n, uint64_t limit_ns,
	    struct observed *o)
{
	int folder = open(n->folder, O_PATH | O_DIRECTORY | O_CLOEXEC), err;

	*o = (struct observed){ .watched_ns = limit_ns };
	if (folder < 0)
		return -errno;
	err = watch(n, folder, limit_ns, o);
	close(folder);
	return err;
}
