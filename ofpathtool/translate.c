// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kern/text.h"
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

void results_begin(struct results *results)
{
	results->first = NULL;
	results->end = &results->first;
	results->n = 0;
}

void results_note(struct ofp_result *result, char *note)
{
	free(result->note);
	result->note = note;
}

void ofp_result_free(struct ofp_result *result)
{
	while (result) {
		struct ofp_result *next = result->next;

		free(result->device);
		free(result->path);
		free(result->adapter);
		free(result->below);
		free(result->note);
		free(result);
		result = next;
	}
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

/* Set the partition. An optical disc has none, but the older program used the number of
 * the drive. */
static void translate_set_partition(const struct way *way, struct ofp_result *result)
{
	const struct place *place = way->place;
	unsigned drive;

	result->partition = place->partition;
	if (way->dialect == OFP_COMPAT && sscanf(place->name, "sr%u", &drive) == 1) {
		char *path = text_of("%s:%u", result->path, drive);

		free(result->path);
		result->path = path;
	}
}

static int results_append(struct results *results, struct ofp_result *result,
			  bool is_complete)
{
	if (!is_complete) {
		ofp_result_free(result);
		return OFP_ENOMEM;
	}
	*results->end = result;
	results->end = &result->next;
	results->n++;
	return 0;
}

/* Return the result that has this path, or NULL. Firmware cannot distinguish some
 * devices. */
static struct ofp_result *results_find(const struct results *results, const char *path)
{
	struct ofp_result *r = results->first;

	while (r && strcmp(r->path, path))
		r = r->next;
	return r;
}

void results_prefer_certain(struct results *results)
{
	struct ofp_result *doubtful = NULL, **end = &doubtful, **at = &results->first;

	while (*at) {
		struct ofp_result *result = *at;

		if (!result->note) {
			at = &result->next;
			continue;
		}
		*at = result->next;
		*end = result;
		end = &result->next;
	}
	*end = NULL;
	*at = doubtful;
	results->end = doubtful ? end : at;
}

/* Return the note of a result, or NULL. An unknown device of firmware is one more
 * doubt. */
static char *results_note_text(const struct way *way, const char *tail, bool is_known,
			       const char *note)
{
	if (is_known)
		return note ? strdup(note) : NULL;
	return text_of("%s%s%s has no node for %.*s: firmware may not know this device",
		       note ? note : "", note ? "; " : "", way->adapter->node,
		       (int)(1 + strcspn(tail + 1, "/")), tail);
}

int results_add(struct results *results, const struct way *way, unsigned flags,
		const char *below, const char *note)
{
	unsigned partition = flags & OFP_WHOLE_DISK ? 0 : way->place->partition;
	char path[OFP_PATH_MAX];
	const struct bus *bus;
	struct ofp_unit unit;
	int err = translate(way, path, sizeof(path), &bus, &unit);
	const char *tail = path + (err ? 0 : strlen(way->adapter->node));
	bool is_known = err || !*tail || translate_tree_has_driver(way, tail);
	bool is_certain = is_known && !note;
	struct ofp_result *result, *same;

	if (err || (!is_certain && flags & OFP_STRICT))
		return err ? err : OFP_ENOPATH;

	result = calloc(1, sizeof(*result));
	if (!result)
		return OFP_ENOMEM;
	*result = (struct ofp_result){
		.device = place_partition_name(way->place->disk, partition),
		.path = partition ? text_of("%s:%u", path, partition) : strdup(path),
		.adapter = strdup(way->adapter->node),
		.kind = bus->kind,
		.unit = unit,
		.below = below ? strdup(below) : NULL,
		.note = results_note_text(way, tail, is_known, note),
	};
	if (result->path)
		translate_set_partition(way, result);
	same = below && result->path ? results_find(results, result->path) : NULL;
	if (same) {
		if (is_certain)
			results_note(same, NULL);
		ofp_result_free(result);
		return 0;
	}
	return results_append(results, result,
			      result->device && result->path && result->adapter &&
				      !below == !result->below &&
				      is_certain == !result->note);
}

int results_add_node(struct results *results, const char *device, const char *node,
		     const char *kind)
{
	struct ofp_result *result = calloc(1, sizeof(*result));

	if (!result)
		return OFP_ENOMEM;
	result->device = strdup(device);
	result->path = strdup(node);
	result->adapter = strdup(node);
	result->kind = kind;
	return results_append(results, result,
			      result->device && result->path && result->adapter);
}
