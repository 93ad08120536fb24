// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The transfers of USB controllers: rings of endpoints, and their devices
 *
 * Source:  xHCI 1.2, 3.2.8 to 3.2.11, 4.10 (events of transfers), 6.4.1 (TRBs)
 */
#include <endian.h>
#include <errno.h>
#include <string.h>

#include "vmm/kvm/xhci_parts.h"

/* A part of a transfer: a TRB */
struct td_part {
	uint64_t at; /* address of the TRB */
	struct xhci_trb trb;
};

struct xhci_td {
	struct xhci_ring end; /* the ring after it */
	uint32_t bytes;
	unsigned int n;
	struct td_part parts[XHCI_TD_PARTS];
};

/* An endpoint, while its ring is handled */
struct pipe {
	struct xhci *x;
	unsigned int slot, endpoint;
	struct xhci_slot *s;
	struct xhci_endpoint *ep;
	struct usb_storage *device; /* NULL: it was removed, or its port has none */
};

static struct pipe pipe_of(struct xhci *x, unsigned int slot, unsigned int endpoint)
{
	struct xhci_slot *s = &x->slots[slot];
	struct xhci_port *port = &x->ports[s->port];
	bool exists = s->serial && port->device.serial == s->serial;

	return (struct pipe){ x,
			      slot,
			      endpoint,
			      s,
			      &s->endpoints[endpoint],
			      exists ? &port->device : NULL };
}

/* ---- Transfers --------------------------------------------------------------------------- */

static uint32_t part_bytes(const struct td_part *part)
{
	return part->trb.status & 0x1ffff;
}

/* Read a transfer. Return 1, 0: the guest has not completed it, or an error. */
static int td_read(const struct pipe *p, struct xhci_td *td)
{
	bool continues = true;

	td->end = p->ep->ring;
	td->bytes = 0;
	for (td->n = 0; continues; td->n++) {
		struct td_part *part = &td->parts[td->n];
		int got;

		if (td->n == XHCI_TD_PARTS)
			return -ELOOP;
		got = xhci_next(p->x, &td->end, &part->trb);
		if (got <= 0)
			return got;
		part->at = td->end.at - sizeof(struct xhci_trb);
		if (trb_type(&part->trb) == TRB_NO_OP ||
		    trb_type(&part->trb) == TRB_STATUS)
			part->trb.status = 0;
		td->bytes += part_bytes(part);
		continues = part->trb.control & TRB_CHAIN;
	}
	return 1;
}

/* Read the first bytes that the guest sends. */
static int td_get(const struct pipe *p, const struct xhci_td *td, uint8_t *to,
		  uint32_t len)
{
	for (unsigned int i = 0; i < td->n && len; i++) {
		const struct td_part *part = &td->parts[i];
		uint32_t n = part_bytes(part);
		uint64_t immediate = htole64(part->trb.parameter);
		bool is_immediate = part->trb.control & TRB_IMMEDIATE;

		n = n < len ? n : len;
		if (is_immediate && n > sizeof(immediate))
			n = sizeof(immediate);
		if (is_immediate)
			memcpy(to, &immediate, n);
		else if (n && xhci_read(p->x, part->trb.parameter, to, n))
			return -EFAULT;
		to += n;
		len -= n;
	}
	return 0;
}

static int put_zeros(struct xhci *x, uint64_t address, uint32_t len)
{
	static const uint8_t zeros[4096];

	for (uint32_t n; len; address += n, len -= n) {
		n = len < sizeof(zeros) ? len : (uint32_t)sizeof(zeros);
		if (xhci_write(x, address, zeros, n))
			return -EFAULT;
	}
	return 0;
}

/* Write for the guest what a device sends. It fits. */
static int td_put(const struct pipe *p, const struct xhci_td *td,
		  const struct usb_data *data)
{
	const uint8_t *from = data->data;
	uint32_t bytes = data->data_bytes, left = data->bytes;

	for (unsigned int i = 0; i < td->n && left; i++) {
		uint64_t address = td->parts[i].trb.parameter;
		uint32_t len = part_bytes(&td->parts[i]), n;

		len = len < left ? len : left;
		n = bytes < len ? bytes : len;
		if ((n && xhci_write(p->x, address, from, n)) ||
		    put_zeros(p->x, address + n, len - n))
			return -EFAULT;
		from += n;
		bytes -= n;
		left -= len;
	}
	return 0;
}

static void part_event(const struct pipe *p, const struct td_part *part,
		       enum xhci_code code, uint32_t residue)
{
	xhci_event(p->x, part->at, (uint32_t)code << 24 | residue,
		   p->slot << TRB_SLOT_SHIFT | p->endpoint << TRB_ENDPOINT_SHIFT |
			   TRB_TRANSFER_EVENT << TRB_TYPE_SHIFT);
}

/* A transfer is complete, with this many bytes. A short one has one event. */
static void td_complete(const struct pipe *p, const struct xhci_td *td, uint32_t bytes)
{
	bool is_short = false;

	for (unsigned int i = 0; i < td->n; i++) {
		const struct td_part *part = &td->parts[i];
		uint32_t all = part_bytes(part), n = bytes < all ? bytes : all;
		uint32_t events = TRB_EVENT;

		bytes -= n;
		is_short = is_short || n < all;
		if (is_short)
			events |= TRB_SHORT_EVENT;
		if (!(part->trb.control & events))
			continue;
		part_event(p, part, is_short ? CODE_SHORT_PACKET : CODE_SUCCESS, all - n);
		if (is_short)
			break;
	}
	p->ep->ring = td->end;
}

