// SPDX-License-Identifier: LGPL-2.1-or-later
#include <stdlib.h>
#include <string.h>

#include "libdrmgr/tree/pci_functions.h"

/* Compare functions: the farthest from the host bridge first. */
static int function_by_depth(const void *a, const void *b)
{
	const struct pci_function *x = a, *y = b;
	size_t dx = x->node ? strlen(x->node) : 0, dy = y->node ? strlen(y->node) : 0;

	return (dx < dy) - (dx > dy);
}

int functions_list(struct xact *x, struct pci_functions *list)
{
	int err = pci_list(x->dr->root, list);
	size_t n = 0;

	if (err)
		return xact_unread(x, "remove-device", err);
	for (size_t i = 0; i < list->n; i++) {
		if (xact_is_planned_gone(x, list->fn[i].address))
			free(list->fn[i].node);
		else
			list->fn[n++] = list->fn[i];
	}
	list->n = n;
	/* It could be the one to remove. */
	for (size_t i = 0; i < list->n; i++)
		if (list->fn[i].err)
			return xact_fail(
				x, DR_FAULT_UNREAD, "remove-device", list->fn[i].err,
				"/sys/bus/pci/devices/%s/of_node", list->fn[i].address);
	qsort(list->fn, list->n, sizeof(*list->fn), function_by_depth);
	return 0;
}

bool function_is_part(const struct pci_function *fn, const char *top, bool keeps_top)
{
	return fn->node && pci_node_is_under(fn->node, top) &&
	       !(keeps_top && !strcmp(fn->node, top));
}

int function_remove(struct xact *x, const char *address)
{
	struct deadline dl = xact_write_until(x, DR_QUIESCE_MS);
	int err, found;

	if (xact_plan_gone(x, address))
		return 0;
	err = xact_step_begin(x, "remove-device",
			      "write /sys/bus/pci/devices/%s/remove 1", address);
	if (err)
		return err < 0 ? err : 0;

	err = xact_step_end(x, pci_remove(x->dr->root, address, &dl));
	found = !err || xact_is_unknown(err) ? pci_exists(x->dr->root, address) : 1;
	if (found < 0)
		return xact_unread(x, "remove-device", found);
	if (!found)
		err = 0;
	else if (!err)
		err = -EBUSY;
	if (err == -ENOENT) /* it was removed together with a bridge above it */
		err = 0;
	if (err && err != -EBUSY && !xact_is_unknown(err))
		return xact_fail(x, DR_FAULT_KERNEL, "remove-device", err,
				 "/sys/bus/pci/devices/%s/remove", address);
	return err ? xact_fail(x, DR_FAULT_STILL_IN_USE, "remove-device", err, "%s",
			       address)
		   : 0;
}

static int functions_remove(struct xact *x, const char *node, bool keeps_top)
{
	_cleanup_functions_ struct pci_functions list = { 0 };
	int err = functions_list(x, &list);

	for (size_t i = 0; !err && i < list.n; i++)
		if (function_is_part(&list.fn[i], node, keeps_top))
			err = function_remove(x, list.fn[i].address);
	return err;
}

int functions_unconfigure(struct xact *x, const char *node)
{
	return functions_remove(x, node, false);
}

int functions_unconfigure_below(struct xact *x, const char *node)
{
	return functions_remove(x, node, true);
}
