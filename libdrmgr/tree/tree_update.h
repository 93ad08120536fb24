/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tree_update.h - make the device tree what firmware says it is now
 *
 * After a migration ibm,update-nodes lists the nodes that went, changed and came;
 * ibm,update-properties tells each changed one's properties, and
 * ibm,configure-connector what came. Nodes go first, then properties change, then nodes
 * come, in whatever order firmware lists them.
 *
 * The machine has changed already, so nothing of it is undone: one change that cannot be
 * made is told as a warning, and the others are made. An update that is begun anew makes
 * those that are still to be made, so a run that was killed is completed by the next one.
 *
 * Source:  PAPR+ 7.4.8, Linux 6.1 arch/powerpc/platforms/pseries/mobility.c
 */
#pragma once

#include "libdrmgr/core/xact.h"

struct tree_update {
	unsigned int done;    /* nodes */
	unsigned int skipped; /* the tree has not got them */
	unsigned int failed;  /* nodes, and answers that made no sense */
};

/* Is there a way to change the tree, and does firmware have the calls? 0; -ENODEV it has
 * not, so that there is nothing to update; else why it cannot be done. */
int tree_update_probe(const struct dr_ctx *dr);

/* Takes the new firmware into use, and updates the tree. 0, or the first error. */
int tree_update_run(struct xact *x, uint32_t scope, struct tree_update *told);

/* Before what makes the update necessary: whoever finds it in the journal updates. */
int tree_update_push(struct xact *x, uint32_t scope);
