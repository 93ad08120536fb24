/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pfs.h - directories, files and links that the simulated kernel shows
 *
 * One tree in memory. fs.c serves it to the guest's programs. The parts of the kernel
 * build and change it, and their callbacks serve reads and writes. A removed node leaves
 * the tree but stays in memory while a program has it open.
 *
 * Memory:  nodes belong to the tree; pfs_remove() frees a node and all below it as
 *          soon as the last reference is dropped.
 * Errors:  negative errno. Functions that create a node return NULL without memory. Every
 *          function accepts NULL as the directory and then does nothing, so that a tree
 *          is built without a check at each step.
 * Layer:   papr-vmm, simulated guest
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "vmm/sim/text.h"

struct pfs_node;
struct fs_request;

/* Operations of a file. Each may be NULL: then the file cannot be read, or not
 * written. */
struct pfs_ops {
	/* Append the whole current content. */
	int (*show)(struct pfs_node *node, struct text *out);
	/* Like show(), for the opener with this handle. If it is set, show() is
	 * unused. */
	int (*show_to)(struct pfs_node *node, void *handle, struct text *out);
	/* Execute one write(2). Return the bytes consumed, or -errno. */
	ssize_t (*store)(struct pfs_node *node, const char *bytes, size_t len);
	/* The same for a file with offsets. */
	ssize_t (*store_at)(struct pfs_node *node, uint64_t at, const char *bytes,
			    size_t len);
	/* The kernel's locks that each write takes: bits, the lowest first. */
	unsigned int locks;
	/* Return those of this write. If it is set, locks is unused. */
	unsigned int (*lock)(const struct pfs_node *node, const char *bytes, size_t len);

	/* For files that are more than a text. open() may set *handle. pid: the thread's
	 * id in the guest's namespace. */
	int (*open)(struct pfs_node *node, int flags, pid_t pid, void **handle);
	void (*release)(struct pfs_node *node, void *handle);
	ssize_t (*write)(struct pfs_node *node, void *handle, const char *bytes,
			 size_t len);
	/* Answer by fs_reply(), at once or later. */
	void (*read)(struct pfs_node *node, void *handle, struct fs_request *request,
		     size_t size, bool nonblock);
	/* Return the current poll events (POLLIN...). */
	unsigned int (*poll)(struct pfs_node *node);

	/* Directories: find a name that is not in the tree. Return a link's target, or
	 * NULL. */
	char *(*find)(struct pfs_node *dir, const char *name);
	/* Directories: list further names that are not in the tree. */
	void (*list)(struct pfs_node *dir, void (*add)(void *arg, const char *name),
		     void *arg);
};

struct pfs_node {
	char *name;
	uint64_t ino;
	mode_t mode;
	bool temporary; /* created by find(); removed with its last reference */
	bool removed;
	bool can_vanish;
	uint64_t seen; /* lookup count of the host's kernel (FUSE) */
	unsigned int opened;
	struct pfs_node *parent, *next, *children;
	struct pfs_node **at; /* the pointer to this node: a sibling's next or parent's
	                       * children */
	struct pfs_node *same, **same_at; /* nodes in the same place of the index */
	unsigned int hash, dirs;	  /* of name and directory; subdirectories in
	                        	   * it */
	const struct pfs_ops *ops;
	void *priv;    /* for the creator of the node */
	uint8_t *data; /* content of a file without show(); target of a link */
	size_t len;
	size_t shown_size; /* st_size of files with ops */
};

struct pfs_node *pfs_root(void);
void pfs_free(struct pfs_node *root);
/* Set the function to call when a referenced node changes its attributes or is
 * removed. */
void pfs_on_change(struct pfs_node *root, void (*fn)(void *arg, struct pfs_node *node),
		   void *arg);

struct pfs_node *pfs_dir(struct pfs_node *parent, const char *name);
/* Create the missing directories of "a/b/c" and return the last one. */
struct pfs_node *pfs_path(struct pfs_node *from, const char *path);
struct pfs_node *pfs_data(struct pfs_node *parent, const char *name, mode_t mode,
			  const void *bytes, size_t len);
struct pfs_node *pfs_text(struct pfs_node *parent, const char *name, mode_t mode,
			  const char *format, ...) __attribute__((format(printf, 4, 5)));
struct pfs_node *pfs_file(struct pfs_node *parent, const char *name, mode_t mode,
			  const struct pfs_ops *ops, void *priv);
struct pfs_node *pfs_link(struct pfs_node *parent, const char *name, const char *format,
			  ...) __attribute__((format(printf, 3, 4)));
/* Create a relative link to a node of the tree. */
struct pfs_node *pfs_link_to(struct pfs_node *parent, const char *name,
			     const struct pfs_node *target);

/* Do not let the host's kernel remember the name: another node can get it. Return the
 * node. */
struct pfs_node *pfs_can_vanish(struct pfs_node *node);

struct pfs_node *pfs_find(const struct pfs_node *dir, const char *name);
/* Like pfs_find(), and include the names that find() of the directory knows. */
struct pfs_node *pfs_lookup(struct pfs_node *dir, const char *name);
/* Resolve an absolute path and follow links, for a program with `from` as its root. */
struct pfs_node *pfs_resolve(struct pfs_node *from, const char *path);
int pfs_set(struct pfs_node *node, const void *bytes, size_t len);
void pfs_remove(struct pfs_node *node);
/* Take the node out of its directory. Before the next lookup it must be reattached or
 * removed. */
void pfs_detach(struct pfs_node *node);
void pfs_reattach(struct pfs_node *node);
/* Free the node if its last reference was dropped. */
void pfs_unused(struct pfs_node *node);
