// SPDX-License-Identifier: GPL-2.0-or-later
/* Lists the lowest devices below a device. */
#include <stdlib.h>
#include <string.h>

#include "ofpathtool/find.h"
#include "ofpathtool/lower.h"
#include "ofpathtool/translate.h"

struct slaves {
	struct ofp *h;
	const struct place *asked;
	unsigned flags;
	struct ofp_slave *first, **end;
};

void ofp_slaves_free(struct ofp_slave *slave)
{
	while (slave) {
		struct ofp_slave *next = slave->next;

		free(slave->device);
		free(slave->path);
		free(slave);
		slave = next;
	}
}

static bool slaves_has(const struct slaves *slaves, const char *device, const char *path)
{
	for (const struct ofp_slave *s = slaves->first; s; s = s->next)
		if (!strcmp(s->device, device) && !strcmp(s->path ? s->path : "", path))
			return true;
	return false;
}

static int slaves_add(struct slaves *slaves, const char *device, const char *path)
{
	struct ofp_slave *slave;

	if (slaves_has(slaves, device, path))
		return 0;
	slave = calloc(1, sizeof(*slave));
	if (!slave)
		return OFP_ENOMEM;
	*slaves->end = slave;
	slaves->end = &slave->next;
	slave->device = strdup(device);
	slave->path = *path ? strdup(path) : NULL;
	return slave->device && !*path == !slave->path ? 0 : OFP_ENOMEM;
}

static int slaves_add_leaf(void *priv, const struct leaf *leaf)
{
	struct slaves *slaves = priv;
	struct results results;
	struct way way;
	int err;

	if (!strcmp(leaf->place->name, slaves->asked->name) && !*leaf->place->via)
		return 0;
	results_begin(&results);
	err = way_of(slaves->h, leaf->place, &way);
	if (!err)
		err = results_add(&results, &way, slaves->flags & OFP_WHOLE_DISK, NULL,
				  NULL);
	if (err == OFP_ENOMEM)
		return err;
	err = err ? slaves_add(slaves, leaf->place->name, "")
		  : slaves_add(slaves, results.first->device, results.first->path);
	ofp_result_free(results.first);
	return err;
}

int ofp_slaves(struct ofp *h, const char *name, unsigned flags, struct ofp_slave **out)
{
	struct place *place = malloc(sizeof(*place));
	struct slaves slaves = {
		.h = h, .asked = place, .flags = flags, .end = &slaves.first
	};
	int err = place ? find_device(h, name, place) : OFP_ENOMEM;

	if (!err)
		err = lower_each(h, place, slaves_add_leaf, &slaves);
	free(place);
	if (err) {
		ofp_slaves_free(slaves.first);
		slaves.first = NULL;
	}
	*out = slaves.first;
	return err;
}
