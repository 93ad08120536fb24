// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "ofpathtool/bus.h"
#include "ofpathtool/path.h"

/* The order matters: a device may match several. */
static const struct bus *const buses[] = {
	&bus_net,	  &bus_nvme_fabrics, &bus_nvme, &bus_usb, &bus_fc,  &bus_vscsi,
	&bus_virtio_scsi, &bus_virtio_blk,   &bus_ide,	&bus_sas, &bus_ipr, &bus_scsi,
};

struct way way_of(struct ofp *h, const struct place *place)
{
	struct way way = { .h = h, .place = place, .dialect = handle_dialect(h) };

	way.adapter = place->fabrics.end || strstr(place->via, "/nvme-fabrics/")
			      ? nvme_fabrics_adapter(h, place)
			      : adapter_of_place(h, place);
	return way;
}

const struct bus *bus_of(const struct way *way)
{
	/* Devices that are reached over a network have no adapter of their own. */
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
	*text = '\0';
	if (bytes)
		snprintf(text, 17, "%" PRIx64, bytes);
	return text;
}

int bus_format(char *tail, size_t size, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(tail, size, fmt, ap);
	va_end(ap);
	return n >= 0 && (size_t)n < size ? 0 : OFP_ENOINFO;
}

void bus_fill_scsi(const struct place *place, struct ofp_unit *unit)
{
	unit->is_scsi = true;
	unit->channel = place->channel;
	unit->target = place->target;
	unit->lun = place->lun;
}

bool bus_hex(const struct way *way, char digits[17], const char *fmt, ...)
{
	char path[PATH_MAX], text[32];
	uint64_t value;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(path, sizeof(path), fmt, ap);
	va_end(ap);
	if (n >= PATH_MAX || source_text(&way->h->src, text, sizeof(text), "%s", path) ||
	    strncmp(text, "0x", 2) || strlen(text) > 18 ||
	    !path_hex(text + 2, strlen(text + 2), &value))
		return false;
	memcpy(digits, text + 2, strlen(text + 2) + 1);
	return true;
}

bool bus_node_is(const struct way *way, const char *name)
{
	const char *last = strrchr(way->adapter->node, '/') + 1;

	return strlen(name) == strcspn(last, "@") && !strncmp(last, name, strlen(name));
}
