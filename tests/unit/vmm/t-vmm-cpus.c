// SPDX-License-Identifier: GPL-2.0-or-later
/* Cores are plugged and unplugged; statuses, words and events of QEMU 7.2 (cpu.*
 * vectors). */
#include "tests/unit/fakes/vmm_machine.h"

enum { CORE_1 = 0x10000001, CORE_2 = 0x10000002 };

#define TYPE "power9_v2.0-spapr-cpu-core"

TEST(comes_and_goes)
{
	struct papr_cpu_info info = { .size = sizeof(info) };
	struct vm vm;

	vm_start(&vm, NULL);
	assert_int_equal(vm_sense(&vm, CORE_1), 2);
	assert_int_equal(vm_add(&vm, TYPE, "id=core1,core-id=1"), 0);
	assert_notes(&vm, "irq 0x1001\n");
	assert_int_equal(vm_sense(&vm, CORE_1), 2);
	assert_int_equal(vm_call(&vm, "query-cpu-stopped-state", 1), -3);
	assert_true(*cpus_halted(vm.vmm, 1));
	assert_null(cpus_halted(vm.vmm, 2));
	assert_null(cpus_halted(vm.vmm, 9));
	assert_int_equal(papr_vmm_cpu_info(vm.vmm, 2, &info), 1);
	assert_int_equal(info.core_id, 1);
	assert_string_equal(info.path, "/machine/peripheral/core1");

	vm_take(&vm, CORE_1);
	assert_int_equal(vm_del(&vm, "core1"), 0);
	assert_notes(&vm, "irq 0x1001\n");
	assert_int_equal(vm_del(&vm, "core1"), 0); /* reported again */
	assert_notes(&vm, "irq 0x1001\n");
	vm_give(&vm, CORE_1);
	assert_notes(&vm, "DEVICE_DELETED /machine/peripheral/core1/thread[0]/icp\n"
			  "DEVICE_DELETED /machine/peripheral/core1/thread[0]/xive-tctx\n"
			  "DEVICE_DELETED /machine/peripheral/core1/thread[0]\n"
			  "DEVICE_DELETED core1\n");
	assert_null(cpus_halted(vm.vmm, 1));
	assert_int_equal(papr_vmm_cpu_info(vm.vmm, 2, &info), 1);
	assert_null(info.path);

	/* the place is free again */
	assert_int_equal(vm_add(&vm, TYPE, "id=core1,core-id=1"), 0);
	vm_end(&vm);
}

TEST(walk)
{
	struct vm vm;
	const char *steps;

	vm_start(&vm, NULL);
	assert_int_equal(vm_add(&vm, TYPE, "id=core1,core-id=1"), 0);
	assert_int_equal(vm_call(&vm, "set-indicator", 9003, CORE_1, 1), 0);
	assert_int_equal(vm_call(&vm, "set-indicator", 9001, CORE_1, 1), 0);
	steps = vm_walk(&vm, CORE_1);
	/* PAPR's "name" has no unit address, QEMU's has one */
	assert_string_equal(steps, "2 PowerPC,POWER9@1\n"
				   "3 name 15\n"
				   "3 ibm,dec-bits 4\n"
				   "3 ibm,processor-radix-AP-encodings 16\n"
				   "3 ibm,ppc-interrupt-gserver#s 8\n"
				   "3 ibm,ppc-interrupt-server#s 4\n"
				   "3 ibm,pft-size 8\n"
				   "3 ibm,chip-id 4\n"
				   "3 ibm,pa-features 68\n"
				   "3 ibm,segment-page-sizes 40\n"
				   "3 ibm,dfp 4\n"
				   "3 ibm,vmx 4\n"
				   "3 ibm,processor-segment-sizes 16\n"
				   "3 ibm,spurr 4\n"
				   "3 ibm,purr 4\n"
				   "3 64-bit 0\n"
				   "3 status 5\n"
				   "3 ibm,slb-size 4\n"
				   "3 slb-size 4\n"
				   "3 clock-frequency 4\n"
				   "3 timebase-frequency 4\n"
				   "3 i-cache-size 4\n"
				   "3 d-cache-size 4\n"
				   "3 i-cache-line-size 4\n"
				   "3 i-cache-block-size 4\n"
				   "3 d-cache-line-size 4\n"
				   "3 d-cache-block-size 4\n"
				   "3 cpu-version 4\n"
				   "3 device_type 4\n"
				   "3 reg 4\n"
				   "3 ibm,my-drc-index 4\n"
				   "0\n");
	vm_end(&vm);
}

