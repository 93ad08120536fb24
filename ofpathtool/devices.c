// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ofpathtool/devices.h"

void devices_clear(struct ofp *h)
{
	for (size_t i = 0; i < h->n_devices; i++) {
		free(h->devices[i].name);
		free(h->devices[i].dir);
		free(h->devices[i].key);
	}
	free(h->devices);
	h->devices = NULL;
	h->n_devices = 0;
	h->has_devices = 0;
}

static struct device *devices_grow(struct ofp *h)
{
	size_t n = h->n_devices;

	if (!(n & (n - 1))) { /* 0 or a power of two: full */
		struct device *more =
			reallocarray(h->devices, n ? 2 * n : 1, sizeof(*more));

		if (!more)
			return NULL;
		h->devices = more;
	}
	return &h->devices[h->n_devices++];
}

static int devices_add(struct ofp *h, enum place_kind kind, const char *folder,
		       const char *name)
{
	char dir[PATH_MAX];
	struct device *device;

	if (source_object(&h->src, dir, sizeof(dir), "%s/%s", folder, name))
		return 0;
	device = devices_grow(h);
	if (!device)
		return OFP_ENOMEM;
	*device = (struct device){
		.kind = kind,
		.name = strdup(name),
		.dir = strdup(dir),
		.is_whole = kind != PLACE_DISK || !place_is_partition(&h->src, name, dir),
	};
	return device->name && device->dir ? 0 : OFP_ENOMEM;
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

static int devices_add_all(struct ofp *h, enum place_kind kind, const char *folder)
{
	_cleanup_names_ struct kern_names names = { 0 };
	int err = 0;

	if (source_list(&h->src, &names, "%s", folder))
		return 0;
	place_sort_names(&names);
	for (size_t i = 0; !err && i < names.n; i++)
		if (!devices_is_nvme_path(kind, names.name[i]))
			err = devices_add(h, kind, folder, names.name[i]);
	return err;
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
	int err;

	if (h->has_devices >= (int)what)
		return 0;
	devices_clear(h);
	if (!source_has(&h->src, "sys/class"))
		return OFP_ENOSYSFS;
	h->has_devices = (int)what;
	err = devices_add_all(h, PLACE_DISK, devices_disk_folder(h, what));
	if (!err)
		err = devices_add_all(h, PLACE_NET, place_folder(PLACE_NET));
	return err ? err : devices_add_all(h, PLACE_NVME, place_folder(PLACE_NVME));
}
