// SPDX-License-Identifier: LGPL-2.1-or-later
#include <string.h>

#include "libdrmgr/core/undo_kinds.h"

static const struct undo_kind *const kinds[] = {
	&undo_acquire,	      &undo_add_node,
	&undo_behind,	      &undo_cpu_add,
	&undo_cpu_isolation,  &undo_cpu_remove,
	&undo_detach,	      &undo_dlpar_attach,
	&undo_control_remove, &undo_led_off,
	&undo_led_on,	      &undo_logical_release,
	&undo_memory_add,     &undo_memory_remove,
	&undo_overlay_attach, &undo_release,
	&undo_rest,	      &undo_slot_disable,
	&undo_slot_enable,    &undo_rest_with_bridge,
	&undo_control_add,    &undo_threads,
	&undo_tree_update,    &undo_credits,
	&undo_entitlement,    &undo_lmb_reclaim,
	&undo_memory_set,
};

const struct undo_kind *undo_kind_by_name(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (!strcmp(kinds[i]->name, name))
			return kinds[i];
	return NULL;
}
