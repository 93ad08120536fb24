// SPDX-License-Identifier: GPL-2.0-or-later
#include <endian.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/kvm/dma.h"
#include "vmm/kvm/xhci_parts.h"

/* Registers in BAR 0: xHCI 1.2, 5.3 to 5.6 */
enum {
	REG_STRUCTURE = 0x04,
	REG_CAPABILITY = 0x10,
	REG_DOORBELLS_AT = 0x14,
	REG_RUNTIME_AT = 0x18,
	REG_PROTOCOLS = 0x20, /* 16 bytes for USB 2, and for USB 3 */
	REG_COMMAND = 0x40,
	REG_STATUS = 0x44,
	REG_PAGE_SIZE = 0x48,
	REG_NOTIFY = 0x54,
	REG_COMMANDS = 0x58,
	REG_CONTEXTS = 0x70,
	REG_CONFIG = 0x78,
	REG_PORTS = 0x440,
	REG_PORTS_END = REG_PORTS + 2 * XHCI_DISK_PORTS * 16,
	REG_RUNTIME = 0x1000,
	REG_INTERRUPTER = 0x1020,
	REG_MODERATION = 0x1024,
	REG_SEGMENTS = 0x1028,
	REG_TABLE = 0x1030,
	REG_DEQUEUE = 0x1038,
	REG_DOORBELLS = 0x2000,
	REG_END = 0x3000, /* then the table of MSI-X, which firmware writes */
};

enum { VERSION_1_0 = 0x100 };
enum { CAPABILITY_64_BIT = 1, CAPABILITY_PROTOCOLS_SHIFT = 18 };
enum { PROTOCOL_ID = 2, PROTOCOL_NEXT = 4 << 8, PROTOCOL_USB = 0x20425355 };

enum {
	COMMAND_RUN = 1 << 0,
	COMMAND_RESET = 1 << 1,
	COMMAND_INTERRUPTS = 1 << 2,
	COMMAND_LIGHT_RESET = 1 << 7,
	COMMAND_SAVE = 1 << 8,
	COMMAND_RESTORE = 1 << 9,
	COMMAND_ONCE =
		COMMAND_RESET | COMMAND_LIGHT_RESET | COMMAND_SAVE | COMMAND_RESTORE,
};
enum {
	STATUS_HALTED = 1 << 0,
	STATUS_SYSTEM_ERROR = 1 << 2,
	STATUS_EVENT = 1 << 3,
	STATUS_RESTORE_ERROR = 1 << 10,
	STATUS_CONTROLLER_ERROR = 1 << 12,
	STATUS_CLEARED = STATUS_SYSTEM_ERROR | STATUS_EVENT | XHCI_STATUS_PORT |
			 STATUS_RESTORE_ERROR, /* by writing 1 */
};
/* The command ring's register */
enum { RING_CYCLE = 1, RING_STOP = 2, RING_ABORT = 4, RING_RUNS = 8 };
enum { INTERRUPTER_PENDING = 1, INTERRUPTER_ENABLE = 2 };
enum { DEQUEUE_BUSY = 8 };
/* The sizes of a segment of the event ring */
enum { SEGMENT_MIN = 16, SEGMENT_MAX = 4096 };

/* ---- Memory ------------------------------------------------------------------------------ */

int xhci_read(struct xhci *x, uint64_t address, void *to, uint32_t len)
{
	return vm_dma_read(x->host, x->access.serial, address, to, len);
}

int xhci_write(struct xhci *x, uint64_t address, const void *from, uint32_t len)
{
	return vm_dma_write(x->host, x->access.serial, address, from, len);
}

bool xhci_runs(const struct xhci *x)
{
	return x->command & COMMAND_RUN && x->access.bus_master;
}

static void xhci_halt(struct xhci *x)
{
	x->command &= ~(uint32_t)COMMAND_RUN;
	x->status |= STATUS_HALTED;
	x->commands_run = false;
}

void xhci_fail(struct xhci *x, int err)
{
	xhci_halt(x);
	x->status |= err == -ELOOP ? STATUS_CONTROLLER_ERROR : STATUS_SYSTEM_ERROR;
}

static bool xhci_has_failed(const struct xhci *x)
{
	return x->status & (STATUS_CONTROLLER_ERROR | STATUS_SYSTEM_ERROR);
}

int xhci_next(struct xhci *x, struct xhci_ring *ring, struct xhci_trb *trb)
{
	for (;;) {
		if (xhci_read(x, ring->at, trb, sizeof(*trb)))
			return -EFAULT;
		trb->parameter = le64toh(trb->parameter);
		trb->status = le32toh(trb->status);
		trb->control = le32toh(trb->control);
		if ((trb->control & TRB_CYCLE) != ring->cycle)
			return 0;
		if (!x->trbs_left--)
			return -ELOOP;
		if (trb_type(trb) != TRB_LINK) {
			ring->at += sizeof(*trb);
			return 1;
		}
		ring->at = trb->parameter & ~UINT64_C(0xf);
		ring->cycle ^= !!(trb->control & TRB_TOGGLES);
	}
}

