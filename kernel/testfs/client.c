// SPDX-License-Identifier: GPL-2.0-only
#include "client.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ktap.h"
#include "server.h"

bool is_in_state(pid_t tid, const char *states)
{
	char path[64], line[256] = "", *state;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/stat", tid);
	file = fopen(path, "r");
	if (!file)
		return false;
	/* After the name, which may have anything in it. */
	state = fgets(line, sizeof(line), file) ? strrchr(line, ')') : NULL;
	fclose(file);
	return state && state[2] && strchr(states, state[2]);
}

uint64_t lookups_of(const char *path)
{
	uint64_t before = server_count(FUSE_LOOKUP);
	struct stat st;

	lstat(server_path(path), &st);
	return server_count(FUSE_LOOKUP) - before;
}

uint64_t lookups_of_all(const char *format, unsigned int count)
{
	uint64_t lookups = 0;
	char path[64];
	unsigned int i;

	for (i = 0; i < count; i++) {
		snprintf(path, sizeof(path), format, i);
		lookups += lookups_of(path);
	}
	return lookups;
}

void list_dir(const char *path)
{
	DIR *dir = opendir(server_path(path));

	while (dir && readdir(dir))
		;
	if (dir)
		closedir(dir);
}

void list_fd(int fd)
{
	DIR *dir = fdopendir(dup(fd));

	if (dir)
		rewinddir(dir);
	while (dir && readdir(dir))
		;
	if (dir)
		closedir(dir);
}

void add_files(uint64_t parent, const char *format, unsigned int count)
{
	unsigned int i;
	char name[64];

	for (i = 0; i < count; i++) {
		snprintf(name, sizeof(name), format, i);
		tree_add(parent, name, S_IFREG | 0644);
	}
}

bool is_at(int fd, const char *path)
{
	char link[64], shown[256] = "";

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	readlink(link, shown, sizeof(shown) - 1);
	return !strcmp(shown, server_path(path));
}

bool walks_keep_nodes(void)
{
	const char *name = "is it kept?";
	bool kept;
	int fd;

	tree_add(ROOT, name, S_IFREG | 0644);
	fd = open(server_path(name), O_PATH);
	server_bump();
	lookups_of(name);
	kept = is_at(fd, name);
	close(fd);
	tree_unlink(ROOT, name); /* and leave nothing of it */
	server_bump();
	lookups_of(name);
	return kept;
}

bool is_mounted(const char *path)
{
	return is_mounted_in("/proc/self/mounts", path);
}

bool is_mounted_in(const char *mounts, const char *path)
{
	FILE *file = fopen(mounts, "r");
	char line[512], wanted[256];
	bool found = false;

	snprintf(wanted, sizeof(wanted), " %s ", server_path(path));
	while (file && fgets(line, sizeof(line), file))
		found |= strstr(line, wanted) != NULL;
	if (file)
		fclose(file);
	return found;
}

void leave_read_in_flight(const char *name)
{
	uint64_t ino = tree_add(ROOT, name, S_IFREG | 0644);
	int fd;

	tree_set_size(ino, 1 << 20);
	server_hold(FUSE_READ, ino);
	fd = open(server_path(name), O_RDONLY);
	posix_fadvise(fd, 0, 1 << 16, POSIX_FADV_WILLNEED);
	server_wait_held();
	close(fd);
}

bool set_parameter(const char *name, const char *value)
{
	char path[64];
	bool done;
	int fd;

	snprintf(path, sizeof(path), "/sys/module/fuse/parameters/%s", name);
	fd = open(path, O_WRONLY);
	if (fd < 0)
		return false;
	done = write(fd, value, strlen(value)) > 0;
	close(fd);
	return done;
}

bool shrink_modes_exist(void)
{
	return !access("/sys/module/fuse/parameters/epoch_shrink", W_OK);
}

void need_shrink_modes(void)
{
	if (shrink_modes_exist())
		return;
	server_stop();
	ktap_skip_all("not supported: fuse has no epoch_shrink");
}

bool set_shrink_mode(const char *mode)
{
	return set_parameter("epoch_shrink", mode);
}

unsigned long delay_parameter(const char *name)
{
	unsigned long value = 0;
	char path[64];
	FILE *file;

	snprintf(path, sizeof(path), "/sys/module/delay/parameters/%s", name);
	file = fopen(path, "r");
	if (!file) {
		server_stop();
		ktap_skip_all(
			"the module delay isn't there: it is for our kernel");
	}
	if (fscanf(file, "%lu", &value) != 1)
		value = 0;
	fclose(file);
	return value;
}
