// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The commands of USB controllers: slots, and the contexts of their devices
 *
 * Source:  xHCI 1.2, 4.6 (commands), 6.2 (contexts)
 */
#include <endian.h>
#include <errno.h>
#include <string.h>

#include "vmm/kvm/xhci_parts.h"

/* A slot context, an endpoint context, or the control context of an input context. An input
 * context is such a control context, and a device context after it. */
struct xhci_context {
	uint32_t words[8];
};

enum { CONTEXT_DROP = 0, CONTEXT_ADD = 1 };
enum {
	SLOT_ROUTE = 0xfffff,
	SLOT_PORT_SHIFT = 16,
	SLOT_STATE_SHIFT = 27,
	ENDPOINT_STATE = 7,
	ENDPOINT_TYPE_SHIFT = 3, /* of the second word */
	ENDPOINT_CYCLE = 1,
};
enum { TYPE_BULK_OUT = 2, TYPE_CONTROL = 4, TYPE_BULK_IN = 6 };
enum { NEC_FIRMWARE_VERSION = 0x3025 };

/* ---- Contexts ---------------------------------------------------------------------------- */

/* Return where the context lies: of the slot (0), or of an endpoint. */
static int context_address(struct xhci *x, unsigned int slot, unsigned int n,
			   uint64_t *address)
{
	uint64_t device;

	if (xhci_read(x, x->contexts + 8 * slot, &device, sizeof(device)))
		return -EFAULT;
	*address = (le64toh(device) & ~UINT64_C(0x3f)) + n * sizeof(struct xhci_context);
	return 0;
}

static int context_read(struct xhci *x, uint64_t address, struct xhci_context *c)
{
	if (xhci_read(x, address, c, sizeof(*c)))
		return -EFAULT;
	for (unsigned int i = 0; i < 8; i++)
		c->words[i] = le32toh(c->words[i]);
	return 0;
}

static int context_write(struct xhci *x, uint64_t address, struct xhci_context c)
{
	for (unsigned int i = 0; i < 8; i++)
		c.words[i] = htole32(c.words[i]);
	return xhci_write(x, address, &c, sizeof(c));
}

/* Read a context of an input context: the control context (0), the slot (1), endpoints. */
static int input_read(struct xhci *x, const struct xhci_trb *trb, unsigned int n,
		      struct xhci_context *c)
{
	return context_read(x, (trb->parameter & ~UINT64_C(0xf)) + n * sizeof(*c), c);
}

/* Write a context of the slot's device. */
static int output_write(struct xhci *x, unsigned int slot, unsigned int n,
			const struct xhci_context *c)
{
	uint64_t address;

	if (context_address(x, slot, n, &address))
		return -EFAULT;
	return context_write(x, address, *c);
}

/* Change a word of the slot's context. */
static int slot_change(struct xhci *x, unsigned int slot, unsigned int word,
		       uint32_t mask, uint32_t bits)
{
	struct xhci_context c;
	uint64_t address;

	if (context_address(x, slot, 0, &address) || context_read(x, address, &c))
		return -EFAULT;
	c.words[word] = (c.words[word] & ~mask) | (bits & mask);
	return context_write(x, address, c);
}

/* Write the slot's state, and the address of its device. */
static int slot_store(struct xhci *x, unsigned int slot)
{
	uint32_t state = x->slots[slot].state;

	return slot_change(x, slot, 3, UINT32_MAX,
			   state << SLOT_STATE_SHIFT |
				   (state >= SLOT_ADDRESSED ? slot : 0));
}

int xhci_endpoint_store(struct xhci *x, unsigned int slot, unsigned int endpoint)
{
	const struct xhci_endpoint *ep = &x->slots[slot].endpoints[endpoint];
	struct xhci_context c;
	uint64_t address;

	if (context_address(x, slot, endpoint, &address) || context_read(x, address, &c))
		return -EFAULT;
	c.words[0] = (c.words[0] & ~(uint32_t)ENDPOINT_STATE) | ep->state;
	c.words[2] = (uint32_t)ep->ring.at | ep->ring.cycle;
	c.words[3] = (uint32_t)(ep->ring.at >> 32);
	return context_write(x, address, c);
}

