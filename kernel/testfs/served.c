// SPDX-License-Identifier: GPL-2.0-only
/*
 * Over 400 lines: everything that changes the tree or answers from it works on
 * the same few static structures, under one lock, and nobody else may see
 * those.
 */
#include "served.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <linux/posix_acl.h>
#include <linux/posix_acl_xattr.h>

struct node {
	uint32_t mode;
	uint32_t nlink;
	uint32_t lookups, forgets;
	int64_t references;
	uint32_t renumbered; /* how often its number has changed */
	uint64_t size, generation;
	struct name *children;
};

struct name {
	struct name *next; /* in its bucket */
	struct name *sibling;
	uint64_t parent, ino;
	char name[];
};

enum { BUCKETS = 1 << 17, HOUR = 3600 };

static struct node nodes[MAX_NODES];
static struct name *names[BUCKETS];
static uint64_t last_node;
static uint64_t entry_valid_s = HOUR;
static uint32_t opendir_flags, open_flags, open_init_flags, more_init_flags;
static uint64_t kernel_flags;
static bool has_open, has_acls, numbers_anew;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void *check(void *allocated)
{
	if (allocated)
		return allocated;
	puts("Bail out! no memory for the tree");
	exit(1);
}

/* Where the pointer to this name is, or would be. */
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

static uint64_t look_up(uint64_t parent, const char *name)
{
	struct name *found = *find(parent, name);

	return found ? found->ino : 0;
}

/*
 * The number by which the kernel knows a node, and the node of a number, 0 if it
 * isn't one any more.
 */
static uint64_t number_of(uint64_t ino)
{
	return ino | (uint64_t)nodes[ino].renumbered << 32;
}

static uint64_t node_of(uint64_t number)
{
	uint64_t ino = (uint32_t)number;

	return ino < MAX_NODES && number_of(ino) == number ? ino : 0;
}

static void link_locked(uint64_t ino, uint64_t parent, const char *name)
{
	struct name *new = check(calloc(1, sizeof(*new) + strlen(name) + 1));

	strcpy(new->name, name);
	new->parent = parent;
	new->ino = ino;
	*find(parent, name) = new;
	new->sibling = nodes[parent].children;
	nodes[parent].children = new;
	nodes[ino].nlink++;
}

static void unlink_locked(uint64_t parent, const char *name)
{
	struct name **at = find(parent, name), *old = *at, **child;

	if (!old)
		return;
	*at = old->next;
	for (child = &nodes[parent].children; *child != old;)
		child = &(*child)->sibling;
	*child = old->sibling;
	nodes[old->ino].nlink--;
	free(old);
}

static uint64_t add_nameless(uint32_t mode)
{
	if (last_node == MAX_NODES - 1)
		check(NULL);
	nodes[++last_node] = (struct node){ .mode = mode };
	return last_node;
}

static uint64_t add_locked(uint64_t parent, const char *name, uint32_t mode)
{
	link_locked(add_nameless(mode), parent, name);
	return last_node;
}

void tree_reset(void)
{
	uint64_t ino;

	for (ino = ROOT; ino <= last_node; ino++)
		while (nodes[ino].children)
			unlink_locked(ino, nodes[ino].children->name);
	opendir_flags = 0;
	has_acls = false;
	numbers_anew = false;
	entry_valid_s = HOUR;
	last_node = ROOT;
	nodes[ROOT] = (struct node){ .mode = S_IFDIR | 0755, .nlink = 1 };
}

uint64_t tree_add(uint64_t parent, const char *name, uint32_t mode)
{
	uint64_t ino;

	pthread_mutex_lock(&lock);
	ino = add_locked(parent, name, mode);
	pthread_mutex_unlock(&lock);
	return ino;
}

void tree_link(uint64_t ino, uint64_t parent, const char *name)
{
	pthread_mutex_lock(&lock);
	link_locked(ino, parent, name);
	pthread_mutex_unlock(&lock);
}

uint64_t tree_ino_of(uint64_t parent, const char *name)
{
	uint64_t ino;

	pthread_mutex_lock(&lock);
	ino = look_up(parent, name);
	pthread_mutex_unlock(&lock);
	return ino;
}

void tree_unlink(uint64_t parent, const char *name)
{
	pthread_mutex_lock(&lock);
	unlink_locked(parent, name);
	pthread_mutex_unlock(&lock);
}

