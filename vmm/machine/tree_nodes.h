/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * tree_nodes.h - nodes that describe the machine itself
 *
 * Layer:   vmm (library; no I/O, no globals)
 */
#pragma once

#include "vmm/tree/fdt_out.h"
#include "vmm/tree/tree.h"

void tree_put_chosen(const struct papr_vmm *vmm, enum tree_purpose purpose,
		     struct fdt_out *out);
void tree_put_rtas(const struct papr_vmm *vmm, struct fdt_out *out);
void tree_put_hypervisor(struct fdt_out *out);
void tree_put_vdevice(const struct papr_vmm *vmm, struct fdt_out *out);
void tree_put_interrupt_controller(const struct papr_vmm *vmm, struct fdt_out *out);
