/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * update.h - changes of the device tree: the work areas of ibm,update-nodes and of
 * ibm,update-properties, caller side and firmware side
 *
 * Shape:   update-nodes: 16 bytes of state (0 to start, then firmware's own), then
 *          operators: u8 opcode and 24 bits count of operands, then the operands, be32.
 *          The list ends with an operator of 0 or with the area.
 *          update-properties: be32 phandle, be32 state, 8 bytes reserved, be32 number of
 *          entries, then per entry a NUL-terminated name, a be32 descriptor (unaligned)
 *          and the bytes of the value. The descriptor gives their number. The first entry
 *          of the first answer has an empty name; its value is the path of the node.
 * More:    after status 1 the caller repeats the call with the area as firmware returned
 *          it. A value that did not fit continues under its name.
 * Units:   lengths in bytes.
 * Memory:  decoded items point into the area, which the next call overwrites; nothing is
 *          allocated.
 * Errors:  negative errno; -EBADMSG the area has less than its counts say, or an invalid
 *          property name.
 * Source:  PAPR+ 7.4.8, Linux 6.1 arch/powerpc/platforms/pseries/mobility.c
 * Layer:   wire (no I/O, no globals, no logging)
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wire/builder.h"
#include "wire/cursor.h"
#include "wire/dt_name.h"

enum { UPDATE_AREA_BYTES = 4096, UPDATE_STATE_BYTES = 16 };

/* Statuses of both calls. */
enum { UPDATE_DONE = 0, UPDATE_MORE = 1, UPDATE_PARAMETER = -3 };

/* Scope of both calls: the cause of the changes. For a reassignment it is the second word of
 * the event (event.h), negated. */
enum { UPDATE_SCOPE_MIGRATION = 1 };

/* ---- Nodes ---- */

enum update_op {
	UPDATE_OP_DELETE = 1,
	UPDATE_OP_CHANGE = 2, /* its properties: call ibm,update-properties */
	UPDATE_OP_ADD = 3,    /* below the phandle: call ibm,configure-connector */
};

struct update_node {
	uint8_t op;	    /* enum update_op, or what firmware sent */
	uint32_t phandle;   /* 0 if the operator is unknown: its operands are skipped */
	uint32_t drc_index; /* UPDATE_OP_ADD */
};

/* PAPR counts operands, of which an addition has two. Linux reads the count of additions
 * as a number of pairs. It is not known which of the two firmware sends, so the decoder
 * detects it. The count is in operands (words) if it is even and an operator, or the end,
 * follows after that many words. */
enum update_count { UPDATE_COUNT_NONE, UPDATE_COUNT_WORDS, UPDATE_COUNT_PAIRS };

struct update_nodes_iter {
	struct cursor c;
	uint8_t op;
	uint32_t left;		 /* unread items of this operator */
	enum update_count count; /* how the last addition was read; for the log */
};

/* Zero area[UPDATE_AREA_BYTES] for a first call. */
void update_nodes_start(void *area);

/* Begin to read. Return 0, or -EBADMSG if the state is missing or the length is no
 * multiple of 4. */
int update_nodes_begin(struct update_nodes_iter *it, const void *area, size_t len);

/* Read the next change, or an unknown operator, into *out. Return 1, 0 at the end, or
 * -EBADMSG if the operands exceed the area. */
int update_nodes_next(struct update_nodes_iter *it, struct update_node *out);

/* Firmware side: the changes, and how to encode them. */
struct update_nodes_answer {
	const struct update_node *nodes; /* with known operators */
	uint32_t n;
	enum update_count count; /* of additions */
	size_t limit;		 /* bytes of the area that an answer may fill */
};

/* Answer a call in area[UPDATE_AREA_BYTES], from the place in its state. Return
 * UPDATE_DONE or UPDATE_MORE, -EINVAL for an invalid state (status UPDATE_PARAMETER), or
 * -ENOSPC if the limit is too small for any node. */
int update_nodes_answer(void *area, const struct update_nodes_answer *answer);

/* ---- Properties ---- */

enum update_prop_kind {
	UPDATE_PROP_SET,     /* the value, or its last piece */
	UPDATE_PROP_PARTIAL, /* a piece of the value; more follow */
	UPDATE_PROP_EMPTY,   /* it exists, without value */
	UPDATE_PROP_DELETE,
};

struct update_prop {
	enum update_prop_kind kind;
	const char *name;
	const uint8_t *value; /* UPDATE_PROP_SET, UPDATE_PROP_PARTIAL */
	uint32_t len;
};

struct update_props_iter {
	struct cursor c;
	uint32_t left;	  /* entries not yet read */
	uint32_t phandle; /* of the node */
	const char *path; /* of the node, path_len bytes; NULL: not in this answer */
	size_t path_len;
};

/* Zero area[UPDATE_AREA_BYTES] and request the properties of a node. */
void update_props_start(void *area, uint32_t phandle);

/* Begin to read, the path included. Firmware may omit the path. Return 0 or -EBADMSG. */
int update_props_begin(struct update_props_iter *it, const void *area, size_t len);

/* Read the next entry into *out. Return 1, 0 at the end, or -EBADMSG. */
int update_props_next(struct update_props_iter *it, struct update_prop *out);

/* A value that arrives in pieces, maybe over several answers. Before first use it must be
 * zeroed, with value = builder_of() of the caller's buffer. */
struct update_value {
	struct builder value;
	char name[DT_NAME_MAX + 1]; /* "": no value is incomplete */
};

/* Add an entry. Return 1 if it is complete: value then holds all of it until the next
 * entry, and nothing if the entry has no value. Return 0 if more pieces follow, -EBADMSG
 * if a piece belongs to another property, or -ENOSPC if the buffer is too small. */
int update_value_add(struct update_value *v, const struct update_prop *prop);

/* Return true if no value is incomplete. */
bool update_value_is_whole(const struct update_value *v);

/* Firmware side: one node, and how to encode it. */
struct update_props_answer {
	uint32_t phandle;
	const char *path;
	const struct update_prop *props; /* whole values, never UPDATE_PROP_PARTIAL */
	uint32_t n;
	size_t limit; /* bytes of the area that an answer may fill */
};

/* Return the phandle of the node whose properties a call requests. */
uint32_t update_props_phandle(const void *area);

/* Answer a call in area[UPDATE_AREA_BYTES], from the place in its state. A value that
 * exceeds a whole answer is sent in pieces. Return UPDATE_DONE or UPDATE_MORE. Return
 * -EINVAL for an unknown node or state (status UPDATE_PARAMETER), -ENOSPC if the limit is
 * too small for a name or the path. */
int update_props_answer(void *area, const struct update_props_answer *answer);
