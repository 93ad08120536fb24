// SPDX-License-Identifier: GPL-2.0-or-later
/* Calls for an existing card: configuration space, interrupts, DMA windows. The expected
 * answers are QEMU 7.2's. */
#include "tests/unit/fakes/vmm_machine.h"
#include "vmm/pci/pci_regs.h"

enum { BUID_HI = 0x8000000, BUID_LO = 0x20000000 };

static int32_t read_config(struct vm *vm, uint32_t addr, uint32_t size, uint32_t *value)
{
	uint32_t rets[2];
	int32_t status = vm_rtas(vm, "ibm,read-pci-config", 4,
				 (uint32_t[]){ addr, BUID_HI, BUID_LO, size }, 2, rets);

	*value = rets[1];
	return status;
}

static uint32_t config(struct vm *vm, uint32_t addr, uint32_t size)
{
	uint32_t value;

	assert_int_equal(read_config(vm, addr, size, &value), 0);
	return value;
}

static int32_t write_config(struct vm *vm, uint32_t addr, uint32_t size, uint32_t value)
{
	return vm_call(vm, "ibm,write-pci-config", addr, BUID_HI, BUID_LO, size, value);
}

TEST(access_rules)
{
	uint32_t rets[2], value;
	struct vm vm;

	vm_start(&vm, NULL);
	assert_int_equal(vm_add(&vm, "e1000", "id=c0,addr=3,romfile="), 0);
	assert_int_equal(config(&vm, 0x1800, 4), 0x100e8086);
	assert_int_equal(config(&vm, 0x1800, 2), 0x8086);
	assert_int_equal(config(&vm, 0x1803, 1), 0x10);
	assert_int_equal(read_config(&vm, 0x1801, 2, &value), -1);
	assert_int_equal(value, VM_UNWRITTEN);
	assert_int_equal(read_config(&vm, 0x1800, 3, &value), -1);
	assert_int_equal(read_config(&vm, 0x1800, 0, &value), -1);
	assert_int_equal(read_config(&vm, 0x4800, 4, &value), -1);     /* no card */
	assert_int_equal(read_config(&vm, 0x11800, 4, &value), -1);    /* no bus */
	assert_int_equal(read_config(&vm, 0x10001800, 4, &value), -1); /* not extended */
	assert_int_equal(vm_rtas(&vm, "ibm,read-pci-config", 4,
				 (uint32_t[]){ 0x1800, BUID_HI, BUID_LO + 5, 4 }, 2,
				 rets),
			 -1);
	assert_int_equal(vm_rtas(&vm, "ibm,read-pci-config", 3,
				 (uint32_t[]){ 0x1800, BUID_HI, BUID_LO }, 2, rets),
			 -1);
	assert_int_equal(
		vm_rtas(&vm, "read-pci-config", 2, (uint32_t[]){ 0x1800, 4 }, 2, rets),
		-1);
	assert_int_equal(vm_call(&vm, "write-pci-config", 0x1800, 4, 0), -1);

	assert_int_equal(write_config(&vm, 0x183c, 1, 90), 0);
	assert_int_equal(config(&vm, 0x183c, 1), 90);
	assert_int_equal(config(&vm, 0x183c, 4), 0x15a);
	assert_int_equal(write_config(&vm, 0x183c, 8, 0), -1);
	assert_int_equal(write_config(&vm, 0x1800, 4, 0), 0);
	assert_int_equal(config(&vm, 0x1800, 4), 0x100e8086);
	vm_end(&vm);
}

