/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * update.h - what changed in the device tree: the work areas of ibm,update-nodes and of
 * ibm,update-properties, both halves
 *
 * Shape:   update-nodes: 16 bytes of state (0 to start, firmware's own from then on), then
 *          operators: u8 opcode and 24 bits count of operands, and the operands, be32. An
 *          operator of 0 ends them, as does the end of the area.
 *          update-properties: be32 phandle, be32 state, 8 bytes reserved, be32 number of
 *          entries, then per entry a NUL-terminated name, a be32 descriptor (unaligned)
 *          and as many bytes of the value as that says. The first entry of the first
 *          answer has an empty name, its value is the path of the node.
 * More:    with status 1 the call is to be made again with the area as it came back; a
 *          value that did not fit goes on under its name.
 * Units:   lengths in bytes.
 * Memory:  decoded items point into the area, which the next call overwrites; nothing is
 *          allocated.
 * Errors:  negative errno; -EBADMSG the area says more than it holds, or a name that no
 *          property can have.
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

/* Scope of both calls: what happened. */
enum { UPDATE_SCOPE_MIGRATION = 1 };

/* A reassignment's is that of its event (prrn_event_scope), negated. */
static inline uint32_t update_scope_of_prrn(uint32_t event_scope)
{
	return 0u - event_scope;
}

/* ---- Nodes ---- */

enum update_op {
	UPDATE_OP_DELETE = 1,
	UPDATE_OP_CHANGE = 2, /* its properties: ask ibm,update-properties */
	UPDATE_OP_ADD = 3,    /* below the phandle: ask ibm,configure-connector */
};

struct update_node {
	uint8_t op;	  /* enum update_op, or what firmware sent */
	uint32_t phandle; /* 0 if the operator is unknown: its operands are passed over */
	uint32_t drc_index; /* UPDATE_OP_ADD */
};

/* PAPR counts operands, of which an addition has two; Linux takes the count of additions
 * for that of pairs. What firmware does nobody knows, so it is found out: operands if
 * the count is even and an operator, or the end, stands behind so many words. */
enum update_count { UPDATE_COUNT_NONE, UPDATE_COUNT_WORDS, UPDATE_COUNT_PAIRS };

struct update_nodes_iter {
	struct cursor c;
	uint8_t op;
	uint32_t left;		 /* items of this operator */
	enum update_count count; /* how the last addition was read: worth a log line */
};

/* Zeroes area[UPDATE_AREA_BYTES]: a first call. */
void update_nodes_start(void *area);

/* 0, or -EBADMSG: no state, or a length that is no multiple of 4. */
int update_nodes_begin(struct update_nodes_iter *it, const void *area, size_t len);

/* 1: *out is the next change, or an operator that is not known. 0: no more. -EBADMSG: the
 * operands would leave the area. */
int update_nodes_next(struct update_nodes_iter *it, struct update_node *out);

/* Firmware's half: what changed, and how it answers. */
struct update_nodes_answer {
	const struct update_node *nodes; /* of known operators */
	uint32_t n;
	enum update_count count; /* of additions */
	size_t limit;		 /* bytes of the area that an answer may use */
};

/* Answers a call in area[UPDATE_AREA_BYTES], from where its state says. UPDATE_DONE or
 * UPDATE_MORE; -EINVAL the state is none of ours (UPDATE_PARAMETER), -ENOSPC the limit is
 * too small for anything. */
int update_nodes_answer(void *area, const struct update_nodes_answer *answer);

/* ---- Properties ---- */

enum update_prop_kind {
	UPDATE_PROP_SET,     /* the value, or its last piece */
	UPDATE_PROP_PARTIAL, /* a piece of the value, more will come */
	UPDATE_PROP_EMPTY,   /* there, without value */
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

/* Zeroes area[UPDATE_AREA_BYTES] and asks for the properties of a node. */
void update_props_start(void *area, uint32_t phandle);

/* Takes the path too, which firmware may have left out. 0 or -EBADMSG. */
int update_props_begin(struct update_props_iter *it, const void *area, size_t len);

/* 1: *out is the next entry. 0: no more. -EBADMSG. */
int update_props_next(struct update_props_iter *it, struct update_prop *out);

/* A value that comes in pieces, over several answers if need be. To start: zeroed, but
 * for value = builder_of() of the caller's buffer. */
struct update_value {
	struct builder value;
	char name[DT_NAME_MAX + 1]; /* "": between two values */
};

/* Takes an entry. 1: it is complete: value holds all of it (nothing for an entry that
 * sets nothing), to be used before the next. 0: there is more to come. -EBADMSG: it goes
 * on with another property. -ENOSPC: the buffer is too small. */
int update_value_take(struct update_value *v, const struct update_prop *prop);

/* Have all values come to their end? */
bool update_value_is_whole(const struct update_value *v);

/* Firmware's half: one node, and how it answers. */
struct update_props_answer {
	uint32_t phandle;
	const char *path;
	const struct update_prop *props; /* whole ones: none is UPDATE_PROP_PARTIAL */
	uint32_t n;
	size_t limit; /* bytes of the area that an answer may use */
};

/* Whose properties a call asks for. */
uint32_t update_props_phandle(const void *area);

/* Answers a call in area[UPDATE_AREA_BYTES], from where its state says; what no answer
 * could hold goes in pieces. UPDATE_DONE or UPDATE_MORE; -EINVAL the node or state is
 * none of ours (UPDATE_PARAMETER), -ENOSPC the limit is too small for a name or path. */
int update_props_answer(void *area, const struct update_props_answer *answer);
