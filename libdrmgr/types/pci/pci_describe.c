// SPDX-License-Identifier: LGPL-2.1-or-later
#include <stdio.h>

#include "libdrmgr/types/pci/pci_describe.h"
#include "kern/pci.h"

void pci_describe(const struct dr_ctx *dr, const char *node, struct dr_result *result)
{
	_cleanup_functions_ struct pci_functions all = { 0 };

	dr_result_forget_devices(result);
	if (!node || pci_list(dr->root, &all))
		return;
	result->devices = calloc(all.n + 1, sizeof(*result->devices));
	for (size_t i = 0; result->devices && i < all.n; i++) {
		struct dr_device *device = &result->devices[result->n];

		if (!all.fn[i].node || !pci_node_is_under(all.fn[i].node, node))
			continue;
		snprintf(device->name, sizeof(device->name), "%s", all.fn[i].address);
		pci_driver(dr->root, device->name, device->driver,
			   sizeof(device->driver));
		pci_interfaces(dr->root, device->name, &device->interfaces);
		result->n++;
	}
}
