/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * state.h - print all of a guest that drmgr's operations can change, as lines of text
 *
 * The device tree with sums of its properties, PCI and virtual devices with their
 * drivers, slots, blocks of memory, processors, entitlements and credits, and drmgr's own
 * files during its work. A host bridge has another domain after each addition: all of
 * them are "N".
 */
#pragma once
#include "bytes.h"

void state_read(struct bytes *out);
