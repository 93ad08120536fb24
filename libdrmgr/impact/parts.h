/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * parts.h - interface between the parts of the search for impacts
 *
 * search.c: devices and consoles; block.c: block devices and layers on them;
 * layer.c: survival of a layer; mounts.c: mounts and swap; net.c:
 * network interfaces.
 *
 * Errors:  only -ENOMEM; a fact that cannot be read makes the search incomplete.
 */
#pragma once

#include "libdrmgr/impact/impact.h"
#include "kern/mounts.h"

/* Paths in /sys/devices contain one of these names: "/0000:00:01.0/". */
struct impact_devices {
	struct kern_names in_path;
};

/* A block device of the system. */
struct impact_block {
	char *name;   /* "vda2", "dm-0" */
	char *parent; /* NULL, or the disk of a partition */
	char *label;  /* if lost: the name for users, "vg0-root" */
	char *chain;  /* if lost: "vda2 > md0" */
	unsigned int major, minor;
	bool is_lost;
	bool is_used;	  /* another layer, a mount or swap uses it */
	bool is_degraded; /* it survived the loss of one of its devices */
	char *cause;	  /* the chain of that device */
};

struct impact_blocks {
	struct impact_block *list; /* by name */
	size_t n;
	size_t *queue; /* lost devices, in the order of their loss */
	size_t n_lost, n_spread;
};

struct impact_search {
	const struct dr_ctx *dr;
	struct impacts *out;
	struct impact_devices devices;
	struct impact_blocks blocks;
	struct mount_table mounts;
	/* By mount: its chain if it is lost, else NULL. The array is NULL until mounts
	 * are read. */
	char **mount_chain;
};

/* Add a copy of an impact. Return 0 or -ENOMEM. */
int impact_add(struct impacts *out, const struct dr_impact *impact);

/* Return true if a path of /sys/devices is below one of the devices. */
bool impact_is_below(const struct impact_devices *devices, const char *target);

/* Return "vda2 > md0" for "vda2" and "md0". The caller frees it. */
char *impact_chain(const char *below, const char *name);

/* Read the block devices of the system. Mark those below the devices as lost. */
int impact_blocks_read(struct impact_search *s);
void impact_blocks_free(struct impact_blocks *blocks);
struct impact_block *impact_block_find(const struct impact_blocks *blocks,
				       const char *name);

/* Mark a block device as lost. below is the chain of the device under it; NULL: it is
 * removed itself. */
int impact_block_lose(struct impact_search *s, struct impact_block *b, const char *below);

/* Mark all layers on lost devices. */
int impact_blocks_spread(struct impact_search *s);

/* Report the layers that lost a device and survived. */
int impact_blocks_degraded(struct impact_search *s);

/* Return the block device of a path in /dev, or NULL. */
struct impact_block *impact_block_of_path(struct impact_search *s, const char *path);

/* The state of a layer that has lost devices. */
enum impact_layer { LAYER_LOST, LAYER_SURVIVES };

struct impact_layer_state {
	enum impact_kind kind;
	enum impact_layer end;
	char what[256]; /* the name to report; empty: nothing to report */
};

struct impact_layer_state impact_layer_of(struct impact_search *s,
					  const struct impact_block *b);

/* Find the NVMe disk to which several controllers have paths. */
int impact_nvme_head(const char *path, char *head, size_t size);
bool impact_nvme_has_path(struct impact_search *s, const char *head);

/* Read the mounts, unless they were read before. */
int impact_mounts_read(struct impact_search *s);

/* Report the mounts and swap on lost devices. Mark their loop devices as lost. */
int impact_mounts_search(struct impact_search *s);

/* Report the network interfaces below the devices, and their uses. */
int impact_net_search(struct impact_search *s);

/* Return true for a mount point that the system needs. */
bool impact_is_vital(const char *point);
