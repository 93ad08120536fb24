// SPDX-License-Identifier: GPL-2.0-or-later
#include "libdrmgr/core/resolve.h"
#include "tests/unit/fakes/pci_run.h"

static struct outcome outcome_of(int err, struct dr_result *result)
{
	struct outcome o = { .err = err,
			     .error = result->error,
			     .is_undo_incomplete = result->is_undo_incomplete,
			     .is_removed = result->is_removed };
	size_t len = 0;

	for (size_t i = 0; i < result->n_left; i++)
		len += (size_t)snprintf(o.left + len, sizeof(o.left) - len, "%s ",
					result->left[i]);

	len = 0;
	for (size_t i = 0; i < result->n_others; i++) {
		const struct dr_other *other = &result->others[i];

		len += (size_t)snprintf(o.others + len, sizeof(o.others) - len, "%s%s %s",
					i ? " " : "", other->name,
					other->node ? other->node : "?");
		for (size_t d = 0; d < other->devices.n; d++)
			len += (size_t)snprintf(o.others + len, sizeof(o.others) - len,
						" %s", other->devices.list[d].name);
	}
	mem_end(&result->mem);
	return o;
}

struct outcome pci_run(struct fake *f, pci_operation *op, const char *name,
		       const struct pci_request *request)
{
	struct dr_result result = { 0 };
	const struct connector *c;
	struct connectors cs;
	struct dr_error error;

	f->trace[0] = f->other_steps[0] = '\0';
	assert_int_equal(connectors_read_pci(&cs, f->mem, &f->dr, connector_is_pci_slot),
			 0);
	assert_int_equal(connectors_find(&cs, &f->dr, name, RESOLVE_ALL, &c, &error), 0);
	return outcome_of(op(&f->dr, &cs, c, request, &result), &result);
}

struct outcome phb_run(struct fake *f, logical_operation *op, const char *name)
{
	static const struct logical_request quietly = { 0 };
	struct dr_result result = { 0 };
	const struct connector *c;
	struct connectors cs;
	struct dr_error error;

	f->trace[0] = f->other_steps[0] = '\0';
	assert_int_equal(*name == 'V' ? lslot_read(&cs, f->mem, &f->dr)
				      : phb_read(&cs, f->mem, &f->dr),
			 0);
	assert_int_equal(connectors_find(&cs, &f->dr, name, RESOLVE_ALL, &c, &error), 0);
	return outcome_of(op(&f->dr, &cs, c, &quietly, &result), &result);
}
