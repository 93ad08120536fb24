// SPDX-License-Identifier: GPL-2.0-or-later
/* x-powervm=on: streams, the guest's new tree, virtual adapters. */
#include "tests/unit/fakes/vmm_machine.h"
#include "wire/hcall.h"
#include "wire/update.h"

enum { AREA = VM_WORK_AREA, STREAM = 0x1234 };

static struct vm vm;

static int start(void **state)
{
	struct papr_config config = vm_config;

	(void)state;
	config.powervm = true;
	vm_start(&vm, &config);
	return 0;
}

static int end(void **state)
{
	(void)state;
	vm_end(&vm);
	return 0;
}

static int64_t hcall(uint64_t nr, uint64_t r4, uint64_t r5, uint64_t *out)
{
	uint64_t args[PAPR_HCALL_ARGS] = { r4, r5 };
	int64_t status = papr_vmm_hcall(vm.vmm, vm.cpu, nr, args);

	if (out)
		*out = args[0];
	return status;
}

static void assert_stream(enum vasi_state expected)
{
	uint64_t state;

	assert_int_equal(hcall(H_VASI_STATE, STREAM, 0, &state), H_SUCCESS);
	assert_int_equal(state, expected);
}

static int migrate(unsigned int waits, unsigned int area_bytes)
{
	return papr_vmm_migrate(
		vm.vmm, &(struct papr_migration){ .size = sizeof(struct papr_migration),
						  .stream = STREAM,
						  .waits = waits,
						  .area_bytes = area_bytes });
}

static int32_t suspend(void)
{
	return vm_rtas(&vm, "ibm,suspend-me", 0, NULL, 1, NULL);
}

static int set(int32_t scope, const char *path, const char *property, const void *value,
	       size_t bytes)
{
	return papr_vmm_change(vm.vmm,
			       &(struct papr_change){ .size = sizeof(struct papr_change),
						      .scope = scope,
						      .kind = PAPR_CHANGE_SET,
						      .path = path,
						      .property = property,
						      .value = value,
						      .bytes = bytes });
}

TEST_IN(a_stream_and_its_states, start, end)
{
	assert_int_equal(hcall(H_VASI_STATE, STREAM, 0, NULL), H_PARAMETER);
	assert_int_equal(hcall(H_VASI_STATE, 0, 0, NULL), H_PARAMETER);
	assert_int_equal(
		papr_vmm_migrate(vm.vmm,
				 &(struct papr_migration){
					 .size = sizeof(struct papr_migration) }),
		-EINVAL);
	assert_int_equal(migrate(2, 0), 0);
	assert_int_equal(migrate(2, 0), -EBUSY);
	assert_stream(VASI_ENABLED);
	assert_stream(VASI_ENABLED);
	assert_stream(VASI_SUSPENDING);
	assert_stream(VASI_SUSPENDING);
	vm_notes(&vm);
	assert_int_equal(suspend(), 0);
	assert_notes(&vm, "MIGRATED\n");
	assert_int_equal(hcall(H_VASI_SIGNAL, STREAM, 2, NULL), H_PARAMETER);
	assert_stream(VASI_RESUMED);
	assert_stream(VASI_COMPLETED);
	assert_stream(VASI_COMPLETED);
	/* No stream is pending: this call is QEMU's. */
	assert_int_equal(suspend(), 0);
	assert_notes(&vm, "SUSPEND\n");
	assert_int_equal(migrate(0, 0), 0);
	assert_int_equal(hcall(H_VASI_SIGNAL, STREAM, 1, NULL), H_SUCCESS);
	assert_stream(VASI_ABORTED);
	vm_reset(&vm);
	assert_int_equal(hcall(H_VASI_STATE, STREAM, 0, NULL), H_PARAMETER);
}

TEST_IN(processors_join, start, end)
{
	const uint32_t start_it[] = { 1, 0x100, 0 };

	assert_int_equal(vm_add(&vm, "power9_v2.0-spapr-cpu-core", "core-id=1"), 0);
	vm_take(&vm, 0x10000001);
	assert_int_equal(vm_rtas(&vm, "start-cpu", 3, start_it, 1, NULL), 0);
	assert_int_equal(migrate(0, 0), 0);
	assert_stream(VASI_SUSPENDING);
	assert_int_equal(suspend(), -9005);
	vm.cpu = 1;
	assert_int_equal(hcall(H_JOIN, 0, 0, NULL), H_SUCCESS);
	vm.cpu = 0;
	assert_int_equal(suspend(), 0);
	assert_int_equal(hcall(H_PROD, 1, 0, NULL), H_SUCCESS);
	assert_int_equal(hcall(H_PROD, 2, 0, NULL), H_PARAMETER);
	assert_int_equal(hcall(H_PROD, 1ULL << 32, 0, NULL), H_PARAMETER);
}

