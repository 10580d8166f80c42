// SPDX-License-Identifier: GPL-2.0-only
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/fs/nodes.h"
#include "oracle.h"

#define ORACLE_SUBDIR NODES_WATCHED
#define FRESH STAGE_DIR "/oracle-fresh"

enum { PATH_LEN = 320, TEXT_LEN = 128, PAD_MAX = 61 };

static const char *const names[] = { "rewrite", "replace", "appear", "mkdir",
				     "retarget" };

const char *oracle_name(enum oracle_kind kind)
{
	return names[kind];
}

bool oracle_is_covered(enum oracle_kind kind, const struct inval_method *m)
{
	bool by_attrs = kind == ORACLE_REWRITE || kind == ORACLE_KIND_CNT;

	return m->guarantee == GUARANTEE_NAMES ||
	       (m->guarantee == GUARANTEE_ATTRS && by_attrs);
}

/* In the copy, or through the mount; kind ORACLE_KIND_CNT: the directory. */
static void path_of(const struct oracle *o, const char *top, unsigned int dir,
		    enum oracle_kind kind, char *path)
{
	snprintf(path, PATH_LEN, "%s/%s/%s", top, o->dir[dir].path,
		 kind == ORACLE_KIND_CNT ? "" : names[kind]);
}

/* Each generation has another size, too, whatever the clock of the files. */
static int text_of(uint64_t generation, char *text)
{
	return snprintf(text, TEXT_LEN, "generation %llu%*s",
			(unsigned long long)generation,
			(int)(generation % PAD_MAX), "");
}

static int write_file(const char *path, uint64_t generation)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	char text[TEXT_LEN];
	int len = text_of(generation, text), ret = 0;

	if (fd < 0)
		return -errno;
	if (write(fd, text, (size_t)len) != len)
		ret = -EIO;
	close(fd);
	return ret;
}

static int result(int ret)
{
	return ret ? -errno : 0;
}

static int link_to(const char *path, uint64_t generation)
{
	char text[TEXT_LEN];

	text_of(generation, text);
	return result(symlink(text, path));
}

static int rename_onto(const char *path, int made)
{
	return made ? made : result(rename(FRESH, path));
}

int oracle_change(struct oracle *o, unsigned int dir, enum oracle_kind kind)
{
	uint64_t generation = ++o->dir[dir].generation[kind];
	char path[PATH_LEN];

	path_of(o, STAGE_TREE, dir, kind, path);
	switch (kind) {
	case ORACLE_REWRITE:
		return write_file(path, generation);
	case ORACLE_REPLACE:
		return rename_onto(path, write_file(FRESH, generation));
	case ORACLE_APPEAR: /* a link: fio would stumble over files that go */
		return generation % 2 ? link_to(path, generation)
				      : result(unlink(path));
	case ORACLE_MKDIR:
		return result(generation % 2 ? mkdir(path, 0755) : rmdir(path));
	case ORACLE_RETARGET:
		return rename_onto(path, link_to(FRESH, generation));
	default:
		return -EINVAL;
	}
}

int oracle_reset(struct oracle *o)
{
	char path[PATH_LEN];
	int ret = 0;

	for (unsigned int d = 0; d < o->dir_cnt; d++)
		for (enum oracle_kind k = 0; !ret && k < ORACLE_KIND_CNT; k++) {
			path_of(o, STAGE_TREE, d, k, path);
			if (remove(path) && errno != ENOENT)
				return -errno;
			o->dir[d].generation[k] = 0;
			if (k == ORACLE_REWRITE || k == ORACLE_REPLACE)
				ret = write_file(path, 0);
			else if (k == ORACLE_RETARGET)
				ret = link_to(path, 0);
		}
	return ret;
}

/* One more directory in that one; none where it wasn't copied: a submount's. */
static int add_dir(struct oracle *o, const char *in)
{
	struct oracle_dir *d = &o->dir[o->dir_cnt];
	char path[PATH_LEN];

	if (strlen(in) + sizeof(ORACLE_SUBDIR) >= sizeof(d->path))
		return 0;
	snprintf(d->path, sizeof(d->path), "%s/" ORACLE_SUBDIR, in);
	path_of(o, STAGE_TREE, o->dir_cnt, ORACLE_KIND_CNT, path);
	if (!mkdir(path, 0755))
		o->dir_cnt++;
	else if (errno != ENOENT && errno != EEXIST)
		return -errno;
	return 0;
}

struct top {
	const char *last; /* a directory in it, or itself */
	uint64_t name_cnt; /* below it */
};

static bool is_below(const char *path, const char *top, size_t len)
{
	return !strncmp(path, top, len) && (path[len] == '/' || !path[len]);
}

static int by_name_cnt(const void *a, const void *b)
{
	const struct top *x = a, *y = b;

	return x->name_cnt < y->name_cnt ? -1 : x->name_cnt > y->name_cnt;
}

/* The directories of the top and how many names are below each. */
static size_t list_tops(const struct source *s, struct top *top)
{
	size_t cnt = 0;

	for (uint64_t i = 0; i < s->dir_cnt; i++) {
		struct top *t = &top[cnt];

		if (strchr(s->dir[i], '/'))
			continue;
		*t = (struct top){ .last = s->dir[i] };
		for (uint64_t k = 0; k < s->file_cnt; k++)
			t->name_cnt += is_below(s->file[k], s->dir[i],
						strlen(s->dir[i]));
		for (uint64_t k = i + 1; k < s->dir_cnt; k++)
			if (is_below(s->dir[k], s->dir[i], strlen(s->dir[i])))
				t->last = s->dir[k];
		cnt++;
	}
	return cnt;
}

