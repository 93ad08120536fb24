// SPDX-License-Identifier: GPL-2.0-or-later
/* The three interfaces to an RTAS call, hypercalls by number, faults and traces. */
#include "tests/unit/fakes/vmm_machine.h"
#include "vmm/base/hcall.h"
#include "wire/rtas_args.h"

enum { BLOCK = 0x8000, GET_POWER_LEVEL = 0x201c };

static int64_t hcall(struct vm *vm, uint64_t nr, uint64_t r4)
{
	uint64_t args[PAPR_HCALL_ARGS] = { r4 };

	return papr_vmm_hcall(vm->vmm, vm->cpu, nr, args);
}

static int64_t block_at(struct vm *vm, uint64_t addr, uint32_t token, uint32_t nargs,
			uint32_t nret)
{
	const uint32_t head[] = { token, nargs, nret };

	for (uint64_t i = 0; i < COUNT(head); i++)
		if ((addr & 0xfffffff) + 4 * i + 4 <= VM_MEMORY_BYTES)
			vm_put_be32(vm, (addr & 0xfffffff) + 4 * i, head[i]);
	return hcall(vm, KVMPPC_H_RTAS, addr);
}

TEST(blocks)
{
	struct vm vm;

	vm_start(&vm, NULL);
	memset(vm.memory + BLOCK, 0xee, 64);
	vm_put_be32(&vm, BLOCK + 12, UINT32_MAX);
	assert_int_equal(block_at(&vm, BLOCK, GET_POWER_LEVEL, 1, 2), H_SUCCESS);
	assert_int_equal(vm_be32(&vm, BLOCK + 16), 0);
	assert_int_equal(vm_be32(&vm, BLOCK + 20), 100);

	/* an error status, an alias of real mode */
	vm_put_be32(&vm, BLOCK + 12, 7);
	assert_int_equal(block_at(&vm, BLOCK | 0xc000000000000000, GET_POWER_LEVEL, 1, 2),
			 H_SUCCESS);
	assert_int_equal((int32_t)vm_be32(&vm, BLOCK + 16), -3);
	vm_end(&vm);
}

TEST(unknown_tokens)
{
	static const uint32_t tokens[] = { 0, 9, 0x1fff, 0x202d, UINT32_MAX };
	struct vm vm;

	vm_start(&vm, NULL);
	for (size_t i = 0; i < COUNT(tokens); i++) {
		memset(vm.memory + BLOCK, 0xee, 64);
		assert_int_equal(block_at(&vm, BLOCK, tokens[i], 0, 1), H_PARAMETER);
		assert_int_equal((int32_t)vm_be32(&vm, BLOCK + 12), -3);
		/* QEMU writes a word that was not requested */
		memset(vm.memory + BLOCK, 0xee, 64);
		assert_int_equal(block_at(&vm, BLOCK, tokens[i], 0, 0), H_PARAMETER);
		assert_int_equal(vm_be32(&vm, BLOCK + 12), VM_UNWRITTEN);
	}
	assert_int_equal(block_at(&vm, BLOCK, 0x0a, 1, 1), H_SUCCESS);
	assert_int_equal(vm_be32(&vm, BLOCK + 16), 0); /* display-character */
	vm_end(&vm);
}

TEST(bad_counts)
{
	static const uint32_t counts[] = { 17, 1000, 0x7fffffff, 0x80000000, UINT32_MAX };
	struct vm vm;

	vm_start(&vm, NULL);
	for (size_t i = 0; i < COUNT(counts); i++) {
		memset(vm.memory + BLOCK, 0xee, 8192);
		assert_int_equal(block_at(&vm, BLOCK, GET_POWER_LEVEL, counts[i], 2),
				 H_SUCCESS);
		assert_int_equal(block_at(&vm, BLOCK, GET_POWER_LEVEL, 1, counts[i]),
				 H_SUCCESS);
		assert_int_equal((int32_t)vm_be32(&vm, BLOCK + 16), -3);
		assert_int_equal(vm_be32(&vm, BLOCK + 20), VM_UNWRITTEN);
	}
	memset(vm.memory + BLOCK, 0xee, 64);
	assert_int_equal(block_at(&vm, BLOCK, GET_POWER_LEVEL, 0, 2), H_SUCCESS);
	assert_int_equal((int32_t)vm_be32(&vm, BLOCK + 12), -3);
	assert_int_equal(vm_be32(&vm, BLOCK + 16), VM_UNWRITTEN);
	assert_int_equal(block_at(&vm, BLOCK, GET_POWER_LEVEL, 1, 0), H_SUCCESS);
	vm_end(&vm);
}