TEST(extended_space)
{
	struct vm vm;

	vm_start(&vm, NULL);
	assert_int_equal(vm_add(&vm, "e1000e", "addr=3,mac=02:03:04:05:06:07"), 0);
	assert_int_equal(config(&vm, 0x10001800, 4), 0x14020001);
	assert_int_equal(config(&vm, 0x10001844, 4), 0xff050607); /* serial number */
	assert_int_equal(config(&vm, 0x10001848, 4), 0x020304ff);
	assert_int_equal(write_config(&vm, 0xf00018fc, 4, 0x12345678), 0);
	assert_int_equal(config(&vm, 0xf00018fc, 4), 0x12345678);
	assert_int_equal(vm_add(&vm, "e1000e", "addr=4"), 0);
	assert_int_equal(vm_add(&vm, "e1000e", "addr=5"), 0);
	assert_int_equal(config(&vm, 0x10002044, 4), 0xff123456);
	assert_int_equal(config(&vm, 0x10002844, 4), 0xff123457);
	vm_end(&vm);
}

TEST(sizes_of_regions)
{
	struct papr_pci_info info = { .size = sizeof(info) };
	struct vm vm;

	vm_start(&vm, NULL);
	assert_int_equal(vm_add(&vm, "virtio-net-pci", "addr=1"), 0);
	assert_int_equal(write_config(&vm, 0x810, 4, 0xffffffff), 0);
	assert_int_equal(config(&vm, 0x810, 4), 0xffffffe1);
	assert_int_equal(write_config(&vm, 0x820, 4, 0xffffffff), 0);
	assert_int_equal(config(&vm, 0x820, 4), 0xffffc00c);
	assert_int_equal(write_config(&vm, 0x824, 4, 0xffffffff), 0);
	assert_int_equal(config(&vm, 0x824, 4), 0xffffffff);

	assert_int_equal(papr_vmm_pci_info(vm.vmm, 0, &info), 1);
	assert_int_equal(info.n_regions, 3);
	assert_true(info.regions[2].address == UINT64_MAX);
	assert_int_equal(write_config(&vm, 0x820, 4, 0x40000), 0);
	assert_int_equal(write_config(&vm, 0x824, 4, 0x2100), 0);
	assert_int_equal(write_config(&vm, 0x804, 2, 2), 0);
	assert_int_equal(papr_vmm_pci_info(vm.vmm, 0, &info), 1);
	assert_true(info.regions[2].address == 0x210000040000);
	assert_true(info.regions[0].address == UINT64_MAX);

	vm_reset(&vm);
	assert_int_equal(config(&vm, 0x804, 2), 0);
	assert_int_equal(config(&vm, 0x820, 4), 0xc);
	vm_end(&vm);
}

/* A bus below a bridge has the numbers that the guest gave the bridge. */
TEST(numbers_of_buses)
{
	uint32_t value;
	struct vm vm;

	vm_begin(&vm, NULL);
	assert_int_equal(vm_add(&vm, "pci-bridge", "id=b0,addr=5,chassis_nr=7"), 0);
	assert_int_equal(vm_add(&vm, "pci-bridge", "id=b1,bus=b0,addr=3,chassis_nr=8"),
			 0);
	assert_int_equal(vm_add(&vm, "pci-bridge", "id=b2,addr=6,chassis_nr=9"), 0);
	assert_int_equal(vm_add(&vm, "e1000", "bus=b1,addr=2"), 0);
	vm_reset(&vm);
	assert_int_equal(config(&vm, 0x2818, 4) & 0xffffff, 0x020100);
	assert_int_equal(config(&vm, 0x11818, 4) & 0xffffff, 0x020201);
	assert_int_equal(config(&vm, 0x3018, 4) & 0xffffff, 0x030300);
	assert_int_equal(config(&vm, 0x21000, 4), 0x100e8086);

	assert_int_equal(write_config(&vm, 0x2818, 4, 0x403000), 0);
	assert_int_equal(read_config(&vm, 0x21000, 4, &value), -1);
	assert_int_equal(write_config(&vm, 0x301818, 4, 0x313130), 0);
	assert_int_equal(config(&vm, 0x311000, 4), 0x100e8086);

	/* cards below a bridge that resets it are reset, too */
	assert_int_equal(write_config(&vm, 0x31103c, 1, 9), 0);
	assert_int_equal(write_config(&vm, 0x283e, 2, PCI_BRIDGE_RESET), 0);
	assert_int_equal(read_config(&vm, 0x311000, 4, &value), -1);
	assert_int_equal(write_config(&vm, 0x283e, 2, 0), 0);
	assert_int_equal(write_config(&vm, 0x301818, 4, 0x313130), 0);
	assert_int_equal(config(&vm, 0x31103c, 1), 0);
	vm_end(&vm);
}

