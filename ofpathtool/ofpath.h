/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ofpath.h - the kernel's names of devices and firmware's paths, each from the other
 *
 * A handle looks at one system: the running one, or a captured tree. It keeps what it has
 * read until ofp_refresh(). No global state; a handle belongs to one thread at a time.
 *
 * Names:    as the kernel has them ("sda1", "eth0", "nvme0n1"), or a path to a device
 *           node or to a link that leads to one.
 * Paths:    as firmware has them: "/pci@800000020000000/scsi@3/disk@100000000000000:1",
 *           at most OFP_PATH_MAX bytes.
 * Memory:   results and lists are the caller's.
 * Errors:   0 or an enum ofp_error, unless a function says otherwise.
 * Source:   IEEE 1275-1994 4.3 (path names); powerpc-utils' ofpathname, whose answers
 *           these are; SLOF for what its drivers name their children
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
	OFP_ENOINFO,	 /* sysfs does not say what is needed */
	OFP_ENOTCONF,	 /* there is no such device */
	OFP_ENOLOGDEV,	 /* no device has this path */
	OFP_EINVAL,	 /* not a path at all */
	OFP_ENOMEM,
	OFP_EAMBIGUOUS, /* a path without a unit address, and more than one fits */
};

/* Whose words a path is made of. */
enum ofp_dialect {
	OFP_AUTO,   /* as the machine says */
	OFP_SLOF,   /* QEMU */
	OFP_PFW,    /* PowerVM */
	OFP_MAC,    /* PowerMac, PowerBook */
	OFP_EFIKA,  /* Efika 5200B */
	OFP_COMPAT, /* ofpathname of powerpc-utils, with its mistakes */
};

enum ofp_flag {
	OFP_STRICT = 1,	    /* what the device tree does not know is an error */
	OFP_WHOLE_DISK = 2, /* leave partitions out */
	OFP_EACH = 4,	    /* all paths, or all devices, and not the first alone */
};

enum { OFP_PATH_MAX = 4096, OFP_NAME_MAX = 255 };

/* What the last component of a path is made of. */
struct ofp_unit {
	bool is_scsi;
	uint32_t channel, target;
	uint64_t lun;
	char wwn[17];	/* world wide port name or SAS address, hexadecimal; "" none */
	uint32_t nsid;	/* of an NVMe namespace; 0 none */
	char ports[64]; /* of a USB device, from the controller on: "2.3"; "" none */
};

struct ofp_result {
	struct ofp_result *next;
	char *device;
	char *path;
	char *adapter;	    /* node of the adapter */
	const char *kind;   /* "virtio-blk", "vscsi", "fc", ... */
	unsigned partition; /* 0 none */
	struct ofp_unit unit;
	char *below; /* the device that was asked for, if this is one below it; or NULL */
	char *note;  /* what is doubtful about it, or NULL */
};

/* sysroot NULL: the running system. 0, negative errno. */
int ofp_open(struct ofp **handle, const char *sysroot);
void ofp_close(struct ofp *h);

void ofp_set_dialect(struct ofp *h, enum ofp_dialect dialect);

/* The platform is a host without such firmware (PowerNV). */
bool ofp_is_bare_metal(struct ofp *h);

/* Copies what is looked at from now on into a folder, which can be a sysroot then.
 * 0, negative errno. */
int ofp_record(struct ofp *h, const char *folder);
/* What went wrong in that: 0, negative errno. */
int ofp_record_error(const struct ofp *h);

/* A device's paths: the first is the one to use. More than one with OFP_EACH, where
 * several devices are below (multipath, RAID, bonding). */
int ofp_from_device(struct ofp *h, const char *name, unsigned flags,
		    struct ofp_result **results);

/* The device of a path, whose beginning may be an alias. All that fit with OFP_EACH; the
 * first has a note if there are others. */
int ofp_to_device(struct ofp *h, const char *path, unsigned flags,
		  struct ofp_result **results);

/* Every block and network device that has a path. */
int ofp_list(struct ofp *h, unsigned flags, struct ofp_result **results);

void ofp_result_free(struct ofp_result *results);

/* Names in /aliases of what is the same as this path: a list that ends with NULL. */
int ofp_aliases(struct ofp *h, const char *path, char ***names);
void ofp_names_free(char **names);

/* Whether two paths name the same: hexadecimal numbers by their value, whatever the
 * arguments are. Pure. */
bool ofp_equal(const char *one, const char *other);

/* From now on something may happen for so long. 0, negative errno. */
int ofp_wait_begin(struct ofp *h, unsigned seconds);
/* True: something has happened, and the handle looks again. False: time is over. */
bool ofp_wait(struct ofp *h);
