/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * source.h - every look at the system goes through here, so that it can be recorded
 *
 * Paths:   relative to the root: "sys/class/block/sda"; nodes as firmware names them.
 * Errors:  negative errno.
 * Layer:   ofpathtool's library
 */
#pragma once

#include "kern/root.h"
#include "ofpathtool/ofpath.h"

enum { ATTRIBUTE_MAX = 4096 };

struct source {
	struct kern_root root;
	const char *tree; /* where the device tree is */
	int record;	  /* folder that gets a copy of what is seen; -1 none */
	int record_error;
};

int source_open(struct source *src, const char *sysroot);
void source_close(struct source *src);

/* First line of an attribute. -EBADMSG longer than ATTRIBUTE_MAX, or with a NUL in it. */
int source_text(struct source *src, char *text, size_t size, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/* A whole file; malloc'ed. */
int source_file(struct source *src, const char *path, char **data, size_t *len);

/* The text of a link. */
int source_link(struct source *src, const char *path, char *text, size_t size);

/* Where a link of sysfs leads, by its text: objects' own folders are no links. */
int source_object(struct source *src, char *object, size_t size, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

bool source_has(struct source *src, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Sorted, without those that begin with '.'. */
int source_list(struct source *src, struct kern_names *names, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* The device tree: child "" is the node itself. */
bool tree_has(struct source *src, const char *node, const char *child);
int tree_text(struct source *src, char *text, size_t size, const char *node,
	      const char *property);
/* A property of one cell. */
int tree_cell(struct source *src, uint32_t *cell, const char *node, const char *property);
int tree_children(struct source *src, struct kern_names *names, const char *node);

/* A node's path as the kernel gives it is no way out of the tree, nor of a line. The root,
 * which no device is behind, is none. */
bool tree_is_path(const char *node);
