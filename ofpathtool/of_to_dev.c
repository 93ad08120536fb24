// SPDX-License-Identifier: GPL-2.0-or-later
/* Finds the device of a path. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kern/text.h"
#include "ofpathtool/alias.h"
#include "ofpathtool/devices.h"
#include "ofpathtool/hfi.h"
#include "ofpathtool/lower.h"
#include "ofpathtool/path.h"
#include "ofpathtool/translate.h"

struct reverse {
	struct ofp *h;
	struct path path;
	const char *text; /* of path */
	unsigned flags;
	struct results results;
	bool is_loose; /* a component without a unit address matched */
	char *why;     /* why a device with this path does not fit, or NULL */
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

/* Return true if the partition has a directory below the disk's. */
static bool of_to_dev_has_partition(struct ofp *h, const struct place *place, unsigned n)
{
	_cleanup_free_ char *name = place_partition_name(place->disk, n);

	return name && source_has(&h->src, "%s/%s/partition", place->dir, name);
}

/* Return true for an optical disc. Only firmware knows its partitions. */
static bool of_to_dev_is_optical(const struct place *place)
{
	return !strncmp(place->disk, "sr", 2) && place->disk[2] >= '0' &&
	       place->disk[2] <= '9';
}

static char *of_to_dev_not_understood(const char *rest)
{
	return text_of("\"%s\" is not understood", rest);
}

/* Keep the first reason. Return 0 or OFP_ENOMEM. */
static int of_to_dev_set_why(struct reverse *r, char *why)
{
	if (r->why)
		free(why);
	else
		r->why = why;
	return r->why ? 0 : OFP_ENOMEM;
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

static int of_to_dev_add_leaf(void *priv, const struct leaf *below)
{
	const struct place *leaf = below->place;
	struct reverse *r = priv;
	struct place *place;
	const char *rest;
	struct way way;
	int err = way_of(r->h, leaf, &way);

	if (err || !way.adapter || !of_to_dev_fits(r, &way))
		return err;
	rest = of_to_dev_rest(r, leaf);
	if (rest)
		return of_to_dev_set_why(r, of_to_dev_not_understood(rest));
	if (leaf->kind != PLACE_DISK || !r->path.has_partition ||
	    of_to_dev_is_optical(leaf))
		return results_add(&r->results, &way, r->flags, NULL, NULL);
	if (!of_to_dev_has_partition(r->h, leaf, r->path.partition))
		return of_to_dev_set_why(r, text_of("%s has no partition %u", leaf->disk,
						    r->path.partition));

	place = malloc(sizeof(*place));
	if (!place)
		return OFP_ENOMEM;
	*place = *leaf;
	place->partition = r->path.partition;
	way.place = place;
	err = results_add(&r->results, &way, r->flags & ~(unsigned)OFP_WHOLE_DISK, NULL,
			  NULL);
	free(place);
	return err;
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

static int of_to_dev_try_device(struct reverse *r, struct device *device,
				struct place *place)
{
	int err;

	if (!of_to_dev_could_be(r, device) ||
	    place_at(&r->h->src, device->kind, device->name, device->dir, place))
		return 0;
	if (!device->adapter && strncmp(device->dir, "sys/devices/virtual/", 20)) {
		device->adapter = adapter_of_place(&r->h->adapters, &r->h->src, place);
		if (!device->adapter)
			return OFP_ENOMEM;
		if (!device->adapter->node)
			device->is_whole = false;
		if (!of_to_dev_could_be(r, device))
			return 0;
	}
	err = lower_each(r->h, place, of_to_dev_add_leaf, r);
	return err == OFP_ENOMEM ? err : 0;
}

/* Move optical drives to the end. A drive may share the path of a disk, and a system
 * boots from the disk. */
static void of_to_dev_prefer_disks(struct results *results)
{
	struct ofp_result *optical = NULL, **end = &optical, **at = &results->first;

	while (*at) {
		if (strncmp((*at)->device, "sr", 2)) {
			at = &(*at)->next;
			continue;
		}
		*end = *at;
		*at = (*at)->next;
		end = &(*end)->next;
	}
	*end = NULL;
	*at = optical;
}

static void of_to_dev_note_others(struct ofp_result *first)
{
	char *note = text_of("%s has the same path", first->next->device);

	if (note)
		results_note(first, note);
}

static int of_to_dev_search(struct reverse *r)
{
	struct place *place = malloc(sizeof(*place));
	int err = place ? devices_find(r->h, DEVICES_WHOLE) : OFP_ENOMEM;

	for (size_t i = 0; !err && i < r->h->n_devices; i++)
		err = of_to_dev_try_device(r, &r->h->devices[i], place);
	free(place);
	return err || r->path.net_rest || r->path.has_grub_partition
		       ? err
		       : hfi_to_device(r->h, r->path.key, &r->results);
}

static int of_to_dev_choose(struct reverse *r)
{
	if (!r->results.n)
		return OFP_ENOLOGDEV;
	of_to_dev_prefer_disks(&r->results);
	if (!r->results.first->next)
		return 0;
	if (r->is_loose && !(r->flags & OFP_EACH))
		return OFP_EAMBIGUOUS;
	of_to_dev_note_others(r->results.first);
	if (!(r->flags & OFP_EACH)) {
		ofp_result_free(r->results.first->next);
		r->results.first->next = NULL;
	}
	return 0;
}

/* Read the path. Return 0 or an enum ofp_error. */
static int of_to_dev_parse(struct reverse *r, const char *text, char *path, size_t size)
{
	char plain[OFP_PATH_MAX];
	const char *after = strchr(text, ')');
	bool is_grub;
	int err;

	if (path_plain(text, plain, sizeof(plain), &is_grub)) {
		if (after)
			r->why = of_to_dev_not_understood(after);
		return OFP_EINVAL;
	}
	err = alias_expand(r->h, plain, path, size);
	/* GRUB's prefix may have taken the first slash. */
	if (err == OFP_EINVAL && is_grub && strchr(plain, '/') &&
	    (size_t)snprintf(path, size, "/%s", plain) < size)
		err = 0;
	r->text = path;
	return !err && path_parse(path, &r->path) ? OFP_EINVAL : err;
}

int ofp_to_device(struct ofp *h, const char *text, unsigned flags,
		  struct ofp_result **out)
{
	struct reverse r = { .h = h, .flags = flags };
	char path[OFP_PATH_MAX];
	int err;

	*out = NULL;
	handle_set_why(h, NULL);
	err = of_to_dev_parse(&r, text, path, sizeof(path));
	if (err) {
		handle_set_why(h, r.why);
		return err == OFP_EINVAL ? OFP_ENOLOGDEV : err;
	}

	results_begin(&r.results);
	err = of_to_dev_search(&r);
	if (!err)
		err = of_to_dev_choose(&r);
	if (err == OFP_ENOLOGDEV && !r.why && r.path.rest)
		r.why = of_to_dev_not_understood(r.path.rest);
	if (!err)
		free(steal_ptr(&r.why));
	handle_set_why(h, r.why);
	if (err)
		ofp_result_free(r.results.first);
	else
		*out = r.results.first;
	return err;
}
