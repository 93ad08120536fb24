/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * undo_kinds.h - every kind of inverse that a journal can hold
 */
#pragma once

#include "drmgr/model/xact.h"

/* NULL: there is no such kind. */
const struct undo_kind *undo_kind_by_name(const char *name);

extern const struct undo_kind undo_acquire, undo_add_node, undo_detach, undo_dlpar_attach,
	undo_led_off, undo_led_on, undo_logical_release, undo_release, undo_rest,
	undo_slot_disable, undo_slot_enable;
