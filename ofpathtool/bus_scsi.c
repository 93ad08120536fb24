// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Disks on adapters that have no names of their own for them: the oldest form of IEEE
 * 1275's binding for SCSI, and Apple's variant.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "ofpathtool/bus.h"

static bool scsi_matches(const struct way *way)
{
	return way->place->kind == PLACE_DISK && way->place->scsi.end;
}

/* Add the hosts in a directory. */
static int scsi_add_hosts(struct source *src, struct kern_names *hosts, const char *dir)
{
	_cleanup_names_ struct kern_names names = { 0 };
	int err = source_list(src, &names, "%s", dir);

	for (size_t i = 0; !err && i < names.n; i++)
		if (!strncmp(names.name[i], "host", 4))
			err = kern_names_add(hosts, names.name[i]);
	return err;
}

/* Return the number of the host among the adapter's connectors, from 0. */
static size_t scsi_plug(const struct way *way)
{
	_cleanup_names_ struct kern_names names = { 0 }, hosts = { 0 };
	const char *dir = way->adapter->found_in;
	struct source *src = &way->h->src;
	char host[OFP_NAME_MAX + 1];

	if (source_list(src, &names, "%s", dir) || scsi_add_hosts(src, &hosts, dir))
		return 0;
	for (size_t i = 0; i < names.n; i++) {
		char below[PATH_MAX];

		if ((size_t)snprintf(below, sizeof(below), "%s/%s", dir, names.name[i]) <
		    sizeof(below))
			scsi_add_hosts(src, &hosts, below);
	}
	place_sort_names(&hosts);

	place_text(way->place, way->place->host, host, sizeof(host));
	for (size_t i = 0; i < hosts.n; i++)
		if (!strcmp(hosts.name[i], host))
			return i;
	return 0;
}

static int scsi_mac_tail(const struct way *way, char *tail, size_t size)
{
	uint32_t target = way->place->target;

	if (bus_node_is(way, "scsi") || bus_node_is(way, "ata"))
		return bus_format(tail, size, "/@%" PRIx32, target);
	return bus_format(tail, size, "/@%zx/@%" PRIx32, scsi_plug(way), target);
}

static int scsi_tail(const struct way *way, char *tail, size_t size,
		     struct ofp_unit *unit)
{
	const struct place *p = way->place;

	bus_fill_scsi(p, unit);
	if (way->dialect == OFP_MAC)
		return scsi_mac_tail(way, tail, size);
	if (bus_node_is(way, "scsi"))
		return bus_format(tail, size, "/sd@%" PRIx32 ",%" PRIx64, p->target,
				  p->lun);
	return bus_format(tail, size, "/scsi@%" PRIx32 "/sd@%" PRIx32 ",%" PRIx64,
			  p->channel, p->target, p->lun);
}

/* Read the number of a SATA port, from 0. */
static bool scsi_sata_port(const struct way *way, unsigned *port)
{
	char ata[OFP_NAME_MAX + 1], text[24];

	place_text(way->place, way->place->ata, ata, sizeof(ata));
	if (source_text(&way->h->src, text, sizeof(text), "%.*s/ata_port/%s/port_no",
			(int)way->place->ata.end, way->place->dir, ata))
		return false;
	return sscanf(text, "%u", port) == 1 && (*port)-- > 0;
}

/* Write the name in QEMU's boot list. */
static bool scsi_other(const struct way *way, unsigned n, char *tail, size_t size)
{
	const struct place *p = way->place;
	unsigned port;

	if (n)
		return false;
	if (p->ata.end)
		return scsi_sata_port(way, &port) &&
		       !bus_format(tail, size, "/drive@%x", port);
	return !bus_format(tail, size, "/channel@0/disk@%" PRIx32 ",%" PRIx64, p->target,
			   p->lun);
}

const struct bus bus_scsi = { "scsi", scsi_matches, scsi_tail, scsi_other };

static bool virtio_scsi_matches(const struct way *way)
{
	return scsi_matches(way) && way->place->virtio.end;
}

static int virtio_scsi_tail(const struct way *way, char *tail, size_t size,
			    struct ofp_unit *unit)
{
	const struct place *p = way->place;

	bus_fill_scsi(p, unit);
	return bus_format(tail, size, "/disk@%" PRIX64,
			  (0x01000000 | (uint64_t)p->target << 16 | p->lun) << 32);
}

static bool virtio_scsi_other(const struct way *way, unsigned n, char *tail, size_t size)
{
	return !n && !bus_format(tail, size, "/disk@%" PRIx32 ",%" PRIx64,
				 way->place->target, way->place->lun);
}

const struct bus bus_virtio_scsi = { "virtio-scsi", virtio_scsi_matches, virtio_scsi_tail,
				     virtio_scsi_other };

static bool virtio_blk_matches(const struct way *way)
{
	return way->place->kind == PLACE_DISK && way->place->virtio.end;
}

static int virtio_blk_tail(const struct way *way, char *tail, size_t size,
			   struct ofp_unit *unit)
{
	(void)way;
	(void)unit;
	return bus_format(tail, size, "%s", "");
}

const struct bus bus_virtio_blk = { "virtio-blk", virtio_blk_matches, virtio_blk_tail,
				    NULL };

/* Return true for PAPR's virtual SCSI, whose adapters are below /vdevice. */
static bool vscsi_matches(const struct way *way)
{
	return scsi_matches(way) && !strncmp(way->adapter->node, "/vdevice/", 9);
}

static int vscsi_tail(const struct way *way, char *tail, size_t size,
		      struct ofp_unit *unit)
{
	const struct place *p = way->place;

	bus_fill_scsi(p, unit);
	return bus_format(tail, size, "/disk@%016" PRIX64,
			  (0x8000 | (uint64_t)p->target << 8 | (uint64_t)p->channel << 5 |
			   p->lun) << 48);
}

const struct bus bus_vscsi = { "vscsi", vscsi_matches, vscsi_tail, NULL };