TEST(refused_by_the_guest)
{
	struct vm vm;

	vm_start(&vm, NULL);
	assert_int_equal(vm_add(&vm, TYPE, "id=core1,core-id=1"), 0);
	vm_take(&vm, CORE_1);
	vm_notes(&vm);
	assert_int_equal(vm_del(&vm, "core1"), 0);
	vm_notes(&vm);
	assert_int_equal(vm_call(&vm, "set-indicator", 9001, CORE_1, 1), 0);
	assert_notes(&vm, "DEVICE_UNPLUG_GUEST_ERROR core1\n");
	assert_string_equal(vm.log, "Device hotunplug rejected by the guest for device "
				    "core1\n");

	/* no request pending: the guest can acquire a released core again */
	vm_give(&vm, CORE_1);
	assert_notes(&vm, "");
	vm_take(&vm, CORE_1);
	vm_end(&vm);
}

TEST(untouched_goes_at_once)
{
	struct vm vm;

	vm_start(&vm, NULL);
	assert_int_equal(vm_add(&vm, TYPE, "id=core2,core-id=2"), 0);
	vm_notes(&vm);
	assert_int_equal(vm_del(&vm, "core2"), 0);
	assert_notes(&vm, "DEVICE_DELETED /machine/peripheral/core2/thread[0]/icp\n"
			  "DEVICE_DELETED /machine/peripheral/core2/thread[0]/xive-tctx\n"
			  "DEVICE_DELETED /machine/peripheral/core2/thread[0]\n"
			  "DEVICE_DELETED core2\n"
			  "irq 0x1001\n");
	assert_int_equal(vm_sense(&vm, CORE_2), 2);
	assert_int_equal(vm_del(&vm, "core2"), -ENOENT);
	vm_end(&vm);
}

TEST(words)
{
	static const struct {
		const char *driver, *options, *words;
	} rows[] = {
		{ TYPE, "id=bad,core-id=0", "core 0 already populated" },
		{ TYPE, "id=bad", "core 0 already populated" },
		{ TYPE, "id=bad,core-id=9", "core id 9 out of range" },
		{ TYPE, "id=bad,core-id=-1", "Invalid core id -1" },
		{ TYPE, "core-id=1,nr-threads=2", "invalid nr-threads 2, must be 1" },
		{ TYPE, "core-id=1,node-id=1", "invalid node-id, must be 0" },
		{ TYPE, "core-id=1,foo=1", "Property '" TYPE ".foo' not found" },
		{ TYPE, "id=c3,core-id=1", "Duplicate device ID 'c3'" },
		{ TYPE, "id=1a,core-id=1", "Parameter 'id' expects an identifier" },
		{ "power8_v2.0-spapr-cpu-core", "core-id=77",
		  "CPU core type should be " TYPE },
		{ "power8-spapr-cpu-core", "core-id=1",
		  "'power8-spapr-cpu-core' is not a valid device model name" },
	};
	struct papr_config config = vm_config;
	struct vm vm;

	vm_start(&vm, NULL);
	assert_int_equal(vm_add(&vm, TYPE, "id=c3,core-id=3"), 0);
	vm_notes(&vm);
	for (size_t i = 0; i < COUNT(rows); i++) {
		assert_true(vm_add(&vm, rows[i].driver, rows[i].options) < 0);
		assert_string_equal(vm_error(&vm), rows[i].words);
	}
	assert_notes(&vm, "");
	vm_end(&vm);

	config.cpus = config.threads = 4;
	config.max_cpus = 16;
	vm_start(&vm, &config);
	assert_int_equal(vm_add(&vm, TYPE, "core-id=6"), -EINVAL);
	assert_string_equal(vm_error(&vm), "invalid core id 6");
	assert_int_equal(vm_add(&vm, TYPE, "core-id=8"), 0);
	vm_end(&vm);
}

