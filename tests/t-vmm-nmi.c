// SPDX-License-Identifier: GPL-2.0-or-later
/* System resets and machine checks that an embedder delivers. */
#include "tests/vmm_machine.h"
#include "wire/event.h"

enum { RTAS_BASE = 0x40000, ON_RESET = 0x100000, ON_CHECK = 0x100100 };

#define R3	  UINT64_C(0x1122334455667788)
#define EFFECTIVE UINT64_C(0xc000000000001000)

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

static struct papr_nmi check_of(uint64_t r3)
{
	return (struct papr_nmi){
		.size = sizeof(struct papr_nmi),
		.kind = PAPR_NMI_MACHINE_CHECK,
		.r3 = r3,
		.severity = 4,
		.initiator = 1,
		.type = PAPR_MC_SLB,
		.subtype = 1,
		.has_effective = true,
		.effective = EFFECTIVE,
	};
}

static struct papr_nmi reset_of(uint64_t r3)
{
	return (struct papr_nmi){ .size = sizeof(struct papr_nmi),
				  .kind = PAPR_NMI_SYSTEM_RESET,
				  .r3 = r3 };
}

static void without_handlers(void **state)
{
	struct papr_nmi nmi = reset_of(R3);
	struct vm vm;

	(void)state;
	vm_start(&vm, NULL);
	assert_int_equal(papr_vmm_nmi(vm.vmm, 0, &nmi), 0);
	assert_false(nmi.registered);
	assert_int_equal(nmi.address, 0x100);
	assert_int_equal(nmi.r3, R3);
	nmi = check_of(R3);
	assert_int_equal(papr_vmm_nmi(vm.vmm, 0, &nmi), 0);
	assert_false(nmi.registered);
	assert_int_equal(nmi.address, 0x200);
	assert_int_equal(nmi.r3, R3);
	/* Nothing is reserved. */
	assert_int_equal(papr_vmm_nmi(vm.vmm, 0, &nmi), 0);
	vm_end(&vm);
}

static void system_reset(void **state)
{
	struct papr_nmi nmi = reset_of(R3);
	struct vm vm;

	(void)state;
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
	/* It needs no ibm,nmi-interlock. */
	assert_int_equal(papr_vmm_nmi(vm.vmm, 1, &nmi), 0);
	assert_int_equal(vm.memory[RTAS_BASE + 2047], 0x5a);
	assert_int_equal(vm.memory[RTAS_BASE + 2048 + 32], 0x5a);
	vm_end(&vm);
}

static void machine_check(void **state)
{
	struct papr_nmi nmi = check_of(R3);
	struct event_section_iter it;
	struct event_section section;
	struct event_fixed fixed;
	const uint8_t *log;
	struct cursor body;
	struct vm vm;

	(void)state;
	start(&vm, RTAS_BASE);
	assert_int_equal(papr_vmm_nmi(vm.vmm, 1, &nmi), 0);
	assert_int_equal(nmi.address, ON_CHECK);
	assert_int_equal(nmi.r3, RTAS_BASE + 0x30);
	assert_int_equal(be64(&vm, RTAS_BASE + 0x30), R3);

	log = vm.memory + RTAS_BASE + 0x38;
	assert_int_equal(event_fixed_decode(&fixed, log, 8), 0);
	assert_int_equal(fixed.version, 6);
	assert_int_equal(fixed.severity, 4);
	assert_int_equal(fixed.disposition, EVENT_NOT_RECOVERED);
	assert_int_equal(fixed.initiator, 1);
	assert_true(fixed.extended);
	assert_int_equal(fixed.length, 56);
	assert_true(event_is_ibm(log, 64));
	assert_int_equal(event_sections_begin(&it, log, 64), 0);
	assert_int_equal(event_sections_next(&it, &section), 1);
	assert_int_equal(section.id, EVENT_SECTION_MC);
	assert_int_equal(section.len, 40);
	assert_int_equal(section.version, 1);
	body = event_section_body(&section);
	assert_int_equal(cursor_be32(&body), 0);
	assert_int_equal(cursor_be32(&body), 1); /* the processor */
	assert_int_equal(cursor_u8(&body), PAPR_MC_SLB);
	assert_int_equal(cursor_u8(&body), 0x81);
	cursor_bytes(&body, 6);
	assert_int_equal(cursor_be64(&body), EFFECTIVE);
	assert_int_equal(cursor_be64(&body), 0);
	assert_int_equal(event_sections_next(&it, &section), 0);
	assert_int_equal(vm.memory[RTAS_BASE + 0x38 + 64], 0x5a);
	vm_end(&vm);
}

