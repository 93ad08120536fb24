/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tree_property.h - single properties of the live device tree, changed by the one
 * interface that can do so: /proc/ppc64/ofdt
 *
 * Each change is looked at afterwards. None of them pushes an inverse.
 *
 * Errors:  negative errno and x->error.
 */
#pragma once

#include "libdrmgr/core/xact.h"
#include "kern/ofdt.h"

/* Sets, or adds, a property; one that has the value already stays as it is. */
int tree_property_set(struct xact *x, const char *node, const struct ofdt_value *value);

/* One that is not there is gone already. */
int tree_property_remove(struct xact *x, const char *node, const char *name);
