// SPDX-License-Identifier: GPL-2.0-or-later
/* USB controllers of papr-vmm -accel kvm and their disks, as a guest's driver sees them, and
 * hostile guests. The guest's memory has its exact size, so a sanitizer detects an access
 * outside. */
#include "tests/little_endian.h"
#include "tests/vmm_machine.h"
#include "vmm/kvm/dma.h"
#include "vmm/kvm/xhci.h"

/* Registers */
enum {
	COMMAND = 0x40,
	STATUS = 0x44,
	CRCR = 0x58,
	DCBAAP = 0x70,
	CONFIG = 0x78,
	PORTSC = 0x440,
	IMAN = 0x1020,
	ERSTSZ = 0x1028,
	ERSTBA = 0x1030,
	ERDP = 0x1038,
	DOORBELLS = 0x2000,
};
enum { RUN = 1, RESET = 2, INTERRUPTS = 4 };
enum { HALTED = 1, SYSTEM_ERROR = 4, EVENT = 8, PORT_EVENT = 0x10, CONTROLLER = 0x1000 };
/* Places in memory */
enum {
	TABLE = 0x1000, /* of device contexts */
	SEGMENTS = 0x1800,
	EVENTS = 0x2000,
	COMMANDS = 0x3000,
	INPUT = 0x4000,
	OUTPUT = 0x5000,
	CONTROL = 0x6000, /* rings */
	BULK_IN = 0x7000,
	BULK_OUT = 0x8000,
	SETUP_DATA = 0x9000,
	CBW = 0xa000,
	CSW = 0xb000,
	BUFFER = 0x10000,
};
enum { EVENT_ROOM = 64, FIRST_MSI = 0x1300, PORT = 2, IN = 3, OUT = 4 };
enum { CONNECTED = 1, ENABLED = 2, CONNECT_CHANGE = 1 << 17, RESET_CHANGE = 1 << 21 };
/* TRBs */
enum { CYCLE = 1, TOGGLE = 2, SHORT = 4, CHAIN = 0x10, IOC = 0x20, IDT = 0x40 };
#define TYPE(n)	   ((uint32_t)(n) << 10)
#define ERASED	   0xee
#define DMA	   (UINT64_C(1) << 59)
#define HIGH_SPEED (3u << 10)

struct rig {
	struct host host; /* first: vm_dma_read() and vm_dma_write() find the memory */
	struct vm vm;
	struct xhci *all;
	struct papr_pci_access access;
	unsigned int events;		     /* handled */
	uint64_t commands, control, in, out; /* next places in rings */
	uint32_t irq;			     /* of the last doorbell */
};

/* An event, and how it ends: its code */
struct usb_event {
	uint64_t parameter;
	unsigned int type, code, slot, endpoint;
	uint32_t length;
};

/* The window is all of memory. The test of NVMe has the guest's windows. */
static uint8_t *memory_at(const struct host *host, uint64_t address, uint64_t len)
{
	const struct rig *rig = (const struct rig *)(const void *)host;
	uint64_t bytes = rig->vm.memory_bytes;

	address -= DMA; /* what is below it becomes large */

	return len > bytes || address > bytes - len ? NULL : rig->vm.memory + address;
}

int vm_dma_read(const struct host *host, uint64_t serial, uint64_t address, void *to,
		uint64_t len)
{
	const uint8_t *at = memory_at(host, address, len);

	(void)serial;
	if (at)
		memcpy(to, at, len);
	return at ? 0 : -EFAULT;
}

int vm_dma_write(const struct host *host, uint64_t serial, uint64_t address,
		 const void *from, uint64_t len)
{
	uint8_t *at = memory_at(host, address, len);

	(void)serial;
	if (at)
		memcpy(at, from, len);
	return at ? 0 : -EFAULT;
}

static void put(struct rig *rig, uint64_t address, size_t len, uint64_t value)
{
	le_put(rig->vm.memory + address, len, value);
}

static uint64_t get(const struct rig *rig, uint64_t address, size_t len)
{
	return le_get(rig->vm.memory + address, len);
}

static uint32_t reg_write(struct rig *rig, uint64_t offset, uint32_t len, uint64_t value)
{
	uint8_t data[8];

	le_put(data, sizeof(data), value);
	rig->access.offset = offset;
	return xhci_access(&rig->all, &rig->host, &rig->access, true, data, len);
}

static uint64_t reg_read(struct rig *rig, uint64_t offset, uint32_t len)
{
	uint8_t data[8] = { 0 };

	rig->access.offset = offset;
	xhci_access(&rig->all, &rig->host, &rig->access, false, data, len);
	return le_get(data, sizeof(data));
}

static uint32_t port(struct rig *rig, unsigned int n)
{
	return (uint32_t)reg_read(rig, PORTSC + 16 * (n - 1), 4);
}

/* Write a TRB, and return the place of the next one. */
static uint64_t put_trb(struct rig *rig, uint64_t at, uint64_t parameter, uint32_t status,
			uint32_t control)
{
	put(rig, at, 8, parameter);
	put(rig, at + 8, 4, status);
	put(rig, at + 12, 4, control);
	return at + 16;
}

/* ---- A driver ---------------------------------------------------------------------------- */

static bool has_event(const struct rig *rig)
{
	uint64_t at = EVENTS + 16 * (rig->events % EVENT_ROOM);

	return get(rig, at + 12, 4) % 2 == !(rig->events / EVENT_ROOM % 2);
}

/* Handle the next event. */
static struct usb_event next_event(struct rig *rig)
{
	uint64_t at = EVENTS + 16 * (rig->events % EVENT_ROOM);
	uint32_t control = (uint32_t)get(rig, at + 12, 4);
	struct usb_event event;

	assert_true(has_event(rig));
	event = (struct usb_event){
		.parameter = get(rig, at, 8),
		.length = (uint32_t)get(rig, at + 8, 3),
		.code = (unsigned int)get(rig, at + 11, 1),
		.type = control >> 10 & 0x3f,
		.endpoint = control >> 16 & 0x1f,
		.slot = control >> 24,
	};
	rig->events++;
	reg_write(rig, STATUS, 4, EVENT);
	reg_write(rig, ERDP, 8, DMA + EVENTS + 16 * (rig->events % EVENT_ROOM) + 8);
	return event;
}

/* The only event is this one. Return its length. */
static uint32_t assert_event(struct rig *rig, unsigned int type, unsigned int code)
{
	struct usb_event event = next_event(rig);

	assert_int_equal(event.type, type);
	assert_int_equal(event.code, code);
	assert_false(has_event(rig));
	return event.length;
}

