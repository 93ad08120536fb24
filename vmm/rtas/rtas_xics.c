// SPDX-License-Identifier: LGPL-2.1-or-later
/* Server and priority of interrupts in XICS mode. In XIVE mode the guest uses hypercalls
 * instead. */
#include <errno.h>
#include <stdlib.h>

#include "vmm/base/machine.h"
#include "vmm/cpu/cpus.h"
#include "vmm/rtas/rtas.h"
#include "wire/rtas_args.h"

struct irq_source *xics_sources_new(void)
{
	struct irq_source *all = calloc(XICS_SOURCES, sizeof(*all));

	for (int i = 0; all && i < XICS_SOURCES; i++)
		all[i].priority = all[i].saved = XICS_MASKED;
	return all;
}

/* Return the table. It is allocated at its first use. */
static struct irq_source *sources(struct papr_vmm *vmm)
{
	if (!rtas_of(vmm)->sources)
		rtas_of(vmm)->sources = xics_sources_new();
	return rtas_of(vmm)->sources;
}

/* Return the number of the source that the call names, or 0 if its status is already
 * set. */
static uint32_t xics_number(const struct papr_vmm *vmm, struct rtas_frame *f,
			    uint32_t nargs, uint32_t nret)
{
	uint32_t irq = rtas_in(f, 0);

	if (!machine_of(vmm)->xics) {
		rtas_status(f, RTAS_HARDWARE_ERROR);
		return 0;
	}
	if (f->nargs == nargs && f->nret == nret &&
	    irq - XICS_FIRST_SOURCE < XICS_SOURCES)
		return irq;
	rtas_status(f, RTAS_PARAMETER_ERROR);
	return 0;
}

/* Change or read the library's own settings. */
static int xics_own(struct papr_vmm *vmm, enum papr_xics_call call, uint32_t irq,
		    uint32_t *server, uint8_t *priority)
{
	struct irq_source *all = sources(vmm),
			  *s = all ? &all[irq - XICS_FIRST_SOURCE] : NULL;

	if (!s)
		return -ENOMEM;
	switch (call) {
	case PAPR_XICS_SET:
		s->server = *server;
		s->priority = s->saved = *priority;
		break;
	case PAPR_XICS_GET:
		*server = s->server;
		*priority = s->priority;
		break;
	case PAPR_XICS_OFF:
		s->saved = s->priority;
		s->priority = XICS_MASKED;
		break;
	case PAPR_XICS_ON:
		s->priority = s->saved;
		break;
	}
	return 0;
}

int xics_pass(struct papr_vmm *vmm, enum papr_xics_call call, uint32_t irq,
	      uint32_t *server, uint8_t *priority)
{
	const struct papr_machine_ops *env = &machine_of(vmm)->env;

	return env->xics ? env->xics(env->priv, call, irq, server, priority)
			 : xics_own(vmm, call, irq, server, priority);
}

/* Make the call, and set its status. */
static bool xics_call(struct papr_vmm *vmm, struct rtas_frame *f,
		      enum papr_xics_call call, uint32_t irq, uint32_t *server,
		      uint8_t *priority)
{
	int err = xics_pass(vmm, call, irq, server, priority);

	rtas_status(f, !err		? RTAS_SUCCESS
		       : err == -ENOENT ? RTAS_PARAMETER_ERROR
					: RTAS_HARDWARE_ERROR);
	return !err;
}

static void xics_set_source(struct papr_vmm *vmm, struct rtas_frame *f)
{
	uint32_t irq = xics_number(vmm, f, 3, 1);
	uint32_t server = rtas_in(f, 1), priority = rtas_in(f, 2);
	uint8_t byte = (uint8_t)priority;

	if (!irq)
		return;
	if (!cpus_halted(vmm, server) || priority > XICS_MASKED) {
		rtas_status(f, RTAS_PARAMETER_ERROR);
		return;
	}
	xics_call(vmm, f, PAPR_XICS_SET, irq, &server, &byte);
}

static void xics_get_source(struct papr_vmm *vmm, struct rtas_frame *f)
{
	uint32_t irq = xics_number(vmm, f, 1, 3), server = 0;
	uint8_t priority = XICS_MASKED;

	if (!irq || !xics_call(vmm, f, PAPR_XICS_GET, irq, &server, &priority))
		return;
	rtas_out(f, 1, server);
	rtas_out(f, 2, priority);
}

static void xics_switch(struct papr_vmm *vmm, struct rtas_frame *f,
			enum papr_xics_call call)
{
	uint32_t irq = xics_number(vmm, f, 1, 1), server = 0;
	uint8_t priority = XICS_MASKED;

	if (irq)
		xics_call(vmm, f, call, irq, &server, &priority);
}

static void xics_int_off(struct papr_vmm *vmm, struct rtas_frame *f)
{
	xics_switch(vmm, f, PAPR_XICS_OFF);
}

static void xics_int_on(struct papr_vmm *vmm, struct rtas_frame *f)
{
	xics_switch(vmm, f, PAPR_XICS_ON);
}

// clang-format off
const struct rtas_handler rtas_xics_calls[] = {
	{ 0x200a, "ibm,set-xive", RTAS_ANY, 0, RTAS_ANY, 0, -3, xics_set_source, { 0 } },
	{ 0x200b, "ibm,get-xive", RTAS_ANY, 0, RTAS_ANY, 0, -3, xics_get_source, { 0 } },
	{ 0x200c, "ibm,int-off", RTAS_ANY, 0, RTAS_ANY, 0, -3, xics_int_off, { 0 } },
	{ 0x200d, "ibm,int-on", RTAS_ANY, 0, RTAS_ANY, 0, -3, xics_int_on, { 0 } },
	{ 0 },
};
// clang-format on
