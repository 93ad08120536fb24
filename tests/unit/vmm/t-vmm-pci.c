// SPDX-License-Identifier: GPL-2.0-or-later
/* Cards and host bridges are plugged and unplugged: events, the guest's view, and
 * errors. */
#include "tests/unit/fakes/vmm_machine.h"
#include "vmm/pci/pci_regs.h"

enum { C = 0x40000000, PHB = 0x20000000, HOT_PLUG = 0x10000000 };
enum { ISOLATION = 9001, ALLOCATION = 9003 };

/* All pending events, "add 40000008 remove 40000008 ". */
static const char *hotplug_events(struct vm *vm)
{
	static char text[1024];
	const uint8_t *log = vm->memory + VM_EVENT_BUFFER;
	size_t len = 0;

	text[0] = '\0';
	while (!vm_call(vm, "check-exception", 0x500, 0, HOT_PLUG, 0, VM_EVENT_BUFFER,
			2048)) {
		len += (size_t)snprintf(text + len, sizeof(text) - len, "%s%s %x ",
					log[104] == 4 ? "phb-" : "",
					log[105] == 1 ? "add" : "remove",
					(unsigned int)vm_be32(vm, VM_EVENT_BUFFER + 108));
		assert_uint_in_range(len, 0, sizeof(text) - 64);
	}
	vm_notes(vm);
	return text;
}

static int32_t indicate(struct vm *vm, uint32_t type, uint32_t index, uint32_t value)
{
	return vm_call(vm, "set-indicator", type, index, value);
}

static void configure(struct vm *vm, uint32_t index)
{
	assert_int_equal(indicate(vm, ISOLATION, index, 1), 0);
	assert_non_null(strstr(vm_walk(vm, index), "\n0"));
}

#define assert_add_fails(vm, driver, options, words)                  \
	do {                                                          \
		assert_int_not_equal(vm_add(vm, driver, options), 0); \
		assert_string_equal(vm_error(vm), words);             \
	} while (0)
#define assert_del_fails(vm, id, words)                   \
	do {                                              \
		assert_int_not_equal(vm_del(vm, id), 0);  \
		assert_string_equal(vm_error(vm), words); \
	} while (0)

TEST(plug_and_unplug)
{
	struct vm vm;

	vm_start(&vm, NULL);
	assert_int_equal(vm_add(&vm, "virtio-net-pci",
				"id=n0,bus=pci.0,addr=1,romfile=,mac=52:54:00:12:34:56"),
			 0);
	assert_notes(&vm, "irq 0x1001\n");
	assert_int_equal(vm_sense(&vm, C + 8), 1);
	assert_string_equal(hotplug_events(&vm), "add 40000008 ");
	assert_int_equal(indicate(&vm, ISOLATION, C + 8, 1), 0);
	assert_string_equal(
		vm_walk(&vm, C + 8),
		"2 ethernet@1\n3 max-latency 4\n3 min-grant 4\n3 reg 80\n"
		"3 ibm,req#msi-x 4\n3 ibm,my-drc-index 4\n3 ibm,loc-code 33\n"
		"3 devsel-speed 4\n3 cache-line-size 4\n3 subsystem-vendor-id 4\n"
		"3 subsystem-id 4\n3 interrupts 4\n3 class-code 4\n3 revision-id 4\n"
		"3 device-id 4\n3 vendor-id 4\n0\n");

	assert_int_equal(vm_del(&vm, "n0"), 0);
	assert_del_fails(&vm, "n0",
			 "PCI device unplug already in progress for device n0");
	assert_string_equal(hotplug_events(&vm), "remove 40000008 ");
	assert_int_equal(indicate(&vm, ISOLATION, C + 8, 0), 0);
	assert_notes(&vm, "DEVICE_DELETED /machine/peripheral/n0/virtio-backend\n"
			  "DEVICE_DELETED n0\n");
	assert_int_equal(vm_sense(&vm, C + 8), 0);
	assert_del_fails(&vm, "n0", "Device 'n0' not found");
	vm_end(&vm);
}

