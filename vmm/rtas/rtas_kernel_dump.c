// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * ibm,configure-kernel-dump: the guest registers what firmware must preserve when the
 * guest crashes. The machine has no processors, so it keeps the registration only:
 * ibm,os-term does not take the dump.
 *
 * Source:  PAPR+ 7.4.9; statuses and sizes as QEMU 11.1
 */
#include "vmm/base/guest_memory.h"
#include "vmm/base/machine.h"
#include "vmm/base/machine_types.h"
#include "vmm/rtas/rtas.h"
#include "vmm/rtas/rtas_calls.h"
#include "vmm/tree/fdt_out.h"
#include "wire/cursor.h"
#include "wire/rtas_args.h"

enum { REGISTER = 1, UNREGISTER = 2, INVALIDATE = 3 };
enum { ALREADY_REGISTERED = -9 };

/* The structure that the guest passes: a header, then sections of the same size. */
enum { HEADER_BYTES = 40, SECTION_BYTES = 40, MAX_SECTIONS = 10, FORMAT_VERSION = 1 };

/* Types of sections whose content firmware defines. */
enum { CPU_STATE = 1, HASH_PAGE_TABLE = 2 };

/* Return true if the header has a known format, and each section is in memory. */
static bool sections_are_there(const struct papr_vmm *vmm, const uint8_t *header,
			       uint64_t addr)
{
	struct cursor c = cursor_of(header, HEADER_BYTES);
	uint32_t version = cursor_be32(&c), offset;
	uint16_t n = cursor_be16(&c);
	uint8_t section[SECTION_BYTES];

	cursor_be16(&c); /* status: the caller's value does not matter */
	offset = cursor_be32(&c);
	if (version != FORMAT_VERSION || n > MAX_SECTIONS)
		return false;
	for (uint16_t i = 0; i < n; i++)
		if (guest_read(vmm, addr + offset + (uint64_t)i * SECTION_BYTES, section,
			       sizeof(section)))
			return false;
	return true;
}

static int32_t enroll(struct papr_vmm *vmm, uint64_t addr, uint64_t bytes)
{
	uint8_t header[HEADER_BYTES];

	if (rtas_of(vmm)->kernel_dump)
		return ALREADY_REGISTERED;
	if (bytes < HEADER_BYTES || !addr ||
	    addr + bytes > machine_of(vmm)->cfg.ram_bytes)
		return RTAS_PARAMETER_ERROR;
	if (guest_read(vmm, addr, header, sizeof(header)))
		return RTAS_HARDWARE_ERROR;
	if (!sections_are_there(vmm, header, addr))
		return RTAS_PARAMETER_ERROR;
	rtas_of(vmm)->kernel_dump = true;
	return RTAS_SUCCESS;
}

static void configure_kernel_dump(struct papr_vmm *vmm, struct rtas_frame *f)
{
	switch (rtas_in(f, 0)) {
	case REGISTER:
		rtas_status(f, enroll(vmm, rtas_in(f, 1), rtas_in(f, 2)));
		return;
	case UNREGISTER:
	case INVALIDATE:
		/* Invalidate is for a dump that was taken, which never exists here. QEMU
		 * drops the registration without an error. */
		rtas_of(vmm)->kernel_dump = false;
		rtas_status(f, RTAS_SUCCESS);
		return;
	default:
		rtas_status(f, RTAS_PARAMETER_ERROR);
	}
}

const struct rtas_handler rtas_kernel_dump_calls[] = {
	{ 0x202d,
	  "ibm,configure-kernel-dump",
	  3,
	  0,
	  1,
	  0,
	  -3,
	  configure_kernel_dump,
	  { 0 } },
	{ .name = NULL },
};

/* ---- Properties of /rtas ---- */

/* Return the room that the registers of all processors need: a header, then for each
 * processor its registers and two marks, 16 bytes each. */
static uint32_t cpu_state_bytes(const struct papr_vmm *vmm)
{
	enum { HEADER = 20, ENTRIES = 79, ENTRY_BYTES = 16 };
	uint32_t bytes = HEADER + machine_of(vmm)->cfg.max_cpus * ENTRIES * ENTRY_BYTES;

	return (bytes + ENTRY_BYTES - 1) & ~(uint32_t)(ENTRY_BYTES - 1);
}

void kernel_dump_put_props(const struct papr_vmm *vmm, struct fdt_out *out)
{
	/* The oldest and the newest supported format. QEMU writes them in the host's byte
	 * order. */
	static const uint8_t versions[] = { 0, FORMAT_VERSION, 0, FORMAT_VERSION };

	if (!machine_of(vmm)->type->kernel_dump)
		return;
	FDT_OUT_CELLS(out, "ibm,configure-kernel-dump-sizes", CPU_STATE, 0,
		      cpu_state_bytes(vmm), HASH_PAGE_TABLE, 0, 0);
	fdt_out_prop(out, "ibm,configure-kernel-dump-version", versions,
		     sizeof(versions));
}
