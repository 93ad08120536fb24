/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * tree_nodes.h - nodes that describe the machine itself
 *
 * Layer:   vmm (library; no I/O, no globals)
 */
#pragma once

#include "vmm/base/machine.h"

/* Write the root node and all others. */
int tree_put_nodes(struct papr_vmm *vmm, enum tree_purpose purpose, struct fdt_out *out);
void tree_put_chosen(const struct papr_vmm *vmm, enum tree_purpose purpose,
		     struct fdt_out *out);
