// SPDX-License-Identifier: GPL-2.0-or-later
/* x-slots=on: PCI slots that a guest acquires and releases, as on PowerVM. */
#include "tests/unit/fakes/vmm_story.h"
#include "vmm/pci/pci_regs.h"

enum {
	PHB = 0x20000001,
	SLOT = 0x50000100, /* the first one of host bridge 1 */
	CARD = 0x40010000, /* and its card */
	ISOLATION = 9001,
	ALLOCATION = 9003,
	BUID_HIGH = 0x8000000,
	BUID_LOW = 0x20000001,
};

/* Host bridge 1 is the guest's, with card c2 in its slot 2 from the start. */
static void begin(struct vm *vm)
{
	vm_begin(vm, NULL);
	assert_int_equal(vm_add(vm, "spapr-pci-host-bridge", "id=p,index=1,x-slots=on"),
			 0);
	assert_int_equal(vm_add(vm, "virtio-net-pci", "id=c2,bus=p.0,addr=2"), 0);
	vm_reset(vm);
	vm_notes(vm);
}

static int32_t indicate(struct vm *vm, uint32_t type, uint32_t index, uint32_t value)
{
	return vm_call(vm, "set-indicator", type, index, value);
}

static uint32_t read_config(struct vm *vm, uint32_t bus, uint32_t slot, uint32_t at)
{
	const uint32_t in[] = { bus << 16 | slot << 11 | at, BUID_HIGH, BUID_LOW, 4 };
	uint32_t out[2];

	return vm_rtas(vm, "ibm,read-pci-config", 4, in, 2, out) ? 0xffffffff : out[1];
}

static bool waits_event(struct vm *vm)
{
	return !vm_call(vm, "check-exception", 0x500, 0, 0xffffffff, 0, VM_EVENT_BUFFER,
			2048);
}

TEST(what_is_in_them_at_the_start)
{
	struct papr_drc_info drc = { .size = sizeof(drc) };
	struct vm vm;

	begin(&vm);
	for (uint32_t i = 0; i < 32; i++) {
		assert_int_equal(papr_vmm_drc_info(vm.vmm, SLOT + i, &drc), 1);
		assert_string_equal(drc.type, "SLOT");
		assert_int_equal(drc.has_device, i == 2);
		assert_int_equal(vm_sense(&vm, SLOT + i), i == 2 ? 1 : 2);
	}
	assert_string_equal(drc.name, "SLOT 287");
	assert_int_equal(papr_vmm_drc_info(vm.vmm, SLOT + 32, &drc), 0);
	/* Each slot with a card has one place. */
	assert_int_equal(vm_sense(&vm, CARD), -3);
	assert_int_equal(vm_sense(&vm, CARD + 0x10), 1);
	assert_int_equal(vm_sense(&vm, CARD + 0x11), -3);
	/* Eight numbers of buses belong to each. */
	assert_int_equal(read_config(&vm, 0, 2, PCI_PRIMARY_BUS) & 0xffffff, 0x171100);
	assert_int_equal(read_config(&vm, 17, 0, 0), 0x10001af4);
	vm_end(&vm);
}

TEST(given_back_and_taken)
{
	static const char top[] =
		"2 pci@2\n3 name 4\n3 ibm,drc-types 7\n3 ibm,drc-names 11\n"
		"3 ibm,drc-power-domains 8\n3 ibm,drc-indexes 8\n3 #size-cells 4\n"
		"3 #address-cells 4\n3 bus-range 8\n3 ranges 64\n3 device_type 4\n";
	const char *walk;
	struct vm vm;

	begin(&vm);
	/* Only isolation is needed before its release. */
	assert_int_equal(indicate(&vm, ALLOCATION, SLOT + 2, 0), -3);
	assert_int_equal(indicate(&vm, ISOLATION, SLOT + 2, 0), 0);
	assert_int_equal(vm_sense(&vm, SLOT + 2), 1);
	assert_int_equal(indicate(&vm, ALLOCATION, SLOT + 2, 0), 0);
	assert_int_equal(vm_sense(&vm, SLOT + 2), 2);
	/* The guest does not own it now. */
	assert_int_equal(read_config(&vm, 0, 2, 0), 0xffffffff);
	assert_int_equal(read_config(&vm, 17, 0, 0), 0xffffffff);
	assert_int_equal(indicate(&vm, ISOLATION, SLOT + 2, 1), -3);
	assert_int_equal(vm_walk_step(&vm, SLOT + 2), -9003);

	assert_int_equal(indicate(&vm, ALLOCATION, SLOT + 2, 1), 0);
	assert_int_equal(indicate(&vm, ISOLATION, SLOT + 2, 1), 0);
	walk = vm_walk(&vm, SLOT + 2);
	assert_memory_equal(walk, top, strlen(top));
	assert_non_null(strstr(walk, "\n2 ethernet@0\n"));
	assert_non_null(strstr(walk, "\n4\n0\n"));
	assert_int_equal(read_config(&vm, 17, 0, 0), 0x10001af4);
	assert_notes(&vm, "");
	assert_false(waits_event(&vm));
	vm_end(&vm);
}

