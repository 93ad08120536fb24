/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * xhci_parts.h - interfaces between the files that implement xhci.h
 *
 * xhci.c has registers and events, xhci_ports.c ports, xhci_commands.c the command ring and
 * contexts, xhci_transfers.c the rings of endpoints.
 *
 * Errors:  -EFAULT: an address of the guest is no memory. -ELOOP: a ring does not end. Both
 *          stop the controller.
 * Layer:   papr-vmm
 */
#pragma once

#include "vmm/kvm/usb_storage.h"
#include "vmm/kvm/xhci.h"

enum {
	XHCI_DISK_PORTS = 15, /* at most */
	XHCI_SLOTS = 32,
	XHCI_ENDPOINTS = 32,   /* of a slot, by their device context index; 0: not used */
	XHCI_TRB_LIMIT = 1024, /* for a doorbell */
	XHCI_TD_PARTS = 256,   /* TRBs of a transfer */
};

enum xhci_trb_type {
	TRB_NORMAL = 1,
	TRB_SETUP = 2,
	TRB_DATA = 3,
	TRB_STATUS = 4,
	TRB_LINK = 6,
	TRB_NO_OP = 8,
	TRB_ENABLE_SLOT = 9,
	TRB_DISABLE_SLOT = 10,
	TRB_ADDRESS_DEVICE = 11,
	TRB_CONFIGURE_ENDPOINT = 12,
	TRB_EVALUATE_CONTEXT = 13,
	TRB_RESET_ENDPOINT = 14,
	TRB_STOP_ENDPOINT = 15,
	TRB_SET_DEQUEUE = 16,
	TRB_RESET_DEVICE = 17,
	TRB_NO_OP_COMMAND = 23,
	TRB_TRANSFER_EVENT = 32,
	TRB_COMMAND_EVENT = 33,
	TRB_PORT_EVENT = 34,
	TRB_NEC_COMMAND_EVENT = 48,
	TRB_NEC_FIRMWARE = 49,
};
/* Bits of a TRB's last word */
enum {
	TRB_CYCLE = 1 << 0,
	TRB_TOGGLES = 1 << 1,	  /* of a link: the cycle bit changes */
	TRB_SHORT_EVENT = 1 << 2, /* an event if the device sends less */
	TRB_CHAIN = 1 << 4,	  /* the transfer continues in the next TRB */
	TRB_EVENT = 1 << 5,	  /* an event when it is complete */
	TRB_IMMEDIATE = 1 << 6,	  /* the data are in the TRB */
	TRB_BLOCK = 1 << 9,	  /* of an address command: the device keeps address 0 */
	TRB_DECONFIGURE = 1 << 9, /* of a configure command */
	TRB_TYPE_SHIFT = 10,	  /* 6 bits */
	TRB_DATA_IN = 1 << 16,	  /* of a data stage */
	TRB_ENDPOINT_SHIFT = 16,  /* of a command: 5 bits */
	TRB_SLOT_SHIFT = 24,
};

enum xhci_code {
	CODE_SUCCESS = 1,
	CODE_TRANSACTION = 4, /* the device does not answer */
	CODE_TRB = 5,
	CODE_STALL = 6,
	CODE_NO_SLOTS = 9,
	CODE_SLOT_NOT_ENABLED = 11,
	CODE_ENDPOINT_NOT_ENABLED = 12,
	CODE_SHORT_PACKET = 13,
	CODE_PARAMETER = 17,
	CODE_CONTEXT_STATE = 19,
	CODE_RING_STOPPED = 24,
};

enum xhci_endpoint_state {
	ENDPOINT_DISABLED = 0,
	ENDPOINT_RUNNING = 1,
	ENDPOINT_HALTED = 2,
	ENDPOINT_STOPPED = 3,
	ENDPOINT_ERROR = 4,
};

/* Of a slot context; SLOT_ENABLED: the guest has it, without a context */
enum xhci_slot_state {
	SLOT_ENABLED = 0,
	SLOT_DEFAULT = 1,
	SLOT_ADDRESSED = 2,
	SLOT_CONFIGURED = 3,
};

struct xhci_trb {
	uint64_t parameter;
	uint32_t status, control;
};