TEST(bad_addresses)
{
	static const uint64_t addresses[] = {
		VM_MEMORY_BYTES,      VM_MEMORY_BYTES - 11,   0x0fffffffffffffff,
		0x0ffffffffffffff0,   0x7000000000000000 - 4, UINT64_MAX - 11,
		VM_MEMORY_BYTES - 12, /* only the header fits */
		VM_MEMORY_BYTES - 20, /* input fits, one output does not */
	};
	struct vm vm;

	vm_start(&vm, NULL);
	for (size_t i = 0; i < COUNT(addresses); i++)
		assert_int_equal(block_at(&vm, addresses[i], GET_POWER_LEVEL, 1, 2),
				 H_PARAMETER);
	vm_put_be32(&vm, VM_MEMORY_BYTES - 12, UINT32_MAX);
	assert_int_equal(block_at(&vm, VM_MEMORY_BYTES - 24, GET_POWER_LEVEL, 1, 2), 0);
	assert_int_equal(vm_be32(&vm, VM_MEMORY_BYTES - 4), 100);

	assert_int_equal(papr_vmm_rtas_at(vm.vmm, vm.cpu, "get-power-level", 1,
					  VM_MEMORY_BYTES, 2, VM_RETS),
			 H_PARAMETER);
	assert_int_equal(papr_vmm_rtas_at(vm.vmm, vm.cpu, "get-power-level", 1, VM_ARGS,
					  2, VM_MEMORY_BYTES - 4),
			 H_PARAMETER);
	assert_int_equal(
		papr_vmm_rtas_at(vm.vmm, vm.cpu, "no-such-call", 0, 0, 1, VM_RETS),
		H_PARAMETER);
	vm_end(&vm);
}

TEST(decoded)
{
	struct papr_rtas call;
	struct vm vm;

	vm_start(&vm, NULL);
	call = (struct papr_rtas){ .size = sizeof(struct papr_rtas),
				   .token = GET_POWER_LEVEL,
				   .nargs = 1,
				   .nret = 2,
				   .args = { UINT32_MAX },
				   .rets = { 11, 12, 13 } };
	assert_int_equal(papr_vmm_rtas(vm.vmm, vm.cpu, &call), 0);
	assert_int_equal(call.rets[0], 0);
	assert_int_equal(call.rets[1], 100);
	assert_int_equal(call.rets[2], 13);

	call.args[0] = 0;
	call.rets[1] = 12;
	assert_int_equal(papr_vmm_rtas(vm.vmm, vm.cpu, &call), 0);
	assert_int_equal((int32_t)call.rets[0], -3);
	assert_int_equal(call.rets[1], 12);

	call.nargs = 15;
	assert_int_equal(papr_vmm_rtas(vm.vmm, vm.cpu, &call), -EINVAL);
	call.nargs = UINT32_MAX;
	assert_int_equal(papr_vmm_rtas(vm.vmm, vm.cpu, &call), -EINVAL);
	call = (struct papr_rtas){ .size = sizeof(struct papr_rtas),
				   .token = 1,
				   .nret = 1 };
	assert_int_equal(papr_vmm_rtas(vm.vmm, vm.cpu, &call), -EINVAL);
	vm_end(&vm);
}