/* Nothing was configured, so the guest gets no request. */
TEST(unplug_at_once)
{
	struct vm vm;

	vm_start(&vm, NULL);
	assert_int_equal(vm_add(&vm, "virtio-rng-pci", "id=a,addr=2"), 0);
	vm_notes(&vm);
	assert_int_equal(vm_del(&vm, "a"), 0);
	assert_notes(&vm, "DEVICE_DELETED /machine/peripheral/a/virtio-backend\n"
			  "DEVICE_DELETED a\n");
	assert_string_equal(hotplug_events(&vm), "add 40000010 ");

	assert_int_equal(vm_add(&vm, "virtio-rng-pci", "id=a,addr=2"), 0);
	assert_int_equal(indicate(&vm, ISOLATION, C + 0x10, 1), 0);
	assert_int_equal(vm_del(&vm, "a"), 0);
	assert_int_equal(indicate(&vm, ISOLATION, C + 0x10, 0), -3);
	vm_walk(&vm, C + 0x10);
	vm_notes(&vm);
	assert_int_equal(indicate(&vm, ISOLATION, C + 0x10, 0), 0);
	assert_notes(&vm, "DEVICE_DELETED /machine/peripheral/a/virtio-backend\n"
			  "DEVICE_DELETED a\n");
	vm_end(&vm);
}

TEST(cold_plugged)
{
	struct vm vm;

	vm_begin(&vm, NULL);
	assert_int_equal(vm_add(&vm, "e1000", "id=c0,addr=3,romfile="), 0);
	assert_int_equal(vm_add(&vm, "virtio-scsi-pci", "id=v0,addr=4"), 0);
	assert_int_equal(vm_add(&vm, "VGA", "id=g0"), 0);
	vm_reset(&vm);
	assert_notes(&vm, "");
	assert_int_equal(vm_sense(&vm, C + 0x18), 1);
	assert_int_equal(vm_sense(&vm, C), 1);
	assert_non_null(strstr(vm_walk(&vm, C + 0x18), "2 ethernet@3\n"));

	assert_int_equal(vm_del(&vm, "c0"), 0);
	vm_notes(&vm);
	vm_reset(&vm);
	assert_notes(&vm, "DEVICE_DELETED c0\n");
	assert_int_equal(vm_sense(&vm, C + 0x18), 0);
	assert_int_equal(indicate(&vm, ISOLATION, C + 0x20, 0), 0);
	assert_int_equal(vm_del(&vm, "v0"), 0);
	assert_notes(&vm, "DEVICE_DELETED /machine/peripheral/v0/virtio-backend\n"
			  "DEVICE_DELETED v0\n");
	assert_del_fails(&vm, "g0", "Device 'VGA' does not support hotplugging");
	assert_add_fails(&vm, "VGA", "id=g1",
			 "Parameter 'driver' expects a pluggable device type");
	vm_end(&vm);
}

