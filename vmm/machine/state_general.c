// SPDX-License-Identifier: LGPL-2.1-or-later
/* Result of CAS, boot images, counters. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/firmware/boot.h"
#include "vmm/machine/papr_vmm.h"
#include "vmm/state/state.h"
#include "wire/cas.h"

struct general {
	uint8_t ov5[256];
	bool ov5_guest_empty, xics, pre_isa3_guest, keep_vectors, started;
	uint32_t compat_pvr, caller, anonymous_devices;
	struct boot boot;
};

/* Return true for raw mode (0) and logical processors (PAPR+ B.6.2.3). */
static bool pvr_is_known(uint32_t pvr)
{
	return !pvr || pvr == CAS_PVR_2_06_PLUS ||
	       (pvr >= CAS_PVR_2_04 && pvr <= CAS_PVR_3_10_P11);
}

static void general_save(const struct papr_vmm *vmm, struct builder *b)
{
	state_put_trimmed(b, machine_of(vmm)->ov5, sizeof(machine_of(vmm)->ov5));
	builder_u8(b, machine_of(vmm)->ov5_guest_empty);
	builder_u8(b, machine_of(vmm)->xics);
	builder_u8(b, machine_of(vmm)->pre_isa3_guest);
	builder_u8(b, machine_of(vmm)->keep_vectors);
	builder_u8(b, machine_of(vmm)->started);
	builder_be32(b, machine_of(vmm)->compat_pvr);
	builder_be32(b, machine_of(vmm)->caller);
	builder_be32(b, machine_of(vmm)->anonymous_devices);
	builder_be64(b, boot_of(vmm)->kernel_base);
	builder_be64(b, boot_of(vmm)->kernel_size);
	builder_be64(b, boot_of(vmm)->initrd_base);
	builder_be64(b, boot_of(vmm)->initrd_size);
	builder_u8(b, boot_of(vmm)->kernel_le);
}

static int general_load(const struct papr_vmm *vmm, struct cursor *c, void **loaded,
			struct papr_error *error)
{
	struct general *g = calloc(1, sizeof(*g));

	(void)vmm, (void)error;
	if (!g)
		return -ENOMEM;
	state_get_trimmed(c, g->ov5, sizeof(g->ov5));
	g->ov5_guest_empty = state_bool(c);
	g->xics = state_bool(c);
	g->pre_isa3_guest = state_bool(c);
	g->keep_vectors = state_bool(c);
	g->started = state_bool(c);
	g->compat_pvr = cursor_be32(c);
	g->caller = cursor_be32(c);
	g->anonymous_devices = cursor_be32(c);
	g->boot.kernel_base = cursor_be64(c);
	g->boot.kernel_size = cursor_be64(c);
	g->boot.initrd_base = cursor_be64(c);
	g->boot.initrd_size = cursor_be64(c);
	g->boot.kernel_le = state_bool(c);
	if (!pvr_is_known(g->compat_pvr))
		c->err = 1;
	return state_finish(c, g, loaded);
}

static void general_apply(struct papr_vmm *vmm, void *loaded)
{
	const struct general *g = loaded;

	memcpy(machine_of(vmm)->ov5, g->ov5, sizeof(machine_of(vmm)->ov5));
	machine_of(vmm)->ov5_guest_empty = g->ov5_guest_empty;
	machine_of(vmm)->xics = g->xics;
	machine_of(vmm)->pre_isa3_guest = g->pre_isa3_guest;
	machine_of(vmm)->keep_vectors = g->keep_vectors;
	machine_of(vmm)->started = g->started;
	machine_of(vmm)->compat_pvr = g->compat_pvr;
	machine_of(vmm)->caller = g->caller;
	machine_of(vmm)->anonymous_devices = g->anonymous_devices;
	*boot_of(vmm) = g->boot;
	free(loaded);
}

const struct state_section state_general = {
	.tag = "MACH", .save = general_save, .load = general_load, .apply = general_apply
};