/* Start the controller with empty memory. */
static void start(struct rig *rig)
{
	memset(rig->vm.memory, 0, rig->vm.memory_bytes);
	rig->events = 0;
	rig->commands = COMMANDS;
	rig->control = CONTROL;
	rig->in = BULK_IN;
	rig->out = BULK_OUT;
	reg_write(rig, COMMAND, 4, RESET);
	assert_int_equal(reg_read(rig, COMMAND, 4), 0);
	assert_int_equal(reg_read(rig, STATUS, 4) & ~(uint64_t)PORT_EVENT, HALTED);
	put(rig, SEGMENTS, 8, DMA + EVENTS);
	put(rig, SEGMENTS + 8, 4, EVENT_ROOM);
	put(rig, TABLE + 8, 8, DMA + OUTPUT);
	reg_write(rig, CONFIG, 4, 4);
	reg_write(rig, DCBAAP, 8, DMA + TABLE);
	reg_write(rig, CRCR, 8, DMA + COMMANDS + 1);
	reg_write(rig, ERSTSZ, 4, 1);
	reg_write(rig, ERDP, 8, DMA + EVENTS);
	reg_write(rig, ERSTBA, 8, DMA + SEGMENTS);
	reg_write(rig, IMAN, 4, 2);
	reg_write(rig, COMMAND, 4, RUN | INTERRUPTS);
	assert_int_equal(reg_read(rig, STATUS, 4) & HALTED, 0);
}

static void rig_start(struct rig *rig, const char *driver)
{
	struct papr_pci_info info = { .size = sizeof(info) };

	*rig = (struct rig){ 0 };
	vm_start(&rig->vm, NULL);
	rig->host.vmm = rig->vm.vmm;
	assert_int_equal(vm_add(&rig->vm, driver, "id=c,addr=2"), 0);
	assert_int_equal(papr_vmm_pci_info(rig->vm.vmm, 0, &info), 1);
	assert_int_equal(info.usb_ports, 4);
	rig->access = (struct papr_pci_access){
		.size = sizeof(rig->access),
		.serial = info.serial,
		.slot = 2,
		.driver = info.driver,
		.bus_master = true,
		.first_msi = FIRST_MSI,
		.n_msis = 1,
	};
	start(rig);
}

static void rig_end(struct rig *rig)
{
	xhci_free(&rig->all);
	assert_null(rig->all);
	vm_end(&rig->vm);
}

static void plug(struct rig *rig)
{
	assert_int_equal(vm_add(&rig->vm, "usb-storage", "id=d,bus=c.0,drive=x,port=2"),
			 0);
	assert_int_equal(xhci_changed(&rig->all, &rig->host), FIRST_MSI);
	assert_int_equal(xhci_changed(&rig->all, &rig->host), 0);
	assert_int_equal(reg_read(rig, STATUS, 4), EVENT | PORT_EVENT);
	assert_event(rig, 34, 1);
}

static void reset_port(struct rig *rig)
{
	reg_write(rig, PORTSC + 16 * (PORT - 1), 4, 0x210 | CONNECT_CHANGE);
	assert_event(rig, 34, 1);
	assert_int_equal(port(rig, PORT),
			 0x200 | HIGH_SPEED | RESET_CHANGE | CONNECTED | ENABLED);
	reg_write(rig, PORTSC + 16 * (PORT - 1), 4, 0x200 | RESET_CHANGE);
	assert_int_equal(port(rig, PORT), 0x200 | HIGH_SPEED | CONNECTED | ENABLED);
}

/* Submit a command. */
static void submit(struct rig *rig, unsigned int type, uint64_t parameter,
		   unsigned int more)
{
	rig->commands = put_trb(rig, rig->commands, parameter, 0,
				TYPE(type) | CYCLE | more << 16);
	rig->irq = reg_write(rig, DOORBELLS, 4, 0);
}

/* Submit a command, and return its code. more: the slot * 256 and the endpoint */
static unsigned int run(struct rig *rig, unsigned int type, uint64_t parameter,
			unsigned int more)
{
	uint64_t at = rig->commands;
	struct usb_event event;

	submit(rig, type, parameter, more);
	assert_int_equal(rig->irq, FIRST_MSI);
	event = next_event(rig);
	assert_int_equal(event.type, 33);
	assert_true(event.parameter == DMA + at);
	assert_false(has_event(rig));
	return event.code;
}

static void put_endpoint(struct rig *rig, unsigned int endpoint, unsigned int type,
			 uint64_t ring)
{
	uint64_t at = INPUT + 32 * (endpoint + 1);

	put(rig, at, 4, 0);
	put(rig, at + 4, 4, 512u << 16 | type << 3 | 3 << 1);
	put(rig, at + 8, 8, ring | 1);
}

static void put_input(struct rig *rig, uint32_t drop, uint32_t add)
{
	put(rig, INPUT, 4, drop);
	put(rig, INPUT + 4, 4, add);
	put(rig, INPUT + 32, 4, 4u << 27 | 3 << 20);
	put(rig, INPUT + 36, 4, PORT << 16);
}

static unsigned int address(struct rig *rig)
{
	put_input(rig, 0, 3);
	put_endpoint(rig, 1, 4, DMA + rig->control);
	return run(rig, 11, DMA + INPUT, 1 << 8);
}

/* Submit a control transfer, and return the code of its event. */
static unsigned int control(struct rig *rig, uint64_t setup, uint64_t buffer)
{
	uint32_t len = (uint32_t)(setup >> 48);
	struct usb_event event;

	rig->control =
		put_trb(rig, rig->control, setup, 8, TYPE(2) | IDT | CYCLE | 3 << 16);
	if (len)
		rig->control = put_trb(rig, rig->control, buffer, len,
				       TYPE(3) | CYCLE | 1 << 16);
	rig->control = put_trb(rig, rig->control, 0, 0, TYPE(4) | IOC | CYCLE);
	reg_write(rig, DOORBELLS + 4, 4, 1);
	event = next_event(rig);
	assert_int_equal(event.type, 32);
	assert_int_equal(event.slot, 1);
	assert_int_equal(event.endpoint, 1);
	assert_false(has_event(rig));
	return event.code;
}

/* A request: its type and number, its value, index and length */
static uint64_t request(unsigned int what, unsigned int value, unsigned int index,
			unsigned int len)
{
	return (what >> 8) | (what & 0xff) << 8 | (uint64_t)value << 16 |
	       (uint64_t)index << 32 | (uint64_t)len << 48;
}

static void configure_endpoints(struct rig *rig, uint32_t drop)
{
	put_input(rig, drop, 1 | 1 << IN | 1 << OUT);
	put_endpoint(rig, IN, 6, DMA + rig->in);
	put_endpoint(rig, OUT, 2, DMA + rig->out);
	assert_int_equal(run(rig, 12, DMA + INPUT, 1 << 8), 1);
}

