/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * result.h - the result for one resource: a slot, a host bridge, a processor, an LMB
 *
 * Memory:  struct dr_result owns all that it has, and the steps of its transaction; end
 *          result.mem.
 */
#pragma once

#include "base/mem.h"
#include "libdrmgr/core/error.h"
#include "wire/drc.h"

/* A device of Linux for the resource: a PCI function, a CPU, a memory block. */
struct dr_device {
	char name[64];		 /* "0000:00:01.0" */
	const char *node;	 /* of a PCI function; NULL: not known */
	char driver[64];	 /* empty if there is no driver */
	const char **interfaces; /* "eth0", "vda" */
	size_t n_interfaces;
};

struct dr_devices {
	struct dr_device *list;
	size_t n;
};

/* A connector that was changed together with that of the request: a card below it, or the
 * second path of its card. */
struct dr_other {
	uint32_t index;
	const char *name;
	const char *node; /* NULL: not known */
	struct dr_devices devices;
};

/* What a report of an end has: the devices of several resources are known only after all. */
enum dr_part { DR_PART_ALL, DR_PART_CHANGE, DR_PART_DEVICES };

struct dr_result {
	struct mem mem;
	enum dr_part part;
	struct dr_error error;
	bool is_undo_incomplete;
	/* If is_undo_incomplete: what may differ from before, in words. */
	const char **left;
	size_t n_left;
	bool is_removed;	   /* replace: the old card is removed for good */
	bool is_as_before;	   /* it is done, and was so before */
	const char *node;	   /* the node that was added or removed */
	struct dr_devices devices; /* below that node, if the request was to list them */
	struct dr_other *others;   /* in the order of their first steps */
	size_t n_others;
};

/* Add a copy. */
void dr_devices_add(struct mem *m, struct dr_devices *devices,
		    const struct dr_device *device);