static int32_t change_msi(struct vm *vm, uint32_t addr, uint32_t func, uint32_t n,
			  uint32_t rets[4])
{
	return vm_rtas(vm, "ibm,change-msi", 6,
		       (uint32_t[]){ addr, BUID_HI, BUID_LO, func, n, 7 }, 4, rets);
}

/* Return the number of interrupt n, or the status. */
static int32_t irq(struct vm *vm, uint32_t addr, uint32_t n)
{
	uint32_t rets[3];
	int32_t status = vm_rtas(vm, "ibm,query-interrupt-source-number", 4,
				 (uint32_t[]){ addr, BUID_HI, BUID_LO, n }, 3, rets);

	if (!status)
		assert_int_equal(rets[2], 1);
	return status ? status : (int32_t)rets[1];
}

#define assert_rets(rets, ...)                                   \
	assert_memory_equal(rets, ((uint32_t[]){ __VA_ARGS__ }), \
			    sizeof((uint32_t[]){ __VA_ARGS__ }))

TEST(messages)
{
	uint32_t rets[4];
	struct vm vm;

	vm_start(&vm, NULL);
	assert_int_equal(vm_add(&vm, "e1000", "addr=3"), 0);
	assert_int_equal(vm_add(&vm, "virtio-scsi-pci", "addr=2"), 0);
	assert_int_equal(vm_add(&vm, "virtio-rng-pci", "id=r,addr=4"), 0);
	assert_int_equal(irq(&vm, 0x1000, 0), -1);
	assert_int_equal(change_msi(&vm, 0x1800, 1, 1, rets), -3);
	assert_int_equal(change_msi(&vm, 0x1000, 3, 1, rets), -3);
	assert_int_equal(change_msi(&vm, 0x1000, 9, 1, rets), -3);
	assert_int_equal(change_msi(&vm, 0x4800, 1, 1, rets), -3);
	assert_int_equal(change_msi(&vm, 0x1000, 4, 99, rets), 0);
	assert_rets(rets, 0, 4, 8, 2);
	assert_int_equal(irq(&vm, 0x1000, 0), -1);
	assert_int_equal(change_msi(&vm, 0x1000, 1, 3, rets), 0);
	assert_rets(rets, 0, 3, 8, 2);
	assert_int_equal(irq(&vm, 0x1000, 2), 0x1302);
	assert_int_equal(irq(&vm, 0x1000, 3), -1);
	assert_int_equal(irq(&vm, 0x4800, 0), -3);
	/* those of MSI-X begin at even numbers; new ones are allocated before old ones
	 * are freed */
	assert_int_equal(change_msi(&vm, 0x2000, 1, 2, rets), 0);
	assert_int_equal(irq(&vm, 0x2000, 0), 0x1304);
	assert_int_equal(change_msi(&vm, 0x1000, 4, 2, rets), 0);
	assert_int_equal(irq(&vm, 0x1000, 0), 0x1306);
	assert_int_equal(change_msi(&vm, 0x1000, 1, 0, rets), 0);
	assert_rets(rets, 0, 0, VM_UNWRITTEN, VM_UNWRITTEN);
	assert_int_equal(change_msi(&vm, 0x1000, 1, 0, rets), -1);
	/* those of an unplugged card stay at its address; a reset frees all */
	assert_int_equal(vm_del(&vm, "r"), 0);
	assert_int_equal(change_msi(&vm, 0x1000, 4, 4, rets), 0);
	assert_int_equal(irq(&vm, 0x1000, 3), 0x1303);
	assert_int_equal(irq(&vm, 0x2000, 0), -3);
	assert_int_equal(vm_add(&vm, "virtio-rng-pci", "id=r,addr=4"), 0);
	assert_int_equal(irq(&vm, 0x2000, 1), 0x1305);
	assert_int_equal(vm_del(&vm, "r"), 0);
	vm_reset(&vm);
	assert_int_equal(irq(&vm, 0x1000, 0), -1);
	assert_int_equal(vm_add(&vm, "virtio-rng-pci", "addr=4"), 0);
	assert_int_equal(irq(&vm, 0x2000, 0), -1);
	vm_end(&vm);
}

