// SPDX-License-Identifier: GPL-2.0-or-later
/* DMA windows: the guest's calls, what devices reach through them, and hostile guests. */
#include "tests/unit/fakes/vmm_story.h"
#include "vmm/state/state.h"
#include "vmm/vio/vio.h"
#include "wire/hcall.h"

#define PHB0	 0x80000000u
#define DDW0	 0x80000001u
#define PHB1	 0x80000100u
#define DDW_AT	 UINT64_C(0x800000000000000)
#define WINDOW	 UINT64_C(0x40000000) /* bytes of a default window */
#define ALL_ROWS UINT64_MAX

enum { PAGE = 0x1000, LIST = 0x40000, READ = 1, WRITE = 2, RW = 3, ENTRIES = 512 };
enum { VSCSI = 0x2000, VLAN = 0x3000 };

static void start(struct vm *vm)
{
	vm_begin(vm, NULL);
	assert_int_equal(vm_add(vm, "spapr-pci-host-bridge", "id=phb1,index=1"), 0);
	assert_int_equal(vm_add(vm, "nvme", "id=n,bus=pci.0,addr=2,drive=d,serial=s"), 0);
	assert_int_equal(vm_add(vm, "spapr-vscsi", "id=s,reg=0x2000"), 0);
	assert_int_equal(vm_add(vm, "spapr-vlan", "id=l,reg=0x3000"), 0);
	vm_reset(vm);
	vm_notes(vm);
}

static int64_t hcall(struct vm *vm, uint64_t nr, uint64_t r4, uint64_t r5, uint64_t r6,
		     uint64_t r7)
{
	uint64_t args[PAPR_HCALL_ARGS] = { r4, r5, r6, r7 };

	return papr_vmm_hcall(vm->vmm, 0, nr, args);
}

static int64_t put(struct vm *vm, uint64_t liobn, uint64_t ioba, uint64_t tce)
{
	return hcall(vm, H_PUT_TCE, liobn, ioba, tce, 0);
}

static int64_t stuff(struct vm *vm, uint64_t liobn, uint64_t ioba, uint64_t tce,
		     uint64_t n)
{
	return hcall(vm, H_STUFF_TCE, liobn, ioba, tce, n);
}

/* Return an entry, which exists. */
static uint64_t entry(struct vm *vm, uint64_t liobn, uint64_t ioba)
{
	uint64_t args[PAPR_HCALL_ARGS] = { liobn, ioba };

	assert_int_equal(papr_vmm_hcall(vm->vmm, 0, H_GET_TCE, args), H_SUCCESS);
	return args[0];
}

static void put_list(struct vm *vm, uint64_t at, unsigned int n, uint64_t tce)
{
	vm_put_be32(vm, at + 8 * n, (uint32_t)(tce >> 32));
	vm_put_be32(vm, at + 8 * n + 4, (uint32_t)tce);
}

static int32_t create_ddw(struct vm *vm, uint32_t page, uint32_t window, uint32_t *rets)
{
	const uint32_t args[] = { 0, 0x8000000, 0x20000000, page, window };

	return vm_rtas(vm, "ibm,create-pe-dma-window", 5, args, 4, rets);
}

static uint64_t used(const struct vm *vm)
{
	return iommu_of(vm->vmm)->pool.used;
}

/* ---- The calls ----------------------------------------------------------------------- */