TEST(functions_of_a_slot)
{
	struct vm vm;

	vm_start(&vm, NULL);
	assert_int_equal(vm_add(&vm, "virtio-rng-pci", "id=f2,addr=6.2,multifunction=on"),
			 0);
	assert_int_equal(vm_add(&vm, "virtio-rng-pci", "id=f1,addr=6.1,multifunction=on"),
			 0);
	assert_string_equal(hotplug_events(&vm), "");
	assert_int_equal(vm_add(&vm, "virtio-rng-pci", "id=f0,addr=6.0,multifunction=on"),
			 0);
	assert_string_equal(hotplug_events(&vm),
			    "add 40000030 add 40000031 add 40000032 ");
	assert_add_fails(&vm, "virtio-rng-pci", "id=f3,addr=6.3,multifunction=on",
			 "PCI: slot 6 function 0 already occupied by virtio-rng-pci, "
			 "additional functions can no longer be exposed to guest.");

	for (uint32_t i = 0; i < 3; i++)
		configure(&vm, C + 0x30 + i);
	assert_non_null(strstr(vm_walk(&vm, C + 0x31), "2 legacy-device@6,1\n"));
	assert_int_equal(vm_del(&vm, "f2"), 0);
	assert_string_equal(hotplug_events(&vm), "");
	assert_int_equal(vm_del(&vm, "f0"), 0);
	assert_string_equal(hotplug_events(&vm),
			    "remove 40000032 remove 40000031 remove 40000030 ");
	for (uint32_t i = 3; i--;)
		assert_int_equal(indicate(&vm, ISOLATION, C + 0x30 + i, 0), 0);
	assert_notes(&vm, "DEVICE_DELETED /machine/peripheral/f2/virtio-backend\n"
			  "DEVICE_DELETED f2\n"
			  "DEVICE_DELETED /machine/peripheral/f1/virtio-backend\n"
			  "DEVICE_DELETED f1\n"
			  "DEVICE_DELETED /machine/peripheral/f0/virtio-backend\n"
			  "DEVICE_DELETED f0\n");
	vm_end(&vm);
}

TEST(words_of_refusals)
{
	struct vm vm;

	vm_begin(&vm, NULL);
	assert_int_equal(vm_add(&vm, "virtio-rng-pci", "addr=3"), 0);
	assert_add_fails(
		&vm, "e1000", "addr=3.1",
		"PCI: single function device can't be populated in function 3.1");
	assert_int_equal(vm_add(&vm, "virtio-rng-pci", "id=y,addr=8.3"), 0);
	assert_add_fails(
		&vm, "e1000", "addr=8",
		"PCI: 8.0 indicates single function, but 8.3 is already populated.");
	assert_add_fails(&vm, "e1000", "addr=3",
			 "PCI: slot 3 already occupied by virtio-rng-pci");
	vm_reset(&vm);

	assert_add_fails(&vm, "e1000", "addr=3",
			 "PCI: slot 3 already occupied by virtio-rng-pci");
	assert_add_fails(&vm, "virtio-rng-pci", "addr=8.3",
			 "PCI: slot 8 already occupied by virtio-rng-pci");
	assert_add_fails(&vm, "virtio-rng-pci", "id=y", "Duplicate device ID 'y'");
	assert_add_fails(&vm, "virtio-rng-pci", "id=1z",
			 "Parameter 'id' expects an identifier");
	assert_add_fails(&vm, "virtio-rng-pci", "addr=7.8",
			 "Property 'virtio-rng-pci.addr' doesn't take value '7.8'");
	assert_add_fails(&vm, "virtio-rng-pci", "addr=20",
			 "Property 'virtio-rng-pci.addr' doesn't take value '20'");
	assert_add_fails(&vm, "virtio-rng-pci",
			 "addr=", "Property 'virtio-rng-pci.addr' doesn't take value ''");
	assert_add_fails(&vm, "virtio-rng-pci", "addr=6.",
			 "Property 'virtio-rng-pci.addr' doesn't take value '6.'");
	assert_add_fails(&vm, "virtio-rng-pci", "nosuch=1",
			 "Property 'virtio-rng-pci.nosuch' not found");
	assert_add_fails(&vm, "virtio-rng-pci", "multifunction=maybe",
			 "Parameter 'multifunction' expects 'on' or 'off'");
	assert_add_fails(&vm, "virtio-rng-pci", "bus=nope", "Bus 'nope' not found");
	assert_add_fails(&vm, "virtio-net", "mac=zz",
			 "Property 'virtio-net-device.mac' doesn't take value 'zz'");
	assert_add_fails(&vm, "e1000", "mac=52:54:00:12:34",
			 "Property 'e1000.mac' doesn't take value '52:54:00:12:34'");
	assert_add_fails(&vm, "virtio-blk-pci", "id=b", "drive property not set");
	assert_add_fails(&vm, "nvme", "drive=d", "serial property not set");
	assert_add_fails(&vm, "no-such-driver", "id=x",
			 "'no-such-driver' is not a valid device model name");
	assert_int_equal(vm_add(&vm, "virtio-blk", "id=b,drive=d"), 0);
	assert_int_equal(vm_add(&vm, "virtio-scsi", "addr=0x6"), 0);
	assert_int_equal(vm_sense(&vm, C + 0x30), 1);
	vm_end(&vm);
}

