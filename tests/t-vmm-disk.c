// SPDX-License-Identifier: GPL-2.0-or-later
/* Disks of controllers: additions, events, removals. */
#include "tests/vmm_machine.h"
#include "wire/crc32.h"

static struct papr_disk_info disk_info(const struct vm *vm, size_t n)
{
	struct papr_disk_info info = { .size = sizeof(info) };

	assert_int_equal(papr_vmm_disk_info(vm->vmm, n, &info), 1);
	return info;
}

static size_t count(const struct vm *vm)
{
	struct papr_disk_info info = { .size = sizeof(info) };
	size_t n = 0;

	while (papr_vmm_disk_info(vm->vmm, n, &info))
		n++;
	return n;
}

/* A controller of each kind, in slots 3 and 4. */
static void start(struct vm *vm)
{
	vm_begin(vm, NULL);
	assert_int_equal(vm_add(vm, "virtio-scsi-pci", "id=s,addr=3"), 0);
	assert_int_equal(vm_add(vm, "qemu-xhci", "id=x,addr=4"), 0);
	vm_reset(vm);
	vm_notes(vm);
}

static void come_and_go(void **state)
{
	struct papr_disk_info info = { .size = sizeof(info) };
	struct vm vm;

	(void)state;
	start(&vm);
	assert_int_equal(count(&vm), 0);
	assert_int_equal(vm_add(&vm, "scsi-hd", "id=d0,bus=s.0,drive=a"), 0);
	assert_notes(&vm, "irq 0x1203\n"); /* pin of slot 3 */
	assert_int_equal(vm_add(&vm, "usb-storage", "drive=b"), 0);
	assert_notes(&vm, "irq 0x1200\n");
	assert_int_equal(count(&vm), 2);

	info = disk_info(&vm, 0); /* newest first */
	assert_string_equal(info.id, "");
	assert_string_equal(info.driver, "usb-storage");
	assert_int_equal(info.slot, 4);
	assert_string_equal(info.port, "1");
	info = disk_info(&vm, 1);
	assert_string_equal(info.id, "d0");
	assert_string_equal(info.driver, "scsi-hd");
	assert_int_equal(info.phb, 0);
	assert_int_equal(info.bus, 0);
	assert_int_equal(info.slot, 3);
	assert_int_equal(info.function, 0);
	assert_string_equal(info.port, "");

	assert_int_equal(vm_del(&vm, "d0"), 0); /* no request to the guest */
	assert_notes(&vm, "DEVICE_DELETED d0\nirq 0x1203\n");
	assert_int_equal(vm_del(&vm, "d0"), -ENOENT);
	assert_int_equal(count(&vm), 1);
	vm_reset(&vm);
	assert_int_equal(count(&vm), 1);
	vm_end(&vm);
}

static void refused(void **state)
{
	struct vm vm;

	(void)state;
	vm_start(&vm, NULL);
	assert_int_equal(vm_add(&vm, "scsi-hd", "drive=a"), -ENOENT);
	assert_string_equal(vm_error(&vm), "No 'SCSI' bus found for device 'scsi-hd'");
	assert_int_equal(vm_add(&vm, "usb-storage", "drive=a"), -ENOENT);
	assert_string_equal(vm_error(&vm),
			    "No 'usb-bus' bus found for device 'usb-storage'");
	vm_end(&vm);

	start(&vm);
	for (const char *const *bus = (const char *const[]){ "x.0", "s.1", "s", "", ".0",
							     "pci.0", "s.00", NULL };
	     *bus; bus++) {
		char options[64];

		snprintf(options, sizeof(options), "drive=a,bus=%s", *bus);
		assert_int_equal(vm_add(&vm, "scsi-hd", options), -ENOENT);
	}
	assert_int_equal(vm_add(&vm, "scsi-hd", "bus=s.0"), -EINVAL);
	assert_string_equal(vm_error(&vm), "drive property not set");
	assert_int_equal(vm_add(&vm, "scsi-hd", "id=x,drive=a"), -EEXIST);
	assert_string_equal(vm_error(&vm), "Duplicate device ID 'x'");
	assert_int_equal(vm_add(&vm, "scsi-hd", "id=1,drive=a"), -EINVAL);
	assert_int_equal(count(&vm), 0);
	assert_notes(&vm, "");
	vm_end(&vm);
}

