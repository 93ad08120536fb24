// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Remove and add again the processors and memory that firmware has moved. The daemon that
 * received the event lists them in a file.
 *
 * If all lines succeed, the file is removed. Otherwise it remains for another run, which
 * adds the resources that are removed and not yet added again.
 */
#include <stdio.h>
#include <string.h>

#include "libdrmgr/core/hooks.h"
#include "libdrmgr/types/cpu/cpu_text.h"
#include "libdrmgr/types/mem/mem_text.h"
#include "libdrmgr/types/mobility/prrn_list.h"
#include "libdrmgr/types/mobility/reassign.h"
#include "libdrmgr/types/runs.h"
#include "kern/text.h"

enum {
	LINE_MS = 30 * 1000, /* deadline of the waits of a line, without a limit */
	ADDS = 2,
};

struct prrn_run {
	struct prrn_list list;
	struct prrn_iter it;
	bool has_limit; /* the caller has set one */
};

/* ---- Texts ---- */

static char *prrn_cpu_error_text(const struct dr_error *error, const struct drc *drc)
{
	switch ((int)error->fault) {
	case DR_FAULT_NO_INDEX:
		return text_of("There is no CPU with DRC index %s.", error->what);
	case DR_FAULT_TOO_FEW:
		return text_of("%s: Cannot remove the last CPU", error->what);
	case DR_FAULT_NOT_OWNED:
		return text_of("%s is not present.", error->what);
	}
	return cpu_error_text(error, drc);
}

/* The type of a connector is known even if the connector does not exist. */
static char *prrn_error_text(const struct dr_error *error, const struct drc *drc)
{
	if (!drc)
		return text_of("%s", error->what);
	if (!drc->name)
		return !strcmp(drc->type, "MEM") ? mem_error_text(error, NULL)
						 : prrn_cpu_error_text(error, NULL);
	return !strcmp(drc->type, "MEM") ? mem_error_text(error, drc)
					 : prrn_cpu_error_text(error, drc);
}

/* ---- One line ---- */

static void prrn_call_hooks(const struct reassign *r, bool add, enum hook_phase phase,
			    unsigned int count)
{
	const struct hook_event event = {
		.type = r->kind == PRRN_CPU ? "cpu" : "mem",
		.action = add ? "add" : "remove",
		.phase = phase,
		.count = count,
		.drc = r->kind == PRRN_CPU ? NULL : &r->drc,
	};

	hooks_run(r->dr, &event);
}

static int prrn_request(const struct reassign *r, bool add, struct dr_result *result)
{
	int err;

	prrn_call_hooks(r, add, HOOK_PRE, 1);
	mem_end(&result->mem);
	*result = (struct dr_result){ 0 };
	err = add ? reassign_add(r, result) : reassign_remove(r, result);
	prrn_call_hooks(r, add, HOOK_POST, !err);
	return err;
}

static int prrn_add_again(const struct run *run, const struct reassign *r,
			  struct dr_result *result)
{
	int err = 0;

	for (int i = 0; i < ADDS; i++) {
		err = prrn_request(r, true, result);
		if (!err || result->is_undo_incomplete)
			return err;
		dr_log_warn(run->dr->log, "%s (0x%08x): could not be added%s",
			    r->drc.name, r->drc.index,
			    i + 1 < ADDS ? ", trying again" : "");
	}
	return err;
}

static int prrn_reassign(const struct run *run, const struct reassign *r,
			 struct dr_result *result)
{
	int err = 0;

	if (r->is_owned)
		err = prrn_request(r, false, result);
	else
		dr_log_info(run->dr->log, "%s (0x%08x): not present, it is only added",
			    r->drc.name, r->drc.index);
	if (err)
		return err;
	err = prrn_add_again(run, r, result);
	result->is_removed = err && r->is_owned;
	if (err)
		dr_log_err(run->dr->log,
			   "%s (0x%08x) is not owned by this partition now: add it by "
			   "drmgr -c %s -a -s 0x%08x, or try again by drmgr -P %s",
			   r->drc.name, r->drc.index, r->kind == PRRN_CPU ? "cpu" : "mem",
			   r->drc.index, run->request.file);
	return err;
}

static void prrn_run_resource(struct run *run, const struct prrn_entry *entry)
{
	const struct drc unknown = { .type = entry->kind == PRRN_MEM ? "MEM" : "CPU" };
	struct dr_result result = { 0 };
	struct reassign r;

	if (reassign_open(&r, run->dr, entry->kind, entry->drc_index, &result)) {
		run_fail(run, &result.error, &unknown);
	} else {
		run_begin(run, &r.drc);
		run_end(run, &r.drc, prrn_reassign(run, &r, &result), &result);
	}
	mem_end(&result.mem);
	reassign_close(&r);
}

/* ---- The list ---- */

static int prrn_run_prepare(struct run *run)
{
	struct prrn_run *p = run->priv;
	const char *path = run->request.file;
	struct prrn_entry entry;
	int err = prrn_list_open(&p->list, path);

	if (err) {
		run->error = (struct dr_error){ .fault = DR_FAULT_REQUEST };
		snprintf(run->error.what, sizeof(run->error.what),
			 "Failed to open the file %.200s: %s", path,
			 err == -EPERM ? "not a file that only root can write"
				       : strerror(-err));
		return err;
	}
	p->has_limit = run->dr->limit.at_ns != INT64_MAX;
	prrn_begin(&p->it, p->list.text, p->list.len);
	while (prrn_next(&p->it, &entry))
		run->requested++;
	prrn_begin(&p->it, p->list.text, p->list.len);
	return 0;
}

static bool prrn_run_step(struct run *run)
{
	struct prrn_run *p = run->priv;
	struct prrn_entry entry;

	if (!prrn_next(&p->it, &entry))
		return false;
	if (!p->has_limit)
		run->dr->limit = deadline_in_ms(LINE_MS);
	switch (entry.kind) {
	case PRRN_CPU:
	case PRRN_MEM:
		prrn_run_resource(run, &entry);
		break;
	case PRRN_UNKNOWN:
		run_fail_with(run, DR_FAULT_REQUEST, 0,
			      "Device type \"%.*s\" not recognized.", (int)entry.len,
			      entry.text);
		break;
	default:
		run_fail_with(
			run, DR_FAULT_REQUEST, 0,
			"%.200s: line %lu is not \"cpu\" or \"mem\" and a DRC index",
			run->request.file, entry.line);
	}
	if (!p->has_limit)
		run->dr->limit = deadline_never();
	return true;
}

static void prrn_run_fall_short(struct run *run)
{
	dr_log_err(run->dr->log, "%s is kept: %u of %u lines are done", run->request.file,
		   run->done, run->requested);
}

static void prrn_run_close(struct run *run)
{
	struct prrn_run *p = run->priv;
	int err;

	if (!p)
		return;
	if (run->is_prepared && run->done == run->requested && !run->dr->dry_run) {
		err = prrn_list_remove(&p->list);
		if (err)
			dr_warn(run->dr, "%s could not be removed: %s", run->request.file,
				strerror(-err));
	}
	prrn_list_close(&p->list);
}

const struct run_ops run_prrn = {
	.locks = WRITER_TREE,
	.has_own_hooks = true,
	.leaves = "device node isolation allocation",
	.priv_bytes = sizeof(struct prrn_run),
	.prepare = prrn_run_prepare,
	.step = prrn_run_step,
	.fall_short = prrn_run_fall_short,
	.close = prrn_run_close,
	.words = prrn_error_text,
};
