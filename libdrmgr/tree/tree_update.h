/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * tree_update.h - update the device tree to match firmware's description
 *
 * After a migration, ibm,update-nodes lists the nodes to delete, change and add.
 * ibm,update-properties returns the properties of a changed node, and
 * ibm,configure-connector a new node. Whatever firmware's order, nodes are deleted first,
 * then properties are changed, then nodes are added.
 *
 * The machine has changed already, so nothing is undone. A change that fails is reported
 * as a warning, and the remaining changes are made. A repeated update makes the missing
 * changes, so a killed run is completed by the next one.
 *
 * Source:  PAPR+ 7.4.8, Linux 6.1 arch/powerpc/platforms/pseries/mobility.c
 */
#pragma once

#include "libdrmgr/core/xact.h"

struct tree_update {
	unsigned int done;    /* nodes */
	unsigned int skipped; /* the tree does not have them */
	unsigned int failed;  /* nodes, and invalid answers */
};

/* Check that the tree can be changed and that firmware has the calls. Return 0; -ENODEV:
 * firmware has no such calls, so there is nothing to update; or the error of the kernel's
 * file. */
int tree_update_probe(const struct dr_ctx *dr);

/* Activate the new firmware, and update the tree. Return 0 or the first error. */
int tree_update_run(struct xact *x, uint32_t scope, struct tree_update *told);

/* Record the update in the journal before a migration: a recovery then updates the
 * tree. */
int tree_update_push(struct xact *x, uint32_t scope);
