// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * System parameters: QEMU's three, and more with x-powervm=on. Of these only 21 can be
 * set: the restart policy after a power failure (1 byte). 55 is the name of the
 * partition. 60 answers with the caller's own input.
 *
 * Source:  PAPR+ 7.3.16; QEMU 7.2; Linux papr-sysparm.h (numbers)
 */
#include <stdio.h>

#include "vmm/base/guest_memory.h"
#include "vmm/base/machine.h"
#include "vmm/cpu/cpus.h"
#include "vmm/rtas/rtas_calls.h"
#include "wire/builder.h"
#include "wire/rtas_args.h"

enum {
	SYSPARM_SPLPAR = 20,
	SYSPARM_RESTART = 21,
	SYSPARM_DIAGNOSTICS = 42,
	SYSPARM_UUID = 48,
	SYSPARM_NAME = 55,
	SYSPARM_ASKED = 60,
};
/* Statuses that only these calls return. */
enum {
	SYSPARM_NOT_AUTHORIZED = -9002,
	SYSPARM_PARAMETER_ERROR = -9999,
};

enum { VALUE_MAX = 1024 }; /* bytes after the length */

/* Write the SPLPAR text. HostThrs is not a PAPR name: guests on QEMU use it to scale
 * values by the threads of a physical core. QEMU does not report it for every model. PowerVM
 * counts capacities in hundredths of a processor. */
static void splpar_text(const struct papr_vmm *vmm, char *text, size_t size)
{
	const struct papr_config *cfg = &machine_of(vmm)->cfg;
	uint32_t threads = cpus_of(vmm)->model->host_threads;
	unsigned int of_core = cfg->threads ? cfg->threads : 1;
	char host[32] = "";

	if (cfg->powervm) {
		snprintf(text, size,
			 "BoundThrds=1,CapInc=1,DisWheRotPer=5120000,MinEntCap=10,"
			 "MinEntCapPerVP=10,MinMem=256,MinProcs=1,MaxEntCap=%u,"
			 "MaxPlatProcs=%u,DesEntCap=100,DesMem=%llu,DesProcs=%u,"
			 "DesVarCapWt=128,DedDonMode=0,NumLpars=1",
			 cfg->max_cpus / of_core * 100, cfg->max_cpus / of_core,
			 (unsigned long long)(cfg->ram_bytes >> 20), cfg->cpus / of_core);
		return;
	}
	if (threads)
		snprintf(host, sizeof(host), ",HostThrs=%u", threads);
	snprintf(text, size, "MaxEntCap=%u,DesMem=%llu,DesProcs=%u,MaxPlatProcs=%u%s",
		 cfg->max_cpus, (unsigned long long)(cfg->ram_bytes >> 20), cfg->cpus,
		 cfg->max_cpus, host);
}

static void put_text(struct builder *b, const char *text)
{
	builder_be16(b, (uint16_t)(strlen(text) + 1));
	builder_str(b, text);
}

static void put_byte(struct builder *b, uint8_t value)
{
	builder_be16(b, 1);
	builder_u8(b, value);
}

/* Read the length and the bytes in the caller's buffer. Return false if they are not in
 * memory, or too long. */
static bool read_value(const struct papr_vmm *vmm, uint32_t buffer,
		       uint8_t value[2 + VALUE_MAX], size_t *len)
{
	if (guest_read(vmm, buffer, value, 2))
		return false;
	*len = (size_t)value[0] << 8 | value[1];
	return *len <= VALUE_MAX &&
	       !guest_read(vmm, (uint64_t)buffer + 2, value + 2, *len);
}

static void put_what_was_asked(const struct papr_vmm *vmm, uint32_t buffer,
			       struct builder *b)
{
	uint8_t value[2 + VALUE_MAX];
	size_t len;

	if (read_value(vmm, buffer, value, &len))
		builder_bytes(b, value, 2 + len);
	else
		builder_be16(b, 0);
}

static bool value_of_powervm(const struct papr_vmm *vmm, uint32_t parameter,
			     uint32_t buffer, struct builder *b)
{
	char name[VALUE_MAX];

	switch (parameter) {
	case SYSPARM_RESTART:
		put_byte(b, rtas_of(vmm)->restart_policy);
		return true;
	case SYSPARM_NAME:
		snprintf(name, sizeof(name), "%s",
			 machine_of(vmm)->cfg.name ? machine_of(vmm)->cfg.name
						   : "papr-vmm");
		put_text(b, name);
		return true;
	case SYSPARM_ASKED:
		put_what_was_asked(vmm, buffer, b);
		return true;
	}
	return false;
}

/* Write the length and the value. Return false if the parameter does not exist. */
static bool value_of(const struct papr_vmm *vmm, uint32_t parameter, uint32_t buffer,
		     struct builder *b)
{
	char text[256];

	switch (parameter) {
	case SYSPARM_SPLPAR:
		splpar_text(vmm, text, sizeof(text));
		put_text(b, text);
		return true;
	case SYSPARM_DIAGNOSTICS: /* disabled */
		put_byte(b, 0);
		return true;
	case SYSPARM_UUID:
		builder_be16(b, machine_of(vmm)->cfg.has_uuid ? 16 : 0);
		builder_bytes(b, machine_of(vmm)->cfg.uuid,
			      machine_of(vmm)->cfg.has_uuid ? 16 : 0);
		return true;
	}
	return machine_of(vmm)->cfg.powervm &&
	       value_of_powervm(vmm, parameter, buffer, b);
}

/* If the buffer is too short, QEMU writes the full length and as many bytes as fit.
 * PowerVM rejects the call. */
void rtas_get_sysparm(struct papr_vmm *vmm, struct rtas_frame *f)
{
	uint32_t buffer = rtas_in(f, 1), size = rtas_in(f, 2);
	uint8_t value[2 + VALUE_MAX];
	struct builder b = builder_of(value, sizeof(value));

	if (!value_of(vmm, rtas_in(f, 0), buffer, &b)) {
		rtas_status(f, RTAS_PARAMETER_ERROR);
		return;
	}
	if (size < 2 || (machine_of(vmm)->cfg.powervm && size < b.len) ||
	    guest_write(vmm, buffer, value, size < b.len ? size : b.len)) {
		rtas_status(f, SYSPARM_PARAMETER_ERROR);
		return;
	}
	rtas_status(f, RTAS_SUCCESS);
}

static int32_t set_restart(struct papr_vmm *vmm, uint32_t buffer)
{
	uint8_t value[2 + VALUE_MAX];
	size_t len;

	if (!read_value(vmm, buffer, value, &len) || len != 1 || value[2] > 1)
		return SYSPARM_PARAMETER_ERROR;
	rtas_of(vmm)->restart_policy = value[2];
	return RTAS_SUCCESS;
}

void rtas_set_sysparm(struct papr_vmm *vmm, struct rtas_frame *f)
{
	uint32_t parameter = rtas_in(f, 0), buffer = rtas_in(f, 1);
	struct builder nothing = builder_of(NULL, 0);

	if (!value_of(vmm, parameter, buffer, &nothing))
		rtas_status(f, RTAS_PARAMETER_ERROR);
	else if (parameter == SYSPARM_RESTART)
		rtas_status(f, set_restart(vmm, buffer));
	else
		rtas_status(f, SYSPARM_NOT_AUTHORIZED);
}
