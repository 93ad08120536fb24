// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Disks on adapters whose node has a child "sas". Adapters of LSI and Broadcom identify a
 * disk by its SAS address, IBM's own (ipr) by a number.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "ofpathtool/bus.h"

enum { VENDOR_LSI = 0x1000 };

static bool sas_is_disk(const struct way *way)
{
	return way->place->kind == PLACE_DISK && way->place->scsi.end &&
	       tree_has(&way->h->src, way->adapter->node, "sas");
}

static bool sas_matches(const struct way *way)
{
	uint32_t vendor;

	return sas_is_disk(way) && way->dialect != OFP_COMPAT &&
	       !tree_cell(&way->h->src, &vendor, way->adapter->node, "vendor-id") &&
	       vendor == VENDOR_LSI;
}

static int sas_append_address(char *tail, size_t size, const char *address,
			      const struct place *place)
{
	char lun[17];

	bus_sam_lun(place->lun, lun);
	return bus_format(tail, size, "/sas/disk@%s%s%s", address, *lun ? "," : "", lun);
}

static int sas_tail(const struct way *way, char *tail, size_t size, struct ofp_unit *unit)
{
	const struct place *place = way->place;
	char device[OFP_NAME_MAX + 1];

	place_text(place, place->end_device, device, sizeof(device));
	if (!*device || !bus_hex(way, unit->wwn, "%.*s/sas_device/%s/sas_address",
				 (int)place->end_device.end, place->dir, device))
		return OFP_ENOINFO;
	bus_fill_scsi(place, unit);
	return sas_append_address(tail, size, unit->wwn, place);
}

const struct bus bus_sas = { "sas", sas_matches, sas_tail, NULL };

/* Read the number of 64 bits that newer firmware of these adapters gives each disk. */
static bool sas_has_long_id(const struct way *way, char id[17])
{
	const struct place *place = way->place;
	char host[OFP_NAME_MAX + 1], type[24];

	place_text(place, place->host, host, sizeof(host));
	return !source_text(&way->h->src, type, sizeof(type), "%.*s/scsi_host/%s/fw_type",
			    (int)place->host.end, place->dir, host) &&
	       !strcmp(type, "1") &&
	       bus_hex(way, id, "%.*s/device_id", (int)place->scsi.end, place->dir);
}

static int sas_ipr_tail(const struct way *way, char *tail, size_t size,
			struct ofp_unit *unit)
{
	const struct place *p = way->place;
	uint64_t number = (uint64_t)p->channel << 16 | (uint64_t)p->target << 8 | p->lun;
	char id[17];

	bus_fill_scsi(p, unit);
	if (sas_has_long_id(way, id))
		return sas_append_address(tail, size, id, p);
	if (p->lun)
		return bus_format(tail, size, "/sas/disk@%" PRIx64 ",%" PRIx64, number,
				  p->lun);
	return bus_format(tail, size, "/sas/disk@%" PRIx64, number);
}

const struct bus bus_ipr = { "ipr", sas_is_disk, sas_ipr_tail, NULL };