TEST(number_of_vectors)
{
	uint32_t rets[4];
	struct vm vm;

	vm_start(&vm, NULL);
	assert_int_equal(vm_add(&vm, "virtio-net-pci", "addr=2,vectors=10"), 0);
	assert_int_equal(change_msi(&vm, 0x1000, 4, 99, rets), 0);
	assert_int_equal(rets[1], 10);
	assert_int_not_equal(vm_add(&vm, "virtio-net-pci", "vectors=x"), 0);
	assert_string_equal(vm_error(&vm), "Parameter 'vectors' expects integer");
	vm_end(&vm);
}

/* Properties that change registers. "make check-diff" compares all of them with QEMU's. */
TEST(properties)
{
	struct vm vm;

	vm_start(&vm, NULL);
	assert_int_equal(vm_add(&vm, "virtio-net-pci", "addr=3,disable-legacy=yes"), 0);
	assert_int_equal(config(&vm, 0x1800, 4), 0x10411af4);
	assert_int_equal(config(&vm, 0x1808, 1), 1);
	assert_int_equal(config(&vm, 0x1810, 4), 0);
	assert_int_equal(config(&vm, 0x182c, 4), 0x11001af4);
	/* the default values */
	assert_int_equal(vm_add(&vm, "virtio-net-pci",
				"addr=5,disable-legacy=auto,disable-modern=off"),
			 0);
	assert_int_equal(config(&vm, 0x2800, 4), 0x10001af4);
	assert_int_equal(vm_add(&vm, "virtio-net-pci", "disable-modern=true"), -EINVAL);
	assert_int_equal(vm_add(&vm, "virtio-net-pci", "vectors=0"), -EINVAL);

	/* DMA windows are for cards without the legacy interface. */
	assert_int_equal(vm_add(&vm, "virtio-rng-pci", "addr=7,iommu_platform=on"),
			 -EINVAL);
	assert_string_equal(vm_error(&vm), "VIRTIO_F_IOMMU_PLATFORM was supported by "
					   "neither legacy nor transitional device");
	assert_int_equal(vm_add(&vm, "virtio-rng-pci",
				"addr=7,iommu_platform=on,disable-legacy=on"),
			 0);
	assert_int_equal(vm_add(&vm, "virtio-rng-pci", "addr=8,iommu_platform=zz"),
			 -EINVAL);

	/* A BAR that was removed cannot be written, and a reset does not restore it. */
	assert_int_equal(write_config(&vm, 0x1810, 4, 0xffffffff), 0);
	assert_int_equal(config(&vm, 0x1810, 4), 0);
	assert_int_equal(vm_add(&vm, "VGA", "addr=6"), -EINVAL); /* only at start */
	vm_reset(&vm);
	assert_int_equal(config(&vm, 0x1810, 4), 0);
	assert_int_equal(config(&vm, 0x1800, 4), 0x10411af4);
	vm_end(&vm);
}

