// SPDX-License-Identifier: LGPL-2.1-or-later
/* Change cores: the named one, or a number of them. */
#include <string.h>

#include "libdrmgr/core/resolve.h"
#include "libdrmgr/core/run_left.h"
#include "libdrmgr/tree/apply.h"
#include "libdrmgr/types/cpu/cpu_ops.h"
#include "libdrmgr/types/cpu/cpu_text.h"
#include "libdrmgr/types/cpu/cpu_threads.h"
#include "libdrmgr/types/logical/logical.h"
#include "libdrmgr/types/runs.h"

/* The lists are read once; what the run changes is marked in them. */
struct cpu_run {
	struct cpu_list list;
	bool *is_tried; /* by place in the list */
};

static bool cpu_run_is_add(const struct run *run)
{
	return run->request.action == DR_ADD;
}

/* Check that nothing is left of the core that the user named. Without such a core the step
 * tells why: drmgr then ends with 1, as it always has. */
static int cpu_run_check_left(struct run *run, struct cpu_run *list)
{
	struct connectors *cs = &list->list.connectors;
	struct dr_error error;
	const struct connector *c;

	if (connectors_find(cs, run->dr, run->request.key, RESOLVE_NO_DIGITS, &c, &error))
		return 0;
	return run_left_block(run, leftovers_find(run->dr->leftovers, cs, c));
}

static size_t cpu_list_owned(const struct cpu_list *list)
{
	size_t n = 0;

	for (size_t i = 0; i < list->n; i++)
		n += list->cpus[i].node != NULL;
	return n;
}

static int cpu_run_prepare(struct run *run)
{
	struct cpu_run *c = run->priv;
	int err = cpu_list_read(&c->list, &run->mem, run->dr);
	size_t owned = cpu_list_owned(&c->list);

	if (err) {
		dr_error_read(&run->error, run->dr->root, DR_FAULT_NO_SLOTS, err);
		return err;
	}
	run_choose(run, run_quantity(run), owned, c->list.n - owned);
	err = apply_check_kernel(run->dr, "cpu", &run->error);
	c->is_tried = mem_array(&run->mem, c->list.n, sizeof(*c->is_tried));
	return err || !run->request.key ? err : cpu_run_check_left(run, c);
}

/* Find the core that the user named. Return NULL and report the reason if it cannot be
 * changed. */
static struct cpu *cpu_run_find_requested(struct run *run, struct cpu_run *list)
{
	const char *key = run->request.key;
	const struct connector *c;
	struct cpu *cpu = NULL;

	if (connectors_find(&list->list.connectors, run->dr, key, RESOLVE_NO_DIGITS, &c,
			    &run->error)) {
		run_fail(run, &run->error, NULL);
		return NULL;
	}
	for (size_t i = 0; i < list->list.n; i++)
		if (list->list.cpus[i].c == c)
			cpu = &list->list.cpus[i];
	if (cpu && cpu_run_is_add(run) == !cpu->node)
		return cpu;
	run->drc = c->drc;
	run_fail_with(run, cpu_run_is_add(run) ? DR_FAULT_OWNED : DR_FAULT_NOT_OWNED,
		      -EINVAL, "%s", key);
	return NULL;
}

/* Find the next core. An addition takes the first connector in firmware's order, a
 * removal the last one with an online thread. */
static struct cpu *cpu_run_find_next(struct run *run, struct cpu_run *c)
{
	for (size_t i = 0; i < c->list.n; i++) {
		size_t at = cpu_run_is_add(run) ? c->list.n - 1 - i : i;
		struct cpu *cpu = &c->list.cpus[at];

		if (!c->is_tried[at] &&
		    !leftovers_find(run->dr->leftovers, &c->list.connectors, cpu->c) &&
		    (cpu_run_is_add(run) ? !cpu->node : cpu->node && cpu_is_online(cpu)))
			return cpu;
	}
	if (!run_is_max(run))
		run_fail_with(run, DR_FAULT_NONE_LEFT, -ENODEV, "%s", "");
	return NULL;
}

