/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * place.h - where a device is in sysfs, and what the folders above it say of it
 *
 * "sys/devices/pci0000:00/0000:00:03.0/virtio1/host0/target0:0:3/0:0:3:1/block/sdc": from
 * the names alone one can tell what kind of device it is, and most of its address.
 *
 * Errors:  negative errno.
 * Layer:   ofpathtool's library
 */
#pragma once

#include <limits.h>

#include "ofpathtool/source.h"

enum place_kind { PLACE_DISK, PLACE_NET, PLACE_NVME };

/* A component of the folder's path; end 0: there is none. */
struct span {
	size_t begin, end;
};

struct place {
	enum place_kind kind;
	char name[OFP_NAME_MAX + 1];
	char disk[OFP_NAME_MAX + 1]; /* the name without partition */
	char dir[PATH_MAX];	     /* of the disk, the interface, the controller */
	char via[PATH_MAX]; /* of the controller, where an NVMe namespace has several */
	unsigned partition;

	struct span scsi;	/* "0:0:3:1" */
	struct span host;	/* "host0" */
	struct span rport;	/* "rport-0:0-1", of Fibre Channel */
	struct span end_device; /* "end_device-0:0", of SAS */
	struct span session;	/* "session1", of iSCSI */
	struct span ata;	/* "ata1" */
	struct span virtio;	/* "virtio1" */
	struct span usb_root;	/* "usb1" */
	struct span usb;	/* "1-2.3", the last of them */
	struct span ide;	/* "0.1" */
	struct span nvme;	/* "nvme0", the controller */
	struct span fabrics;	/* "nvme-fabrics" */
	struct span subsystem;	/* "nvme-subsys0": of several controllers */
	uint32_t channel, target;
	uint64_t lun;
};

/* A name as the kernel gives it: in one of its folders of links. -ENOENT no such. */
int place_find(struct source *src, enum place_kind kind, const char *name,
	       struct place *place);

/* A device number, "8:1". */
int place_find_number(struct source *src, bool is_block, unsigned major, unsigned minor,
		      struct place *place);

/* A folder that is known already. */
int place_at(struct source *src, enum place_kind kind, const char *name, const char *dir,
	     struct place *place);

/* A block device's folder is that of a partition. */
bool place_is_partition(struct source *src, const char *name, const char *dir);

/* A component's text. "" if there is none. */
const char *place_text(const struct place *place, struct span span, char *text,
		       size_t size);

/* Which of two comes first: sda, sda1, sda10, sdb, sdaa; nvme0n9, nvme0n10. */
int place_compare_names(const char *a, const char *b);

void place_sort_names(struct kern_names *names);

/* What a disk's partition is called; malloc'ed, NULL without memory. */
char *place_partition_name(const char *disk, unsigned partition);

/* "sys/class/block" */
const char *place_folder(enum place_kind kind);
