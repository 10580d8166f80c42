// SPDX-License-Identifier: GPL-2.0-only
/*
 * holders.c - looks through the descriptors of all processes.
 *
 * To look at one process takes tens of microseconds, so a thousand would take
 * longer than everything else that a bump needs.  getsid() and getpgid() take
 * less than one microsecond.  So processes that look like daemons come first,
 * and mostly the holder is among them.  Even listing a thousand processes takes
 * a millisecond, or three the first time.
 */
#include "holders.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/kcmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "bench/lib/process_stat.h"
#include "identify.h"

/* As in <linux/major.h> and <linux/miscdevice.h> of the kernel. */
#define MISC_MAJOR 10
#define FUSE_MINOR 229

/*
 * What a process leads: who leads more is looked at first.  Who is in no session
 * that we know is last, mostly a thread of the kernel.
 */
enum rank { UNKNOWN, NO_SESSION, SESSION, GROUP, NOTHING, OUTSIDE };

struct process {
	pid_t pid;
	enum rank rank;
};

void holder_comm(pid_t pid, char *comm, size_t len)
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

/*
 * A plain file may have that name, too.  Asked for nothing, it tells its kind
 * without a word to a file system that may hang; to borrow it and to close that
 * would be a request.
 */
static bool is_fuse(int folder, const char *fd)
{
	struct statx stx;

	/* If it doesn't tell, it may be. */
	return statx(folder, fd, AT_STATX_DONT_SYNC, 0, &stx) ||
	       (S_ISCHR(stx.stx_mode) && stx.stx_rdev_major == MISC_MAJOR &&
		stx.stx_rdev_minor == FUSE_MINOR);
}

/*
 * Is that an open /dev/fuse?  Elsewhere /dev may have another path, so its name
 * must do; nothing is written before the kernel has named its connection.
 */
static bool is_device(int folder, const char *fd, int *err)
{
	static const char deleted[] = " (deleted)";
	char target[PATH_MAX], *name;
	ssize_t len = readlinkat(folder, fd, target, sizeof(target) - 1);

	if (len < 0 && (errno == EACCES || errno == EPERM))
		*err = errno;
	if (len <= 0)
		return false;
	target[len] = 0;
	if (len > (ssize_t)strlen(deleted) &&
	    !strcmp(target + len - strlen(deleted), deleted))
		target[len - strlen(deleted)] = 0;
	name = strrchr(target, '/');
	return name && !strcmp(name, "/fuse") && is_fuse(folder, fd);
}

/* A process of epochctl may have a copy, but answers no request. */
static bool is_ours(pid_t pid)
{
	char comm[16], own[16];

	holder_comm(pid, comm, sizeof(comm));
	return !prctl(PR_GET_NAME, own) && !strcmp(comm, own);
}

/* Of one that has ended meanwhile, /proc says that we may not look at it. */
static bool is_denied(int err, pid_t tid)
{
	return (err == EACCES || err == EPERM) &&
	       (!kill(tid, 0) || errno == EPERM);
}

/* path: "/proc/PID" or "/proc/PID/task/TID".  False: enough. */
static bool look_into(struct holder_search *s, const char *path, pid_t pid,
		      pid_t tid, holder_fn *fn, void *arg)
{
	char folder[64], fdinfo[80];
	struct dirent *e;
	bool more = true;
	int err = 0;
	DIR *fds;

	snprintf(folder, sizeof(folder), "%s/fd", path);
	snprintf(fdinfo, sizeof(fdinfo), "%s/fdinfo", path);
	fds = opendir(folder);
	if (!fds) {
		s->denied_cnt += is_denied(errno, tid);
		return true;
	}
	while (more && !err && (e = readdir(fds))) {
		struct holder h = { .pid = pid, .tid = tid };

		if (!isdigit(e->d_name[0]) ||
		    !is_device(dirfd(fds), e->d_name, &err))
			continue;
		if (!s->only_pid && is_ours(pid) != s->ours)
			break;
		h.fd = atoi(e->d_name);
		h.named = !identify_by_fdinfo(fdinfo, h.fd, &h.connection);
		more = fn(&h, arg);
	}
	closedir(fds);
	s->denied_cnt += is_denied(err, tid);
	return more;
}

/* Then it was looked at with the process. */
static bool shares_table(pid_t pid, pid_t tid)
{
	return !syscall(SYS_kcmp, pid, tid, KCMP_FILES, 0, 0);
}

/*
 * Threads may have descriptors of their own, and live on when the first, which
 * stands for the process, has ended.
 */
static bool look_into_threads(struct holder_search *s, pid_t pid, holder_fn *fn,
			      void *arg)
{
	char path[64];
	struct dirent *e;
	bool more = true;
	DIR *tasks;

	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	tasks = opendir(path);
	while (more && tasks && (e = readdir(tasks))) {
		if (!isdigit(e->d_name[0]) || atoi(e->d_name) == pid ||
		    shares_table(pid, atoi(e->d_name)))
			continue;
		snprintf(path, sizeof(path), "/proc/%d/task/%.20s", pid,
			 e->d_name);
		more = look_into(s, path, pid, atoi(e->d_name), fn, arg);
	}
	if (tasks)
		closedir(tasks);
	return more;
}

