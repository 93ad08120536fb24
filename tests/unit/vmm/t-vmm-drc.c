// SPDX-License-Identifier: GPL-2.0-or-later
/* Connectors beside QEMU's answers to every call in every state (tests/peers/diff/answers.tap). */
#include "tests/unit/fakes/vmm_machine.h"
#include "wire/drc.h"

enum { PCI = 0x40000048, PHB = 0x20000002, LMB = 0x80000004 };

enum call { ISOLATE, UNISOLATE, USABLE, UNUSABLE, CONFIGURE, CALLS };

/* A call's status, and dr-entity-sense after that. */
struct outcome {
	int32_t status;
	int32_t sense;
};

#define GONE "DEVICE_DELETED dev\n"

static int32_t make(struct vm *vm, uint32_t index, enum call call)
{
	switch (call) {
	case ISOLATE:
	case UNISOLATE:
		return vm_call(vm, "set-indicator", DRC_ISOLATION, index,
			       call == UNISOLATE ? DRC_UNISOLATE : DRC_ISOLATE);
	case USABLE:
	case UNUSABLE:
		return vm_call(vm, "set-indicator", DRC_ALLOCATION, index,
			       call == USABLE ? DRC_USABLE : DRC_UNUSABLE);
	default:
		return vm_walk_step(vm, index);
	}
}

static void plug(struct vm *vm, uint32_t index)
{
	switch (index) {
	case PCI:
		assert_int_equal(vm_add(vm, "virtio-rng-pci", "id=dev,bus=pci.0,addr=9"),
				 0);
		break;
	case PHB:
		assert_int_equal(vm_add(vm, "spapr-pci-host-bridge", "id=dev,index=2"),
				 0);
		break;
	default:
		assert_int_equal(vm_object(vm, "memory-backend-ram", "id=mem,size=256M"),
				 0);
		assert_int_equal(vm_add(vm, "pc-dimm", "id=dev,memdev=mem"), 0);
	}
}

/* The events, without the inner objects of a device, which have no id. */
static const char *told(struct vm *vm)
{
	static char lines[1024];
	const char *at = vm_notes(vm);
	size_t len = 0;

	for (const char *end; *at; at = end) {
		end = strchr(at, '\n') + 1;
		if (!strncmp(at, "DEVICE_DELETED /", 16))
			continue;
		assert_true(len + (size_t)(end - at) < sizeof(lines));
		memcpy(lines + len, at, (size_t)(end - at));
		len += (size_t)(end - at);
	}
	lines[len] = '\0';
	return lines;
}

TEST(without_a_device)
{
	static const struct {
		uint32_t index;
		struct outcome after[CALLS];
	} empty[] = {
		{ PCI, { { 0, 0 }, { -3, 0 }, { -3, 0 }, { -3, 0 }, { -9003, 0 } } },
		{ PHB, { { 0, 2 }, { -3, 2 }, { -3, 2 }, { 0, 2 }, { -9003, 2 } } },
		{ LMB, { { 0, 2 }, { -3, 2 }, { -3, 2 }, { 0, 2 }, { -9003, 2 } } },
		{ 0x10000001,
		  { { 0, 2 }, { -3, 2 }, { -3, 2 }, { 0, 2 }, { -9003, 2 } } },
	};
	struct vm vm;

	vm_start(&vm, NULL);
	for (size_t i = 0; i < COUNT(empty); i++)
		for (int call = 0; call < CALLS; call++) {
			assert_int_equal(make(&vm, empty[i].index, (enum call)call),
					 empty[i].after[call].status);
			assert_int_equal(vm_sense(&vm, empty[i].index),
					 empty[i].after[call].sense);
		}
	vm_end(&vm);
}

TEST(indicators)
{
	struct vm vm;

	vm_start(&vm, NULL);
	for (uint32_t value = 0; value < 6; value++) {
		int32_t led = value <= DRC_LED_ACTION ? 0 : -3;

		assert_int_equal(
			vm_call(&vm, "set-indicator", DRC_DR_INDICATOR, PCI, value), led);
		assert_int_equal(
			vm_call(&vm, "set-indicator", DRC_DR_INDICATOR, PHB, value), -3);
	}
	for (uint32_t value = 2; value < 6; value++) {
		assert_int_equal(vm_call(&vm, "set-indicator", DRC_ISOLATION, PCI, value),
				 -3);
		assert_int_equal(
			vm_call(&vm, "set-indicator", DRC_ALLOCATION, PHB, value), -3);
	}
	assert_int_equal(vm_call(&vm, "set-indicator", 9004, PCI, 0), -3);
	assert_int_equal(vm_call(&vm, "set-indicator", 0, PCI, 0), -3);
	assert_int_equal(vm_call(&vm, "set-indicator", DRC_ISOLATION, 0x4fffffff, 0), -3);
	assert_int_equal(vm_call(&vm, "set-indicator", DRC_ISOLATION, 0, 0), -3);
	assert_int_equal(vm_call(&vm, "set-indicator", DRC_ISOLATION, UINT32_MAX, 0), -3);
	vm_end(&vm);
}

