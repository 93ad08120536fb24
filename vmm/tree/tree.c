// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The whole device tree, from its first node to its last.
 *
 * The client interface shows the order of nodes and properties to the guest. QEMU
 * inserts each new one before the existing ones, so its tree has the newest first. This
 * file writes them in that final order.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libfdt.h>

#include "vmm/base/machine.h"
#include "vmm/tree/fdt_out.h"
#include "vmm/tree/tree.h"

void tree_uuid_text(const uint8_t uuid[16], char text[37])
{
	static const char digits[] = "0123456789abcdef";

	for (int i = 0; i < 16; i++) {
		*text++ = digits[uuid[i] >> 4];
		*text++ = digits[uuid[i] & 15];
		if (i == 3 || i == 5 || i == 7 || i == 9)
			*text++ = '-';
	}
	*text = '\0';
}

int tree_build(struct papr_vmm *vmm, enum tree_purpose purpose, void **fdt, size_t *size)
{
	const struct machine_hooks *hooks = machine_of(vmm)->hooks;
	struct fdt_out out;
	int err, put_err;

	fdt_out_begin(&out);
	if (machine_of(vmm)->cfg.powervm)
		fdt_out_phandles(&out, "");
	put_err = hooks->put_nodes(vmm, purpose, &out);
	err = fdt_out_end(&out, fdt, size);
	if (!err)
		err = put_err ? put_err : hooks->amend_tree(vmm, "", fdt, size);
	else
		*fdt = NULL;
	if (err) {
		free(*fdt);
		*fdt = NULL;
	}
	return err;
}

void tree_store(struct papr_vmm *vmm, void *fdt, size_t size, bool built)
{
	struct tree *tree = tree_of(vmm);

	free(tree->fdt);
	tree->fdt = fdt;
	tree->size = size;
	if (built)
		tree->initial_size = size;
}

void tree_free(struct tree *tree)
{
	free(tree->fdt);
	*tree = (struct tree){ 0 };
}

const void *papr_vmm_fdt(const struct papr_vmm *vmm, size_t *bytes)
{
	MACHINE_GUARD(vmm);

	*bytes = tree_of(vmm)->size;
	return tree_of(vmm)->fdt;
}

/* libfdt accepts a node with a unit address for a name without one. The guest's firmware
 * may have stored a tree without the node, or without its phandle. */
int tree_intc_phandle(const struct papr_vmm *vmm, uint32_t *phandle)
{
	const void *fdt = tree_of(vmm)->fdt;
	int node = fdt ? fdt_subnode_offset(fdt, 0, "interrupt-controller") : -1;

	*phandle = node < 0 ? 0 : fdt_get_phandle(fdt, node);
	return *phandle ? 0 : -ENOENT;
}