static int32_t ask_nodes(int32_t scope)
{
	return vm_call(&vm, "ibm,update-nodes", AREA, (uint32_t)scope);
}

TEST_IN(nodes_are_told_when_it_is_over, start, end)
{
	const struct papr_change gone = { .size = sizeof(struct papr_change),
					  .scope = 1,
					  .kind = PAPR_CHANGE_DELETE,
					  .path = "/vdevice/nvram@71000001" };
	struct papr_change more = { .size = sizeof(struct papr_change),
				    .scope = 1,
				    .kind = PAPR_CHANGE_ADD,
				    .path = "/cpus",
				    .drc_index = 0x10000001 };

	assert_int_equal(set(1, "/", "model", "x", 2), 0);
	assert_int_equal(set(1, "/", "other", NULL, 0), 0);
	assert_int_equal(papr_vmm_change(vm.vmm, &more), 0);
	assert_int_equal(papr_vmm_change(vm.vmm, &gone), 0);
	memset(vm.memory + AREA, 0, UPDATE_AREA_BYTES);
	assert_int_equal(ask_nodes(1), 0);
	assert_int_equal(vm_be32(&vm, AREA + 16), 0);

	assert_int_equal(migrate(0, 0), 0);
	assert_stream(VASI_SUSPENDING);
	assert_int_equal(suspend(), 0);
	assert_int_equal(ask_nodes(1), 0);
	assert_int_equal(vm_be32(&vm, AREA + 16), 0x01000001);
	assert_int_equal(vm_be32(&vm, AREA + 20), fdt_out_phandle_of(gone.path));
	assert_int_equal(vm_be32(&vm, AREA + 24), 0x02000001);
	assert_int_equal(vm_be32(&vm, AREA + 28), fdt_out_phandle_of("/"));
	assert_int_equal(vm_be32(&vm, AREA + 32), 0x03000001);
	assert_int_equal(vm_be32(&vm, AREA + 36), fdt_out_phandle_of("/cpus"));
	assert_int_equal(vm_be32(&vm, AREA + 40), 0x10000001);
	assert_int_equal(vm_be32(&vm, AREA + 44), 0);
	assert_int_equal(ask_nodes(-31), 0);
	assert_int_equal(vm_be32(&vm, AREA + 16), 0);
	vm_put_be32(&vm, AREA, 99); /* a state that was never returned */
	assert_int_equal(ask_nodes(1), -3);
	assert_int_equal(vm_call(&vm, "ibm,update-nodes", VM_MEMORY_BYTES - 8, 1), -3);
}

TEST_IN(long_values_come_in_pieces, start, end)
{
	uint8_t value[9000], buf[sizeof(value)];
	struct update_value whole = { .value = builder_of(buf, sizeof(buf)) };
	struct update_props_iter it;
	struct update_prop prop;
	int calls = 0, taken = 0;
	int32_t status;

	for (size_t i = 0; i < sizeof(value); i++)
		value[i] = (uint8_t)(i * 31 + i / 256);
	assert_int_equal(set(-7, "/chosen", "long", value, sizeof(value)), 0);
	update_props_start(vm.memory + AREA, fdt_out_phandle_of("/chosen"));
	do {
		status = vm_call(&vm, "ibm,update-properties", AREA, (uint32_t)-7);
		assert_true(status == UPDATE_DONE || status == UPDATE_MORE);
		assert_int_equal(
			update_props_begin(&it, vm.memory + AREA, UPDATE_AREA_BYTES), 0);
		while (update_props_next(&it, &prop) == 1)
			taken = update_value_add(&whole, &prop);
	} while (status == UPDATE_MORE && ++calls < 100);
	assert_int_equal(taken, 1);
	assert_int_equal(calls, 2);
	assert_int_equal(whole.value.len, sizeof(value));
	assert_memory_equal(buf, value, sizeof(value));
}

TEST_IN(what_comes_later_has_the_change, start, end)
{
	const char *walk;

	assert_int_equal(vm_add(&vm, "power9_v2.0-spapr-cpu-core", "core-id=2"), 0);
	assert_int_equal(set(-7, "/cpus/PowerPC,POWER9@2", "ibm,associativity",
			     "\0\0\0\1\0\0\0\5", 8),
			 0);
	assert_int_equal(vm_call(&vm, "set-indicator", 9003, 0x10000002, 1), 0);
	assert_int_equal(vm_call(&vm, "set-indicator", 9001, 0x10000002, 1), 0);
	walk = vm_walk(&vm, 0x10000002);
	assert_non_null(strstr(walk, "3 ibm,associativity 8\n"));
	/* Caches are siblings of the core. */
	assert_non_null(strstr(walk, "\n1 l2-cache@2002\n"));
	assert_non_null(strstr(walk, "\n1 l3-cache@3002\n"));
	vm_reset(&vm);
	papr_vmm_changes_clear(vm.vmm);
	vm_reset(&vm);
	assert_null(strstr(vm_walk(&vm, 0x10000002), "associativity"));
}

