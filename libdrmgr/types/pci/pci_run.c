// SPDX-License-Identifier: LGPL-2.1-or-later
/* Change PCI slots: the named one, or those that hold a card without a node. */
#include <string.h>

#include "libdrmgr/core/resolve.h"
#include "libdrmgr/core/run_left.h"
#include "libdrmgr/tree/apply.h"
#include "libdrmgr/types/pci/pci_describe.h"
#include "libdrmgr/types/pci/pci_ops.h"
#include "libdrmgr/types/pci/pci_text.h"
#include "libdrmgr/types/runs.h"

struct pci_run {
	struct connectors cs;
	const struct connector **list; /* to change, in this order */
	size_t n, next;
	bool is_stale;		   /* what was read: the last change was of others, too */
	struct dr_result *results; /* of several indexes, in their order */
};

static int pci_run_read(struct run *run, struct pci_run *p)
{
	int err = connectors_read_pci(&p->cs, &run->mem, run->dr, connector_is_pci_slot);

	if (!err && !p->cs.n)
		err = -ENODEV;
	if (err)
		dr_error_read(&run->error, run->dr->root, DR_FAULT_NO_SLOTS, err);
	p->is_stale = err;
	run->dr->has_yielded = false;
	return err;
}

/* The same with the leftovers: other runs may have made some. */
static int pci_run_read_again(struct run *run, struct pci_run *p)
{
	int err = leftovers_read(&run->leftovers, run->dr->root);

	if (!err)
		return pci_run_read(run, p);
	dr_error_read(&run->error, run->dr->root, DR_FAULT_UNREAD, err);
	return err;
}

static int pci_run_find(struct run *run, struct pci_run *p)
{
	const struct connector *c;
	int err = connectors_find(&p->cs, run->dr, run->request.key, RESOLVE_ALL, &c,
				  &run->error);

	if (err)
		return err;
	*vec_add(&run->mem, p->list, p->n) = c;
	run->requested = 1;
	run->drc = c->drc;
	return run_left_block(run, leftovers_find(run->dr->leftovers, &p->cs, c));
}

static int pci_run_find_unconfigured(struct run *run, struct pci_run *p)
{
	const unsigned int count = (unsigned int)run->request.count;
	size_t n = 0;
	int err;

	err = pci_unconfigured(run->dr, &p->cs, &p->list, &p->n, &run->error);
	if (err)
		return err;
	for (size_t i = 0; i < p->n; i++)
		if (!leftovers_find(run->dr->leftovers, &p->cs, p->list[i]))
			p->list[n++] = p->list[i];
	p->n = n;
	run->requested = count ? count : (unsigned int)p->n;
	run->has_nothing = !p->n;
	if (p->n > run->requested)
		p->n = run->requested;
	if (p->n == 1)
		run->drc = p->list[0]->drc;
	return 0;
}

/* A connector is found at its turn: an addition before it can bring it. */
static int pci_run_find_all(struct run *run, struct pci_run *p)
{
	int err = run_left_undo_some(run, &p->cs) ? pci_run_read_again(run, p) : 0;

	p->n = run->request.n_indexes;
	p->results = mem_array(&run->mem, p->n, sizeof(*p->results));
	run->requested = (unsigned int)p->n;
	return err;
}

/* Return true if the request attaches or detaches nodes, unless it fails before. A backend
 * that the user named must be usable in any case. */
static bool pci_run_changes_tree(const struct run *run, const struct pci_run *p)
{
	if (strcmp(run->request.backend, "auto") != 0 || run->request.indexes)
		return true;
	if (run->request.action == DR_IDENTIFY || !p->n)
		return false;
	return connector_is_occupied(&p->cs, p->list[0]) !=
	       (run->request.action == DR_ADD);
}

static int pci_run_prepare(struct run *run)
{
	struct pci_run *p = run->priv;
	int err = pci_run_read(run, p);

	if (err)
		return err;
	if (run->request.indexes)
		err = pci_run_find_all(run, p);
	else if (run->request.key)
		err = pci_run_find(run, p);
	else
		err = pci_run_find_unconfigured(run, p);
	return err || !pci_run_changes_tree(run, p)
		       ? err
		       : apply_choose_for(run->dr, &p->cs, run->request.backend,
					  &run->error);
}

/* The user has answered no. After a replacement has removed the card, this is a complete
 * answer: the slot stays empty. */
static void pci_run_decline(struct run *run, const struct connector *c,
			    const struct dr_result *result)
{
	bool is_answer = run->request.action == DR_ADD ||
			 (run->request.action == DR_REPLACE && result->is_removed);

	run->is_declined = is_answer;
	run_end_as(run, &c->drc, run->dr->dry_run ? DR_PLANNED : DR_SKIPPED, result);
}

/* Unless the devices of result are described later, it is ended. */
static void pci_run_change(struct run *run, struct pci_run *p, const struct connector *c,
			   struct dr_result *result)
{
	static int (*const operations[])(
		struct dr_ctx *, const struct connectors *, const struct connector *,
		const struct pci_request *, struct dr_result *) = {
		[DR_ADD] = pci_add,
		[DR_REMOVE] = pci_remove_card,
		[DR_REPLACE] = pci_replace,
		[DR_IDENTIFY] = pci_identify,
	};
	const struct run_request *r = &run->request;
	const struct pci_request request = {
		.prompt = r->ask,
		.skip_identify = r->skip_identify,
		.hotplug_only = r->hotplug_only,
	};
	bool lists_added =
		run->dr->describe && (r->action == DR_ADD || r->action == DR_REPLACE);
	int err;