/* The address and the number are written into the capability. */
TEST(message_in_config_space)
{
	uint32_t rets[4];
	struct vm vm;

	vm_start(&vm, NULL);
	assert_int_equal(vm_add(&vm, "e1000e", "addr=1"), 0);
	assert_int_equal(change_msi(&vm, 0x800, 1, 1, rets), 0);
	assert_rets(rets, 0, 1, 8, 1);
	assert_int_equal(config(&vm, 0x8d4, 4), 0);
	assert_int_equal(config(&vm, 0x8d8, 4), 0x400);
	assert_int_equal(config(&vm, 0x8dc, 4), 0x1300);
	assert_int_equal(change_msi(&vm, 0x800, 1, 0, rets), 0);
	assert_int_equal(config(&vm, 0x8d8, 4), 0);
	assert_int_equal(config(&vm, 0x8dc, 4), 0);

	/* the number that the guest enables, limited when they are on */
	assert_int_equal(write_config(&vm, 0x8d2, 2, 0x20), 0);
	assert_int_equal(change_msi(&vm, 0x800, 3, 9, rets), 0);
	assert_rets(rets, 0, 4, 8, 1);
	assert_int_equal(write_config(&vm, 0x8d2, 2, 0x21), 0);
	assert_int_equal(config(&vm, 0x8d2, 2), 0x81);
	vm_end(&vm);
}

static int32_t window(struct vm *vm, uint32_t page, uint32_t size, uint32_t rets[4])
{
	return vm_rtas(vm, "ibm,create-pe-dma-window", 5,
		       (uint32_t[]){ 0, BUID_HI, BUID_LO, page, size }, 4, rets);
}

static void query_windows(struct vm *vm, uint32_t left)
{
	uint32_t rets[6];

	assert_int_equal(vm_rtas(vm, "ibm,query-pe-dma-window", 3,
				 (uint32_t[]){ 0, BUID_HI, BUID_LO }, 5, rets),
			 0);
	assert_memory_equal(rets, ((uint32_t[]){ 0, left, 0x80000000, 0x107, 0 }), 20);
	assert_int_equal(vm_rtas(vm, "ibm,query-pe-dma-window", 3,
				 (uint32_t[]){ 0, BUID_HI, BUID_LO }, 6, rets),
			 0);
	assert_memory_equal(rets, ((uint32_t[]){ 0, left, 0x20, 0, 0x107, 0 }), 24);
}

TEST(dma_windows)
{
	uint32_t rets[4];
	struct vm vm;

	vm_start(&vm, NULL);
	query_windows(&vm, 1);
	assert_int_equal(window(&vm, 16, 30, rets), 0);
	assert_rets(rets, 0, 0x80000001, 0x8000000, 0);
	query_windows(&vm, 0);
	assert_int_equal(window(&vm, 16, 30, rets), -1);
	assert_int_equal(vm_call(&vm, "ibm,remove-pe-dma-window", 0x80000001), 0);
	assert_int_equal(vm_call(&vm, "ibm,remove-pe-dma-window", 0x80000001), -3);
	assert_int_equal(vm_call(&vm, "ibm,remove-pe-dma-window", 0x80000100), -3);
	assert_int_equal(window(&vm, 13, 30, rets), -3);
	assert_int_equal(window(&vm, 12, 11, rets), -3);
	assert_int_equal(window(&vm, 12, 63, rets), -1);
	assert_int_equal(window(&vm, 12, 12, rets), 0);
	assert_int_equal(vm_call(&vm, "ibm,remove-pe-dma-window", 0x80000000), 0);
	assert_int_equal(window(&vm, 12, 30, rets), 0);
	assert_rets(rets, 0, 0x80000000, 0, 0);
	assert_int_equal(vm_call(&vm, "ibm,reset-pe-dma-window", 0, BUID_HI, BUID_LO), 0);
	query_windows(&vm, 1);
	assert_int_equal(vm_call(&vm, "ibm,reset-pe-dma-window", 0, BUID_HI, BUID_LO + 3),
			 -3);
	vm_end(&vm);
}

TEST(error_handling_is_not_there)
{
	struct vm vm;

	vm_start(&vm, NULL);
	assert_int_equal(vm_add(&vm, "e1000", "addr=3"), 0);
	assert_int_equal(vm_call(&vm, "ibm,set-eeh-option", 0x1800, BUID_HI, BUID_LO, 1),
			 -3);
	assert_int_equal(vm_call(&vm, "ibm,configure-pe", 0x1800, BUID_HI, BUID_LO), -3);
	assert_int_equal(vm_call(&vm, "ibm,set-slot-reset", 0x1800, BUID_HI, BUID_LO, 1),
			 -3);
	vm_end(&vm);
}