/* Enable a slot for the disk, and configure it. */
static void configure(struct rig *rig)
{
	reset_port(rig);
	assert_int_equal(run(rig, 9, 0, 0), 1);
	assert_int_equal(address(rig), 1);
	configure_endpoints(rig, 0);
	assert_int_equal(control(rig, request(0x0009, 1, 0, 0), 0), 1);
}

static void rig_ready(struct rig *rig)
{
	rig_start(rig, "nec-usb-xhci");
	plug(rig);
	configure(rig);
}

/* Submit a bulk transfer of one TRB. */
static void bulk(struct rig *rig, unsigned int endpoint, uint64_t buffer, uint32_t len)
{
	uint64_t *at = endpoint == IN ? &rig->in : &rig->out;

	*at = put_trb(rig, *at, buffer, len, TYPE(1) | IOC | SHORT | CYCLE);
	rig->irq = reg_write(rig, DOORBELLS + 4, 4, endpoint);
}

/* Clear a halt: of the controller's endpoint, and of the device's. */
static void clear_halt(struct rig *rig, unsigned int endpoint)
{
	assert_int_equal(get(rig, OUTPUT + 32 * endpoint, 1) & 7, 2);
	assert_int_equal(run(rig, 14, 0, 1 << 8 | endpoint), 1);
	assert_int_equal(run(rig, 16, (DMA + (endpoint == IN ? rig->in : rig->out)) | 1,
			     1 << 8 | endpoint),
			 1);
	assert_int_equal(
		control(rig, request(0x0201, 0, endpoint == IN ? 0x81 : 2, 0), 0), 1);
}

static void put_cbw(struct rig *rig, uint32_t expected, bool is_in, const uint8_t *cdb)
{
	put(rig, CBW, 4, 0x43425355);
	put(rig, CBW + 4, 4, 0x12345678);
	put(rig, CBW + 8, 4, expected);
	put(rig, CBW + 12, 1, is_in ? 0x80 : 0);
	put(rig, CBW + 13, 1, 0);
	put(rig, CBW + 14, 1, 10);
	memcpy(rig->vm.memory + CBW + 15, cdb, 16);
}

static void send_cbw(struct rig *rig, uint32_t expected, bool is_in, const uint8_t *cdb)
{
	put_cbw(rig, expected, is_in, cdb);
	bulk(rig, OUT, DMA + CBW, 31);
	assert_event(rig, 32, 1);
}

/* Read the status of a command, and its residue. */
static unsigned int read_csw(struct rig *rig, uint32_t *residue)
{
	bulk(rig, IN, DMA + CSW, 13);
	assert_int_equal(assert_event(rig, 32, 1), 0);
	assert_int_equal(get(rig, CSW, 4), 0x53425355);
	assert_int_equal(get(rig, CSW + 4, 4), 0x12345678);
	if (residue)
		*residue = (uint32_t)get(rig, CSW + 8, 4);
	return (unsigned int)get(rig, CSW + 12, 1);
}

/* ---- Tests ------------------------------------------------------------------------------- */

#define CDB(...) ((const uint8_t[16]){ __VA_ARGS__ })

static void registers(void **state)
{
	struct rig rig;

	(void)state;
	rig_start(&rig, "qemu-xhci");
	assert_int_equal(reg_read(&rig, 0, 1), 0x40);
	assert_int_equal(reg_read(&rig, 2, 2), 0x100);
	assert_int_equal(reg_read(&rig, 4, 4), 8 << 24 | 1 << 8 | 32);
	/* protocols: USB 2 at ports 1 to 4, USB 3 at 5 to 8 */
	assert_int_equal(reg_read(&rig, 0x12, 2), 0x20 / 4);
	assert_int_equal(reg_read(&rig, 0x20, 4), 0x02000402);
	assert_int_equal(reg_read(&rig, 0x28, 4), 0x401);
	assert_int_equal(reg_read(&rig, 0x30, 4), 0x03000002);
	assert_int_equal(reg_read(&rig, 0x38, 4), 0x405);
	assert_true(reg_read(&rig, DCBAAP, 8) == DMA + TABLE);
	assert_true(reg_read(&rig, ERSTBA, 8) == DMA + SEGMENTS);
	assert_int_equal(port(&rig, 1), 0x2a0);
	assert_int_equal(port(&rig, 8), 0x2a0);
	assert_int_equal(port(&rig, 9), 0);
	assert_int_equal(run(&rig, 23, 0, 0), 1);
	assert_int_equal(run(&rig, 49, 0, 0), 5); /* it is not NEC's */
	assert_int_equal(run(&rig, 63, 0, 0), 5);
	/* a ring that stops has an event; it is then written again */
	assert_int_equal(reg_read(&rig, CRCR, 4), 8);
	reg_write(&rig, CRCR, 8, 4);
	assert_event(&rig, 33, 24);
	assert_int_equal(reg_read(&rig, CRCR, 4), 0);
	reg_write(&rig, CRCR, 8, (DMA + COMMANDS) | 1);
	reg_write(&rig, DOORBELLS, 4, 0);
	for (int i = 0; i < 3; i++)
		assert_int_equal(next_event(&rig).type, 33);
	/* without interrupts, without events */
	reg_write(&rig, COMMAND, 4, RUN);
	submit(&rig, 23, 0, 0);
	assert_int_equal(rig.irq, 0);
	assert_event(&rig, 33, 1);
	reg_write(&rig, COMMAND, 4, INTERRUPTS);
	submit(&rig, 23, 0, 0);
	assert_false(has_event(&rig));
	assert_int_equal(reg_read(&rig, STATUS, 4), HALTED);
	reg_write(&rig, COMMAND, 4, 1 << 9);
	assert_int_equal(reg_read(&rig, STATUS, 4), HALTED | 1 << 10);
	rig_end(&rig);
}

