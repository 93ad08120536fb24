// SPDX-License-Identifier: LGPL-2.1-or-later
#include <stdio.h>
#include <string.h>

#include "libdrmgr/impact/impact.h"
#include "libdrmgr/impact/parts.h"

static bool impact_is_same(const struct dr_impact *a, const struct dr_impact *b)
{
	return a->kind == b->kind && a->is_degraded == b->is_degraded &&
	       !strcmp(a->what, b->what) && !strcmp(a->through, b->through);
}

static bool impacts_has(const struct impacts *impacts, size_t n,
			const struct dr_impact *impact)
{
	for (size_t i = 0; i < n; i++)
		if (impact_is_same(&impacts->list[i], impact))
			return true;
	return false;
}

static int impacts_report(const struct xact *x, const struct impacts *found,
			  struct impacts *reported)
{
	const struct dr_report *report = &x->dr->report;
	size_t before = reported->n;
	int err = 0;

	for (size_t i = 0; !err && i < found->n; i++) {
		if (impacts_has(reported, before, &found->list[i]))
			continue;
		if (report->impact)
			report->impact(report->priv, &found->list[i]);
		err = impact_add(reported, &found->list[i]);
	}
	if (found->is_incomplete && !reported->is_incomplete)
		dr_log_warn(x->dr->log, "Not all uses of the device could be read: "
					"the list of what is lost may be incomplete.");
	reported->is_incomplete |= found->is_incomplete;
	return err;
}

/* Refuse the removal because of the first relevant impact. Count the others. */
static int impacts_refuse(struct xact *x, enum dr_fault fault,
			  const struct impacts *impacts)
{
	bool only_fatal = fault == DR_FAULT_SYSTEM_NEEDS;
	const struct dr_impact *first = NULL;
	_cleanup_free_ char *text = NULL;
	size_t n = 0;

	for (size_t i = 0; i < impacts->n; i++) {
		if (only_fatal && !impacts->list[i].is_fatal)
			continue;
		first = first ? first : &impacts->list[i];
		n++;
	}
	if (!first)
		return 0;
	text = impact_text(first);
	if (n > 1)
		return xact_fail(x, fault, NULL, -EBUSY, "%.280s, and %zu more",
				 text ? text : "", n - 1);
	return xact_fail(x, fault, NULL, -EBUSY, "%s", text ? text : "");
}

int impact_check(struct xact *x, const char *const *nodes, size_t n,
		 struct impacts *reported)
{
	_cleanup_impacts_ struct impacts found = { 0 };
	int err = impact_find(x->dr, nodes, n, &found);

	if (!err)
		err = impacts_report(x, &found, reported);
	if (err)
		return xact_fail(x, DR_FAULT_MEMORY, NULL, err, "%s", n ? nodes[0] : "");
	if (!x->dr->force)
		err = impacts_refuse(x, DR_FAULT_SYSTEM_NEEDS, &found);
	if (!err && x->dr->no_loss)
		err = impacts_refuse(x, DR_FAULT_LOSS, &found);
	return err;
}