static void one_entry(void **state)
{
	struct vm vm;

	(void)state;
	start(&vm);
	assert_int_equal(entry(&vm, PHB0, 0), 0);
	assert_int_equal(put(&vm, PHB0, 0x5000, 0x123003), H_SUCCESS);
	assert_int_equal(entry(&vm, PHB0, 0x5fff), 0x123003); /* low bits do not matter */
	assert_int_equal(entry(&vm, PHB0, 0x4000), 0);
	assert_int_equal(entry(&vm, PHB1, 0x5000), 0);
	/* An entry without permissions is kept as it is. */
	assert_int_equal(put(&vm, PHB0, 0x6123, 0xabc000), H_SUCCESS);
	assert_int_equal(entry(&vm, PHB0, 0x6000), 0xabc000);
	assert_int_equal(put(&vm, PHB0, WINDOW - 1, 0x1003), H_SUCCESS);

	assert_int_equal(put(&vm, PHB0, WINDOW, 0x1003), H_PARAMETER);
	assert_int_equal(put(&vm, PHB0, UINT64_MAX, 0x1003), H_PARAMETER);
	assert_int_equal(put(&vm, DDW0, DDW_AT, 0x1003), H_PARAMETER); /* closed */
	assert_int_equal(put(&vm, PHB0 | UINT64_C(1) << 32, 0, 0x1003), H_PARAMETER);
	assert_int_equal(put(&vm, 0x80000200, 0, 0x1003), H_PARAMETER);
	assert_int_equal(hcall(&vm, H_GET_TCE, PHB0, WINDOW, 0, 0), H_PARAMETER);
	assert_int_equal(hcall(&vm, H_GET_TCE, 0x71000000, 0, 0, 0), H_PARAMETER);

	/* Another page, then none */
	assert_int_equal(put(&vm, PHB0, 0x5000, 0x123003), H_SUCCESS);
	assert_int_equal(put(&vm, PHB0, 0x5000, 0x124001), H_SUCCESS);
	assert_int_equal(put(&vm, PHB0, 0x5000, 0), H_SUCCESS);
	assert_int_equal(entry(&vm, PHB0, 0x5000), 0);
	vm_end(&vm);
}

static void lists(void **state)
{
	struct vm vm;

	(void)state;
	start(&vm);
	for (unsigned int i = 0; i < ENTRIES; i++)
		put_list(&vm, LIST, i, (0x100 + i) * PAGE + RW);
	put_list(&vm, LIST, 3, 0x900003);
	assert_int_equal(hcall(&vm, H_PUT_TCE_INDIRECT, PHB0, 0x10000, LIST, ENTRIES),
			 H_SUCCESS);
	assert_int_equal(entry(&vm, PHB0, 0x10000 + 511 * PAGE), 0x2ff003);

	assert_int_equal(hcall(&vm, H_PUT_TCE_INDIRECT, PHB0, 0, LIST, ENTRIES + 1),
			 H_PARAMETER);
	assert_int_equal(hcall(&vm, H_PUT_TCE_INDIRECT, PHB0, 0, LIST, 0), H_PARAMETER);
	assert_int_equal(hcall(&vm, H_PUT_TCE_INDIRECT, PHB0, 0, LIST + 8, 1),
			 H_PARAMETER);
	assert_int_equal(hcall(&vm, H_PUT_TCE_INDIRECT, PHB0, 0, VM_MEMORY_BYTES, 1),
			 H_PARAMETER);
	assert_int_equal(entry(&vm, PHB0, 0), 0);
	/* The last page of memory, and what follows it */
	assert_int_equal(hcall(&vm, H_PUT_TCE_INDIRECT, PHB0, 0x800000,
			       VM_MEMORY_BYTES - PAGE, ENTRIES),
			 H_SUCCESS);

	/* Entries before the first wrong one are set. */
	assert_int_equal(hcall(&vm, H_PUT_TCE_INDIRECT, PHB0, WINDOW - 2 * PAGE, LIST, 4),
			 H_PARAMETER);
	assert_int_equal(entry(&vm, PHB0, WINDOW - PAGE), 0x101003);
	vm_end(&vm);
}

static void fills(void **state)
{
	struct vm vm;

	(void)state;
	start(&vm);
	assert_int_equal(stuff(&vm, PHB0, 0x2000, 0x7003, 600), H_SUCCESS);
	assert_int_equal(entry(&vm, PHB0, 0x2000 + 599 * PAGE), 0x7003);
	assert_int_equal(entry(&vm, PHB0, 0x2000 + 600 * PAGE), 0);
	assert_int_equal(stuff(&vm, PHB0, 0x3000, 0, 598), H_SUCCESS);
	assert_int_equal(entry(&vm, PHB0, 0x2000), 0x7003);
	assert_int_equal(entry(&vm, PHB0, 0x3000), 0);
	assert_int_equal(entry(&vm, PHB0, 0x2000 + 598 * PAGE), 0);
	assert_int_equal(entry(&vm, PHB0, 0x2000 + 599 * PAGE), 0x7003);

	assert_int_equal(stuff(&vm, PHB0, 0, 0, WINDOW / PAGE), H_SUCCESS);
	assert_int_equal(used(&vm), 0);
	assert_int_equal(stuff(&vm, PHB0, 0, 0, WINDOW / PAGE), H_SUCCESS);

	assert_int_equal(stuff(&vm, PHB0, 0, 0, 0), H_PARAMETER);
	assert_int_equal(stuff(&vm, PHB0, 0, 0, WINDOW / PAGE + 1), H_PARAMETER);
	assert_int_equal(put(&vm, PHB0, WINDOW - PAGE, 0x7003), H_SUCCESS);
	assert_int_equal(stuff(&vm, PHB0, WINDOW - PAGE, 0, 2), H_PARAMETER);
	assert_int_equal(entry(&vm, PHB0, WINDOW - PAGE), 0);
	assert_int_equal(stuff(&vm, PHB0, WINDOW, 0, 1), H_PARAMETER);
	vm_end(&vm);
}

