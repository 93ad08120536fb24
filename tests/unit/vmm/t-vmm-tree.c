// SPDX-License-Identifier: GPL-2.0-or-later
/* Parts of the device tree that no tree of QEMU shows (tests/peers/diff/our-trees.tap compares
 * those). */
#include <libfdt.h>

#include "tests/unit/fakes/vmm_machine.h"

#define GIB (1ULL << 30)
#define TIB (1ULL << 40)

static const struct papr_config plain = {
	.size = sizeof(struct papr_config),
	.machine = "pseries-7.2",
	.ram_bytes = GIB,
	.no_vty = true,
};

TEST(hypervisor)
{
	struct papr_config config = plain;
	const void *fdt;
	struct vm vm;
	size_t size;
	int node;

	config.hypervisor = true;
	vm_begin(&vm, &config);
	fdt = papr_vmm_fdt(vm.vmm, &size);
	node = fdt_path_offset(fdt, "/hypervisor");
	assert_true(node > 0);
	assert_string_equal(fdt_getprop(fdt, node, "compatible", NULL), "linux,kvm");
	assert_non_null(fdt_getprop(fdt, node, "kvm,has-reset", NULL));
	assert_non_null(fdt_getprop(fdt, node, "kvm,has-shutdown", NULL));
	assert_non_null(fdt_getprop(fdt, node, "hcall-instructions", NULL));
	vm_end(&vm);
}

TEST(threads)
{
	struct papr_config config = plain;
	const void *fdt;
	struct vm vm;
	size_t size;
	int node, len;

	config.cpus = 8;
	config.max_cpus = 16;
	config.threads = 4;
	vm_begin(&vm, &config);
	fdt = papr_vmm_fdt(vm.vmm, &size);
	node = fdt_path_offset(fdt, "/cpus/PowerPC,POWER9@4");
	assert_true(node > 0);
	assert_memory_equal(fdt_getprop(fdt, node, "ibm,ppc-interrupt-server#s", &len),
			    "\0\0\0\4\0\0\0\5\0\0\0\6\0\0\0\7", 16);
	assert_int_equal(len, 16);
	assert_memory_equal(fdt_getprop(fdt, node, "ibm,my-drc-index", &len),
			    "\x10\0\0\4", 4);
	assert_non_null(connector_find(connectors_of(vm.vmm), 0x1000000c));
	assert_null(connector_find(connectors_of(vm.vmm), 0x10000001));
	vm_end(&vm);
}

/* The phandle of the interrupt controller, by either of its names, or not at all. */
TEST(interrupt_controller)
{
	static const char *const names[] = { "interrupt-controller",
					     "interrupt-controller@60302031b0000",
					     "something-else" };
	struct vm vm;
	uint32_t phandle;

	vm_start(&vm, &plain);
	assert_int_equal(tree_intc_phandle(vm.vmm, &phandle), 0);
	assert_int_equal(phandle, TREE_PHANDLE_INTC);

	for (size_t i = 0; i < COUNT(names); i++) {
		struct fdt_out out;
		size_t size;
		void *fdt;

		fdt_out_begin(&out);
		fdt_out_node(&out, "%s", "");
		fdt_out_node(&out, "%s", names[i]);
		fdt_out_u32(&out, "phandle", 0x4242);
		fdt_out_node_end(&out);
		fdt_out_node_end(&out);
		assert_int_equal(fdt_out_end(&out, &fdt, &size), 0);
		tree_store(vm.vmm, fdt, size, false);
		assert_int_equal(tree_intc_phandle(vm.vmm, &phandle),
				 i < 2 ? 0 : -ENOENT);
		assert_int_equal(phandle, i < 2 ? 0x4242 : 0);
	}
	vm_end(&vm);
}

/* The largest machine, in one tree. */
TEST(large)
{
	struct papr_config config = plain;
	const void *fdt;
	struct vm vm;
	size_t size;
	int len;

	config.max_ram_bytes = 16 * TIB;
	config.mem_slots = 256;
	config.cpus = config.max_cpus = 1024;
	vm_begin(&vm, &config);
	vm_reset(&vm);
	fdt = papr_vmm_fdt(vm.vmm, &size);
	assert_int_equal(fdt_check_full(fdt, size), 0);
	assert_non_null(fdt_getprop(fdt, 0, "ibm,drc-indexes", &len));
	assert_int_equal(len, 4 * (1 + 31 + 65532 + 256));
	assert_true(fdt_path_offset(fdt, "/cpus/PowerPC,POWER9@3ff") > 0);
	vm_end(&vm);
}
