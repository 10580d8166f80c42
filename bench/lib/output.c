// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "output.h"
#include "output_fresh.h"
#include "output_place.h"
#include "output_stream.h"

bool output_is_stdout(const char *path)
{
	struct place p;

	return !place_find(path, &p) && p.kind == PLACE_STDOUT;
}

bool output_is_file(const char *path)
{
	struct place p;

	return !place_find(path, &p) &&
	       (p.kind == PLACE_FILE || p.kind == PLACE_NEW);
}

int output_check(const char *path)
{
	struct place p;
	struct fresh f;
	int ret = place_find(path, &p);

	if (ret || p.kind == PLACE_STDOUT)
		return ret;
	if (p.kind != PLACE_NEW)
		return access(path, W_OK) ? -errno : 0;
	ret = fresh_open(&f, p.path, NULL);
	if (!ret)
		fresh_drop(&f);
	return ret;
}

static int write_stream(int fd, output_fn *fn, const void *arg)
{
	struct output_stream s = { .fd = fd };
	FILE *f = output_stream(&s);
	int ret;

	if (!f)
		return -ENOMEM;
	ret = fn(f, arg);
	fclose(f);
	return s.err ? s.err : ret;
}

static int write_there(const struct place *p, const char *path, output_fn *fn,
		       const void *arg)
{
	int fd = output_stream_open(path, p->st.st_mode), ret;

	if (fd < 0)
		return fd;
	ret = write_stream(fd, fn, arg);
	if (close(fd) && !ret)
		ret = -errno;
	return ret;
}

static int write_over(const struct place *p, output_fn *fn, const void *arg)
{
	int fd = open(p->path, O_WRONLY | O_TRUNC | O_CLOEXEC), ret;

	if (fd < 0)
		return -errno;
	ret = write_stream(fd, fn, arg);
	if (!ret && fsync(fd))
		ret = -errno;
	if (close(fd) && !ret)
		ret = -errno;
	return ret;
}

static int replace(const struct place *p, const struct stat *old, output_fn *fn,
		   const void *arg)
{
	struct fresh f;
	int ret = fresh_open(&f, p->path, old);

	if (ret)
		return ret;
	ret = write_stream(f.fd, fn, arg);
	if (!ret)
		ret = fresh_put(&f);
	fresh_drop(&f);
	return ret;
}

static int write_file(const struct place *p, output_fn *fn, const void *arg)
{
	int ret = -EPERM;

	if (access(p->path, W_OK))
		return -errno;
	if (p->st.st_nlink == 1)
		ret = replace(p, &p->st, fn, arg);
	/* Its folder isn't ours, or it is a mount point (a container's). */
	if (ret == -EPERM || ret == -EACCES || ret == -EBUSY)
		ret = write_over(p, fn, arg);
	return ret;
}

int output_write(const char *path, output_fn *fn, const void *arg)
{
	struct place p;
	int ret = place_find(path, &p);

	if (ret)
		return ret;
	switch (p.kind) {
	case PLACE_STDOUT:
		ret = output_flush(stdout);
		return ret ? ret : write_stream(STDOUT_FILENO, fn, arg);
	case PLACE_NEW:
		return replace(&p, NULL, fn, arg);
	case PLACE_FILE:
		return write_file(&p, fn, arg);
	default:
		return write_there(&p, path, fn, arg);
	}
}

void output_complain(const char *name, const char *path, int err)
{
	fprintf(stderr, "%s: cannot write %s: %s\n", name,
		strcmp(path, "-") ? path : "to standard output",
		err == -EINTR ? "nobody read it until a signal came"
			      : strerror(-err));
}

/* Where nobody named a place; true: it is there, whole. */
static bool keep_in(const char *folder, output_fn *fn, const void *arg,
		    char *path, size_t len)
{
	int fd = -1, ret;

	if (snprintf(path, len, "%s/%s-kept.XXXXXX", folder,
		     program_invocation_short_name) < (int)len)
		fd = mkostemp(path, O_CLOEXEC);
	if (fd < 0)
		return false;
	ret = write_stream(fd, fn, arg);
	if (fsync(fd) && !ret)
		ret = -errno;
	close(fd);
	if (ret)
		unlink(path);
	return !ret;
}

static void keep_elsewhere(const char *name, output_fn *fn, const void *arg)
{
	const char *const folders[] = { getenv("TMPDIR"), "/var/tmp", "/tmp",
					"/dev/shm", "/run" };
	char path[PATH_MAX];

	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		if (folders[i] && *folders[i] == '/' &&
		    keep_in(folders[i], fn, arg, path, sizeof(path))) {
			fprintf(stderr, "%s: it is kept in %s\n", name, path);
			return;
		}
	fprintf(stderr,
		"%s: nor could it be kept in /var/tmp, /tmp, /dev/shm or /run "
		"(TMPDIR names another folder)\n",
		name);
}

int output_keep(const char *name, const char *path, output_fn *fn,
		const void *arg)
{
	int ret = output_write(path, fn, arg);

	if (!ret)
		return 0;
	output_complain(name, path, ret);
	keep_elsewhere(name, fn, arg);
	return ret;
}

static int show(const struct output_result *r)
{
	int ret = r->tables(stdout, r->arg);

	if (ret && !ferror(stdout))
		fprintf(stderr, "%s: can't print: %s\n", r->name,
			strerror(-ret));
	return ret ? ret : output_flush(stdout);
}

int output_deliver(const struct output_result *r)
{
	bool has_stdout = r->path && output_is_stdout(r->path);
	int ret = 0, shown = 0;

	if (r->path)
		ret = output_write(r->path, r->records, r->arg);
	if (ret)
		output_complain(r->name, r->path, ret);
	if (!has_stdout)
		shown = show(r);
	if (!r->again && (ret || (shown && !r->path)))
		keep_elsewhere(r->name, r->records, r->arg);
	return ret ? ret : shown;
}
