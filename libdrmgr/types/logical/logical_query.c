// SPDX-License-Identifier: LGPL-2.1-or-later
/* Would the removal of a host bridge or a logical slot succeed? */
#include <stdio.h>

#include "libdrmgr/types/logical/behind.h"
#include "libdrmgr/types/logical/logical_ops.h"
#include "libdrmgr/types/logical/logical_query.h"

static int logical_can_remove(struct connectors *cs, const struct dr_ctx *dr, bool is_phb,
			      const char *key, uint32_t *index, struct dr_error *error)
{
	const struct connector *c;
	const char *node;
	int err = logical_find(cs, dr, is_phb, false, key, &c, error);

	if (err)
		return err;
	*index = c->drc.index;
	node = logical_node(cs, c);
	err = node ? behind_has_fixed(dr, node) : 0;
	if (err < 0)
		dr_error_read(error, dr->root, DR_FAULT_BUSY, err);
	if (err < 0 || (node && !err))
		return err;
	*error = (struct dr_error){
		.fault = node ? DR_FAULT_BUSY : DR_FAULT_NOT_OWNED,
	};
	snprintf(error->what, sizeof(error->what), "%s", c->drc.name);
	return node ? -EBUSY : -ENODATA;
}

int phb_can_remove(const struct dr_ctx *dr, const char *key, uint32_t *index,
		   struct dr_error *error)
{
	_cleanup_mem_ struct mem m = { 0 };
	struct connectors cs;
	int err = phb_read(&cs, &m, dr);

	if (err && err != -ENOENT) {
		dr_error_read(error, dr->root, DR_FAULT_UNKNOWN, err);
		return err;
	}
	return logical_can_remove(&cs, dr, true, key, index, error);
}

int lslot_can_remove(const struct dr_ctx *dr, const char *key, uint32_t *index,
		     struct dr_error *error)
{
	_cleanup_mem_ struct mem m = { 0 };
	struct connectors cs;
	int err = lslot_read(&cs, &m, dr);

	if (err && err != -ENOENT) {
		dr_error_read(error, dr->root, DR_FAULT_UNKNOWN, err);
		return err;
	}
	return logical_can_remove(&cs, dr, false, key, index, error);
}
