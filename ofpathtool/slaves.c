// SPDX-License-Identifier: GPL-2.0-or-later
/* Lists the lowest devices below a device. */
#include <string.h>

#include "ofpathtool/find.h"
#include "ofpathtool/lower.h"
#include "ofpathtool/translate.h"

struct slaves {
	struct ofp *h;
	const struct place *asked;
	unsigned flags;
	struct ofp_slave *first;
};

/* Add a device, unless the list has it. path "": none. */
static void slaves_add(struct slaves *slaves, const char *device, const char *path)
{
	struct mem *m = &slaves->h->mem;
	struct ofp_slave **end = &slaves->first, *slave;

	for (; *end; end = &(*end)->next)
		if (!strcmp((*end)->device, device) &&
		    !strcmp((*end)->path ? (*end)->path : "", path))
			return;
	slave = mem_new(m, struct ofp_slave);
	slave->device = mem_copy(m, device);
	slave->path = *path ? mem_copy(m, path) : NULL;
	if (!mem_check(m))
		*end = slave;
}

static void slaves_add_leaf(void *priv, const struct leaf *leaf)
{
	struct slaves *slaves = priv;
	struct results results = { .h = slaves->h };
	struct way way;

	if (!strcmp(leaf->place->name, slaves->asked->name) && !*leaf->place->via)
		return;
	way = way_of(slaves->h, leaf->place);
	results_add(&results, &way, slaves->flags & OFP_WHOLE_DISK, NULL, NULL);
	if (results.first)
		slaves_add(slaves, results.first->device, results.first->path);
	else
		slaves_add(slaves, leaf->place->name, "");
}

int ofp_slaves(struct ofp *h, const char *name, unsigned flags, struct ofp_slave **out)
{
	struct place place;
	struct slaves slaves = { .h = h, .asked = &place, .flags = flags };
	int err = find_device(h, name, &place);

	if (!err)
		lower_each(h, &place, slaves_add_leaf, &slaves);
	err = handle_end(h, err);
	*out = err ? NULL : slaves.first;
	return err;
}
