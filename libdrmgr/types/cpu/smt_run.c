// SPDX-License-Identifier: LGPL-2.1-or-later
/* Set the threads of cores online or offline: of the named core, or of all. */
#include <stdio.h>
#include <string.h>

#include "libdrmgr/core/resolve.h"
#include "libdrmgr/types/cpu/cpu_text.h"
#include "libdrmgr/types/cpu/cpu_threads.h"
#include "libdrmgr/types/runs.h"

struct smt_run {
	struct cpu_list list;
	const struct connector *only; /* NULL: all owned cores */
	size_t left;		      /* cores of the list before this one */
};

/* All cores have the same number of threads. */
static bool cpu_list_has_smt(const struct cpu_list *list)
{
	for (size_t i = 0; i < list->n; i++)
		if (list->cpus[i].node)
			return list->cpus[i].n_threads > 1;
	return false;
}

/* Return the next core to change, or NULL. */
static const struct cpu *smt_run_next(struct smt_run *s)
{
	while (s->left--) {
		const struct cpu *cpu = &s->list.cpus[s->left];

		if (cpu->node && (!s->only || cpu->c == s->only))
			return cpu;
	}
	s->left = 0;
	return NULL;
}

static int smt_run_prepare(struct run *run)
{
	struct smt_run *s = run->priv;
	int err;

	run->error = (struct dr_error){ .fault = DR_FAULT_NOT_CAPABLE, .err = -ENOTSUP };
	err = cpu_list_read(&s->list, &run->mem, run->dr);
	if (err)
		dr_error_read(&run->error, run->dr->root, DR_FAULT_NOT_CAPABLE, err);
	if (err || !cpu_list_has_smt(&s->list))
		return run->error.err;
	if (run->request.key) {
		err = connectors_find(&s->list.connectors, run->dr, run->request.key,
				      RESOLVE_NO_DIGITS, &s->only, &run->error);
		if (err)
			return err;
	}
	s->left = s->list.n;
	while (smt_run_next(s))
		run->requested++;
	s->left = s->list.n;
	if (run->requested)
		return 0;
	run->error = (struct dr_error){ .fault = DR_FAULT_NOT_OWNED, .err = -EINVAL };
	snprintf(run->error.what, sizeof(run->error.what), "%s", s->only->drc.name);
	return run->error.err;
}

static bool smt_run_step(struct run *run)
{
	struct smt_run *s = run->priv;
	const struct cpu *cpu = smt_run_next(s);
	struct dr_result result = { 0 };
	int err;

	if (!cpu)
		return false;
	run_begin(run, &cpu->c->drc);
	result.node = mem_copy(&result.mem, cpu->node->path);
	err = cpu_set_smt(run->dr, &s->list, cpu, run->request.action == DR_ADD, &result);
	run_end(run, &cpu->c->drc, err, &result);
	mem_end(&result.mem);
	return true;
}

static int smt_run_revert(struct run *run, struct dr_ctx *dr, const struct drc *drc,
			  struct dr_result *result)
{
	const struct smt_run *s = run->priv;

	for (size_t i = 0; i < s->list.n; i++)
		if (s->list.cpus[i].c->drc.index == drc->index)
			return cpu_threads_restore(dr, &s->list.cpus[i], result);
	return 0;
}

const struct run_ops run_smt = {
	.locks = WRITER_CORES,
	.leaves = "cpu",
	.priv_bytes = sizeof(struct smt_run),
	.prepare = smt_run_prepare,
	.step = smt_run_step,
	.revert = smt_run_revert,
	.words = smt_error_text,
};
