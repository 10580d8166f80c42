// SPDX-License-Identifier: GPL-2.0-only
/*
 * ctl_daemon.c - a small FUSE daemon that does what no real one does at will:
 * it serves an empty directory from a strange kind of process.
 *
 * ctl_daemon MOUNTPOINT KIND
 *   clone   has three descriptors of its connection
 *   thread  its first thread has ended, two others go on
 *   own     only a thread has the descriptor, in a table of its own
 *   pair    two processes have the descriptor, the second of which serves
 *   heir    the same, but the first serves
 *   parent  the same, but both serve: the second, a daemon of init's in a mount
 *           namespace of its own, has a mount and a descriptor of its own, too
 *   user    belongs to nobody (65534), and is closed to all others
 *   mute    never answers the mount; whether the kernel takes a bump then is in
 *           the file "answer"
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/fuse.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *kind;
static int dev;

static void reply(uint64_t unique, int error, const void *body, size_t len)
{
	char msg[1024];
	struct fuse_out_header head = {
		.len = sizeof(head) + len,
		.error = error,
		.unique = unique,
	};

	memcpy(msg, &head, sizeof(head));
	memcpy(msg + sizeof(head), body, len);
	if (write(dev, msg, head.len) < 0)
		exit(0);
}

static void answer(const struct fuse_in_header *ask)
{
	struct fuse_init_out init = {
		.major = FUSE_KERNEL_VERSION,
		.minor = FUSE_KERNEL_MINOR_VERSION,
		.max_write = 4096,
	};
	struct fuse_attr_out root = {
		.attr_valid = 3600,
		.attr = { .ino = 1, .mode = S_IFDIR | 0755, .nlink = 2 },
	};

	if (ask->opcode == FUSE_INIT && strcmp(kind, "mute"))
		reply(ask->unique, 0, &init, sizeof(init));
	else if (ask->opcode == FUSE_GETATTR)
		reply(ask->unique, 0, &root, sizeof(root));
	else if (ask->opcode != FUSE_INIT && ask->opcode != FUSE_FORGET)
		reply(ask->unique, -2, NULL, 0);
}

static void *serve(void *arg)
{
	const size_t room = 1 << 17;
	char *buf = malloc(room);

	(void)arg;
	while (read(dev, buf, room) > 0)
		answer((struct fuse_in_header *)buf);
	exit(0);
}

static void start(const char *path)
{
	int user = strcmp(kind, "user") ? 0 : 65534;
	char options[64];

	dev = open("/dev/fuse", O_RDWR);
	snprintf(options, sizeof(options),
		 "fd=%d,rootmode=40000,user_id=%d,group_id=%d", dev, user,
		 user);
	if (dev < 0 || mount("test", path, "fuse", 0, options)) {
		perror(path);
		exit(1);
	}
	/* And as if it had never been root. */
	if (user && (setresgid(user, user, user) ||
		     setresuid(user, user, user) || prctl(PR_SET_DUMPABLE, 1)))
		exit(1);
}

static void try_bump(void)
{
	struct fuse_out_header msg = { .len = sizeof(msg), .error = 8 };
	FILE *answer = fopen("answer", "w");

	if (!answer)
		exit(1);
	if (write(dev, &msg, sizeof(msg)) == sizeof(msg))
		fputs("taken", answer);
	else
		fputs(strerrorname_np(errno), answer);
	fclose(answer);
}

/* As what a daemon starts becomes one, too. */
static void start_another(const char *path)
{
	if (fork())
		return;
	if (fork())
		_exit(0);
	setsid();
	if (unshare(CLONE_NEWNS) ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
		_exit(1);
	start(path);
	serve(NULL);
}

static void *start_alone(void *path)
{
	unshare(CLONE_FILES);
	start(path);
	return serve(NULL);
}

int main(int argc, char **argv)
{
	pthread_t thread;
	uint32_t first;

	if (argc != 3)
		return 2;
	kind = argv[2];
	if (!strcmp(kind, "own")) {
		pthread_create(&thread, NULL, start_alone, argv[1]);
		pause();
	}
	start(argv[1]);
	if (!strcmp(kind, "mute"))
		try_bump();
	first = dev;
	for (int i = 0; !strcmp(kind, "clone") && i < 2; i++) {
		dev = open("/dev/fuse", O_RDWR);
		if (ioctl(dev, FUSE_DEV_IOC_CLONE, &first))
			return 1;
	}
	dev = first;
	if (!strcmp(kind, "pair") && fork())
		pause();
	if (!strcmp(kind, "heir") && !fork())
		pause();
	if (!strcmp(kind, "parent"))
		start_another(argv[1]);
	pthread_create(&thread, NULL, serve, NULL);
	if (!strcmp(kind, "thread")) {
		pthread_create(&thread, NULL, serve, NULL);
		pthread_exit(NULL);
	}
	pause();
}
