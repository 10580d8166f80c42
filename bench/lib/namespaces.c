// SPDX-License-Identifier: GPL-2.0-only
/*
 * namespaces.c - visits each mount namespace and reads its table there.
 *
 * /proc/PID/mountinfo of a process in the namespace wouldn't do.  It leaves out
 * what lies outside of the root of that process, and a namespace in which
 * nobody lives (a bind mount or a descriptor keeps it) has no such file.  Since
 * 6.12 the kernel goes from one namespace to the next, so we needn't look at
 * each process either.
 */
#include "namespaces.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/types.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "rights.h"

/* <linux/nsfs.h> of newer kernels than Debian 12 has headers of. */
struct ns_info {
	__u32 size, mount_cnt;
	__u64 id;
};
#define NS_GET_NEXT _IOR(0xb7, 11, struct ns_info)
#define NS_GET_PREV _IOR(0xb7, 12, struct ns_info)

/* The initial one has that number on every machine. */
#define INITIAL_PID_NS "pid:[4026531836]"

struct visit {
	namespace_fn *fn;
	void *arg;
	int proc; /* other namespaces may have no /proc */
	bool complete;
	ino_t *seen;
	size_t seen_cnt;
	int ret;
};

static bool link_is(const char *path, const char *wanted)
{
	char text[64];
	ssize_t len = readlink(path, text, sizeof(text) - 1);

	if (len < 0)
		return false;
	text[len] = 0;
	return !strcmp(text, wanted);
}

static bool was_seen(const struct visit *v, ino_t ns)
{
	for (size_t i = 0; i < v->seen_cnt; i++)
		if (v->seen[i] == ns)
			return true;
	return false;
}

/* Is it new?  If so, it counts as seen. */
static bool is_new(struct visit *v, ino_t ns)
{
	ino_t *more;

	if (was_seen(v, ns))
		return false;
	more = realloc(v->seen, (v->seen_cnt + 1) * sizeof(*more));
	if (!more) {
		v->complete = false;
		return false;
	}
	v->seen = more;
	more[v->seen_cnt++] = ns;
	return true;
}

/* Goes to the namespace and reads the table, as seen from its root. */
static void visit(struct visit *v, int fd)
{
	struct stat st;
	FILE *f;
	int table;

	if (v->ret || fstat(fd, &st) || !is_new(v, st.st_ino))
		return;
	table = setns(fd, CLONE_NEWNS)
			? -1
			: openat(v->proc, "thread-self/mountinfo",
				 O_RDONLY | O_CLOEXEC);
	f = table < 0 ? NULL : fdopen(table, "r");
	if (!f) {
		v->complete = false;
		if (table >= 0)
			close(table);
		return;
	}
	v->ret = v->fn(f, st.st_ino, v->arg);
	fclose(f);
}

/* From one namespace to the next; -errno if the kernel can't. */
static int follow(struct visit *v, int own, unsigned long step)
{
	struct ns_info info = { .size = sizeof(info) };
	int fd = own, next, err;

	for (;;) {
		next = ioctl(fd, step, &info);
		err = next < 0 ? -errno : 0;
		if (fd != own)
			close(fd);
		if (next < 0)
			return err == -ENOENT ? 0 : err;
		fd = next;
		fcntl(fd, F_SETFD, FD_CLOEXEC);
		visit(v, fd);
	}
}

/* Those in which processes live: before 6.12 there is no better way. */
static void follow_processes(struct visit *v)
{
	DIR *proc = fdopendir(openat(v->proc, ".", O_RDONLY | O_CLOEXEC));
	struct dirent *e;
	struct stat st;
	char path[64];
	int fd;

	if (!proc || !link_is("/proc/self/ns/pid", INITIAL_PID_NS))
		v->complete = false;
	while (proc && (e = readdir(proc))) {
		if (!isdigit(e->d_name[0]))
			continue;
		snprintf(path, sizeof(path), "%.20s/ns/mnt", e->d_name);
		fd = -1;
		if (!fstatat(v->proc, path, &st, 0)) {
			if (was_seen(v, st.st_ino))
				continue;
			fd = openat(v->proc, path, O_RDONLY | O_CLOEXEC);
		}
		/* Gone meanwhile, or not for us to know. */
		if (fd < 0 && errno != ENOENT && errno != ESRCH)
			v->complete = false;
		if (fd < 0)
			continue;
		visit(v, fd);
		close(fd);
	}
	if (proc)
		closedir(proc);
}

