// SPDX-License-Identifier: GPL-2.0-or-later
/* The tree that firmware gives to the kernel, reported to the machine. */
#include <libfdt.h>

#include "tests/unit/fakes/vmm_machine.h"
#include "vmm/tree/fdt_out.h"
#include "vmm/base/hcall.h"

enum { TREE = 0x40000, TOTALSIZE = 4, VERSION_AT = 20, COMPATIBLE_AT = 24 };

static int64_t update_at(struct vm *vm, uint64_t addr)
{
	uint64_t args[PAPR_HCALL_ARGS] = { addr };

	return papr_vmm_hcall(vm->vmm, vm->cpu, KVMPPC_H_UPDATE_DT, args);
}

/* Put a small tree of firmware's own at addr. Return its size. */
static size_t put_tree(struct vm *vm, uint64_t addr)
{
	struct fdt_out out;
	size_t size;
	void *fdt;

	fdt_out_begin(&out);
	fdt_out_node(&out, "%s", "");
	fdt_out_node(&out, "interrupt-controller");
	fdt_out_u32(&out, "phandle", 0x4242);
	fdt_out_node_end(&out);
	fdt_out_node_end(&out);
	assert_int_equal(fdt_out_end(&out, &fdt, &size), 0);
	memcpy(vm->memory + addr, fdt, size);
	free(fdt);
	return size;
}

TEST(firmware_s_tree_is_stored)
{
	size_t size, stored, initial;
	uint32_t phandle;
	struct vm vm;

	vm_start(&vm, NULL);
	initial = tree_of(vm.vmm)->initial_size;
	size = put_tree(&vm, TREE);
	assert_int_equal(update_at(&vm, TREE | 0xf000000000000000), H_SUCCESS);
	assert_memory_equal(papr_vmm_fdt(vm.vmm, &stored), vm.memory + TREE, size);
	assert_int_equal(stored, size);
	assert_int_equal(tree_of(vm.vmm)->initial_size, initial);
	assert_int_equal(tree_intc_phandle(vm.vmm, &phandle), 0);
	assert_int_equal(phandle, 0x4242);

	vm_reset(&vm); /* the machine's own again */
	assert_int_equal(tree_intc_phandle(vm.vmm, &phandle), 0);
	assert_int_equal(phandle, TREE_PHANDLE_INTC);
	vm_end(&vm);
}

/* The limit is twice the size of the machine's own tree, whatever was stored since. */
TEST(size_is_limited)
{
	struct vm vm;
	uint32_t most, size;

	vm_start(&vm, NULL);
	most = (uint32_t)tree_of(vm.vmm)->initial_size * 2;
	assert_true(TREE + most < VM_MEMORY_BYTES);
	for (uint32_t step = 0; step < 2; step++) {
		size = (uint32_t)put_tree(&vm, TREE);
		vm_put_be32(&vm, TREE + TOTALSIZE, most + 1);
		assert_int_equal(update_at(&vm, TREE), H_PARAMETER);
		vm_put_be32(&vm, TREE + TOTALSIZE, most);
		assert_int_equal(update_at(&vm, TREE), H_SUCCESS);
		vm_put_be32(&vm, TREE + TOTALSIZE, size);
		assert_int_equal(update_at(&vm, TREE), H_SUCCESS);
	}
	vm_put_be32(&vm, TREE + TOTALSIZE, 0x80000000);
	assert_int_equal(update_at(&vm, TREE), H_PARAMETER);
	vm_put_be32(&vm, TREE + TOTALSIZE, UINT32_MAX);
	assert_int_equal(update_at(&vm, TREE), H_PARAMETER);
	for (uint32_t i = 0; i < size; i++) {
		vm_put_be32(&vm, TREE + TOTALSIZE, i);
		assert_int_equal(update_at(&vm, TREE), H_PARAMETER);
	}
	vm_end(&vm);
}

TEST(end_of_memory)
{
	struct vm vm;
	size_t size;

	vm_start(&vm, NULL);
	size = put_tree(&vm, TREE);
	memmove(vm.memory + VM_MEMORY_BYTES - size, vm.memory + TREE, size);
	assert_int_equal(update_at(&vm, VM_MEMORY_BYTES - size), H_SUCCESS);
	for (size_t left = 0; left < size; left++) {
		memmove(vm.memory + VM_MEMORY_BYTES - left, vm.memory + TREE, left);
		assert_int_equal(update_at(&vm, VM_MEMORY_BYTES - left), H_PARAMETER);
	}
	assert_int_equal(update_at(&vm, UINT64_MAX), H_PARAMETER);
	assert_int_equal(update_at(&vm, 0x0fffffffffffffff), H_PARAMETER);
	vm_end(&vm);
}

/* With this length of a property, libfdt 1.6 finds the same property again and again. */
TEST(endless_property)
{
	const uint8_t length[] = { 0xff, 0xff, 0xff, 0xf4 };
	struct vm vm;
	size_t size;

	vm_start(&vm, NULL);
	size = put_tree(&vm, TREE);
	for (size_t at = 0; at < size; at += sizeof(length)) {
		uint8_t before[sizeof(length)], *word = vm.memory + TREE + at;

		memcpy(before, word, sizeof(before));
		memcpy(word, length, sizeof(length));
		update_at(&vm, TREE);
		memcpy(word, before, sizeof(before));
	}
	assert_int_equal(update_at(&vm, TREE), H_SUCCESS);
	vm_end(&vm);
}

/* libfdt 1.6 crashes for trees of early versions, whose names are paths. */
TEST(old_versions)
{
	struct vm vm;

	vm_start(&vm, NULL);
	put_tree(&vm, TREE);
	for (uint32_t version = 0; version <= 18; version++) {
		vm_put_be32(&vm, TREE + VERSION_AT, version);
		vm_put_be32(&vm, TREE + COMPATIBLE_AT, version < 16 ? version : 16);
		assert_int_equal(update_at(&vm, TREE),
				 version < 16 ? H_PARAMETER : H_SUCCESS);
	}
	vm_end(&vm);
}

/* All readers of the stored tree can read any stored tree. */
TEST(damaged_trees)
{
	static const uint8_t damages[] = { 0x01, 0x04, 0x80, 0xff };
	struct vm vm;
	size_t size;

	vm_start(&vm, NULL);
	size = put_tree(&vm, TREE);
	for (size_t n = 0; n < size * COUNT(damages); n++) {
		uint8_t *byte = vm.memory + TREE + n / COUNT(damages);
		uint32_t phandle;
		size_t stored;

		*byte ^= damages[n % COUNT(damages)];
		if (update_at(&vm, TREE) == H_SUCCESS) {
			const void *fdt = papr_vmm_fdt(vm.vmm, &stored);

			assert_int_equal(fdt_check_full(fdt, stored), 0);
		}
		tree_intc_phandle(vm.vmm, &phandle);
		*byte ^= damages[n % COUNT(damages)];
	}
	vm_end(&vm);
}