/* ---- Commands ---------------------------------------------------------------------------- */

/* A command returns a code, or an error. */

static int slot_enable(struct xhci *x, unsigned int *slot)
{
	unsigned int n = x->config & 0xff;

	n = n < XHCI_SLOTS ? n : XHCI_SLOTS;
	for (*slot = 1; *slot <= n; ++*slot)
		if (!x->slots[*slot].enabled) {
			x->slots[*slot] = (struct xhci_slot){ .enabled = true };
			return CODE_SUCCESS;
		}
	*slot = 0;
	return CODE_NO_SLOTS;
}

static int slot_disable(struct xhci *x, unsigned int slot)
{
	bool has_context = x->slots[slot].state != SLOT_ENABLED;

	x->slots[slot] = (struct xhci_slot){ 0 };
	return has_context && slot_store(x, slot) ? -EFAULT : CODE_SUCCESS;
}

/* Read and check an endpoint of the input context. */
static int endpoint_read(struct xhci *x, const struct xhci_trb *trb,
			 unsigned int endpoint, unsigned int type, struct xhci_context *c)
{
	if (input_read(x, trb, endpoint + 1, c))
		return -EFAULT;
	if ((c->words[1] >> ENDPOINT_TYPE_SHIFT & 7) != type || c->words[0] >> 10 & 0x1f)
		return CODE_PARAMETER; /* another type, or streams */
	return CODE_SUCCESS;
}

/* Let an endpoint run. */
static int endpoint_add(struct xhci *x, unsigned int slot, unsigned int endpoint,
			struct xhci_context c)
{
	x->slots[slot].endpoints[endpoint] = (struct xhci_endpoint){
		.state = ENDPOINT_RUNNING,
		.ring = { (uint64_t)c.words[3] << 32 | (c.words[2] & ~0xfu),
			  c.words[2] & ENDPOINT_CYCLE },
	};
	c.words[0] = (c.words[0] & ~(uint32_t)ENDPOINT_STATE) | ENDPOINT_RUNNING;
	return output_write(x, slot, endpoint, &c);
}

static int device_address(struct xhci *x, const struct xhci_trb *trb, unsigned int slot)
{
	bool keeps_zero = trb->control & TRB_BLOCK;
	struct xhci_slot *s = &x->slots[slot];
	struct xhci_context control, c, endpoint;
	unsigned int port;
	int code;

	if (input_read(x, trb, 0, &control) || input_read(x, trb, 1, &c))
		return -EFAULT;
	port = (c.words[1] >> SLOT_PORT_SHIFT & 0xff) - 1; /* 0 wraps */
	if ((control.words[CONTEXT_ADD] & 3) != 3 || c.words[0] & SLOT_ROUTE ||
	    port >= 2 * x->n_ports)
		return CODE_PARAMETER;
	if (keeps_zero ? s->state != SLOT_ENABLED : s->state > SLOT_DEFAULT)
		return CODE_CONTEXT_STATE;
	if (port >= x->n_ports || !(x->ports[port].status & PORT_ENABLED))
		return CODE_TRANSACTION;
	code = endpoint_read(x, trb, 1, TYPE_CONTROL, &endpoint);
	if (code != CODE_SUCCESS)
		return code;
	if (endpoint_add(x, slot, 1, endpoint))
		return -EFAULT;
	s->port = (uint8_t)port;
	s->serial = x->ports[port].device.serial;
	s->state = keeps_zero ? SLOT_DEFAULT : SLOT_ADDRESSED;
	return output_write(x, slot, 0, &c) || slot_store(x, slot) ? -EFAULT
								   : CODE_SUCCESS;
}

static int endpoint_drop(struct xhci *x, unsigned int slot, unsigned int endpoint)
{
	struct xhci_endpoint *ep = &x->slots[slot].endpoints[endpoint];

	if (ep->state == ENDPOINT_DISABLED)
		return 0;
	*ep = (struct xhci_endpoint){ .state = ENDPOINT_DISABLED };
	return xhci_endpoint_store(x, slot, endpoint);
}