/* If the user named this core, report that it is unusable. Otherwise the next one is
 * tried. */
static void cpu_run_end_missing(struct run *run, const struct cpu *cpu,
				const struct dr_result *result)
{
	if (!run->request.key) {
		run_end_missing(run, &cpu->c->drc, &result->error);
		return;
	}
	run_fail_with(run, DR_FAULT_UNUSABLE, -ENODEV, "%s", run->request.key);
	run_end(run, &cpu->c->drc, -ENODEV, result);
}

static void cpu_run_one(struct run *run, struct cpu_run *c, struct cpu *cpu)
{
	static const struct occupant planned = { 0 };
	struct dr_result result = { 0 };
	int err;

	c->is_tried[cpu - c->list.cpus] = true;
	run_begin(run, &cpu->c->drc);
	if (cpu_run_is_add(run))
		err = cpu_add(run->dr, cpu, true, &result);
	else
		err = cpu_remove(run->dr, &c->list, cpu, &result);

	if (err && logical_is_missing(&result.error) && !result.is_undo_incomplete)
		cpu_run_end_missing(run, cpu, &result);
	else if (!run_end(run, &cpu->c->drc, err, &result))
		cpu->node = cpu_run_is_add(run) ? &planned : NULL;
	mem_end(&result.mem);
}

static bool cpu_run_refuse_last(struct run *run, struct cpu_run *c, const struct cpu *cpu)
{
	if (cpu_run_is_add(run) || !cpu_is_last(&c->list, cpu))
		return false;
	run_fail_with(run, DR_FAULT_LAST, -EBUSY, "%s", "");
	return true;
}

static bool cpu_run_step(struct run *run)
{
	struct cpu_run *c = run->priv;
	struct cpu *cpu;

	if (!run->request.if_needed && cpu_run_refuse_last(run, c, NULL))
		return false;
	cpu = run->request.key ? cpu_run_find_requested(run, c)
			       : cpu_run_find_next(run, c);
	if (!cpu || cpu_run_refuse_last(run, c, cpu))
		return false;
	cpu_run_one(run, c, cpu);
	return true;
}

static int cpu_run_revert(struct run *run, struct dr_ctx *dr, const struct drc *drc,
			  struct dr_result *result)
{
	_cleanup_mem_ struct mem m = { 0 };
	const struct cpu *cpu = NULL;
	struct cpu_list now;
	int err = cpu_list_read(&now, &m, dr);

	for (size_t i = 0; !err && i < now.n; i++)
		if (now.cpus[i].c->drc.index == drc->index)
			cpu = &now.cpus[i];
	if (cpu && cpu_run_is_add(run) && cpu->node)
		err = cpu_remove(dr, &now, cpu, result);
	else if (cpu && !cpu_run_is_add(run) && !cpu->node)
		err = cpu_add(dr, cpu, false, result);
	return err;
}

/* What the run has changed is marked in the list, unless it was undone, or the lock was
 * released meanwhile. */
static int cpu_run_count(struct run *run, uint64_t *has)
{
	_cleanup_mem_ struct mem m = { 0 };
	const struct cpu_run *c = run->priv;
	struct cpu_list now;
	int err;

	*has = cpu_list_owned(&c->list);
	if (!run->is_undone && !run->dr->has_yielded)
		return 0;
	err = cpu_list_read(&now, &m, run->dr);
	*has = cpu_list_owned(&now);
	return err;
}

const struct run_ops run_cpu = {
	.locks = WRITER_CORES | WRITER_TREE,
	.leaves = "cpu node isolation allocation",
	.priv_bytes = sizeof(struct cpu_run),
	.prepare = cpu_run_prepare,
	.step = cpu_run_step,
	.revert = cpu_run_revert,
	.count = cpu_run_count,
	.words = cpu_error_text,
};