/* ---- Windows ------------------------------------------------------------------------- */

static void second_window(void **state)
{
	uint32_t rets[4];
	struct vm vm;

	(void)state;
	start(&vm);
	assert_int_equal(create_ddw(&vm, 16, 40, rets), 0);
	assert_int_equal(rets[1], DDW0);
	assert_int_equal(put(&vm, DDW0, DDW_AT + 0x12345, 0x50003), H_SUCCESS);
	assert_int_equal(entry(&vm, DDW0, DDW_AT + 0x1ffff), 0x50003);
	assert_int_equal(put(&vm, DDW0, DDW_AT - 1, 0x50003), H_PARAMETER);
	assert_int_equal(put(&vm, DDW0, 0, 0x50003), H_PARAMETER);
	assert_int_equal(put(&vm, DDW0, DDW_AT + (UINT64_C(1) << 40), 3), H_PARAMETER);

	/* Without its mappings, and another one in its place */
	assert_int_equal(vm_call(&vm, "ibm,remove-pe-dma-window", DDW0), 0);
	assert_int_equal(hcall(&vm, H_GET_TCE, DDW0, DDW_AT, 0, 0), H_PARAMETER);
	assert_int_equal(create_ddw(&vm, 24, 35, rets), 0);
	assert_int_equal(entry(&vm, DDW0, DDW_AT), 0);
	assert_int_equal(put(&vm, DDW0, DDW_AT + 0x1ffffff, 0x3000003), H_SUCCESS);
	assert_int_equal(entry(&vm, DDW0, DDW_AT + 0x1000000), 0x3000003);

	/* All as at the start */
	assert_int_equal(put(&vm, PHB0, 0, 0x1003), H_SUCCESS);
	assert_int_equal(
		vm_call(&vm, "ibm,reset-pe-dma-window", 0, 0x8000000, 0x20000000), 0);
	assert_int_equal(entry(&vm, PHB0, 0), 0);
	assert_int_equal(put(&vm, DDW0, DDW_AT, 3), H_PARAMETER);

	/* The default one can be removed, too. */
	assert_int_equal(vm_call(&vm, "ibm,remove-pe-dma-window", PHB0), 0);
	assert_int_equal(put(&vm, PHB0, 0, 0x1003), H_PARAMETER);
	assert_int_equal(create_ddw(&vm, 16, 31, rets), 0);
	assert_int_equal(rets[1], PHB0);
	vm_reset(&vm);
	vm_end(&vm);
}

static void resets(void **state)
{
	struct vm vm;

	(void)state;
	start(&vm);
	assert_int_equal(put(&vm, PHB0, 0, 0x1003), H_SUCCESS);
	assert_int_equal(put(&vm, PHB1, 0, 0x1003), H_SUCCESS);
	assert_int_equal(put(&vm, VSCSI, 0, 0x1003), H_SUCCESS);
	vm_reset(&vm);
	assert_int_equal(entry(&vm, PHB0, 0), 0);
	assert_int_equal(entry(&vm, PHB1, 0), 0);
	assert_int_equal(entry(&vm, VSCSI, 0), 0);
	assert_int_equal(used(&vm), 0);

	/* Firmware's end removes the mappings of virtual devices alone. */
	assert_int_equal(put(&vm, PHB0, 0, 0x1003), H_SUCCESS);
	assert_int_equal(put(&vm, VLAN, 0, 0x1003), H_SUCCESS);
	assert_int_equal(vm_rtas(&vm, "quiesce", 0, NULL, 1, NULL), 0);
	assert_int_equal(entry(&vm, PHB0, 0), 0x1003);
	assert_int_equal(entry(&vm, VLAN, 0), 0);
	vm_end(&vm);
}

