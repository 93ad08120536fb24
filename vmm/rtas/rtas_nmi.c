// SPDX-License-Identifier: LGPL-2.1-or-later
/* Firmware-assisted NMI (FWNMI). This machine never delivers a machine check; the guest
 * only learns that FWNMI exists. */
#include <libfdt.h>

#include "vmm/base/machine.h"
#include "vmm/rtas/rtas_calls.h"
#include "vmm/tree/tree.h"
#include "wire/cursor.h"
#include "wire/rtas_args.h"

/* PAPR+ 7.3.14: handlers must be below this address. */
enum { HANDLER_LIMIT = 32 << 20 };

/* Return the address of RTAS, or 0 if the guest's firmware did not store it in the tree.
 * Machine checks are reported at a fixed distance from it. */
static uint32_t rtas_base(const struct papr_vmm *vmm)
{
	const void *fdt = tree_of(vmm)->fdt;
	struct cursor value;
	const void *prop;
	int node, len;

	if (!fdt)
		return 0;
	node = fdt_path_offset(fdt, "/rtas");
	prop = node < 0 ? NULL : fdt_getprop(fdt, node, "linux,rtas-base", &len);
	value = cursor_of(prop, prop ? (size_t)len : 0);
	return cursor_be32(&value);
}

static bool handler_is_ok(const struct papr_vmm *vmm, uint32_t addr)
{
	return addr < HANDLER_LIMIT && addr < machine_of(vmm)->cfg.ram_bytes;
}

void rtas_nmi_register(struct papr_vmm *vmm, struct rtas_frame *f)
{
	uint32_t reset = rtas_in(f, 0), check = rtas_in(f, 1);

	if (machine_of(vmm)->cfg.fwnmi == PAPR_OFF || !rtas_base(vmm) ||
	    !handler_is_ok(vmm, reset) || !handler_is_ok(vmm, check)) {
		rtas_status(f, RTAS_PARAMETER_ERROR);
		return;
	}
	rtas_of(vmm)->fwnmi = true;
	rtas_of(vmm)->nmi_reset = reset;
	rtas_of(vmm)->nmi_check = check;
	rtas_status(f, RTAS_SUCCESS);
}

/* Return success even if the processor is not in its handler: the status must not reveal
 * that. */
void rtas_nmi_interlock(struct papr_vmm *vmm, struct rtas_frame *f)
{
	if (machine_of(vmm)->cfg.fwnmi == PAPR_OFF || !rtas_of(vmm)->fwnmi) {
		rtas_status(f, RTAS_PARAMETER_ERROR);
		return;
	}
	if (rtas_of(vmm)->nmi_interlock == (int32_t)machine_of(vmm)->caller)
		rtas_of(vmm)->nmi_interlock = -1;
	rtas_status(f, RTAS_SUCCESS);
}
