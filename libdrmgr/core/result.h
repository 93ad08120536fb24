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
	char *node;		      /* of a PCI function; NULL: not known */
	char driver[64];	      /* empty if there is no driver */
	struct kern_names interfaces; /* "eth0", "vda" */
};

struct dr_devices {
	struct dr_device *list;
	size_t n;
};

/* A connector that was changed together with that of the request: a card below it, or the
 * second path of its card. */
struct dr_other {
	uint32_t index;
	char *name;
	char *node; /* NULL: not known */
	struct dr_devices devices;
};

struct dr_result {
	struct dr_error error;
	bool is_undo_incomplete;
	/* If is_undo_incomplete: what may differ from before, in words. */
	struct kern_names left;
	bool is_removed;	   /* replace: the old card is removed for good */
	char *node;		   /* the node that was added or removed */
	struct dr_devices devices; /* below that node, if the request was to list them */
	struct dr_other *others;   /* in the order of their first steps */
	size_t n_others;
};

void dr_result_free(struct dr_result *result);
void dr_devices_free(struct dr_devices *devices);
/* Add a copy. Return 0; -ENOMEM: it is not added, or not whole. */
int dr_devices_add(struct dr_devices *devices, const struct dr_device *device);
void dr_others_free(struct dr_other *others, size_t n);
