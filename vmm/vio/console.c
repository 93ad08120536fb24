// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The virtual terminal. The guest's output is passed to the embedder. Input is not
 * supported.
 *
 * Source:  PAPR+ 14.5.4.4 (H_PUT_TERM_CHAR), 14.5.4.3 (H_GET_TERM_CHAR)
 */
#include "vmm/vio/vio.h"
#include "vmm/base/hcall.h"
#include "vmm/base/machine.h"
#include "wire/builder.h"

enum { VTY_UNIT = 0x71000000, MAX_CHARS = 16 };

/* Unit address 0 is the default terminal. */
static bool is_vty(const struct papr_vmm *vmm, uint64_t unit)
{
	return !machine_of(vmm)->cfg.no_vty && (unit == VTY_UNIT || !unit);
}

int64_t hcall_put_term(struct papr_vmm *vmm, uint64_t args[PAPR_HCALL_ARGS])
{
	uint8_t text[MAX_CHARS];
	struct builder b = builder_of(text, sizeof(text));

	if (!is_vty(vmm, args[0]) || args[1] > MAX_CHARS)
		return H_PARAMETER;

	for (int i = 2; i < 4; i++) {
		builder_be32(&b, (uint32_t)(args[i] >> 32));
		builder_be32(&b, (uint32_t)args[i]);
	}
	if (machine_of(vmm)->env.console && args[1])
		machine_of(vmm)->env.console(machine_of(vmm)->env.priv, text,
					     (size_t)args[1]);
	return H_SUCCESS;
}

int64_t hcall_get_term(struct papr_vmm *vmm, uint64_t args[PAPR_HCALL_ARGS])
{
	if (!is_vty(vmm, args[0]))
		return H_PARAMETER;

	args[0] = args[1] = args[2] = 0; /* no characters */
	return H_SUCCESS;
}