/*
 * Each in another one of the directories of the top, those with the fewest
 * names: after a bump the first who comes tears down all that is cached below
 * it, and that should be left to the workload.  Not in the root, whose own
 * attributes no bump concerns.
 */
int oracle_make(struct oracle *o, const struct source *s)
{
	struct top *top = calloc(s->dir_cnt + 1, sizeof(*top));
	size_t cnt;
	int ret = 0;

	o->dir_cnt = 0;
	if (!top)
		return -ENOMEM;
	cnt = list_tops(s, top);
	qsort(top, cnt, sizeof(*top), by_name_cnt);
	for (size_t i = 0; !ret && i < cnt && o->dir_cnt < ORACLE_DIR_CNT; i++)
		ret = add_dir(o, top[i].last);
	/* A tree with few of them: wherever else. */
	for (uint64_t i = 0;
	     !ret && i < s->dir_cnt && o->dir_cnt < ORACLE_DIR_CNT; i++)
		ret = add_dir(o, s->dir[i]);
	free(top);
	if (!ret && !o->dir_cnt)
		ret = -ENOENT;
	return ret ? ret : oracle_reset(o);
}

/* What the name holds now into text; its length, or -errno. */
static ssize_t read_name(const char *path, bool is_link, char *text)
{
	ssize_t len;
	int fd;

	if (is_link) {
		len = readlink(path, text, TEXT_LEN - 1);
		return len < 0 ? -errno : len;
	}
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	len = read(fd, text, TEXT_LEN - 1);
	if (len < 0)
		len = -errno;
	close(fd);
	return len;
}

/* Says what is wrong, if anything; the errors of a dead mount aren't stale. */
static int judge(const char *got, const char *want, int err, char *what,
		 size_t what_len)
{
	if (err && err != -ENOENT && err != -ESTALE)
		return err;
	if (err)
		got = "missing";
	if (!strcmp(got, want))
		return 0;
	snprintf(what, what_len, "'%.60s' instead of '%.60s'", got, want);
	return 1;
}

static int check_text(const char *path, bool is_link, uint64_t generation,
		      char *what, size_t what_len)
{
	char want[TEXT_LEN], got[TEXT_LEN] = "";
	struct stat st;
	int want_len = text_of(generation, want);
	ssize_t len = read_name(path, is_link, got);

	if (len >= 0)
		got[len] = '\0';
	if (len == want_len && !strcmp(got, want)) {
		if (lstat(path, &st))
			return -errno;
		if (st.st_size == len)
			return 0;
		snprintf(got, sizeof(got), "size %lld", (long long)st.st_size);
		snprintf(want, sizeof(want), "size %d", want_len);
	}
	return judge(got, want, len < 0 ? (int)len : 0, what, what_len);
}

static int check_there(const char *path, bool there, char *what,
		       size_t what_len)
{
	struct stat st;
	int err = lstat(path, &st) ? -errno : 0;

	return judge("there", there ? "there" : "missing", err, what, what_len);
}

/* Are the names that come and go in the listing, as they should be? */
static int check_listing(const struct oracle *o, unsigned int dir,
			 const char *path, char *what, size_t what_len)
{
	unsigned int seen = 0, want = 0;
	const struct dirent *e;
	char got_text[16], want_text[16];
	DIR *d = opendir(path);
	int err = 0;

	for (int k = 0; k < ORACLE_KIND_CNT; k++)
		if ((k != ORACLE_APPEAR && k != ORACLE_MKDIR) ||
		    o->dir[dir].generation[k] % 2)
			want |= 1U << k;
	if (!d)
		return -errno;
	errno = 0;
	while ((e = readdir(d)))
		for (int k = 0; k < ORACLE_KIND_CNT; k++)
			if (!strcmp(e->d_name, names[k]))
				seen |= 1U << k;
	err = -errno;
	closedir(d);
	snprintf(got_text, sizeof(got_text), "set %x", seen);
	snprintf(want_text, sizeof(want_text), "set %x", want);
	return judge(got_text, want_text, err, what, what_len);
}

int oracle_check(const struct oracle *o, unsigned int dir,
		 enum oracle_kind kind, char *what, size_t what_len)
{
	uint64_t generation =
		kind == ORACLE_KIND_CNT ? 0 : o->dir[dir].generation[kind];
	bool is_link = kind == ORACLE_RETARGET || kind == ORACLE_APPEAR;
	char path[PATH_LEN];

	path_of(o, STAGE_MOUNT, dir, kind, path);
	if (kind == ORACLE_KIND_CNT)
		return check_listing(o, dir, path, what, what_len);
	if (kind == ORACLE_MKDIR ||
	    (kind == ORACLE_APPEAR && !(generation % 2)))
		return check_there(path, generation % 2, what, what_len);
	return check_text(path, is_link, generation, what, what_len);
}

int64_t oracle_number(const struct oracle *o, unsigned int dir)
{
	char path[PATH_LEN];
	struct stat st;

	path_of(o, STAGE_MOUNT, dir, ORACLE_KIND_CNT, path);
	return stat(path, &st) ? -errno : (int64_t)st.st_ino;
}
