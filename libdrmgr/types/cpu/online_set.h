/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * online_set.h - processors, or memory blocks, that Linux takes into use or out of it
 *
 * Each has a folder of its number in /sys and a file there, with a word for either state.
 * The inverse puts back those that were in another state before.
 *
 * Errors:  negative errno, and xact.error; -EBUSY Linux cannot do without it, -EAGAIN it
 *          said it would, and did not.
 */
#pragma once

#include "libdrmgr/core/xact.h"

struct online_class {
	const char *dir;      /* "sys/devices/system/cpu/cpu": a number follows */
	const char *file;     /* "online" */
	const char *words[2]; /* out of use, in use */
};

enum { ONLINE_SET_MAX = 48 }; /* of one line of the journal */

struct online_set {
	const struct online_class *class;
	bool online; /* what they are to be */
	size_t n;
	uint32_t number[ONLINE_SET_MAX];
};

/* NULL: no memory. */
struct online_set *online_set_new(const struct online_class *class, bool online);

/* -E2BIG */
int online_set_add(struct online_set *set, uint32_t number);

/* Pushes the inverse, which owns the set. A set that is NULL is -ENOMEM. */
int online_set_push(struct xact *x, const struct undo_kind *kind, struct online_set *set);

/* One of them, now. True: it is there, and in use. */
bool online_is(const struct kern_root *root, const struct online_class *class,
	       uint32_t number);

/* True: it is not in use, or not there. While the kernel still takes memory out of use
 * ("going-offline"), it is neither in use nor off. */
bool online_is_off(const struct kern_root *root, const struct online_class *class,
		   uint32_t number);
int online_write(struct xact *x, const struct online_class *class, uint32_t number,
		 bool online);

/* For kinds of inverses: undo, encode; decode knows the class. */
int online_set_restore(struct xact *x, void *arg);
void online_set_encode(struct journal_line *line, const void *arg);
int online_set_decode(struct recovery *r, const struct online_class *class, void **arg);