/* The next TRB of a ring of the guest, and the cycle bit that it has if it is complete */
struct xhci_ring {
	uint64_t at;
	bool cycle;
};

struct xhci_endpoint {
	enum xhci_endpoint_state state;
	struct xhci_ring ring;
	bool waits; /* for another transfer of the device */
};

struct xhci_slot {
	bool enabled;
	enum xhci_slot_state state;
	uint8_t port;	 /* index of its device's port */
	uint64_t serial; /* of its device */
	struct xhci_endpoint endpoints[XHCI_ENDPOINTS];
	enum usb_result control; /* of the last request, and its answer */
	struct usb_data answer;
};

/* Bits of a port's status, and of the controller's */
enum { PORT_ENABLED = 1 << 1, XHCI_STATUS_PORT = 1 << 4 };

/* A port of USB 2. Those of USB 3 are empty. */
struct xhci_port {
	uint32_t status;
	struct usb_storage device;
};

struct xhci_events {
	uint64_t table, dequeue; /* as the guest wrote them */
	uint32_t segments;	 /* of the table: only 1 is known */
	bool is_open;		 /* the following are valid */
	bool cycle;
	uint32_t size, next;
	uint64_t ring;
};

struct xhci {
	struct xhci *next;
	struct host *host;
	struct papr_pci_access access; /* the last one */
	unsigned int n_ports;	       /* of USB 2, and as many of USB 3 */
	uint32_t command, status, notify, config;
	uint32_t interrupter, moderation;
	uint64_t contexts; /* address of the table of device contexts */
	struct xhci_ring commands;
	bool commands_run;
	struct xhci_events events;
	bool raised;	    /* an interrupt must be sent */
	bool busy;	    /* the guest handles events: no further interrupt */
	uint32_t trbs_left; /* for this doorbell */
	struct xhci_port ports[XHCI_DISK_PORTS];
	uint32_t empty_ports[XHCI_DISK_PORTS];	/* status of those of USB 3 */
	struct xhci_slot slots[XHCI_SLOTS + 1]; /* 0: not used */
};

/* ---- xhci.c ---- */

/* Access memory at an address as the card sees it. */
int xhci_read(struct xhci *x, uint64_t address, void *to, uint32_t len);
int xhci_write(struct xhci *x, uint64_t address, const void *from, uint32_t len);
/* Stop the controller after -EFAULT or -ELOOP. */
void xhci_fail(struct xhci *x, int err);
/* Put an event into the ring. control: without its cycle bit. */
void xhci_event(struct xhci *x, uint64_t parameter, uint32_t status, uint32_t control);
/* Read the next TRB of a ring, after its links. Return 1, 0 (the ring is empty), or a
 * negative errno. */
int xhci_next(struct xhci *x, struct xhci_ring *ring, struct xhci_trb *trb);
/* Return true if the controller runs and may access memory. */
bool xhci_runs(const struct xhci *x);

static inline unsigned int trb_type(const struct xhci_trb *trb)
{
	return trb->control >> TRB_TYPE_SHIFT & 0x3f;
}

/* ---- xhci_ports.c: ports 0 to n_ports - 1 of USB 2, then those of USB 3 ---- */

/* Reset all ports, and connect the machine's disks. */
void xhci_ports_reset(struct xhci *x);
/* Connect and disconnect disks, as the machine has them now. */
void xhci_ports_update(struct xhci *x);
/* Read or write the status of a port. */
uint32_t xhci_port_get(const struct xhci *x, unsigned int n);
void xhci_port_put(struct xhci *x, unsigned int n, uint32_t value);

/* ---- xhci_commands.c ---- */

/* Handle the commands in the ring. */
void xhci_commands_run(struct xhci *x);
/* Write an endpoint's state and ring to its context. Return 0 or -EFAULT. */
int xhci_endpoint_store(struct xhci *x, unsigned int slot, unsigned int endpoint);

/* ---- xhci_transfers.c ---- */

/* Handle the transfers of an endpoint whose doorbell was written. */
void xhci_endpoint_run(struct xhci *x, unsigned int slot, unsigned int endpoint);
