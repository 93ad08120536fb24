// SPDX-License-Identifier: GPL-2.0-or-later
/* Machine types: their common behaviour and differences. */
#include <errno.h>
#include <libfdt.h>

#include "tests/unit/fakes/vmm_machine.h"

enum { LMB_4 = 0x80000004 };

static void start(struct vm *vm, const char *machine)
{
	struct papr_config config = vm_config;

	config.machine = machine;
	vm_start(vm, &config);
}

static const void *prop(const struct vm *vm, const char *path, const char *name, int *len)
{
	size_t size;
	const void *fdt = papr_vmm_fdt(vm->vmm, &size);

	return fdt_getprop(fdt, fdt_path_offset(fdt, path), name, len);
}

/* ---- The table ---- */

TEST(every_type_starts)
{
	struct papr_machine_info info = { .size = sizeof(info) },
				 found = { .size = sizeof(found) };
	unsigned int last = UINT_MAX;
	size_t n;

	for (n = 0; papr_vmm_machine_info(n, &info) > 0; n++) {
		char name[32];
		struct vm vm;

		snprintf(name, sizeof(name), "pseries-%u.%u", info.major, info.minor);
		assert_string_equal(info.name, name);
		assert_true(info.major * 100 + info.minor < last);
		last = info.major * 100 + info.minor;
		assert_int_equal(papr_vmm_machine_find(name, &found), 0);
		assert_ptr_equal(found.name, info.name);
		assert_true(papr_vmm_has_cpu(name, info.cpu_model));
		assert_true(papr_vmm_has_cpu(name, "POWER8"));
		assert_int_equal(papr_vmm_has_cpu(name, "power11"), info.major >= 10);
		start(&vm, name);
		assert_string_equal(cpus_of(vm.vmm)->model->core_type, info.core_type);
		vm_end(&vm);
	}
	assert_int_equal(n, 2);
	assert_int_equal(papr_vmm_machine_find("pseries-1.0", NULL), -ENOENT);
	assert_false(papr_vmm_has_cpu("pseries-1.0", "power8"));
}

TEST(drivers_and_models_of_each_type)
{
	struct papr_machine_info machine = { .size = sizeof(machine) };
	struct papr_driver_info driver = { .size = sizeof(driver) };
	char name[32];
	size_t n;

	for (size_t m = 0; papr_vmm_machine_info(m, &machine) > 0; m++) {
		bool has_default = false;

		for (n = 0; papr_vmm_cpu_model(machine.name, n, name); n++) {
			assert_true(papr_vmm_has_cpu(machine.name, name));
			has_default |= !strcmp(name, machine.cpu_model);
		}
		assert_true(n > 2 && has_default);
		for (n = 0; papr_vmm_driver_info(machine.name, n, &driver) > 0; n++)
			assert_string_not_equal(driver.name, "");
		assert_true(n > 20);
	}
	assert_int_equal(papr_vmm_driver_info("nope", 0, &driver), 0);
	assert_int_equal(papr_vmm_cpu_model("nope", 0, name), 0);
}

TEST(unknown_types_are_refused)
{
	struct papr_config config = vm_config;
	struct papr_error error = { 0 };
	struct papr_machine_ops env;
	struct papr_vmm *vmm;
	struct vm vm;

	vm_begin(&vm, NULL);
	env = machine_of(vm.vmm)->env;
	config.machine = "pc";
	assert_int_equal(papr_vmm_new(&vmm, &config, &env, &error), -EINVAL);
	assert_string_equal(error.text, "unsupported machine type 'pc'");
	papr_error_clear(&error);
	config.machine = "pseries-7.2";
	config.cpu_model = "power11";
	assert_int_equal(papr_vmm_new(&vmm, &config, &env, &error), -EINVAL);
	assert_string_equal(error.text, "unable to find CPU model 'power11'");
	papr_error_clear(&error);
	vm_end(&vm);
}

/* ---- Processors ---- */

TEST(a_version_of_a_model)
{
	struct papr_config config = vm_config;
	struct vm vm;

	config.machine = "pseries-10.0";
	config.cpu_model = "power9";
	vm_start(&vm, &config);
	assert_int_equal(cpus_of(vm.vmm)->model->pvr, 0x004e1202);
	assert_int_equal(vm_add(&vm, "power9_v2.0-spapr-cpu-core", "core-id=1"), -EINVAL);
	assert_string_equal(vm_error(&vm),
			    "CPU core type should be power9_v2.2-spapr-cpu-core");
	assert_int_equal(vm_add(&vm, "power9_v2.2-spapr-cpu-core", "core-id=1"), 0);
	vm_end(&vm);

	config.cpu_model = "power9_v2.0";
	vm_start(&vm, &config);
	assert_int_equal(cpus_of(vm.vmm)->model->pvr, 0x004e1200);
	assert_int_equal(vm_add(&vm, "power9_v2.0-spapr-cpu-core", "core-id=1"), 0);
	vm_end(&vm);
}