TEST(a_card_comes_and_goes)
{
	struct vm vm;

	begin(&vm);
	assert_int_equal(indicate(&vm, ALLOCATION, SLOT + 5, 1), -3);
	assert_int_equal(vm_add(&vm, "virtio-net-pci", "id=c5,bus=p.0,addr=5"), 0);
	assert_int_equal(vm_sense(&vm, SLOT + 5), 2);
	assert_false(waits_event(&vm));
	vm_take(&vm, SLOT + 5);
	assert_int_equal(vm_sense(&vm, CARD + 0x28), 1);
	assert_int_equal(read_config(&vm, 41, 0, 0), 0x10001af4);
	/* The card itself still has its own connector. */
	assert_int_equal(indicate(&vm, ISOLATION, CARD + 0x28, 1), 0);
	assert_non_null(strstr(vm_walk(&vm, CARD + 0x28), "2 ethernet@0\n"));
	assert_int_equal(indicate(&vm, ISOLATION, CARD + 0x28, 0), 0);

	vm_notes(&vm);
	assert_int_equal(vm_del(&vm, "c5"), 0);
	assert_false(waits_event(&vm));
	assert_int_not_equal(vm_del(&vm, "c5"), 0);
	assert_string_equal(vm_error(&vm),
			    "PCI device unplug already in progress for device c5");
	/* Requested, and not released. */
	assert_int_equal(indicate(&vm, ISOLATION, SLOT + 5, 1), 0);
	assert_notes(&vm, "DEVICE_UNPLUG_GUEST_ERROR c5\n");
	assert_int_equal(vm_del(&vm, "c5"), 0);
	vm_give(&vm, SLOT + 5);
	assert_non_null(strstr(vm_notes(&vm), "DEVICE_DELETED c5\n"));
	assert_int_equal(vm_sense(&vm, CARD + 0x28), -3);
	assert_int_equal(vm_sense(&vm, SLOT + 5), 2);
	vm_end(&vm);
}

/* A card that the guest has not configured is unplugged immediately. */
TEST(a_card_that_nobody_took)
{
	struct vm vm;

	begin(&vm);
	assert_int_equal(vm_add(&vm, "virtio-rng-pci", "id=c5,bus=p.0,addr=5"), 0);
	assert_int_equal(vm_del(&vm, "c5"), 0);
	assert_non_null(strstr(vm_notes(&vm), "DEVICE_DELETED c5\n"));
	assert_int_equal(vm_add(&vm, "virtio-rng-pci", "id=c5,bus=p.0,addr=5"), 0);
	/* After a reset the guest owns all slots, and pending removals are complete. */
	assert_int_equal(vm_del(&vm, "c2"), 0);
	vm_reset(&vm);
	assert_int_equal(vm_sense(&vm, SLOT + 5), 1);
	assert_int_equal(vm_sense(&vm, SLOT + 2), 2);
	assert_int_equal(vm_sense(&vm, CARD + 0x10), -3);
	vm_end(&vm);
}

#define assert_refused(vm, driver, options, words)                    \
	do {                                                          \
		assert_int_not_equal(vm_add(vm, driver, options), 0); \
		assert_string_equal(vm_error(vm), words);             \
	} while (0)