/* A host bridge has its windows from its addition to its removal. */
static void plugged_bridge(void **state)
{
	struct vm vm;

	(void)state;
	start(&vm);
	assert_int_equal(put(&vm, 0x80000300, 0, 0x1003), H_PARAMETER);
	assert_int_equal(vm_add(&vm, "spapr-pci-host-bridge", "id=p,index=3"), 0);
	assert_int_equal(put(&vm, 0x80000300, 0, 0x1003), H_SUCCESS);
	vm_reset(&vm);
	assert_int_equal(put(&vm, 0x80000300, 0, 0x1003), H_SUCCESS);
	assert_int_equal(vm_del(&vm, "p"), 0);
	vm_reset(&vm);
	assert_int_equal(put(&vm, 0x80000300, 0, 0x1003), H_PARAMETER);
	assert_int_equal(used(&vm), 0);
	vm_end(&vm);
}

/* ---- Memory that the guest makes the host use ---------------------------------------- */

/* The largest window has few entries, far from each other. */
static void huge_window(void **state)
{
	uint64_t end = DDW_AT + (UINT64_C(1) << 62), args[PAPR_HCALL_ARGS];
	uint32_t rets[4];
	struct vm vm;

	(void)state;
	start(&vm);
	assert_int_equal(create_ddw(&vm, 12, 62, rets), 0);
	assert_int_equal(used(&vm), 0);
	assert_int_equal(put(&vm, DDW0, end - 1, 0x5003), H_SUCCESS);
	assert_int_equal(put(&vm, DDW0, DDW_AT, 0x6003), H_SUCCESS);
	assert_uint_in_range(used(&vm), 1, 12 * 4200);
	assert_int_equal(entry(&vm, DDW0, end - PAGE), 0x5003);
	assert_int_equal(stuff(&vm, DDW0, DDW_AT + PAGE, 0, (UINT64_C(1) << 50) - 1),
			 H_SUCCESS);
	assert_int_equal(entry(&vm, DDW0, end - PAGE), 0);
	assert_int_equal(entry(&vm, DDW0, DDW_AT), 0x6003);
	/* A fill that would need much memory, and time */
	assert_int_equal(stuff(&vm, DDW0, DDW_AT, 0x1003, UINT64_C(1) << 40),
			 H_PARAMETER);
	memset(args, 0, sizeof(args));
	vm_end(&vm);
}

/* Beyond its part of memory, the guest is refused, and can go on when it has unmapped. */
static void limit(void **state)
{
	uint64_t most, n = 0;
	uint32_t rets[4];
	struct vm vm;

	(void)state;
	start(&vm);
	/* 1/64 of 2 GiB, 4 MiB for each of 6 windows */
	most = (32 << 20) + 6 * (4 << 20);
	assert_int_equal(iommu_of(vm.vmm)->pool.limit, most);
	assert_int_equal(create_ddw(&vm, 12, 62, rets), 0);
	while (put(&vm, DDW0, DDW_AT + (n << 40), 0x1003) == H_SUCCESS)
		n++;
	assert_int_equal(put(&vm, DDW0, DDW_AT + (n << 40), 0x1003), H_RESOURCE);
	assert_uint_in_range(used(&vm), most - 6 * 4200, most);
	assert_int_equal(entry(&vm, DDW0, DDW_AT + (n << 40)), 0);
	assert_int_equal(entry(&vm, DDW0, DDW_AT + ((n - 1) << 40)), 0x1003);
	assert_int_equal(put(&vm, DDW0, DDW_AT, 0x2003), H_SUCCESS); /* it has room */
	assert_int_equal(stuff(&vm, PHB1, 0, 0x1003, WINDOW / PAGE), H_RESOURCE);
	assert_int_equal(stuff(&vm, DDW0, DDW_AT, 0, UINT64_C(1) << 50), H_SUCCESS);
	assert_int_equal(stuff(&vm, PHB0, 0, 0x1003, WINDOW / PAGE), H_SUCCESS);
	assert_int_equal(stuff(&vm, PHB1, 0, 0x1003, WINDOW / PAGE), H_SUCCESS);
	vm_end(&vm);
}