static int list_processes(struct process **all, size_t *cnt)
{
	DIR *proc = opendir("/proc");
	struct process *more;
	struct dirent *e;
	size_t room = 0;

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
		(*all)[(*cnt)++] = (struct process){ atoi(e->d_name), UNKNOWN };
	}
	closedir(proc);
	return 0;
}

static bool is_its_turn(struct process *p, enum rank turn)
{
	pid_t session;

	if (p->rank == UNKNOWN) {
		session = getsid(p->pid);
		p->rank = session == p->pid ? SESSION
			  : session > 0	    ? NO_SESSION
					    : OUTSIDE;
	}
	if (turn != SESSION && p->rank == NO_SESSION)
		p->rank = getpgid(p->pid) == p->pid ? GROUP : NOTHING;
	return p->rank == turn;
}

static bool look(struct holder_search *s, pid_t pid, holder_fn *fn, void *arg)
{
	char path[32];

	if (s->ours && !is_ours(pid))
		return true;
	if (s->threads)
		return look_into_threads(s, pid, fn, arg);
	snprintf(path, sizeof(path), "/proc/%d", pid);
	return look_into(s, path, pid, pid, fn, arg);
}

enum { ANCESTORS = 4, EDGE = 16 };

/* Who was looked at before all others. */
struct likely {
	pid_t pids[(1 + ANCESTORS) * 2 * EDGE];
	size_t cnt;
};

/* Oldest first.  Free the array; NULL if there is none. */
static pid_t *list_children(pid_t parent, size_t *cnt)
{
	pid_t *all = NULL, *more = NULL;
	char path[64];
	FILE *f;
	int pid;

	*cnt = 0;
	snprintf(path, sizeof(path), "/proc/%d/task/%d/children", parent,
		 parent);
	f = fopen(path, "re");
	while (f && fscanf(f, "%d", &pid) == 1) {
		if (!(*cnt & (*cnt - 1)))
			more = realloc(all, (2 * *cnt + 1) * sizeof(*all));
		if (!more)
			break;
		all = more;
		all[(*cnt)++] = pid;
	}
	if (f)
		fclose(f);
	return all;
}

/*
 * What was there before all else is mostly a daemon, and so may be what has just
 * been started: of a thousand in between, to look at each would take longer than
 * the search in order that comes then.
 */
static size_t pick_edges(const pid_t *all, size_t cnt, bool daemons,
			 pid_t edges[2 * EDGE])
{
	size_t low = 0, picked = 0;

	for (; low < cnt && picked < EDGE; low++)
		if (!daemons || getsid(all[low]) == all[low])
			edges[picked++] = all[low];
	for (; cnt > low && picked < 2 * EDGE; cnt--)
		if (!daemons || getsid(all[cnt - 1]) == all[cnt - 1])
			edges[picked++] = all[cnt - 1];
	return picked;
}

/*
 * Only a list of children is read, not all of /proc: to list that costs more
 * than all else that a bump needs.
 */
static bool look_at_children(struct holder_search *s, struct likely *l,
			     pid_t parent, bool daemons, holder_fn *fn,
			     void *arg)
{
	bool more = true;
	size_t cnt, end;
	pid_t *all = list_children(parent, &cnt);

	end = l->cnt + pick_edges(all, cnt, daemons, l->pids + l->cnt);
	free(all);
	while (more && l->cnt < end)
		more = look(s, l->pids[l->cnt++], fn, arg);
	return more;
}

/*
 * Daemons are children of init, mostly, and leaders of sessions.  One in the
 * foreground was often started by the shell that now started us, or by what
 * started that.
 */
static bool look_at_likely(struct holder_search *s, struct likely *l,
			   holder_fn *fn, void *arg)
{
	pid_t pid = getppid();
	bool more = look_at_children(s, l, 1, true, fn, arg);

	for (int i = 0; more && i < ANCESTORS && pid > 1; i++) {
		more = look_at_children(s, l, pid, false, fn, arg);
		pid = (pid_t)process_stat(pid, PROCESS_PARENT);
	}
	return more;
}

static bool was_likely(const struct likely *l, pid_t pid)
{
	for (size_t i = 0; i < l->cnt; i++)
		if (l->pids[i] == pid)
			return true;
	return false;
}

int holders_each(struct holder_search *s, holder_fn *fn, void *arg)
{
	struct likely likely = { .cnt = 0 };
	struct process *all = NULL;
	size_t cnt = 0;
	bool more = true;
	int err;

	s->denied_cnt = 0;
	if (s->one && !s->only_pid && !s->threads &&
	    !look_at_likely(s, &likely, fn, arg))
		return 0;
	err = s->only_pid ? 0 : list_processes(&all, &cnt);
	if (s->only_pid)
		look(s, s->only_pid, fn, arg);
	for (enum rank turn = SESSION; !err && turn <= OUTSIDE; turn++)
		for (size_t i = 0; more && i < cnt; i++)
			if (is_its_turn(&all[i], turn) &&
			    !was_likely(&likely, all[i].pid))
				more = look(s, all[i].pid, fn, arg);
	free(all);
	return err;
}