TEST(full_bus)
{
	char options[48];
	struct vm vm;

	vm_start(&vm, NULL);
	for (int i = 0; i < 32; i++) {
		snprintf(options, sizeof(options), "id=d%d", i);
		assert_int_equal(vm_add(&vm, "virtio-rng-pci", options), 0);
		assert_int_equal(vm_sense(&vm, (uint32_t)(C + 8 * i)), 1);
	}
	assert_add_fails(&vm, "virtio-rng-pci", "id=d32",
			 "PCI: no slot/function available for virtio-rng-pci, all in use "
			 "or reserved");
	assert_int_equal(vm_del(&vm, "d7"), 0);
	assert_int_equal(vm_add(&vm, "e1000", "id=e"), 0);
	assert_int_equal(vm_sense(&vm, C + 8 * 7), 1);
	vm_end(&vm);
}

TEST(bridges)
{
	struct vm vm;

	vm_begin(&vm, NULL);
	assert_int_equal(vm_add(&vm, "pci-bridge", "id=b0,addr=5,chassis_nr=7"), 0);
	vm_reset(&vm);
	assert_int_equal(vm_sense(&vm, C + 0x28), 1);
	assert_int_equal(vm_sense(&vm, C + 0x700), 0);
	assert_int_equal(vm_add(&vm, "virtio-rng-pci", "id=x0,bus=b0,addr=2"), 0);
	assert_string_equal(
		vm_walk(&vm, C + 0x28) + strlen("2 pci@5\n3 ibm,drc-types 772\n"
						"3 ibm,drc-names 1540\n"),
		"3 ibm,drc-power-domains 1028\n3 ibm,drc-indexes 1028\n"
		"3 #size-cells 4\n3 #address-cells 4\n3 reg 40\n3 ibm,req#msi 4\n"
		"3 ibm,my-drc-index 4\n3 ibm,loc-code 29\n3 66mhz-capable 0\n"
		"3 fast-back-to-back 0\n3 devsel-speed 4\n3 cache-line-size 4\n"
		"3 interrupts 4\n3 class-code 4\n3 revision-id 4\n3 device-id 4\n"
		"3 vendor-id 4\n"
		"2 legacy-device@2\n3 max-latency 4\n3 min-grant 4\n3 reg 80\n"
		"3 ibm,req#msi-x 4\n3 ibm,my-drc-index 4\n3 ibm,loc-code 33\n"
		"3 devsel-speed 4\n3 cache-line-size 4\n3 subsystem-vendor-id 4\n"
		"3 subsystem-id 4\n3 interrupts 4\n3 class-code 4\n3 revision-id 4\n"
		"3 device-id 4\n3 vendor-id 4\n4\n0\n");
	configure(&vm, C + 0x710);

	assert_add_fails(&vm, "pci-bridge", "id=b1,addr=8",
			 "PCI Bridge lacks a \"chassis_nr\" property");
	assert_add_fails(&vm, "pci-bridge", "id=b1,addr=8,chassis_nr=7",
			 "Bridge chassis 7 already in use");
	assert_add_fails(&vm, "pci-bridge", "id=b1,chassis_nr=256",
			 "Parameter 'chassis_nr' expects uint8_t");
	assert_add_fails(&vm, "pci-bridge", "id=b1,chassis_nr=x",
			 "Parameter 'chassis_nr' expects integer");
	assert_int_equal(vm_add(&vm, "pci-bridge", "id=b2,addr=9,chassis_nr=9"), 0);
	assert_int_equal(vm_sense(&vm, C + 0x900), 0);
	assert_del_fails(&vm, "b2", "PCI: Hot unplug of PCI bridges not supported");
	assert_add_fails(&vm, "virtio-rng-pci", "id=x1,bus=b0,addr=2",
			 "PCI: slot 2 already occupied by virtio-rng-pci");
	/* bridges without a name have bus numbers */
	assert_int_equal(vm_add(&vm, "pci-bridge", "chassis_nr=10"), 0);
	assert_int_equal(vm_add(&vm, "virtio-rng-pci", "bus=pci.1,addr=1"), 0);
	assert_int_equal(vm_sense(&vm, C + 0xa08), 1);
	vm_end(&vm);
}

