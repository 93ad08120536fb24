// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <stdio.h>

#include "libdrmgr/types/pci/pci_describe.h"
#include "kern/new_devices.h"
#include "kern/pci.h"

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

static void pci_tell_wait(void *priv, const struct deadline *dl, const char *for_what)
{
	dr_report_wait(priv, dl, "%s", for_what);
}

void pci_expect(struct dr_ctx *dr)
{
	if (dr->new_devices)
		new_devices_drain(dr->new_devices);
	if (dr->new_devices || dr->ignores_udevd || !dr->root->is_system || dr->dry_run)
		return;
	dr->new_devices = new_devices_open(pci_tell_wait, dr);
}

/* Wait until these devices are complete. Warn about what may still change. If udevd does not
 * finish, do not wait for any others. */
static void pci_wait(struct dr_ctx *dr, const struct dr_devices *devices,
		     const struct deadline *dl)
{
	for (size_t i = 0; !dr->ignores_udevd && i < devices->n; i++) {
		const char *name = devices->list[i].name;
		char path[sizeof("/sys/bus/pci/devices/") + sizeof(devices->list->name)];
		int end;

		snprintf(path, sizeof(path), "/sys/bus/pci/devices/%s", name);
		end = new_devices_wait(dr->new_devices, path, dl, dr->stop_fd);
		if (end < 0)
			return;
		if (end == NEW_DEVICES_MAY_FOLLOW)
			dr_warn(dr,
				"%s: scan-may-continue: its driver has found nothing yet, or "
				"may find more",
				name);
		dr->ignores_udevd = end == NEW_DEVICES_UDEVD;
		if (dr->ignores_udevd)
			dr_warn(dr,
				"%s: udevd has not finished with this device: the names "
				"of interfaces and disks may still change",
				name);
	}
}

void pci_describe_added(struct dr_ctx *dr, struct dr_result *results, size_t n)
{
	struct deadline dl = deadline_sooner(dr->limit, deadline_in_ms(UDEVD_MS));
	bool has_devices = false;

	if (!n)
		return;
	pci_describe_all(dr, results, n);
	if (!dr->new_devices)
		return;
	for (struct dr_result *r = results; r < results + n; r++) {
		pci_wait(dr, &r->devices, &dl);
		has_devices |= r->devices.n;
		for (size_t i = 0; i < r->n_others; i++)
			if (!r->node || !r->others[i].node ||
			    !pci_node_is_under(r->others[i].node, r->node))
				pci_wait(dr, &r->others[i].devices, &dl);
	}
	if (has_devices)
		pci_describe_all(dr, results, n);
}
