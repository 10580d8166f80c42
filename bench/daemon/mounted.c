// SPDX-License-Identifier: GPL-2.0-only
#include "mounted.h"

#include <dirent.h>
#include <errno.h>
#include <fts.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct name {
	char *path;
	bool is_dir;
};

struct mounted {
	struct name *name;
	uint64_t cnt;
};

/* Breadth is as good as depth: what comes first is taken. */
static int scan(struct mounted *m, const char *root, uint64_t max)
{
	char *const roots[] = { (char *)root, NULL };
	FTS *fts = fts_open(roots, FTS_PHYSICAL | FTS_XDEV | FTS_NOCHDIR, NULL);
	size_t root_len = strlen(root);
	FTSENT *e;

	if (!fts)
		return -errno;
	while (m->cnt < max && (e = fts_read(fts))) {
		struct name *name = &m->name[m->cnt];

		if (!e->fts_level || e->fts_info == FTS_DP)
			continue;
		name->path = strdup(e->fts_path + root_len + 1);
		name->is_dir = e->fts_info == FTS_D;
		if (!name->path)
			break;
		m->cnt++;
	}
	fts_close(fts);
	return m->cnt ? 0 : -ENOENT;
}

struct mounted *mounted_find(const char *root, uint64_t *n, char *err,
			     size_t err_len)
{
	struct mounted *m = calloc(1, sizeof(*m));
	int ret = -ENOMEM;

	if (m)
		m->name = calloc(*n, sizeof(*m->name));
	if (m && m->name)
		ret = scan(m, root, *n);
	if (!ret) {
		*n = m->cnt;
		return m;
	}
	snprintf(err, err_len, "%s: no names to be read: %s", root,
		 strerror(-ret));
	mounted_free(m);
	return NULL;
}

void mounted_free(struct mounted *m)
{
	if (!m)
		return;
	for (uint64_t i = 0; i < m->cnt; i++)
		free(m->name[i].path);
	free(m->name);
	free(m);
}

const char *mounted_name(const struct mounted *m, uint64_t nr)
{
	return m->name[nr - 1].path;
}

const char *mounted_top(const struct mounted *m)
{
	/* What comes first can't be below another. */
	return m->name[0].path;
}

static int list(const char *path)
{
	DIR *dir = opendir(path);

	if (!dir)
		return -errno;
	while (readdir(dir))
		;
	closedir(dir);
	return 0;
}

int mounted_list(const struct mounted *m, const char *root, uint64_t n)
{
	int err = list(root);
	char path[PATH_MAX];

	for (uint64_t i = 0; !err && i < n && i < m->cnt; i++) {
		if (!m->name[i].is_dir)
			continue;
		snprintf(path, sizeof(path), "%s/%s", root, m->name[i].path);
		err = list(path);
	}
	return err;
}
