// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "nodes.h"

enum { BUCKET_CNT = 1 << 16, SPAN_CNT = 8192 };

struct span {
	enum span_kind kind;
	uint32_t hash; /* of directory and name */
	uint64_t begin_ns, end_ns;
};

struct node {
	struct node *next; /* in its bucket */
	uint64_t id, lookup_cnt;
	int fd;
	dev_t dev;
	ino_t ino;
	struct entry *entry; /* the name that leads here now, or NULL */
	struct entry *children;
	bool watched;
};

struct entry {
	struct entry *next; /* in its bucket */
	struct entry *younger, *older;
	struct entry *sibling, **sibling_of;
	struct node *parent, *node; /* node NULL: it doesn't exist */
	char name[];
};

struct nodes {
	pthread_mutex_t lock;
	uint64_t last_id;
	struct node *node[BUCKET_CNT];
	struct entry *entry[BUCKET_CNT];
	struct entry *youngest;
	size_t entry_cnt, name_bytes;
	struct span span[SPAN_CNT];
	unsigned int span_next;
};

static uint32_t hash_of(uint64_t parent, const char *name)
{
	uint64_t h = parent * 0x9e3779b97f4a7c15ULL;

	for (; *name; name++)
		h = (h ^ (unsigned char)*name) * 0x100000001b3ULL;
	return (uint32_t)(h ^ h >> 32);
}

static struct node *find_node(const struct nodes *n, uint64_t id)
{
	struct node *node = n->node[id % BUCKET_CNT];

	while (node && node->id != id)
		node = node->next;
	return node;
}

static struct entry *find_entry(const struct nodes *n, uint64_t parent,
				const char *name)
{
	struct entry *e = n->entry[hash_of(parent, name) % BUCKET_CNT];

	while (e && (e->parent->id != parent || strcmp(e->name, name)))
		e = e->next;
	return e;
}

static struct node *add_node(struct nodes *n, int fd, const struct stat *st)
{
	struct node *node = calloc(1, sizeof(*node));

	if (!node)
		return NULL;
	node->id = ++n->last_id;
	node->fd = fd;
	node->dev = st->st_dev;
	node->ino = st->st_ino;
	node->next = n->node[node->id % BUCKET_CNT];
	n->node[node->id % BUCKET_CNT] = node;
	return node;
}

/* The entry of that name, made if there is none; NULL: no memory. */
static struct entry *need_entry(struct nodes *n, uint64_t parent,
				const char *name)
{
	struct entry *e = find_entry(n, parent, name);
	uint32_t bucket = hash_of(parent, name) % BUCKET_CNT;
	struct node *dir = find_node(n, parent);
	size_t len = strlen(name) + 1;

	if (e || !dir)
		return e;
	e = calloc(1, sizeof(*e) + len);
	if (!e)
		return NULL;
	memcpy(e->name, name, len);
	e->parent = dir;
	e->sibling = dir->children;
	e->sibling_of = &dir->children;
	if (e->sibling)
		e->sibling->sibling_of = &e->sibling;
	dir->children = e;
	e->next = n->entry[bucket];
	n->entry[bucket] = e;
	e->older = n->youngest;
	if (e->older)
		e->older->younger = e;
	n->youngest = e;
	n->entry_cnt++;
	n->name_bytes += len;
	return e;
}

static void drop_entry(struct nodes *n, struct entry *e)
{
	struct entry **at =
		&n->entry[hash_of(e->parent->id, e->name) % BUCKET_CNT];

	while (*at != e)
		at = &(*at)->next;
	*at = e->next;
	*e->sibling_of = e->sibling;
	if (e->sibling)
		e->sibling->sibling_of = e->sibling_of;
	if (e->older)
		e->older->younger = e->younger;
	if (e->younger)
		e->younger->older = e->older;
	else
		n->youngest = e->older;
	if (e->node)
		e->node->entry = NULL;
	n->entry_cnt--;
	n->name_bytes -= strlen(e->name) + 1;
	free(e);
}

static void drop_node(struct nodes *n, struct node *node)
{
	struct node **at = &n->node[node->id % BUCKET_CNT];

	while (node->children)
		drop_entry(n, node->children);
	if (node->entry)
		drop_entry(n, node->entry);
	while (*at != node)
		at = &(*at)->next;
	*at = node->next;
	close(node->fd);
	free(node);
}

struct nodes *nodes_new(int root_fd)
{
	struct nodes *n = calloc(1, sizeof(*n));
	struct stat st = { 0 };

	if (!n)
		return NULL;
	pthread_mutex_init(&n->lock, NULL);
	if (!add_node(n, root_fd, &st)) {
		free(n);
		return NULL;
	}
	return n;
}

void nodes_free(struct nodes *n)
{
	for (unsigned int i = 0; i < BUCKET_CNT; i++)
		while (n->node[i])
			drop_node(n, n->node[i]);
	pthread_mutex_destroy(&n->lock);
	free(n);
}

int nodes_fd(struct nodes *n, uint64_t id)
{
	const struct node *node;
	int fd;

	pthread_mutex_lock(&n->lock);
	node = find_node(n, id);
	fd = node ? node->fd : -1;
	pthread_mutex_unlock(&n->lock);
	return fd;
}

/* Lets the name lead to this node instead of whatever it led to. */
static void lead_to(struct entry *e, struct node *node)
{
	if (e->node)
		e->node->entry = NULL;
	e->node = node;
	if (node)
		node->entry = e;
}