/* ---- Devices ------------------------------------------------------------------------- */

static void set_master(struct vm *vm, bool on)
{
	assert_int_equal(vm_call(vm, "ibm,write-pci-config", 2 << 11 | 4, 0x8000000,
				 0x20000000, 2, on ? 6 : 2),
			 0);
}

static uint64_t serial_of(const struct vm *vm, uint32_t slot)
{
	struct papr_pci_info is = { .size = sizeof(is) };

	for (size_t n = 0; papr_vmm_pci_info(vm->vmm, n, &is) > 0; n++)
		if (is.slot == slot)
			return is.serial;
	return 0;
}

static void card_memory(void **state)
{
	struct papr_dma dma = { .size = sizeof(dma) };
	uint64_t serial;
	uint32_t rets[4];
	struct vm vm;

	(void)state;
	start(&vm);
	serial = serial_of(&vm, 2);
	assert_int_equal(papr_vmm_pci_dma(vm.vmm, serial, 0, 1, READ, &dma), -EACCES);
	set_master(&vm, true);
	assert_int_equal(papr_vmm_pci_dma(vm.vmm, 99, 0, 1, READ, &dma), -ENOENT);
	assert_int_equal(papr_vmm_pci_dma(vm.vmm, serial, 0, 1, READ, &dma), -EFAULT);

	assert_int_equal(put(&vm, PHB0, 0x1000, 0x30003), H_SUCCESS);
	assert_int_equal(put(&vm, PHB0, 0x2000, 0x31003), H_SUCCESS);
	assert_int_equal(put(&vm, PHB0, 0x3000, 0x32001), H_SUCCESS);
	assert_int_equal(put(&vm, PHB0, 0x4000, 0x33002), H_SUCCESS);
	assert_int_equal(put(&vm, PHB0, 0x5000, 0x34000), H_SUCCESS);
	assert_int_equal(papr_vmm_pci_dma(vm.vmm, serial, 0x1234, 0x100, RW, &dma), 0);
	assert_int_equal(dma.address, 0x30234);
	assert_int_equal(dma.bytes, 0x100);
	assert_int_equal(dma.access, RW);
	/* Consecutive pages are one, if their permissions are alike. */
	assert_int_equal(papr_vmm_pci_dma(vm.vmm, serial, 0x1234, 0x10000, READ, &dma),
			 0);
	assert_int_equal(dma.bytes, 0x1dcc);
	assert_int_equal(papr_vmm_pci_dma(vm.vmm, serial, 0x3000, 1, READ, &dma), 0);
	assert_int_equal(dma.access, READ);
	assert_int_equal(papr_vmm_pci_dma(vm.vmm, serial, 0x3000, 1, WRITE, &dma),
			 -EACCES);
	assert_int_equal(papr_vmm_pci_dma(vm.vmm, serial, 0x4000, 1, READ, &dma),
			 -EACCES);
	assert_int_equal(papr_vmm_pci_dma(vm.vmm, serial, 0x4000, 1, 0, &dma), 0);
	assert_int_equal(dma.access, WRITE);
	assert_int_equal(papr_vmm_pci_dma(vm.vmm, serial, 0x5000, 1, 0, &dma), -EFAULT);
	assert_int_equal(papr_vmm_pci_dma(vm.vmm, serial, UINT64_MAX, 9, READ, &dma),
			 -EFAULT);

	/* Through the second window, up to its end */
	assert_int_equal(create_ddw(&vm, 24, 31, rets), 0);
	assert_int_equal(stuff(&vm, DDW0, DDW_AT, 0x7000001, 128), H_SUCCESS);
	assert_int_equal(papr_vmm_pci_dma(vm.vmm, serial, DDW_AT + 0x7f000010, UINT64_MAX,
					  READ, &dma),
			 0);
	assert_int_equal(dma.address, 0x7000010);
	assert_int_equal(dma.bytes, 0xfffff0);
	assert_int_equal(
		papr_vmm_pci_dma(vm.vmm, serial, DDW_AT + 0x80000000, 1, READ, &dma),
		-EFAULT);

	set_master(&vm, false);
	assert_int_equal(papr_vmm_pci_dma(vm.vmm, serial, 0x1000, 1, READ, &dma),
			 -EACCES);
	dma.size = 0;
	set_master(&vm, true);
	assert_int_equal(papr_vmm_pci_dma(vm.vmm, serial, 0x1000, 1, READ, &dma),
			 -EINVAL);
	vm_end(&vm);
}