	run_begin(run, &c->drc);
	if (lists_added)
		pci_expect(run->dr);
	err = operations[r->action](run->dr, &p->cs, c, &request, result);
	if (!err && lists_added && r->indexes && !run->dr->dry_run)
		result->part = DR_PART_CHANGE;
	else if (!err && lists_added)
		pci_describe_added(run->dr, result, 1);
	else
		pci_describe_others(result);
	if (err == -ECANCELED && !result->error.fault) /* or it is the kernel's */
		pci_run_decline(run, c, result);
	else if (run_end(run, &c->drc, err, result))
		run->is_half_done = result->is_removed;
	p->is_stale = result->n_others || run->dr->has_yielded;
	if (result->part)
		return;
	mem_end(&result->mem);
	*result = (struct dr_result){ 0 };
}

static struct drc pci_run_drc(const struct run *run, const struct pci_run *p, size_t i)
{
	const struct connector *c =
		p->list ? p->list[i]
			: connectors_by_index(&p->cs, run->request.indexes[i]);

	return c ? c->drc : (struct drc){ .index = run->request.indexes[i] };
}

/* Several indexes: describe the added cards, and report their ends. */
static void pci_run_end_added(struct run *run, struct pci_run *p)
{
	size_t n = p->results ? p->next : 0;

	pci_describe_added(run->dr, p->results, n);
	for (size_t i = 0; i < n; i++) {
		struct drc drc = pci_run_drc(run, p, i);
		struct dr_result *result = &p->results[i];

		if (result->part) {
			result->part = DR_PART_DEVICES;
			run_end_as(run, &drc, DR_DONE, result);
		}
		mem_end(&result->mem);
	}
	p->results = NULL;
}

/* Change one of several as a request of its own would. */
static void pci_run_change_index(struct run *run, struct pci_run *p, uint32_t index)
{
	bool is_read = !p->is_stale && connectors_by_index(&p->cs, index);
	int err = is_read ? 0 : pci_run_read_again(run, p);
	struct drc drc = pci_run_drc(run, p, p->next);
	struct dr_result *result = &p->results[p->next++];
	const struct leftover *left =
		err ? NULL : run_left_of(&run->leftovers, &p->cs, index);
	unsigned int done = run->done;
	char key[RESOLVE_TEXT_MAX];
	const struct connector *c;

	result->error = run->error;
	if (!err && !left)
		err = connectors_find(&p->cs, run->dr, resolve_text(index, key),
				      RESOLVE_ALL, &c, &result->error);
	if (left) {
		run_left_refuse_one(run, &drc, left);
	} else if (err) {
		run_begin(run, &drc);
		run_end(run, &drc, err, result);
	} else {
		run->drc = drc;
		run_hooks(run, HOOK_PRE, 1);
		pci_run_change(run, p, c, result);
		run_hooks(run, HOOK_POST, run->done - done);
	}
}

static bool pci_run_step(struct run *run)
{
	struct dr_result result = { 0 };
	struct pci_run *p = run->priv;

	if (p->next == p->n)
		return false;
	if (!run->request.indexes) {
		pci_run_change(run, p, p->list[p->next++], &result);
		return true;
	}
	pci_run_change_index(run, p, run->request.indexes[p->next]);
	if (p->next == p->n)
		pci_run_end_added(run, p);
	return true;
}

static void pci_run_fall_short(struct run *run)
{
	static const struct dr_result nothing = { 0 };
	struct pci_run *p = run->priv;

	if (p->n < run->requested && run->done == p->n)
		run_fail_with(run, p->n ? DR_FAULT_TOO_FEW : DR_FAULT_NONE_LEFT, -ENODEV,
			      "%zu of %u", p->n, run->requested);
	pci_run_end_added(run, p);
	for (; p->next < p->n; p->next++) {
		struct drc drc = pci_run_drc(run, p, p->next);

		run_begin(run, &drc);
		run_end_as(run, &drc, DR_SKIPPED, &nothing);
	}
}

static int pci_run_revert(struct run *run, struct dr_ctx *dr, const struct drc *drc,
			  struct dr_result *result)
{
	static const struct pci_request quietly = { 0 };
	_cleanup_mem_ struct mem m = { 0 };
	struct connectors now;
	int err = connectors_read_pci(&now, &m, dr, connector_is_pci_slot);
	const struct connector *c = err ? NULL : connectors_by_index(&now, drc->index);

	(void)run;
	return c ? pci_remove_card(dr, &now, c, &quietly, result) : err;
}

const struct run_ops run_pci = {
	.locks = WRITER_PCI | WRITER_TREE,
	.leaves = "device adapter node isolation power indicator",
	.priv_bytes = sizeof(struct pci_run),
	.prepare = pci_run_prepare,
	.step = pci_run_step,
	.fall_short = pci_run_fall_short,
	.revert = pci_run_revert,
	.words = pci_error_text,
};
