/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * impact_parts.h - what the parts of the search for consequences have of each other
 *
 * impact.c: devices and consoles; impact_block.c: block devices and what stands on them;
 * impact_layer.c: does a layer survive; impact_mounts.c: mounts and swap; impact_net.c:
 * network interfaces.
 *
 * Errors:  -ENOMEM alone; a fact that cannot be read makes the search incomplete.
 */
#pragma once

#include "libdrmgr/core/impact.h"
#include "kern/mounts.h"

/* Paths in /sys/devices lead through one of these: "/0000:00:01.0/". */
struct impact_devices {
	struct kern_names in_path;
};

/* A block device of the system. */
struct impact_block {
	char *name;   /* "vda2", "dm-0" */
	char *parent; /* NULL, or the disk of a partition */
	char *label;  /* once it is lost: what people call it, "vg0-root" */
	char *chain;  /* once it is lost: "vda2 > md0" */
	unsigned int major, minor;
	bool is_lost;
	bool is_used;	  /* something stands on it */
	bool is_degraded; /* it survived the loss of one of its devices */
	char *cause;	  /* the chain of that device */
};

struct impact_blocks {
	struct impact_block *list; /* by name */
	size_t n;
	size_t *queue; /* lost, in the order of their loss */
	size_t n_lost, n_spread;
};

struct impact_search {
	const struct dr_ctx *dr;
	struct impacts *out;
	struct impact_devices devices;
	struct impact_blocks blocks;
	struct mount_table mounts;
	char **mount_chain; /* of each mount that is lost; else NULL. NULL: not read */
};

/* 0, -ENOMEM; through is copied. */
int impact_add(struct impacts *out, const struct impact *impact);

/* Is the path below one of the devices? */
bool impact_is_below(const struct impact_devices *devices, const char *target);

/* "vda2 > md0" of "vda2" and "md0"; malloc'ed. */
char *impact_chain(const char *below, const char *name);

/* The block devices of the system, and the loss of those below the devices. */
int impact_blocks_read(struct impact_search *s);
void impact_blocks_free(struct impact_blocks *blocks);
struct impact_block *impact_block_find(const struct impact_blocks *blocks,
				       const char *name);

/* The loss of a device, which below carried (NULL: the device itself goes). */
int impact_block_lose(struct impact_search *s, struct impact_block *b, const char *below);

/* The loss of all that stands on lost devices. */
int impact_blocks_spread(struct impact_search *s);

/* Report the layers that lost a device and survived. */
int impact_blocks_degraded(struct impact_search *s);

/* The block device of a path in /dev; NULL: unknown. */
struct impact_block *impact_block_of_path(struct impact_search *s, const char *path);

/* How a layer ends that has lost devices. */
enum impact_layer { LAYER_LOST, LAYER_SURVIVES };

struct impact_layer_state {
	enum impact_kind kind;
	enum impact_layer end;
	char what[256]; /* what is reported; empty: nothing */
};

struct impact_layer_state impact_layer_of(struct impact_search *s,
					  const struct impact_block *b);

/* NVMe: the disk that several controllers have paths to. */
int impact_nvme_head(const char *path, char *head, size_t size);
bool impact_nvme_has_path(struct impact_search *s, const char *head);

/* Read the mounts, if that was not done before. */
int impact_mounts_read(struct impact_search *s);

/* Mounts and swap on what is lost; the loss of loop devices in turn. */
int impact_mounts_search(struct impact_search *s);

/* Network interfaces below the devices, and what uses them. */
int impact_net_search(struct impact_search *s);

/* Is it a place without which the system does not go on? */
bool impact_is_vital(const char *point);
