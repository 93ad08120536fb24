// SPDX-License-Identifier: GPL-2.0-or-later
/* The basic parts of a machine: memory, trees, options, banks of connectors. */
#include <libfdt.h>

#include "tests/unit/fakes/vmm_machine.h"
#include "vmm/base/guest_memory.h"
#include "vmm/base/option.h"
#include "wire/cas.h"
#include "wire/drc_info.h"
#include "wire/drc_list.h"

TEST(memory_has_an_end)
{
	static const struct {
		uint64_t addr;
		size_t len;
		int err;
	} rows[] = {
		{ 0, VM_MEMORY_BYTES, 0 },	     { VM_MEMORY_BYTES - 1, 1, 0 },
		{ VM_MEMORY_BYTES - 1, 2, -EFAULT }, { VM_MEMORY_BYTES, 1, -EFAULT },
		{ 1, VM_MEMORY_BYTES, -EFAULT },     { UINT64_MAX, 1, -EFAULT },
		{ UINT64_MAX, 2, -EFAULT },	     { UINT64_MAX - 3, 8, -EFAULT },
		{ 16, SIZE_MAX, -EFAULT },	     { UINT64_MAX, 0, 0 },
	};
	static uint8_t buf[VM_MEMORY_BYTES];
	struct vm vm;

	vm_start(&vm, NULL);
	for (size_t i = 0; i < COUNT(rows); i++) {
		assert_int_equal(guest_read(vm.vmm, rows[i].addr, buf, rows[i].len),
				 rows[i].err);
		assert_int_equal(guest_write(vm.vmm, rows[i].addr, buf, rows[i].len),
				 rows[i].err);
	}
	vm_end(&vm);
}

TEST(words_and_strings)
{
	char text[8];
	uint32_t word;
	struct vm vm;

	vm_start(&vm, NULL);
	assert_int_equal(guest_write_be32(vm.vmm, 0x101, 0x01020304), 0);
	assert_memory_equal(vm.memory + 0x101, "\1\2\3\4", 4);
	assert_int_equal(guest_read_be32(vm.vmm, 0x101, &word), 0);
	assert_int_equal(word, 0x01020304);
	assert_int_equal(guest_read_be32(vm.vmm, VM_MEMORY_BYTES - 3, &word), -EFAULT);
	assert_int_equal(GUEST_REAL(0xc000000000000123), 0x123);

	memcpy(vm.memory + VM_MEMORY_BYTES - 4, "abc", 4);
	assert_int_equal(guest_read_str(vm.vmm, VM_MEMORY_BYTES - 4, text, sizeof(text)),
			 0);
	assert_string_equal(text, "abc");
	assert_int_equal(guest_read_str(vm.vmm, VM_MEMORY_BYTES - 4, text, 3),
			 -ENAMETOOLONG);
	memcpy(vm.memory + VM_MEMORY_BYTES - 4, "abcd", 4);
	assert_int_equal(guest_read_str(vm.vmm, VM_MEMORY_BYTES - 4, text, sizeof(text)),
			 -EFAULT);
	assert_int_equal(guest_read_str(vm.vmm, UINT64_MAX, text, sizeof(text)), -EFAULT);
	vm_end(&vm);
}