/* The guest receives one message until it has handled all events. */
static void messages(void **state)
{
	struct rig rig;

	(void)state;
	rig_start(&rig, "nec-usb-xhci");
	submit(&rig, 23, 0, 0);
	assert_int_equal(rig.irq, FIRST_MSI);
	submit(&rig, 49, 0, 0);
	assert_int_equal(rig.irq, 0);
	assert_int_equal(reg_read(&rig, ERDP, 4), EVENTS + 8);
	assert_int_equal(reg_write(&rig, ERDP, 8, DMA + EVENTS + 16 + 8), FIRST_MSI);
	rig.events = 1;
	assert_int_equal(assert_event(&rig, 48, 1), 0x3025);
	submit(&rig, 23, 0, 0);
	assert_int_equal(rig.irq, FIRST_MSI);
	rig.events = 2;
	next_event(&rig);
	/* the ring of events wraps, twice */
	for (int i = 0; i < 2 * EVENT_ROOM; i++) {
		rig.commands = COMMANDS;
		reg_write(&rig, CRCR, 4, 2);
		assert_event(&rig, 33, 24);
		reg_write(&rig, CRCR, 8, (DMA + COMMANDS) | 1);
		memset(rig.vm.memory + COMMANDS, 0, 0x100);
		assert_int_equal(run(&rig, 23, 0, 0), 1);
	}
	/* an interrupt stays pending until the guest enables it, at the interrupter, and at the
	 * controller */
	reg_write(&rig, IMAN, 4, 0);
	submit(&rig, 23, 0, 0);
	assert_int_equal(rig.irq, 0);
	assert_int_equal(reg_read(&rig, IMAN, 4), 1);
	assert_int_equal(reg_write(&rig, IMAN, 4, 2), FIRST_MSI);
	assert_int_equal(reg_read(&rig, IMAN, 4), 2);
	assert_event(&rig, 33, 1);
	reg_write(&rig, COMMAND, 4, RUN);
	submit(&rig, 23, 0, 0);
	assert_int_equal(rig.irq, 0);
	assert_int_equal(reg_write(&rig, COMMAND, 4, RUN | INTERRUPTS), FIRST_MSI);
	assert_event(&rig, 33, 1);
	/* the guest clears it */
	reg_write(&rig, IMAN, 4, 0);
	submit(&rig, 23, 0, 0);
	assert_event(&rig, 33, 1);
	assert_int_equal(reg_write(&rig, IMAN, 4, 3), 0);
	rig.access.n_msis = 0;
	submit(&rig, 23, 0, 0);
	assert_int_equal(rig.irq, 0);
	rig_end(&rig);
}

static void hot_plug(void **state)
{
	struct rig rig;

	(void)state;
	rig_start(&rig, "nec-usb-xhci");
	/* other devices, and disks below a hub, are not connected */
	assert_int_equal(vm_add(&rig.vm, "usb-tablet", "id=t,bus=c.0,port=1"), 0);
	assert_int_equal(vm_add(&rig.vm, "usb-hub", "id=h,bus=c.0,port=3"), 0);
	assert_int_equal(vm_add(&rig.vm, "usb-storage", "id=e,bus=c.0,drive=x,port=3.1"),
			 0);
	assert_int_equal(xhci_changed(&rig.all, &rig.host), 0);
	plug(&rig);
	assert_int_equal(port(&rig, PORT),
			 0x200 | 7 << 5 | HIGH_SPEED | CONNECT_CHANGE | CONNECTED);
	assert_int_equal(port(&rig, 1), 0x2a0);
	assert_int_equal(port(&rig, 3), 0x2a0);
	configure(&rig);
	/* suspend and resume; other states are refused */
	reg_write(&rig, PORTSC + 16, 4, 0x200 | 1 << 16 | 3 << 5);
	assert_int_equal(port(&rig, PORT) >> 5 & 15, 3);
	reg_write(&rig, PORTSC + 16, 4, 0x200 | 1 << 16 | 5 << 5);
	assert_int_equal(port(&rig, PORT) >> 5 & 15, 3);
	reg_write(&rig, PORTSC + 16, 4, 0x200 | 1 << 16 | 15 << 5);
	assert_int_equal(port(&rig, PORT) >> 5 & 15, 15);
	reg_write(&rig, PORTSC + 16, 4, 0x200 | 1 << 16);
	assert_event(&rig, 34, 1);
	assert_int_equal(port(&rig, PORT) >> 22 & 1, 1);
	reg_write(&rig, PORTSC + 16, 4, 0x200 | 1 << 22);
	/* an event for a port that changes twice */
	assert_int_equal(vm_del(&rig.vm, "d"), 0);
	assert_int_equal(xhci_changed(&rig.all, &rig.host), FIRST_MSI);
	assert_event(&rig, 34, 1);
	assert_int_equal(port(&rig, PORT) & (CONNECTED | ENABLED | CONNECT_CHANGE),
			 CONNECT_CHANGE);
	assert_int_equal(vm_add(&rig.vm, "usb-storage", "id=d,bus=c.0,drive=x,port=2"),
			 0);
	assert_int_equal(xhci_changed(&rig.all, &rig.host), 0);
	assert_int_equal(port(&rig, PORT) & (CONNECTED | ENABLED), CONNECTED);
	/* the slot's device is not that disk */
	bulk(&rig, OUT, DMA + CBW, 31);
	assert_event(&rig, 32, 4);
	assert_int_equal(address(&rig), 19);
	assert_int_equal(run(&rig, 17, 0, 1 << 8), 1);
	assert_int_equal(address(&rig), 4); /* its port is not enabled */
	reset_port(&rig);
	assert_int_equal(address(&rig), 1);
	assert_int_equal(run(&rig, 10, 0, 1 << 8), 1);
	assert_int_equal(run(&rig, 10, 0, 1 << 8), 11);
	reg_write(&rig, PORTSC + 16, 4, 0x202); /* disabled */
	assert_int_equal(port(&rig, PORT) & (CONNECTED | ENABLED), CONNECTED);
	rig_end(&rig);
}

