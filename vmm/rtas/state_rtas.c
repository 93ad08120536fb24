// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/rtas/rtas.h"
#include "vmm/state/state.h"

struct rtas_loaded {
	int64_t clock_offset_ns;
	struct rtas_state state;
	uint8_t nvram[RTAS_NVRAM_BYTES];
};

static void rtas_save(const struct papr_vmm *vmm, struct builder *b)
{
	const struct rtas_state *rtas = rtas_of(vmm);

	builder_be64(b, (uint64_t)machine_of(vmm)->clock_offset_ns);
	builder_u8(b, rtas->fwnmi);
	builder_be64(b, rtas->nmi_reset);
	state_put_trimmed(b, rtas->nvram, RTAS_NVRAM_BYTES);
}

static int rtas_load(const struct papr_vmm *vmm, struct cursor *c, void **loaded,
		     struct papr_error *error)
{
	struct rtas_loaded *l = malloc(sizeof(*l));

	(void)vmm;
	(void)error;
	if (!l)
		return -ENOMEM;
	l->clock_offset_ns = (int64_t)cursor_be64(c);
	l->state.fwnmi = state_bool(c);
	l->state.nmi_reset = cursor_be64(c);
	state_get_trimmed(c, l->nvram, sizeof(l->nvram));
	return state_finish(c, l, loaded);
}

static void rtas_apply(struct papr_vmm *vmm, void *loaded)
{
	struct rtas_loaded *l = loaded;
	struct rtas_state *rtas = rtas_of(vmm);

	machine_of(vmm)->clock_offset_ns = l->clock_offset_ns;
	memcpy(rtas->nvram, l->nvram, sizeof(l->nvram));
	l->state.nvram = rtas->nvram;
	/* These have sections of their own. */
	l->state.restart_policy = rtas->restart_policy;
	l->state.sources = rtas->sources;
	*rtas = l->state;
	free(loaded);
}

const struct state_section state_rtas = {
	.tag = "RTAS", .save = rtas_save, .load = rtas_load, .apply = rtas_apply
};