/* The controller raises the interrupt that the guest has set. */
static void message_interrupts(void **state)
{
	uint32_t rets[4];
	struct vm vm;

	(void)state;
	start(&vm);
	assert_int_equal(vm_rtas(&vm, "ibm,change-msi", 6,
				 (uint32_t[]){ 0x1800, 0x08000000, 0x20000000, 4, 1, 0 },
				 4, rets),
			 0);
	assert_int_equal(vm_add(&vm, "scsi-hd", "id=d,bus=s.0,drive=a"), 0);
	assert_notes(&vm, "irq 0x1300\n");
	vm_end(&vm);
}

/* A removed controller first removes its disks, oldest first. */
static void go_with_their_controller(void **state)
{
	enum { SLOT3 = 0x40000018, PHB1 = 0x20000001 };
	struct vm vm;

	(void)state;
	start(&vm);
	assert_int_equal(vm_add(&vm, "scsi-hd", "id=d0,bus=s.0,drive=a"), 0);
	assert_int_equal(vm_add(&vm, "usb-storage", "id=u0,drive=b"), 0);
	assert_int_equal(vm_add(&vm, "scsi-hd", "id=d1,bus=s.0,drive=c"), 0);
	assert_int_equal(vm_del(&vm, "s"), 0);
	assert_int_equal(count(&vm), 3);
	vm_notes(&vm);
	assert_int_equal(vm_call(&vm, "set-indicator", 9001, SLOT3, 0), 0);
	assert_notes(&vm, "DEVICE_DELETED d0\nDEVICE_DELETED d1\n"
			  "DEVICE_DELETED /machine/peripheral/s/virtio-backend\n"
			  "DEVICE_DELETED s\n");
	assert_int_equal(count(&vm), 1);
	assert_string_equal(disk_info(&vm, 0).id, "u0");

	/* with its host bridge, which the guest had not acquired */
	assert_int_equal(vm_add(&vm, "spapr-pci-host-bridge", "id=p,index=1"), 0);
	assert_int_equal(vm_add(&vm, "virtio-scsi-pci", "id=t,bus=p.0,addr=1"), 0);
	assert_int_equal(vm_add(&vm, "scsi-hd", "id=d2,bus=t.0,drive=d"), 0);
	assert_int_equal(disk_info(&vm, 0).phb, 1);
	assert_int_equal(vm_del(&vm, "p"), 0);
	assert_non_null(strstr(vm_notes(&vm), "DEVICE_DELETED d2\n"));
	assert_int_equal(count(&vm), 1);
	vm_end(&vm); /* and with the machine, without an event */
}

static void assert_refused(struct vm *vm, const char *driver, const char *options,
			   const char *text)
{
	assert_true(vm_add(vm, driver, options) < 0);
	assert_string_equal(vm_error(vm), text);
}

