/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * result.h - the result for one resource: a slot, a host bridge, a processor, an LMB
 *
 * Memory:  dr_result_free() frees what it owns; it accepts a zeroed one.
 */
#pragma once

#include "libdrmgr/core/error.h"
#include "kern/root.h"
#include "wire/drc.h"

/* A device of Linux for the resource: a PCI function, a CPU, a memory block. */
struct dr_device {
	char name[64];		      /* "0000:00:01.0" */
	char driver[64];	      /* empty if there is no driver */
	struct kern_names interfaces; /* "eth0", "vda" */
};

struct dr_result {
	struct dr_error error;
	bool is_undo_incomplete;
	/* If is_undo_incomplete: what may differ from before, in words. */
	struct kern_names left;
	bool is_removed;	   /* replace: the old card is removed for good */
	char *node;		   /* the node that was added or removed */
	struct dr_device *devices; /* below that node, if the request was to list them */
	size_t n;
	/* The other connector of a card with two paths, changed with this one, and its node.
	 * NULL: the card has one path. */
	const struct drc *partner;
	char *partner_node;
};

void dr_result_free(struct dr_result *result);
void dr_result_forget_devices(struct dr_result *result);