/* Attribute byte 64 is for a second watchpoint, which POWER9 lacks. */
TEST(features_of_a_core)
{
	static const struct {
		const char *machine, *model, *path;
		int len;
		bool pi, dawr1;
	} rows[] = {
		{ "pseries-7.2", "power9", "/cpus/PowerPC,POWER9@0", 68, false, false },
		{ "pseries-7.2", "power10", "/cpus/PowerPC,POWER10@0", 68, false, false },
		{ "pseries-10.0", "power8", "/cpus/PowerPC,POWER8@0", 26, true, false },
		{ "pseries-10.0", "power9", "/cpus/PowerPC,POWER9@0", 68, true, false },
		{ "pseries-10.0", "power10", "/cpus/PowerPC,POWER10@0", 76, true, true },
		{ "pseries-10.0", "power11", "/cpus/PowerPC,POWER11@0", 76, true, true },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct papr_config config = vm_config;
		const uint8_t *features;
		struct vm vm;
		int len;

		config.machine = rows[i].machine;
		config.cpu_model = rows[i].model;
		vm_start(&vm, &config);
		features = prop(&vm, rows[i].path, "ibm,pa-features", &len);
		assert_non_null(features);
		assert_int_equal(len, rows[i].len);
		assert_int_equal(features[0], len - 2);
		if (len > 66)
			assert_int_equal(features[66], rows[i].dawr1 ? 0x80 : 0);
		assert_int_equal(prop(&vm, rows[i].path, "ibm,pi-features", &len) != NULL,
				 rows[i].pi);
		vm_end(&vm);
	}
}

/* ---- Events and texts ---- */

static void refuse_a_dimm(struct vm *vm)
{
	assert_int_equal(vm_object(vm, "memory-backend-ram", "id=m1,size=256M"), 0);
	assert_int_equal(vm_add(vm, "pc-dimm", "id=d1,memdev=m1"), 0);
	vm_take(vm, LMB_4);
	assert_int_equal(vm_del(vm, "d1"), 0);
	vm_notes(vm);
	assert_int_equal(vm_call(vm, "set-indicator", 9001, LMB_4, 1), 0);
}

TEST(events_of_a_refused_dimm)
{
	struct vm vm;

	start(&vm, "pseries-7.2");
	refuse_a_dimm(&vm);
	assert_notes(
		&vm,
		"MEM_UNPLUG_ERROR d1 Memory hotunplug rejected by the guest for device d1\n"
		"DEVICE_UNPLUG_GUEST_ERROR d1\n");
	vm_end(&vm);
	start(&vm, "pseries-10.0");
	refuse_a_dimm(&vm);
	assert_notes(&vm, "DEVICE_UNPLUG_GUEST_ERROR d1\n");
	vm_end(&vm);
}

TEST(texts)
{
	static const struct {
		const char *machine, *cold, *id;
	} rows[] = {
		{ "pseries-7.2", "Parameter 'driver' expects a pluggable device type",
		  "Parameter 'id' expects an identifier" },
		{ "pseries-10.0", "Device 'VGA' does not support hotplugging", NULL },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct papr_error error = { 0 };
		struct vm vm;

		start(&vm, rows[i].machine);
		assert_int_equal(vm_add(&vm, "VGA", "id=v"), -EINVAL);
		assert_string_equal(vm_error(&vm), rows[i].cold);
		assert_int_equal(vm_add(&vm, "e1000", "id=n 1"),
				 rows[i].id ? -EINVAL : 0);
		if (rows[i].id)
			assert_string_equal(vm_error(&vm), rows[i].id);
		assert_int_equal(vm_object(&vm, "memory-backend-ram", "id=m1,size=256M"),
				 0);
		assert_int_equal(vm_add(&vm, "pc-dimm", "id=d1,memdev=m1"), 0);
		assert_int_equal(papr_vmm_object_del(vm.vmm, "m1", &error), -EBUSY);
		assert_string_equal(error.text,
				    "object 'm1' is in use, can not be deleted");
		papr_error_clear(&error);
		vm_end(&vm);
	}
}

/* ---- Saved states ---- */

TEST(states_know_their_type)
{
	struct papr_error error = { 0 };
	struct vm from, to;
	size_t bytes;
	void *saved;

	start(&from, "pseries-10.0");
	assert_int_equal(papr_vmm_save(from.vmm, &saved, &bytes), 0);
	vm_end(&from);

	start(&to, "pseries-10.0");
	assert_int_equal(papr_vmm_load(to.vmm, saved, bytes, &error), 0);
	vm_end(&to);

	start(&to, "pseries-7.2");
	assert_int_equal(papr_vmm_load(to.vmm, saved, bytes, &error), -ENODEV);
	papr_error_clear(&error);
	vm_end(&to);
	free(saved);
}
