// SPDX-License-Identifier: GPL-2.0-only
#include "answers.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench/lib/clock.h"
#include "bench/lib/input.h"
#include "bench/wire/strace.h"
#include "daemon.h"
#include "served.h"

/* As many names as strace needs no time for. */
enum { NAMES = 20, ABSENT = 3 };

/* A daemon that watches its files notices by then; and a time to look again. */
#define NOTICES_NS 3000000000ULL
enum { LOOK_US = 20000 };

/* Which strace the command will find. */
static bool is_there(void)
{
	char *path = strdup(getenv("PATH") ?: "/usr/bin:/bin"), *rest = path;
	char name[4096];
	bool found = false;

	for (char *dir; !found && (dir = strsep(&rest, ":"));) {
		snprintf(name, sizeof(name), "%s/strace", dir);
		found = !access(name, X_OK);
	}
	free(path);
	return found;
}

static void mark(int root, const char *phase)
{
	char name[64];
	struct stat st;

	snprintf(name, sizeof(name), WIRE_MARK "%s", phase);
	fstatat(root, name, &st, 0);
}

static void look_at(int root, const char *folder)
{
	int fd = openat(root, folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	char absent[32];
	struct stat st;

	if (!dir) {
		if (fd >= 0)
			close(fd);
		return;
	}
	for (struct dirent *d; (d = readdir(dir));)
		fstatat(fd, d->d_name, &st, AT_SYMLINK_NOFOLLOW);
	for (int i = 0; i < ABSENT; i++) {
		snprintf(absent, sizeof(absent), "absent%d", i);
		fstatat(fd, absent, &st, AT_SYMLINK_NOFOLLOW);
	}
	closedir(dir);
}

static void use(const char *mount_path, const struct served *served,
		const volatile sig_atomic_t *stop)
{
	int root = open(mount_path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	uint64_t began_ns;

	if (root < 0)
		return;
	mark(root, "walk");
	look_at(root, ".");
	look_at(root, TREE_TOP_NAME);
	look_at(root, SERVED_BESIDE);
	served_change(served, SERVED_BESIDE "/" SERVED_CHANGED);
	began_ns = clock_monotonic_ns();
	while (!*stop && clock_monotonic_ns() - began_ns < NOTICES_NS)
		usleep(LOOK_US);
	close(root);
}

static void read_trace(const char *path, struct answers *a)
{
	struct wire *w = wire_new();
	int err = w ? strace_read(path, wire_take, w) : -ENOMEM;

	if (err)
		snprintf(a->untraced, sizeof(a->untraced),
			 "what strace wrote can't be read: %s",
			 input_error(err));
	else
		wire_answers(w, &a->said);
	wire_free(w);
}

/* Starts it, uses it, ends it. */
static int trace(const char *command, const struct served *served,
		 const struct mount_point *mp, const char *file,
		 const cpu_set_t *cpus, const volatile sig_atomic_t *stop,
		 char *err, size_t len)
{
	const struct daemon_places places = { .source = served->source,
					      .mount = mp->path,
					      .scratch = served->scratch,
					      .name = TREE_TOP_NAME,
					      .trace = file };
	struct daemon d;
	int ret = daemon_start(&d, command, &places, cpus, stop, err, len);

	if (!ret)
		use(mp->path, served, stop);
	mount_point_umount(mp, ret || *stop);
	daemon_end(&d);
	return ret;
}

/* Both places, in that room.  0, or -errno with a sentence in err. */
static int take(const char *room, struct served *served, struct mount_point *mp,
		char *err, size_t len)
{
	char files[128], mount_path[128];
	int ret;

	snprintf(files, sizeof(files), "%s/files", room ?: "");
	snprintf(mount_path, sizeof(mount_path), "%s/mount", room ?: "");
	if (room && (mkdir(files, 0755) || mkdir(mount_path, 0755)))
		return -errno;
	ret = served_begin(served, room ? files : NULL, err, len);
	return ret ? ret
		   : mount_point_take(mp, room ? mount_path : NULL, err, len);
}

void answers_ask(const char *command, const char *change, const char *room,
		 const cpu_set_t *cpus, const volatile sig_atomic_t *stop,
		 struct answers *a)
{
	const struct tree tree = { .shape = SHAPE_WIDE, .n = NAMES };
	struct served served = { .change = change };
	struct mount_point mp = { .ours = false };
	char file[320], err[BORROW_WHY_BYTES] = "";
	int ret;

	*a = (struct answers){ .untraced = "" };
	if (!is_there()) {
		strcpy(a->untraced, "there is no strace here");
		return;
	}
	ret = take(room, &served, &mp, err, sizeof(err));
	if (!ret)
		ret = served_make(&served, &tree, err, sizeof(err));
	snprintf(file, sizeof(file), "%s/trace", served.mp.path);
	if (!ret)
		ret = trace(command, &served, &mp, file, cpus, stop, err,
			    sizeof(err));
	if (ret)
		snprintf(a->untraced, sizeof(a->untraced),
			 "under strace %.180s", *err ? err : strerror(-ret));
	else
		read_trace(file, a);
	mount_point_release(&mp);
	served_end(&served);
}
