/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * run_left.h - what leftovers of earlier runs mean for a request
 */
#pragma once

#include "libdrmgr/core/run.h"

/* Find what blocks the request before its resources are read: the node of the named one may
 * be detached. Otherwise warn once about all of them. */
bool run_left_find(struct run *run);

/* Wait for a writer of a leftover whose lock of the kernel this request needs. Its own write
 * would wait in the kernel, where nothing can call it back. Without a limit (-w) of the user,
 * do not wait. If the caller permits it, drmgr's lock is released meanwhile. Return 0; 1: one
 * has ended, so all must be read again; or a negative errno and run->error. */
int run_left_wait(struct run *run);

/* Forget what prepare has read. */
void run_left_reset(struct run *run);

/* Try to undo what blocks the request. Return true if it can begin again. */
bool run_left_undo(struct run *run);

/* Report that run->left blocks the request. */
void run_left_refuse(struct run *run);

/* Warn of what this run leaves. */
void run_left_tell(const struct run *run);

/* ---- For operations ---- */

/* Return the leftover that blocks an index; NULL: nothing does. */
const struct leftover *run_left_of(const struct leftovers *ls,
				   const struct connectors *cs, uint32_t index);

/* For prepare: try to undo what blocks some of several indexes, each leftover once. Return
 * true if one was undone, so all must be read again. */
bool run_left_undo_some(struct run *run, const struct connectors *cs);

/* Report that a leftover blocks one of several resources. */
void run_left_refuse_one(struct run *run, const struct drc *drc,
			 const struct leftover *left);

/* For prepare: return 0, or -EUCLEAN if left blocks the request. NULL: nothing does. */
int run_left_block(struct run *run, const struct leftover *left);
