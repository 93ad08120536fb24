// SPDX-License-Identifier: GPL-2.0-or-later
/* Exit records of ePAPR hypercalls. */
#include "tests/unit/fakes/vmm_machine.h"
#include "wire/epapr.h"

#define GARBAGE (0xdeadbeefULL << 32)

static const uint64_t numbers[] = { 0x2a0020, 0x2a0021 };

TEST(others_are_not_there)
{
	static const uint64_t others[] = {
		0,
		1,
		EV_BYTE_CHANNEL_SEND,
		EV_TOKEN(EV_EPAPR_VENDOR_ID, 17),
		EV_TOKEN(2, 3),
		KVM_HC_PPC_MAP_MAGIC_PAGE,
		EV_TOKEN(EV_KVM_VENDOR_ID, 0x22),
		EV_TOKEN(43, 0x20),
		UINT32_MAX,
		UINT64_MAX,
		GARBAGE | KVM_HC_VM_RESET, /* in 64-bit mode it is another number */
	};
	struct vm vm;

	vm_start(&vm, NULL);
	for (size_t i = 0; i < COUNT(others); i++) {
		struct papr_epapr exit = { .size = sizeof(struct papr_epapr),
					   .nr = others[i],
					   .args = { 1, 2, 3 } };

		assert_false(papr_vmm_epapr(vm.vmm, vm.cpu, &exit, true));
		assert_int_equal(exit.ret, EV_UNIMPLEMENTED);
		assert_int_equal(exit.args[0], EV_UNIMPLEMENTED);
		assert_int_equal(exit.args[1], 0);
		assert_int_equal(exit.args[2], 3);
	}
	assert_notes(&vm, "");
	vm_end(&vm);
}

TEST(reset_and_shutdown_do_not_return)
{
	static const char *const notes[] = { "RESET guest-reset\n",
					     "SHUTDOWN guest-shutdown\n" };
	struct vm vm;

	assert_int_equal(KVM_HC_VM_RESET, numbers[0]);
	assert_int_equal(KVM_HC_VM_SHUTDOWN, numbers[1]);
	vm_start(&vm, NULL);
	for (size_t i = 0; i < COUNT(numbers); i++) {
		struct papr_epapr exit = { .size = sizeof(struct papr_epapr),
					   .nr = numbers[i] };

		assert_true(papr_vmm_epapr(vm.vmm, vm.cpu, &exit, true));
		assert_notes(&vm, notes[i]);
	}
	vm_end(&vm);
}

/* A 32-bit guest leaves garbage in the upper halves. */
TEST(upper_halves_count_in_64_bit_mode_only)
{
	struct papr_epapr exit = { .size = sizeof(struct papr_epapr),
				   .nr = GARBAGE | KVM_HC_FEATURES };
	struct vm vm;

	vm_start(&vm, NULL);
	for (int i = 0; i < 8; i++)
		exit.args[i] = GARBAGE | (unsigned int)i;
	assert_false(papr_vmm_epapr(vm.vmm, vm.cpu, &exit, false));
	assert_int_equal(exit.nr, KVM_HC_FEATURES);
	assert_int_equal(exit.ret, EV_SUCCESS);
	assert_int_equal(exit.args[1], 0); /* no magic page here */
	for (uint64_t i = 2; i < 8; i++)
		assert_int_equal(exit.args[i], i);

	exit.nr = GARBAGE | KVM_HC_VM_SHUTDOWN;
	assert_true(papr_vmm_epapr(vm.vmm, vm.cpu, &exit, false));
	assert_notes(&vm, "SHUTDOWN guest-shutdown\n");
	vm_end(&vm);
}

TEST(idle_is_success)
{
	struct papr_epapr exit = { .size = sizeof(struct papr_epapr), .nr = EV_IDLE };
	struct vm vm;

	vm_start(&vm, NULL);
	assert_false(papr_vmm_epapr(vm.vmm, vm.cpu, &exit, true));
	assert_int_equal(exit.ret, EV_SUCCESS);
	vm_end(&vm);
}

TEST(a_fault_comes_first_and_is_traced)
{
	struct papr_epapr exit = { .size = sizeof(struct papr_epapr),
				   .nr = KVM_HC_VM_RESET,
				   .args = { 7 } };
	struct papr_fault fault = { .size = sizeof(struct papr_fault),
				    .call = "epapr:0x2a0020",
				    .nth = 1,
				    .count = 1,
				    .status = EV_INTERNAL };
	struct vm vm;

	vm_start(&vm, NULL);
	assert_true(papr_vmm_fault_add(vm.vmm, &fault) > 0);
	papr_vmm_trace(vm.vmm, true);
	assert_false(papr_vmm_epapr(vm.vmm, vm.cpu, &exit, true));
	assert_int_equal(exit.ret, EV_INTERNAL);
	assert_non_null(strstr(vm_notes(&vm), "CALL epapr:0x2a0020 0x7"));

	assert_true(papr_vmm_epapr(vm.vmm, vm.cpu, &exit, true));
	vm_end(&vm);
}

/* An embedder without callbacks cannot do what the guest requests. */
TEST(nobody_listens)
{
	struct vm vm;

	vm_start(&vm, NULL);
	machine_of(vm.vmm)->env.event = NULL;
	for (size_t i = 0; i < COUNT(numbers); i++) {
		struct papr_epapr exit = { .size = sizeof(struct papr_epapr),
					   .nr = numbers[i] };

		assert_false(papr_vmm_epapr(vm.vmm, vm.cpu, &exit, true));
		assert_int_equal(exit.ret, EV_INTERNAL);
	}
	vm_end(&vm);
}