TEST(sensors_and_power)
{
	uint32_t rets[2];
	struct vm vm;

	vm_start(&vm, NULL);
	assert_int_equal(
		vm_rtas(&vm, "get-sensor-state", 2, (uint32_t[]){ 9003, 1 }, 2, rets),
		-3);
	assert_int_equal(rets[1], 0);
	assert_int_equal(
		vm_rtas(&vm, "get-sensor-state", 2, (uint32_t[]){ 9001, PCI }, 2, rets),
		-3);
	assert_int_equal(rets[1], 0);
	/* an output that was not requested is not written */
	assert_int_equal(
		vm_rtas(&vm, "get-sensor-state", 2, (uint32_t[]){ 9003, PCI }, 1, rets),
		-3);
	assert_int_equal(vm_be32(&vm, VM_RETS + 4), VM_UNWRITTEN);

	for (uint32_t level = 0; level < 102; level += 101) {
		assert_int_equal(vm_rtas(&vm, "set-power-level", 2,
					 (uint32_t[]){ UINT32_MAX, level }, 2, rets),
				 0);
		assert_int_equal(rets[1], 100);
	}
	assert_int_equal(vm_rtas(&vm, "get-power-level", 1, (uint32_t[]){ 0 }, 2, rets),
			 -3);
	assert_int_equal(rets[1], VM_UNWRITTEN);
	vm_end(&vm);
}

/* A connector in the empty state releases its device at once; a reset completes
 * others. */
TEST(release_and_reset)
{
	static const uint32_t all[] = { PCI, PHB, LMB };
	struct papr_drc_info info = { .size = sizeof(info) };
	struct vm vm;

	for (size_t i = 0; i < COUNT(all); i++) {
		vm_start(&vm, NULL);
		plug(&vm, all[i]);
		vm_notes(&vm);
		assert_int_equal(vm_del(&vm, "dev"), 0);
		assert_non_null(strstr(told(&vm), GONE));
		assert_int_equal(vm_del(&vm, "dev"), -ENOENT);
		vm_end(&vm);

		vm_start(&vm, NULL);
		plug(&vm, all[i]);
		vm_reset(&vm);
		assert_int_equal(papr_vmm_drc_info(vm.vmm, all[i], &info), 1);
		assert_int_equal(info.state, all[i] == PCI
						     ? DRC_STATE_PHYSICAL_CONFIGURED
						     : DRC_STATE_LOGICAL_CONFIGURED);
		assert_true(info.has_device);
		assert_int_equal(vm_del(&vm, "dev"), 0);
		assert_int_equal(papr_vmm_drc_info(vm.vmm, all[i], &info), 1);
		assert_true(info.unplug_requested);
		vm_notes(&vm);
		vm_reset(&vm);
		assert_string_equal(told(&vm), GONE);
		assert_int_equal(papr_vmm_drc_info(vm.vmm, all[i], &info), 1);
		assert_false(info.has_device);
		vm_end(&vm);
	}
}

TEST(names)
{
	static const struct {
		uint32_t index;
		const char *type, *name;
	} known[] = {
		{ 0x10000003, "CPU", "CPU 3" },	  { 0x2000001e, "PHB", "PHB 30" },
		{ 0x40000000, "28", "C0" },	  { 0x400000ff, "28", "C255" },
		{ 0x80000004, "MEM", "LMB 4" },	  { 0x80000007, "MEM", "LMB 7" },
		{ 0x90000003, "PMEM", "PMEM 3" },
	};
	static const uint32_t unknown[] = { 0,		0x0fffffff, 0x10000004,
					    0x2000001f, 0x30000000, 0x40000100,
					    0x80000003, 0x80000008, 0x90000004,
					    0xf0000000, UINT32_MAX };
	struct papr_drc_info info = { .size = sizeof(info) };
	struct vm vm;

	vm_start(&vm, NULL);
	for (size_t i = 0; i < COUNT(known); i++) {
		assert_int_equal(papr_vmm_drc_info(vm.vmm, known[i].index, &info), 1);
		assert_int_equal(info.index, known[i].index);
		assert_string_equal(info.type, known[i].type);
		assert_string_equal(info.name, known[i].name);
	}
	for (size_t i = 0; i < COUNT(unknown); i++)
		assert_int_equal(papr_vmm_drc_info(vm.vmm, unknown[i], &info), 0);
	vm_end(&vm);
}