/*
 * A thread of its own that shares neither root nor working directory with the
 * rest: setns() changes both, and there is no way back out of a chroot.
 */
static void *run(void *arg)
{
	struct visit *v = arg;
	int own = openat(v->proc, "thread-self/ns/mnt", O_RDONLY | O_CLOEXEC);

	if (own < 0 || unshare(CLONE_FS)) {
		v->complete = false;
	} else {
		visit(v, own);
		if (follow(v, own, NS_GET_PREV) || follow(v, own, NS_GET_NEXT))
			follow_processes(v);
	}
	if (own >= 0)
		close(own);
	return NULL;
}

int namespaces_each(namespace_fn *fn, void *arg, bool *complete)
{
	struct visit v = { .fn = fn, .arg = arg, .complete = rights_have(CAP_SYS_ADMIN) };
	pthread_t thread;
	int err;

	v.proc = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (v.proc < 0)
		return -errno;
	err = -pthread_create(&thread, NULL, run, &v);
	if (!err)
		pthread_join(thread, NULL);
	close(v.proc);
	free(v.seen);
	*complete = v.complete;
	return err ? err : v.ret;
}

ino_t namespaces_own(void)
{
	struct stat st;

	return stat("/proc/self/ns/mnt", &st) ? 0 : st.st_ino;
}

struct namespace_pid {
	ino_t ns;
	pid_t pid;
};

struct namespace_pids {
	struct namespace_pid *all; /* by ns; NULL: not asked yet */
	size_t cnt, room;
};

static int compare(const void *a, const void *b)
{
	const struct namespace_pid *x = a, *y = b;

	return x->ns < y->ns ? -1 : x->ns > y->ns;
}

static void add_pid(struct namespace_pids *p, ino_t ns, pid_t pid)
{
	size_t room = p->room ? 2 * p->room : 256;
	struct namespace_pid *more = p->all;

	if (p->cnt == p->room) {
		more = realloc(more, room * sizeof(*more));
		if (!more)
			return;
		p->all = more;
		p->room = room;
	}
	more[p->cnt++] = (struct namespace_pid){ ns, pid };
}

static void look_for_pids(struct namespace_pids *p)
{
	DIR *proc = opendir("/proc");
	struct dirent *e;
	struct stat st;
	char path[64];

	while (proc && (e = readdir(proc))) {
		snprintf(path, sizeof(path), "%.20s/ns/mnt", e->d_name);
		if (isdigit(e->d_name[0]) &&
		    !fstatat(dirfd(proc), path, &st, 0))
			add_pid(p, st.st_ino, atoi(e->d_name));
	}
	if (proc)
		closedir(proc);
	if (p->cnt)
		qsort(p->all, p->cnt, sizeof(*p->all), compare);
}

struct namespace_pids *namespace_pids_new(void)
{
	return calloc(1, sizeof(struct namespace_pids));
}

void namespace_pids_free(struct namespace_pids *p)
{
	if (p)
		free(p->all);
	free(p);
}

pid_t namespace_pids_find(struct namespace_pids *p, ino_t ns)
{
	struct namespace_pid wanted = { .ns = ns }, *found;

	if (!p->all)
		look_for_pids(p);
	if (!p->all)
		return 0;
	found = bsearch(&wanted, p->all, p->cnt, sizeof(*p->all), compare);
	return found ? found->pid : 0;
}
