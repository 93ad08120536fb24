/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * source.h - all access to the system, which can be recorded
 *
 * Paths:   relative to the root: "sys/class/block/sda"; nodes as firmware names them.
 * Errors:  negative errno.
 * Layer:   ofpathtool's library
 */
#pragma once

#include "kern/dm.h"
#include "kern/root.h"
#include "ofpathtool/ofpath.h"

enum { ATTRIBUTE_MAX = 4096, TARGETS_MAX = 64 * 1024 };

struct net_facts;

struct source {
	struct kern_root root;
	const char *tree;	     /* path of the device tree */
	const struct net_facts *net; /* NULL: a captured tree */
	int record; /* directory that receives a copy of all data; or -1 */
	int record_error;
};

int source_open(struct source *src, const char *sysroot);
void source_close(struct source *src);

/* Read the first line of an attribute. Return -EBADMSG if the attribute is longer than
 * ATTRIBUTE_MAX or contains a NUL. */
int source_text(struct source *src, char *text, size_t size, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/* Read a whole file; *data is malloc'ed. */
int source_file(struct source *src, const char *path, char **data, size_t *len);

/* Read table or state of a mapping by the directory of its device, as dm_read_targets(). A
 * captured tree has them as files, "dm/table" and "dm/status", which sysfs lacks. *text is
 * malloc'ed. */
int source_targets(struct source *src, const char *dir, enum dm_text which, char **text);

/* Read the text of a link. */
int source_link(struct source *src, const char *path, char *text, size_t size);

/* Resolve a link of sysfs by its text: the directories of objects contain no links. */
int source_object(struct source *src, char *object, size_t size, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

bool source_has(struct source *src, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* List a directory, sorted, without names that begin with '.'. */
int source_list(struct source *src, struct kern_names *names, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Read the device tree. child "" is the node itself. */
bool tree_has(struct source *src, const char *node, const char *child);
int tree_text(struct source *src, char *text, size_t size, const char *node,
	      const char *property);
/* Read a property of one cell. */
int tree_cell(struct source *src, uint32_t *cell, const char *node, const char *property);
int tree_children(struct source *src, struct kern_names *names, const char *node);

/* Return true if the kernel's path of a node is safe: it stays in the tree and in one
 * line. Return false for the root node, which no device belongs to. */
bool tree_is_path(const char *node);
