// SPDX-License-Identifier: GPL-2.0-or-later
/* Finds the device of a path. */
#include <stdio.h>
#include <string.h>

#include "ofpathtool/devices.h"
#include "ofpathtool/hfi.h"
#include "ofpathtool/lower.h"
#include "ofpathtool/path.h"
#include "ofpathtool/translate.h"

struct reverse {
	struct path path;
	const char *text; /* of path */
	unsigned flags;
	struct results results;
	bool is_loose; /* a component without a unit address matched */
};

/* Return true if a VMM or another firmware writes this path. */
static bool of_to_dev_is_other(const struct way *way, const struct bus *bus,
			       const char *rest)
{
	char tail[OFP_PATH_MAX];
	struct path path;
	bool loose = false;

	for (unsigned n = 0; bus->other && bus->other(way, n, tail, sizeof(tail)); n++)
		if (!path_parse(tail, &path) && path_is(rest, path.key, &loose) && !loose)
			return true;
	return false;
}

static bool of_to_dev_fits(struct reverse *r, const struct way *way)
{
	bool loose = false;
	const char *rest = path_after(r->path.key, way->adapter->key, &loose);
	char path[OFP_PATH_MAX];
	const struct bus *bus;
	struct ofp_unit unit;
	struct path mine;

	if (!rest || translate(way, path, sizeof(path), &bus, &unit) ||
	    path_parse(path, &mine))
		return false;
	if (!path_is(r->path.key, mine.key, &loose) &&
	    !of_to_dev_is_other(way, bus, rest))
		return false;
	r->is_loose |= loose;
	return true;
}

/* Return true for an optical disc. Only firmware knows its partitions. */
static bool of_to_dev_is_optical(const struct place *place)
{
	return !strncmp(place->disk, "sr", 2) && place->disk[2] >= '0' &&
	       place->disk[2] <= '9';
}

static void of_to_dev_not_understood(struct ofp *h, const char *rest)
{
	handle_set_why(h, mem_text(&h->mem, "\"%s\" is not understood", rest));
}

/* Return what the path has in addition to the device, and the device cannot have. */
static const char *of_to_dev_rest(const struct reverse *r, const struct place *leaf)
{
	if (leaf->kind == PLACE_DISK)
		return r->path.disk_rest;
	if (r->path.has_grub_partition)
		return strrchr(r->text, ',');
	if (leaf->kind == PLACE_NET)
		return r->path.net_rest;
	return r->path.has_partition ? r->path.args : r->path.disk_rest;
}

static void of_to_dev_add_leaf(void *priv, const struct leaf *below)
{
	struct place leaf = *below->place;
	struct reverse *r = priv;
	struct ofp *h = r->results.h;
	struct way way = way_of(h, &leaf);
	unsigned flags = r->flags;
	const char *rest;

	if (!way.adapter || !of_to_dev_fits(r, &way))
		return;
	rest = of_to_dev_rest(r, &leaf);
	if (rest) {
		of_to_dev_not_understood(h, rest);
		return;
	}
	if (leaf.kind == PLACE_DISK && r->path.has_partition &&
	    !of_to_dev_is_optical(&leaf)) {
		if (!source_has(&h->src, "%s/%s/partition", leaf.dir,
				place_partition_name(&h->mem, leaf.disk,
						     r->path.partition))) {
			handle_set_why(h, mem_text(&h->mem, "%s has no partition %u",
						   leaf.disk, r->path.partition));
			return;
		}
		leaf.partition = r->path.partition;
		flags &= ~(unsigned)OFP_WHOLE_DISK;
	}
	results_add(&r->results, &way, flags, NULL, NULL);
}

/* Return true if the device could have the path. A virtual device has no path, except for
 * namespaces of a subsystem. For any other device, the adapter decides. */
static bool of_to_dev_could_be(const struct reverse *r, const struct device *device)
{
	bool loose;

	if (!device->is_whole)
		return false;
	if (!strncmp(device->dir, "sys/devices/virtual/", 20))
		return strstr(device->dir, "/nvme-");
	return !device->adapter || path_after(r->path.key, device->adapter->key, &loose);
}

static void of_to_dev_try_device(struct reverse *r, struct device *device)
{
	struct ofp *h = r->results.h;
	struct place place;

	if (!of_to_dev_could_be(r, device) ||
	    place_at(&h->src, device->kind, device->name, device->dir, &place))
		return;
	if (!device->adapter && strncmp(device->dir, "sys/devices/virtual/", 20)) {
		device->adapter = adapter_of_place(h, &place);
		if (!device->adapter)
			device->is_whole = false;
		if (!of_to_dev_could_be(r, device))
			return;
	}
	lower_each(h, &place, of_to_dev_add_leaf, r);
}

static bool of_to_dev_is_drive(const struct ofp_result *result)
{
	return !strncmp(result->device, "sr", 2);
}

static int of_to_dev_search(struct reverse *r)
{
	struct ofp *h = r->results.h;
	int err = devices_find(h, DEVICES_WHOLE);

	for (size_t i = 0; !err && i < h->cache.n_devices; i++)
		of_to_dev_try_device(r, &h->cache.devices[i]);
	if (!err && !r->path.net_rest && !r->path.has_grub_partition)
		hfi_to_device(r->path.key, &r->results);
	return err;
}

static int of_to_dev_choose(struct reverse *r)
{
	struct ofp_result *first;

	if (!r->results.first)
		return OFP_ENOLOGDEV;
	/* A drive may share the path of a disk, and a system boots from the disk. */
	results_move_last(&r->results, of_to_dev_is_drive);
	first = r->results.first;
	if (!first->next)
		return 0;
	if (r->is_loose && !(r->flags & OFP_EACH))
		return OFP_EAMBIGUOUS;
	first->note =
		mem_text(&r->results.h->mem, "%s has the same path", first->next->device);
	if (!(r->flags & OFP_EACH))
		first->next = NULL;
	return 0;
}

/* Read the path. Return 0 or OFP_EINVAL. */
static int of_to_dev_parse(struct reverse *r, const char *text, char *path, size_t size)
{
	struct ofp *h = r->results.h;
	char plain[OFP_PATH_MAX];
	const char *after = strchr(text, ')');
	bool is_grub;
	int err;

	if (path_plain(text, plain, sizeof(plain), &is_grub)) {
		if (after)
			of_to_dev_not_understood(h, after);
		return OFP_EINVAL;
	}
	err = alias_expand(h, plain, path, size);
	/* GRUB's prefix may have taken the first slash. */
	if (err && is_grub && strchr(plain, '/') &&
	    (size_t)snprintf(path, size, "/%s", plain) < size)
		err = 0;
	r->text = path;
	return !err && path_parse(path, &r->path) ? OFP_EINVAL : err;
}

int ofp_to_device(struct ofp *h, const char *text, unsigned flags,
		  struct ofp_result **out)
{
	struct reverse r = { .flags = flags, .results = { .h = h } };
	char path[OFP_PATH_MAX];
	int err = OFP_ENOLOGDEV;

	h->why = NULL;
	if (!of_to_dev_parse(&r, text, path, sizeof(path))) {
		err = of_to_dev_search(&r);
		if (!err)
			err = of_to_dev_choose(&r);
		if (err == OFP_ENOLOGDEV && r.path.rest)
			of_to_dev_not_understood(h, r.path.rest);
	}
	err = handle_end(h, err);
	if (!err)
		h->why = NULL;
	*out = err ? NULL : r.results.first;
	return err;
}
