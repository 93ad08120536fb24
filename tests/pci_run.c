// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/pci_run.h"

struct outcome pci_run(struct fake *f, pci_operation *op, const char *name,
		       const struct pci_request *request)
{
	struct dr_result result = { 0 };
	struct connectors cs;
	const struct connector *c;
	struct dr_error error;
	struct outcome o;

	f->trace[0] = '\0';
	assert_int_equal(connectors_read_pci(&cs, &f->dr, connector_is_pci_slot), 0);
	assert_int_equal(connectors_find(&cs, &f->dr, name, &c, &error), 0);
	o.err = op(&f->dr, &cs, c, request, &result);
	o.error = result.error;
	o.is_undo_incomplete = result.is_undo_incomplete;
	dr_result_free(&result);
	connectors_free(&cs);
	return o;
}
