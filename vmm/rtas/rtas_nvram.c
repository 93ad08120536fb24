// SPDX-License-Identifier: LGPL-2.1-or-later
/* The NVRAM: a copy of what the embedder keeps. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

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

/* Read what the guest stores, hand it to the embedder, then change the copy. Return 0, or
 * the status of the call. */
static int32_t nvram_change(struct papr_vmm *vmm, const struct span *s, uint8_t *bytes)
{
	if (guest_read(vmm, s->buffer, bytes, s->bytes))
		return RTAS_PARAMETER_ERROR;
	if (nvram_write_out(vmm, s->offset, bytes, s->bytes))
		return RTAS_HARDWARE_ERROR;
	memcpy(rtas_of(vmm)->nvram + s->offset, bytes, s->bytes);
	return RTAS_SUCCESS;
}

void rtas_nvram_store(struct papr_vmm *vmm, struct rtas_frame *f)
{
	int32_t status = RTAS_PARAMETER_ERROR;
	struct span s;

	if (get_span(f, &s)) {
		uint8_t *bytes = malloc((size_t)s.bytes + 1);

		status = bytes ? nvram_change(vmm, &s, bytes) : RTAS_HARDWARE_ERROR;
		free(bytes);
	}
	rtas_status(f, status);
	if (status != RTAS_PARAMETER_ERROR)
		rtas_out(f, 1, status ? 0 : s.bytes);
}

int nvram_write_out(const struct papr_vmm *vmm, uint32_t offset, const uint8_t *bytes,
		    size_t len)
{
	const struct papr_machine_ops *env = &machine_of(vmm)->env;
	int err = env->nvram_write && len
			  ? env->nvram_write(env->priv, offset, bytes, len)
			  : 0;

	if (err)
		machine_log(vmm, "NVRAM: cannot write %zu bytes at 0x%x: %s", len,
			    (unsigned int)offset, strerror(err < 0 ? -err : EIO));
	return err;
}

int nvram_read_in(struct papr_vmm *vmm)
{
	const struct papr_machine_ops *env = &machine_of(vmm)->env;
	int err = env->nvram_read ? env->nvram_read(env->priv, 0, rtas_of(vmm)->nvram,
						    RTAS_NVRAM_BYTES)
				  : 0;

	return err > 0 ? -EIO : err;
}
