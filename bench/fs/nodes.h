/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nodes.h - what a passthrough daemon has told the kernel: nodes and names.
 *
 * A node is a file that is kept open (O_PATH), so it stays the same file
 * whatever happens to its name.  A name leads to a node or, if the kernel was
 * told that it doesn't exist, to none.  A name is kept until the kernel forgets
 * its node, or the node of its directory.  Safe to use from several threads.
 */
#ifndef FUSE_EPOCH_FS_NODES_H
#define FUSE_EPOCH_FS_NODES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include "bench/inval/inval.h"

#define NODES_ROOT 1

struct nodes;

/* root_fd is taken over.  NULL: no memory. */
struct nodes *nodes_new(int root_fd);
void nodes_free(struct nodes *n);

/* Descriptor of a node, -1 if there is none of that ID. */
int nodes_fd(struct nodes *n, uint64_t id);

/*
 * The kernel is told that the name is the file open at fd, which is taken over
 * (or closed): the ID of its node, which counts one more lookup; 0: no memory.
 */
uint64_t nodes_found(struct nodes *n, uint64_t parent, const char *name,
		     const struct stat *st, int fd);

/* The kernel is told that there is no such name. */
void nodes_missing(struct nodes *n, uint64_t parent, const char *name);

/* The kernel has forgotten so many lookups of the node. */
void nodes_forget(struct nodes *n, uint64_t id, uint64_t cnt);

/* The node of "a/b/c" as the kernel knows it, "": the root; 0: it doesn't. */
uint64_t nodes_resolve(struct nodes *n, const char *path);

/* Node of a name; 0: told that it isn't there; -1: nothing told. */
int64_t nodes_child(struct nodes *n, uint64_t parent, const char *name);

/* All names, the youngest first, and the root; text holds them. */
struct name_list {
	struct inval_name *name;
	size_t cnt;
	char *text;
};

/* Returns 0 or -ENOMEM. */
int nodes_list(struct nodes *n, struct name_list *list);
void nodes_list_free(struct name_list *list);

/* Directories of that name, and what is in them, are watched. */
#define NODES_WATCHED ".epoch-oracle"

bool nodes_is_watched(struct nodes *n, uint64_t id);

/* Requests that may bring news too late. */
enum span_kind { SPAN_READDIRPLUS, SPAN_GETATTR };

/*
 * A request about a node was answered from begin_ns to end_ns.  Of those that
 * are watched the last thousands are remembered, also when the kernel has
 * forgotten the node.
 */
void nodes_note(struct nodes *n, uint64_t id, enum span_kind kind,
		uint64_t begin_ns, uint64_t end_ns);

/*
 * Was one about that name (READDIRPLUS: about the directory) answered that began
 * before until_ns and ended after from_ns?  Those that haven't ended aren't
 * known.
 */
bool nodes_noted(struct nodes *n, uint64_t parent, enum span_kind kind,
		 const char *name, uint64_t from_ns, uint64_t until_ns);

#endif
