// SPDX-License-Identifier: GPL-2.0-only
#include "keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/host/cpu_time.h"
#include "bench/host/fusectl.h"
#include "bench/lib/clock.h"
#include "bench/lib/pulse.h"
#include "bench/lib/rights.h"
#include "bench/lib/text.h"

/* How long all may stand still: with requests waiting, and after the unmount. */
#define HANGS_NS 30000000000ULL
#define LINGERS_NS 5000000000ULL
/* How long after the unmount they may be busy: others than the daemon serve on. */
#define ENDS_NS 10000000000ULL
/* Whoever interrupts us isn't kept waiting for what stands still. */
#define HURRY_NS 1000000000ULL
enum { LOOK_MS = 250, END_LOOK_MS = 20 };

/* Seen by the keeper, too. */
struct shared {
	_Atomic uint32_t connection;
	_Atomic int status; /* of the command, where it has ended */
	_Atomic bool command_ended;
};

struct keeper {
	struct shared *shared;
	pthread_t thread; /* its parent, which never touches the mount */
	const char *text;
	const cpu_set_t *cpus;
	const volatile sig_atomic_t *stop;
	pid_t pid;
	int pidfd; /* readable when all have ended */
	int event, words, fusectl;
	int ready; /* an eventfd: there is a pid, or an error */
	int err;
	_Atomic bool hung;
	_Atomic bool leave;
};

static _Noreturn void be_command(const struct keeper *k)
{
	int none = open("/dev/null", O_RDONLY | O_CLOEXEC);
	sigset_t set;

	setsid();
	sigemptyset(&set);
	sigprocmask(SIG_SETMASK, &set, NULL);
	sched_setaffinity(0, sizeof(*k->cpus), k->cpus);
	if (dup2(none, STDIN_FILENO) < 0 || dup2(k->words, STDOUT_FILENO) < 0 ||
	    dup2(k->words, STDERR_FILENO) < 0)
		_exit(127);
	execl("/bin/sh", "sh", "-c", k->text, (char *)NULL);
	_exit(127);
}

/* Takes note of who has ended.  False: that were all. */
static bool reap_some(const struct keeper *k, pid_t command)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		if (pid == command) {
			k->shared->status = status;
			k->shared->command_ended = true;
		}
		eventfd_write(k->event, 1);
	}
	return !pid;
}

/* The first process of the namespace: what it doesn't wait for signals. */
static _Noreturn void be_keeper(const struct keeper *k)
{
	sigset_t set;
	pid_t command;
	int sig = 0;

	prctl(PR_SET_PDEATHSIG, SIGTERM);
	prctl(PR_SET_NAME, "epochbench-keep");
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGCHLD);
	sigprocmask(SIG_SETMASK, &set, NULL);
	command = fork();
	if (!command)
		be_command(k);
	while (command > 0 && sig != SIGTERM && reap_some(k, command))
		sigwait(&set, &sig);
	if (k->shared->connection && sig == SIGTERM)
		fusectl_abort(k->fusectl, k->shared->connection);
	_exit(0);
}

/* Aborts a connection that waits for processes of which none runs. */
static void watch(struct keeper *k)
{
	struct pulse pulse = { .idle_ns = HANGS_NS };
	struct pollfd end = { .fd = k->pidfd, .events = POLLIN };

	while (!poll(&end, 1, LOOK_MS) && !k->leave) {
		uint32_t connection = k->shared->connection;

		if (*k->stop)
			pulse.idle_ns = HURRY_NS;
		if (!connection || fusectl_waiting(k->fusectl, connection) <= 0)
			pulse.began = false;
		else if (!pulse_beats(&pulse, keeper_cpu_ns(k),
				      clock_monotonic_ns())) {
			k->hung = true;
			fusectl_abort(k->fusectl, connection);
			return;
		}
	}
}

/*
 * The keeper's parent, as far as PR_SET_PDEATHSIG goes: the main thread may wait
 * for the daemon, and then it doesn't end before that answers.
 */
static void *be_parent(void *arg)
{
	struct keeper *k = arg;

	if (unshare(CLONE_NEWPID)) {
		k->err = -errno;
	} else {
		k->pid = fork();
		if (!k->pid)
			be_keeper(k);
		if (k->pid < 0)
			k->err = -errno;
		else
			k->pidfd = pidfd_open(k->pid, 0);
	}
	eventfd_write(k->ready, 1);
	if (k->err)
		return NULL;
	watch(k);
	waitpid(k->pid, NULL, 0);
	return NULL;
}