static void source(struct vm *vm, uint32_t nr, uint32_t server, uint32_t priority)
{
	uint32_t rets[3];

	assert_int_equal(vm_rtas(vm, "ibm,get-xive", 1, &nr, 3, rets), 0);
	assert_rets(rets, 0, server, priority);
}

TEST(interrupt_sources)
{
	uint32_t rets[3];
	struct vm vm;

	vm_start(&vm, NULL);
	assert_int_equal(vm_call(&vm, "ibm,set-xive", 0x1300, 0, 5), -1);
	vm_end(&vm);

	vm_begin(&vm, NULL);
	vm_reset(&vm);
	source(&vm, 0x1300, 0, 0xff);
	assert_int_equal(vm_call(&vm, "ibm,set-xive", 0x1300, 0, 5), 0);
	source(&vm, 0x1300, 0, 5);
	assert_int_equal(vm_call(&vm, "ibm,int-off", 0x1300), 0);
	source(&vm, 0x1300, 0, 0xff);
	assert_int_equal(vm_call(&vm, "ibm,int-on", 0x1300), 0);
	source(&vm, 0x1300, 0, 5);
	assert_int_equal(vm_call(&vm, "ibm,set-xive", 0xfff, 0, 5), -3);
	assert_int_equal(vm_call(&vm, "ibm,set-xive", 0x2000, 0, 5), -3);
	assert_int_equal(vm_call(&vm, "ibm,set-xive", 0x1300, 1, 5), -3);
	assert_int_equal(vm_call(&vm, "ibm,set-xive", 0x1300, 0, 0x100), -3);
	assert_int_equal(vm_call(&vm, "ibm,set-xive", 0x1300, 0), -3);
	assert_int_equal(vm_rtas(&vm, "ibm,get-xive", 1, (uint32_t[]){ 0x1300 }, 1, rets),
			 -3);
	vm_reset(&vm);
	source(&vm, 0x1300, 0, 0xff);
	vm_end(&vm);
}

/* What decodes this address: "addr BAR+offset", or "" for nothing */
static const char *decodes(const struct vm *vm, uint64_t address)
{
	struct papr_pci_access is = { .size = sizeof(is) };
	static char text[64];
	int found = papr_vmm_pci_at(vm->vmm, address, &is);

	assert_true(found == 0 || found == 1);
	assert_int_equal(is.size, sizeof(is));
	snprintf(text, sizeof(text), "%02x:%02x.%x %u+0x%llx", is.bus, is.slot,
		 is.function, is.bar, (unsigned long long)is.offset);
	return found ? text : "";
}

#define assert_decodes(vm, address, expected) \
	assert_string_equal(decodes(vm, address), expected)

/* Assign BAR 4 of a virtio card, which has 64 bits and 16 KiB. */
static void assign(struct vm *vm, uint32_t addr, uint64_t address)
{
	assert_int_equal(write_config(vm, addr + 0x20, 4, (uint32_t)address), 0);
	assert_int_equal(write_config(vm, addr + 0x24, 4, (uint32_t)(address >> 32)), 0);
}

