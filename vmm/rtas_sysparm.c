// SPDX-License-Identifier: LGPL-2.1-or-later
#include <stdio.h>

#include "vmm/guest_memory.h"
#include "vmm/machine.h"
#include "vmm/rtas_calls.h"
#include "wire/builder.h"
#include "wire/rtas_args.h"

/* PAPR+ 7.3.16: which parameters there are, and what these calls alone answer. */
enum {
	SYSPARM_SPLPAR = 20,
	SYSPARM_DIAGNOSTICS = 42,
	SYSPARM_UUID = 48,
};
enum {
	SYSPARM_NOT_AUTHORIZED = -9002,
	SYSPARM_PARAMETER_ERROR = -9999,
};

/* HostThrs is no PAPR name: guests of QEMU look for it to scale what depends on the
 * threads that a physical core has. QEMU does not say it for each processor. */
static void splpar_text(const struct papr_vmm *vmm, char *text, size_t size)
{
	const struct papr_config *cfg = &vmm->cfg;
	uint32_t threads = vmm->cpus.model->host_threads;
	char host[32] = "";

	if (threads)
		snprintf(host, sizeof(host), ",HostThrs=%u", threads);
	snprintf(text, size, "MaxEntCap=%u,DesMem=%llu,DesProcs=%u,MaxPlatProcs=%u%s",
		 cfg->max_cpus, (unsigned long long)(cfg->ram_bytes >> 20), cfg->cpus,
		 cfg->max_cpus, host);
}

/* The value behind its length; false: no such parameter. */
static bool value_of(const struct papr_vmm *vmm, uint32_t parameter, struct builder *b)
{
	char text[128];

	switch (parameter) {
	case SYSPARM_SPLPAR:
		splpar_text(vmm, text, sizeof(text));
		builder_be16(b, (uint16_t)(strlen(text) + 1));
		builder_str(b, text);
		return true;
	case SYSPARM_DIAGNOSTICS: /* disabled */
		builder_be16(b, 1);
		builder_u8(b, 0);
		return true;
	case SYSPARM_UUID:
		builder_be16(b, vmm->cfg.has_uuid ? 16 : 0);
		builder_bytes(b, vmm->cfg.uuid, vmm->cfg.has_uuid ? 16 : 0);
		return true;
	}
	return false;
}

/* A buffer that is too short gets the full length and what fits. */
void rtas_get_sysparm(struct papr_vmm *vmm, struct rtas_frame *f)
{
	uint32_t buffer = rtas_in(f, 1), size = rtas_in(f, 2);
	uint8_t value[192];
	struct builder b = builder_of(value, sizeof(value));

	if (!value_of(vmm, rtas_in(f, 0), &b)) {
		rtas_status(f, RTAS_PARAMETER_ERROR);
		return;
	}
	if (size < 2 || guest_write(vmm, buffer, value, size < b.len ? size : b.len)) {
		rtas_status(f, SYSPARM_PARAMETER_ERROR);
		return;
	}
	rtas_status(f, RTAS_SUCCESS);
}

void rtas_set_sysparm(struct papr_vmm *vmm, struct rtas_frame *f)
{
	struct builder nothing = builder_of(NULL, 0);

	rtas_status(f, value_of(vmm, rtas_in(f, 0), &nothing) ? SYSPARM_NOT_AUTHORIZED
							      : RTAS_PARAMETER_ERROR);
}
