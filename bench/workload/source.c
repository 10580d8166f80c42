// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/host/hostinfo.h"
#include "bench/lib/text.h"
#include "source.h"

/* Files that the daemon needs beside one for each name. */
enum { FILE_SPARE = 1000 };
/* The copy, what git makes of it, and the page cache of the mount. */
enum { COPIES = 3 };

static int add_path(char ***list, uint64_t *cnt, const char *path)
{
	if (!(*cnt & (*cnt - 1))) { /* 0 and each power of two */
		char **grown = reallocarray(*list, *cnt ? *cnt * 2 : 1,
					    sizeof(**list));

		if (!grown)
			return -ENOMEM;
		*list = grown;
	}
	(*list)[*cnt] = strdup(path);
	return (*list)[(*cnt)++] ? 0 : -ENOMEM;
}

/* What a file takes in a copy that has its holes. */
static uint64_t data_bytes_of(const FTSENT *e)
{
	off_t size = e->fts_statp->st_size, data = 0, hole = 0;
	uint64_t bytes = 0;
	int fd = -1;

	/* Fewer blocks than its length needs: holes, or it is compressed. */
	if (e->fts_statp->st_blocks < size / 512)
		fd = open(e->fts_accpath,
			  O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return (uint64_t)size;
	while (hole < size && (data = lseek(fd, hole, SEEK_DATA)) >= 0 &&
	       (hole = lseek(fd, data, SEEK_HOLE)) >= 0)
		bytes += (uint64_t)(hole - data);
	if ((data < 0 || hole < 0) && errno != ENXIO) /* holes aren't known */
		bytes = (uint64_t)size;
	close(fd);
	return bytes < (uint64_t)size ? bytes : (uint64_t)size;
}

static int take(struct source *s, const FTSENT *e, size_t top_len, dev_t dev)
{
	const char *path = e->fts_path + top_len;

	path += *path == '/';
	if (strlen(path) > SOURCE_PATH_MAX)
		return -ENAMETOOLONG;
	switch (e->fts_info) {
	case FTS_D:
		if (e->fts_statp->st_dev != dev)
			s->submount_cnt++;
		return e->fts_level ? add_path(&s->dir, &s->dir_cnt, path) : 0;
	case FTS_F:
		s->file_bytes += (uint64_t)e->fts_statp->st_size;
		s->data_bytes += data_bytes_of(e);
		return add_path(&s->file, &s->file_cnt, path);
	case FTS_SL:
	case FTS_SLNONE:
		s->symlink_cnt++;
		return 0;
	case FTS_DNR:
	case FTS_ERR:
	case FTS_NS:
		return -e->fts_errno;
	default:
		return 0;
	}
}

/* What can't be used; all is said of it, as nobody knows where else to look. */
static void blame(const FTSENT *e, int why, char *err, size_t err_len)
{
	if (why == -ENAMETOOLONG)
		snprintf(err, err_len,
			 "a path of more than %d bytes, which programs "
			 "couldn't name in a copy: name a directory without: ",
			 SOURCE_PATH_MAX);
	else
		snprintf(err, err_len, "cannot read, %s: ", strerror(-why));
	text_append(err, err_len, e->fts_path);
}

static int scan(struct source *s, char *path, char *err, size_t err_len)
{
	char *const paths[] = { path, NULL };
	size_t top_len = strlen(path);
	struct stat st;
	FTSENT *e;
	FTS *fts;
	int ret = 0;

	if (stat(path, &st))
		return -errno;
	if (!S_ISDIR(st.st_mode))
		return -ENOTDIR;
	fts = fts_open(paths, FTS_PHYSICAL | FTS_XDEV | FTS_COMFOLLOW, NULL);
	if (!fts)
		return -errno;
	errno = 0;
	while (!ret && (e = fts_read(fts))) {
		ret = take(s, e, top_len, st.st_dev);
		if (ret)
			blame(e, ret, err, err_len);
	}
	if (!ret && !e)
		ret = -errno;
	fts_close(fts);
	return ret;
}

static int check_room(const struct source *s, char *err, size_t err_len)
{
	uint64_t name_cnt = s->file_cnt + s->dir_cnt + s->symlink_cnt;
	uint64_t need = COPIES * s->data_bytes + name_cnt * 4096;
	uint64_t room = hostinfo_mem_available_bytes();
	struct rlimit lim;

	if (!s->file_cnt || !s->dir_cnt) {
		snprintf(err, err_len,
			 "%s has %s: name a directory with files in "
			 "directories",
			 s->path, s->file_cnt ? "no directory" : "no file");
		return -EINVAL;
	}
	if (room && need > room) {
		snprintf(err, err_len,
			 "%s is copied into memory and needs about %llu MB of "
			 "it, %llu MB are available: name a smaller one",
			 s->path, (unsigned long long)(need >> 20),
			 (unsigned long long)(room >> 20));
		return -EFBIG;
	}
	if (!getrlimit(RLIMIT_NOFILE, &lim) &&
	    name_cnt + FILE_SPARE > lim.rlim_max) {
		snprintf(err, err_len,
			 "%s has %llu names, and the daemon may open %llu "
			 "files only (ulimit -Hn): name a smaller one",
			 s->path, (unsigned long long)name_cnt,
			 (unsigned long long)lim.rlim_max);
		return -EMFILE;
	}
	return 0;
}

int source_scan(struct source *s, const char *path, char *err, size_t err_len)
{
	char *copy = strdup(path);
	size_t len;
	int ret;

	snprintf(s->path, sizeof(s->path), "%s", path);
	s->fd = open(path, O_PATH | O_CLOEXEC);
	if (!copy)
		return -ENOMEM;
	len = strlen(copy);
	while (len > 1 && copy[len - 1] == '/')
		copy[--len] = '\0';
	err[0] = '\0';
	ret = scan(s, copy, err, err_len);
	free(copy);
	if (ret) {
		if (!err[0])
			snprintf(err, err_len, "cannot read %s: %s", path,
				 strerror(-ret));
		return ret;
	}
	return check_room(s, err, err_len);
}

int source_copy(const struct source *s, char *err, size_t err_len)
{
	char from[64];
	int status = -1;
	pid_t pid;

	snprintf(from, sizeof(from), "/proc/%d/fd/%d/.", (int)getpid(), s->fd);
	if (mkdir(STAGE_TREE, 0755) || mkdir(STAGE_MOUNT, 0755)) {
		snprintf(err, err_len, "cannot make a directory: %s",
			 strerror(errno));
		return -errno;
	}
	pid = fork();
	if (!pid) {
		execlp("cp", "cp", "-a", "-x", from, STAGE_TREE, NULL);
		_exit(127);
	}
	if (pid > 0)
		waitpid(pid, &status, 0);
	if (!status)
		return 0;
	snprintf(err, err_len,
		 "cannot copy %s: cp has failed, as it says above", s->path);
	return -EIO;
}

static bool in_same_dir(const char *a, const char *b)
{
	size_t len = (size_t)(strrchr(a, '/') - a) + 1;

	return !strncmp(a, b, len) && !strchr(b + len, '/');
}

/* They were listed directory by directory: the longest row of neighbours. */
void source_busy_dir(const struct source *s, char *path, size_t len)
{
	uint64_t begin = 0, most = 0;

	snprintf(path, len, "%s", s->dir[0]);
	for (uint64_t i = 0; i < s->file_cnt; i++) {
		const char *slash = strrchr(s->file[i], '/');

		if (!slash || !in_same_dir(s->file[i], s->file[begin]))
			begin = i;
		if (!slash || i - begin < most)
			continue;
		most = i - begin + 1;
		snprintf(path, len, "%.*s", (int)(slash - s->file[i]),
			 s->file[i]);
	}
}

void source_free(struct source *s)
{
	for (uint64_t i = 0; i < s->file_cnt; i++)
		free(s->file[i]);
	for (uint64_t i = 0; i < s->dir_cnt; i++)
		free(s->dir[i]);
	free(s->file);
	free(s->dir);
	if (s->fd >= 0)
		close(s->fd);
}
