// SPDX-License-Identifier: GPL-2.0-only
#include "server.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

#include "ktap.h"
#include "patience.h"

enum { REQUEST_BYTES = 1 << 18, OPCODES = 64 };

static uint64_t counts[OPCODES], forgotten;
static char mountpoint[32];
static bool mounted;
static unsigned int connection;
static int fuse_fd = -1;
static pthread_t thread;
static _Atomic pid_t server_thread;
/* For what the thread and the test share, never held while one of them waits */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static uint32_t hold_opcode, write_opcode, fail_opcode;
static int fail_error;
static bool fail_once;
static const void *write_message;
static size_t write_bytes;
static uint64_t hold_nodeid;
static struct fuse_out_header *held;

static void fatal(const char *what)
{
	printf("Bail out! %s: %s\n", what, strerror(errno));
	exit(1);
}

const char *server_path(const char *path)
{
	static __thread char buffers[8][256];
	static __thread unsigned int next;
	char *buffer = buffers[next++ % 8];

	snprintf(buffer, sizeof(buffers[0]), "%s/%s", mountpoint, path);
	return buffer;
}

static uint64_t locked_read(const uint64_t *value)
{
	uint64_t now;

	pthread_mutex_lock(&lock);
	now = *value;
	pthread_mutex_unlock(&lock);
	return now;
}

uint64_t server_count(uint32_t opcode)
{
	return locked_read(&counts[opcode]);
}

uint64_t server_forgotten(void)
{
	return locked_read(&forgotten);
}

void server_hold(uint32_t opcode, uint64_t nodeid)
{
	pthread_mutex_lock(&lock);
	hold_opcode = opcode;
	hold_nodeid = nodeid;
	pthread_mutex_unlock(&lock);
}

void server_wait_held(void)
{
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += PATIENCE_MS / 1000;
	pthread_mutex_lock(&lock);
	while (!held) {
		errno = pthread_cond_timedwait(&changed, &lock, &until);
		if (errno)
			fatal("no request came to be held");
	}
	pthread_mutex_unlock(&lock);
}

bool server_is_holding(void)
{
	bool now;

	pthread_mutex_lock(&lock);
	now = held != NULL;
	pthread_mutex_unlock(&lock);
	return now;
}

struct fuse_out_header *server_take_held(void)
{
	struct fuse_out_header *reply;

	pthread_mutex_lock(&lock);
	reply = held;
	held = NULL;
	pthread_mutex_unlock(&lock);
	return reply;
}

void server_send(struct fuse_out_header *reply)
{
	/* The request may be gone: interrupted or aborted. */
	if (write(fuse_fd, reply, reply->len) < 0 && errno != ENOENT)
		fatal("reply to a held request");
	free(reply);
}

void server_fail_held(int error)
{
	pthread_mutex_lock(&lock);
	held->error = -error;
	held->len = sizeof(*held);
	pthread_mutex_unlock(&lock);
}

void server_release(void)
{
	server_send(server_take_held());
}

int server_write(const void *message, size_t bytes)
{
	return write(fuse_fd, message, bytes) < 0 ? -errno : 0;
}

pid_t server_tid(void)
{
	return server_thread;
}

unsigned int server_connection(void)
{
	return connection;
}

int server_fd(void)
{
	return fuse_fd;
}

void server_write_in(uint32_t opcode, const void *message, size_t bytes)
{
	pthread_mutex_lock(&lock);
	write_opcode = opcode;
	write_message = message;
	write_bytes = bytes;
	pthread_mutex_unlock(&lock);
}

static const struct fuse_out_header inc_epoch = {
	.len = sizeof(inc_epoch),
	.error = FUSE_NOTIFY_INC_EPOCH,
};

int server_bump(void)
{
	return server_write(&inc_epoch, sizeof(inc_epoch));
}

void server_bump_in(uint32_t opcode)
{
	server_write_in(opcode, &inc_epoch, sizeof(inc_epoch));
}

void server_need_epochs(void)
{
	int err = server_bump();

	if (!err)
		return;
	server_stop();
	errno = -err;
	if (err != -EINVAL)
		fatal("INC_EPOCH");
	ktap_skip_all(
		"not supported: this kernel has no FUSE_NOTIFY_INC_EPOCH");
}

/* Take note of what is forgotten; returns how many nodes. */
static uint32_t forget(const struct fuse_in_header *in)
{
	const struct fuse_batch_forget_in *batch = (const void *)(in + 1);
	const struct fuse_forget_one *one = (const void *)(batch + 1);
	const struct fuse_forget_in *single = (const void *)(in + 1);
	uint32_t i;

	if (in->opcode == FUSE_FORGET) {
		tree_forget(in->nodeid, single->nlookup);
		return 1;
	}
	if (in->opcode != FUSE_BATCH_FORGET)
		return 0;
	for (i = 0; i < batch->count; i++)
		tree_forget(one[i].nodeid, one[i].nlookup);
	return batch->count;
}

