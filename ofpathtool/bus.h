/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bus.h - names of devices below their adapter
 *
 * Layer:   ofpathtool's library
 */
#pragma once

#include "ofpathtool/adapter.h"

/* A device and its adapter. */
struct way {
	struct ofp *h;
	const struct place *place;
	const struct adapter *adapter; /* NULL: not found */
	enum ofp_dialect dialect;
};

struct bus {
	const char *kind;
	bool (*is_mine)(const struct way *way);
	/* Write the part of the path after the adapter's node: "/disk@8000000000000000".
	 * Return 0 or an enum ofp_error. */
	int (*tail)(const struct way *way, char *tail, size_t size,
		    struct ofp_unit *unit);
	/* Write the n-th other name that firmware or a VMM uses. Return false if no more
	 * exist. NULL: the bus has none. */
	bool (*other)(const struct way *way, unsigned n, char *tail, size_t size);
};

/* Find the adapter of a device. */
struct way way_of(struct ofp *h, const struct place *place);

/* Return the bus of a device, or NULL if firmware knows no such bus. */
const struct bus *bus_of(const struct way *way);

extern const struct bus bus_net;
extern const struct bus bus_nvme, bus_nvme_fabrics;
extern const struct bus bus_usb, bus_fc, bus_vscsi, bus_sas, bus_ipr;
extern const struct bus bus_virtio_scsi, bus_virtio_blk, bus_ide, bus_scsi;

/* Convert a LUN of Linux to the eight bytes of SAM-2, in hexadecimal without leading
 * zeros. LUN 0 is "". */
const char *bus_sam_lun(uint64_t lun, char text[17]);

/* Format the text. Return 0, or OFP_ENOINFO if it does not fit. */
int bus_format(char *tail, size_t size, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Fill in unit from the kernel's address of a SCSI device. */
void bus_fill_scsi(const struct place *place, struct ofp_unit *unit);

/* Read an attribute that is a hexadecimal number, such as "0x5000c50012345678". Remove
 * its prefix. */
bool bus_hex(const struct way *way, char digits[17], const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Return true if the adapter's node has this name, without the unit address. */
bool bus_node_is(const struct way *way, const char *name);

/* Return the adapter of an NVMe controller that is reached over Fibre Channel, or NULL. */
const struct adapter *nvme_fabrics_adapter(struct ofp *h, const struct place *place);
