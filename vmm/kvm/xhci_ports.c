// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The ports of USB controllers
 *
 * Source:  xHCI 1.2, 4.19 (states and changes), 5.4.8 (PORTSC)
 */
#include <stdio.h>
#include <string.h>

#include "vmm/kvm/xhci_parts.h"

enum { SPEED_HIGH = 3 };
enum {
	PORT_CONNECTED = 1 << 0,
	PORT_RESET = 1 << 4,
	PORT_LINK_SHIFT = 5,
	PORT_LINK = 0xf << PORT_LINK_SHIFT,
	PORT_POWER = 1 << 9,
	PORT_SPEED_SHIFT = 10,
	PORT_SPEED = 0xf << PORT_SPEED_SHIFT,
	PORT_LINK_WRITE = 1 << 16,
	PORT_CONNECT_CHANGE = 1 << 17,
	PORT_RESET_CHANGE = 1 << 21,
	PORT_LINK_CHANGE = 1 << 22,
	PORT_CHANGES = 0x7f << 17, /* cleared by writing 1 */
	PORT_WAKES = 7 << 25,	   /* kept as written */
};
#define PORT_WARM_RESET (UINT32_C(1) << 31)
enum { LINK_U0 = 0, LINK_U3 = 3, LINK_DETECT = 5, LINK_POLLING = 7, LINK_RESUME = 15 };

/* Return the status of a port of USB 2, or of USB 3. NULL: it does not exist */
static uint32_t *port_status(struct xhci *x, unsigned int n)
{
	return n < x->n_ports	    ? &x->ports[n].status
	       : n < 2 * x->n_ports ? &x->empty_ports[n - x->n_ports]
				    : NULL;
}

/* Set bits of changes, with an event if they are new. */
static void port_changed(struct xhci *x, unsigned int n, uint32_t changes)
{
	uint32_t *status = port_status(x, n);
	bool is_new = changes & ~*status;

	*status |= changes;
	if (!is_new)
		return;
	x->status |= XHCI_STATUS_PORT;
	xhci_event(x, (uint64_t)(n + 1) << 24, (uint32_t)CODE_SUCCESS << 24,
		   TRB_PORT_EVENT << TRB_TYPE_SHIFT);
}

static void port_link(uint32_t *status, uint32_t link)
{
	*status = (*status & ~(uint32_t)PORT_LINK) | link << PORT_LINK_SHIFT;
}

/* Connect this device, or none (0), instead of the current one. */
static void port_connect(struct xhci *x, unsigned int n, uint64_t serial)
{
	struct xhci_port *port = &x->ports[n];

	port->device = (struct usb_storage){ .serial = serial };
	port->status &= ~(uint32_t)(PORT_CONNECTED | PORT_ENABLED | PORT_SPEED);
	port_link(&port->status, serial ? LINK_POLLING : LINK_DETECT);
	if (serial)
		port->status |= PORT_CONNECTED | SPEED_HIGH << PORT_SPEED_SHIFT;
	port_changed(x, n, PORT_CONNECT_CHANGE);
}

/* Return the serial of the machine's disk at a port, or 0. */
static uint64_t port_disk(const struct xhci *x, unsigned int n)
{
	struct papr_disk_info disk = { .size = sizeof(disk) };
	char name[16];

	snprintf(name, sizeof(name), "%u", n + 1);
	for (size_t i = 0; papr_vmm_disk_info(x->host->vmm, i, &disk) > 0; i++)
		if (scsi_disk_is_at(&disk, &x->access) && !strcmp(disk.port, name))
			return disk.serial;
	return 0;
}

void xhci_ports_update(struct xhci *x)
{
	for (unsigned int n = 0; n < x->n_ports; n++) {
		uint64_t serial = port_disk(x, n);

		if (x->ports[n].device.serial != serial)
			port_connect(x, n, serial);
	}
}

static void port_reset(struct xhci *x, unsigned int n)
{
	uint32_t *status = port_status(x, n);

	if (n < x->n_ports && x->ports[n].device.serial) {
		usb_storage_reset(&x->ports[n].device);
		*status |= PORT_ENABLED;
		port_link(status, LINK_U0);
	}
	port_changed(x, n, PORT_RESET_CHANGE);
}

/* Suspend or resume an enabled port. */
static void port_link_written(struct xhci *x, unsigned int n, uint32_t link)
{
	uint32_t *status = port_status(x, n);
	bool was_suspended = (*status & PORT_LINK) != LINK_U0 << PORT_LINK_SHIFT;

	if (!(*status & PORT_ENABLED) ||
	    (link != LINK_U0 && link != LINK_U3 && link != LINK_RESUME))
		return;
	port_link(status, link);
	if (link == LINK_U0 && was_suspended)
		port_changed(x, n, PORT_LINK_CHANGE);
}

void xhci_port_put(struct xhci *x, unsigned int n, uint32_t value)
{
	uint32_t *status = port_status(x, n);

	if (!status)
		return;
	*status &= ~(value & PORT_CHANGES);
	*status = (*status & ~(uint32_t)(PORT_WAKES | PORT_POWER)) |
		  (value & (PORT_WAKES | PORT_POWER));
	if (value & *status & PORT_ENABLED) { /* disables it */
		*status &= ~(uint32_t)PORT_ENABLED;
		port_link(status, LINK_POLLING);
	}
	if (value & PORT_LINK_WRITE)
		port_link_written(x, n, (value & PORT_LINK) >> PORT_LINK_SHIFT);
	if (value & (PORT_RESET | PORT_WARM_RESET))
		port_reset(x, n);
}

uint32_t xhci_port_get(const struct xhci *x, unsigned int n)
{
	return n < x->n_ports	    ? x->ports[n].status
	       : n < 2 * x->n_ports ? x->empty_ports[n - x->n_ports]
				    : 0;
}

void xhci_ports_reset(struct xhci *x)
{
	for (unsigned int n = 0; n < x->n_ports; n++) {
		x->ports[n].status = PORT_POWER | LINK_DETECT << PORT_LINK_SHIFT;
		x->empty_ports[n] = PORT_POWER | LINK_DETECT << PORT_LINK_SHIFT;
	}
	xhci_ports_update(x);
}
