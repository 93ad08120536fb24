// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Firmware-assisted NMI (FWNMI): where the guest handles system resets.
 *
 * Source:  PAPR+ 7.3.14; the areas after RTAS as QEMU 7.2, which Linux expects
 */
#include <errno.h>
#include <libfdt.h>

#include "vmm/base/guest_memory.h"
#include "vmm/base/machine.h"
#include "vmm/base/sized.h"
#include "vmm/cpu/cpus.h"
#include "vmm/rtas/rtas_calls.h"
#include "vmm/tree/tree.h"
#include "wire/builder.h"
#include "wire/cursor.h"
#include "wire/rtas_args.h"

/* PAPR+ 7.3.14: handlers must be below this address. */
enum { HANDLER_LIMIT = 32 << 20 };

/* Offset from RTAS of r3 and a zero for each processor. Address of the handler of a guest
 * without FWNMI. */
enum { RESET_AREAS = 2048, RESET_AREA_BYTES = 16, RESET_VECTOR = 0x100 };

/* Return the address of RTAS, or 0 if the guest's firmware did not store it in the tree. */
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

/* ---- Calls ---- */

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
	rtas_status(f, RTAS_SUCCESS);
}

/* The embedder delivers no machine checks, so no processor is in such a handler. The status
 * must not reveal that. */
void rtas_nmi_interlock(struct papr_vmm *vmm, struct rtas_frame *f)
{
	bool registered = machine_of(vmm)->cfg.fwnmi != PAPR_OFF && rtas_of(vmm)->fwnmi;

	rtas_status(f, registered ? RTAS_SUCCESS : RTAS_PARAMETER_ERROR);
}

/* ---- Delivery ---- */

/* Write r3 to the processor's area, and set r3 to the address. */
static int nmi_save(const struct papr_vmm *vmm, uint32_t cpu, struct papr_nmi *nmi)
{
	uint64_t area = (uint64_t)rtas_base(vmm) + RESET_AREAS + RESET_AREA_BYTES * cpu;
	uint8_t bytes[RESET_AREA_BYTES];
	struct builder b = builder_of(bytes, sizeof(bytes));

	builder_be64(&b, nmi->r3);
	builder_be64(&b, 0);
	if (!rtas_base(vmm) || guest_write(vmm, area, bytes, b.len))
		return -EFAULT;
	nmi->r3 = area;
	return 0;
}

int papr_vmm_nmi(struct papr_vmm *vmm, uint32_t cpu, struct papr_nmi *nmi)
{
	MACHINE_GUARD(vmm);
	struct papr_nmi is;
	int err = 0;

	if (sized_get(&is, sizeof(is), nmi))
		return -EINVAL;
	if (!cpus_halted(vmm, cpu))
		return -ENOENT;
	is.registered = rtas_of(vmm)->fwnmi;
	is.address = is.registered ? rtas_of(vmm)->nmi_reset : RESET_VECTOR;
	if (is.registered)
		err = nmi_save(vmm, cpu, &is);
	if (!err)
		sized_put(nmi, &is, sizeof(is));
	return err;
}
