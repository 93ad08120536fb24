/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * place.h - a device's directory in sysfs, and the names of its parent directories
 *
 * "sys/devices/pci0000:00/0000:00:03.0/virtio1/host0/target0:0:3/0:0:3:1/block/sdc": the
 * names contain the kind of the device, and most of its address.
 *
 * Errors:  negative errno.
 * Layer:   ofpathtool's library
 */
#pragma once

#include <limits.h>

#include "base/mem.h"
#include "ofpathtool/source.h"

enum place_kind { PLACE_DISK, PLACE_NET, PLACE_NVME };

/* A component of the directory's path; end 0: it does not exist. */
struct span {
	size_t begin, end;
};

struct place {
	enum place_kind kind;
	char name[OFP_NAME_MAX + 1];
	char disk[OFP_NAME_MAX + 1]; /* the name without partition */
	char dir[PATH_MAX];	     /* directory of the disk, interface or controller */
	char via[PATH_MAX]; /* of the controller, if an NVMe namespace has several */
	unsigned partition;

	struct span scsi;	/* "0:0:3:1" */
	struct span host;	/* "host0" */
	struct span rport;	/* "rport-0:0-1" (Fibre Channel) */
	struct span end_device; /* "end_device-0:0" (SAS) */
	struct span session;	/* "session1" (iSCSI) */
	struct span ata;	/* "ata1" */
	struct span virtio;	/* "virtio1" */
	struct span usb_root;	/* "usb1" */
	struct span usb;	/* "1-2.3", the last such component */
	struct span ide;	/* "0.1" */
	struct span nvme;	/* "nvme0", the controller */
	struct span fabrics;	/* "nvme-fabrics" */
	struct span subsystem;	/* "nvme-subsys0": shared by several controllers */
	uint32_t channel, target;
	uint64_t lun;
};

/* Find a device by the kernel's name, in the kernel's directory of links. Return -ENOENT
 * if it does not exist. */
int place_find(struct source *src, enum place_kind kind, const char *name,
	       struct place *place);

/* Find a device by its number, "8:1". */
int place_find_number(struct source *src, bool is_block, unsigned major, unsigned minor,
		      struct place *place);

/* Fill in a place from a directory that is already known. */
int place_at(struct source *src, enum place_kind kind, const char *name, const char *dir,
	     struct place *place);

/* Return true if the directory of a block device is that of a partition. */
bool place_is_partition(struct source *src, const char *name, const char *dir);

/* Return the text of a component, "" if it does not exist. */
const char *place_text(const struct place *place, struct span span, char *text,
		       size_t size);

void place_sort_names(struct kern_names *names);

/* Return the name of a disk's partition. */
const char *place_partition_name(struct mem *m, const char *disk, unsigned partition);

/* Return a kind's directory: "sys/class/block". */
const char *place_folder(enum place_kind kind);