static void enumeration(void **state)
{
	struct rig rig;
	uint8_t *data;

	(void)state;
	rig_start(&rig, "nec-usb-xhci");
	data = rig.vm.memory + SETUP_DATA;
	plug(&rig);
	reset_port(&rig);
	assert_int_equal(address(&rig), 11);
	assert_int_equal(run(&rig, 9, 0, 0), 1);
	/* first with address 0, as Linux does */
	put_input(&rig, 0, 3);
	put_endpoint(&rig, 1, 4, DMA + CONTROL);
	assert_int_equal(run(&rig, 11, DMA + INPUT, 1 << 8 | 0), 1);
	assert_int_equal(get(&rig, OUTPUT + 12, 4), 2u << 27 | 1);
	assert_int_equal(get(&rig, OUTPUT + 32, 1), 1);
	assert_int_equal(control(&rig, request(0x8006, 0x100, 0, 18), DMA + SETUP_DATA),
			 1);
	assert_int_equal(data[0], 18);
	assert_int_equal(data[7], 64);
	assert_int_equal(get(&rig, SETUP_DATA + 8, 2), 0x46f4);
	memset(data, 0, 64);
	assert_int_equal(control(&rig, request(0x8006, 0x200, 0, 9), DMA + SETUP_DATA),
			 1);
	assert_int_equal(data[2], 32);
	assert_int_equal(data[9], 0);
	assert_int_equal(control(&rig, request(0x8006, 0x200, 0, 255), DMA + SETUP_DATA),
			 1);
	assert_int_equal(data[14], 8); /* mass storage, SCSI, Bulk-Only */
	assert_int_equal(data[15], 6);
	assert_int_equal(data[16], 0x50);
	assert_int_equal(data[20], 0x81);
	assert_int_equal(data[27], 2);
	assert_int_equal(
		control(&rig, request(0x8006, 0x302, 0x409, 255), DMA + SETUP_DATA), 1);
	assert_memory_equal(data, "\x16\x03n\0o\0", 6);
	assert_int_equal(control(&rig, request(0x8006, 0x300, 0, 255), DMA + SETUP_DATA),
			 1);
	assert_int_equal(
		control(&rig, request(0x8006, 0x303, 0x409, 255), DMA + SETUP_DATA), 1);
	assert_int_equal(data[0], 26);
	/* a halt before the descriptor of another speed */
	assert_int_equal(control(&rig, request(0x8006, 0x600, 0, 10), DMA + SETUP_DATA),
			 6);
	assert_int_equal(get(&rig, OUTPUT + 32, 1), 2);
	assert_int_equal(run(&rig, 15, 0, 1 << 8 | 1), 19);
	assert_int_equal(run(&rig, 16, DMA + CONTROL, 1 << 8 | 1), 19);
	assert_int_equal(run(&rig, 14, 0, 1 << 8 | 1), 1);
	assert_int_equal(get(&rig, OUTPUT + 32, 1), 3);
	rig.control = CONTROL + 0x800;
	assert_int_equal(run(&rig, 16, (DMA + rig.control) | 1, 1 << 8 | 1), 1);
	assert_true(get(&rig, OUTPUT + 40, 8) == (DMA + CONTROL + 0x800) + 1);
	/* the class, the configuration, features */
	assert_int_equal(control(&rig, request(0xa1fe, 0, 0, 1), DMA + SETUP_DATA), 1);
	assert_int_equal(data[0], 0);
	assert_int_equal(control(&rig, request(0x0009, 1, 0, 0), 0), 1);
	assert_int_equal(control(&rig, request(0x8008, 0, 0, 1), DMA + SETUP_DATA), 1);
	assert_int_equal(data[0], 1);
	assert_int_equal(control(&rig, request(0x8200, 0, 0x81, 2), DMA + SETUP_DATA), 1);
	assert_int_equal(data[0], 0);
	assert_int_equal(control(&rig, request(0x8000, 0, 0, 2), DMA + SETUP_DATA), 1);
	assert_int_equal(data[0], 1);
	assert_int_equal(control(&rig, request(0x0009, 2, 0, 0), 0), 6);
	rig_end(&rig);
}

static void commands(void **state)
{
	struct rig rig;

	(void)state;
	rig_ready(&rig);
	assert_int_equal(get(&rig, OUTPUT + 12, 4), 3u << 27 | 1);
	assert_int_equal(get(&rig, OUTPUT + 32 * IN, 1), 1);
	/* slots: 4 of them */
	for (int i = 0; i < 3; i++)
		assert_int_equal(run(&rig, 9, 0, 0), 1);
	assert_int_equal(run(&rig, 9, 0, 0), 9);
	assert_int_equal(run(&rig, 12, DMA + INPUT, 2 << 8), 19);
	assert_int_equal(run(&rig, 13, DMA + INPUT, 2 << 8), 19);
	assert_int_equal(run(&rig, 17, 0, 2 << 8), 19);
	assert_int_equal(run(&rig, 15, 0, 2 << 8 | 1), 12);
	assert_int_equal(run(&rig, 15, 0, 2 << 8), 5);
	assert_int_equal(run(&rig, 15, 0, 77 << 8 | 1), 11);
	assert_int_equal(run(&rig, 15, 0, 1), 11);
	/* ports and routes of other devices */
	put_input(&rig, 0, 3);
	put_endpoint(&rig, 1, 4, DMA + CONTROL);
	put(&rig, INPUT + 36, 4, 0);
	assert_int_equal(run(&rig, 11, DMA + INPUT, 2 << 8), 17);
	put(&rig, INPUT + 36, 4, 9 << 16);
	assert_int_equal(run(&rig, 11, DMA + INPUT, 2 << 8), 17);
	put(&rig, INPUT + 36, 4, 8 << 16);
	assert_int_equal(run(&rig, 11, DMA + INPUT, 2 << 8), 4);
	put(&rig, INPUT + 36, 4, PORT << 16);
	put(&rig, INPUT + 32, 4, 1);
	assert_int_equal(run(&rig, 11, DMA + INPUT, 2 << 8), 17);
	/* endpoints that the disk does not have, or of another type, or with streams */
	put_input(&rig, 0, 1 | 1 << 5);
	put_endpoint(&rig, 5, 6, DMA + BULK_IN);
	assert_int_equal(run(&rig, 12, DMA + INPUT, 1 << 8), 17);
	put_input(&rig, 0, 1 | 1 << IN);
	put_endpoint(&rig, IN, 7, DMA + BULK_IN);
	assert_int_equal(run(&rig, 12, DMA + INPUT, 1 << 8), 17);
	put_endpoint(&rig, IN, 6, DMA + BULK_IN);
	put(&rig, INPUT + 32 * (IN + 1), 4, 1 << 10);
	assert_int_equal(run(&rig, 12, DMA + INPUT, 1 << 8), 17);
	/* a command that fails changes nothing */
	put_input(&rig, 1 << IN, 1 | 1 << OUT | 1 << 5);
	put_endpoint(&rig, OUT, 2, DMA + BULK_IN);
	put(&rig, INPUT + 32, 4, 7u << 27);
	assert_int_equal(run(&rig, 12, DMA + INPUT, 1 << 8), 17);
	assert_int_equal(get(&rig, OUTPUT + 3, 1) >> 3, 4);
	assert_int_equal(get(&rig, OUTPUT + 32 * IN, 1), 1);
	assert_true(get(&rig, OUTPUT + 32 * OUT + 8, 8) == (DMA + BULK_OUT) + 1);
	put_input(&rig, 0, 0);
	/* the size of packets */
	put_input(&rig, 0, 2);
	put_endpoint(&rig, 1, 4, 0);
	put(&rig, INPUT + 64 + 4, 4, 8 << 16);
	assert_int_equal(run(&rig, 13, DMA + INPUT, 1 << 8), 1);
	assert_int_equal(get(&rig, OUTPUT + 32 + 6, 2), 8);
	assert_int_equal(get(&rig, OUTPUT + 32 + 4, 2), 4 << 3 | 3 << 1);
	/* stop, and go on */
	assert_int_equal(run(&rig, 15, 0, 1 << 8 | IN), 1);
	assert_int_equal(get(&rig, OUTPUT + 32 * IN, 1), 3);
	assert_int_equal(run(&rig, 14, 0, 1 << 8 | IN), 19);
	bulk(&rig, IN, DMA + CSW, 13);
	assert_int_equal(get(&rig, OUTPUT + 32 * IN, 1), 1);
	/* remove the endpoints, and reset */
	rig.commands =
		put_trb(&rig, rig.commands, 0, 0, TYPE(12) | CYCLE | 1 << 9 | 1 << 24);
	reg_write(&rig, DOORBELLS, 4, 0);
	assert_event(&rig, 33, 1);
	assert_int_equal(get(&rig, OUTPUT + 12, 4), 2u << 27 | 1);
	assert_int_equal(get(&rig, OUTPUT + 32 * IN, 1), 0);
	configure_endpoints(&rig, 1 << IN | 1 << OUT);
	assert_int_equal(run(&rig, 17, 0, 1 << 8), 1);
	assert_int_equal(get(&rig, OUTPUT + 12, 4), 1u << 27);
	assert_int_equal(get(&rig, OUTPUT + 32 * IN, 1), 0);
	rig_end(&rig);
}