TEST(addresses)
{
	const uint64_t at = 0x210000040000, moved = 0x21ffffffc000;
	struct vm vm;

	vm_start(&vm, NULL);
	assert_int_equal(vm_add(&vm, "virtio-net-pci", "id=n,addr=1"), 0);
	assert_decodes(&vm, 0, "");
	assert_decodes(&vm, UINT64_MAX, "");
	assign(&vm, 0x800, at);
	assert_decodes(&vm, at, ""); /* not enabled */
	assert_int_equal(write_config(&vm, 0x804, 2, PCI_COMMAND_IO), 0);
	assert_decodes(&vm, at, "");
	assert_int_equal(write_config(&vm, 0x804, 2, PCI_COMMAND_MEMORY), 0);
	assert_decodes(&vm, at, "00:01.0 4+0x0");
	assert_decodes(&vm, at + 0x3fff, "00:01.0 4+0x3fff");
	assert_decodes(&vm, at + 0x4000, "");
	assert_decodes(&vm, at - 1, "");

	/* moved, to the end of the host bridge's window, and out of it */
	assign(&vm, 0x800, moved);
	assert_decodes(&vm, at, "");
	assert_decodes(&vm, moved + 0x3fff, "00:01.0 4+0x3fff");
	assign(&vm, 0x800, moved + 0x4000);
	assert_decodes(&vm, moved + 0x4000, "");
	assert_decodes(&vm, moved, "");
	assign(&vm, 0x800, 0x40000); /* the guest's memory */
	assert_decodes(&vm, 0x40000, "");
	assign(&vm, 0x800, UINT64_MAX); /* its size is being read */
	assert_decodes(&vm, UINT64_MAX, "");
	assert_decodes(&vm, UINT64_MAX - 0x3fff, "");

	/* the windows of 32 bits and of ports */
	assert_int_equal(write_config(&vm, 0x814, 4, 0x80001000), 0);
	assert_decodes(&vm, 0x200080001004, "00:01.0 1+0x4");
	assert_decodes(&vm, 0x80001004, "");
	assert_int_equal(write_config(&vm, 0x814, 4, 0x7ffff000), 0);
	assert_decodes(&vm, 0x7ffff000, "");
	assert_decodes(&vm, 0x20007ffff000, "");
	assert_int_equal(write_config(&vm, 0x810, 4, 0x1000), 0);
	assert_decodes(&vm, 0x200000001000, "");
	assert_int_equal(write_config(&vm, 0x804, 2, PCI_COMMAND_IO), 0);
	assert_decodes(&vm, 0x200000001000, "00:01.0 0+0x0");
	assert_int_equal(write_config(&vm, 0x810, 4, 0x10000), 0);
	assert_decodes(&vm, 0x200000010000, ""); /* ports of the next host bridge */

	vm_reset(&vm);
	assert_decodes(&vm, moved, "");
	vm_end(&vm);
}

/* The newer one of two functions decodes an address that both have. */
TEST(a_bar_over_another)
{
	const uint64_t at = 0x210000040000;
	struct vm vm;

	vm_start(&vm, NULL);
	assert_int_equal(vm_add(&vm, "virtio-net-pci", "id=a,addr=1"), 0);
	assert_int_equal(vm_add(&vm, "virtio-net-pci", "id=b,addr=2"), 0);
	for (uint32_t addr = 0x800; addr <= 0x1000; addr += 0x800) {
		assign(&vm, addr, at);
		assert_int_equal(write_config(&vm, addr + 4, 2, PCI_COMMAND_MEMORY), 0);
	}
	assert_decodes(&vm, at, "00:02.0 4+0x0");
	assert_int_equal(write_config(&vm, 0x1004, 2, 0), 0);
	assert_decodes(&vm, at, "00:01.0 4+0x0");
	vm_end(&vm);
}

/* Write to the card of slot 2 of host bridge 1, below the bridge of the slot. */
static void write_in_slot(struct vm *vm, uint32_t at, uint32_t size, uint32_t value)
{
	assert_int_equal(vm_call(vm, "ibm,write-pci-config", 0x110000 | at, 0x8000000,
				 0x20000001, size, value),
			 0);
}

/* A logical slot that the guest has not acquired decodes nothing. */
TEST(addresses_in_a_logical_slot)
{
	struct papr_config config = vm_config;
	uint32_t slot;
	struct vm vm;

	config.powervm = true;
	vm_start(&vm, &config);
	assert_int_equal(vm_add(&vm, "spapr-pci-host-bridge", "id=p,index=1,x-slots=on"),
			 0);
	assert_int_equal(vm_add(&vm, "e1000", "id=c,bus=p.0,addr=2"), 0);
	slot = connectors_of_kind(connectors_of(vm.vmm), DRC_KIND_SLOT)->all[2].index;
	vm_take(&vm, slot);
	write_in_slot(&vm, 0x10, 4, 0x84000000);
	write_in_slot(&vm, 0x04, 2, PCI_COMMAND_MEMORY);
	assert_decodes(&vm, 0x200104000000, "11:00.0 0+0x0");
	vm_give(&vm, slot);
	assert_decodes(&vm, 0x200104000000, "");
	vm_end(&vm);
}