TEST(a_tree_grows)
{
	struct fdt_out out;
	size_t size;
	void *fdt;
	int node = 0, len;

	fdt_out_begin(&out);
	fdt_out_node(&out, "%s", "");
	for (unsigned int i = 0; i < 500; i++) {
		fdt_out_node(&out, "node@%x", i);
		fdt_out_u32(&out, "u32", i);
		fdt_out_u64(&out, "u64", 0x100000000ULL + i);
		fdt_out_str(&out, "str", "text");
		fdt_out_empty(&out, "empty");
		FDT_OUT_CELLS(&out, "cells", 1, 2, i);
		fdt_out_node_end(&out);
	}
	fdt_out_node_end(&out);
	assert_int_equal(fdt_out_end(&out, &fdt, &size), 0);
	assert_int_equal(fdt_check_full(fdt, size), 0);
	assert_int_equal(fdt_totalsize(fdt), size);

	fdt_for_each_subnode(node, fdt, 0)
		len = node; /* the last one */
	node = fdt_path_offset(fdt, "/node@1f3");
	assert_int_equal(node, len);
	assert_memory_equal(fdt_getprop(fdt, node, "u64", &len), "\0\0\0\1\0\0\1\xf3", 8);
	assert_memory_equal(fdt_getprop(fdt, node, "cells", &len),
			    "\0\0\0\1\0\0\0\2\0\0\1\xf3", 12);
	assert_int_equal(len, 12);
	assert_non_null(fdt_getprop(fdt, node, "empty", &len));
	assert_int_equal(len, 0);
	free(fdt);
}

/* More names than are known, all of them twice, and one that is the end of another. */
TEST(a_tree_has_many_names)
{
	enum { NAMES = FDT_OUT_NAMES };
	struct fdt_out out;
	char name[24];
	size_t size;
	void *fdt;

	fdt_out_begin(&out);
	fdt_out_node(&out, "%s", "");
	for (uint32_t node = 0; node < 2; node++) {
		fdt_out_node(&out, "node@%x", node);
		for (uint32_t i = 0; i < NAMES; i++) {
			snprintf(name, sizeof(name), "ibm,name-%u", i);
			fdt_out_u32(&out, name, i + node);
		}
		fdt_out_u32(&out, "name-7", 7);
		fdt_out_node_end(&out);
	}
	fdt_out_node_end(&out);
	assert_int_equal(fdt_out_end(&out, &fdt, &size), 0);
	assert_int_equal(fdt_check_full(fdt, size), 0);
	assert_true(fdt_size_dt_strings(fdt) < (NAMES + 5) * sizeof("ibm,name-1000"));
	for (uint32_t node = 0; node < 2; node++) {
		int at = fdt_path_offset(fdt, node ? "/node@1" : "/node@0"), len;

		for (uint32_t i = 0; i < NAMES; i++) {
			const uint8_t *value;

			snprintf(name, sizeof(name), "ibm,name-%u", i);
			value = fdt_getprop(fdt, at, name, &len);
			assert_int_equal(len, 4);
			assert_int_equal(value[2] << 8 | value[3], i + node);
		}
		assert_memory_equal(fdt_getprop(fdt, at, "name-7", &len), "\0\0\0\7", 4);
	}
	free(fdt);
}

TEST(tree_errors)
{
	char long_name[200];
	struct fdt_out out;
	size_t size;
	void *fdt;

	fdt_out_begin(&out);
	fdt_out_node(&out, "%s", "");
	assert_int_equal(fdt_out_end(&out, &fdt, &size), -EINVAL); /* node not ended */

	fdt_out_begin(&out);
	fdt_out_fail(&out, -ENOENT);
	fdt_out_node(&out, "%s", "");
	assert_null(fdt_out_space(&out, "x", 4));
	assert_int_equal(fdt_out_end(&out, &fdt, &size), -ENOENT);

	memset(long_name, 'x', sizeof(long_name));
	long_name[sizeof(long_name) - 1] = '\0';
	fdt_out_begin(&out);
	fdt_out_node(&out, "%s", long_name);
	assert_int_equal(fdt_out_end(&out, &fdt, &size), -EINVAL);

	fdt_out_begin(&out);
	fdt_out_node(&out, "%s", "");
	assert_null(fdt_out_space(&out, "x", FDT_OUT_MAX));
	assert_int_equal(fdt_out_end(&out, &fdt, &size), -E2BIG);
}

