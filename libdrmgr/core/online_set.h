/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * online_set.h - set processors of Linux online or offline
 *
 * The inverse restores those that were in the other state before.
 *
 * Errors:  negative errno, and xact.error. -EBUSY: Linux needs it. -EAGAIN: the kernel
 *          accepted the write, but the state is unchanged.
 */
#pragma once

#include "libdrmgr/core/xact.h"

enum { ONLINE_SET_MAX = 48 }; /* numbers of one line of the journal */

struct online_set {
	bool online; /* the state to restore */
	size_t n;
	uint32_t number[ONLINE_SET_MAX];
};

/* Create an empty set. */
struct online_set *online_set_new(struct mem *m, bool online);

/* Add a number. Return 0 or -E2BIG. */
int online_set_add(struct online_set *set, uint32_t number);

/* Return 0; 1 if the kernel keeps it offline; or a negative errno. */
int online_write(struct xact *x, uint32_t number, bool online);

/* For kinds of inverses: undo, encode, decode. */
int online_set_restore(struct xact *x, void *arg);
void online_set_encode(struct journal_line *line, const void *arg);
int online_set_decode(struct recovery *r, void **arg);
