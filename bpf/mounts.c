// SPDX-License-Identifier: GPL-2.0-only
#include "mounts.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sample.h"
#include "bench/lib/text.h"

struct mounts {
	/* By device: first those that are mounted, then those that were. */
	struct mount_entry *entries;
	size_t cnt, live_cnt;
	struct mount_tables *tables;
};

static uint32_t generation_of(const struct sample *sample, uint32_t dev)
{
	return sample ? sample_generation(sample, dev) : 0;
}

static int add(struct mounts *m, const struct mount *mount,
	       const struct sample *sample)
{
	struct mount_entry *e;

	e = realloc(m->entries, (m->cnt + 1) * sizeof(*e));
	if (!e)
		return -ENOMEM;
	m->entries = e;
	e += m->cnt++;
	*e = (struct mount_entry){
		.dev = mount->dev,
		.generation = generation_of(sample, mount->dev),
		.ns = mount->ns,
		.pid = mount_tables_pid(m->tables, mount->ns),
		.path = strdup(mount->path),
		.source = strdup(mount->source),
		.type = strdup(mount->type),
	};
	return e->path && e->source && e->type ? 0 : -ENOMEM;
}

static int add_all(struct mounts *m, const struct sample *sample)
{
	size_t cnt;
	struct mount **all = mount_tables_fuse(m->tables, &cnt);
	int err = all ? 0 : -ENOMEM;

	for (size_t i = 0; !err && i < cnt; i++)
		err = add(m, all[i], sample);
	m->live_cnt = m->cnt;
	free(all);
	return err;
}

static int by_life(const void *a, const void *b)
{
	const struct mount_entry *x = a, *y = b;

	if (x->dev != y->dev)
		return x->dev < y->dev ? -1 : 1;
	return x->generation < y->generation ? -1
					     : x->generation > y->generation;
}

/* The first of that life among entries that are ordered by it; or NULL. */
static const struct mount_entry *find(const struct mount_entry *entries,
				      size_t cnt, uint32_t dev,
				      uint32_t generation)
{
	const struct mount_entry key = { .dev = dev, .generation = generation };
	size_t low = 0, high = cnt;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (by_life(&entries[mid], &key) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low < cnt && !by_life(&entries[low], &key) ? &entries[low]
							  : NULL;
}

/* Is it still of interest what was mounted there? */
static bool is_kept(const struct mounts *m, const struct mount_entry *e,
		    const struct sample *sample)
{
	uint32_t now = generation_of(sample, e->dev);

	return e->generation == now
		       ? !find(m->entries, m->live_cnt, e->dev, now)
		       : !!sample_find(sample, e->dev, e->generation);
}

/* What was there before and isn't any more. */
static int add_gone(struct mounts *m, const struct mounts *before,
		    const struct sample *sample)
{
	struct mount_entry *e;

	for (size_t i = 0; i < before->cnt; i++) {
		if (!is_kept(m, &before->entries[i], sample))
			continue;
		e = realloc(m->entries, (m->cnt + 1) * sizeof(*e));
		if (!e)
			return -ENOMEM;
		m->entries = e;
		e += m->cnt++;
		*e = before->entries[i];
		e->gone = true;
		e->path = strdup(e->path);
		e->source = strdup(e->source);
		e->type = strdup(e->type);
		if (!e->path || !e->source || !e->type)
			return -ENOMEM;
	}
	if (m->cnt > m->live_cnt)
		qsort(m->entries + m->live_cnt, m->cnt - m->live_cnt,
		      sizeof(*m->entries), by_life);
	return 0;
}

struct mounts *mounts_of(struct mount_tables *tables,
			 const struct mounts *before,
			 const struct sample *sample)
{
	struct mounts *m = calloc(1, sizeof(*m));
	int err = m ? 0 : -ENOMEM;

	if (!m)
		mount_tables_free(tables);
	else
		m->tables = tables;
	if (!err)
		err = add_all(m, sample);
	if (!err && before)
		err = add_gone(m, before, sample);
	if (!err)
		return m;
	mounts_free(m);
	return NULL;
}

struct mounts *mounts_scan(const struct mounts *before,
			   const struct sample *sample)
{
	struct mount_tables *tables = mount_tables_read(false);

	return tables ? mounts_of(tables, before, sample) : NULL;
}

void mounts_free(struct mounts *m)
{
	if (!m)
		return;
	for (size_t i = 0; i < m->cnt; i++) {
		free(m->entries[i].path);
		free(m->entries[i].source);
		free(m->entries[i].type);
	}
	mount_tables_free(m->tables);
	free(m->entries);
	free(m);
}

size_t mounts_cnt(const struct mounts *m)
{
	return m->cnt;
}

const struct mount_entry *mounts_at(const struct mounts *m, size_t i)
{
	return &m->entries[i];
}

const struct mount_entry *mounts_find(const struct mounts *m, uint32_t dev,
				      uint32_t generation)
{
	return find(m->entries, m->live_cnt, dev, generation)
		       ?: find(m->entries + m->live_cnt, m->cnt - m->live_cnt,
			       dev, generation);
}

int mounts_dev_at(const struct mounts *m, const char *path, uint32_t *dev)
{
	const struct mount *mount;
	char absolute[PATH_MAX];
	int err = mount_tables_resolve(m->tables, path, absolute,
				       sizeof(absolute));

	if (err)
		return err;
	mount = mount_tables_at(m->tables, absolute);
	if (!mount || !mount_is_fuse(mount))
		return -ENOENT;
	*dev = mount->dev;
	return 0;
}

bool mounts_changed(void)
{
	static int fd = -1;
	struct pollfd pollfd = { .events = POLLPRI };

	if (fd < 0)
		fd = open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC);
	pollfd.fd = fd;
	return fd < 0 || poll(&pollfd, 1, 0) > 0;
}

/* What a name ends with; free it. */
static char *note(const struct mount_entry *e)
{
	char *text;

	if (e->gone)
		return strdup(" (gone)");
	if (e->pid)
		return asprintf(&text, " (in the namespace of %d)", e->pid) < 0
			       ? NULL
			       : text;
	return strdup(e->ns ? " (in a namespace without processes)" : "");
}

char *mounts_name(const struct mounts *m, uint32_t dev, uint32_t generation)
{
	const struct mount_entry *e = mounts_find(m, dev, generation);
	char *path = e ? text_escape(e->path) : NULL, *end = e ? note(e) : NULL;
	char *name;
	int len = -1;

	if (!e)
		len = asprintf(&name, "%u:%u (not mounted)", dev >> 20,
			       dev & 0xfffff);
	else if (path && end)
		len = asprintf(&name, "%s%s", path, end);
	free(path);
	free(end);
	return len < 0 ? NULL : name;
}