TEST(options)
{
	static const struct {
		const char *text;
		int err;
		uint64_t value;
	} sizes[] = {
		{ "1", 0, 1 },
		{ "256M", 0, 256 << 20 },
		{ "1g", 0, 1 << 30 },
		{ "1GB", -0, 1 << 30 },
		{ "0x10k", 0, 16 << 10 },
		{ "512B", 0, 512 },
		{ "", -EINVAL, 0 },
		{ "-1", -EINVAL, 0 },
		{ "M", -EINVAL, 0 },
		{ "1X", -EINVAL, 0 },
		{ "1MM", -EINVAL, 0 },
		{ "17000000T", -EINVAL, 0 },
		{ " 1", -EINVAL, 0 },
		{ "99999999999999999999", -EINVAL, 0 },
	};
	uint8_t uuid[16];
	bool given;

	for (size_t i = 0; i < COUNT(sizes); i++) {
		const struct papr_option o[] = { { "size", sizes[i].text } };
		uint64_t value = 0;

		assert_int_equal(option_size(o, 1, "size", &value, NULL), sizes[i].err);
		assert_int_equal(value, sizes[i].value);
	}

	const struct papr_option o[] = {
		{ "n", "1" },	 { "n", "0x1f" },
		{ "neg", "-1" }, { "yes", "on" },
		{ "bad", "1x" }, { "uuid", "75a3fdd7-72f7-4a22-8dc4-a1a6bbf83da3" },
	};
	uint32_t u = 7;
	int32_t s = 7;
	bool b = false;

	assert_string_equal(option_get(o, COUNT(o), "n"), "0x1f"); /* the last one */
	assert_int_equal(option_u32(o, COUNT(o), "n", 31, &u, NULL), 0);
	assert_int_equal(u, 31);
	assert_int_equal(option_u32(o, COUNT(o), "n", 30, &u, NULL), -EINVAL);
	assert_int_equal(option_u32(o, COUNT(o), "neg", 30, &u, NULL), -EINVAL);
	assert_int_equal(option_u32(o, COUNT(o), "bad", 30, &u, NULL), -EINVAL);
	assert_int_equal(option_u32(o, COUNT(o), "none", 30, &u, NULL), 0);
	assert_int_equal(u, 31);
	assert_int_equal(option_s32(o, COUNT(o), "neg", &s, NULL), 0);
	assert_int_equal(s, -1);
	assert_int_equal(option_bool(o, COUNT(o), "yes", &b, NULL), 0);
	assert_true(b);
	assert_int_equal(option_bool(o, COUNT(o), "n", &b, NULL), -EINVAL);
	assert_int_equal(option_uuid(o, COUNT(o), "uuid", uuid, &given, NULL), 0);
	assert_true(given);
	assert_memory_equal(uuid, "\x75\xa3\xfd\xd7\x72\xf7", 6);
	assert_int_equal(uuid[15], 0xa3);
	assert_int_equal(option_uuid(o, COUNT(o), "bad", uuid, &given, NULL), -EINVAL);
}

TEST(many_connectors)
{
	enum { N = 65536, STEP = 8 };
	struct connectors all = { 0 };
	struct connector_bank *cpus, *lmbs;

	lmbs = connector_bank_add(&all, DRC_KIND_LMB, 16, 1, N);
	cpus = connector_bank_add(&all, DRC_KIND_CPU, 0, STEP, 4);
	assert_ptr_equal(all.banks, cpus);
	for (uint32_t i = 0; i < N; i++)
		assert_ptr_equal(connector_find(&all, 0x80000010 + i), &lmbs->all[i]);
	assert_null(connector_find(&all, 0x80000010 + N));
	assert_null(connector_find(&all, 0x8000000f));
	assert_ptr_equal(connector_find(&all, 0x10000018), &cpus->all[3]);
	assert_null(connector_find(&all, 0x10000019));
	assert_null(connector_find(&all, 0x10000020));
	assert_null(connector_find(&all, UINT32_MAX));
	connector_bank_remove(&all, cpus);
	assert_null(connector_find(&all, 0x10000018));
	assert_null(connectors_of_kind(&all, DRC_KIND_CPU));
	connectors_free(&all);
}

