// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <stdio.h>

#include "libdrmgr/types/pci/pci_describe.h"
#include "kern/pci.h"
#include "kern/udev.h"

enum { UDEVD_MS = 30 * 1000 }; /* for udevd to finish with the devices of a node */

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

static void pci_tell_wait(void *priv, const struct deadline *dl)
{
	dr_report_wait(priv, dl, "udevd to finish with new devices");
}

void pci_expect(struct dr_ctx *dr)
{
	if (dr->udevd || dr->ignores_udevd || !dr->root->is_system || dr->dry_run)
		return;
	dr->udevd = udevd_open();
	if (dr->udevd)
		udevd_set_waiting(dr->udevd, pci_tell_wait, dr);
}

/* Wait until udevd has finished with all devices. If it does not, warn, and do not wait for
 * those of the next card. */
static void pci_wait_for_udevd(struct dr_ctx *dr, const struct dr_result *result)
{
	struct deadline dl = deadline_sooner(dr->limit, deadline_in_ms(UDEVD_MS));
	int done = 1;

	for (size_t i = 0; done && i < result->n; i++) {
		char path[sizeof("/sys/bus/pci/devices/") +
			  sizeof(result->devices->name)];

		snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s",
			 result->devices[i].name);
		done = udevd_wait(dr->udevd, path, &dl, dr->stop_fd);
		if (!done)
			dr_warn(dr,
				"%s: udevd has not finished with this device: the names "
				"of interfaces and disks may still change",
				result->devices[i].name);
		if (done == -EINTR)
			break;
	}
	dr->ignores_udevd |= !done;
}

void pci_describe_added(struct dr_ctx *dr, const char *node, struct dr_result *result)
{
	pci_describe(dr, node, result);
	if (!dr->udevd || dr->ignores_udevd || !result->n)
		return;
	pci_wait_for_udevd(dr, result);
	pci_describe(dr, node, result);
}