/* A transfer has failed: the endpoint halts in front of it. */
static int td_fail(const struct pipe *p, const struct xhci_td *td, enum xhci_code code)
{
	p->ep->state = code == CODE_TRB ? ENDPOINT_ERROR : ENDPOINT_HALTED;
	if (xhci_endpoint_store(p->x, p->slot, p->endpoint))
		return -EFAULT;
	part_event(p, &td->parts[0], code, part_bytes(&td->parts[0]));
	return 1;
}

/* ---- Endpoints --------------------------------------------------------------------------- */

/* Handle a transfer: return 1, 0: it waits, or an error. */

static int control_setup(const struct pipe *p, const struct xhci_td *td)
{
	uint8_t setup[USB_SETUP_BYTES];

	if (!(td->parts[0].trb.control & TRB_IMMEDIATE) || td->bytes != sizeof(setup))
		return td_fail(p, td, CODE_TRB);
	if (td_get(p, td, setup, sizeof(setup)))
		return -EFAULT;
	p->s->control = usb_storage_control(p->device, setup, &p->s->answer);
	td_complete(p, td, td->bytes);
	return 1;
}

/* No request sends data to the device. */
static int control_data(const struct pipe *p, const struct xhci_td *td)
{
	struct usb_data *answer = &p->s->answer;

	if (p->s->control != USB_DONE || !(td->parts[0].trb.control & TRB_DATA_IN))
		return td_fail(p, td, CODE_STALL);
	answer->bytes = answer->bytes < td->bytes ? answer->bytes : td->bytes;
	if (answer->data_bytes > answer->bytes)
		answer->data_bytes = answer->bytes;
	if (td_put(p, td, answer))
		return -EFAULT;
	td_complete(p, td, answer->bytes);
	return 1;
}

static int control_run(const struct pipe *p, const struct xhci_td *td)
{
	switch (trb_type(&td->parts[0].trb)) {
	case TRB_SETUP:
		return control_setup(p, td);
	case TRB_DATA:
		return control_data(p, td);
	case TRB_STATUS:
		if (p->s->control != USB_DONE)
			return td_fail(p, td, CODE_STALL);
		td_complete(p, td, 0);
		return 1;
	default:
		return td_fail(p, td, CODE_TRB);
	}
}

static int bulk_run(const struct pipe *p, const struct xhci_td *td)
{
	bool is_in = p->endpoint & 1;
	struct usb_data data = { .bytes = td->bytes };
	uint8_t bytes[USB_COMMAND_BYTES] = { 0 };
	enum usb_result result;

	if (trb_type(&td->parts[0].trb) != TRB_NORMAL)
		return td_fail(p, td, CODE_TRB);
	if (!is_in && td_get(p, td, bytes, sizeof(bytes)))
		return -EFAULT;
	result = is_in ? usb_storage_in(p->device, td->bytes, &data)
		       : usb_storage_out(p->device, bytes, td->bytes);
	if (result == USB_WAITS) {
		p->ep->waits = true;
		return 0;
	}
	if (result == USB_STALL)
		return td_fail(p, td, CODE_STALL);
	if (is_in && td_put(p, td, &data))
		return -EFAULT;
	td_complete(p, td, data.bytes);
	return 1;
}

/* Handle the next transfer of an endpoint. */
static int pipe_step(const struct pipe *p)
{
	struct xhci_td td;
	int got = td_read(p, &td);

	p->ep->waits = false;
	if (got <= 0)
		return got;
	if (trb_type(&td.parts[0].trb) == TRB_NO_OP) {
		td_complete(p, &td, 0);
		return 1;
	}
	if (!p->device)
		return td_fail(p, &td, CODE_TRANSACTION);
	return p->endpoint == 1 ? control_run(p, &td) : bulk_run(p, &td);
}

/* Handle transfers while it is possible. Return 1 if there were some, 0, or an error. */
static int pipe_run(struct xhci *x, unsigned int slot, unsigned int endpoint)
{
	struct pipe p = pipe_of(x, slot, endpoint);
	int did = 0, got = 1;

	while (got > 0 && xhci_runs(x) && p.ep->state == ENDPOINT_RUNNING) {
		got = pipe_step(&p);
		did |= got > 0;
	}
	return got < 0 ? got : did;
}

void xhci_endpoint_run(struct xhci *x, unsigned int slot, unsigned int endpoint)
{
	static const unsigned int bulk[] = { 2 * USB_STORAGE_IN + 1,
					     2 * USB_STORAGE_OUT };
	struct xhci_endpoint *ep = &x->slots[slot].endpoints[endpoint];
	int did = 0;

	x->trbs_left = XHCI_TRB_LIMIT;
	if (ep->state == ENDPOINT_STOPPED) {
		ep->state = ENDPOINT_RUNNING;
		did = xhci_endpoint_store(x, slot, endpoint);
	}
	if (!did)
		did = pipe_run(x, slot, endpoint);
	/* What waits for this transfer may continue, and then what waits for that one. */
	for (unsigned int i = 0; did > 0 && i < 2;) {
		did = x->slots[slot].endpoints[bulk[i]].waits ? pipe_run(x, slot, bulk[i])
							      : 0;
		i = did > 0 ? 0 : i + 1;
		did = did < 0 ? did : 1;
	}
	if (did < 0)
		xhci_fail(x, did);
}
