// SPDX-License-Identifier: GPL-2.0-or-later
/* NVMe controllers and their namespaces, on PCI and over Fibre Channel. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ofpathtool/bus.h"

static bool nvme_matches(const struct way *way)
{
	const struct place *place = way->place;

	return place->kind == PLACE_NVME || place->nvme.end || *place->via;
}

static bool nvme_fabrics_matches(const struct way *way)
{
	return nvme_matches(way) &&
	       (way->place->fabrics.end || strstr(way->place->via, "/nvme-fabrics/"));
}

static int nvme_nsid(const struct way *way, uint32_t *nsid)
{
	char text[24], *end;
	unsigned long n;

	/* The older program's loop over namespaces finds none. Take the number from the
	 * name. */
	if (way->dialect == OFP_COMPAT && !nvme_fabrics_matches(way))
		return sscanf(way->place->disk, "nvme%*un%" SCNu32, nsid) == 1
			       ? 0
			       : OFP_ENOINFO;

	if (source_text(&way->h->src, text, sizeof(text), "%s/nsid", way->place->dir))
		return OFP_ENOINFO;
	n = strtoul(text, &end, 10);
	if (*end || end == text || !n || n > UINT32_MAX)
		return OFP_ENOINFO;
	*nsid = (uint32_t)n;
	return 0;
}

static int nvme_tail(const struct way *way, char *tail, size_t size,
		     struct ofp_unit *unit)
{
	char word[64];
	int err;

	*tail = '\0';
	if (way->place->kind == PLACE_NVME)
		return 0;
	err = nvme_nsid(way, &unit->nsid);
	if (err)
		return err;
	if (tree_text(&way->h->src, word, sizeof(word), way->adapter->node,
		      "namespace/name") ||
	    !*word || strchr(word, '/'))
		snprintf(word, sizeof(word), "namespace");
	return bus_format(tail, size, "/%s@%" PRIx32, word, unit->nsid);
}

const struct bus bus_nvme = { "nvme", nvme_matches, nvme_tail, NULL };

static const char *nvme_controller(const struct place *place, char *dir, size_t size)
{
	if (*place->via)
		snprintf(dir, size, "%s", place->via);
	else
		snprintf(dir, size, "%.*s", (int)place->nvme.end, place->dir);
	return dir;
}

/* Find the port name in "traddr=nn-0x...:pn-0x...,host_traddr=nn-0x...:pn-0x...". */
static bool nvme_port_name(const char *address, const char *key, uint64_t *name)
{
	size_t len = strlen(key);
	const char *at = address, *pn;

	while (at && strncmp(at, key, len)) {
		at = strchr(at, ',');
		at = at ? at + 1 : NULL;
	}
	pn = at ? strstr(at, "pn-0x") : NULL;
	if (!pn || (size_t)(pn - at) > strcspn(at, ","))
		return false;
	return sscanf(pn, "pn-0x%16" SCNx64, name) == 1;
}

static bool nvme_read_address(struct ofp *h, const struct place *place, const char *key,
			      uint64_t *name)
{
	char dir[PATH_MAX], address[512];

	return !source_text(&h->src, address, sizeof(address), "%s/address",
			    nvme_controller(place, dir, sizeof(dir))) &&
	       nvme_port_name(address, key, name);
}

const struct adapter *nvme_fabrics_adapter(struct ofp *h, const struct place *place)
{
	_cleanup_names_ struct kern_names hosts = { 0 };
	uint64_t wanted, name;

	if (!nvme_read_address(h, place, "host_traddr=", &wanted) ||
	    source_list(&h->src, &hosts, "sys/class/fc_host"))
		return NULL;

	for (size_t i = 0; i < hosts.n; i++) {
		char dir[PATH_MAX], text[32];
		const char *host;

		if (source_object(&h->src, dir, sizeof(dir), "sys/class/fc_host/%s",
				  hosts.name[i]) ||
		    source_text(&h->src, text, sizeof(text), "%s/port_name", dir) ||
		    sscanf(text, "0x%16" SCNx64, &name) != 1 || name != wanted)
			continue;
		host = strstr(dir, "/host");
		return adapter_of(h, dir, host ? (size_t)(host - dir) : strlen(dir));
	}
	return NULL;
}

static int nvme_fabrics_tail(const struct way *way, char *tail, size_t size,
			     struct ofp_unit *unit)
{
	char dir[PATH_MAX], nqn[256];
	uint64_t target;
	size_t used;
	int err;

	if (!nvme_read_address(way->h, way->place, "traddr=", &target) ||
	    source_text(&way->h->src, nqn, sizeof(nqn), "%s/subsysnqn",
			nvme_controller(way->place, dir, sizeof(dir))))
		return OFP_ENOINFO;

	snprintf(unit->wwn, sizeof(unit->wwn), "%016" PRIx64, target);
	/* ffff: firmware may use any controller number. */
	err = bus_format(tail, size, "/nvme-of/controller@%s,ffff:nqn=%s", unit->wwn,
			 nqn);
	if (err || way->place->kind == PLACE_NVME)
		return err;
	used = strlen(tail);
	err = nvme_nsid(way, &unit->nsid);
	return err ? err
		   : bus_format(tail + used, size - used, "/namespace@%" PRIx32,
				unit->nsid);
}

const struct bus bus_nvme_fabrics = { "nvme-of", nvme_fabrics_matches, nvme_fabrics_tail,
				      NULL };