/* How many bytes of the buffer were written with zeros, from its start */
static size_t zeros(const struct rig *rig)
{
	size_t n = 0;

	while (!rig->vm.memory[BUFFER + n])
		n++;
	for (size_t i = n; i < 0x40000; i++)
		assert_int_equal(rig->vm.memory[BUFFER + i], ERASED);
	return n;
}

static void sectors(void **state)
{
	static const uint8_t read_8[16] = { 0x28, [8] = 8 };
	struct rig rig;
	uint32_t residue;

	(void)state;
	rig_ready(&rig);
	memset(rig.vm.memory + BUFFER, ERASED, 0x40000);
	send_cbw(&rig, 36, true, CDB(0x12, [4] = 36));
	bulk(&rig, IN, DMA + BUFFER, 36);
	assert_int_equal(assert_event(&rig, 32, 1), 0);
	assert_memory_equal(rig.vm.memory + BUFFER + 8, "papr-vmm", 8);
	assert_int_equal(read_csw(&rig, &residue), 0);
	assert_int_equal(residue, 0);
	/* a short transfer */
	send_cbw(&rig, 192, true, CDB(0x1a, [2] = 0x3f, [4] = 192));
	bulk(&rig, IN, DMA + BUFFER, 192);
	assert_int_equal(assert_event(&rig, 32, 13), 188);
	assert_int_equal(get(&rig, BUFFER, 4), 0x00800003);
	assert_int_equal(read_csw(&rig, &residue), 0);
	assert_int_equal(residue, 188);
	/* sectors, in one transfer of several TRBs, after a link */
	memset(rig.vm.memory + BUFFER, ERASED, 0x40000);
	send_cbw(&rig, 4096, true, read_8);
	put_trb(&rig, rig.in, DMA + BULK_IN + 0x800, 0, TYPE(6) | CYCLE | TOGGLE);
	for (uint64_t at = BULK_IN + 0x800; at < BULK_OUT;)
		at = put_trb(&rig, at, 0, 0, CYCLE);
	rig.in = put_trb(&rig, BULK_IN + 0x800, DMA + BUFFER, 100, TYPE(1) | CHAIN);
	rig.in = put_trb(&rig, rig.in, DMA + BUFFER + 100, 96, TYPE(1) | CHAIN);
	rig.in = put_trb(&rig, rig.in, DMA + BUFFER + 196, 3900, TYPE(1) | IOC);
	rig.irq = reg_write(&rig, DOORBELLS + 4, 4, IN);
	assert_int_equal(rig.irq, FIRST_MSI);
	assert_int_equal(assert_event(&rig, 32, 1), 0);
	assert_int_equal(zeros(&rig), 4096);
	rig.in = put_trb(&rig, rig.in, DMA + CSW, 13, TYPE(1) | IOC);
	reg_write(&rig, DOORBELLS + 4, 4, IN);
	assert_event(&rig, 32, 1);
	assert_int_equal(get(&rig, CSW + 12, 1), 0);
	put_trb(&rig, rig.in, DMA + BULK_IN, 0, TYPE(6) | TOGGLE);
	rig.in = BULK_IN;
	memset(rig.vm.memory + BULK_IN, 0, 0x800);
	/* in several transfers; the first waits for the command */
	memset(rig.vm.memory + BUFFER, ERASED, 0x40000);
	bulk(&rig, IN, DMA + BUFFER, 1024);
	assert_int_equal(rig.irq, 0);
	put_cbw(&rig, 4096, true, read_8);
	bulk(&rig, OUT, DMA + CBW, 31);
	assert_int_equal(next_event(&rig).endpoint, OUT);
	assert_event(&rig, 32, 1);
	assert_int_equal(zeros(&rig), 1024);
	bulk(&rig, IN, DMA + BUFFER, 3072);
	assert_event(&rig, 32, 1);
	assert_int_equal(zeros(&rig), 3072);
	assert_int_equal(read_csw(&rig, NULL), 0);
	rig_end(&rig);
}

/* A command without data: how it ends */
static unsigned int fails(struct rig *rig, uint32_t expected, bool is_in,
			  const uint8_t *cdb, uint32_t *residue)
{
	send_cbw(rig, expected, is_in, cdb);
	if (expected) {
		bulk(rig, is_in ? IN : OUT, DMA + BUFFER, expected);
		assert_event(rig, 32, is_in ? 6 : 1);
	}
	if (expected && is_in) {
		/* until both have cleared it */
		assert_int_equal(run(rig, 14, 0, 1 << 8 | IN), 1);
		reg_write(rig, DOORBELLS + 4, 4, IN);
		assert_event(rig, 32, 6);
		clear_halt(rig, IN);
	}
	return read_csw(rig, residue);
}

