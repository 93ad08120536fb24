/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * online_set.h - set processors or memory blocks of Linux online or offline
 *
 * Each has a folder with its number in /sys, and a file there with a word for its state.
 * The inverse restores those that were in the other state before.
 *
 * Errors:  negative errno, and xact.error. -EBUSY: Linux needs it. -EAGAIN: the kernel
 *          accepted the write, but the state is unchanged.
 */
#pragma once

#include "libdrmgr/core/xact.h"

struct online_class {
	const char *dir;      /* "sys/devices/system/cpu/cpu": the number follows */
	const char *file;     /* "online" */
	const char *words[2]; /* offline, online */
	bool may_be_kept;     /* EPERM: the kernel keeps it offline */
};

enum { ONLINE_SET_MAX = 48 }; /* numbers of one line of the journal */

struct online_set {
	const struct online_class *class;
	bool online; /* the state to restore */
	size_t n;
	uint32_t number[ONLINE_SET_MAX];
};

/* Create an empty set. */
struct online_set *online_set_new(struct mem *m, const struct online_class *class,
				  bool online);

/* Add a number. Return 0 or -E2BIG. */
int online_set_add(struct online_set *set, uint32_t number);

/* Return 1 if it is in this state, 0, or the errno of the reading. A number that does not
 * exist is offline. While the kernel sets memory offline ("going-offline"), it is in
 * neither state. */
int online_is(const struct kern_root *root, const struct online_class *class,
	      uint32_t number, bool online);

/* Return 0; 1 if the kernel keeps it offline; or a negative errno. */
int online_write(struct xact *x, const struct online_class *class, uint32_t number,
		 bool online);

/* For kinds of inverses: undo, encode, decode. Only the caller's decode knows the
 * class. */
int online_set_restore(struct xact *x, void *arg);
void online_set_encode(struct journal_line *line, const void *arg);
int online_set_decode(struct recovery *r, const struct online_class *class, void **arg);