TEST(listed)
{
	struct papr_config config = vm_config;
	struct papr_cpu_info info = { .size = sizeof(info) };
	struct vm vm;

	config.cpus = 2;
	vm_start(&vm, &config);
	for (unsigned int n = 0; n < 4; n++) {
		assert_int_equal(papr_vmm_cpu_info(vm.vmm, n, &info), 1);
		assert_int_equal(info.core_id, 3 - n);
		assert_int_equal(info.threads, 1);
		assert_int_equal(info.node_id, 0);
		assert_string_equal(info.type, TYPE);
		if (n < 2)
			assert_null(info.path);
	}
	assert_string_equal(info.path, "/machine/unattached/device[1]");
	assert_int_equal(papr_vmm_cpu_info(vm.vmm, 4, &info), 0);
	vm_end(&vm);

	config.cpu_model = "power8"; /* has no XIVE device before its cores */
	vm_start(&vm, &config);
	assert_int_equal(papr_vmm_cpu_info(vm.vmm, 3, &info), 1);
	assert_string_equal(info.path, "/machine/unattached/device[0]");
	assert_int_equal(vm_add(&vm, "power8_v2.0-spapr-cpu-core", "id=c,core-id=2"), 0);
	vm_notes(&vm);
	assert_int_equal(vm_del(&vm, "c"), 0);
	assert_notes(&vm, "DEVICE_DELETED /machine/peripheral/c/thread[0]/icp\n"
			  "DEVICE_DELETED /machine/peripheral/c/thread[0]\n"
			  "DEVICE_DELETED c\n"
			  "irq 0x1001\n");
	vm_end(&vm);
}

TEST(runs_and_halts)
{
	struct papr_config config = vm_config;
	struct vm vm;

	config.cpus = 4;
	config.threads = 2;
	vm_begin(&vm, &config);
	vm_reset(&vm);
	assert_false(*cpus_halted(vm.vmm, 0));
	for (uint32_t i = 1; i < 4; i++)
		assert_true(*cpus_halted(vm.vmm, i));
	assert_false(cpus_others_run(vm.vmm));
	*cpus_halted(vm.vmm, 3) = false;
	assert_true(cpus_others_run(vm.vmm));
	*cpus_halted(vm.vmm, 0) = true;
	assert_false(cpus_others_run(vm.vmm));
	vm_reset(&vm);
	assert_false(*cpus_halted(vm.vmm, 0));
	assert_true(*cpus_halted(vm.vmm, 3));
	vm_end(&vm);
}

/* A core with a pending removal is removed by a reset; a cold one is ready. */
TEST(reset_ends_it)
{
	struct vm vm;

	vm_begin(&vm, NULL);
	assert_int_equal(vm_add(&vm, TYPE, "id=c1,core-id=1"), 0);
	assert_notes(&vm, "");
	vm_reset(&vm);
	assert_int_equal(vm_sense(&vm, CORE_1), 1);
	assert_int_equal(vm_del(&vm, "c1"), 0);
	assert_non_null(cpus_halted(vm.vmm, 1));
	vm_reset(&vm);
	assert_null(cpus_halted(vm.vmm, 1));
	assert_int_equal(vm_sense(&vm, CORE_1), 2);
	vm_end(&vm);
}

TEST(models)
{
	struct papr_config config = vm_config;
	struct papr_machine_ops env = { .size = sizeof(struct papr_machine_ops) };
	const struct machine_type *type = machine_type_find("pseries-7.2");
	struct papr_error error = { 0 };
	struct papr_vmm *vmm;
	struct vm vm;

	assert_string_equal(cpu_model_find(type, "POWER9")->name, "power9");
	assert_string_equal(cpu_model_find(type, "power10_v2.0")->name, "power10");
	assert_null(cpu_model_find(type, "power9_"));
	assert_null(cpu_model_find(type, ""));
	assert_null(cpu_model_find(type, "power9_v2.0-spapr-cpu-corex"));
	assert_null(cpu_model_find(type, "power11"));

	vm_begin(&vm, NULL);
	env = machine_of(vm.vmm)->env;
	config.cpu_model = "cortex-a57";
	assert_int_equal(papr_vmm_new(&vmm, &config, &env, &error), -EINVAL);
	assert_string_equal(error.text, "unable to find CPU model 'cortex-a57'");
	papr_error_clear(&error);
	vm_end(&vm);
}