/* Translate an address of the virtual device at this unit address. */
static int vio_dma(const struct vm *vm, uint32_t reg, uint64_t address, uint64_t len,
		   unsigned int access, struct papr_dma *out)
{
	const struct dma_window *w = vio_dma_find(vm->vmm, reg);

	return w ? dma_window_translate(w, address, len, access, out) : -ENOENT;
}

/* A range of guest addresses never goes around the end of the address space: an embedder that
 * adds its length to its address would take it for one in memory. */
static void end_of_addresses(void **state)
{
	struct papr_dma dma = { .size = sizeof(dma) };
	struct vm vm;

	(void)state;
	start(&vm);
	put_list(&vm, LIST, 0, 0xfffffffffffff003);
	put_list(&vm, LIST, 1, 0x3);
	assert_int_equal(hcall(&vm, H_PUT_TCE_INDIRECT, VSCSI, 0, LIST, 2), H_SUCCESS);
	assert_int_equal(vio_dma(&vm, VSCSI, 0, 0x2000, RW, &dma), 0);
	assert_int_equal(dma.address, 0xfffffffffffff000);
	assert_int_equal(dma.bytes, PAGE);

	assert_int_equal(vm_call(&vm, "ibm,set-tce-bypass", VSCSI, 1), 0);
	assert_int_equal(vio_dma(&vm, VSCSI, 0xfffffffffffffff8, 0x100, RW, &dma), 0);
	assert_int_equal(dma.bytes, 8);
	vm_end(&vm);
}

static void virtual_devices(void **state)
{
	struct papr_dma dma = { .size = sizeof(dma) };
	struct vm vm;

	(void)state;
	start(&vm);
	assert_int_equal(vio_dma(&vm, 0x71000000, 0, 1, READ, &dma), -ENOENT);
	assert_int_equal(vio_dma(&vm, VSCSI, 0, 1, READ, &dma), -EFAULT);
	assert_int_equal(put(&vm, VSCSI, 0x1000, 0x5003), H_SUCCESS);
	assert_int_equal(put(&vm, VSCSI, 0xffff000, 0x6001), H_SUCCESS);
	assert_int_equal(put(&vm, VSCSI, 0x10000000, 0x6001), H_PARAMETER);
	assert_int_equal(vio_dma(&vm, VSCSI, 0x1008, 8, RW, &dma), 0);
	assert_int_equal(dma.address, 0x5008);
	assert_int_equal(vio_dma(&vm, VLAN, 0x1008, 8, RW, &dma), -EFAULT);

	assert_int_equal(vm_call(&vm, "ibm,set-tce-bypass", VSCSI, 1), 0);
	assert_int_equal(vio_dma(&vm, VSCSI, 0x777000, 8, RW, &dma), 0);
	assert_int_equal(dma.address, 0x777000);
	assert_int_equal(dma.bytes, 8);
	assert_int_equal(vm_call(&vm, "ibm,set-tce-bypass", VSCSI, 0), 0);
	assert_int_equal(vio_dma(&vm, VSCSI, 0x777000, 8, RW, &dma), -EFAULT);
	assert_int_equal(vm_call(&vm, "ibm,set-tce-bypass", VSCSI, 1), 0);
	vm_reset(&vm);
	assert_int_equal(vio_dma(&vm, VSCSI, 0x777000, 8, RW, &dma), -EFAULT);
	vm_end(&vm);
}

