// SPDX-License-Identifier: GPL-2.0-only
#include "param.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "runtime.h"

#define NOTE_KIND "param."
#define VALUE_BYTES 32

/* A note: "VALUE PATH\n". */
struct note {
	char text[VALUE_BYTES + PATH_MAX];
	const char *value, *path; /* NULL: none, or not whole */
};

/* The first line of a small file; empty when it can't be read. */
static void get(int fd, char *text, size_t len)
{
	ssize_t got = pread(fd, text, len - 1, 0);

	text[got > 0 ? got : 0] = 0;
	text[strcspn(text, "\n")] = 0;
}

static void get_note(int fd, struct note *n)
{
	char *space;

	get(fd, n->text, sizeof(n->text));
	space = strchr(n->text, ' ');
	if (space)
		*space = 0;
	n->value = space ? n->text : NULL;
	n->path = space ? space + 1 : NULL;
}

static int put_value(const char *path, const char *value)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC), err = 0;

	if (fd < 0)
		return -errno;
	if (write(fd, value, strlen(value)) != (ssize_t)strlen(value))
		err = -errno;
	if (close(fd) && !err)
		err = -errno;
	return err;
}

/* "/sys/module/x" is "...param.!sys!module!x". */
static int note_path(const char *path, char *buf, size_t len)
{
	size_t at =
		(size_t)snprintf(buf, len, "%s/" RUNTIME_PREFIX NOTE_KIND "%s",
				 runtime_dir(), path);

	if (at >= len)
		return -ENAMETOOLONG;
	for (char *c = buf + at - strlen(path); *c; c++)
		if (*c == '/')
			*c = '!';
	return 0;
}

/* Nobody has it noted yet, or all who had were killed. */
static int note_value(int note, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), len;
	char text[VALUE_BYTES + PATH_MAX], value[VALUE_BYTES];
	struct note before;

	if (fd < 0)
		return -errno;
	get(fd, value, sizeof(value));
	close(fd);
	if (!value[0])
		return -EIO;
	get_note(note, &before);
	if (before.path && !strcmp(before.path, path))
		return 0;
	len = snprintf(text, sizeof(text), "%s %s\n", value, path);
	if (ftruncate(note, 0) || pwrite(note, text, len, 0) != len)
		return -errno ?: -EIO;
	return 0;
}

/* The note's descriptor, with a shared lock; or -errno. */
static int take_note(const char *path)
{
	char name[PATH_MAX];
	int err = note_path(path, name, sizeof(name)), fd;

	if (err)
		return err;
	fd = runtime_open(name, O_RDWR | O_CREAT);
	if (fd < 0)
		return fd;
	if (!flock(fd, LOCK_EX | LOCK_NB))
		err = note_value(fd, path);
	if (!err && flock(fd, LOCK_SH))
		err = -errno;
	if (!err)
		return fd;
	unlink(name);
	close(fd);
	return err;
}

int param_set(struct param *p, const char *path, const char *value)
{
	int lock = runtime_lock(), err;

	if (lock < 0)
		return lock;
	p->note = take_note(path);
	err = p->note < 0 ? p->note : 0;
	if (!err) {
		p->path = path;
		err = put_value(path, value);
	}
	close(lock);
	if (err)
		param_restore(p);
	return err;
}

/*
 * With the lock held: sets the value again if nobody else has it set.  True: it
 * has been restored.
 */
static bool restore(int fd, const char *name)
{
	struct note n;
	int err;

	if (flock(fd, LOCK_EX | LOCK_NB))
		return false;
	get_note(fd, &n);
	err = n.path ? put_value(n.path, n.value) : -ENOENT;
	if (n.path && err)
		fprintf(stderr, "epochbench: cannot set %s to %s again: %s\n",
			n.path, n.value, strerror(-err));
	unlink(name);
	return !err;
}

void param_restore(struct param *p)
{
	char name[PATH_MAX];
	int lock;

	if (!p->path)
		return;
	lock = runtime_lock();
	if (!note_path(p->path, name, sizeof(name)))
		restore(p->note, name);
	close(p->note);
	if (lock >= 0)
		close(lock);
	p->path = NULL;
}

static void sweep(const char *name)
{
	int fd = runtime_open(name, O_RDWR);
	struct note n;

	if (fd < 0)
		return;
	if (restore(fd, name)) {
		get_note(fd, &n);
		fprintf(stderr,
			"epochbench: set %s to %s again, which a killed run "
			"had changed\n",
			n.path, n.value);
	}
	close(fd);
}

void param_sweep(void)
{
	runtime_each(NOTE_KIND, sweep);
}
