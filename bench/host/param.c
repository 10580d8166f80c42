// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "mount.h"
#include "param.h"

#define NOTE_SUFFIX ".restore"

/* The whole text of a small file; empty when it can't be read. */
static void get(const char *path, char *text, size_t len)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got = fd < 0 ? 0 : read(fd, text, len - 1);

	text[got > 0 ? got : 0] = 0;
	text[strcspn(text, "\n")] = 0;
	if (fd >= 0)
		close(fd);
}

static int put(const char *path, int flags, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC | flags, 0600);
	int err = 0;

	if (fd < 0)
		return -errno;
	if (write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		err = -errno;
	close(fd);
	return err;
}

int param_set(struct param *p, const char *path, const char *value)
{
	char note[192];
	int err;

	get(path, p->value, sizeof(p->value));
	if (!p->value[0])
		return -EIO;
	snprintf(p->note, sizeof(p->note), MOUNT_OWN_PREFIX "%d" NOTE_SUFFIX,
		 (int)getpid());
	snprintf(note, sizeof(note), "%s %s\n", p->value, path);
	err = put(p->note, O_CREAT | O_TRUNC, note);
	if (err)
		return err;
	p->path = path;
	err = put(path, 0, value);
	if (err)
		param_restore(p);
	return err;
}

void param_restore(struct param *p)
{
	if (!p->path)
		return;
	if (put(p->path, 0, p->value))
		fprintf(stderr, "epochbench: cannot set %s to %s again: %s\n",
			p->path, p->value, strerror(errno));
	unlink(p->note);
	p->path = NULL;
}

void param_sweep(void)
{
	glob_t g;

	if (glob(MOUNT_OWN_PREFIX "*" NOTE_SUFFIX, 0, NULL, &g))
		return;
	for (size_t i = 0; i < g.gl_pathc; i++) {
		char note[192], *path;

		if (!mount_owner_is_gone(g.gl_pathv[i] +
					 strlen(MOUNT_OWN_PREFIX)))
			continue;
		get(g.gl_pathv[i], note, sizeof(note));
		path = strchr(note, ' ');
		unlink(g.gl_pathv[i]);
		if (!path)
			continue;
		*path++ = 0;
		if (!put(path, 0, note))
			fprintf(stderr,
				"epochbench: set %s to %s again, which a "
				"killed run had changed\n",
				path, note);
	}
	globfree(&g);
}
