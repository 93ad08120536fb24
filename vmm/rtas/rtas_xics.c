// SPDX-License-Identifier: LGPL-2.1-or-later
/* Server and priority of interrupts in XICS mode. In XIVE mode the guest uses hypercalls
 * instead. */
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

/* Return the source that a call with these counts names, or NULL: its status is set. The
 * table is allocated at its first use. */
static struct irq_source *xics_source(struct papr_vmm *vmm, struct rtas_frame *f,
				      uint32_t nargs, uint32_t nret)
{
	struct rtas_state *rtas = rtas_of(vmm);
	uint32_t n = rtas_in(f, 0) - XICS_FIRST_SOURCE;

	if (!machine_of(vmm)->xics) {
		rtas_status(f, RTAS_HARDWARE_ERROR);
		return NULL;
	}
	if (f->nargs != nargs || f->nret != nret || n >= XICS_SOURCES) {
		rtas_status(f, RTAS_PARAMETER_ERROR);
		return NULL;
	}
	if (!rtas->sources)
		rtas->sources = xics_sources_new();
	rtas_status(f, rtas->sources ? RTAS_SUCCESS : RTAS_HARDWARE_ERROR);
	return rtas->sources ? &rtas->sources[n] : NULL;
}

static void xics_set_source(struct papr_vmm *vmm, struct rtas_frame *f)
{
	struct irq_source *s = xics_source(vmm, f, 3, 1);
	uint32_t server = rtas_in(f, 1), priority = rtas_in(f, 2);

	if (!s)
		return;
	if (!cpus_halted(vmm, server) || priority > XICS_MASKED) {
		rtas_status(f, RTAS_PARAMETER_ERROR);
		return;
	}
	s->server = server;
	s->priority = s->saved = (uint8_t)priority;
}

static void xics_get_source(struct papr_vmm *vmm, struct rtas_frame *f)
{
	const struct irq_source *s = xics_source(vmm, f, 1, 3);

	if (!s)
		return;
	rtas_out(f, 1, s->server);
	rtas_out(f, 2, s->priority);
}

static void xics_int_off(struct papr_vmm *vmm, struct rtas_frame *f)
{
	struct irq_source *s = xics_source(vmm, f, 1, 1);

	if (!s)
		return;
	s->saved = s->priority;
	s->priority = XICS_MASKED;
}

static void xics_int_on(struct papr_vmm *vmm, struct rtas_frame *f)
{
	struct irq_source *s = xics_source(vmm, f, 1, 1);

	if (s)
		s->priority = s->saved;
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