TEST(tokens)
{
	static const char *const absent[] = { "ibm,open-errinjct", "ibm,update-nodes",
					      "ibm,get-vpd", "rtas-last-error", "" };
	struct vm vm;

	vm_start(&vm, NULL);
	assert_int_equal(papr_vmm_rtas_token(vm.vmm, "display-character"), 0x2000);
	assert_int_equal(papr_vmm_rtas_token(vm.vmm, "ibm,configure-connector"), 0x201e);
	assert_int_equal(papr_vmm_rtas_token(vm.vmm, "ibm,nmi-interlock"), 0x202c);
	for (size_t i = 0; i < COUNT(absent); i++)
		assert_int_equal(papr_vmm_rtas_token(vm.vmm, absent[i]), 0);
	for (uint32_t token = 0x2000; token < 0x202d; token++)
		assert_non_null(rtas_by_token(vm.vmm, token));
	vm_end(&vm);
}

TEST(hypercalls)
{
	static const uint64_t unknown[] = { 0, 4, KVMPPC_H_OF_CLIENT, 0xf004,
					    UINT64_MAX };
	uint64_t args[PAPR_HCALL_ARGS] = { 0x71000000, 3, 0x6162630000000000 };
	struct vm vm;

	vm_start(&vm, NULL);
	for (size_t i = 0; i < COUNT(unknown); i++)
		assert_int_equal(hcall(&vm, unknown[i], 0), H_FUNCTION);

	assert_int_equal(papr_vmm_hcall(vm.vmm, vm.cpu, H_PUT_TERM_CHAR, args),
			 H_SUCCESS);
	assert_string_equal(vm.console, "abc");
	args[1] = 17;
	assert_int_equal(papr_vmm_hcall(vm.vmm, vm.cpu, H_PUT_TERM_CHAR, args),
			 H_PARAMETER);
	args[0] = 1;
	args[1] = 1;
	assert_int_equal(papr_vmm_hcall(vm.vmm, vm.cpu, H_PUT_TERM_CHAR, args),
			 H_PARAMETER);
	vm_end(&vm);
}

static int32_t power(struct vm *vm)
{
	return vm_call(vm, "get-sensor-state", 9003, 0x40000000);
}

static int add_fault(struct vm *vm, const struct papr_fault *fault)
{
	return papr_vmm_fault_add(vm->vmm, fault);
}

TEST(faults)
{
	uint32_t rets[2];
	struct vm vm;
	int id;

	vm_start(&vm, NULL);
	/* the second and third */
	id = add_fault(&vm, &(struct papr_fault){ .size = sizeof(struct papr_fault),
						  .call = "get-sensor-state",
						  .nth = 2,
						  .count = 2,
						  .status = -1,
						  .rets = { 77 },
						  .n_rets = 1 });
	assert_int_equal(id, 1);
	assert_int_equal(power(&vm), -3); /* one output: the true answer */
	assert_int_equal(vm_rtas(&vm, "get-sensor-state", 2,
				 (uint32_t[]){ 9003, 0x40000000 }, 2, rets),
			 -1);
	assert_int_equal(rets[1], 77);
	assert_int_equal(power(&vm), -1);
	assert_int_equal(power(&vm), -3);
	assert_int_equal(papr_vmm_fault_clear(vm.vmm, id), 0);
	assert_int_equal(papr_vmm_fault_clear(vm.vmm, id), -ENOENT);

	/* for ever, and removed */
	id = add_fault(&vm, &(struct papr_fault){ .size = sizeof(struct papr_fault),
						  .call = "get-sensor-state",
						  .nth = 1,
						  .status = -2 });
	for (int i = 0; i < 5; i++)
		assert_int_equal(power(&vm), -2);
	assert_int_equal(papr_vmm_fault_clear(vm.vmm, 0), 0);
	assert_int_equal(power(&vm), -3);

	assert_int_equal(
		add_fault(&vm, &(struct papr_fault){ .size = sizeof(struct papr_fault),
						     .call = "x" }),
		-EINVAL);
	assert_int_equal(
		add_fault(&vm, &(struct papr_fault){ .size = sizeof(struct papr_fault),
						     .nth = 1 }),
		-EINVAL);
	assert_int_equal(
		add_fault(&vm, &(struct papr_fault){ .size = sizeof(struct papr_fault),
						     .call = "hcall:x",
						     .nth = 1 }),
		-EINVAL);
	assert_int_equal(
		add_fault(&vm, &(struct papr_fault){ .size = sizeof(struct papr_fault),
						     .call = "event-scan",
						     .nth = 1,
						     .n_rets = 16 }),
		-EINVAL);
	vm_end(&vm);
}

