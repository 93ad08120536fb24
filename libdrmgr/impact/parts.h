/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * parts.h - interface between the parts of the search for impacts
 *
 * Each part calls only those before it:
 *   use.c        uses and their list
 *   function.c   PCI functions
 *   block.c      block devices
 *   layer.c      layers on block devices
 *   interface.c  network interfaces
 *   remote.c     disks that are reached through interfaces
 *   mounts.c     mounts and swap
 *   hidden.c     claims, and mounts that lead to no device
 *   search.c     consoles, and the search
 *
 * Errors:  only -ENOMEM; a fact that cannot be read makes the search incomplete.
 */
#pragma once

#include "libdrmgr/impact/impact.h"
#include "kern/claim.h"
#include "kern/mounts.h"

/* Paths in /sys/devices contain one of these names: "/0000:00:01.0/". */
struct impact_devices {
	struct kern_names in_path;
};

/* A block device of the system. */
struct impact_block {
	char *name;   /* "vda2", "dm-0" */
	char *target; /* NULL, or where its link in sysfs leads */
	char *parent; /* NULL, or the disk of a partition */
	char *label;  /* if lost: the name for users, "vg0-root" */
	char *chain;  /* if lost: "vda2 > md0" */
	unsigned int major, minor;
	bool is_lost;
	bool is_unsure;	  /* if lost: below is a mount whose server is unknown */
	bool is_split;	  /* it has partitions */
	bool is_used;	  /* another layer, a mount or swap uses it */
	bool is_degraded; /* it survived the loss of one of its devices */
	char *cause;	  /* the chain of that device */
	enum claim claim; /* if it is lost and has no use */
};

struct impact_blocks {
	struct impact_block *list; /* by name */
	size_t n;
	size_t *queue; /* lost devices, in the order of their loss */
	size_t n_lost, n_spread;
};

/* An address or a route of a lost interface. */
struct impact_net_fact {
	enum impact_kind kind;
	size_t interface;
	char *text;
};

/* The lost interfaces, in the order of their loss. */
struct impact_interfaces {
	struct kern_names names;
	struct kern_names chains;
	struct impact_net_fact *facts;
	size_t n_facts;
};

/* A mount: its chain if it is lost, else NULL. */
struct impact_mount {
	char *chain;
	bool is_unsure; /* its server is unknown */
};

struct impact_search {
	const struct dr_ctx *dr;
	struct impacts *out;
	struct impact_devices devices;
	struct impact_blocks blocks;
	struct impact_interfaces interfaces;
	struct mount_table mounts;
	struct impact_mount *mount; /* for each of mounts */
};

/* Add a copy of an impact. Return 0 or -ENOMEM. */
int impact_add(struct impacts *out, const struct dr_impact *impact);

/* Add an impact that is not degraded. */
int impact_report(struct impact_search *s, enum impact_kind kind, const char *what,
		  const char *through, bool is_fatal);

/* Return true if there is an impact of this kind and name. */
bool impacts_have(const struct impacts *out, enum impact_kind kind, const char *what);

/* Return true if a path of /sys/devices is below one of the devices. */
bool impact_is_below(const struct impact_devices *devices, const char *target);

/* Return "vda2 > md0" for "vda2" and "md0". The caller frees it. */
char *impact_chain(const char *below, const char *name);

/* Add the name of a device. */
int impact_device_add(struct impact_devices *devices, const char *name);

/* Add the functions of these nodes, and their virtual functions. Report programs that drive
 * them, and interfaces in other network namespaces. */
int impact_functions_read(struct impact_search *s, const char *const *nodes, size_t n);

/* Read the block devices of the system. Mark those below the devices as lost. */
int impact_blocks_read(struct impact_search *s);
void impact_blocks_free(struct impact_blocks *blocks);
struct impact_block *impact_block_find(const struct impact_blocks *blocks,
				       const char *name);

/* Mark a block device as lost. below is the chain of the device under it; NULL: it is
 * removed itself. */
int impact_block_lose(struct impact_search *s, struct impact_block *b, const char *below);

/* Read the path of the file or device on which a loop or zram device is. */
bool impact_block_backing(const struct impact_search *s, const struct impact_block *b,
			  char *path, size_t size);

/* Return the block device of a path in /dev, or NULL. */
struct impact_block *impact_block_of_path(struct impact_search *s, const char *path);

/* A layer has lost the device below. Mark it as lost and report it, or as degraded. */
int impact_layer_lose(struct impact_search *s, struct impact_block *b,
		      const struct impact_block *below);

/* Mark all layers on lost devices. */
int impact_layers_spread(struct impact_search *s);

/* Report the layers that lost a device and survived. */
int impact_layers_degraded(struct impact_search *s);

/* Find the interfaces below the devices, and those on them. Report bonds, bridges and
 * others on them. */
int impact_interfaces_read(struct impact_search *s);
void impact_interfaces_free(struct impact_interfaces *lost);

/* Report the addresses and routes of lost interfaces. */
int impact_interfaces_report(struct impact_search *s);

/* Return the chain of the lost interface through which this address is reached, or
 * NULL. */
const char *impact_chain_to(const struct impact_search *s, const char *address);

/* Return the chain of the next lost interface that has an address or a route, or NULL.
 * *at begins with 0. */
const char *impact_chain_out(const struct impact_search *s, size_t *at);

/* Mark the disks that are reached through lost interfaces. */
int impact_remote_disks(struct impact_search *s);

/* Report the mounts and swap on lost devices and interfaces. Mark their loop devices as
 * lost. */
int impact_mounts_search(struct impact_search *s);
void impact_mounts_free(struct impact_search *s);

/* Return true for a mount point that the system needs. */
bool impact_mount_is_vital(const char *point);

/* Test whether the source names a device. Any user chooses the source of a FUSE mount; a
 * FUSE mount of a device has the device's number. */
bool impact_mount_names_device(const struct mount_entry *m);

/* Return true for a file system of another machine. */
bool impact_mount_is_remote(const struct mount_entry *m);

/* Visit each path that an option of the file system names. A value other than 0 ends the
 * visit and is returned. */
typedef int impact_path_visitor(struct impact_search *s, const struct mount_entry *m,
				const char *path, void *to);
int impact_mount_each_path(struct impact_search *s, const struct mount_entry *m,
			   impact_path_visitor *visit, void *to);

/* Return the mount of a layer, or NULL: what its path was when the overlay was mounted. On
 * the root file system each other mount is newer, or was moved there. */
const struct mount_entry *impact_layer_mount(const struct impact_search *s,
					     const char *path,
					     const struct mount_entry *m);

/* Report lost block devices without a visible use that the kernel keeps for a holder, and
 * mounts that the system needs and that may be on them. */
int impact_hidden_search(struct impact_search *s);
