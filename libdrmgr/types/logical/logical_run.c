// SPDX-License-Identifier: LGPL-2.1-or-later
/* Change host bridges and logical slots: the named one, or a number of host bridges. */
#include <stdio.h>
#include <string.h>

#include "libdrmgr/core/platform.h"
#include "libdrmgr/core/run_left.h"
#include "libdrmgr/tree/apply.h"
#include "libdrmgr/types/logical/logical.h"
#include "libdrmgr/types/logical/logical_ops.h"
#include "libdrmgr/types/logical/logical_text.h"
#include "libdrmgr/types/pci/pci_describe.h"
#include "libdrmgr/types/pci/slot_control.h"
#include "libdrmgr/types/runs.h"
#include "kern/slots.h"

struct logical_run {
	struct connectors cs;
	const struct connector *named;
	size_t next; /* of cs, for a quantity */
};

static bool logical_run_is_phb(const struct run *run)
{
	return run->ops == &run_phb;
}

/* Find the connector that the user named. */
static int logical_run_find(struct run *run, struct logical_run *l)
{
	int err = logical_find(&l->cs, run->dr, logical_run_is_phb(run),
			       run->request.action == DR_ADD, run->request.key, &l->named,
			       &run->error);

	run->requested = 1;
	if (err)
		return err;
	run->drc = l->named->drc;
	run->is_virtual = slot_is_virtual(l->named);
	return run_left_block(run, leftovers_find(run->dr->leftovers, &l->cs, l->named));
}

static int connector_by_drc_index(const void *a, const void *b)
{
	const struct connector *x = a, *y = b;

	return (x->drc.index > y->drc.index) - (x->drc.index < y->drc.index);
}

static int logical_run_refuse(struct run *run, const char *text)
{
	run->error = (struct dr_error){ .fault = DR_FAULT_NOT_CAPABLE };
	snprintf(run->error.what, sizeof(run->error.what), "%s", text);
	return -ENOTSUP;
}

/* Load the kernel's module for host bridges and logical slots. Long-established messages
 * are kept word for word. */
static int logical_run_load_control(struct run *run)
{
	const struct kern_root *root = run->dr->root;
	bool is_phb = logical_run_is_phb(run);
	const char *label = is_phb ? "PHB" : "I/O";
	int err = run->dr->dry_run ? 0 : platform_load_slot_control(root);

	if (err > 0)
		return logical_run_refuse(run, "rpadlpar_io module was not loaded");
	if (!err)
		err = slot_control_exists(root);
	if (err < 0) {
		dr_error_read(&run->error, root, DR_FAULT_NOT_CAPABLE, err);
		return err;
	}
	if (err) {
		dr_log_info(run->dr->log, "Validating %s DLPAR capability...yes.", label);
		return 0;
	}
	dr_log_err(run->dr->log,
		   "Validating %s DLPAR capability...no.\n"
		   "    stat(\"/sys/bus/pci/slots/control/add_slot\"): No such file or "
		   "directory",
		   label);
	return logical_run_refuse(
		run, is_phb ? "DLPAR PHB operations are not supported onthis kernel."
			    : "DLPAR slot operations are not supported onthis kernel.");
}

/* Return true if the named resource is owned already, or is not owned: the request fails
 * before it changes the device tree. A backend that the user named must be usable in any
 * case. */
static bool logical_run_changes_nothing(const struct run *run,
					const struct logical_run *l)
{
	if (strcmp(run->request.backend, "auto") != 0)
		return false;
	return !!logical_node(&l->cs, l->named) == (run->request.action == DR_ADD);
}

static int logical_run_prepare(struct run *run)
{
	struct logical_run *l = run->priv;
	int err = logical_run_load_control(run);

	if (err)
		return err;
	err = logical_run_is_phb(run) ? phb_read(&l->cs, &run->mem, run->dr)
				      : lslot_read(&l->cs, &run->mem, run->dr);
	if (err && err != -ENOENT) {
		dr_error_read(&run->error, run->dr->root, DR_FAULT_NO_SLOTS, err);
		return err;
	}
	if (!run->request.key) {
		run->requested = (unsigned int)run->request.count;
		if (l->cs.n)
			qsort(l->cs.list, l->cs.n, sizeof(*l->cs.list),
			      connector_by_drc_index);
	} else {
		err = logical_run_find(run, l);
		if (err || logical_run_changes_nothing(run, l))
			return err;
	}
	return apply_choose_for(run->dr, &l->cs, run->request.backend, &run->error);
}

/* Firmware has a connector for each host bridge that could exist. Only an allocation shows
 * whether it exists: if not, try the next one. */
static void logical_run_one(struct run *run, struct logical_run *l,
			    const struct connector *c)
{
	const struct logical_request request = {
		.hotplug_only = run->request.hotplug_only,
	};
	bool lists_added = run->dr->describe && run->request.action == DR_ADD;
	struct dr_result result = { 0 };
	int err;

	run_begin(run, &c->drc);
	if (lists_added)
		pci_expect(run->dr);
	err = run->request.action == DR_ADD
		      ? logical_add(run->dr, &l->cs, c, &request, &result)
		      : logical_remove(run->dr, &l->cs, c, &request, &result);
	if (!err && lists_added)
		pci_describe_added(run->dr, &result, 1);
	else
		pci_describe_others(&result);
	if (err && !run->request.key && logical_is_missing(&result.error) &&
	    !result.is_undo_incomplete)
		run_end_missing(run, &c->drc, &result.error);
	else
		run_end(run, &c->drc, err, &result);
	mem_end(&result.mem);
}

static bool logical_run_step(struct run *run)
{
	struct logical_run *l = run->priv;

	if (l->named) {
		logical_run_one(run, l, l->named);
		return true;
	}
	while (l->next < l->cs.n &&
	       (logical_node(&l->cs, &l->cs.list[l->next]) ||
		leftovers_find(run->dr->leftovers, &l->cs, &l->cs.list[l->next])))
		l->next++;
	if (l->next == l->cs.n)
		return false;
	logical_run_one(run, l, &l->cs.list[l->next++]);
	return true;
}

/* An error of a host bridge is the reason; so is a signal or the limit. */
static void logical_run_fall_short(struct run *run)
{
	if (!run->error.fault && !dr_stop_requested(run->dr))
		run_fail_with(run, run->done ? DR_FAULT_TOO_FEW : DR_FAULT_NONE_LEFT,
			      -ENODEV, "%u of %u", run->done, run->requested);
}

static int logical_run_revert(struct run *run, struct dr_ctx *dr, const struct drc *drc,
			      struct dr_result *result)
{
	static const struct logical_request quietly = { 0 };
	_cleanup_mem_ struct mem m = { 0 };
	struct connectors now;
	int err = phb_read(&now, &m, dr);
	const struct connector *c = err ? NULL : connectors_by_index(&now, drc->index);

	(void)run;
	return c && logical_node(&now, c) ? logical_remove(dr, &now, c, &quietly, result)
					  : err;
}

#define LOGICAL_OPS(error_text)                                                     \
	{                                                                           \
		.locks = WRITER_PCI | WRITER_SLOTS | WRITER_TREE,                   \
		.leaves = "device node isolation allocation",                       \
		.priv_bytes = sizeof(struct logical_run),                           \
		.prepare = logical_run_prepare, .step = logical_run_step,           \
		.fall_short = logical_run_fall_short, .revert = logical_run_revert, \
		.words = error_text,                                                \
	}

const struct run_ops run_phb = LOGICAL_OPS(phb_error_text);
const struct run_ops run_slot = LOGICAL_OPS(lslot_error_text);