static void memory_error_with_addresses(void **state)
{
	struct papr_nmi nmi = check_of(R3);
	struct vm vm;

	(void)state;
	start(&vm, RTAS_BASE);
	nmi.type = PAPR_MC_MEMORY;
	nmi.subtype = PAPR_MC_MEMORY_ACCESS;
	nmi.recovered = nmi.has_logical = true;
	nmi.logical = 0x3000;
	assert_int_equal(papr_vmm_nmi(vm.vmm, 0, &nmi), 0);
	assert_int_equal(vm_be32(&vm, RTAS_BASE + 0x38) >> 19 & 3, EVENT_RECOVERED);
	assert_int_equal(vm.memory[RTAS_BASE + 0x38 + 24 + 17], 0x63);
	assert_int_equal(be64(&vm, RTAS_BASE + 0x38 + 24 + 24), EFFECTIVE);
	assert_int_equal(be64(&vm, RTAS_BASE + 0x38 + 24 + 32), 0x3000);
	vm_end(&vm);
}

static void interlock(void **state)
{
	struct papr_nmi nmi = check_of(R3);
	struct vm vm;

	(void)state;
	start(&vm, RTAS_BASE);
	assert_int_equal(papr_vmm_nmi(vm.vmm, 0, &nmi), 0);
	nmi = check_of(R3 + 1);
	assert_int_equal(papr_vmm_nmi(vm.vmm, 0, &nmi), -EDEADLK);
	assert_int_equal(papr_vmm_nmi(vm.vmm, 1, &nmi), -EBUSY);
	assert_int_equal(nmi.r3, R3 + 1);
	assert_int_equal(be64(&vm, RTAS_BASE + 0x30), R3);

	/* Only the processor in its handler ends it. */
	vm.cpu = 1;
	assert_int_equal(vm_rtas(&vm, "ibm,nmi-interlock", 0, NULL, 1, NULL), 0);
	assert_int_equal(papr_vmm_nmi(vm.vmm, 1, &nmi), -EBUSY);
	vm.cpu = 0;
	assert_int_equal(vm_rtas(&vm, "ibm,nmi-interlock", 0, NULL, 1, NULL), 0);
	assert_int_equal(papr_vmm_nmi(vm.vmm, 1, &nmi), 0);
	assert_int_equal(be64(&vm, RTAS_BASE + 0x30), R3 + 1);

	/* A reset ends it, too. */
	vm_reset(&vm);
	nmi = check_of(R3);
	assert_int_equal(papr_vmm_nmi(vm.vmm, 1, &nmi), 0);
	assert_int_equal(nmi.address, 0x200);
	vm_end(&vm);
}

/* The guest places RTAS where its areas are not in memory. */
static void area_outside_of_memory(void **state)
{
	static const uint32_t bases[] = { VM_MEMORY_BYTES - 0x40, UINT32_MAX };
	struct papr_nmi nmi;
	struct vm vm;

	(void)state;
	for (size_t i = 0; i < COUNT(bases); i++) {
		start(&vm, bases[i]);
		nmi = check_of(R3);
		assert_int_equal(papr_vmm_nmi(vm.vmm, 0, &nmi), -EFAULT);
		assert_int_equal(nmi.r3, R3);
		/* Nothing is reserved. */
		assert_int_equal(papr_vmm_nmi(vm.vmm, 1, &nmi), -EFAULT);
		nmi = reset_of(R3);
		assert_int_equal(papr_vmm_nmi(vm.vmm, 0, &nmi), -EFAULT);
		vm_set_rtas_base(&vm, 0);
		assert_int_equal(papr_vmm_nmi(vm.vmm, 0, &nmi), -EFAULT);
		vm_end(&vm);
	}
}

static void wrong_arguments(void **state)
{
	struct papr_nmi bad[8], nmi = check_of(R3);
	struct vm vm;

	(void)state;
	start(&vm, RTAS_BASE);
	assert_int_equal(papr_vmm_nmi(vm.vmm, 2, &nmi), -ENOENT);
	assert_int_equal(papr_vmm_nmi(vm.vmm, UINT32_MAX, &nmi), -ENOENT);
	for (size_t i = 0; i < COUNT(bad); i++)
		bad[i] = nmi;
	bad[0].size = 4;
	bad[1].kind = 2;
	bad[2].severity = 8;
	bad[3].initiator = 16;
	bad[4].type = 8;
	bad[5].subtype = 3;
	bad[6].has_logical = true;
	bad[7].type = UINT8_MAX;
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_int_equal(papr_vmm_nmi(vm.vmm, 0, &bad[i]), -EINVAL);
	assert_int_equal(vm.memory[RTAS_BASE + 0x30], 0x5a);
	vm_end(&vm);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(without_handlers), cmocka_unit_test(system_reset),
	cmocka_unit_test(machine_check),    cmocka_unit_test(memory_error_with_addresses),
	cmocka_unit_test(interlock),	    cmocka_unit_test(area_outside_of_memory),
	cmocka_unit_test(wrong_arguments),
};

RUN(tests)
