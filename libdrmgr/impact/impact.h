/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * impact.h - find what Linux loses if devices are removed
 *
 * The search begins at the devices of the nodes and follows their uses upward. First are
 * block devices and network interfaces. Layers on them are partitions, volumes, arrays,
 * multipath devices and bonds. Uses of these are mounts, swap, addresses and routes. All
 * nodes of a removal are searched together, so a device is lost if both of its paths are
 * removed.
 *
 * A layer that survives without the lost devices is reported as degraded, and nothing
 * above it is lost. A layer of an unknown kind is lost with any of its devices. What is
 * reached over a network in an unknown way is perhaps lost with each interface.
 *
 * The kernel keeps a disk for a holder that no file of the kernel names: a mount of another
 * namespace, an external journal, a member of a ZFS pool. The disk is then claimed.
 *
 * This list is for information. A removal is refused by a search in the other direction
 * (needs.c): from what the system needs downward, to cards that stay.
 *
 * Programs may have a device of the card open without a claim.
 *
 * Memory:  all of it is in impacts.mem, which the caller sets and ends.
 * Errors:  negative errno.
 */
#pragma once

#include "base/mem.h"
#include "libdrmgr/core/xact.h"

enum impact_kind {
	IMPACT_MOUNT,	      /* what = mount point: "/" is the root file system */
	IMPACT_CLAIMED,	      /* a block device with a holder that nothing else names */
	IMPACT_SWAP,	      /* device or file */
	IMPACT_VOLUME_GROUP,  /* of LVM */
	IMPACT_ARRAY,	      /* md, or a mirror of LVM */
	IMPACT_MAPPING,	      /* dm-crypt, another mapping, bcache, an unknown layer */
	IMPACT_MULTIPATH,     /* of device-mapper or NVMe */
	IMPACT_FILE_SYSTEM,   /* over several devices: its UUID */
	IMPACT_ADDRESS,	      /* "192.0.2.5/24" */
	IMPACT_DEFAULT_ROUTE, /* "default via 192.0.2.1" */
	IMPACT_BOND,
	IMPACT_BRIDGE,
	IMPACT_INTERFACE, /* another interface over the lost one: "eth0.5", "ovs-system" */
	IMPACT_NAMESPACE,   /* a function whose interface is in another one */
	IMPACT_USER_DRIVER, /* the open file through which a program drives a function */
	IMPACT_CONSOLE,	    /* "hvc0" */
	IMPACT_NFS_ROOT,    /* "/": its server is reached through the interface */
	IMPACT_OPEN,	    /* a program that has a device open: its name */
	IMPACT_EXPORT,	    /* the kernel serves a disk to other machines: "nvmet NQN" */
	IMPACT_AFFINITY,    /* a program that may only run on a core: its name */
	IMPACT_KINDS,
};

/* The part of a lost card that a need may depend on; name NULL: none. */
struct impact_carrier {
	enum {
		CARRIER_DISK, /* in use */
		CARRIER_NET,  /* up */
		CARRIER_CARD, /* a function of PCI with neither */
	} kind;
	const char *name; /* "sda" */
};

struct dr_impact {
	enum impact_kind kind;
	const char *what;
	const char *through; /* from the lost device upward: "vda2 > md0 > vg0-root" */
	struct impact_carrier carrier; /* of a need, below "through" */
	bool is_fatal;		       /* the system fails without it */
	bool is_degraded;	       /* it stays online, with less redundancy */
	bool is_unsure; /* it may be reached in another way, or be unused */
	bool is_note;	/* no use is known: dr.no_loss permits it */
	int pid;	/* of the program; 0: none */
};

struct impacts {
	struct mem *mem;
	struct dr_impact *list;
	size_t n;
	bool is_incomplete; /* a file or the kernel's socket could not be read */
};

/* Return true if there is an impact of this kind and name. */
bool impacts_have(const struct impacts *out, enum impact_kind kind, const char *what);

/* Return the name of a kind as in JSON documents: "mount", "default-route". */
const char *impact_kind_name(enum impact_kind kind);

/* Return a sentence without a full stop, control bytes escaped. */
const char *impact_text(struct mem *m, const struct dr_impact *impact);

/* Find what Linux loses with the devices of these device-tree nodes and of nodes below
 * them. Return 0 or -ENOMEM. */
int impact_find(const struct dr_ctx *dr, const char *const *nodes, size_t n,
		struct impacts *impacts);

/* Report the impacts that are not in *reported, and add them to it. Refuse the removal if
 * the system would fail (unless dr.force), or with dr.no_loss if there is any impact.
 * Return 0, -EBUSY or -ENOMEM, and set xact.error. */
int impact_judge(struct xact *x, const struct impacts *found, struct impacts *reported);
/* The same for what impact_find() finds. */
int impact_check(struct xact *x, const char *const *nodes, size_t n,
		 struct impacts *reported);
