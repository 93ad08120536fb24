/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pfs.h - directories, files and links that the simulated kernel shows
 *
 * One tree in memory. fs.c gives it to the guest's programs; the parts of the kernel
 * build it, change it, and are asked when a file is read or written. A node that is
 * removed stays in memory, but out of the tree, as long as a program has it open.
 *
 * Memory:  nodes belong to the tree; pfs_remove() frees a node and all below it as
 *          soon as nobody refers to them.
 * Errors:  negative errno. Makers return NULL without memory; every function accepts
 *          NULL in place of the directory and then does nothing, so that a tree is
 *          built without a check at each step.
 * Layer:   papr-vmm, simulated guest
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "vmm/sim/text.h"

struct pfs_node;
struct fs_request;

/* What a file does. All may be NULL: a file that cannot be read, or not be written. */
struct pfs_ops {
	/* The whole content, as of now. */
	int (*show)(struct pfs_node *node, struct text *out);
	/* The same, for the opener with this handle; where it is set, show() is unused. */
	int (*show_to)(struct pfs_node *node, void *handle, struct text *out);
	/* One write(2): bytes taken, or an error. */
	ssize_t (*store)(struct pfs_node *node, const char *bytes, size_t len);

	/* For files that are more than a text. open() may leave something in *handle;
	 * pid: the thread, as the guest numbers it. */
	int (*open)(struct pfs_node *node, int flags, pid_t pid, void **handle);
	void (*release)(struct pfs_node *node, void *handle);
	ssize_t (*write)(struct pfs_node *node, void *handle, const char *bytes,
			 size_t len);
	/* Answers by fs_reply(), at once or later. */
	void (*read)(struct pfs_node *node, void *handle, struct fs_request *request,
		     size_t size, bool nonblock);
	/* POLLIN... that hold now. */
	unsigned int (*poll)(struct pfs_node *node);

	/* Directories: a name that is not in the tree. A link's target, or NULL. */
	char *(*find)(struct pfs_node *dir, const char *name);
	/* Directories: names beyond those in the tree. */
	void (*list)(struct pfs_node *dir, void (*add)(void *arg, const char *name),
		     void *arg);
};

struct pfs_node {
	char *name;
	uint64_t ino;
	mode_t mode;
	bool temporary; /* made by find(): goes when nobody looks any more */
	bool removed;
	uint64_t seen; /* how often the host's kernel refers to it */
	unsigned int opened;
	struct pfs_node *parent, *next, *children;
	struct pfs_node **at; /* what leads to it: a neighbour's next, or the first's */
	struct pfs_node *same, **same_at; /* those that the index has in one place */
	unsigned int hash, dirs;	  /* of its name and place; directories in it */
	const struct pfs_ops *ops;
	void *priv;    /* of the part that made it */
	uint8_t *data; /* what it reads as without show(); target of a link */
	size_t len;
	size_t shown_size; /* st_size of files with ops */
};

struct pfs_node *pfs_root(void);
void pfs_free(struct pfs_node *root);
/* Told of nodes that somebody refers to whose attributes change, or that go. */
void pfs_on_change(struct pfs_node *root, void (*fn)(void *arg, struct pfs_node *node),
		   void *arg);

struct pfs_node *pfs_dir(struct pfs_node *parent, const char *name);
/* Makes what is missing of "a/b/c". */
struct pfs_node *pfs_path(struct pfs_node *from, const char *path);
struct pfs_node *pfs_data(struct pfs_node *parent, const char *name, mode_t mode,
			  const void *bytes, size_t len);
struct pfs_node *pfs_text(struct pfs_node *parent, const char *name, mode_t mode,
			  const char *format, ...) __attribute__((format(printf, 4, 5)));
struct pfs_node *pfs_file(struct pfs_node *parent, const char *name, mode_t mode,
			  const struct pfs_ops *ops, void *priv);
struct pfs_node *pfs_link(struct pfs_node *parent, const char *name, const char *format,
			  ...) __attribute__((format(printf, 3, 4)));
/* From a place in the tree to another, as a relative link. */
struct pfs_node *pfs_link_to(struct pfs_node *parent, const char *name,
			     const struct pfs_node *target);

struct pfs_node *pfs_find(const struct pfs_node *dir, const char *name);
/* With what find() of the directory makes up. */
struct pfs_node *pfs_lookup(struct pfs_node *dir, const char *name);
struct pfs_node *pfs_walk(struct pfs_node *from, const char *path);
/* An absolute path, links followed as for a program that sees from as its root. */
struct pfs_node *pfs_resolve(struct pfs_node *from, const char *path);
int pfs_set(struct pfs_node *node, const void *bytes, size_t len);
void pfs_remove(struct pfs_node *node);
/* Takes it out of its directory, to be put back there before anybody looks for it, or to
 * be removed then. */
void pfs_detach(struct pfs_node *node);
void pfs_reattach(struct pfs_node *node);
/* The reference count changed: frees what may go. */
void pfs_unused(struct pfs_node *node);