/* ---- Events ------------------------------------------------------------------------------ */

/* Find the ring of events at its first use. */
static int events_open(struct xhci *x)
{
	struct xhci_events *events = &x->events;
	struct {
		uint64_t address;
		uint32_t size, reserved;
	} segment;

	if (events->is_open)
		return 0;
	if (!events->segments || xhci_read(x, events->table, &segment, sizeof(segment)))
		return -EFAULT;
	events->ring = le64toh(segment.address) & ~UINT64_C(0x3f);
	events->size = le32toh(segment.size) & 0xffff;
	if (events->size < SEGMENT_MIN || events->size > SEGMENT_MAX)
		return -EFAULT;
	events->next = 0;
	events->cycle = true;
	events->is_open = true;
	return 0;
}

/* Send a pending interrupt when the guest permits it. The message clears what is pending. */
static void interrupt_send(struct xhci *x)
{
	if (!(x->interrupter & INTERRUPTER_PENDING) ||
	    !(x->interrupter & INTERRUPTER_ENABLE) || !(x->command & COMMAND_INTERRUPTS))
		return;
	x->interrupter &= ~(uint32_t)INTERRUPTER_PENDING;
	x->raised = true;
}

static void interrupt_raise(struct xhci *x)
{
	x->status |= STATUS_EVENT;
	if (x->busy)
		return;
	x->busy = true;
	x->interrupter |= INTERRUPTER_PENDING;
	interrupt_send(x);
}

static int event_put(struct xhci *x, const struct xhci_trb *trb)
{
	struct xhci_events *events = &x->events;
	uint32_t after = (events->next + 1) % events->size;
	uint64_t at = events->ring + events->next * sizeof(*trb);
	uint32_t control = htole32(trb->control | events->cycle);

	if (events->ring + after * sizeof(*trb) == (events->dequeue & ~UINT64_C(0xf)))
		return -ELOOP; /* no room */
	/* The guest sees the cycle bit after the rest. */
	if (xhci_write(x, at, trb, sizeof(*trb) - sizeof(control)))
		return -EFAULT;
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	if (xhci_write(x, at + sizeof(*trb) - sizeof(control), &control, sizeof(control)))
		return -EFAULT;
	events->next = after;
	events->cycle ^= !after;
	return 0;
}

void xhci_event(struct xhci *x, uint64_t parameter, uint32_t status, uint32_t control)
{
	const struct xhci_trb trb = { htole64(parameter), htole32(status), control };
	int err;

	if (!xhci_runs(x))
		return;
	err = events_open(x);
	if (!err)
		err = event_put(x, &trb);
	if (err)
		xhci_fail(x, err);
	else
		interrupt_raise(x);
}

/* The guest has handled events. If there are others, it needs another interrupt. */
static void dequeue_written(struct xhci *x, uint32_t value)
{
	const struct xhci_events *events = &x->events;

	if (!(value & DEQUEUE_BUSY))
		return;
	x->busy = false;
	if (events->is_open && events->ring + events->next * sizeof(struct xhci_trb) !=
				       (events->dequeue & ~UINT64_C(0xf)))
		interrupt_raise(x);
}

/* ---- Controllers ------------------------------------------------------------------------- */

/* Reset the controller. Disks are connected again. */
static void xhci_reset(struct xhci *x)
{
	struct xhci fresh = { .next = x->next,
			      .host = x->host,
			      .access = x->access,
			      .n_ports = x->n_ports,
			      .status = STATUS_HALTED };

	*x = fresh;
	xhci_ports_reset(x);
}

/* Return the number of the controller's ports, 0: it does not exist. */
static unsigned int xhci_ports_of(const struct papr_vmm *vmm, uint64_t serial)
{
	struct papr_pci_info is = { .size = sizeof(is) };

	for (size_t n = 0; papr_vmm_pci_info(vmm, n, &is) > 0; n++)
		if (is.serial == serial)
			return is.usb_ports;
	return 0;
}

/* Free the state of controllers that do not exist any more. */
static void xhci_drop_removed(struct xhci **all, const struct papr_vmm *vmm)
{
	while (*all) {
		struct xhci *x = *all;

		if (xhci_ports_of(vmm, x->access.serial)) {
			all = &x->next;
			continue;
		}
		*all = x->next;
		free(x);
	}
}

