/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * overlay.h - /proc/device-tree-overlay: many changes of the live device tree, all of them
 * or none
 *
 * The file is that of the module papr_dt_overlay. One write is one blob (wire/overlay.h).
 *
 * Writers are not serialised with those of other files: hold the lock of dynamic
 * reconfiguration.
 *
 * Errors:  negative errno; of a blob those of the file.
 * Source:  papr-dt-overlay(4)
 * Layer:   kern
 */
#pragma once

#include "kern/root.h"

/* Can it be used now? 0; -ENOENT no such file, -EPERM it cannot be written, by lockdown of
 * the kernel for one, -EOPNOTSUPP it does not say what it should. */
int overlay_probe(const struct kern_root *root);

int overlay_write(const struct kern_root *root, const void *blob, size_t len);