/* USB devices have ports, of the controller or of a hub. */
static void ports(void **state)
{
	struct vm vm;

	(void)state;
	vm_begin(&vm, NULL);
	assert_int_equal(vm_add(&vm, "nec-usb-xhci", "id=o,addr=2,p2=3,p3=3"), 0);
	assert_int_equal(vm_add(&vm, "qemu-xhci", "id=x,addr=4,p2=2,p3=1"), 0);
	vm_reset(&vm);
	vm_notes(&vm);

	assert_int_equal(vm_add(&vm, "usb-tablet", "id=t1,bus=x.0,port=1"), 0);
	assert_refused(&vm, "usb-tablet", "bus=x.0,port=1",
		       "usb port 1 (bus x.0) not found (in use?)");
	for (const char *const *port =
		     (const char *const[]){ "3", "0", "", "01", "1.1", "+2", "2.", ".2",
					    "-1", NULL };
	     *port; port++) {
		char options[64];

		snprintf(options, sizeof(options), "bus=x.0,port=%s", *port);
		assert_int_equal(vm_add(&vm, "usb-tablet", options), -EBUSY);
	}
	assert_int_equal(vm_add(&vm, "usb-mouse", "id=m1,bus=x.0"), 0);
	assert_refused(&vm, "usb-kbd", "bus=x.0",
		       "tried to attach usb device QEMU USB Keyboard to a bus with no "
		       "free ports");
	assert_refused(&vm, "usb-kbd", "bus=o.1", "Bus 'o.1' not found");
	assert_refused(&vm, "scsi-cd", "bus=o.0", "Bus 'o.0' not found");

	/* A hub takes what is below it with it. */
	assert_int_equal(vm_add(&vm, "usb-hub", "id=h1,bus=o.0,port=2"), 0);
	assert_int_equal(vm_add(&vm, "usb-hub", "id=h2,bus=o.0,port=2.8"), 0);
	assert_int_equal(vm_add(&vm, "usb-kbd", "id=k1,bus=o.0,port=2.8.1"), 0);
	assert_int_equal(vm_add(&vm, "usb-kbd", "id=k2,bus=o.0"), 0);
	assert_int_equal(vm_add(&vm, "usb-kbd", "id=k3,bus=o.0"), 0);
	assert_int_equal(vm_add(&vm, "usb-kbd", "id=k4,bus=o.0"), 0);
	assert_int_equal(vm_add(&vm, "usb-kbd", "bus=o.0,port=2.1"), -EBUSY);
	assert_int_equal(vm_add(&vm, "usb-kbd", "bus=o.0,port=2.9"), -EBUSY);
	vm_notes(&vm);
	assert_int_equal(vm_del(&vm, "h1"), 0);
	assert_string_equal(vm_notes(&vm), "DEVICE_DELETED k1\nDEVICE_DELETED h2\n"
					   "DEVICE_DELETED k4\nDEVICE_DELETED h1\n"
					   "irq 0x1202\n");
	assert_int_equal(vm_add(&vm, "usb-hub", "id=h1,bus=o.0,port=2"), 0);
	for (const char *const *port = (const char *const[]){ "2.1", "2.1.1", "2.1.1.1",
							      "2.1.1.1.1", NULL };
	     *port; port++) {
		char options[64];

		snprintf(options, sizeof(options), "bus=o.0,port=%s", *port);
		assert_int_equal(vm_add(&vm, "usb-hub", options), 0);
	}
	assert_refused(&vm, "usb-hub", "bus=o.0,port=2.1.1.1.1.1",
		       "usb hub chain too deep");
	assert_int_equal(vm_add(&vm, "usb-kbd", "bus=o.0,port=2.1.1.1.1.1"), 0);
	assert_int_equal(vm_add(&vm, "usb-kbd", "bus=o.0,port=2.1.1.1.1.1.1.1.1.1.1"),
			 -EBUSY);
	vm_end(&vm);
}

