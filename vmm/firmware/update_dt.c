// SPDX-License-Identifier: LGPL-2.1-or-later
/* UPDATE_DT: the guest's firmware passes the tree that it gives to the kernel. The
 * machine stores it and reads phandles from it. Source: QEMU 7.2. */
#include <stdlib.h>

#include <libfdt.h>

#include "vmm/base/guest_memory.h"
#include "vmm/base/hcall.h"
#include "vmm/base/machine.h"
#include "vmm/base/machine_types.h"
#include "vmm/firmware/cas.h"
#include "vmm/tree/tree.h"
#include "wire/fdt_check.h"

enum { TOTALSIZE_AT = 4, HEADER_BYTES = 40 };

static int64_t take_tree(struct papr_vmm *vmm, uint64_t addr, uint32_t size)
{
	void *fdt = malloc(size);

	if (!fdt)
		return H_HARDWARE;
	if (guest_read(vmm, addr, fdt, size) || fdt_check(fdt, size)) {
		free(fdt);
		return H_PARAMETER;
	}

	tree_store(vmm, fdt, size, false);
	return H_SUCCESS;
}

int64_t hcall_update_dt(struct papr_vmm *vmm, uint64_t args[PAPR_HCALL_ARGS])
{
	uint64_t addr = GUEST_REAL(args[0]);
	uint32_t size;

	/* The limit depends on the tree that the machine built, so that an update cannot
	 * raise the limit for the next one. */
	if (guest_read_be32(vmm, addr + TOTALSIZE_AT, &size) || size < HEADER_BYTES ||
	    size > 2 * tree_of(vmm)->initial_size)
		return H_PARAMETER;
	return take_tree(vmm, addr, size);
}