/* A fault that can never occur is refused. */
TEST(faults_of_nothing)
{
	static const char *const bad[] = {
		"",
		"no-such-call",
		"ibm,errinjct",
		"hcall:",
		"hcall:-1",
		"hcall: 1",
		"hcall:0x10000000000000000",
		"epapr:1x",
		"hcal:1",
	};
	struct vm vm;

	vm_start(&vm, NULL);
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_int_equal(
			add_fault(&vm,
				  &(struct papr_fault){ .size = sizeof(struct papr_fault),
							.call = bad[i],
							.nth = 1 }),
			-EINVAL);
	assert_null(machine_of(vm.vmm)->faults.first);
	vm_end(&vm);
}

/* The second and third call are answered with a delay, then with the true answer. */
TEST(delayed)
{
	static const int32_t want[] = { -3, 9901, -3, 9901, -3, -3, -3 };
	struct vm vm;

	vm_start(&vm, NULL);
	add_fault(&vm, &(struct papr_fault){ .size = sizeof(struct papr_fault),
					     .call = "get-sensor-state",
					     .nth = 2,
					     .count = 2,
					     .delay = true,
					     .status = 9901 });
	for (size_t i = 0; i < COUNT(want); i++)
		assert_int_equal(power(&vm), want[i]);
	vm_end(&vm);
}

TEST(faults_by_number)
{
	struct vm vm;

	vm_start(&vm, NULL);
	assert_true(
		add_fault(&vm, &(struct papr_fault){ .size = sizeof(struct papr_fault),
						     .call = "hcall:61442",
						     .nth = 1,
						     .count = 1,
						     .status = -1 }) > 0);
	assert_true(
		add_fault(&vm, &(struct papr_fault){ .size = sizeof(struct papr_fault),
						     .call = "hcall:0x58",
						     .nth = 1,
						     .count = 1,
						     .status = 9900 }) > 0);
	assert_int_equal(hcall(&vm, KVMPPC_H_CAS, 0), -1);
	assert_int_equal(hcall(&vm, H_PUT_TERM_CHAR, 0), 9900);
	assert_int_equal(hcall(&vm, H_PUT_TERM_CHAR, 0), H_SUCCESS);
	vm_end(&vm);
}

TEST(traces)
{
	struct vm vm;

	vm_start(&vm, NULL);
	papr_vmm_trace(vm.vmm, true);
	vm_call(&vm, "set-indicator", 9001, 0x40000000, 1);
	assert_notes(&vm, "CALL set-indicator 0x2329 0x40000000 0x1 = -3\n");
	add_fault(&vm, &(struct papr_fault){ .size = sizeof(struct papr_fault),
					     .call = "get-power-level",
					     .nth = 1,
					     .status = -1 });
	vm_call(&vm, "get-power-level", 0);
	assert_notes(&vm, "CALL get-power-level 0x0 = -3\n"); /* counts come first */
	vm_rtas(&vm, "get-power-level", 1, (uint32_t[]){ 0 }, 2, NULL);
	assert_notes(&vm, "CALL get-power-level 0x0 = -1 0 (injected)\n");
	hcall(&vm, 0x1234, 5);
	assert_notes(&vm, "CALL hcall:0x1234 0x5 = -2 5\n");
	papr_vmm_trace(vm.vmm, false);
	hcall(&vm, 0x1234, 5);
	assert_notes(&vm, "");
	vm_end(&vm);
}