uint64_t tree_replace(uint64_t parent, const char *name, uint32_t mode)
{
	uint64_t ino;

	pthread_mutex_lock(&lock);
	unlink_locked(parent, name);
	ino = add_locked(parent, name, mode);
	pthread_mutex_unlock(&lock);
	return ino;
}

void tree_truncate_in_open(void)
{
	has_open = true;
	open_init_flags = FUSE_ATOMIC_O_TRUNC;
}

void tree_keep_pages(void)
{
	has_open = true;
	open_init_flags = FUSE_AUTO_INVAL_DATA | FUSE_CACHE_SYMLINKS;
	open_flags = FOPEN_KEEP_CACHE;
}

uint64_t tree_kernel_flags(void)
{
	uint64_t now;

	pthread_mutex_lock(&lock);
	now = kernel_flags;
	pthread_mutex_unlock(&lock);
	return now;
}

void tree_want(uint32_t init_flags)
{
	more_init_flags = init_flags;
}

void tree_keep_listings(void)
{
	pthread_mutex_lock(&lock);
	opendir_flags = FOPEN_CACHE_DIR | FOPEN_KEEP_CACHE;
	pthread_mutex_unlock(&lock);
}

void tree_set_size(uint64_t ino, uint64_t size)
{
	pthread_mutex_lock(&lock);
	nodes[ino].size = size;
	pthread_mutex_unlock(&lock);
}

void tree_set_mode(uint64_t ino, uint32_t mode)
{
	pthread_mutex_lock(&lock);
	nodes[ino].mode = mode;
	pthread_mutex_unlock(&lock);
}

void tree_set_nlink(uint64_t ino, uint32_t nlink)
{
	pthread_mutex_lock(&lock);
	nodes[ino].nlink = nlink;
	pthread_mutex_unlock(&lock);
}

void tree_set_generation(uint64_t ino, uint64_t generation)
{
	pthread_mutex_lock(&lock);
	nodes[ino].generation = generation;
	pthread_mutex_unlock(&lock);
}

void tree_set_valid_s(uint64_t seconds)
{
	pthread_mutex_lock(&lock);
	entry_valid_s = seconds;
	pthread_mutex_unlock(&lock);
}

void tree_give_acls(void)
{
	pthread_mutex_lock(&lock);
	has_acls = true;
	pthread_mutex_unlock(&lock);
}

void tree_number_anew(void)
{
	pthread_mutex_lock(&lock);
	numbers_anew = true;
	pthread_mutex_unlock(&lock);
}

void tree_forget(uint64_t number, uint64_t references)
{
	uint64_t ino;

	pthread_mutex_lock(&lock);
	ino = node_of(number);
	nodes[ino].forgets++;
	nodes[ino].references -= references;
	if (ino && numbers_anew && !nodes[ino].references)
		nodes[ino].renumbered++;
	pthread_mutex_unlock(&lock);
}

int64_t tree_references(uint64_t ino)
{
	int64_t now;

	pthread_mutex_lock(&lock);
	now = nodes[ino].references;
	pthread_mutex_unlock(&lock);
	return now;
}

static uint32_t locked_read(const uint32_t *value)
{
	uint32_t now;

	pthread_mutex_lock(&lock);
	now = *value;
	pthread_mutex_unlock(&lock);
	return now;
}

uint32_t tree_lookups(uint64_t ino)
{
	return locked_read(&nodes[ino].lookups);
}

uint32_t tree_forgets(uint64_t ino)
{
	return locked_read(&nodes[ino].forgets);
}

static struct fuse_attr attr_of(uint64_t ino)
{
	return (struct fuse_attr){
		.ino = number_of(ino),
		.size = nodes[ino].size,
		.mtime = nodes[ino].size,
		.mode = nodes[ino].mode,
		.nlink = nodes[ino].nlink,
		.blksize = 4096,
	};
}

/* For 0 a negative entry; else the kernel has one more reference. */
static struct fuse_entry_out entry_of(uint64_t ino)
{
	struct fuse_entry_out out = {
		.nodeid = number_of(ino),
		.generation = nodes[ino].generation,
		.entry_valid = entry_valid_s,
		.attr_valid = HOUR,
	};

	if (ino) {
		out.attr = attr_of(ino);
		nodes[ino].references++;
	}
	return out;
}

