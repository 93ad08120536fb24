/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * ofdt_cmd.h - commands of /proc/ppc64/ofdt
 *
 * Shape:   one write is one command, unquoted, numbers in decimal or 0x:
 *            add_node PATH( NAME LENGTH VALUE)+ NUL
 *            remove_node PATH
 *            add_property|update_property PHANDLE NAME LENGTH VALUE
 *            remove_property PHANDLE NAME
 *          VALUE is LENGTH raw bytes. The NUL that ends add_node is part of the command:
 *          without it the kernel rejects an empty last value.
 * Memory:  writers fill the caller's builder; parsed texts point into the caller's bytes
 *          and are not NUL-terminated.
 * Errors:  negative errno; -EINVAL a text that the kernel rejects.
 * Source:  Linux 6.1 arch/powerpc/platforms/pseries/reconfig.c
 * Layer:   wire (no I/O, no globals, no logging)
 */
#pragma once

#include "wire/builder.h"
#include "wire/cursor.h"

/* The longest command that is ever sent. The kernels' own limits differ. */
enum { OFDT_CMD_MAX = 1 << 20 };

/* Append the parts of add_node: the path, then each property, then the end. */
void ofdt_encode_add_node(struct builder *b, const char *path);
void ofdt_encode_property(struct builder *b, const char *name, const void *value,
			  size_t len);
void ofdt_encode_end(struct builder *b);

void ofdt_encode_remove_node(struct builder *b, const char *path);
void ofdt_encode_update_property(struct builder *b, uint32_t phandle, const char *name,
				 const void *value, size_t len);
void ofdt_encode_remove_property(struct builder *b, uint32_t phandle, const char *name);

enum ofdt_verb {
	OFDT_ADD_NODE,
	OFDT_REMOVE_NODE,
	OFDT_ADD_PROPERTY,
	OFDT_UPDATE_PROPERTY,
	OFDT_REMOVE_PROPERTY,
	OFDT_VERBS,
};

struct ofdt_text {
	const char *s;
	size_t len;
};

/* Kernel side: a parsed command. */
struct ofdt_cmd {
	enum ofdt_verb verb;
	struct ofdt_text path;	   /* *_node */
	uint32_t phandle;	   /* *_property */
	struct ofdt_text property; /* remove_property */
	struct cursor properties;  /* add_node, add_property, update_property */
};

/* Parse verb and target of one write of len bytes. Return 0 or -EINVAL. */
int ofdt_cmd_parse(struct ofdt_cmd *cmd, const void *bytes, size_t len);

struct ofdt_prop {
	struct ofdt_text name;
	const uint8_t *value;
	size_t len;
};

/* Read the next property into *prop. Return 1, 0 at the end, or -EINVAL. */
int ofdt_cmd_next_property(struct ofdt_cmd *cmd, struct ofdt_prop *prop);
