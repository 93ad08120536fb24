// SPDX-License-Identifier: LGPL-2.1-or-later
/* The NVRAM. Its content ends with the machine. */
#include "vmm/base/guest_memory.h"
#include "vmm/base/machine.h"
#include "vmm/rtas/rtas_calls.h"
#include "wire/rtas_args.h"

struct span {
	uint32_t offset, buffer, bytes;
};

/* Read offset, buffer and length. Return false if the range is outside of the nvram. */
static bool get_span(const struct rtas_frame *f, struct span *span)
{
	*span = (struct span){ rtas_in(f, 0), rtas_in(f, 1), rtas_in(f, 2) };
	return span->offset <= RTAS_NVRAM_BYTES &&
	       span->bytes <= RTAS_NVRAM_BYTES - span->offset;
}

void rtas_nvram_fetch(struct papr_vmm *vmm, struct rtas_frame *f)
{
	struct span s;

	if (!get_span(f, &s) ||
	    guest_write(vmm, s.buffer, rtas_of(vmm)->nvram + s.offset, s.bytes)) {
		rtas_status(f, RTAS_PARAMETER_ERROR);
		rtas_out(f, 1, 0);
		return;
	}
	rtas_status(f, RTAS_SUCCESS);
	rtas_out(f, 1, s.bytes);
}

/* Memory that cannot be read changes nothing. */
void rtas_nvram_store(struct papr_vmm *vmm, struct rtas_frame *f)
{
	struct span s;

	if (!get_span(f, &s) ||
	    guest_read(vmm, s.buffer, rtas_of(vmm)->nvram + s.offset, s.bytes)) {
		rtas_status(f, RTAS_PARAMETER_ERROR);
		return;
	}
	rtas_status(f, RTAS_SUCCESS);
	rtas_out(f, 1, s.bytes);
}
