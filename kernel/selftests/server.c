// SPDX-License-Identifier: GPL-2.0-only
#include "server.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

#include "ktap.h"

struct node {
	uint32_t mode;
	uint32_t nlink;
	uint64_t size;
};

struct name {
	struct name *next; /* in its bucket */
	struct name *sibling;
	uint64_t parent, ino;
	char name[];
};

enum { BUCKETS = 1 << 17, BUFFER = 1 << 18, HOUR = 3600 };

static struct node nodes[MAX_NODES];
static struct name *names[BUCKETS], *children[MAX_NODES];
static uint64_t last_node;
static uint64_t counts[64], forgotten;
static char mountpoint[32];
static int fuse_fd = -1;
static pthread_t thread;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static uint32_t hold_opcode, bump_opcode;
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

static struct name **find(uint64_t parent, const char *name)
{
	uint64_t hash = parent * 0x9e3779b97f4a7c15;
	struct name **at;
	const char *c;

	for (c = name; *c; c++)
		hash = (hash ^ *c) * 0x100000001b3;
	for (at = &names[(hash >> 20) % BUCKETS]; *at; at = &(*at)->next)
		if ((*at)->parent == parent && !strcmp((*at)->name, name))
			break;
	return at;
}

static void link_locked(uint64_t ino, uint64_t parent, const char *name)
{
	struct name **at = find(parent, name);
	struct name *new = calloc(1, sizeof(*new) + strlen(name) + 1);

	if (!new)
		fatal("calloc");
	strcpy(new->name, name);
	new->parent = parent;
	new->ino = ino;
	*at = new;
	new->sibling = children[parent];
	children[parent] = new;
	nodes[ino].nlink++;
}

static void unlink_locked(uint64_t parent, const char *name)
{
	struct name **at = find(parent, name), *old = *at, **child;

	if (!old)
		return;
	*at = old->next;
	for (child = &children[parent]; *child != old;)
		child = &(*child)->sibling;
	*child = old->sibling;
	nodes[old->ino].nlink--;
	free(old);
}

static uint64_t add_locked(uint64_t parent, const char *name, uint32_t mode)
{
	nodes[++last_node] = (struct node){ .mode = mode };
	link_locked(last_node, parent, name);
	return last_node;
}

uint64_t server_add(uint64_t parent, const char *name, uint32_t mode)
{
	uint64_t ino;

	pthread_mutex_lock(&lock);
	ino = add_locked(parent, name, mode);
	pthread_mutex_unlock(&lock);
	return ino;
}

void server_link(uint64_t ino, uint64_t parent, const char *name)
{
	pthread_mutex_lock(&lock);
	link_locked(ino, parent, name);
	pthread_mutex_unlock(&lock);
}

void server_unlink(uint64_t parent, const char *name)
{
	pthread_mutex_lock(&lock);
	unlink_locked(parent, name);
	pthread_mutex_unlock(&lock);
}

void server_set_size(uint64_t ino, uint64_t size)
{
	pthread_mutex_lock(&lock);
	nodes[ino].size = size;
	pthread_mutex_unlock(&lock);
}

uint64_t server_count(uint32_t opcode)
{
	uint64_t count;

	pthread_mutex_lock(&lock);
	count = counts[opcode];
	pthread_mutex_unlock(&lock);
	return count;
}

uint64_t server_forgotten(void)
{
	uint64_t count;

	pthread_mutex_lock(&lock);
	count = forgotten;
	pthread_mutex_unlock(&lock);
	return count;
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
	until.tv_sec += 20;
	pthread_mutex_lock(&lock);
	while (!held)
		if (pthread_cond_timedwait(&changed, &lock, &until))
			fatal("no request came to be held");
	pthread_mutex_unlock(&lock);
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
	if (write(fuse_fd, reply, reply->len) < 0)
		fatal("reply to a held request");
	free(reply);
}

void server_release(void)
{
	server_send(server_take_held());
}

void server_bump_in(uint32_t opcode)
{
	pthread_mutex_lock(&lock);
	bump_opcode = opcode;
	pthread_mutex_unlock(&lock);
}

int server_write(const void *message, size_t bytes)
{
	return write(fuse_fd, message, bytes) < 0 ? -errno : 0;
}

int server_bump(void)
{
	struct fuse_out_header out = {
		.len = sizeof(out),
		.error = FUSE_NOTIFY_INC_EPOCH,
	};

	return server_write(&out, sizeof(out));
}

void server_need_epochs(void)
{
	int err = server_bump();

	if (!err)
		return;
	server_stop();
	if (err != -EINVAL)
		fatal("INC_EPOCH");
	ktap_skip_all("not supported: this kernel has no FUSE_NOTIFY_INC_EPOCH");
}