static const void *prop(const void *fdt, const char *name, int *len)
{
	const void *value = fdt_getprop(fdt, 0, name, len);

	assert_non_null(value);
	return value;
}

static void *props_of(struct papr_vmm *vmm, bool ranges)
{
	struct connectors all = { 0 };
	struct connector_bank *banks[] = {
		connector_bank_add(&all, DRC_KIND_CPU, 0, 8, 2),
		connector_bank_add(&all, DRC_KIND_LMB, 4, 1, 3),
	};
	struct fdt_out out;
	size_t size;
	void *fdt;

	if (ranges)
		cas_set(machine_of(vmm)->ov5, OV5_DRC_INFO);
	fdt_out_begin(&out);
	fdt_out_node(&out, "%s", "");
	connectors_put_props(&out, vmm, banks, 2);
	fdt_out_node_end(&out);
	assert_int_equal(fdt_out_end(&out, &fdt, &size), 0);
	connectors_free(&all);
	return fdt;
}

TEST(property_forms)
{
	static const struct drc want[] = {
		{ 0x10000000, UINT32_MAX, "CPU 0", "CPU" },
		{ 0x10000008, UINT32_MAX, "CPU 8", "CPU" },
		{ 0x80000004, UINT32_MAX, "LMB 4", "MEM" },
		{ 0x80000005, UINT32_MAX, "LMB 5", "MEM" },
		{ 0x80000006, UINT32_MAX, "LMB 6", "MEM" },
	};
	struct papr_vmm *vmm = calloc(1, sizeof(*vmm));
	void *fdt = props_of(vmm, false);
	struct cursor c[DRC_LIST_PROPS];
	struct drc_info_iter info_it;
	struct drc_list_iter it;
	struct drc_info info;
	uint32_t index;
	char name[32];
	struct drc drc;
	size_t n = 0;
	int len;

	for (int i = 0; i < DRC_LIST_PROPS; i++) {
		const void *value = prop(fdt, drc_list_prop_names[i], &len);

		c[i] = cursor_of(value, (size_t)len);
	}
	assert_int_equal(drc_list_begin(&it, c), 0);
	for (; drc_list_next(&it, &drc) == 1; n++) {
		assert_int_equal(drc.index, want[n].index);
		assert_string_equal(drc.name, want[n].name);
		assert_string_equal(drc.type, want[n].type);
		assert_int_equal(drc.power_domain, want[n].power_domain);
	}
	assert_int_equal(n, COUNT(want));
	free(fdt);

	fdt = props_of(vmm, true);
	assert_null(fdt_getprop(fdt, 0, "ibm,drc-indexes", &len));
	assert_int_equal(
		drc_info_begin(&info_it, prop(fdt, DRC_INFO_PROP, &len), (size_t)len), 0);
	for (n = 0; drc_info_next(&info_it, &info) == 1;)
		for (uint32_t i = 0; i < info.count; i++, n++) {
			assert_int_equal(
				drc_info_nth(&info, i, &index, name, sizeof(name)), 0);
			assert_int_equal(index, want[n].index);
			assert_string_equal(name, want[n].name);
			assert_string_equal(info.type, want[n].type);
		}
	assert_int_equal(n, COUNT(want));
	free(fdt);
	free(vmm);
}