TEST(host_bridge)
{
	struct vm vm;

	vm_start(&vm, NULL);
	assert_int_equal(vm_sense(&vm, PHB), 1);
	assert_int_equal(vm_sense(&vm, PHB + 30), 2);
	assert_int_equal(vm_sense(&vm, PHB + 31), -3);
	assert_int_equal(vm_add(&vm, "spapr-pci-host-bridge", "id=phb1,index=1"), 0);
	assert_string_equal(hotplug_events(&vm), "phb-add 20000001 ");
	assert_int_equal(indicate(&vm, ALLOCATION, PHB + 1, 1), 0);
	assert_int_equal(indicate(&vm, ISOLATION, PHB + 1, 1), 0);
	assert_string_equal(
		vm_walk(&vm, PHB + 1),
		"2 pci@800000020000001\n3 name 4\n3 ibm,drc-types 772\n"
		"3 ibm,drc-names 1796\n3 ibm,drc-power-domains 1028\n"
		"3 ibm,drc-indexes 1028\n3 #size-cells 4\n3 #address-cells 4\n"
		"3 qemu,phb-enumerated 4\n3 ibm,my-drc-index 4\n3 ibm,dma-window 20\n"
		"3 ibm,#dma-size-cells 4\n3 ibm,#dma-address-cells 4\n"
		"3 interrupt-map 3584\n3 interrupt-map-mask 16\n"
		"3 ibm,ddw-extensions 12\n3 ibm,ddw-applicable 12\n"
		"3 ibm,pe-total-#msi 4\n3 ibm,pci-config-space-type 4\n3 reg 16\n"
		"3 ranges 84\n3 bus-range 8\n3 used-by-rtas 0\n"
		"3 #interrupt-cells 4\n3 compatible 16\n3 device_type 4\n0\n");
	assert_int_equal(vm_sense(&vm, C + 0x100ff), 0);

	assert_int_equal(vm_add(&vm, "virtio-rng-pci", "id=r1,bus=phb1.0,addr=1"), 0);
	assert_string_equal(hotplug_events(&vm), "add 40010008 ");
	assert_add_fails(&vm, "spapr-pci-host-bridge", "id=phbx,index=1",
			 "PHB 1 already attached");
	assert_add_fails(&vm, "spapr-pci-host-bridge", "id=phbx,index=31",
			 "\"index\" for PAPR PHB is too large (max 30)");
	assert_add_fails(&vm, "spapr-pci-host-bridge", "id=phbx",
			 "\"index\" for PAPR PHB is mandatory");
	assert_add_fails(&vm, "spapr-pci-host-bridge", "index=-1",
			 "Parameter 'index' expects uint32_t");
	assert_add_fails(&vm, "spapr-pci-host-bridge", "index=2,nosuch=7",
			 "Property 'spapr-pci-host-bridge.nosuch' not found");
	assert_add_fails(&vm, "spapr-pci-host-bridge", "index=2,numa_node=7",
			 "Invalid NUMA node ID for PCI host bridge");

	assert_int_equal(vm_del(&vm, "phb1"), 0);
	assert_del_fails(&vm, "phb1",
			 "PCI Host Bridge unplug already in progress for device phb1");
	assert_string_equal(hotplug_events(&vm), "phb-remove 20000001 ");
	assert_int_equal(indicate(&vm, ISOLATION, PHB + 1, 0), 0);
	assert_int_equal(indicate(&vm, ALLOCATION, PHB + 1, 0), 0);
	assert_int_equal(vm_sense(&vm, PHB + 1), 2);
	assert_int_equal(vm_sense(&vm, C + 0x10000), -3);
	assert_del_fails(&vm, "r1", "Device 'r1' not found");
	vm_end(&vm);
}

