// SPDX-License-Identifier: GPL-2.0-or-later
/* Converts a device to its paths. */
#include <stdlib.h>
#include <string.h>

#include "kern/text.h"
#include "ofpathtool/devices.h"
#include "ofpathtool/find.h"
#include "ofpathtool/hfi.h"
#include "ofpathtool/lower.h"
#include "ofpathtool/translate.h"

struct forward {
	struct ofp *h;
	const struct place *asked;
	unsigned flags;
	struct results results;
	char *why; /* the first reason for a missing result, or NULL */
	int error; /* of the first lowest device without a path */
};

/* Set the reason, if it is the first. Return the error, or OFP_ENOMEM. */
static int dev_to_of_set_why(struct forward *f, char *why, int error)
{
	if (!why)
		return OFP_ENOMEM;
	if (f->why)
		free(why);
	else
		f->why = why;
	return error;
}

static bool dev_to_of_is_below(const struct forward *f, const struct place *place)
{
	return strcmp(place->name, f->asked->name) || *place->via;
}

/* Return why a lowest device has no path, or NULL without memory. */
static char *dev_to_of_reason(const struct forward *f, const struct way *way, int error)
{
	const struct place *place = way->place;

	if (error == OFP_ENOINFO)
		return text_of("sysfs lacks an attribute of %s", place->name);
	if (place->session.end || (place->fabrics.end && !way->adapter))
		return text_of("%s is reached over a network: firmware has no path for "
			       "it",
			       place->name);
	if (!way->adapter)
		return text_of("the device tree has no node for the adapter of %s",
			       place->name);
	return text_of("firmware %s %s",
		       f->flags & OFP_STRICT ? "may not know" : "has no path for",
		       place->name);
}

/* Return a note about a disk that the kernel cannot reach, or NULL. */
static char *dev_to_of_offline(const struct forward *f, const struct place *place)
{
	char state[32];

	if (!place->scsi.end ||
	    source_text(&f->h->src, state, sizeof(state), "%.*s/state",
			(int)place->scsi.end, place->dir) ||
	    (strcmp(state, "offline") && strcmp(state, "transport-offline")))
		return NULL;
	return text_of("%s is offline: firmware may not find it", place->name);
}

/* Add a path of a lowest device. Return 0 or an enum ofp_error. --compat selects devices
 * as powerpc-utils' program does: by their names only. */
static int dev_to_of_add_way(struct forward *f, const struct leaf *leaf,
			     const struct way *way)
{
	bool is_below = dev_to_of_is_below(f, leaf->place);
	_cleanup_free_ char *offline =
		is_below && !leaf->note ? dev_to_of_offline(f, leaf->place) : NULL;
	int err;

	if (leaf->doubt == DOUBT_ALL && way->dialect != OFP_COMPAT)
		return dev_to_of_set_why(f, strdup(leaf->note), OFP_ENOPATH);
	err = results_add(&f->results, way, f->flags, is_below ? f->asked->name : NULL,
			  leaf->note ? leaf->note : offline);
	if (!err || err == OFP_ENOMEM)
		return err;
	return dev_to_of_set_why(
		f, leaf->note ? strdup(leaf->note) : dev_to_of_reason(f, way, err), err);
}

/* If a lowest device has no path, the other paths are still returned. */
static int dev_to_of_add_leaf(void *priv, const struct leaf *leaf)
{
	struct forward *f = priv;
	struct way way;
	int err = way_of(f->h, leaf->place, &way);

	if (!err)
		err = dev_to_of_add_way(f, leaf, &way);
	if (err && !f->error)
		f->error = err;
	return err == OFP_ENOMEM ? err : 0;
}

static void dev_to_of_keep_first(struct results *results)
{
	if (results->first) {
		ofp_result_free(results->first->next);
		results->first->next = NULL;
	}
}

/* Return why no device below has a path, and what to do; or NULL without memory. */
static char *dev_to_of_advice(const struct forward *f)
{
	if (!tree_has(&f->h->src, "", ""))
		return text_of("the device tree is missing: mount sysfs and proc");
	return text_of("%s; ofpathtool --list prints the devices that have a path",
		       f->why ? f->why : "firmware has no path for it");
}

static int dev_to_of_from_place(struct ofp *h, const struct place *place, unsigned flags,
				struct ofp_result **out)
{
	struct forward f = { .h = h, .asked = place, .flags = flags };
	int err;

	results_begin(&f.results);
	err = lower_each(h, place, dev_to_of_add_leaf, &f);
	handle_set_why(h, err || f.results.n ? NULL : dev_to_of_advice(&f));
	free(f.why);
	if (err) {
		ofp_result_free(f.results.first);
		return err;
	}
	if (!f.results.n)
		return f.error ? f.error : OFP_ENOPATH;
	if (handle_dialect(h) != OFP_COMPAT)
		results_prefer_certain(&f.results);
	if (!(flags & OFP_EACH))
		dev_to_of_keep_first(&f.results);
	*out = f.results.first;
	return 0;
}

/* Handle names without a directory in sysfs. Floppy disks never had a path. Only firmware
 * knows some interfaces. */
static int dev_to_of_without_place(struct ofp *h, const char *name, int error,
				   struct ofp_result **out)
{
	const char *slash = strrchr(name, '/');
	struct results results;
	int err;

	name = slash ? slash + 1 : name;
	if (!strncmp(name, "fd", 2) && name[2] >= '0' && name[2] <= '9') {
		handle_set_why(h, strdup("firmware does not boot from floppy disks"));
		return OFP_ENOPATH;
	}
	if (!hfi_is_name(name))
		return error;
	results_begin(&results);
	err = hfi_from_device(h, name, &results);
	if (!err)
		*out = results.first;
	return err;
}

int ofp_from_device(struct ofp *h, const char *name, unsigned flags,
		    struct ofp_result **out)
{
	struct place *place = malloc(sizeof(*place));
	int err = place ? find_device(h, name, place) : OFP_ENOMEM;

	*out = NULL;
	handle_set_why(h, NULL);
	if (!err)
		err = dev_to_of_from_place(h, place, flags, out);
	if (err == OFP_ENOTCONF || (err == OFP_ENOPATH && hfi_is_name(place->name)))
		err = dev_to_of_without_place(h, name, err, out);
	free(place);
	return err;
}

int ofp_list(struct ofp *h, unsigned flags, struct ofp_result **out)
{
	struct ofp_result **end = out;
	struct place *place = malloc(sizeof(*place));
	int err = place ? devices_find(h, DEVICES_ALL) : OFP_ENOMEM;

	*out = NULL;
	for (size_t i = 0; !err && i < h->n_devices; i++) {
		const struct device *device = &h->devices[i];

		if (place_at(&h->src, device->kind, device->name, device->dir, place))
			continue;
		if (place->partition && flags & OFP_WHOLE_DISK)
			continue;
		if (dev_to_of_from_place(h, place, flags, end) == OFP_ENOMEM)
			err = OFP_ENOMEM;
		while (*end)
			end = &(*end)->next;
	}
	free(place);
	if (err) {
		ofp_result_free(*out);
		*out = NULL;
	}
	return err;
}