TEST(bad_configurations)
{
	static const struct papr_config bad[] = {
		{ .ram_bytes = 0 },
		{ .ram_bytes = 100 << 20 },
		{ .ram_bytes = 1ULL << 30, .max_ram_bytes = 512 << 20 },
		{ .ram_bytes = 1ULL << 30, .max_ram_bytes = (2ULL << 30) + 1 },
		{ .ram_bytes = 1ULL << 30, .max_ram_bytes = 1ULL << 60 },
		{ .ram_bytes = 1ULL << 30, .mem_slots = 257 },
		{ .ram_bytes = 1ULL << 30, .drmem = 3 },
		{ .ram_bytes = 1ULL << 30, .threads = 3 },
		{ .ram_bytes = 1ULL << 30, .threads = 16 },
		{ .ram_bytes = 1ULL << 30, .cpus = 4, .max_cpus = 2 },
		{ .ram_bytes = 1ULL << 30, .cpus = 3, .max_cpus = 4, .threads = 2 },
		{ .ram_bytes = 1ULL << 30, .cpus = 2, .max_cpus = 5, .threads = 2 },
		{ .ram_bytes = 1ULL << 30, .max_cpus = 1000000 },
		{ .ram_bytes = 1ULL << 30, .cpu_model = "z80" },
		{ .ram_bytes = 1ULL << 30, .cc = { .delay_status = -3 } },
		{ .ram_bytes = 1ULL << 30, .cc = { .page_bytes = 5000 } },
		{ .ram_bytes = 1ULL << 30, .cc = { .page_bytes = 8 } },
	};
	struct papr_error error = { PAPR_ERROR_GENERIC, NULL };
	struct papr_machine_ops env;
	struct papr_vmm *vmm;
	struct vm vm;

	vm_begin(&vm, NULL);
	env = machine_of(vm.vmm)->env;
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct papr_config config = bad[i];

		config.size = sizeof(config);
		assert_int_equal(papr_vmm_new(&vmm, &config, &env, &error), -EINVAL);
		assert_null(vmm);
		assert_non_null(error.text);
		assert_null(strstr(error.text, "the size of"));
		papr_error_clear(&error);
		assert_int_equal(papr_vmm_new(&vmm, &config, &env, NULL), -EINVAL);
	}
	env.clock_ns = NULL;
	assert_int_equal(papr_vmm_new(&vmm, &vm_config, &env, NULL), -EINVAL);
	papr_vmm_free(NULL);
	vm_end(&vm);
}

TEST(devices_by_name)
{
	static const char *const bad[] = { "", "1a", "a b", "-a", "a/b", "\xc3\xa4" };
	struct papr_error error = { PAPR_ERROR_GENERIC, NULL };
	struct device a = { 0 }, b = { 0 }, anonymous = { 0 };
	char *path;
	struct vm vm;

	vm_start(&vm, NULL);
	for (size_t i = 0; i < COUNT(bad); i++)
		assert_int_equal(device_register(vm.vmm, &a, bad[i], NULL), -EINVAL);
	assert_int_equal(device_register(vm.vmm, &a, "a.b-c_1", &error), 0);
	assert_int_equal(device_register(vm.vmm, &b, "a.b-c_1", &error), -EEXIST);
	assert_string_equal(error.text, "Duplicate device ID 'a.b-c_1'");
	papr_error_clear(&error);
	assert_int_equal(device_register(vm.vmm, &anonymous, NULL, &error), 0);
	assert_ptr_equal(device_find(vm.vmm, "a.b-c_1"), &a);
	assert_true(a.hotplugged);
	path = device_path(&a);
	assert_string_equal(path, "/machine/peripheral/a.b-c_1");
	free(path);
	vm_notes(&vm);
	device_deleted(vm.vmm, &anonymous);
	device_deleted(vm.vmm, &a);
	assert_notes(&vm, "DEVICE_DELETED /machine/peripheral-anon/device[0]\n"
			  "DEVICE_DELETED a.b-c_1\n");
	assert_null(device_find(vm.vmm, "a.b-c_1"));
	assert_int_equal(vm_del(&vm, "a.b-c_1"), -ENOENT);
	assert_string_equal(vm_error(&vm), "Device 'a.b-c_1' not found");
	assert_int_equal(vm_add(&vm, "no-such-driver", "id=x"), -EINVAL);
	assert_string_equal(vm_error(&vm),
			    "'no-such-driver' is not a valid device model name");
	assert_int_equal(vm_object(&vm, "memory-backend-file", "id=m,size=1G"), -EINVAL);
	vm_end(&vm);
}