/* Count it; returns whether the test wants a message to be written now. */
static bool note(const struct fuse_in_header *in)
{
	uint32_t forgets = forget(in);
	bool wanted;

	pthread_mutex_lock(&lock);
	if (in->opcode < OPCODES)
		counts[in->opcode]++;
	forgotten += forgets;
	wanted = in->opcode == write_opcode;
	pthread_mutex_unlock(&lock);
	return wanted;
}

/* Keep the reply if the test wants that. */
static bool hold(const struct fuse_in_header *in,
		 const struct fuse_out_header *out)
{
	bool wanted;

	pthread_mutex_lock(&lock);
	wanted = in->opcode == hold_opcode && !held &&
		 (!hold_nodeid || hold_nodeid == in->nodeid);
	if (wanted) {
		hold_opcode = 0;
		held = malloc(out->len);
		memcpy(held, out, out->len);
		pthread_cond_broadcast(&changed);
	}
	pthread_mutex_unlock(&lock);
	return wanted;
}

void server_fail(uint32_t opcode, int error, bool once)
{
	pthread_mutex_lock(&lock);
	fail_opcode = opcode;
	fail_error = error;
	fail_once = once;
	pthread_mutex_unlock(&lock);
}

/* The error with which to answer instead, or 0. */
static int failure_of(uint32_t opcode)
{
	int error = 0;

	pthread_mutex_lock(&lock);
	if (fail_opcode == opcode) {
		error = fail_error;
		if (fail_once)
			fail_opcode = 0;
	}
	pthread_mutex_unlock(&lock);
	return error;
}

static bool wants_no_reply(uint32_t opcode)
{
	return opcode == FUSE_FORGET || opcode == FUSE_BATCH_FORGET ||
	       opcode == FUSE_INTERRUPT;
}

static void *serve(void *unused)
{
	static char request[REQUEST_BYTES] __attribute__((aligned(8)));
	static char reply[REQUEST_BYTES] __attribute__((aligned(8)));
	struct fuse_in_header *in = (void *)request;
	struct fuse_out_header *out = (void *)reply;
	ssize_t got;

	(void)unused;
	server_thread = gettid();
	for (;;) {
		got = read(fuse_fd, request, sizeof(request));
		if (got < 0 && (errno == EINTR || errno == ENOENT))
			continue;
		if (got < 0)
			return NULL; /* unmounted or aborted */
		if (note(in))
			server_write(write_message, write_bytes);
		if (wants_no_reply(in->opcode))
			continue;
		got = -failure_of(in->opcode);
		if (!got)
			got = tree_answer(in, in + 1, out + 1);
		out->unique = in->unique;
		out->error = got < 0 ? got : 0;
		out->len = sizeof(*out) + (got < 0 ? 0 : got);
		/* Without a reader: the request may have been interrupted. */
		if (!hold(in, out) && write(fuse_fd, out, out->len) < 0 &&
		    errno != ENOENT)
			return NULL;
	}
}

void server_pin(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (pthread_setaffinity_np(pthread_self(), sizeof(set), &set))
		ktap_skip_all("this guest has too few CPUs");
}

void server_start(void)
{
	char options[128];
	struct stat st;

	server_pin(0);
	tree_reset();
	strcpy(mountpoint, "/tmp/fuse-epoch.XXXXXX");
	if (!mkdtemp(mountpoint))
		fatal("mkdtemp");
	hold_opcode = 0;
	write_opcode = 0;
	fail_opcode = 0;
	held = NULL;
	fuse_fd = open("/dev/fuse", O_RDWR | O_CLOEXEC);
	if (fuse_fd < 0) {
		rmdir(mountpoint);
		ktap_skip_all("no /dev/fuse here");
	}
	snprintf(options, sizeof(options),
		 "fd=%d,rootmode=40000,user_id=0,group_id=0,allow_other",
		 fuse_fd);
	if (mount("selftest", mountpoint, "fuse", MS_NOSUID | MS_NODEV,
		  options)) {
		rmdir(mountpoint);
		ktap_skip_all("cannot mount: these tests need root");
	}
	mounted = true;
	errno = pthread_create(&thread, NULL, serve, NULL);
	if (errno)
		fatal("pthread_create");
	/*
	 * Wait until INIT is through: before that newer kernels (7.3) refuse
	 * notifications with EINVAL, as if they didn't know them.
	 */
	if (stat(mountpoint, &st))
		fatal("stat");
	connection = minor(st.st_dev);
}

void server_detach(void)
{
	if (umount2(mountpoint, MNT_DETACH))
		fatal("umount");
	mounted = false;
}

void server_abort(void)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/sys/fs/fuse/connections/%u/abort",
		 connection);
	fd = open(path, O_WRONLY);
	if (fd < 0 || write(fd, "1", 1) != 1)
		fatal(path);
	close(fd);
}

void server_stop(void)
{
	if (mounted)
		server_detach();
	pthread_join(thread, NULL);
	close(fuse_fd);
	rmdir(mountpoint);
}
