// SPDX-License-Identifier: GPL-2.0-or-later
/* Converts a device to its paths. */
#include <string.h>

#include "ofpathtool/devices.h"
#include "ofpathtool/find.h"
#include "ofpathtool/hfi.h"
#include "ofpathtool/lower.h"
#include "ofpathtool/translate.h"

struct forward {
	const struct place *asked;
	unsigned flags;
	struct results results;
	const char *why; /* the first reason for a missing result, or NULL */
	int error;	 /* of the first lowest device without a path */
};

/* Return why a lowest device has no path. */
static const char *dev_to_of_reason(const struct forward *f, const struct way *way,
				    int error)
{
	const struct place *place = way->place;
	struct mem *m = &way->h->mem;

	if (error == OFP_ENOINFO)
		return mem_text(m, "sysfs lacks an attribute of %s", place->name);
	if (place->session.end || (place->fabrics.end && !way->adapter))
		return mem_text(m,
				"%s is reached over a network: firmware has no path for "
				"it",
				place->name);
	if (!way->adapter)
		return mem_text(m, "the device tree has no node for the adapter of %s",
				place->name);
	return mem_text(m, "firmware %s %s",
			f->flags & OFP_STRICT ? "may not know" : "has no path for",
			place->name);
}

/* Return a note about a disk that the kernel cannot reach, or NULL. */
static const char *dev_to_of_offline(struct ofp *h, const struct place *place)
{
	char state[32];

	if (!place->scsi.end ||
	    source_text(&h->src, state, sizeof(state), "%.*s/state", (int)place->scsi.end,
			place->dir) ||
	    (strcmp(state, "offline") && strcmp(state, "transport-offline")))
		return NULL;
	return mem_text(&h->mem, "%s is offline: firmware may not find it", place->name);
}

/* Add the path of a lowest device. If it has none, the other paths are still returned.
 * --compat selects devices as powerpc-utils' program does: by their names only. */
static void dev_to_of_add_leaf(void *priv, const struct leaf *leaf)
{
	struct forward *f = priv;
	struct way way = way_of(f->results.h, leaf->place);
	bool is_below = strcmp(leaf->place->name, f->asked->name) || *leaf->place->via;
	const char *note = leaf->note;
	int err = OFP_ENOPATH;

	if (is_below && !note)
		note = dev_to_of_offline(way.h, leaf->place);
	if (leaf->doubt != DOUBT_ALL || way.dialect == OFP_COMPAT)
		err = results_add(&f->results, &way, f->flags,
				  is_below ? f->asked->name : NULL, note);
	if (!err)
		return;
	if (!f->why)
		f->why = leaf->note ? leaf->note : dev_to_of_reason(f, &way, err);
	if (!f->error)
		f->error = err;
}

/* Return why no device below has a path, and what to do. */
static const char *dev_to_of_advice(const struct forward *f)
{
	struct ofp *h = f->results.h;

	if (!tree_has(&h->src, "", ""))
		return "the device tree is missing: mount sysfs and proc";
	return mem_text(&h->mem,
			"%s; ofpathtool --list prints the devices that have a path",
			f->why ? f->why : "firmware has no path for it");
}

static bool dev_to_of_has_note(const struct ofp_result *result)
{
	return result->note;
}

static int dev_to_of_from_place(struct ofp *h, const struct place *place, unsigned flags,
				struct ofp_result **out)
{
	struct forward f = { .asked = place, .flags = flags, .results = { .h = h } };

	lower_each(h, place, dev_to_of_add_leaf, &f);
	if (!f.results.first) {
		handle_set_why(h, dev_to_of_advice(&f));
		return f.error ? f.error : OFP_ENOPATH;
	}
	if (handle_dialect(h) != OFP_COMPAT)
		results_move_last(&f.results, dev_to_of_has_note);
	if (!(flags & OFP_EACH))
		f.results.first->next = NULL;
	*out = f.results.first;
	return 0;
}

/* Handle names without a directory in sysfs. Floppy disks never had a path. Only firmware
 * knows some interfaces. */
static int dev_to_of_without_place(struct ofp *h, const char *name, int error,
				   struct ofp_result **out)
{
	const char *slash = strrchr(name, '/');
	struct results results = { .h = h };

	name = slash ? slash + 1 : name;
	if (!strncmp(name, "fd", 2) && name[2] >= '0' && name[2] <= '9') {
		handle_set_why(h, "firmware does not boot from floppy disks");
		return OFP_ENOPATH;
	}
	if (!hfi_is_name(name))
		return error;
	hfi_from_device(name, &results);
	*out = results.first;
	return *out ? 0 : OFP_ENOPATH;
}

int ofp_from_device(struct ofp *h, const char *name, unsigned flags,
		    struct ofp_result **out)
{
	struct place place;
	int err = find_device(h, name, &place);

	*out = NULL;
	h->why = NULL;
	if (!err)
		err = dev_to_of_from_place(h, &place, flags, out);
	if (err == OFP_ENOTCONF || (err == OFP_ENOPATH && hfi_is_name(place.name)))
		err = dev_to_of_without_place(h, name, err, out);
	err = handle_end(h, err);
	if (err)
		*out = NULL;
	return err;
}

int ofp_list(struct ofp *h, unsigned flags, struct ofp_result **out)
{
	struct ofp_result **end = out;
	struct place place;
	int err = devices_find(h, DEVICES_ALL);

	*out = NULL;
	for (size_t i = 0; !err && i < h->cache.n_devices; i++) {
		const struct device *device = &h->cache.devices[i];

		if (place_at(&h->src, device->kind, device->name, device->dir, &place) ||
		    (place.partition && flags & OFP_WHOLE_DISK))
			continue;
		dev_to_of_from_place(h, &place, flags, end);
		while (*end)
			end = &(*end)->next;
	}
	err = handle_end(h, err);
	if (err)
		*out = NULL;
	return err;
}
