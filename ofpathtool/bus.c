// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "ofpathtool/bus.h"

/* In this order, for a device may look like several. */
static const struct bus *const buses[] = {
	&bus_net,	  &bus_nvme_fabrics, &bus_nvme, &bus_usb, &bus_fc,  &bus_vscsi,
	&bus_virtio_scsi, &bus_virtio_blk,   &bus_ide,	&bus_sas, &bus_ipr, &bus_scsi,
};

int way_of(struct ofp *h, const struct place *place, struct way *way)
{
	*way = (struct way){ .h = h, .place = place, .dialect = handle_dialect(h) };
	if (place->fabrics.end || strstr(place->via, "/nvme-fabrics/"))
		return nvme_fabrics_adapter(h, place, &way->adapter);

	way->adapter = adapter_of_place(&h->adapters, &h->src, place);
	if (!way->adapter)
		return OFP_ENOMEM;
	if (!way->adapter->node)
		way->adapter = NULL;
	return 0;
}

const struct bus *bus_of(const struct way *way)
{
	/* What comes over the network has no adapter of its own. */
	if (!way->adapter || way->place->session.end)
		return NULL;
	for (size_t i = 0; i < ARRAY_SIZE(buses); i++)
		if (buses[i]->is_mine(way))
			return buses[i];
	return NULL;
}

const char *bus_sam_lun(uint64_t lun, char text[17])
{
	uint64_t bytes = 0;

	for (int i = 0; i < 4; i++)
		bytes |= (lun >> (16 * i) & 0xffff) << (48 - 16 * i);
	snprintf(text, 17, bytes ? "%" PRIx64 : "", bytes);
	return text;
}

int bus_put(char *tail, size_t size, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(tail, size, fmt, ap);
	va_end(ap);
	return n >= 0 && (size_t)n < size ? 0 : OFP_ENOINFO;
}

bool bus_node_is(const struct way *way, const char *name)
{
	const char *last = strrchr(way->adapter->node, '/') + 1;

	return strlen(name) == strcspn(last, "@") && !strncmp(last, name, strlen(name));
}