/* A tree of the guest without an interrupt controller. */
TEST(host_bridge_without_controller)
{
	struct fdt_out out;
	struct vm vm;
	size_t size;
	void *fdt;

	vm_start(&vm, NULL);
	assert_int_equal(vm_add(&vm, "spapr-pci-host-bridge", "index=1"), 0);
	fdt_out_begin(&out);
	fdt_out_node(&out, "%s", "");
	fdt_out_node_end(&out);
	assert_int_equal(fdt_out_end(&out, &fdt, &size), 0);
	tree_store(vm.vmm, fdt, size, false);
	assert_int_equal(indicate(&vm, ALLOCATION, PHB + 1, 1), 0);
	assert_int_equal(indicate(&vm, ISOLATION, PHB + 1, 1), 0);
	assert_int_equal(vm_walk_step(&vm, PHB + 1), -1);
	vm_end(&vm);
}

/* QEMU's order of events: connectors from the last, cards from the newest, DMA
 * windows. */
TEST(what_goes_with_a_host_bridge)
{
	const char *notes, *end;
	struct vm vm;

	vm_start(&vm, NULL);
	assert_int_equal(vm_add(&vm, "spapr-pci-host-bridge", "id=p,index=2"), 0);
	assert_int_equal(vm_add(&vm, "virtio-rng-pci", "id=a,addr=3"), 0);
	assert_int_equal(vm_add(&vm, "e1000", "id=b,bus=p.0,addr=2.1"), 0);
	assert_int_equal(vm_add(&vm, "virtio-net-pci", "id=s,bus=p.0"), 0);
	vm_notes(&vm);
	assert_int_equal(vm_del(&vm, "p"), 0);
	notes = vm_notes(&vm);
	end = strstr(notes, "DEVICE_DELETED /machine/peripheral/s");
	assert_non_null(end);
	assert_memory_equal(
		notes, "DEVICE_DELETED /machine/peripheral/p/dr-connector[1073873151]",
		61);
	assert_string_equal(end,
			    "DEVICE_DELETED /machine/peripheral/s/virtio-backend\n"
			    "DEVICE_DELETED s\n"
			    "DEVICE_DELETED b\n"
			    "DEVICE_DELETED /machine/peripheral/a/virtio-backend\n"
			    "DEVICE_DELETED a\n"
			    "DEVICE_DELETED /machine/peripheral/p/tce-table-80000200\n"
			    "DEVICE_DELETED /machine/peripheral/p/tce-table-80000201\n"
			    "DEVICE_DELETED p\n"
			    "irq 0x1001\n");
	assert_int_equal(vm_add(&vm, "spapr-pci-host-bridge", "id=p,index=2"), 0);
	vm_end(&vm);
}