/* Return the type of an endpoint of a USB disk, or 0: the disk does not have it. */
static unsigned int endpoint_type(unsigned int endpoint)
{
	return endpoint == 2 * USB_STORAGE_IN + 1 ? TYPE_BULK_IN
	       : endpoint == 2 * USB_STORAGE_OUT  ? TYPE_BULK_OUT
						  : 0;
}

/* Read the endpoints that a command adds: if one is wrong, it changes nothing. */
static int endpoints_read(struct xhci *x, const struct xhci_trb *trb, uint32_t add,
			  struct xhci_context *contexts)
{
	int code = CODE_SUCCESS;

	for (unsigned int i = 2; i < XHCI_ENDPOINTS && code == CODE_SUCCESS; i++)
		if (add >> i & 1)
			code = endpoint_type(i)
				       ? endpoint_read(x, trb, i, endpoint_type(i),
						       &contexts[i])
				       : CODE_PARAMETER;
	return code;
}

/* Drop endpoints, and add those of the contexts. */
static int endpoints_change(struct xhci *x, unsigned int slot, uint32_t drop,
			    uint32_t add, const struct xhci_context *contexts)
{
	struct xhci_slot *s = &x->slots[slot];
	bool has_some = false;

	for (unsigned int i = 2; i < XHCI_ENDPOINTS; i++) {
		if ((drop >> i & 1 && endpoint_drop(x, slot, i)) ||
		    (add >> i & 1 && endpoint_add(x, slot, i, contexts[i])))
			return -EFAULT;
		has_some = has_some || s->endpoints[i].state != ENDPOINT_DISABLED;
	}
	s->state = has_some ? SLOT_CONFIGURED : SLOT_ADDRESSED;
	return slot_store(x, slot) ? -EFAULT : CODE_SUCCESS;
}

static int endpoints_configure(struct xhci *x, const struct xhci_trb *trb,
			       unsigned int slot)
{
	struct xhci_context control, c, endpoints[XHCI_ENDPOINTS];
	int code;

	if (x->slots[slot].state < SLOT_ADDRESSED)
		return CODE_CONTEXT_STATE;
	if (trb->control & TRB_DECONFIGURE)
		return endpoints_change(x, slot, UINT32_MAX, 0, NULL);
	if (input_read(x, trb, 0, &control) || input_read(x, trb, 1, &c))
		return -EFAULT;
	code = endpoints_read(x, trb, control.words[CONTEXT_ADD], endpoints);
	if (code != CODE_SUCCESS)
		return code;
	if (control.words[CONTEXT_ADD] & 1 &&
	    slot_change(x, slot, 0, UINT32_MAX, c.words[0]))
		return -EFAULT;
	return endpoints_change(x, slot, control.words[CONTEXT_DROP],
				control.words[CONTEXT_ADD], endpoints);
}

/* Change the latency and the interrupter of a slot, the size of endpoint 0's packets: the
 * controller only keeps them. */
static int context_evaluate(struct xhci *x, const struct xhci_trb *trb, unsigned int slot)
{
	struct xhci_context control, c, is;
	uint64_t address;

	if (x->slots[slot].state < SLOT_DEFAULT)
		return CODE_CONTEXT_STATE;
	if (input_read(x, trb, 0, &control) || input_read(x, trb, 1, &c))
		return -EFAULT;
	if (control.words[CONTEXT_ADD] & 1 &&
	    (slot_change(x, slot, 1, 0xffff, c.words[1]) ||
	     slot_change(x, slot, 2, 0xffc00000, c.words[2])))
		return -EFAULT;
	if (!(control.words[CONTEXT_ADD] & 2))
		return CODE_SUCCESS;
	if (input_read(x, trb, 2, &c) || context_address(x, slot, 1, &address) ||
	    context_read(x, address, &is))
		return -EFAULT;
	is.words[1] = (is.words[1] & 0xffff) | (c.words[1] & 0xffff0000);
	return context_write(x, address, is) ? -EFAULT : CODE_SUCCESS;
}

