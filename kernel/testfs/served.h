/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The tree that the server of the self-tests shows: names, nodes and what to
 * answer to a request.  Changes here aren't told to the kernel.
 */
#ifndef FUSE_EPOCH_TESTFS_SERVED_H
#define FUSE_EPOCH_TESTFS_SERVED_H

#include <stdint.h>
#include <sys/types.h>
#include <linux/fuse.h>

enum { ROOT = FUSE_ROOT_ID, MAX_NODES = 1 << 22 };

/* Back to an empty root. */
void tree_reset(void);

/* Add a node; mode as in stat.  Returns its number: each is above the last. */
uint64_t tree_add(uint64_t parent, const char *name, uint32_t mode);
/* Another name for a node. */
void tree_link(uint64_t ino, uint64_t parent, const char *name);
/* The node of a name, or 0. */
uint64_t tree_ino_of(uint64_t parent, const char *name);
/* A name gone, if it was there. */
void tree_unlink(uint64_t parent, const char *name);
/* A new node under a name that may be there: nobody sees it missing. */
uint64_t tree_replace(uint64_t parent, const char *name, uint32_t mode);
/*
 * Before server_start(): files are opened by OPEN, which also truncates them
 * (FUSE_ATOMIC_O_TRUNC).  Else there is no open, and O_TRUNC is a SETATTR.
 */
void tree_truncate_in_open(void);
/*
 * Before server_start(): files are opened by OPEN, which keeps their pages
 * (FOPEN_KEEP_CACHE) while size and mtime stay (FUSE_AUTO_INVAL_DATA); targets
 * of symlinks are kept, too: what libfuse offers to a server that wants that.
 */
void tree_keep_pages(void);
/*
 * Before server_start(): INIT flags to ask for, besides those of the above.  With
 * FUSE_POSIX_ACL it says that no file has ACLs, or other attributes of the kind.
 */
void tree_want(uint32_t init_flags);
/* Have the kernel keep listings of directories, until tree_reset(). */
void tree_keep_listings(void);
/* The INIT flags that the kernel offered, the extended ones in the upper half. */
uint64_t tree_kernel_flags(void);
/* The size, and the mtime, from now on. */
void tree_set_size(uint64_t ino, uint64_t size);
/* What it says of its number of names: some servers always say 0. */
void tree_set_nlink(uint64_t ino, uint32_t nlink);
/* The mode, of the same type. */
void tree_set_mode(uint64_t ino, uint32_t mode);

/* The generation that LOOKUPs of it say. */
void tree_set_generation(uint64_t ino, uint64_t generation);
/* How long names are valid from now on, until tree_reset(): 0: not at all. */
void tree_set_valid_s(uint64_t seconds);

/*
 * Until tree_reset(): each node has a POSIX ACL, always the same.  Whether it is
 * cached shows by GETXATTRs; wants FUSE_POSIX_ACL.
 */
void tree_give_acls(void);
/*
 * Until tree_reset(): a node that the kernel has forgotten has another number, as
 * with libfuse's high level.  The functions here take its first one.
 */
void tree_number_anew(void);

/* How often the kernel has looked this node up, and forgotten it. */
uint32_t tree_lookups(uint64_t ino);
uint32_t tree_forgets(uint64_t ino);
/* By the number that the kernel has for it. */
void tree_forget(uint64_t number, uint64_t references);
/* References the kernel got from replies and hasn't given back. */
int64_t tree_references(uint64_t ino);

/* Puts the reply into @data and returns its size, or -errno. */
ssize_t tree_answer(const struct fuse_in_header *in, const void *arg,
		    void *data);

#endif
