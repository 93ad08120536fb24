/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * tree.h - the machine's stored device tree
 *
 * The machine builds it at reset and at each CAS. The guest's firmware may replace it
 * (UPDATE_DT), or change single nodes (client interface).
 *
 * Layer:   vmm (library; no I/O, no globals)
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vmm/base/machine.h"

struct papr_vmm;

/* phandle of the interrupt controller in trees that the machine builds. */
enum { TREE_PHANDLE_INTC = 0x1111 };

struct tree {
	void *fdt;
	size_t size;
	size_t initial_size; /* of the last tree that the machine built */
};

static inline struct tree *tree_of(const struct papr_vmm *vmm)
{
	return machine_of(vmm)->tree;
}

/* Build a malloc'ed tree of the current machine. Return 0 or a negative errno. */
int tree_build(struct papr_vmm *vmm, enum tree_purpose purpose, void **fdt, size_t *size);

/* Store a malloc'ed tree and take ownership. built: the machine built it, so set
 * initial_size as well. */
void tree_store(struct papr_vmm *vmm, void *fdt, size_t size, bool built);
void tree_free(struct tree *tree);

/* Write a UUID as text, with NUL. */
void tree_uuid_text(const uint8_t uuid[16], char text[37]);

/* Read the phandle of /interrupt-controller (with or without unit address) from the
 * stored tree. Return 0 or -ENOENT. */
int tree_intc_phandle(const struct papr_vmm *vmm, uint32_t *phandle);

extern const struct state_section state_tree;
