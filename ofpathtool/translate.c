// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>

#include "ofpathtool/translate.h"

int translate(const struct way *way, char *path, size_t size, const struct bus **bus,
	      struct ofp_unit *unit)
{
	size_t used;

	*unit = (struct ofp_unit){ 0 };
	*bus = bus_of(way);
	/* sysfs may still name a node that was detached. */
	if (!*bus || !tree_has(&way->h->src, way->adapter->node, ""))
		return OFP_ENOPATH;
	if (bus_format(path, size, "%s", way->adapter->node))
		return OFP_ENOINFO;
	used = strlen(path);
	return (*bus)->tail(way, path + used, size - used, unit);
}

/* Return true if the device tree shows that firmware has a driver: it then has a generic
 * node such as "disk" below an adapter or "storage@1" below a USB controller. Otherwise
 * firmware has no driver, or does not know this device. */
static bool translate_tree_has_driver(const struct way *way, const char *tail)
{
	char child[OFP_NAME_MAX + 1];
	size_t len = strcspn(tail + 1, "/");

	if (len >= sizeof(child))
		return false;
	snprintf(child, sizeof(child), "%.*s", (int)len, tail + 1);
	if (tree_has(&way->h->src, way->adapter->node, child))
		return true;
	child[strcspn(child, "@")] = '\0';
	return *child && tree_has(&way->h->src, way->adapter->node, child);
}

/* Add a copy. */
static void results_append(struct results *results, const struct ofp_result *result)
{
	struct ofp_result **end = &results->first, *copy;

	while (*end)
		end = &(*end)->next;
	copy = mem_new(&results->h->mem, struct ofp_result);
	*copy = *result;
	if (!mem_check(&results->h->mem))
		*end = copy;
}

void results_move_last(struct results *results,
		       bool (*is_last)(const struct ofp_result *))
{
	struct ofp_result *last = NULL, **end = &last, **at = &results->first;

	while (*at) {
		if (!is_last(*at)) {
			at = &(*at)->next;
			continue;
		}
		*end = *at;
		*at = (*at)->next;
		end = &(*end)->next;
	}
	*end = NULL;
	*at = last;
}

/* Return the note of a result, or NULL. An unknown device of firmware is one more
 * doubt. */
static const char *results_note_text(const struct way *way, const char *tail,
				     bool is_known, const char *note)
{
	if (is_known)
		return mem_copy(&way->h->mem, note);
	return mem_text(&way->h->mem,
			"%s%s%s has no node for %.*s: firmware may not know this device",
			note ? note : "", note ? "; " : "", way->adapter->node,
			(int)(1 + strcspn(tail + 1, "/")), tail);
}

/* Return the path with its partition. An optical disc has none, but the older program used
 * the number of the drive. */
static const char *results_path(const struct way *way, const char *path,
				unsigned partition)
{
	struct mem *m = &way->h->mem;
	unsigned drive;

	if (partition)
		path = mem_text(m, "%s:%u", path, partition);
	if (way->dialect == OFP_COMPAT && sscanf(way->place->name, "sr%u", &drive) == 1)
		path = mem_text(m, "%s:%u", path, drive);
	return mem_copy(m, path);
}

int results_add(struct results *results, const struct way *way, unsigned flags,
		const char *below, const char *note)
{
	const struct place *place = way->place;
	unsigned partition = flags & OFP_WHOLE_DISK ? 0 : place->partition;
	struct mem *m = &results->h->mem;
	char path[OFP_PATH_MAX];
	const struct bus *bus;
	struct ofp_unit unit;
	int err = translate(way, path, sizeof(path), &bus, &unit);
	const char *tail = path + (err ? 0 : strlen(way->adapter->node));
	bool is_known = err || !*tail || translate_tree_has_driver(way, tail);
	bool is_certain = is_known && !note;
	struct ofp_result result, *same;

	if (err || (!is_certain && flags & OFP_STRICT))
		return err ? err : OFP_ENOPATH;

	result = (struct ofp_result){
		.device = place_partition_name(m, place->disk, partition),
		.path = results_path(way, path, partition),
		.adapter = mem_copy(m, way->adapter->node),
		.kind = bus->kind,
		.partition = place->partition,
		.unit = unit,
		.below = mem_copy(m, below),
		.note = results_note_text(way, tail, is_known, note),
	};
	/* Firmware cannot distinguish some devices. */
	same = below ? results->first : NULL;
	while (same && strcmp(same->path, result.path))
		same = same->next;
	if (!same)
		results_append(results, &result);
	else if (is_certain)
		same->note = NULL;
	return 0;
}

void results_add_node(struct results *results, const char *device, const char *node,
		      const char *kind)
{
	struct mem *m = &results->h->mem;

	results_append(results, &(struct ofp_result){ .device = mem_copy(m, device),
						      .path = mem_copy(m, node),
						      .adapter = mem_copy(m, node),
						      .kind = kind });
}