static struct fuse_attr attr_of(uint64_t ino)
{
	return (struct fuse_attr){
		.ino = ino,
		.size = nodes[ino].size,
		.mtime = nodes[ino].size,
		.mode = nodes[ino].mode,
		.nlink = nodes[ino].nlink,
		.blksize = 4096,
	};
}

static struct fuse_entry_out entry_of(uint64_t ino)
{
	struct fuse_entry_out out = {
		.nodeid = ino,
		.entry_valid = HOUR,
		.attr_valid = HOUR,
	};

	if (ino)
		out.attr = attr_of(ino);
	return out;
}

static size_t fill_dir(char *data, const struct fuse_read_in *in, uint64_t dir,
		       bool plus)
{
	struct fuse_direntplus *entry;
	struct name *child = children[dir];
	size_t used = 0;
	uint64_t offset;

	for (offset = 0; child && offset < in->offset; offset++)
		child = child->sibling;
	for (; child; child = child->sibling) {
		size_t length = strlen(child->name);
		size_t size = FUSE_DIRENT_ALIGN(sizeof(*entry) + length);
		struct fuse_dirent dirent = {
			.ino = child->ino,
			.off = ++offset,
			.namelen = length,
			.type = nodes[child->ino].mode >> 12,
		};

		if (!plus)
			size = FUSE_DIRENT_ALIGN(sizeof(dirent) + length);
		if (used + size > in->size)
			break;
		memset(data + used, 0, size);
		entry = (void *)(data + used);
		if (plus) {
			entry->entry_out = entry_of(child->ino);
			entry->dirent = dirent;
			memcpy(entry->dirent.name, child->name, length);
		} else {
			memcpy(data + used, &dirent, sizeof(dirent));
			memcpy(data + used + sizeof(dirent), child->name,
			       length);
		}
		used += size;
	}
	return used;
}

/* Returns the bytes of the reply in @data, or -errno. */
static ssize_t answer(const struct fuse_in_header *in, const void *arg,
		      char *data)
{
	uint64_t parent = in->nodeid, ino;
	const char *name = arg;
	struct name *found;

	switch (in->opcode) {
	case FUSE_INIT: {
		const struct fuse_init_in *init = arg;
		struct fuse_init_out *out = (void *)data;

		memset(out, 0, sizeof(*out));
		out->major = FUSE_KERNEL_VERSION;
		out->minor = init->minor;
		out->flags = FUSE_DO_READDIRPLUS | FUSE_ASYNC_READ |
			     FUSE_PARALLEL_DIROPS | FUSE_MAX_PAGES;
		out->flags &= init->flags;
		out->max_write = 1 << 16;
		out->max_pages = 16;
		out->max_readahead = 1 << 16;
		return sizeof(*out);
	}
	case FUSE_LOOKUP:
		found = *find(parent, name);
		*(struct fuse_entry_out *)data = entry_of(found ? found->ino : 0);
		return sizeof(struct fuse_entry_out);
	case FUSE_GETATTR:
	case FUSE_SETATTR: {
		struct fuse_attr_out *out = (void *)data;
		const struct fuse_setattr_in *set = arg;

		if (in->opcode == FUSE_SETATTR && set->valid & FATTR_SIZE)
			nodes[in->nodeid].size = set->size;
		memset(out, 0, sizeof(*out));
		out->attr_valid = HOUR;
		out->attr = attr_of(in->nodeid);
		return sizeof(*out);
	}
	case FUSE_READLINK:
		return sprintf(data, "target");
	case FUSE_SYMLINK:
		ino = add_locked(parent, name, S_IFLNK | 0777);
		goto entry;
	case FUSE_MKNOD:
		name += sizeof(struct fuse_mknod_in);
		ino = add_locked(parent, name, S_IFREG | 0644);
		goto entry;
	case FUSE_MKDIR:
		name += sizeof(struct fuse_mkdir_in);
		ino = add_locked(parent, name, S_IFDIR | 0755);
		goto entry;
	case FUSE_LINK:
		ino = ((const struct fuse_link_in *)arg)->oldnodeid;
		name += sizeof(struct fuse_link_in);
		link_locked(ino, parent, name);
entry:
		*(struct fuse_entry_out *)data = entry_of(ino);
		return sizeof(struct fuse_entry_out);
	case FUSE_CREATE:
		name += sizeof(struct fuse_create_in);
		found = *find(parent, name);
		ino = found ? found->ino :
			      add_locked(parent, name, S_IFREG | 0644);
		*(struct fuse_entry_out *)data = entry_of(ino);
		memset(data + sizeof(struct fuse_entry_out), 0,
		       sizeof(struct fuse_open_out));
		return sizeof(struct fuse_entry_out) +
		       sizeof(struct fuse_open_out);
	case FUSE_UNLINK:
	case FUSE_RMDIR:
		unlink_locked(parent, name);
		return 0;
	case FUSE_RENAME: {
		const struct fuse_rename_in *rename = arg;
		const char *new;

		name += sizeof(*rename);
		new = name + strlen(name) + 1;
		found = *find(parent, name);
		if (!found)
			return -ENOENT;
		ino = found->ino;
		unlink_locked(rename->newdir, new);
		link_locked(ino, rename->newdir, new);
		unlink_locked(parent, name);
		return 0;
	}
	case FUSE_OPEN:
	case FUSE_OPENDIR:
		memset(data, 0, sizeof(struct fuse_open_out));
		return sizeof(struct fuse_open_out);
	case FUSE_READ: {
		const struct fuse_read_in *read = arg;
		uint64_t size = nodes[in->nodeid].size, length = read->size;

		if (read->offset >= size)
			return 0;
		if (length > size - read->offset)
			length = size - read->offset;
		memset(data, 'x', length);
		return length;
	}
	case FUSE_READDIR:
	case FUSE_READDIRPLUS:
		return fill_dir(data, arg, in->nodeid,
				in->opcode == FUSE_READDIRPLUS);
	case FUSE_STATFS:
		memset(data, 0, sizeof(struct fuse_statfs_out));
		return sizeof(struct fuse_statfs_out);
	case FUSE_FLUSH:
	case FUSE_RELEASE:
	case FUSE_RELEASEDIR:
		return 0;
	default:
		return -ENOSYS;
	}
}

