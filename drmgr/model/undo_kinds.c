// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "drmgr/model/undo_kinds.h"

static const struct undo_kind *const kinds[] = {
	&undo_acquire, &undo_add_node,	   &undo_detach,	  &undo_dlpar_attach,
	&undo_led_off, &undo_led_on,	   &undo_logical_release, &undo_release,
	&undo_rest,    &undo_slot_disable, &undo_slot_enable,
};

const struct undo_kind *undo_kind_by_name(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (!strcmp(kinds[i]->name, name))
			return kinds[i];
	return NULL;
}