static void stalls(void **state)
{
	struct rig rig;
	uint32_t residue;

	(void)state;
	rig_ready(&rig);
	/* sectors that do not exist; then the reason */
	assert_int_equal(fails(&rig, 512, true, CDB(0x28, [4] = 8, [8] = 1), &residue),
			 1);
	assert_int_equal(residue, 512);
	send_cbw(&rig, 18, true, CDB(3, [4] = 18));
	bulk(&rig, IN, DMA + BUFFER, 18);
	assert_event(&rig, 32, 1);
	assert_int_equal(rig.vm.memory[BUFFER + 2], 5);
	assert_int_equal(rig.vm.memory[BUFFER + 12], 0x21);
	assert_int_equal(read_csw(&rig, NULL), 0);
	/* the disk cannot be written */
	assert_int_equal(fails(&rig, 512, false, CDB(0x2a, [8] = 1), &residue), 1);
	assert_int_equal(residue, 512);
	send_cbw(&rig, 18, true, CDB(3, [4] = 18));
	bulk(&rig, IN, DMA + BUFFER, 18);
	assert_event(&rig, 32, 1);
	assert_int_equal(rig.vm.memory[BUFFER + 2], 7);
	assert_int_equal(rig.vm.memory[BUFFER + 12], 0x27);
	assert_int_equal(read_csw(&rig, NULL), 0);
	assert_int_equal(fails(&rig, 0, false, CDB(0), &residue), 0);
	assert_int_equal(fails(&rig, 0, false, CDB(0x77), &residue), 1);
	/* the guest expects no data, fewer, or in the other direction */
	assert_int_equal(fails(&rig, 0, true, CDB(0x28, [8] = 1), &residue), 2);
	send_cbw(&rig, 100, true, CDB(0x28, [8] = 1));
	bulk(&rig, IN, DMA + BUFFER, 100);
	assert_event(&rig, 32, 1);
	assert_int_equal(read_csw(&rig, NULL), 2);
	assert_int_equal(fails(&rig, 512, false, CDB(0x28, [8] = 1), &residue), 2);
	/* a command that is none: only a reset helps */
	put_cbw(&rig, 0, true, CDB(0));
	put(&rig, CBW, 1, 0);
	bulk(&rig, OUT, DMA + CBW, 31);
	assert_event(&rig, 32, 6);
	clear_halt(&rig, OUT);
	put_cbw(&rig, 0, true, CDB(0));
	bulk(&rig, OUT, DMA + CBW, 31);
	assert_event(&rig, 32, 6);
	assert_int_equal(control(&rig, request(0x21ff, 0, 0, 0), 0), 1);
	clear_halt(&rig, OUT);
	bulk(&rig, IN, DMA + BUFFER, 1);
	assert_event(&rig, 32, 6);
	clear_halt(&rig, IN);
	assert_int_equal(fails(&rig, 0, false, CDB(0), &residue), 0);
	/* other lengths, another LUN */
	bulk(&rig, OUT, DMA + CBW, 30);
	assert_event(&rig, 32, 6);
	rig_end(&rig);
}

/* What stops the controller: returns its status. */
static uint64_t stopped(struct rig *rig)
{
	uint64_t status = reg_read(rig, STATUS, 4);

	assert_int_equal(status & HALTED, HALTED);
	assert_int_equal(reg_read(rig, COMMAND, 4) & RUN, 0);
	reg_write(rig, DOORBELLS, 4, 0);
	reg_write(rig, DOORBELLS + 4, 4, IN);
	start(rig);
	return status & (SYSTEM_ERROR | CONTROLLER);
}

static const uint64_t nowhere[] = {
	0, BUFFER, DMA + VM_MEMORY_BYTES, DMA - 4096, UINT64_MAX - 63, UINT64_C(1) << 63,
};

static void hostile_addresses(void **state)
{
	struct rig rig;

	(void)state;
	rig_start(&rig, "nec-usb-xhci");
	plug(&rig);
	for (size_t i = 0; i < COUNT(nowhere); i++) {
		reg_write(&rig, CRCR, 8, nowhere[i] | 1);
		reg_write(&rig, DOORBELLS, 4, 0);
		assert_int_equal(stopped(&rig), SYSTEM_ERROR);
		reg_write(&rig, ERSTBA, 8, nowhere[i]);
		submit(&rig, 23, 0, 0);
		assert_int_equal(stopped(&rig), SYSTEM_ERROR);
		put(&rig, SEGMENTS, 8, nowhere[i]);
		submit(&rig, 23, 0, 0);
		assert_int_equal(stopped(&rig), SYSTEM_ERROR);
		put_trb(&rig, COMMANDS, nowhere[i], 0, TYPE(6) | CYCLE);
		reg_write(&rig, DOORBELLS, 4, 0);
		assert_int_equal(stopped(&rig), SYSTEM_ERROR);

		configure(&rig);
		submit(&rig, 12, nowhere[i], 1 << 8);
		assert_int_equal(stopped(&rig), SYSTEM_ERROR);
		configure(&rig);
		put(&rig, TABLE + 8, 8, nowhere[i]);
		submit(&rig, 15, 0, 1 << 8 | IN);
		assert_int_equal(stopped(&rig), SYSTEM_ERROR);
		configure(&rig);
		reg_write(&rig, DCBAAP, 8, nowhere[i]);
		submit(&rig, 10, 0, 1 << 8);
		assert_int_equal(stopped(&rig), SYSTEM_ERROR);
		configure(&rig);
		bulk(&rig, OUT, nowhere[i], 31);
		assert_int_equal(stopped(&rig), SYSTEM_ERROR);
		configure(&rig);
		send_cbw(&rig, 4096, true, CDB(0x28, [8] = 8));
		bulk(&rig, IN, nowhere[i], 4096);
		assert_int_equal(stopped(&rig), SYSTEM_ERROR);
		configure(&rig);
		submit(&rig, 15, 0, 1 << 8 | IN);
		next_event(&rig);
		assert_int_equal(run(&rig, 16, nowhere[i] | 1, 1 << 8 | IN), 1);
		reg_write(&rig, DOORBELLS + 4, 4, IN);
		assert_int_equal(stopped(&rig), SYSTEM_ERROR);
	}
	/* sizes of segments; none */
	put(&rig, SEGMENTS + 8, 4, 15);
	submit(&rig, 23, 0, 0);
	assert_int_equal(stopped(&rig), SYSTEM_ERROR);
	put(&rig, SEGMENTS + 8, 4, 4097);
	submit(&rig, 23, 0, 0);
	assert_int_equal(stopped(&rig), SYSTEM_ERROR);
	reg_write(&rig, ERSTSZ, 4, 0);
	submit(&rig, 23, 0, 0);
	assert_int_equal(stopped(&rig), SYSTEM_ERROR);
	rig_end(&rig);
}

