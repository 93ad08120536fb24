/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ofpath.h - convert between the kernel's names of devices and firmware's paths
 *
 * A handle belongs to one system: the running one, or a captured tree. It caches the data
 * that it reads until ofp_set_dialect() or ofp_wait(). The library has no global state. A
 * handle belongs to one thread at a time.
 *
 * Names:    as in the kernel ("sda1", "eth0", "nvme0n1"), or a path to a device node or
 *           to a link that leads to one.
 * Paths:    as in firmware: "/pci@800000020000000/scsi@3/disk@100000000000000:1", at most
 *           OFP_PATH_MAX bytes.
 * Memory:   results and lists belong to the handle, and are valid until ofp_forget().
 * Errors:   0 or an enum ofp_error, unless a function's comment says otherwise.
 * Source:   IEEE 1275-1994 4.3 (path names); powerpc-utils' ofpathname, for the answers;
 *           SLOF, for the nodes that its drivers create
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ofp;

/* The first five have the numbers that ofpathname has always had for them. */
enum ofp_error {
	OFP_ENOPATH = 1, /* the device has no path */
	OFP_ENOSYSFS,	 /* no /sys */
	OFP_ENOINFO,	 /* sysfs lacks an attribute that is needed */
	OFP_ENOTCONF,	 /* the device does not exist */
	OFP_ENOLOGDEV,	 /* no device has this path */
	OFP_EINVAL,	 /* not a path */
	OFP_ENOMEM,
	OFP_EAMBIGUOUS, /* a path without a unit address fits several devices */
};

/* The firmware whose names a path uses. */
enum ofp_dialect {
	OFP_AUTO,   /* detect the machine */
	OFP_SLOF,   /* QEMU */
	OFP_PFW,    /* PowerVM */
	OFP_MAC,    /* PowerMac, PowerBook */
	OFP_EFIKA,  /* Efika 5200B */
	OFP_COMPAT, /* ofpathname of powerpc-utils, including its errors */
};

enum ofp_flag {
	OFP_STRICT = 1,	    /* fail if the device tree does not know the device */
	OFP_WHOLE_DISK = 2, /* leave partitions out */
	OFP_EACH = 4,	    /* return all paths or devices, not only the first */
};

enum { OFP_PATH_MAX = 4096, OFP_NAME_MAX = 255 };

/* Parts of the last component of a path. */
struct ofp_unit {
	bool is_scsi;
	uint32_t channel, target;
	uint64_t lun;
	char wwn[17];	/* world wide port name or SAS address, hexadecimal; or "" */
	uint32_t nsid;	/* of an NVMe namespace; or 0 */
	char ports[64]; /* of a USB device, from the controller on: "2.3"; or "" */
};

struct ofp_result {
	struct ofp_result *next;
	const char *device;
	const char *path;
	const char *adapter; /* node of the adapter */
	const char *kind;    /* "virtio-blk", "vscsi", "fc", ... */
	unsigned partition;  /* 0: none */
	struct ofp_unit unit;
	const char *below; /* the requested device, if this result is below it; or NULL */
	const char *note;  /* why the result is uncertain, or NULL */
};

/* A lowest device below a device: a disk, a partition or an interface. */
struct ofp_slave {
	struct ofp_slave *next;
	const char *device;
	const char *path; /* NULL: it has none */
};

/* Open a handle. sysroot NULL: the running system. Return 0 or a negative errno. */
int ofp_open(struct ofp **handle, const char *sysroot);
void ofp_close(struct ofp *h);

/* Free all results and lists, and what ofp_why() returned. After OFP_ENOMEM, every search fails
 * until this call. */
void ofp_forget(struct ofp *h);

void ofp_set_dialect(struct ofp *h, enum ofp_dialect dialect);

/* Return true on a host without this firmware (PowerNV). */
bool ofp_is_bare_metal(struct ofp *h);

/* Copy all data that is read from now on to a directory, which can serve as a sysroot.
 * Return 0 or a negative errno. */
int ofp_record(struct ofp *h, const char *folder);
/* Return the first error of the copy: 0 or a negative errno. */
int ofp_record_error(const struct ofp *h);

/* Find a device's paths; use the first. OFP_EACH returns several if several devices are
 * below it (multipath, mirrors, bonding). A path without a note leads to the first bytes
 * of the device. A path with a note may not; the note has the reason. */
int ofp_from_device(struct ofp *h, const char *name, unsigned flags,
		    struct ofp_result **results);

/* Return why the last ofp_from_device() or ofp_to_device() of the handle found no path or
 * device, or NULL: no reason is known. Valid until the next call. */
const char *ofp_why(const struct ofp *h);

/* List all lowest devices below a device. The list is empty if the device is one. */
int ofp_slaves(struct ofp *h, const char *name, unsigned flags,
	       struct ofp_slave **slaves);

/* Find the device of a path, which may begin with an alias, or be in GRUB's form:
 * "ieee1275/PATH,msdos3". OFP_EACH returns all devices
 * with this path. The first result has a note if others exist. */
int ofp_to_device(struct ofp *h, const char *path, unsigned flags,
		  struct ofp_result **results);

/* List all block and network devices that have a path. */
int ofp_list(struct ofp *h, unsigned flags, struct ofp_result **results);

/* Return the aliases of this path. The list ends with NULL. NULL: memory is short. */
const char **ofp_aliases(struct ofp *h, const char *path);

/* Return true if two paths name the same node. Hexadecimal numbers compare by value. All
 * arguments except the partition are ignored. Pure. */
bool ofp_equal(const char *one, const char *other);

/* Begin a wait of at most this many seconds. Return 0 or a negative errno. */
int ofp_wait_begin(struct ofp *h, unsigned seconds);
/* Wait for a change of the devices and drop all cached data. Return true after a change,
 * false at the deadline. */
bool ofp_wait(struct ofp *h);
