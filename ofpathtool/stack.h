/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * stack.h - what a virtual block device consists of
 *
 * Source:  Linux Documentation/admin-guide/md.rst, Documentation/admin-guide/bcache.rst,
 *          drivers/md/dm-sysfs.c; the prefixes of UUIDs are those of multipath-tools,
 *          cryptsetup and LVM (lib/activate/dev_manager.c); for tables,
 *          Documentation/admin-guide/device-mapper
 * Layer:   ofpathtool's library
 */
#pragma once

#include "ofpathtool/handle.h"

enum stack_kind {
	STACK_NONE,    /* no other block device is below */
	STACK_THROUGH, /* each member leads to the same data */
	STACK_MIRROR,  /* each member has all data */
	STACK_JOINED,  /* the data are distributed over the members */
	STACK_CACHE,   /* the data are converted, or partly on other members */
	STACK_UNKNOWN,
};

enum { STACK_TYPE_MAX = 32 };

/* The data begin on the member at an unknown sector that is not 0. */
#define STACK_START_UNKNOWN UINT64_MAX

struct stack_member {
	const char *name;
	bool has_data;	/* false: a spare, a log, or not yet synchronized */
	uint64_t start; /* the sector of the member where the data begin */
};

struct stack {
	enum stack_kind kind;
	char type[STACK_TYPE_MAX]; /* "raid5", "thin" */
	bool is_encrypted;
	bool is_split;	    /* the data are in several parts of the only member */
	bool is_unread;	    /* only root can read how it uses its members */
	bool may_lag;	    /* it is not known which members of a mirror are in sync */
	unsigned partition; /* the device is this partition of its members; 0: none */
	struct stack_member *members; /* sorted by name */
	size_t n;
};

/* Describe the disk of a place. */
void stack_read(struct ofp *h, const struct place *place, struct stack *stack);

/* Return true if several members can have data, and it is not known which. */
bool stack_hides_data(const struct stack *stack);

/* Return why firmware cannot read the device's data, or not where the member begins. */
const char *stack_note(struct mem *m, const struct stack *stack, const char *device,
		       const struct stack_member *member);

/* Describe a device of device-mapper by its table. Return 0, or a negative errno if the
 * table cannot be read. */
int stack_read_table(struct ofp *h, const struct place *place, struct stack *stack);

/* Describe a device of device-mapper or of md whose members are known. */
void stack_read_dm(struct ofp *h, const struct place *place, struct stack *stack);
void stack_read_md(struct ofp *h, const struct place *place, struct stack *stack);

/* Set kind and type. */
void stack_set(struct stack *stack, enum stack_kind kind, const char *type);
