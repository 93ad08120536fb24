// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <stdio.h>

#include "libdrmgr/types/pci/pci_describe.h"
#include "kern/pci.h"
#include "kern/udev.h"

enum { UDEVD_MS = 30 * 1000 }; /* for udevd to finish with the devices of a node */

void pci_describe(const struct dr_ctx *dr, struct mem *m, const char *node,
		  struct dr_devices *devices)
{
	_cleanup_functions_ struct pci_functions all = { 0 };

	*devices = (struct dr_devices){ 0 };
	if (!node || pci_list(dr->root, &all))
		return;
	for (size_t i = 0; i < all.n; i++) {
		_cleanup_names_ struct kern_names names = { 0 };
		struct dr_device device = { .node = all.fn[i].node };

		if (!device.node || !pci_node_is_under(device.node, node))
			continue;
		snprintf(device.name, sizeof(device.name), "%s", all.fn[i].address);
		pci_driver(dr->root, device.name, device.driver, sizeof(device.driver));
		pci_interfaces(dr->root, device.name, &names);
		device.interfaces = (const char **)(uintptr_t)names.name;
		device.n_interfaces = names.n;
		dr_devices_add(m, devices, &device);
	}
}

void pci_describe_others(struct dr_result *result)
{
	const struct dr_devices *all = &result->devices;

	for (size_t i = 0; i < result->n_others; i++) {
		struct dr_other *other = &result->others[i];
		bool is_described = other->devices.n || !other->node;

		for (size_t d = 0; !is_described && d < all->n; d++)
			if (all->list[d].node &&
			    pci_node_is_under(all->list[d].node, other->node))
				dr_devices_add(&result->mem, &other->devices,
					       &all->list[d]);
	}
}

static void pci_describe_all(const struct dr_ctx *dr, struct dr_result *results, size_t n)
{
	for (struct dr_result *r = results; r < results + n; r++) {
		pci_describe(dr, &r->mem, r->node, &r->devices);
		for (size_t i = 0; i < r->n_others; i++)
			pci_describe(dr, &r->mem, r->others[i].node,
				     &r->others[i].devices);
	}
}

static void pci_tell_wait(void *priv, const struct deadline *dl)
{
	dr_report_wait(priv, dl, "udevd to finish with new devices");
}

void pci_expect(struct dr_ctx *dr)
{
	if (dr->udevd)
		udevd_drain(dr->udevd);
	if (dr->udevd || dr->ignores_udevd || !dr->root->is_system || dr->dry_run)
		return;
	dr->udevd = udevd_open();
	if (dr->udevd)
		udevd_set_waiting(dr->udevd, pci_tell_wait, dr);
}

/* Wait until udevd has finished with these devices. If it does not, warn, and do not wait
 * for any others. */
static void pci_wait_for_udevd(struct dr_ctx *dr, const struct dr_devices *devices,
			       const struct deadline *dl)
{
	int done = 1;

	for (size_t i = 0; done > 0 && i < devices->n; i++) {
		const char *name = devices->list[i].name;
		char path[sizeof("/sys/bus/pci/devices/") + sizeof(devices->list->name)];

		snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s", name);
		done = udevd_wait(dr->udevd, path, dl, dr->stop_fd);
		if (!done)
			dr_warn(dr,
				"%s: udevd has not finished with this device: the names "
				"of interfaces and disks may still change",
				name);
	}
	dr->ignores_udevd |= !done;
}

void pci_describe_added(struct dr_ctx *dr, struct dr_result *results, size_t n)
{
	struct deadline dl = deadline_sooner(dr->limit, deadline_in_ms(UDEVD_MS));
	bool has_devices = false;

	pci_describe_all(dr, results, n);
	if (!dr->udevd)
		return;
	for (struct dr_result *r = results; !dr->ignores_udevd && r < results + n; r++) {
		pci_wait_for_udevd(dr, &r->devices, &dl);
		has_devices |= r->devices.n;
		for (size_t i = 0; !dr->ignores_udevd && i < r->n_others; i++)
			pci_wait_for_udevd(dr, &r->others[i].devices, &dl);
	}
	if (has_devices)
		pci_describe_all(dr, results, n);
}
