// SPDX-License-Identifier: LGPL-2.1-or-later
#include <stdio.h>
#include <string.h>

#include "libdrmgr/types/mem/mem_job.h"
#include "libdrmgr/tree/apply.h"
#include "libdrmgr/core/platform.h"
#include "libdrmgr/types/mobility/reassign.h"

static int reassign_fail(struct dr_result *result, enum dr_fault fault, int err,
			 const char *what)
{
	result->error = (struct dr_error){ .fault = fault, .err = err };
	snprintf(result->error.what, sizeof(result->error.what), "%s", what);
	return err;
}

static int reassign_copy_drc(struct reassign *r, const struct drc *drc)
{
	r->name = strdup(drc->name);
	if (!r->name)
		return -ENOMEM;
	r->drc = (struct drc){ .index = drc->index,
			       .name = r->name,
			       .type = r->kind == PRRN_CPU ? "CPU" : "MEM" };
	return 0;
}

/* ---- A core ---- */

static const struct cpu *reassign_find_cpu(const struct cpu_list *list,
					   uint32_t drc_index)
{
	for (size_t i = 0; i < list->n; i++)
		if (list->cpus[i].c->drc.index == drc_index)
			return &list->cpus[i];
	return NULL;
}

static int reassign_open_cpu(struct reassign *r, uint32_t drc_index)
{
	const struct cpu *cpu = NULL;
	_cleanup_mem_ struct mem m = { 0 };
	struct cpu_list list;
	int err = cpu_list_read(&list, &m, r->dr);

	if (!err) {
		cpu = reassign_find_cpu(&list, drc_index);
		err = cpu ? reassign_copy_drc(r, &cpu->c->drc) : -ENOENT;
	}
	r->is_owned = cpu && cpu->node;
	return err;
}

static int reassign_change_cpu(const struct reassign *r, const struct cpu_list *list,
			       bool add, struct dr_result *result)
{
	const struct cpu *cpu = reassign_find_cpu(list, r->drc.index);
	int err;

	if (!cpu || (!add && !cpu->node))
		return reassign_fail(result, DR_FAULT_NOT_OWNED, -ENOENT, r->name);
	if (!add && cpu_is_last(list, cpu))
		return reassign_fail(result, DR_FAULT_TOO_FEW, -EBUSY, r->name);
	err = apply_check_kernel(r->dr, "cpu", &result->error);
	if (err)
		return err;
	return add ? cpu_add(r->dr, cpu, false, result)
		   : cpu_remove(r->dr, list, cpu, result);
}

static int reassign_request_cpu(const struct reassign *r, bool add,
				struct dr_result *result)
{
	_cleanup_mem_ struct mem m = { 0 };
	struct cpu_list list;
	int err = cpu_list_read(&list, &m, r->dr);

	return err ? reassign_fail(result, DR_FAULT_MEMORY, err, " ")
		   : reassign_change_cpu(r, &list, add, result);
}

/* ---- An LMB ---- */

static int reassign_find_lmb(struct mem_job *job, uint32_t drc_index, size_t *at)
{
	return mem_state_find(&job->state, drc_index, at) ? 0 : -ENOENT;
}

static int reassign_open_lmb(struct reassign *r, uint32_t drc_index)
{
	_cleanup_mem_ struct mem m = { 0 };
	struct mem_job job;
	struct drc drc;
	size_t at = 0;
	int err = mem_job_open(&job, &m, r->dr, false);

	if (!err)
		err = reassign_find_lmb(&job, drc_index, &at);
	if (!err)
		err = mem_state_drc(&job.state, at, &drc);
	if (!err)
		err = reassign_copy_drc(r, &drc);
	r->is_owned = !err && job.state.lmbs[at].state != LMB_FREE;
	mem_job_end(&job, 0);
	return err;
}

static int reassign_run_job(struct mem_job *job)
{
	struct mem_batch batch;
	int more = mem_job_next(job, &batch);

	return more > 0 ? mem_job_run(job, &batch) : more < 0 ? more : -ENOENT;
}

static int reassign_request_lmb(const struct reassign *r, bool add,
				struct dr_result *result)
{
	_cleanup_mem_ struct mem m = { 0 };
	struct mem_job job;
	size_t at;
	int err = mem_job_open(&job, &m, r->dr, add);

	if (!err)
		err = reassign_find_lmb(&job, r->drc.index, &at);
	if (!err)
		err = mem_job_one(&job, at);
	if (!err)
		err = reassign_run_job(&job);
	result->error = job.x.error;
	mem_job_end(&job, err);
	return err;
}

/* ---- Both ---- */

int reassign_open(struct reassign *r, struct dr_ctx *dr, enum prrn_kind kind,
		  uint32_t drc_index, struct dr_result *result)
{
	char text[16];
	int err;

	*r = (struct reassign){ .dr = dr, .kind = kind };
	err = kind == PRRN_CPU ? reassign_open_cpu(r, drc_index)
			       : reassign_open_lmb(r, drc_index);
	snprintf(text, sizeof(text), "0x%08x", drc_index);
	if (err == -ENOMEM)
		return reassign_fail(result, DR_FAULT_MEMORY, err, " ");
	return err ? reassign_fail(result, DR_FAULT_NO_INDEX, -ENOENT, text) : 0;
}

void reassign_close(struct reassign *r)
{
	free(r->name);
}

int reassign_remove(const struct reassign *r, struct dr_result *result)
{
	enum platform platform;
	int err = platform_read(r->dr->root, &platform);

	if (err) {
		dr_error_read(&result->error, r->dr->root, DR_FAULT_NOT_CAPABLE, err);
		return err;
	}
	if (r->kind == PRRN_MEM && !r->dr->force && platform == PLATFORM_KVM_GUEST)
		return reassign_fail(result, DR_FAULT_STRANDED, -EPERM, r->name);
	return r->kind == PRRN_CPU ? reassign_request_cpu(r, false, result)
				   : reassign_request_lmb(r, false, result);
}

/* Plan an addition. A resource that was only planned to be released cannot be added. */
static int reassign_plan_add(const struct reassign *r)
{
	_cleanup_mem_ struct mem m = { 0 };
	struct xact x;

	xact_begin(&x, r->dr, &m);
	xact_step_begin(&x, "add", "add 0x%08x again", r->drc.index);
	return xact_end(&x, 0);
}

int reassign_add(const struct reassign *r, struct dr_result *result)
{
	if (r->dr->dry_run && r->is_owned)
		return reassign_plan_add(r);
	return r->kind == PRRN_CPU ? reassign_request_cpu(r, true, result)
				   : reassign_request_lmb(r, true, result);
}