/* Return the controller's state, which is made at its first use, or NULL. */
static struct xhci *xhci_of(struct xhci **all, struct host *host,
			    const struct papr_pci_access *access)
{
	struct xhci *x = *all;
	unsigned int n_ports;

	while (x && x->access.serial != access->serial)
		x = x->next;
	if (x)
		return x;
	n_ports = xhci_ports_of(host->vmm, access->serial);
	xhci_drop_removed(all, host->vmm);
	x = n_ports ? calloc(1, sizeof(*x)) : NULL;
	if (!x)
		return NULL;
	x->host = host;
	x->access = *access;
	x->n_ports = n_ports < XHCI_DISK_PORTS ? n_ports : XHCI_DISK_PORTS;
	xhci_reset(x);
	x->next = *all;
	*all = x;
	return x;
}

void xhci_free(struct xhci **all)
{
	while (*all) {
		struct xhci *x = *all;

		*all = x->next;
		free(x);
	}
}

/* ---- Registers --------------------------------------------------------------------------- */

/* The ports of a protocol: capability, name, first port and number */
static uint32_t protocol_get(const struct xhci *x, unsigned int at)
{
	bool is_usb3 = at >= REG_PROTOCOLS + 16;

	switch (at & 0xc) {
	case 0:
		return is_usb3 ? PROTOCOL_ID | 3u << 24
			       : PROTOCOL_ID | PROTOCOL_NEXT | 2u << 24;
	case 4:
		return PROTOCOL_USB;
	case 8:
		return x->n_ports << 8 | (is_usb3 ? x->n_ports + 1 : 1);
	default:
		return 0;
	}
}

/* What does not change: the sizes and places of registers and contexts */
static uint32_t capability_get(const struct xhci *x, unsigned int at)
{
	switch (at) {
	case 0:
		return (uint32_t)VERSION_1_0 << 16 | REG_COMMAND;
	case REG_STRUCTURE: /* one interrupter */
		return 2 * x->n_ports << 24 | 1 << 8 | XHCI_SLOTS;
	case REG_CAPABILITY:
		return REG_PROTOCOLS / 4 << 16 | CAPABILITY_64_BIT;
	case REG_DOORBELLS_AT:
		return REG_DOORBELLS;
	case REG_RUNTIME_AT:
		return REG_RUNTIME;
	default:
		return at >= REG_PROTOCOLS ? protocol_get(x, at) : 0;
	}
}

static uint32_t high_half(uint64_t value)
{
	return (uint32_t)(value >> 32);
}

static uint32_t reg_get(const struct xhci *x, unsigned int at)
{
	if (at < REG_COMMAND)
		return capability_get(x, at);
	if (at >= REG_PORTS && at < REG_PORTS_END)
		return at & 0xc ? 0 : xhci_port_get(x, (at - REG_PORTS) / 16);
	switch (at) {
	case REG_COMMAND:
		return x->command;
	case REG_STATUS:
		return x->status;
	case REG_PAGE_SIZE:
		return 1; /* 4 KiB */
	case REG_NOTIFY:
		return x->notify;
	case REG_COMMANDS:
		return x->commands_run ? RING_RUNS : 0;
	case REG_CONTEXTS:
		return (uint32_t)x->contexts;
	case REG_CONTEXTS + 4:
		return high_half(x->contexts);
	case REG_CONFIG:
		return x->config;
	case REG_INTERRUPTER:
		return x->interrupter;
	case REG_MODERATION:
		return x->moderation;
	case REG_SEGMENTS:
		return x->events.segments;
	case REG_TABLE:
		return (uint32_t)x->events.table;
	case REG_TABLE + 4:
		return high_half(x->events.table);
	case REG_DEQUEUE:
		return (uint32_t)x->events.dequeue | (x->busy ? DEQUEUE_BUSY : 0);
	case REG_DEQUEUE + 4:
		return high_half(x->events.dequeue);
	default:
		return 0;
	}
}

static void command_written(struct xhci *x, uint32_t value)
{
	if (value & COMMAND_RESET) {
		xhci_reset(x);
		return;
	}
	if (value & COMMAND_RESTORE) /* of a state that was not saved */
		x->status |= STATUS_RESTORE_ERROR;
	x->command = value & ~(uint32_t)COMMAND_ONCE;
	if (value & COMMAND_RUN && !xhci_has_failed(x))
		x->status &= ~(uint32_t)STATUS_HALTED;
	else
		xhci_halt(x);
	interrupt_send(x);
}

/* The lower half of the command ring's address, and its bits. Commands are complete when
 * their doorbell is written, so that the ring stops at once. */
static void commands_written(struct xhci *x, uint32_t value)
{
	if (!x->commands_run) {
		x->commands.at = (x->commands.at & ~UINT64_C(0xffffffff)) |
				 (value & ~UINT32_C(0x3f));
		x->commands.cycle = value & RING_CYCLE;
		return;
	}
	if (!(value & (RING_STOP | RING_ABORT)))
		return;
	x->commands_run = false;
	xhci_event(x, x->commands.at, (uint32_t)CODE_RING_STOPPED << 24,
		   TRB_COMMAND_EVENT << TRB_TYPE_SHIFT);
}

