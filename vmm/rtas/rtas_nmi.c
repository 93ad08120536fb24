// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Firmware-assisted NMI (FWNMI): where the guest handles system resets and machine checks.
 *
 * Source:  PAPR+ 7.3.14, 10.2.1; the areas after RTAS as QEMU 7.2, which Linux expects
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
#include "wire/event.h"
#include "wire/rtas_args.h"

/* PAPR+ 7.3.14: handlers must be below this address. */
enum { HANDLER_LIMIT = 32 << 20 };

/* Offsets from RTAS: r3 and the log of a machine check; r3 and a zero for each processor,
 * after a system reset. Addresses of handlers of a guest without FWNMI. */
enum { CHECK_AREA = 0x30, RESET_AREAS = 2048, RESET_AREA_BYTES = 16 };
enum { RESET_VECTOR = 0x100, CHECK_VECTOR = 0x200 };

/* Bits of a machine check's subtype: which addresses are known. */
enum { MEMORY_EFFECTIVE = 0x40, MEMORY_LOGICAL = 0x20, OTHER_EFFECTIVE = 0x80 };

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

/* ---- Delivery ---- */

/* Write r3 and more to this offset from RTAS, and set r3 to the address. */
static int nmi_save(const struct papr_vmm *vmm, struct papr_nmi *nmi, uint32_t offset,
		    const struct builder *area)
{
	uint32_t base = rtas_base(vmm);

	if (!base || !builder_fits(area) ||
	    guest_write(vmm, (uint64_t)base + offset, area->buf, area->len))
		return -EFAULT;
	nmi->r3 = (uint64_t)base + offset;
	return 0;
}

static int nmi_deliver_reset(const struct papr_vmm *vmm, uint32_t cpu,
			     struct papr_nmi *nmi)
{
	uint8_t bytes[RESET_AREA_BYTES];
	struct builder b = builder_of(bytes, sizeof(bytes));

	nmi->address = nmi->registered ? rtas_of(vmm)->nmi_reset : RESET_VECTOR;
	if (!nmi->registered)
		return 0;
	builder_be64(&b, nmi->r3);
	builder_be64(&b, 0);
	return nmi_save(vmm, nmi, RESET_AREAS + RESET_AREA_BYTES * cpu, &b);
}

/* Return the subtype with the bits for the addresses that are known. */
static uint8_t nmi_subtype(const struct papr_nmi *nmi)
{
	uint8_t subtype = nmi->subtype;

	if (nmi->has_effective)
		subtype |=
			nmi->type == PAPR_MC_MEMORY ? MEMORY_EFFECTIVE : OTHER_EFFECTIVE;
	if (nmi->has_logical)
		subtype |= MEMORY_LOGICAL;
	return subtype;
}

static int nmi_deliver_check(struct papr_vmm *vmm, uint32_t cpu, struct papr_nmi *nmi)
{
	const struct event_log log = {
		.severity = nmi->severity,
		.disposition = nmi->recovered ? EVENT_RECOVERED : EVENT_NOT_RECOVERED,
		.initiator = nmi->initiator,
	};
	const struct event_mc mc = {
		.processor = cpu,
		.type = nmi->type,
		.subtype = nmi_subtype(nmi),
		.effective = nmi->has_effective ? nmi->effective : 0,
		.logical = nmi->has_logical ? nmi->logical : 0,
	};
	uint8_t bytes[8 + EVENT_MC_LOG_BYTES];
	struct builder b = builder_of(bytes, sizeof(bytes));
	int err;

	nmi->address = nmi->registered ? rtas_of(vmm)->nmi_check : CHECK_VECTOR;
	if (!nmi->registered)
		return 0;
	if (rtas_of(vmm)->nmi_interlock != -1)
		return rtas_of(vmm)->nmi_interlock == (int32_t)cpu ? -EDEADLK : -EBUSY;
	builder_be64(&b, nmi->r3);
	event_mc_encode(&b, &log, &mc);
	err = nmi_save(vmm, nmi, CHECK_AREA, &b);
	if (!err)
		rtas_of(vmm)->nmi_interlock = (int32_t)cpu;
	return err;
}

static bool nmi_is_ok(const struct papr_nmi *nmi)
{
	static const uint8_t subtypes[] = { 4, 2, 3, 0, 3, 0, 0, 0 };

	if (nmi->kind == PAPR_NMI_SYSTEM_RESET)
		return true;
	return nmi->kind == PAPR_NMI_MACHINE_CHECK && nmi->severity <= 7 &&
	       nmi->initiator <= 15 && nmi->type < sizeof(subtypes) &&
	       nmi->subtype <= subtypes[nmi->type] &&
	       (!nmi->has_logical || nmi->type == PAPR_MC_MEMORY);
}

int papr_vmm_nmi(struct papr_vmm *vmm, uint32_t cpu, struct papr_nmi *nmi)
{
	MACHINE_GUARD(vmm);
	struct papr_nmi is;
	int err;

	if (sized_get(&is, sizeof(is), nmi) || !nmi_is_ok(&is))
		return -EINVAL;
	if (!cpus_halted(vmm, cpu))
		return -ENOENT;
	is.registered = rtas_of(vmm)->fwnmi;
	err = is.kind == PAPR_NMI_SYSTEM_RESET ? nmi_deliver_reset(vmm, cpu, &is)
					       : nmi_deliver_check(vmm, cpu, &is);
	if (!err)
		sized_put(nmi, &is, sizeof(is));
	return err;
}
