// SPDX-License-Identifier: LGPL-2.1-or-later
/* Sections of the small parts of the machine. */
#include <errno.h>
#include <stdlib.h>

#include "vmm/state/state.h"
#include "wire/cas.h"

static int finish(const struct cursor *c, void *got, void **loaded)
{
	if (c->err || cursor_left(c)) {
		free(got);
		return -EBADMSG;
	}
	*loaded = got;
	return 0;
}

/* ---- Result of CAS, boot images, counters ---- */

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
	state_put_trimmed(b, vmm->ov5, sizeof(vmm->ov5));
	builder_u8(b, vmm->ov5_guest_empty);
	builder_u8(b, vmm->xics);
	builder_u8(b, vmm->pre_isa3_guest);
	builder_u8(b, vmm->keep_vectors);
	builder_u8(b, vmm->started);
	builder_be32(b, vmm->compat_pvr);
	builder_be32(b, vmm->caller);
	builder_be32(b, vmm->anonymous_devices);
	builder_be64(b, vmm->boot.kernel_base);
	builder_be64(b, vmm->boot.kernel_size);
	builder_be64(b, vmm->boot.initrd_base);
	builder_be64(b, vmm->boot.initrd_size);
	builder_u8(b, vmm->boot.kernel_le);
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
	return finish(c, g, loaded);
}

static void general_apply(struct papr_vmm *vmm, void *loaded)
{
	const struct general *g = loaded;

	memcpy(vmm->ov5, g->ov5, sizeof(vmm->ov5));
	vmm->ov5_guest_empty = g->ov5_guest_empty;
	vmm->xics = g->xics;
	vmm->pre_isa3_guest = g->pre_isa3_guest;
	vmm->keep_vectors = g->keep_vectors;
	vmm->started = g->started;
	vmm->compat_pvr = g->compat_pvr;
	vmm->caller = g->caller;
	vmm->anonymous_devices = g->anonymous_devices;
	vmm->boot = g->boot;
	free(loaded);
}

const struct state_section state_general = {
	.tag = "MACH", .save = general_save, .load = general_load, .apply = general_apply
};

/* ---- RTAS ---- */

struct rtas_loaded {
	struct rtas_state state;
	uint8_t nvram[RTAS_NVRAM_BYTES];
};

static void rtas_save(const struct papr_vmm *vmm, struct builder *b)
{
	const struct rtas_state *rtas = &vmm->rtas;

	builder_be64(b, (uint64_t)rtas->clock_offset_ns);
	builder_u8(b, rtas->fwnmi);
	builder_be64(b, rtas->nmi_reset);
	builder_be64(b, rtas->nmi_check);
	builder_be32(b, (uint32_t)rtas->nmi_interlock);
	state_put_trimmed(b, rtas->nvram, RTAS_NVRAM_BYTES);
	if (vmm->type->kernel_dump)
		builder_u8(b, rtas->kernel_dump);
}

static int rtas_load(const struct papr_vmm *vmm, struct cursor *c, void **loaded,
		     struct papr_error *error)
{
	struct rtas_loaded *l = malloc(sizeof(*l));

	(void)error;
	if (!l)
		return -ENOMEM;
	l->state.clock_offset_ns = (int64_t)cursor_be64(c);
	l->state.fwnmi = state_bool(c);
	l->state.nmi_reset = cursor_be64(c);
	l->state.nmi_check = cursor_be64(c);
	l->state.nmi_interlock = (int32_t)cursor_be32(c);
	state_get_trimmed(c, l->nvram, sizeof(l->nvram));
	l->state.kernel_dump = vmm->type->kernel_dump && state_bool(c);
	return finish(c, l, loaded);
}

static void rtas_apply(struct papr_vmm *vmm, void *loaded)
{
	struct rtas_loaded *l = loaded;

	memcpy(vmm->rtas.nvram, l->nvram, sizeof(l->nvram));
	l->state.nvram = vmm->rtas.nvram;
	vmm->rtas = l->state;
	free(loaded);
}

const struct state_section state_rtas = {
	.tag = "RTAS", .save = rtas_save, .load = rtas_load, .apply = rtas_apply
};

/* ---- Processors: stopped threads, size of the hash page table ---- */

enum { HPT_SHIFT_MAX = 46 }; /* ISA 3.0: log2 of the largest hash page table */

struct cpus_loaded {
	uint32_t hpt_shift;
	bool halted[];
};

static void cpus_save(const struct papr_vmm *vmm, struct builder *b)
{
	const struct cpus *cpus = &vmm->cpus;

	builder_be32(b, cpus->hpt_shift);
	for (uint32_t i = 0; i < cpus->n_cores; i++) {
		if (!cpus->cores[i].present)
			continue;
		builder_be32(b, cpus->cores[i].id);
		for (uint32_t t = 0; t < cpus->threads; t++)
			builder_u8(b, cpus->cores[i].halted[t]);
	}
}

static int cpus_load(const struct papr_vmm *vmm, struct cursor *c, void **loaded,
		     struct papr_error *error)
{
	const struct cpus *cpus = &vmm->cpus;
	struct cpus_loaded *l =
		calloc(1, sizeof(*l) + (size_t)cpus->n_cores * cpus->threads *
					       sizeof(*l->halted));
	bool same = true;

	if (!l)
		return -ENOMEM;
	l->hpt_shift = cursor_be32(c);
	if (l->hpt_shift > HPT_SHIFT_MAX)
		c->err = 1;
	for (uint32_t i = 0; i < cpus->n_cores && same; i++) {
		if (!cpus->cores[i].present)
			continue;
		same = cursor_left(c) && cursor_be32(c) == cpus->cores[i].id;
		for (uint32_t t = 0; t < cpus->threads; t++)
			l->halted[i * cpus->threads + t] = same && state_bool(c);
	}
	if (!same || (!c->err && cursor_left(c))) {
		free(l);
		return papr_fail(error, -ENODEV,
				 "The cores differ from those of the saved machine");
	}
	return finish(c, l, loaded);
}

static void cpus_apply(struct papr_vmm *vmm, void *loaded)
{
	struct cpus *cpus = &vmm->cpus;
	const struct cpus_loaded *l = loaded;

	cpus->hpt_shift = l->hpt_shift;
	for (uint32_t i = 0; i < cpus->n_cores; i++)
		if (cpus->cores[i].present)
			memcpy(cpus->cores[i].halted, l->halted + i * cpus->threads,
			       cpus->threads * sizeof(*l->halted));
	free(loaded);
}

const struct state_section state_cpus = {
	.tag = "CPUS", .save = cpus_save, .load = cpus_load, .apply = cpus_apply
};
