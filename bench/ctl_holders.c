// SPDX-License-Identifier: GPL-2.0-only
/*
 * ctl_holders.c - looks through the descriptors of all processes.
 *
 * A look at one process takes tens of microseconds, so that a thousand would
 * take longer than all else that a bump needs.  getsid() and getpgid() take less
 * than one: who calls itself a daemon is looked at first, and mostly that is it.
 */
#include "ctl_holders.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ctl_identify.h"

struct process {
	pid_t pid;
	int rank; /* 0: a leader of a session; 1: of a process group; 2: neither */
};

/*
 * Is that an open /dev/fuse?  Elsewhere /dev may have another path, so its name
 * must do here; nothing is written before the kernel has named its connection.
 */
static bool is_device(int folder, const char *fd)
{
	static const char deleted[] = " (deleted)";
	char target[256], *name;
	ssize_t len = readlinkat(folder, fd, target, sizeof(target) - 1);

	if (len <= 0)
		return false;
	target[len] = 0;
	if (len > (ssize_t)strlen(deleted) &&
	    !strcmp(target + len - strlen(deleted), deleted))
		target[len - strlen(deleted)] = 0;
	name = strrchr(target, '/');
	return name && !strcmp(name, "/fuse");
}

/* path: "/proc/PID" or "/proc/PID/task/TID".  False: enough. */
static bool look_into(struct ctl_search *s, const char *path, pid_t pid,
		      pid_t tid, ctl_holder_fn *fn, void *arg)
{
	char folder[64], fdinfo[80];
	struct dirent *e;
	bool more = true;
	DIR *fds;

	snprintf(folder, sizeof(folder), "%s/fd", path);
	snprintf(fdinfo, sizeof(fdinfo), "%s/fdinfo", path);
	fds = opendir(folder);
	if (!fds) {
		s->denied_cnt += errno == EACCES || errno == EPERM;
		return true;
	}
	while (more && (e = readdir(fds))) {
		struct ctl_holder h = { .pid = pid, .tid = tid };

		if (!isdigit(e->d_name[0]) || !is_device(dirfd(fds), e->d_name))
			continue;
		h.fd = atoi(e->d_name);
		h.named = !ctl_identify_by_fdinfo(fdinfo, h.fd, &h.connection);
		s->held_cnt++;
		more = fn(&h, arg);
	}
	closedir(fds);
	return more;
}

/*
 * Threads may have descriptors of their own, and live on when the first, which
 * stands for the process, has ended.
 */
static bool look_into_threads(struct ctl_search *s, pid_t pid,
			      ctl_holder_fn *fn, void *arg)
{
	char path[64];
	struct dirent *e;
	bool more = true;
	DIR *tasks;

	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	tasks = opendir(path);
	while (more && tasks && (e = readdir(tasks))) {
		if (!isdigit(e->d_name[0]) || atoi(e->d_name) == pid)
			continue;
		snprintf(path, sizeof(path), "/proc/%d/task/%.20s", pid,
			 e->d_name);
		more = look_into(s, path, pid, atoi(e->d_name), fn, arg);
	}
	if (tasks)
		closedir(tasks);
	return more;
}

static int by_rank(const void *a, const void *b)
{
	const struct process *x = a, *y = b;

	return x->rank != y->rank ? x->rank - y->rank
	       : x->pid < y->pid  ? -1
				  : x->pid > y->pid;
}

static int list_processes(struct process **all, size_t *cnt)
{
	DIR *proc = opendir("/proc");
	struct process *more;
	struct dirent *e;
	size_t room = 0;
	pid_t pid;

	if (!proc)
		return -errno;
	while ((e = readdir(proc))) {
		if (!isdigit(e->d_name[0]))
			continue;
		if (*cnt == room) {
			room = room ? 2 * room : 1024;
			more = realloc(*all, room * sizeof(*more));
			if (!more) {
				closedir(proc);
				return -ENOMEM;
			}
			*all = more;
		}
		pid = atoi(e->d_name);
		(*all)[*cnt].pid = pid;
		(*all)[*cnt].rank = getsid(pid) == pid	  ? 0
				    : getpgid(pid) == pid ? 1
							  : 2;
		++*cnt;
	}
	closedir(proc);
	qsort(*all, *cnt, sizeof(**all), by_rank);
	return 0;
}

int ctl_holders_each(struct ctl_search *s, ctl_holder_fn *fn, void *arg)
{
	struct process one = { .pid = s->only_pid }, *all = NULL;
	size_t cnt = 0;
	bool more = true;
	char path[32];
	int err = s->only_pid ? 0 : list_processes(&all, &cnt);

	s->denied_cnt = 0;
	s->held_cnt = 0;
	if (s->only_pid)
		cnt = 1;
	for (size_t i = 0; !err && more && i < cnt; i++) {
		pid_t pid = all ? all[i].pid : one.pid;

		snprintf(path, sizeof(path), "/proc/%d", pid);
		more = s->threads ? look_into_threads(s, pid, fn, arg)
				  : look_into(s, path, pid, pid, fn, arg);
	}
	free(all);
	return err;
}

void ctl_holder_comm(pid_t pid, char *comm, size_t len)
{
	char path[64];
	ssize_t got = -1;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/comm", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		got = read(fd, comm, len - 1);
		close(fd);
	}
	if (got > 0)
		comm[got - (comm[got - 1] == '\n')] = 0;
	else
		snprintf(comm, len, "?");
}
