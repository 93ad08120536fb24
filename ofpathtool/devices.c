// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "ofpathtool/devices.h"

static void devices_add(struct ofp *h, enum place_kind kind, const char *folder,
			const char *name)
{
	struct cache *cache = &h->cache;
	char dir[PATH_MAX];

	if (source_object(&h->src, dir, sizeof(dir), "%s/%s", folder, name))
		return;
	*vec_add(&cache->mem, cache->devices, cache->n_devices) = (struct device){
		.kind = kind,
		.name = mem_copy(&cache->mem, name),
		.dir = mem_copy(&cache->mem, dir),
		.is_whole = kind != PLACE_DISK || !place_is_partition(&h->src, name, dir),
	};
}

/* Return true for nvme3c1n1, one path of the kernel's own multipath to nvme3n1. No
 * program can open it. */
static bool devices_is_nvme_path(enum place_kind kind, const char *name)
{
	int end = 0;

	if (kind == PLACE_DISK)
		sscanf(name, "nvme%*[0-9]c%*[0-9]n%n", &end);
	return end > 0;
}

static void devices_add_all(struct ofp *h, enum place_kind kind, const char *folder)
{
	_cleanup_names_ struct kern_names names = { 0 };

	if (source_list(&h->src, &names, "%s", folder))
		return;
	place_sort_names(&names);
	for (size_t i = 0; i < names.n; i++)
		if (!devices_is_nvme_path(kind, names.name[i]))
			devices_add(h, kind, folder, names.name[i]);
}

/* Return the directory that lists disks. If only whole disks are needed, prefer the one
 * without partitions. */
static const char *devices_disk_folder(struct ofp *h, enum devices_what what)
{
	static const char whole[] = "sys/block";

	return what == DEVICES_WHOLE && source_has(&h->src, whole)
		       ? whole
		       : place_folder(PLACE_DISK);
}

int devices_find(struct ofp *h, enum devices_what what)
{
	struct cache *cache = &h->cache;

	if (cache->has_devices >= (int)what)
		return 0;
	cache->has_devices = 0;
	cache->devices = NULL;
	cache->n_devices = 0;
	if (!source_has(&h->src, "sys/class"))
		return OFP_ENOSYSFS;
	cache->has_devices = (int)what;
	devices_add_all(h, PLACE_DISK, devices_disk_folder(h, what));
	devices_add_all(h, PLACE_NET, place_folder(PLACE_NET));
	devices_add_all(h, PLACE_NVME, place_folder(PLACE_NVME));
	return 0;
}