TEST(what_is_refused)
{
	struct vm vm;

	begin(&vm);
	assert_refused(&vm, "virtio-rng-pci", "bus=p.0,addr=2",
		       "PCI: slot 2 already occupied by virtio-net-pci");
	assert_refused(&vm, "virtio-rng-pci", "bus=p.0,addr=3.1",
		       "PCI: slot 3 takes only cards with one function");
	assert_refused(&vm, "virtio-rng-pci", "bus=p.0,addr=3,multifunction=on",
		       "PCI: slot 3 takes only cards with one function");
	assert_refused(&vm, "virtio-rng-pci", "bus=slot 2", "Bus 'slot 2' not found");
	assert_refused(&vm, "spapr-pci-host-bridge", "index=2,x-slots=7",
		       "Parameter 'x-slots' expects 'on' or 'off'");
	/* In the first free slot. A card can also be a bridge, with its own bus. */
	assert_int_equal(vm_add(&vm, "pci-bridge", "id=b,bus=p.0,chassis_nr=4"), 0);
	assert_int_equal(vm_add(&vm, "virtio-rng-pci", "id=r,bus=b,addr=7"), 0);
	vm_take(&vm, SLOT);
	assert_int_equal(vm_sense(&vm, 0x40010400 + 0x38), 1);
	assert_int_not_equal(vm_del(&vm, "b"), 0);
	for (int i = 0; i < 30; i++)
		assert_int_equal(vm_add(&vm, "virtio-rng-pci", "bus=p.0"), 0);
	assert_refused(&vm, "virtio-rng-pci", "bus=p.0",
		       "PCI: no slot/function available for virtio-rng-pci, all in use "
		       "or reserved");
	vm_end(&vm);
}

TEST(the_host_bridge_goes)
{
	struct vm vm;
	const char *notes;

	begin(&vm);
	assert_int_equal(vm_add(&vm, "virtio-rng-pci", "id=c5,bus=p.0,addr=5"), 0);
	vm_give(&vm, PHB);
	vm_take(&vm, PHB); /* its owner has the slots that it acquired */
	assert_int_equal(vm_del(&vm, "p"), 0);
	vm_notes(&vm);
	vm_give(&vm, PHB);
	notes = vm_notes(&vm);
	assert_non_null(strstr(notes, "DEVICE_DELETED c2\n"));
	assert_non_null(strstr(notes, "DEVICE_DELETED c5\n"));
	assert_non_null(strstr(notes, "DEVICE_DELETED p\n"));
	assert_int_equal(vm_sense(&vm, SLOT + 2), -3);
	assert_int_equal(vm_sense(&vm, CARD + 0x10), -3);
	vm_end(&vm);
}

/* ---- On another machine ---- */

enum { STEPS = 5 };

static void tell(struct vm *vm, int step)
{
	switch (step) {
	case 0:
		assert_int_equal(indicate(vm, ISOLATION, SLOT + 2, 0), 0);
		break;
	case 1:
		assert_int_equal(indicate(vm, ALLOCATION, SLOT + 2, 0), 0);
		break;
	case 2:
		assert_int_equal(indicate(vm, ALLOCATION, SLOT + 2, 1), 0);
		break;
	case 3:
		assert_int_equal(indicate(vm, ISOLATION, SLOT + 2, 1), 0);
		break;
	case 4:
		assert_int_equal(vm_del(vm, "c2"), 0);
		break;
	}
}

TEST(at_each_step_elsewhere)
{
	for (int at = 0; at <= STEPS; at++) {
		struct vm vm, copy;
		struct blob b;

		begin(&vm);
		begin(&copy);
		for (int i = 0; i < at; i++)
			tell(&vm, i);
		b = state_save(&vm);
		assert_int_equal(state_load(&copy, b.bytes, b.size), 0);
		assert_state(&copy, &b);
		assert_int_equal(vm_sense(&copy, SLOT + 2), vm_sense(&vm, SLOT + 2));
		assert_int_equal(read_config(&copy, 17, 0, 0),
				 read_config(&vm, 17, 0, 0));
		for (int i = at; i < STEPS; i++)
			tell(&copy, i);
		vm_end(&copy);
		free(b.bytes);
		vm_end(&vm);
	}
}

TEST(a_machine_without_is_another_one)
{
	struct vm vm, copy;
	struct blob b;

	vm_begin(&vm, NULL);
	assert_int_equal(vm_add(&vm, "spapr-pci-host-bridge", "id=p,index=1,x-slots=on"),
			 0);
	vm_reset(&vm);
	vm_begin(&copy, NULL);
	assert_int_equal(vm_add(&copy, "spapr-pci-host-bridge", "id=p,index=1"), 0);
	vm_reset(&copy);
	b = state_save(&vm);
	assert_int_equal(state_load(&copy, b.bytes, b.size), -ENODEV);
	free(b.bytes);
	vm_end(&copy);
	vm_end(&vm);
}
