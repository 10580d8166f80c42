// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "record_schema.h"

struct sample *record_add_sample(struct record *rec)
{
	struct sample *grown;

	grown = reallocarray(rec->sample, rec->sample_cnt + 1, sizeof(*grown));
	if (!grown)
		return NULL;
	rec->sample = grown;
	memset(&grown[rec->sample_cnt], 0, sizeof(*grown));
	return &grown[rec->sample_cnt++];
}

void record_free(struct record *rec)
{
	free(rec->sample);
	rec->sample = NULL;
	rec->sample_cnt = 0;
}

struct record_writer {
	FILE *file;
	char *path; /* final name, NULL: written in place */
	char *temp;
	bool nameless; /* temp is given at the end */
};

/*
 * Renaming onto /dev/null or a pipe would replace it by a file, so only
 * regular files get a temporary name; a symbolic link stays what it is.
 */
static int open_in_place(const char *path, struct record_writer *w)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	w->file = fdopen(fd, "w");
	return w->file ? 0 : -ENOMEM;
}

/* A file without a name: a run that is killed leaves nothing behind. */
static int open_nameless(const char *path)
{
	char *copy = strdup(path);
	int fd = -1;

	if (copy)
		fd = open(dirname(copy), O_TMPFILE | O_WRONLY | O_CLOEXEC,
			  0644);
	free(copy);
	return fd;
}

static int open_temp(const char *path, struct record_writer *w)
{
	int fd;

	w->path = realpath(path, NULL);
	if (!w->path)
		w->path = strdup(path);
	if (!w->path ||
	    asprintf(&w->temp, "%s.%d.tmp", w->path, (int)getpid()) < 0) {
		w->temp = NULL;
		return -ENOMEM;
	}
	fd = open_nameless(w->path);
	w->nameless = fd >= 0;
	if (fd < 0) /* not every file system can */
		fd = open(w->temp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
			  0644);
	if (fd < 0) {
		int ret = -errno;

		free(w->temp);
		w->temp = NULL;
		return ret;
	}
	w->file = fdopen(fd, "w");
	return w->file ? 0 : -errno;
}

/* Gives the file its temporary name, by which it can be renamed. */
static int name_it(struct record_writer *w)
{
	char fd_path[48];

	if (!w->nameless)
		return 0;
	snprintf(fd_path, sizeof(fd_path), "/proc/self/fd/%d", fileno(w->file));
	unlink(w->temp); /* of a killed run that had our pid */
	return linkat(AT_FDCWD, fd_path, AT_FDCWD, w->temp, AT_SYMLINK_FOLLOW)
		       ? -errno
		       : 0;
}

int record_open(const char *path, struct record_writer **out)
{
	struct record_writer *w = calloc(1, sizeof(*w));
	struct stat st;
	int ret = 0;

	if (!w)
		return -ENOMEM;
	if (!strcmp(path, "-"))
		w->file = stdout;
	else if (stat(path, &st))
		ret = errno == ENOENT ? open_temp(path, w) : -errno;
	else if (S_ISREG(st.st_mode))
		ret = access(path, W_OK) ? -errno : open_temp(path, w);
	else
		ret = open_in_place(path, w);
	if (ret) {
		record_abandon(w);
		return ret;
	}
	*out = w;
	return 0;
}

int record_write(struct record_writer *w, const struct record *rec)
{
	json_t *json;
	int ret = record_encode(rec, &json);

	if (ret)
		return ret;
	errno = 0;
	/* Flushed, so that a full disk is known now and not an hour later. */
	if (json_dumpf(json, w->file, JSON_COMPACT) ||
	    fputc('\n', w->file) == EOF || fflush(w->file))
		ret = errno ? -errno : -EIO;
	json_decref(json);
	return ret;
}

int record_commit(struct record_writer *w)
{
	int ret = 0;

	if (fflush(w->file) || (w->temp && fsync(fileno(w->file))))
		ret = -errno;
	if (!ret && w->temp)
		ret = name_it(w);
	if (w->file != stdout && fclose(w->file) && !ret)
		ret = -errno;
	w->file = NULL;
	if (!ret && w->temp) {
		if (rename(w->temp, w->path)) {
			ret = -errno;
		} else {
			free(w->temp);
			w->temp = NULL;
		}
	}
	record_abandon(w);
	return ret;
}

void record_abandon(struct record_writer *w)
{
	if (!w)
		return;
	if (w->file && w->file != stdout)
		fclose(w->file);
	if (w->temp)
		unlink(w->temp);
	free(w->temp);
	free(w->path);
	free(w);
}