/* A card at the place of another one is another function. */
TEST(access_details)
{
	const uint64_t at = 0x210000040000;
	struct papr_pci_access is = { .size = sizeof(is) };
	struct papr_pci_info info = { .size = sizeof(info) };
	uint32_t rets[4];
	uint64_t serial;
	struct vm vm;

	vm_start(&vm, NULL);
	assert_int_equal(vm_add(&vm, "virtio-rng-pci", "id=r,addr=2"), 0);
	assign(&vm, 0x1000, at);
	assert_int_equal(write_config(&vm, 0x1004, 2, PCI_COMMAND_MEMORY), 0);
	assert_int_equal(papr_vmm_pci_at(vm.vmm, at + 8, &is), 1);
	assert_string_equal(is.driver, "virtio-rng-pci");
	assert_false(is.bus_master);
	assert_int_equal(is.n_msis, 0);
	assert_int_equal(is.lsi, 0x1202);
	assert_int_equal(
		write_config(&vm, 0x1004, 2, PCI_COMMAND_MEMORY | PCI_COMMAND_MASTER), 0);
	assert_int_equal(change_msi(&vm, 0x1000, 4, 2, rets), 0);
	assert_int_equal(papr_vmm_pci_at(vm.vmm, at + 8, &is), 1);
	assert_true(is.bus_master);
	assert_int_equal(is.first_msi, 0x1300);
	assert_int_equal(is.n_msis, 2);
	assert_int_equal(papr_vmm_pci_info(vm.vmm, 0, &info), 1);
	assert_true(info.serial == is.serial);
	serial = is.serial;

	assert_int_equal(vm_del(&vm, "r"), 0);
	vm_reset(&vm); /* releases it */
	assert_int_equal(papr_vmm_pci_info(vm.vmm, 0, &info), 0);
	assert_decodes(&vm, at, "");
	assert_int_equal(vm_add(&vm, "virtio-rng-pci", "id=r,addr=2"), 0);
	assign(&vm, 0x1000, at);
	assert_int_equal(write_config(&vm, 0x1004, 2, PCI_COMMAND_MEMORY), 0);
	assert_int_equal(papr_vmm_pci_at(vm.vmm, at, &is), 1);
	assert_true(is.serial != serial);
	vm_end(&vm);
}

/* Callers with an older or a newer structure, and one that forgot its size */
TEST(access_sizes)
{
	const uint64_t at = 0x210000040000;
	struct {
		struct papr_pci_access known;
		uint64_t newer;
	} new = { .known.size = sizeof(new), .newer = 5 };
	struct papr_pci_access old = { .size = offsetof(struct papr_pci_access, phb),
				       .offset = 7 };
	struct vm vm;

	vm_start(&vm, NULL);
	assert_int_equal(vm_add(&vm, "virtio-rng-pci", "addr=2"), 0);
	assign(&vm, 0x1000, at);
	assert_int_equal(write_config(&vm, 0x1004, 2, PCI_COMMAND_MEMORY), 0);
	assert_int_equal(papr_vmm_pci_at(vm.vmm, at + 1, &new.known), 1);
	assert_int_equal(new.known.size, sizeof(new));
	assert_int_equal(new.known.offset, 1);
	assert_true(new.newer == 0);
	assert_int_equal(papr_vmm_pci_at(vm.vmm, at + 1, &old), 1);
	assert_true(old.serial == new.known.serial);
	assert_int_equal(old.offset, 7);
	old.size = 0;
	assert_int_equal(papr_vmm_pci_at(vm.vmm, at + 1, &old), -EINVAL);
	vm_end(&vm);
}
