// SPDX-License-Identifier: LGPL-2.1-or-later
/* Stopped threads, size of the hash page table. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/cpu/cpus.h"
#include "vmm/state/state.h"

enum { HPT_SHIFT_MAX = 46 }; /* ISA 3.0: log2 of the largest hash page table */

struct cpus_loaded {
	uint32_t hpt_shift;
	bool halted[];
};

static void cpus_save(const struct papr_vmm *vmm, struct builder *b)
{
	const struct cpus *cpus = cpus_of(vmm);

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
	const struct cpus *cpus = cpus_of(vmm);
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
	return state_finish(c, l, loaded);
}

static void cpus_apply(struct papr_vmm *vmm, void *loaded)
{
	struct cpus *cpus = cpus_of(vmm);
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