static bool to_hold(const struct fuse_in_header *in)
{
	if (in->opcode != hold_opcode || held)
		return false;
	return !hold_nodeid || hold_nodeid == in->nodeid;
}

static void *serve(void *unused)
{
	char *request = malloc(BUFFER), *reply = malloc(BUFFER);
	struct fuse_in_header *in = (void *)request;
	struct fuse_out_header *out = (void *)reply;
	ssize_t got;

	(void)unused;
	for (;;) {
		got = read(fuse_fd, request, BUFFER);
		if (got < 0 && (errno == EINTR || errno == ENOENT))
			continue;
		if (got < 0)
			break; /* unmounted */
		pthread_mutex_lock(&lock);
		if (in->opcode < 64)
			counts[in->opcode]++;
		if (in->opcode == FUSE_FORGET)
			forgotten++;
		if (in->opcode == FUSE_BATCH_FORGET)
			forgotten += *(uint32_t *)(in + 1);
		if (in->opcode == FUSE_FORGET ||
		    in->opcode == FUSE_BATCH_FORGET ||
		    in->opcode == FUSE_INTERRUPT) {
			pthread_mutex_unlock(&lock);
			continue;
		}
		if (in->opcode == bump_opcode)
			server_bump();
		got = answer(in, in + 1, (char *)(out + 1));
		out->unique = in->unique;
		out->error = got < 0 ? got : 0;
		out->len = sizeof(*out) + (got < 0 ? 0 : got);
		if (to_hold(in)) {
			hold_opcode = 0;
			held = malloc(out->len);
			memcpy(held, out, out->len);
			pthread_cond_broadcast(&changed);
			pthread_mutex_unlock(&lock);
			continue;
		}
		pthread_mutex_unlock(&lock);
		/* The request may have been interrupted meanwhile. */
		if (write(fuse_fd, out, out->len) < 0 && errno != ENOENT)
			break;
	}
	free(request);
	free(reply);
	return NULL;
}

void server_start(void)
{
	struct statfs fs;
	char options[128];

	strcpy(mountpoint, "/tmp/fuse-epoch.XXXXXX");
	memset(names, 0, sizeof(names));
	memset(children, 0, sizeof(children));
	last_node = ROOT;
	nodes[ROOT] = (struct node){ .mode = S_IFDIR | 0755, .nlink = 1 };
	if (!mkdtemp(mountpoint))
		fatal("mkdtemp");
	fuse_fd = open("/dev/fuse", O_RDWR | O_CLOEXEC);
	if (fuse_fd < 0)
		ktap_skip_all("no /dev/fuse here");
	snprintf(options, sizeof(options),
		 "fd=%d,rootmode=40000,user_id=0,group_id=0,allow_other",
		 fuse_fd);
	if (mount("selftest", mountpoint, "fuse", MS_NOSUID | MS_NODEV,
		  options)) {
		rmdir(mountpoint);
		ktap_skip_all("cannot mount: these tests need root");
	}
	if (pthread_create(&thread, NULL, serve, NULL))
		fatal("pthread_create");
	/*
	 * Wait until INIT is through: before that newer kernels (7.3) refuse
	 * notifications with EINVAL, as if they didn't know them.
	 */
	if (statfs(mountpoint, &fs))
		fatal("statfs");
}

void server_stop(void)
{
	if (umount2(mountpoint, MNT_DETACH))
		fatal("umount");
	pthread_join(thread, NULL);
	close(fuse_fd);
	rmdir(mountpoint);
}
