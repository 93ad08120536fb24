// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>
#include <string.h>

#include "ofpathtool/devices.h"

void devices_forget(struct ofp *h)
{
	for (size_t i = 0; i < h->n_devices; i++) {
		free(h->devices[i].name);
		free(h->devices[i].dir);
		free(h->devices[i].key);
	}
	free(h->devices);
	h->devices = NULL;
	h->n_devices = 0;
	h->has_devices = false;
}

static struct device *grow(struct ofp *h)
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

static int add(struct ofp *h, enum place_kind kind, const char *name)
{
	char dir[PATH_MAX];
	struct device *device;

	if (source_object(&h->src, dir, sizeof(dir), "%s/%s", place_folder(kind), name))
		return 0;
	device = grow(h);
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

static int by_name(const void *a, const void *b)
{
	return place_compare_names(*(char *const *)a, *(char *const *)b);
}

static int add_all(struct ofp *h, enum place_kind kind)
{
	_cleanup_names_ struct kern_names names = { 0 };
	int err = 0;

	if (source_list(&h->src, &names, "%s", place_folder(kind)) || !names.n)
		return 0;
	qsort(names.name, names.n, sizeof(*names.name), by_name);
	for (size_t i = 0; !err && i < names.n; i++)
		err = add(h, kind, names.name[i]);
	return err;
}

int devices_find(struct ofp *h)
{
	int err = 0;

	if (h->has_devices)
		return 0;
	if (!source_has(&h->src, "sys/class"))
		return OFP_ENOSYSFS;
	h->has_devices = true;
	for (enum place_kind kind = PLACE_DISK; !err && kind <= PLACE_NVME; kind++)
		err = add_all(h, kind);
	return err;
}
