// SPDX-License-Identifier: GPL-2.0-or-later
/* System resets that an embedder delivers. */
#include "tests/unit/fakes/vmm_machine.h"

enum { RTAS_BASE = 0x40000, ON_RESET = 0x100000, ON_CHECK = 0x100100 };

#define R3 UINT64_C(0x1122334455667788)

static uint64_t be64(const struct vm *vm, uint64_t at)
{
	return (uint64_t)vm_be32(vm, at) << 32 | vm_be32(vm, at + 4);
}

/* A guest with two processors and its handlers */
static void start(struct vm *vm, uint32_t base)
{
	struct papr_config config = vm_config;

	config.cpus = 2;
	vm_start(vm, &config);
	memset(vm->memory + RTAS_BASE, 0x5a, 0x1000);
	vm_set_rtas_base(vm, base);
	assert_int_equal(vm_call(vm, "ibm,nmi-register", ON_RESET, ON_CHECK), 0);
}

static struct papr_nmi reset_of(uint64_t r3)
{
	return (struct papr_nmi){ .size = sizeof(struct papr_nmi), .r3 = r3 };
}

TEST(without_handlers)
{
	struct papr_nmi nmi = reset_of(R3);
	struct vm vm;

	vm_start(&vm, NULL);
	assert_int_equal(papr_vmm_nmi(vm.vmm, 0, &nmi), 0);
	assert_false(nmi.registered);
	assert_int_equal(nmi.address, 0x100);
	assert_int_equal(nmi.r3, R3);
	vm_end(&vm);
}

TEST(system_reset)
{
	struct papr_nmi nmi = reset_of(R3);
	struct vm vm;

	start(&vm, RTAS_BASE);
	for (uint32_t cpu = 0; cpu < 2; cpu++) {
		uint64_t area = RTAS_BASE + 2048 + 16 * cpu;

		nmi = reset_of(R3 + cpu);
		assert_int_equal(papr_vmm_nmi(vm.vmm, cpu, &nmi), 0);
		assert_true(nmi.registered);
		assert_int_equal(nmi.address, ON_RESET);
		assert_int_equal(nmi.r3, area);
		assert_int_equal(be64(&vm, area), R3 + cpu);
		assert_int_equal(be64(&vm, area + 8), 0);
	}
	assert_int_equal(papr_vmm_nmi(vm.vmm, 1, &nmi), 0);
	assert_int_equal(vm.memory[RTAS_BASE + 2047], 0x5a);
	assert_int_equal(vm.memory[RTAS_BASE + 2048 + 32], 0x5a);
	vm_end(&vm);
}

/* The guest places RTAS where its areas are not in memory. */
TEST(area_outside_of_memory)
{
	static const uint32_t bases[] = { VM_MEMORY_BYTES - 0x40, UINT32_MAX };
	struct papr_nmi nmi;
	struct vm vm;

	for (size_t i = 0; i < COUNT(bases); i++) {
		start(&vm, bases[i]);
		nmi = reset_of(R3);
		assert_int_equal(papr_vmm_nmi(vm.vmm, 0, &nmi), -EFAULT);
		vm_set_rtas_base(&vm, 0);
		assert_int_equal(papr_vmm_nmi(vm.vmm, 0, &nmi), -EFAULT);
		vm_end(&vm);
	}
}

TEST(wrong_arguments)
{
	struct papr_nmi nmi = reset_of(R3);
	struct vm vm;

	start(&vm, RTAS_BASE);
	assert_int_equal(papr_vmm_nmi(vm.vmm, 2, &nmi), -ENOENT);
	assert_int_equal(papr_vmm_nmi(vm.vmm, UINT32_MAX, &nmi), -ENOENT);
	nmi.size = 4;
	assert_int_equal(papr_vmm_nmi(vm.vmm, 0, &nmi), -EINVAL);
	assert_int_equal(vm.memory[RTAS_BASE + 2048], 0x5a);
	vm_end(&vm);
}