/* A virtual device's number is its unit address. */
static void numbers_are_unique(void **state)
{
	struct papr_config config = vm_config;
	struct vm vm;

	(void)state;
	config.no_vty = true; /* it has the interrupt of PHB 0's second window */
	vm_begin(&vm, &config);
	assert_int_equal(vm_add(&vm, "spapr-vscsi", "reg=0x80000001"), -EEXIST);
	assert_string_equal(vm_error(&vm), "Attempted to create TCE table with duplicate "
					   "LIOBN 0x80000001");
	assert_int_equal(vm_add(&vm, "spapr-vlan", "reg=0x80000101"), 0);
	assert_int_equal(vm_add(&vm, "spapr-pci-host-bridge", "id=p,index=1"), -EEXIST);
	assert_string_equal(vm_error(&vm), "Attempted to create TCE table with duplicate "
					   "LIOBN 0x80000101");
	assert_int_equal(vm_add(&vm, "spapr-pci-host-bridge", "id=p,index=2"), 0);
	vm_end(&vm);
}

/* With x-powervm=on, adapters are in logical slots. */
static void logical_slots(void **state)
{
	struct papr_dma dma = { .size = sizeof(dma) };
	struct papr_config config = vm_config;
	enum { SLOT3 = 0x30000003 };
	struct vm vm;

	(void)state;
	config.powervm = true;
	vm_start(&vm, &config);
	assert_int_equal(vio_dma(&vm, SLOT3, 0, 1, READ, &dma), -ENOENT);
	assert_int_equal(vm_add(&vm, "spapr-vlan", "id=l,slot=3"), 0);
	assert_int_equal(vio_dma(&vm, SLOT3, 0, 1, READ, &dma), -ENOENT);
	vm_take(&vm, SLOT3);
	assert_int_equal(put(&vm, SLOT3, 0, 0x5003), H_SUCCESS);
	assert_int_equal(vio_dma(&vm, SLOT3, 0, 1, READ, &dma), 0);
	assert_int_equal(dma.address, 0x5000);
	assert_int_equal(vm_del(&vm, "l"), 0);
	vm_give(&vm, SLOT3);
	assert_int_equal(put(&vm, SLOT3, 0, 0x5003), H_PARAMETER);
	assert_int_equal(used(&vm), 0);
	vm_end(&vm);
}

/* ---- Saved states -------------------------------------------------------------------- */

static void saved(void **state)
{
	struct blob empty, full, again;
	uint32_t rets[4];
	struct vm vm, other;

	(void)state;
	start(&vm);
	empty = state_save(&vm);
	assert_int_equal(create_ddw(&vm, 16, 45, rets), 0);
	for (unsigned int i = 0; i < ENTRIES; i++)
		put_list(&vm, LIST, i, UINT64_C(0x10000) * i + RW);
	assert_int_equal(hcall(&vm, H_PUT_TCE_INDIRECT, DDW0, DDW_AT, LIST, ENTRIES),
			 H_SUCCESS);
	assert_int_equal(put(&vm, DDW0, DDW_AT + (UINT64_C(1) << 44), 0xffff0001),
			 H_SUCCESS);
	assert_int_equal(put(&vm, PHB1, 0x7000, 0x8002), H_SUCCESS);
	assert_int_equal(put(&vm, VLAN, 0x7000, 0x9003), H_SUCCESS);
	assert_int_equal(vm_call(&vm, "ibm,set-tce-bypass", VSCSI, 1), 0);
	assert_int_equal(vm_call(&vm, "ibm,remove-pe-dma-window", PHB0), 0);
	full = state_save(&vm);
	assert_uint_in_range(full.size - empty.size, 1, 400);

	start(&other);
	assert_int_equal(put(&other, PHB0, 0x3000, 0x3003), H_SUCCESS);
	assert_int_equal(put(&other, VSCSI, 0x3000, 0x3003), H_SUCCESS);
	assert_int_equal(state_load(&other, full.bytes, full.size), 0);
	assert_int_equal(entry(&other, VLAN, 0x7000), 0x9003);
	assert_int_equal(entry(&other, VSCSI, 0x3000), 0);
	assert_int_equal(used(&other), used(&vm));
	again = state_save(&other);
	assert_int_equal(again.size, full.size);
	assert_memory_equal(again.bytes, full.bytes, full.size);

	/* A state without mappings removes them. */
	assert_int_equal(state_load(&other, empty.bytes, empty.size), 0);
	assert_int_equal(used(&other), 0);
	assert_int_equal(entry(&other, PHB0, 0x3000), 0);
	assert_int_equal(put(&other, DDW0, DDW_AT, 3), H_PARAMETER);
	free(again.bytes);
	again = state_save(&other);
	assert_int_equal(again.size, empty.size);
	assert_memory_equal(again.bytes, empty.bytes, empty.size);
	free(again.bytes);
	free(full.bytes);
	free(empty.bytes);
	vm_end(&other);
	vm_end(&vm);
}

