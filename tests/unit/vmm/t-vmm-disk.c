// SPDX-License-Identifier: GPL-2.0-or-later
/* Disks of controllers: additions, events, removals. */
#include "tests/unit/fakes/vmm_machine.h"

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

TEST(come_and_go)
{
	struct papr_disk_info info = { .size = sizeof(info) };
	struct vm vm;

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
	info = disk_info(&vm, 1);
	assert_string_equal(info.id, "d0");
	assert_string_equal(info.driver, "scsi-hd");
	assert_int_equal(info.phb, 0);
	assert_int_equal(info.bus, 0);
	assert_int_equal(info.slot, 3);
	assert_int_equal(info.function, 0);

	assert_int_equal(vm_del(&vm, "d0"), 0); /* no request to the guest */
	assert_notes(&vm, "DEVICE_DELETED d0\nirq 0x1203\n");
	assert_int_equal(vm_del(&vm, "d0"), -ENOENT);
	assert_int_equal(count(&vm), 1);
	vm_reset(&vm);
	assert_int_equal(count(&vm), 1);
	vm_end(&vm);
}

TEST(refused)
{
	struct vm vm;

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
TEST(message_interrupts)
{
	uint32_t rets[4];
	struct vm vm;

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
TEST(go_with_their_controller)
{
	enum { SLOT3 = 0x40000018, PHB1 = 0x20000001 };
	struct vm vm;

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