TEST(what_query_pci_lists)
{
	struct papr_pci_info info = { .size = sizeof(info) };
	struct vm vm;

	vm_begin(&vm, NULL);
	assert_int_equal(vm_add(&vm, "pci-bridge", "id=b,addr=5,chassis_nr=7"), 0);
	assert_int_equal(vm_add(&vm, "virtio-rng-pci", "id=r,bus=b,addr=2"), 0);
	assert_int_equal(vm_add(&vm, "e1000", "addr=6"), 0);
	assert_int_equal(vm_add(&vm, "spapr-pci-host-bridge", "index=4"), 0);
	assert_int_equal(vm_add(&vm, "nvme", "id=n,serial=s"), 0);
	vm_reset(&vm);

	assert_int_equal(papr_vmm_pci_info(vm.vmm, 0, &info), 1);
	assert_string_equal(info.id, "n");
	assert_int_equal(info.phb, 4);
	assert_null(info.class_text);
	assert_int_equal(info.n_regions, 1);
	assert_true(info.regions[0].is64 && info.regions[0].size == 16384);
	assert_int_equal(papr_vmm_pci_info(vm.vmm, 1, &info), 1);
	assert_string_equal(info.id, "b");
	assert_int_equal(info.bridge_bus, 1);
	assert_string_equal(info.class_text, "PCI bridge");
	assert_int_equal(info.memory.limit, 0xfffff);
	assert_int_equal(papr_vmm_pci_info(vm.vmm, 2, &info), 1);
	assert_string_equal(info.id, "r");
	assert_int_equal(info.depth, 1);
	assert_int_equal(info.bus, 1);
	assert_int_equal(papr_vmm_pci_info(vm.vmm, 3, &info), 1);
	assert_string_equal(info.id, "");
	assert_int_equal(info.subsystem, 0x1100);
	assert_int_equal(papr_vmm_pci_info(vm.vmm, 4, &info), 0);
	vm_end(&vm);
}

TEST(class_names)
{
	assert_string_equal(pci_class_name(0x020000), "ethernet");
	assert_string_equal(pci_class_name(0x028000), "network");
	assert_string_equal(pci_class_name(0x010802), "mass-storage");
	assert_string_equal(pci_class_name(0x0c0330), "usb-xhci");
	assert_string_equal(pci_class_name(0x0c03ff), "usb");
	assert_string_equal(pci_class_name(0x00ff00), "legacy-device");
	assert_string_equal(pci_class_name(0x060400), "pci");
	assert_string_equal(pci_class_name(0x120000), "pci");
	assert_string_equal(pci_class_name(0xffffff), "pci");
	assert_string_equal(pci_class_name(0x0b2000), "powerpc");
}

/* Every card of the table can be added, configured, and removed again. */
TEST(every_model)
{
	const struct pci_model *const *at;
	struct vm vm;

	vm_begin(&vm, NULL);
	for (at = machine_of(vm.vmm)->type->cards; *at; at++) {
		const struct pci_model *m = *at;
		const char *words = m->needs ? strchr(m->needs, '=') : NULL;
		char options[128];

		snprintf(options, sizeof(options), "id=d,addr=10%s%s%.*s%s",
			 pci_model_is_bridge(m) ? ",chassis_nr=1" : "", words ? "," : "",
			 words ? (int)(words - m->needs) : 0, words ? m->needs : "",
			 words ? "=x" : "");
		assert_int_equal(vm_add(&vm, m->driver, options), 0);
		assert_non_null(strstr(vm_walk(&vm, C + 0x80), "\n0"));
		if (m->cold_only || pci_model_is_bridge(m)) {
			vm_end(&vm);
			vm_begin(&vm, NULL);
			continue;
		}
		assert_int_equal(vm_del(&vm, "d"), 0);
		assert_int_equal(indicate(&vm, ISOLATION, C + 0x80, 0), 0);
		assert_int_equal(vm_sense(&vm, C + 0x80), 0);
	}
	vm_end(&vm);
}

/* 31 host bridges with all their slots: time and memory grow linearly. */
TEST(a_thousand_cards)
{
	char options[48];
	struct vm vm;

	vm_begin(&vm, NULL);
	for (int phb = 0; phb < PCI_PHBS; phb++) {
		snprintf(options, sizeof(options), "id=p%d,index=%d", phb, phb);
		if (phb)
			assert_int_equal(vm_add(&vm, "spapr-pci-host-bridge", options),
					 0);
		for (int i = 0; i < 32; i++)
			assert_int_equal(vm_add(&vm, "virtio-rng-pci", NULL), 0);
	}
	vm_reset(&vm);
	assert_int_equal(vm_sense(&vm, C + (30 << 16) + 0xf8), 1);
	vm_end(&vm);
}