static void set_low(uint64_t *to, uint32_t value)
{
	*to = (*to & ~UINT64_C(0xffffffff)) | value;
}

static void set_high(uint64_t *to, uint32_t value)
{
	*to = (*to & 0xffffffff) | (uint64_t)value << 32;
}

static void runtime_put(struct xhci *x, unsigned int at, uint32_t value)
{
	struct xhci_events *events = &x->events;

	switch (at) {
	case REG_INTERRUPTER: /* writing 1 clears what is pending */
		x->interrupter = (x->interrupter & ~value & INTERRUPTER_PENDING) |
				 (value & INTERRUPTER_ENABLE);
		interrupt_send(x);
		break;
	case REG_MODERATION:
		x->moderation = value;
		break;
	case REG_SEGMENTS:
		events->segments = value & 0xffff;
		break;
	case REG_TABLE:
		set_low(&events->table, value & ~UINT32_C(0x3f));
		events->is_open = false;
		break;
	case REG_TABLE + 4:
		set_high(&events->table, value);
		events->is_open = false;
		break;
	case REG_DEQUEUE:
		set_low(&events->dequeue, value & ~(uint32_t)DEQUEUE_BUSY);
		dequeue_written(x, value);
		break;
	case REG_DEQUEUE + 4:
		set_high(&events->dequeue, value);
		break;
	default:
		break;
	}
}

static void doorbell(struct xhci *x, unsigned int slot, unsigned int endpoint)
{
	if (!xhci_runs(x))
		return;
	if (!slot)
		xhci_commands_run(x);
	else if (slot <= XHCI_SLOTS && endpoint && endpoint < XHCI_ENDPOINTS)
		xhci_endpoint_run(x, slot, endpoint);
}

static void reg_put(struct xhci *x, unsigned int at, uint32_t value)
{
	if (at >= REG_DOORBELLS) {
		doorbell(x, (at - REG_DOORBELLS) / 4, value & 0xff);
		return;
	}
	if (at >= REG_RUNTIME) {
		runtime_put(x, at, value);
		return;
	}
	if (at >= REG_PORTS && at < REG_PORTS_END && !(at & 0xc)) {
		xhci_port_put(x, (at - REG_PORTS) / 16, value);
		return;
	}
	switch (at) {
	case REG_COMMAND:
		command_written(x, value);
		break;
	case REG_STATUS:
		x->status &= ~(value & STATUS_CLEARED);
		break;
	case REG_NOTIFY:
		x->notify = value & 0xffff;
		break;
	case REG_COMMANDS:
		commands_written(x, value);
		break;
	case REG_COMMANDS + 4:
		if (!x->commands_run)
			set_high(&x->commands.at, value);
		break;
	case REG_CONTEXTS:
		set_low(&x->contexts, value & ~UINT32_C(0x3f));
		break;
	case REG_CONTEXTS + 4:
		set_high(&x->contexts, value);
		break;
	case REG_CONFIG:
		x->config = value & 0xff;
		break;
	default:
		break;
	}
}

static uint32_t xhci_interrupt(struct xhci *x)
{
	bool raised = x->raised && x->access.n_msis;

	x->raised = false;
	return raised ? x->access.first_msi : 0;
}

uint32_t xhci_changed(struct xhci **all, struct host *host)
{
	xhci_drop_removed(all, host->vmm);
	for (struct xhci *x = *all; x; x = x->next) {
		uint32_t irq;

		xhci_ports_update(x);
		irq = xhci_interrupt(x);
		if (irq)
			return irq;
	}
	return 0;
}

/* Registers are written in words, and read in words or parts of them. */
uint32_t xhci_access(struct xhci **all, struct host *host,
		     const struct papr_pci_access *access, bool is_write, uint8_t *data,
		     uint32_t len)
{
	struct xhci *x = NULL;
	uint32_t value;

	if (strstr(access->driver, "xhci") && !access->bar && access->offset < REG_END &&
	    access->offset % len == 0)
		x = xhci_of(all, host, access);
	if (!x)
		return 0;
	x->access = *access;
	for (uint32_t done = 0; done < len; done += 4) {
		unsigned int at = (unsigned int)access->offset + done;

		if (is_write && len >= 4) {
			memcpy(&value, data + done, 4);
			reg_put(x, at, le32toh(value));
		} else if (!is_write) {
			value = htole32(reg_get(x, at & ~3u) >> 8 * (at & 3));
			memcpy(data + done, &value, len < 4 ? len : 4);
		}
	}
	return xhci_interrupt(x);
}