/* Load a section with these fields, and a run. Return the result. */
static int load_section(struct vm *vm, uint32_t liobn, uint32_t shift, uint64_t at,
			uint64_t pages, uint64_t count, uint64_t index, uint64_t tce)
{
	uint8_t bytes[256];
	struct builder b = builder_of(bytes, sizeof(bytes));
	struct cursor c;
	void *loaded = NULL;
	int err;

	builder_be32(&b, liobn);
	builder_be32(&b, shift);
	builder_be64(&b, at);
	builder_be64(&b, pages);
	builder_u8(&b, 0);
	builder_be64(&b, count);
	if (count) {
		builder_be64(&b, index);
		builder_be64(&b, tce);
		builder_be64(&b, 0);
	}
	c = cursor_of(bytes, b.len);
	err = state_tce.load(vm->vmm, &c, &loaded, NULL);
	assert_int_equal(loaded != NULL, !err);
	if (loaded)
		state_tce.apply(vm->vmm, loaded);
	return err;
}

static void damaged_states(void **state)
{
	struct vm vm;

	(void)state;
	start(&vm);
	assert_int_equal(load_section(&vm, DDW0, 16, DDW_AT, 512, 2, 5, 3), 0);
	assert_int_equal(entry(&vm, DDW0, DDW_AT + 0x60000), 0x10003);
	assert_int_equal(load_section(&vm, DDW0, 16, DDW_AT, 512, 0, 0, 0), 0);
	assert_int_equal(entry(&vm, DDW0, DDW_AT + 0x60000), 0);
	assert_int_equal(load_section(&vm, 0x80000500, 16, DDW_AT, 512, 0, 0, 0),
			 -EBADMSG);
	assert_int_equal(load_section(&vm, DDW0, 13, DDW_AT, 512, 0, 0, 0), -EBADMSG);
	assert_int_equal(load_section(&vm, DDW0, 44, DDW_AT, 512, 0, 0, 0), -EBADMSG);
	assert_int_equal(load_section(&vm, DDW0, 16, 0x1000, 512, 0, 0, 0), -EBADMSG);
	assert_int_equal(load_section(&vm, DDW0, 16, DDW_AT, UINT64_C(1) << 48, 0, 0, 0),
			 -EBADMSG);
	assert_int_equal(load_section(&vm, DDW0, 16, DDW_AT, 512, 1, 512, 3), -EBADMSG);
	assert_int_equal(load_section(&vm, DDW0, 16, DDW_AT, 512, 513, 0, 3), -EBADMSG);
	assert_int_equal(load_section(&vm, DDW0, 16, DDW_AT, 512, UINT64_MAX, 5, 3),
			 -EBADMSG);
	assert_int_equal(load_section(&vm, DDW0, 16, DDW_AT, 512, 1, 5, 0), -EBADMSG);
	/* More than a guest may have */
	assert_int_equal(load_section(&vm, DDW0, 12, DDW_AT, UINT64_C(1) << 40,
				      UINT64_C(1) << 39, 0, 3),
			 -ENOMEM);
	assert_int_equal(used(&vm), 0);
	vm_end(&vm);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_entry),
		cmocka_unit_test(lists),
		cmocka_unit_test(fills),
		cmocka_unit_test(second_window),
		cmocka_unit_test(resets),
		cmocka_unit_test(plugged_bridge),
		cmocka_unit_test(huge_window),
		cmocka_unit_test(limit),
		cmocka_unit_test(card_memory),
		cmocka_unit_test(virtual_devices),
		cmocka_unit_test(logical_slots),
		cmocka_unit_test(numbers_are_unique),
		cmocka_unit_test(saved),
		cmocka_unit_test(damaged_states),
		cmocka_unit_test(end_of_addresses),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