uint64_t nodes_found(struct nodes *n, uint64_t parent, const char *name,
		     const struct stat *st, int fd)
{
	struct entry *e;
	struct node *node = NULL;
	uint64_t id = 0;

	pthread_mutex_lock(&n->lock);
	e = need_entry(n, parent, name);
	if (e && e->node && e->node->dev == st->st_dev &&
	    e->node->ino == st->st_ino) {
		node = e->node;
		close(fd);
	} else if (e) {
		node = add_node(n, fd, st);
		if (node) {
			lead_to(e, node);
			node->watched = e->parent->watched ||
					!strcmp(name, NODES_WATCHED);
		}
	}
	if (node) {
		node->lookup_cnt++;
		id = node->id;
	} else {
		close(fd);
	}
	pthread_mutex_unlock(&n->lock);
	return id;
}

void nodes_missing(struct nodes *n, uint64_t parent, const char *name)
{
	struct entry *e;

	pthread_mutex_lock(&n->lock);
	e = need_entry(n, parent, name);
	if (e)
		lead_to(e, NULL);
	pthread_mutex_unlock(&n->lock);
}

void nodes_forget(struct nodes *n, uint64_t id, uint64_t cnt)
{
	struct node *node;

	pthread_mutex_lock(&n->lock);
	node = id == NODES_ROOT ? NULL : find_node(n, id);
	if (node) {
		node->lookup_cnt -=
			cnt < node->lookup_cnt ? cnt : node->lookup_cnt;
		if (!node->lookup_cnt)
			drop_node(n, node);
	}
	pthread_mutex_unlock(&n->lock);
}

uint64_t nodes_resolve(struct nodes *n, const char *path)
{
	char *copy = strdup(path), *save = NULL;
	uint64_t id = NODES_ROOT;

	if (!copy)
		return 0;
	for (char *part = strtok_r(copy, "/", &save); part && id;
	     part = strtok_r(NULL, "/", &save)) {
		int64_t child = nodes_child(n, id, part);

		id = child > 0 ? (uint64_t)child : 0;
	}
	free(copy);
	return id;
}

int64_t nodes_child(struct nodes *n, uint64_t parent, const char *name)
{
	const struct entry *e;
	int64_t id = -1;

	pthread_mutex_lock(&n->lock);
	e = find_entry(n, parent, name);
	if (e)
		id = e->node ? (int64_t)e->node->id : 0;
	pthread_mutex_unlock(&n->lock);
	return id;
}

int nodes_list(struct nodes *n, struct name_list *list)
{
	char *text;
	int err = 0;

	pthread_mutex_lock(&n->lock);
	list->cnt = 0;
	list->name = malloc((n->entry_cnt + 1) * sizeof(*list->name));
	list->text = text = malloc(n->name_bytes + 1);
	if (list->name && list->text) {
		for (const struct entry *e = n->youngest; e; e = e->older) {
			list->name[list->cnt++] = (struct inval_name){
				.parent = e->parent->id,
				.child = e->node ? e->node->id : 0,
				.name = text,
			};
			text = stpcpy(text, e->name) + 1;
		}
		*text = '\0';
		list->name[list->cnt++] = (struct inval_name){
			.child = NODES_ROOT,
			.name = text,
		};
	} else {
		nodes_list_free(list);
		err = -ENOMEM;
	}
	pthread_mutex_unlock(&n->lock);
	return err;
}

void nodes_list_free(struct name_list *list)
{
	free(list->name);
	free(list->text);
	*list = (struct name_list){ 0 };
}

bool nodes_is_watched(struct nodes *n, uint64_t id)
{
	const struct node *node;
	bool watched;

	pthread_mutex_lock(&n->lock);
	node = find_node(n, id);
	watched = node && node->watched;
	pthread_mutex_unlock(&n->lock);
	return watched;
}

/* Of a name, by what outlives its nodes; the directory itself has none. */
static uint32_t span_hash(const struct node *dir, const char *name)
{
	return hash_of(dir->ino, name);
}

void nodes_note(struct nodes *n, uint64_t id, enum span_kind kind,
		uint64_t begin_ns, uint64_t end_ns)
{
	const struct node *dir;
	const char *name = "";

	pthread_mutex_lock(&n->lock);
	dir = find_node(n, id);
	if (dir && dir->watched && kind == SPAN_GETATTR) {
		name = dir->entry ? dir->entry->name : "";
		dir = dir->entry ? dir->entry->parent : NULL;
	}
	if (dir && dir->watched)
		n->span[n->span_next++ % SPAN_CNT] = (struct span){
			.kind = kind,
			.hash = span_hash(dir, name),
			.begin_ns = begin_ns,
			.end_ns = end_ns,
		};
	pthread_mutex_unlock(&n->lock);
}

bool nodes_noted(struct nodes *n, uint64_t parent, enum span_kind kind,
		 const char *name, uint64_t from_ns, uint64_t until_ns)
{
	const struct node *dir;
	bool noted = false;

	pthread_mutex_lock(&n->lock);
	dir = find_node(n, parent);
	for (int i = 0; dir && i < SPAN_CNT; i++) {
		const struct span *s = &n->span[i];

		noted |= s->end_ns > from_ns && s->begin_ns < until_ns &&
			 s->kind == kind && s->hash == span_hash(dir, name);
	}
	pthread_mutex_unlock(&n->lock);
	return noted;
}