static void release(struct keeper *k)
{
	int fds[] = { k->event, k->words, k->fusectl, k->ready, k->pidfd };

	for (size_t i = 0; i < sizeof(fds) / sizeof(fds[0]); i++)
		if (fds[i] >= 0)
			close(fds[i]);
	if (k->shared != MAP_FAILED)
		munmap(k->shared, sizeof(*k->shared));
	free(k);
}

static int start(struct keeper *k)
{
	eventfd_t ready;
	int err;

	if (k->shared == MAP_FAILED || k->event < 0 || k->words < 0 ||
	    k->ready < 0 || fcntl(k->words, F_SETFL, O_APPEND))
		return -errno;
	if (k->fusectl < 0)
		return k->fusectl;
	fflush(NULL);
	err = -pthread_create(&k->thread, NULL, be_parent, k);
	if (err)
		return err;
	eventfd_read(k->ready, &ready);
	if (k->err)
		pthread_join(k->thread, NULL);
	return k->err;
}

struct keeper *keeper_start(const char *text, const cpu_set_t *cpus,
			    const volatile sig_atomic_t *stop, char *err,
			    size_t err_len)
{
	struct keeper *k = calloc(1, sizeof(*k));
	int ret;

	if (!k) {
		snprintf(err, err_len, "no memory");
		return NULL;
	}
	*k = (struct keeper){
		.text = text, .cpus = cpus, .stop = stop, .pidfd = -1
	};
	k->shared = mmap(NULL, sizeof(*k->shared), PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	k->event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	k->ready = eventfd(0, EFD_CLOEXEC);
	k->words = memfd_create("words", MFD_CLOEXEC);
	k->fusectl = fusectl_open();
	ret = start(k);
	if (!ret)
		return k;
	snprintf(err, err_len, "a command can't be started: %s%s",
		 strerror(-ret), rights_hint(ret, CAP_SYS_ADMIN));
	release(k);
	return NULL;
}

pid_t keeper_pid(const struct keeper *k)
{
	return k->pid;
}

bool keeper_command_ended(const struct keeper *k, int *status)
{
	*status = k->shared->status;
	return k->shared->command_ended;
}

bool keeper_is_empty(const struct keeper *k)
{
	struct pollfd end = { .fd = k->pidfd, .events = POLLIN };

	return poll(&end, 1, 0) > 0;
}

int keeper_event_fd(const struct keeper *k)
{
	return k->event;
}

void keeper_event_taken(const struct keeper *k)
{
	eventfd_t cnt;

	eventfd_read(k->event, &cnt);
}

uint64_t keeper_cpu_ns(const struct keeper *k)
{
	return cpu_time_of_tree(k->pid);
}

void keeper_serves(struct keeper *k, uint32_t connection)
{
	k->shared->connection = connection;
}

bool keeper_was_hung(const struct keeper *k)
{
	return k->hung;
}

void keeper_words(const struct keeper *k, char *buf, size_t len)
{
	struct stat st = { 0 };
	off_t from = 0;
	ssize_t got;

	if (!fstat(k->words, &st) && st.st_size > (off_t)len - 1)
		from = st.st_size - (off_t)len + 1;
	got = pread(k->words, buf, len - 1, from);

	while (got > 0 && buf[got - 1] == '\n')
		got--;
	buf[got > 0 ? got : 0] = 0;
	text_tame(buf);
}

bool keeper_end(struct keeper *k)
{
	struct pulse pulse = { .idle_ns = *k->stop ? HURRY_NS : LINGERS_NS };
	struct pollfd end = { .fd = k->pidfd, .events = POLLIN };
	uint64_t now = clock_monotonic_ns(), began = now;
	bool alive = true;

	while (alive && now - began < (*k->stop ? HURRY_NS : ENDS_NS) &&
	       pulse_beats(&pulse, keeper_cpu_ns(k), now)) {
		alive = !poll(&end, 1, END_LOOK_MS);
		now = clock_monotonic_ns();
	}
	k->leave = true;
	if (alive)
		kill(k->pid, SIGTERM);
	pthread_join(k->thread, NULL);
	release(k);
	return !alive;
}