/* One entry at @data; returns its size, even if that is more than @room. */
static size_t fill_entry(char *data, size_t room, const struct name *name,
			 uint64_t offset, bool plus)
{
	size_t length = strlen(name->name);
	size_t head = plus ? offsetof(struct fuse_direntplus, dirent) : 0;
	size_t size = FUSE_DIRENT_ALIGN(head + FUSE_NAME_OFFSET + length);
	struct fuse_dirent dirent = {
		.ino = number_of(name->ino),
		.off = offset,
		.namelen = length,
		.type = nodes[name->ino].mode >> 12,
	};

	if (size > room)
		return size;
	memset(data, 0, size);
	if (plus)
		((struct fuse_direntplus *)data)->entry_out =
			entry_of(name->ino);
	memcpy(data + head, &dirent, FUSE_NAME_OFFSET);
	memcpy(data + head + FUSE_NAME_OFFSET, name->name, length);
	return size;
}

static size_t fill_dir(char *data, const struct fuse_read_in *in, uint64_t dir,
		       bool plus)
{
	struct name *child = nodes[dir].children;
	uint64_t offset;
	size_t used = 0;

	for (offset = 0; child && offset < in->offset; offset++)
		child = child->sibling;
	for (; child; child = child->sibling) {
		size_t size = fill_entry(data + used, in->size - used, child,
					 ++offset, plus);

		if (used + size > in->size)
			break;
		used += size;
	}
	return used;
}

static size_t init(const struct fuse_init_in *in, struct fuse_init_out *out)
{
	uint32_t wanted = FUSE_DO_READDIRPLUS | FUSE_ASYNC_READ |
			  FUSE_PARALLEL_DIROPS | FUSE_MAX_PAGES |
			  open_init_flags | more_init_flags;

	kernel_flags = in->flags;
	if (in->flags & FUSE_INIT_EXT)
		kernel_flags |= (uint64_t)in->flags2 << 32;
	*out = (struct fuse_init_out){
		.major = FUSE_KERNEL_VERSION,
		.minor = in->minor,
		.flags = in->flags & wanted,
		.max_write = 1 << 16,
		.max_pages = 16,
		.max_readahead = 1 << 16,
	};
	return sizeof(*out);
}

static size_t read_file(uint64_t ino, const struct fuse_read_in *in, void *data)
{
	uint64_t size = nodes[ino].size, length = in->size;

	if (in->offset >= size)
		return 0;
	if (length > size - in->offset)
		length = size - in->offset;
	memset(data, 'x', length);
	return length;
}

/* Of what is written only the end is kept. */
static size_t write_file(uint64_t ino, const struct fuse_write_in *in,
			 struct fuse_write_out *out)
{
	uint64_t end = in->offset + in->size;

	if (end > nodes[ino].size)
		nodes[ino].size = end;
	*out = (struct fuse_write_out){ .size = in->size };
	return sizeof(*out);
}

static ssize_t open_file(uint64_t ino, const struct fuse_open_in *in,
			 struct fuse_open_out *out)
{
	/*
	 * As a server without open: files are opened and closed without it, and
	 * nothing keeps the inode of a file that was closed with a READ in
	 * flight.
	 */
	if (!has_open)
		return -ENOSYS;
	if (in->flags & O_TRUNC)
		nodes[ino].size = 0;
	*out = (struct fuse_open_out){ .open_flags = open_flags };
	return sizeof(*out);
}

/* Each node has the same ACL: user 1 may read it, too. */
static ssize_t get_xattr(const struct fuse_getxattr_in *in, void *data)
{
	static const struct {
		struct posix_acl_xattr_header head;
		struct posix_acl_xattr_entry entries[5];
	} acl = { { POSIX_ACL_XATTR_VERSION },
		  { { ACL_USER_OBJ, 6, ACL_UNDEFINED_ID },
		    { ACL_USER, 4, 1 },
		    { ACL_GROUP_OBJ, 4, ACL_UNDEFINED_ID },
		    { ACL_MASK, 4, ACL_UNDEFINED_ID },
		    { ACL_OTHER, 4, ACL_UNDEFINED_ID } } };

	if (!has_acls)
		return more_init_flags & FUSE_POSIX_ACL ? -ENODATA : -ENOSYS;
	if (strcmp((const char *)(in + 1), "system.posix_acl_access"))
		return -ENODATA;
	if (in->size < sizeof(acl))
		return -ERANGE;
	memcpy(data, &acl, sizeof(acl));
	return sizeof(acl);
}