/* SCSI disks are below a card, or below a USB device. */
static void buses_of_scsi(void **state)
{
	struct vm vm;

	(void)state;
	vm_begin(&vm, NULL);
	assert_int_equal(vm_add(&vm, "virtio-scsi-pci", "id=m,addr=2"), 0);
	assert_int_equal(vm_add(&vm, "nec-usb-xhci", "id=x,addr=3"), 0);
	vm_reset(&vm);
	assert_int_equal(vm_add(&vm, "scsi-cd", "id=c0"), 0);
	assert_int_equal(disk_info(&vm, 0).slot, 2);
	assert_true(disk_info(&vm, 0).no_disk);
	assert_int_equal(vm_add(&vm, "scsi-hd", "bus=m.0,drive=a,id=h0"), 0);
	assert_false(disk_info(&vm, 0).no_disk);
	assert_int_equal(vm_add(&vm, "usb-uas", "id=u"), 0);
	assert_int_equal(vm_add(&vm, "scsi-hd", "id=h1,drive=b"), 0); /* the newest bus */
	assert_int_equal(disk_info(&vm, 0).slot, 3);
	assert_int_equal(vm_add(&vm, "scsi-hd", "id=h2,drive=b,bus=u.0"), 0);
	vm_notes(&vm);
	assert_int_equal(vm_del(&vm, "u"), 0);
	assert_string_equal(vm_notes(&vm), "DEVICE_DELETED h1\nDEVICE_DELETED h2\n"
					   "DEVICE_DELETED u\nirq 0x1203\n");
	assert_int_equal(count(&vm), 2);
	assert_int_equal(vm_add(&vm, "usb-ccid", "id=i"), 0);
	assert_int_equal(vm_del(&vm, "i"), 0);
	assert_int_equal(vm_del(&vm, "c0"), 0);
	vm_end(&vm);
}

/* A machine with a hub and two more devices; each has its options. */
static void start_usb(struct vm *vm, const char *const options[3])
{
	vm_begin(vm, NULL);
	assert_int_equal(vm_add(vm, "nec-usb-xhci", "id=o,addr=3,p2=3,p3=3"), 0);
	assert_int_equal(vm_add(vm, "usb-hub", options[0]), 0);
	assert_int_equal(vm_add(vm, "usb-kbd", options[1]), 0);
	assert_int_equal(vm_add(vm, "usb-mouse", options[2]), 0);
	vm_reset(vm);
}

/* Rename the section with the ports, as if an older library had written another one. */
static void rename_ports(uint8_t *state, size_t bytes)
{
	uint8_t *at = memmem(state, bytes, "usbp", 4);
	uint32_t sum;

	assert_non_null(at);
	at[3] = 'x';
	sum = crc32_of(state + 12, bytes - 12);
	for (int i = 0; i < 4; i++)
		state[8 + i] = (uint8_t)(sum >> (24 - 8 * i));
}

/* A state is for a machine whose USB devices have the same ports. */
static void saved_ports(void **state)
{
	static const char *const first[] = { "id=h,port=2", "id=k,port=2.3", "id=m" };
	static const char *const others[][3] = {
		{ "id=h,port=1", "id=k,port=1.3", "id=m,port=2" },
		{ "id=h,port=2", "id=k,port=2.4", "id=m" },
		{ "id=h,port=2", "id=k,port=2.3", "id=m,port=3" },
		{ "id=h,port=2", "id=k,port=3", "id=m" },
	};
	struct papr_error error = { PAPR_ERROR_GENERIC, NULL };
	void *saved;
	size_t bytes;
	struct vm vm;

	(void)state;
	start_usb(&vm, first);
	assert_int_equal(papr_vmm_save(vm.vmm, &saved, &bytes), 0);
	vm_end(&vm);

	start_usb(&vm, first);
	assert_int_equal(papr_vmm_load(vm.vmm, saved, bytes, NULL), 0);
	vm_end(&vm);

	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++) {
		start_usb(&vm, others[i]);
		assert_int_equal(papr_vmm_load(vm.vmm, saved, bytes, &error), -ENODEV);
		assert_string_equal(error.text, "The ports of USB devices differ from "
						"those of the saved machine");
		papr_error_clear(&error);
		vm_end(&vm);
	}

	rename_ports(saved, bytes);
	start_usb(&vm, others[0]);
	assert_int_equal(papr_vmm_load(vm.vmm, saved, bytes, NULL), 0);
	vm_end(&vm);
	free(saved);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(come_and_go),
	cmocka_unit_test(refused),
	cmocka_unit_test(message_interrupts),
	cmocka_unit_test(go_with_their_controller),
	cmocka_unit_test(ports),
	cmocka_unit_test(saved_ports),
	cmocka_unit_test(buses_of_scsi),
};

RUN(tests)
