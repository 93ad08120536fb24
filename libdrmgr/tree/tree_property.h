/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * tree_property.h - change single properties of the live device tree
 *
 * Only /proc/ppc64/ofdt can change a property. Each change is verified by reading it.
 * No change pushes an inverse.
 *
 * Errors:  negative errno and x->error.
 */
#pragma once

#include "libdrmgr/core/xact.h"
#include "kern/ofdt.h"

/* Set or add a property. If it has the value already, nothing is written. */
int tree_property_set(struct xact *x, const char *node, const struct ofdt_value *value);

/* Remove a property. If it does not exist, nothing is written. */
int tree_property_remove(struct xact *x, const char *node, const char *name);
