// SPDX-License-Identifier: LGPL-2.1-or-later
#include <stdlib.h>
#include <string.h>

#include "libdrmgr/types/pci/slot_place.h"

struct place *place_new(struct mem *m, const struct connector *c, const char *node)
{
	struct place *place = mem_new(m, struct place);

	place->mem = m;
	place->c = c;
	place->is_bus =
		connector_is_phb(c->drc.type) || connector_is_logical_slot(c->drc.type);
	place->node = mem_copy(m, node);
	return place;
}

const char *place_bus_node(const struct place *place)
{
	return place->is_bus ? place->node : place->c->parent->path;
}

int place_find_bus(struct xact *x, struct place *place)
{
	int err;

	place->has_slot = false;
	err = pci_bus_of_node(x->dr->root, place_bus_node(place), place->bus);
	if (!err)
		err = slot_find(x->dr->root, place->c->drc.name, place->bus,
				&place->slot);
	place->has_slot = !err;
	return !err || err == -ENOENT || err == -ESTALE ? 0 : xact_unread(x, "slot", err);
}

int place_rescan(struct xact *x, const struct place *place)
{
	struct deadline dl = xact_write_until(x, DR_QUIESCE_MS);
	int err;

	if (!*place->bus)
		return 0;
	err = xact_step_begin(x, "rescan", "write /sys/class/pci_bus/%s/rescan 1",
			      place->bus);
	if (err)
		return err < 0 ? err : 0;
	return xact_step_end(x, pci_rescan(x->dr->root, place->bus, &dl));
}