static ssize_t rename_it(uint64_t parent, const struct fuse_rename_in *in)
{
	const char *old = (const char *)(in + 1), *new = old + strlen(old) + 1;
	uint64_t ino = look_up(parent, old);

	if (!ino)
		return -ENOENT;
	unlink_locked(node_of(in->newdir), new);
	link_locked(ino, node_of(in->newdir), new);
	unlink_locked(parent, old);
	return 0;
}

/* The node that a request which is answered with an entry looks up or makes. */
static uint64_t find_or_make(uint32_t opcode, uint64_t parent, const void *arg)
{
	const struct fuse_link_in *link = arg;
	const char *name = arg;
	uint64_t ino;

	switch (opcode) {
	case FUSE_SYMLINK:
		return add_locked(parent, name, S_IFLNK | 0777);
	case FUSE_MKNOD:
		name += sizeof(struct fuse_mknod_in);
		return add_locked(parent, name, S_IFREG | 0644);
	case FUSE_MKDIR:
		name += sizeof(struct fuse_mkdir_in);
		return add_locked(parent, name, S_IFDIR | 0755);
	case FUSE_CREATE:
		name += sizeof(struct fuse_create_in);
		ino = look_up(parent, name);
		return ino ? ino : add_locked(parent, name, S_IFREG | 0644);
	case FUSE_TMPFILE:
		return add_nameless(S_IFREG | 0600);
	case FUSE_LINK:
		ino = node_of(link->oldnodeid);
		link_locked(ino, parent, name + sizeof(*link));
		return ino;
	default: /* LOOKUP; node 0 is what isn't there, "." a file handle's */
		ino = strcmp(name, ".") ? look_up(parent, name) : parent;
		nodes[ino].lookups++;
		return ino;
	}
}

/* An entry, and what an open file has where it is also opened. */
static size_t answer_entry(const struct fuse_in_header *in, uint64_t dir,
			   const void *arg, struct fuse_entry_out *entry)
{
	struct fuse_open_out *opened = (void *)(entry + 1);

	*entry = entry_of(find_or_make(in->opcode, dir, arg));
	if (in->opcode != FUSE_CREATE && in->opcode != FUSE_TMPFILE)
		return sizeof(*entry);
	*opened = (struct fuse_open_out){ 0 };
	return sizeof(*entry) + sizeof(*opened);
}

static ssize_t answer_locked(const struct fuse_in_header *in, const void *arg,
			     void *data)
{
	const struct fuse_setattr_in *set = arg;
	uint64_t ino = node_of(in->nodeid);

	if (in->nodeid && !ino)
		return -ESTALE;
	switch (in->opcode) {
	case FUSE_INIT:
		return init(arg, data);
	case FUSE_SETATTR:
		if (set->valid & FATTR_SIZE)
			nodes[ino].size = set->size;
		/* fall through */
	case FUSE_GETATTR:
		*(struct fuse_attr_out *)data = (struct fuse_attr_out){
			.attr_valid = HOUR,
			.attr = attr_of(ino),
		};
		return sizeof(struct fuse_attr_out);
	case FUSE_LOOKUP:
	case FUSE_SYMLINK:
	case FUSE_MKNOD:
	case FUSE_MKDIR:
	case FUSE_LINK:
	case FUSE_CREATE:
	case FUSE_TMPFILE:
		return answer_entry(in, ino, arg, data);
	case FUSE_RENAME:
		return rename_it(ino, arg);
	case FUSE_UNLINK:
	case FUSE_RMDIR:
		unlink_locked(ino, arg);
		return 0;
	case FUSE_OPEN:
		return open_file(ino, arg, data);
	case FUSE_OPENDIR:
		*(struct fuse_open_out *)data =
			(struct fuse_open_out){ .open_flags = opendir_flags };
		return sizeof(struct fuse_open_out);
	case FUSE_READ:
		return read_file(ino, arg, data);
	case FUSE_WRITE:
		return write_file(ino, arg, data);
	case FUSE_READDIR:
	case FUSE_READDIRPLUS:
		return fill_dir(data, arg, ino, in->opcode == FUSE_READDIRPLUS);
	case FUSE_READLINK:
		return sprintf(data, "target");
	case FUSE_GETXATTR:
		return get_xattr(arg, data);
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

ssize_t tree_answer(const struct fuse_in_header *in, const void *arg,
		    void *data)
{
	ssize_t bytes;

	pthread_mutex_lock(&lock);
	bytes = answer_locked(in, arg, data);
	pthread_mutex_unlock(&lock);
	return bytes;
}