/* Return the device to the state after a reset of its port: only endpoint 0 exists. */
static int device_reset(struct xhci *x, unsigned int slot)
{
	struct xhci_slot *s = &x->slots[slot];

	if (s->state < SLOT_ADDRESSED)
		return CODE_CONTEXT_STATE;
	for (unsigned int i = 2; i < XHCI_ENDPOINTS; i++)
		if (endpoint_drop(x, slot, i))
			return -EFAULT;
	s->state = SLOT_DEFAULT;
	return slot_store(x, slot) ? -EFAULT : CODE_SUCCESS;
}

/* Reset or stop an endpoint, or set its ring. */
static int endpoint_command(struct xhci *x, const struct xhci_trb *trb, unsigned int slot)
{
	unsigned int n = trb->control >> TRB_ENDPOINT_SHIFT & 0x1f;
	struct xhci_endpoint *ep = &x->slots[slot].endpoints[n];
	unsigned int type = trb_type(trb);

	if (!n)
		return CODE_TRB;
	if (ep->state == ENDPOINT_DISABLED)
		return CODE_ENDPOINT_NOT_ENABLED;
	if (type == TRB_RESET_ENDPOINT ? ep->state != ENDPOINT_HALTED
	    : type == TRB_STOP_ENDPOINT
		    ? ep->state != ENDPOINT_RUNNING
		    : ep->state != ENDPOINT_STOPPED && ep->state != ENDPOINT_ERROR)
		return CODE_CONTEXT_STATE;
	ep->state = ENDPOINT_STOPPED;
	ep->waits = false;
	if (type == TRB_SET_DEQUEUE)
		ep->ring = (struct xhci_ring){ trb->parameter & ~UINT64_C(0xf),
					       trb->parameter & ENDPOINT_CYCLE };
	return xhci_endpoint_store(x, slot, n) ? -EFAULT : CODE_SUCCESS;
}

/* Handle a command of an enabled slot. */
static int slot_command(struct xhci *x, const struct xhci_trb *trb, unsigned int slot)
{
	if (!slot || slot > XHCI_SLOTS || !x->slots[slot].enabled)
		return CODE_SLOT_NOT_ENABLED;
	switch (trb_type(trb)) {
	case TRB_DISABLE_SLOT:
		return slot_disable(x, slot);
	case TRB_ADDRESS_DEVICE:
		return device_address(x, trb, slot);
	case TRB_CONFIGURE_ENDPOINT:
		return endpoints_configure(x, trb, slot);
	case TRB_EVALUATE_CONTEXT:
		return context_evaluate(x, trb, slot);
	case TRB_RESET_DEVICE:
		return device_reset(x, slot);
	default:
		return endpoint_command(x, trb, slot);
	}
}

static int command_handle(struct xhci *x, uint64_t at, const struct xhci_trb *trb)
{
	unsigned int slot = trb->control >> TRB_SLOT_SHIFT, type = trb_type(trb);
	uint32_t event = TRB_COMMAND_EVENT, more = 0;
	int code = CODE_TRB;

	if (type == TRB_NO_OP_COMMAND) {
		code = CODE_SUCCESS;
	} else if (type == TRB_NEC_FIRMWARE &&
		   !strcmp(x->access.driver, "nec-usb-xhci")) {
		code = CODE_SUCCESS;
		event = TRB_NEC_COMMAND_EVENT;
		more = NEC_FIRMWARE_VERSION;
	} else if (type == TRB_ENABLE_SLOT) {
		code = slot_enable(x, &slot);
	} else if (type > TRB_ENABLE_SLOT && type <= TRB_RESET_DEVICE) {
		code = slot_command(x, trb, slot);
	}
	if (code < 0)
		return code;
	xhci_event(x, at, (uint32_t)code << 24 | more,
		   slot << TRB_SLOT_SHIFT | event << TRB_TYPE_SHIFT);
	return 0;
}

void xhci_commands_run(struct xhci *x)
{
	struct xhci_trb trb;
	int err = 0;

	x->commands_run = true;
	x->trbs_left = XHCI_TRB_LIMIT;
	while (xhci_runs(x) && (err = xhci_next(x, &x->commands, &trb)) > 0) {
		err = command_handle(x, x->commands.at - sizeof(trb), &trb);
		if (err)
			break;
	}
	if (err < 0)
		xhci_fail(x, err);
}
