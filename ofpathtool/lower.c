// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ofpathtool/lower.h"

/* No system has more. A larger value means damaged data or a cycle. */
enum { DEPTH_MAX = 16, VISITS_MAX = 1024 };

struct descent {
	struct ofp *h;
	leaf_visitor *visit;
	void *priv;
	unsigned visits;
};

static int lower_descend(struct descent *d, const struct place *place, unsigned partition,
			 unsigned depth);

/* List the names in a directory that begin with a word, without the word. */
static size_t lower_list_names(struct ofp *h, const char *dir, const char *word,
			       struct kern_names *names)
{
	size_t len = strlen(word), n = 0;

	if (source_list(&h->src, names, "%s", dir))
		return 0;
	for (size_t i = 0; i < names->n; i++) {
		char *name = names->name[i];

		if (strncmp(name, word, len)) {
			free(name);
			continue;
		}
		memmove(name, name + len, strlen(name + len) + 1);
		names->name[n++] = name;
	}
	names->n = n;
	place_sort_names(names);
	return n;
}

/* Return the partition in the UUID "part3-mpath-3600...". kpartx gives it to partition 3
 * of a multipath disk; the disks below are whole. */
static unsigned lower_uuid_partition(struct ofp *h, const struct place *place)
{
	char uuid[256];
	unsigned n;

	if (source_text(&h->src, uuid, sizeof(uuid), "%s/dm/uuid", place->dir) ||
	    sscanf(uuid, "part%u-", &n) != 1)
		return 0;
	return n;
}

static int lower_each_of(struct descent *d, const struct place *place, unsigned partition,
			 const struct kern_names *names, unsigned depth)
{
	struct place *lower = malloc(sizeof(*lower));
	int err = lower ? 0 : OFP_ENOMEM;

	if (!partition)
		partition = lower_uuid_partition(d->h, place);
	for (size_t i = 0; !err && i < names->n; i++) {
		if (place_find(&d->h->src, place->kind, names->name[i], lower))
			continue;
		if (partition && !lower->partition)
			lower->partition = partition;
		err = lower_descend(d, lower, partition, depth + 1);
	}
	free(lower);
	return err;
}

/* Visit a namespace of a subsystem once for each of its controllers. */
static int lower_each_controller(struct descent *d, const struct place *place)
{
	_cleanup_names_ struct kern_names names = { 0 };
	struct place *by = malloc(sizeof(*by));
	char subsystem[PATH_MAX];
	int err = by ? 0 : OFP_ENOMEM;

	snprintf(subsystem, sizeof(subsystem), "%.*s", (int)place->subsystem.end,
		 place->dir);
	lower_list_names(d->h, subsystem, "nvme", &names);
	for (size_t i = 0; !err && i < names.n; i++) {
		if (names.name[i][strspn(names.name[i], "0123456789")])
			continue;
		*by = *place;
		if (!source_object(&d->h->src, by->via, sizeof(by->via), "%s/nvme%s",
				   subsystem, names.name[i]))
			err = d->visit(d->priv, by);
	}
	free(by);
	return err;
}

/* Visit the devices below. partition: applies to all disks below, if a device above them
 * has it; 0: none. */
static int lower_descend(struct descent *d, const struct place *place, unsigned partition,
			 unsigned depth)
{
	_cleanup_names_ struct kern_names names = { 0 };
	char dir[PATH_MAX + 8];
	bool is_virtual = !strncmp(place->dir, "sys/devices/virtual/", 20);

	if (depth > DEPTH_MAX || ++d->visits > VISITS_MAX)
		return 0;
	if (place->partition)
		partition = place->partition;
	if (place->kind == PLACE_DISK && place->subsystem.end)
		return lower_each_controller(d, place);

	/* Only virtual devices have devices below. */
	if (is_virtual && place->kind == PLACE_DISK) {
		snprintf(dir, sizeof(dir), "%s/slaves", place->dir);
		if (lower_list_names(d->h, dir, "", &names))
			return lower_each_of(d, place, partition, &names, depth);
	} else if (is_virtual && place->kind == PLACE_NET) {
		if (lower_list_names(d->h, place->dir, "lower_", &names))
			return lower_each_of(d, place, partition, &names, depth);
	}
	return d->visit(d->priv, place);
}

int lower_each(struct ofp *h, const struct place *place, leaf_visitor *visit, void *priv)
{
	struct descent d = { .h = h, .visit = visit, .priv = priv };

	return lower_descend(&d, place, 0, 0);
}
