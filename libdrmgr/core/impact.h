/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * impact.h - what Linux loses when devices go
 *
 * The search goes up from the devices of the nodes: block devices and network interfaces
 * below them, what stands on those (partitions, volumes, arrays, multipath, bonds), and
 * what uses that: mounts, swap, addresses, routes. All nodes that go together are searched
 * together: then a device with two paths that both go is lost.
 *
 * A layer that survives without the lost devices is reported as degraded, and nothing
 * above it. A layer of an unknown kind is lost with any of its devices.
 *
 * Not found: uses in other mount namespaces, programs that use a disk themselves, members
 * of ZFS pools (except below a mount that the system needs), network block devices and
 * iSCSI over an interface that goes.
 *
 * Memory:  impacts_free() frees what a search found; it accepts a zeroed one.
 * Errors:  negative errno.
 */
#pragma once

#include "libdrmgr/core/xact.h"

enum impact_kind {
	IMPACT_MOUNT,	      /* what = mount point: "/" is the root file system */
	IMPACT_SWAP,	      /* device or file */
	IMPACT_VOLUME_GROUP,  /* of LVM */
	IMPACT_ARRAY,	      /* md, or a mirror of LVM */
	IMPACT_MAPPING,	      /* dm-crypt, another mapping, bcache, an unknown layer */
	IMPACT_MULTIPATH,     /* of device-mapper or NVMe */
	IMPACT_FILE_SYSTEM,   /* over several devices: its UUID */
	IMPACT_ADDRESS,	      /* "192.0.2.5/24" */
	IMPACT_DEFAULT_ROUTE, /* "default via 192.0.2.1" */
	IMPACT_BOND,	      /* a bond or another device over several interfaces */
	IMPACT_BRIDGE,
	IMPACT_CONSOLE,	 /* "hvc0" */
	IMPACT_NFS_ROOT, /* "/": its server is reached through the interface */
	IMPACT_KINDS,
};

struct impact {
	enum impact_kind kind;
	const char *what;
	const char *through; /* from the lost device upward: "vda2 > md0 > vg0-root" */
	bool is_fatal;	     /* the system does not survive it */
	bool is_degraded;    /* it stays in use, with less redundancy */
};

struct impacts {
	struct impact *list;
	size_t n;
	bool is_incomplete; /* a file or the kernel's socket could not be read */
};

void impacts_free(struct impacts *impacts);

#define _cleanup_impacts_ __attribute__((cleanup(impacts_free)))

/* "mount", "default-route": as documents have it. */
const char *impact_kind_name(enum impact_kind kind);

/* A sentence without a full stop, control bytes escaped; malloc'ed, NULL: out of memory. */
char *impact_text(const struct impact *impact);

/* Search what goes with the devices of these device-tree nodes and of those below them. 0,
 * -ENOMEM. */
int impact_find(const struct dr_ctx *dr, const char *const *nodes, size_t n,
		struct impacts *impacts);

/* Report what was not in *told before, add it there, and refuse the removal if the system
 * does not survive it (unless dr.force), or with dr.no_loss if there is anything. 0;
 * -EBUSY, or -ENOMEM, and xact.error. */
int impact_check(struct xact *x, const char *const *nodes, size_t n,
		 struct impacts *told);