TEST_IN(changes_that_are_none, start, end)
{
	static const char *const paths[] = { "", "x", "/x/", "//x", NULL };
	const struct papr_change root = { .size = sizeof(struct papr_change),
					  .scope = 1,
					  .kind = PAPR_CHANGE_DELETE,
					  .path = "/" };
	const struct papr_change nobody = { .size = sizeof(struct papr_change),
					    .scope = 1,
					    .kind = PAPR_CHANGE_ADD,
					    .path = "/cpus",
					    .drc_index = 0x17777777 };
	char name[DT_NAME_MAX + 2] = "";

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		assert_int_equal(set(1, paths[i], "p", "", 1), -EINVAL);
	assert_int_equal(set(0, "/", "p", "", 1), -EINVAL);
	assert_int_equal(set(2, "/", "p", "", 1), -EINVAL);
	assert_int_equal(set(1, "/", name, "", 1), -EINVAL);
	memset(name, 'p', DT_NAME_MAX + 1);
	assert_int_equal(set(1, "/", name, "", 1), -EINVAL);
	assert_int_equal(papr_vmm_change(vm.vmm, &root), -EINVAL);
	assert_int_equal(papr_vmm_change(vm.vmm, &nobody), -ENOENT);
	for (int i = 0; i < 4096; i++)
		assert_int_equal(set(1, "/", "p", "", 1), 0);
	assert_int_equal(set(1, "/", "p", "", 1), -ENOSPC);
}

TEST_IN(an_adapter_comes_and_goes, start, end)
{
	const char *walk;

	assert_int_equal(vm_add(&vm, "spapr-vlan", "id=n0,slot=5"), 0);
	assert_int_equal(vm_add(&vm, "spapr-vlan", "slot=5"), -EBUSY);
	assert_int_equal(vm_add(&vm, "spapr-vlan", "slot=64"), -EINVAL);
	assert_int_equal(vm_add(&vm, "spapr-vlan", "nosuch=1"), -EINVAL);
	assert_int_equal(vm_sense(&vm, 0x30000005), 2);
	assert_int_equal(vm_call(&vm, "set-indicator", 9003, 0x30000005, 1), 0);
	assert_int_equal(vm_call(&vm, "set-indicator", 9001, 0x30000005, 1), 0);
	walk = vm_walk(&vm, 0x30000005);
	assert_non_null(strstr(walk, "2 l-lan@30000005\n"));
	assert_non_null(strstr(walk, "3 ibm,my-drc-index 4\n"));
	vm_notes(&vm);
	assert_int_equal(vm_del(&vm, "n0"), 0);
	vm_give(&vm, 0x30000005);
	assert_notes(&vm, "DEVICE_DELETED n0\n");
	for (int i = 0; i < 64; i++)
		assert_int_equal(vm_add(&vm, "spapr-vscsi", ""), 0);
	assert_int_equal(vm_add(&vm, "spapr-vscsi", ""), -ENOSPC);
}

/* Memory that the guest has released by itself can be acquired again. */
TEST_IN(memory_is_given_up, start, end)
{
	assert_int_equal(vm_object(&vm, "memory-backend-ram", "id=m0,size=256M"), 0);
	assert_int_equal(vm_add(&vm, "pc-dimm", "id=d0,memdev=m0"), 0);
	vm_take(&vm, 0x80000004);
	vm_give(&vm, 0x80000004);
	assert_int_equal(vm_sense(&vm, 0x80000004), 2);
	vm_take(&vm, 0x80000004);
	assert_int_equal(vm_sense(&vm, 0x80000004), 1);
}

TEST_IN(machines_of_qemu_have_none, start, end)
{
	struct vm plain;
	uint64_t args[PAPR_HCALL_ARGS] = { STREAM };

	vm_start(&plain, NULL);
	assert_int_equal(papr_vmm_migrate(plain.vmm,
					  &(struct papr_migration){
						  .size = sizeof(struct papr_migration),
						  .stream = 1 }),
			 -ENOTSUP);
	assert_int_equal(
		papr_vmm_change(plain.vmm,
				&(struct papr_change){ .size = sizeof(struct papr_change),
						       .scope = 1 }),
		-ENOTSUP);
	assert_int_equal(papr_vmm_hcall(plain.vmm, plain.cpu, H_VASI_STATE, args),
			 H_FUNCTION);
	assert_int_equal(papr_vmm_hcall(plain.vmm, plain.cpu, H_JOIN, args), H_FUNCTION);
	assert_int_equal(vm_add(&plain, "spapr-vlan", "slot=5"), -EINVAL);
	vm_end(&plain);
}
