/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * tree.h - the machine's device tree, as it is stored
 *
 * The machine builds it at reset and at each CAS; the guest's firmware may put its own
 * in its place (UPDATE_DT), or change it node by node (client interface).
 *
 * Layer:   vmm (library; no I/O, no globals)
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct papr_vmm;

/* phandle of the interrupt controller that the machine itself gives. */
enum { TREE_PHANDLE_INTC = 0x1111 };

struct tree {
	void *fdt;
	size_t size;
	size_t initial_size; /* of the last tree that the machine built */
};

enum tree_purpose {
	TREE_BOOT, /* everything */
	TREE_CAS,  /* without boot arguments, initrd, kernel and the offer for CAS */
};

/* A malloc'ed tree of the machine as it is now. 0 or -errno. */
int tree_build(struct papr_vmm *vmm, enum tree_purpose purpose, void **fdt, size_t *size);

/* Takes over a malloc'ed tree; built: by the machine, so that initial_size follows. */
void tree_store(struct papr_vmm *vmm, void *fdt, size_t size, bool built);
void tree_free(struct tree *tree);

/* A UUID as text, with its NUL. */
void tree_uuid_text(const uint8_t uuid[16], char text[37]);

/* phandle of /interrupt-controller (with or without unit address) in the stored tree.
 * 0 or -ENOENT. */
int tree_intc_phandle(const struct papr_vmm *vmm, uint32_t *phandle);
