/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bus.h - how a device is called by the adapter that it is behind
 *
 * Layer:   ofpathtool's library
 */
#pragma once

#include "ofpathtool/handle.h"

/* A device and its adapter. */
struct way {
	struct ofp *h;
	const struct place *place;
	const struct adapter *adapter; /* NULL: there is none */
	enum ofp_dialect dialect;
};

struct bus {
	const char *kind;
	bool (*is_mine)(const struct way *way);
	/* What follows the adapter's node: "/disk@8000000000000000". 0, enum ofp_error. */
	int (*tail)(const struct way *way, char *tail, size_t size,
		    struct ofp_unit *unit);
	/* The n-th other thing that firmware or a VMM calls it; NULL: there is none. */
	bool (*other)(const struct way *way, unsigned n, char *tail, size_t size);
};

/* 0, OFP_ENOMEM. */
int way_of(struct ofp *h, const struct place *place, struct way *way);

/* NULL: of no bus that firmware knows. */
const struct bus *bus_of(const struct way *way);

extern const struct bus bus_net;
extern const struct bus bus_nvme, bus_nvme_fabrics;
extern const struct bus bus_usb, bus_fc, bus_vscsi, bus_sas, bus_ipr;
extern const struct bus bus_virtio_scsi, bus_virtio_blk, bus_ide, bus_scsi;

/* A LUN of Linux as the eight bytes of SAM-2, in hexadecimal without leading zeros;
 * "" is LUN 0. */
const char *bus_sam_lun(uint64_t lun, char text[17]);

/* The text fitted: 0, else OFP_ENOINFO. */
int bus_put(char *tail, size_t size, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* What the kernel's address of a SCSI device says. */
void bus_put_scsi(const struct place *place, struct ofp_unit *unit);

/* An attribute that is a hexadecimal number, "0x5000c50012345678", without its prefix. */
bool bus_hex(const struct way *way, char digits[17], const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* Last component of the adapter's node, without the unit address, is this. */
bool bus_node_is(const struct way *way, const char *name);

/* The adapter of an NVMe controller that is reached over Fibre Channel. 0, OFP_ENOMEM;
 * NULL there is none. */
int nvme_fabrics_adapter(struct ofp *h, const struct place *place,
			 const struct adapter **adapter);