static void hostile_rings(void **state)
{
	struct rig rig;

	(void)state;
	rig_start(&rig, "nec-usb-xhci");
	plug(&rig);
	/* a link to itself; commands in a circle fill the ring of events */
	put_trb(&rig, COMMANDS, DMA + COMMANDS, 0, TYPE(6) | CYCLE);
	reg_write(&rig, DOORBELLS, 4, 0);
	assert_int_equal(stopped(&rig), CONTROLLER);
	put_trb(&rig, COMMANDS, 0, 0, TYPE(23) | CYCLE);
	put_trb(&rig, COMMANDS + 16, DMA + COMMANDS, 0, TYPE(6) | CYCLE);
	reg_write(&rig, DOORBELLS, 4, 0);
	assert_int_equal(stopped(&rig), CONTROLLER);
	/* transfers without events, in a circle; a transfer without an end */
	configure(&rig);
	put_trb(&rig, rig.out, 0, 0, TYPE(8) | CYCLE);
	put_trb(&rig, rig.out + 16, DMA + rig.out, 0, TYPE(6) | CYCLE);
	reg_write(&rig, DOORBELLS + 4, 4, OUT);
	assert_int_equal(stopped(&rig), CONTROLLER);
	configure(&rig);
	put_trb(&rig, rig.out, DMA + BUFFER, 0x1ffff, TYPE(1) | CYCLE | CHAIN);
	put_trb(&rig, rig.out + 16, DMA + rig.out, 0, TYPE(6) | CYCLE);
	reg_write(&rig, DOORBELLS + 4, 4, OUT);
	assert_int_equal(stopped(&rig), CONTROLLER);
	/* commands and their status in circles */
	configure(&rig);
	put_cbw(&rig, 0, false, CDB(0));
	put_trb(&rig, rig.in, DMA + CSW, 13, TYPE(1) | CYCLE);
	put_trb(&rig, rig.in + 16, DMA + rig.in, 0, TYPE(6) | CYCLE);
	put_trb(&rig, rig.out, DMA + CBW, 31, TYPE(1) | CYCLE);
	put_trb(&rig, rig.out + 16, DMA + rig.out, 0, TYPE(6) | CYCLE);
	reg_write(&rig, DOORBELLS + 4, 4, IN);
	reg_write(&rig, DOORBELLS + 4, 4, OUT);
	assert_int_equal(stopped(&rig), CONTROLLER);
	/* TRBs of other types */
	configure(&rig);
	rig.out = put_trb(&rig, rig.out, DMA + CBW, 31, TYPE(33) | CYCLE);
	reg_write(&rig, DOORBELLS + 4, 4, OUT);
	assert_event(&rig, 32, 5);
	assert_int_equal(get(&rig, OUTPUT + 32 * OUT, 1), 4);
	put_trb(&rig, rig.control, 0, 8, TYPE(2) | CYCLE);
	reg_write(&rig, DOORBELLS + 4, 4, 1);
	assert_event(&rig, 32, 5);
	/* doorbells of nothing */
	reg_write(&rig, DOORBELLS + 4, 4, 0);
	reg_write(&rig, DOORBELLS + 4, 4, 31);
	reg_write(&rig, DOORBELLS + 4, 4, 255);
	reg_write(&rig, DOORBELLS + 4 * 33, 4, 1);
	reg_write(&rig, 0x2ffc, 4, 1);
	/* outside of the registers, or not as a word */
	reg_write(&rig, 0x3000, 4, UINT32_MAX);
	assert_true(reg_read(&rig, UINT64_MAX - 7, 8) == 0);
	assert_true(reg_read(&rig, 0x2ff8, 8) == 0);
	reg_write(&rig, COMMAND, 1, 0);
	assert_int_equal(reg_read(&rig, STATUS, 4) & HALTED, 0);
	assert_false(has_event(&rig));
	rig.access.bus_master = false;
	submit(&rig, 23, 0, 0);
	assert_false(has_event(&rig));
	rig_end(&rig);
}

static void other_cards(void **state)
{
	struct rig rig;

	(void)state;
	rig_start(&rig, "nec-usb-xhci");
	rig.access.bar = 1;
	assert_true(reg_read(&rig, 0, 4) == 0);
	rig.access.bar = 0;
	rig.access.driver = "nvme";
	assert_true(reg_read(&rig, 0, 4) == 0);
	rig_end(&rig);
}

static uint32_t noise(uint32_t *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	return *seed >> 8;
}

/* Write a TRB of any type to one of the rings or to a buffer. */
static void noise_trb(struct rig *rig, uint32_t *seed)
{
	static const uint64_t places[] = { COMMANDS,   CONTROL, BULK_IN, BULK_OUT,
					   SETUP_DATA, CBW,	CSW,	 INPUT };
	uint64_t at = places[noise(seed) % 4] + 16 * (noise(seed) % 8);
	uint64_t parameter = DMA + places[noise(seed) % COUNT(places)];
	uint32_t type = noise(seed) % 25, status = noise(seed) % 0x20000;

	if (noise(seed) % 16 == 0)
		parameter += noise(seed) % (2 * VM_MEMORY_BYTES);
	if (noise(seed) % 2)
		status = noise(seed) % 3 ? 31 : 8;
	put_trb(rig, at, parameter, status,
		TYPE(type) | (noise(seed) & 0x3ff) | noise(seed) % 5 << 16 |
			noise(seed) % 3 << 24);
}

/* Whatever a guest does, each access ends, and none leaves its memory. */
static void any_guest(void **state)
{
	static const uint32_t registers[] = { COMMAND, STATUS, CRCR,  PORTSC + 16,
					      IMAN,    ERDP,   CONFIG };
	uint32_t seed = 1;
	struct rig rig;

	(void)state;
	rig_start(&rig, "nec-usb-xhci");
	plug(&rig);
	for (unsigned int step = 0; step < 40000; step++) {
		if (step % 100 == 0) {
			start(&rig);
			configure(&rig);
		}
		noise_trb(&rig, &seed);
		if (step % 3 == 0)
			put_cbw(&rig, noise(&seed) % 3 * 512, noise(&seed) % 2,
				(const uint8_t[16]){ (uint8_t)noise(&seed), [4] = 36 });
		if (step % 16 == 0)
			put(&rig, INPUT + 4 * (noise(&seed) % 64), 4, noise(&seed));
		if (step % 16 == 0)
			reg_write(&rig, registers[noise(&seed) % COUNT(registers)], 4,
				  noise(&seed) << 8 | noise(&seed) % 256);
		reg_read(&rig, noise(&seed) % 0x3000, 1u << noise(&seed) % 4);
		reg_write(&rig, DOORBELLS + 4 * (noise(&seed) % 3), 4, noise(&seed) % 5);
	}
	rig_end(&rig);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(registers),	 cmocka_unit_test(messages),
	cmocka_unit_test(hot_plug),	 cmocka_unit_test(enumeration),
	cmocka_unit_test(commands),	 cmocka_unit_test(sectors),
	cmocka_unit_test(stalls),	 cmocka_unit_test(hostile_addresses),
	cmocka_unit_test(hostile_rings), cmocka_unit_test(other_cards),
	cmocka_unit_test(any_guest),
};

RUN(tests)
