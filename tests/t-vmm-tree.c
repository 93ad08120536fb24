// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The device tree compared with QEMU's, as tests/diff/trees.tap recorded it: the same
 * machines, with the same names.
 */
#include <libfdt.h>

#include "tests/dt_text.h"
#include "tests/vmm_machine.h"
#include "vmm/base/hcall.h"
#include "wire/cas.h"

#define MIB (1ULL << 20)
#define GIB (1ULL << 30)
#define TIB (1ULL << 40)

enum { MEMORY_BYTES = 16 << 20 }; /* enough for a kernel */

/* ---- Objects of the comparison ---- */

/* An ELF file with one segment of 64 KiB memory, of which 16 bytes are in the file. */
static const uint8_t kernel[] = {
	0x7f, 'E',  'L', 'F', 2,  2,	1, 0, 0,    0,	  0, 0,	  0,	0,    0, 0, 0,
	2,    0,    21,	 0,   0,  0,	1, 0, 0,    0,	  0, 0,	  0x40, 0,    0, 0, 0,
	0,    0,    0,	 0,   0,  64,	0, 0, 0,    0,	  0, 0,	  0,	0,    0, 0, 0,
	0,    0,    64,	 0,   56, 0,	1, 0, 0,    0,	  0, 0,	  0,	0,    0, 0, 1,
	0,    0,    0,	 5,   0,  0,	0, 0, 0,    0,	  0, 120, 0,	0,    0, 0, 0,
	0x40, 0,    0,	 0,   0,  0,	0, 0, 0x40, 0,	  0, 0,	  0,	0,    0, 0, 0,
	0,    16,   0,	 0,   0,  0,	0, 1, 0,    0,	  0, 0,	  0,	0,    0, 1, 0,
	0,    0x48, 0,	 0,   0,  0x48, 0, 0, 0,    0x48, 0, 0,	  0,	0x48, 0, 0, 0,
};
static const uint8_t initrd[5000];

static const struct papr_config plain = {
	.size = sizeof(struct papr_config),
	.machine = "pseries-7.2",
	.ram_bytes = GIB,
	.no_vty = true,
};
static const struct papr_config some = {
	.size = sizeof(struct papr_config),
	.machine = "pseries-7.2",
	.ram_bytes = GIB,
	.max_ram_bytes = 8 * GIB,
	.mem_slots = 4,
	.max_cpus = 8,
	.nvdimm = true,
	.no_vty = true,
};

/* A driver and its options; objects before the devices. */
struct part {
	const char *object, *device, *options;
};

static const struct part dimms[] = {
	{ "memory-backend-ram", NULL, "id=m1,size=1G" },
	{ NULL, "pc-dimm", "id=d1,memdev=m1,slot=2" },
	{ "memory-backend-ram", NULL, "id=m2,size=262272K" },
	{ NULL, "nvdimm",
	  "id=n1,memdev=m2,label-size=128K,uuid=75a3cdd7-6a2f-4791-8d15-fe0a920e8e9e" },
	{ 0 },
};
static const struct part one_dimm[] = {
	{ "memory-backend-ram", NULL, "id=m1,size=1G" },
	{ NULL, "pc-dimm", "id=d1,memdev=m1,slot=2" },
	{ 0 },
};
static const struct part cores[] = {
	{ NULL, "power9_v2.0-spapr-cpu-core", "core-id=5,id=c5" },
	{ NULL, "power9_v2.0-spapr-cpu-core", "core-id=2,id=c2" },
	{ 0 },
};
static const struct part random_numbers[] = {
	{ NULL, "spapr-rng", "id=x,rng=r" },
	{ 0 },
};
static const struct part terminals[] = {
	{ NULL, "spapr-vty", "chardev=a,reg=0x30001000" },
	{ NULL, "spapr-vty", "chardev=b" },
	{ 0 },
};
static const struct part adapters[] = {
	{ NULL, "spapr-vlan", "id=a" },
	{ NULL, "spapr-vscsi", "id=b" },
	{ NULL, "virtio-net-pci", "id=c" },
	{ NULL, "spapr-vlan", "reg=0x30001000" },
	{ NULL, "spapr-vscsi", "reg=0x8000" },
	{ NULL, "spapr-vlan", "mac=00:11:22:33:44:5f" },
	{ 0 },
};
static const struct part cards[] = {
	{ NULL, "spapr-pci-host-bridge", "id=p1,index=1" },
	{ NULL, "e1000", "id=e,addr=3" },
	{ NULL, "virtio-scsi-pci", "id=s,addr=4" },
	{ NULL, "pci-bridge", "id=b0,addr=5,chassis_nr=7" },
	{ NULL, "virtio-net-pci", "id=n,bus=b0,addr=1" },
	{ NULL, "virtio-rng-pci", "id=f1,addr=6.1" },
	{ NULL, "virtio-rng-pci", "id=f0,addr=6.0,multifunction=on" },
	{ NULL, "virtio-rng-pci", "id=r,bus=p1.0,addr=2" },
	{ 0 },
};

/* ---- Comparison ---- */

static void add_parts(struct vm *vm, const struct part *part)
{
	for (; part && part->options; part++) {
		int err = part->object ? vm_object(vm, part->object, part->options)
				       : vm_add(vm, part->device, part->options);

		if (err)
			print_error("%s: %s\n", part->options, vm_error(vm));
		assert_int_equal(err, 0);
	}
}

/* Print the first line that differs. */
static void compare(const char *name, const void *fdt, size_t size)
{
	char *ours = dt_text(fdt, size), *golden = vm_golden_tree(name);
	const char *a = ours, *b = golden;

	assert_non_null(ours);
	while (*a && *b) {
		size_t n = strcspn(a, "\n"), m = strcspn(b, "\n");

		if (n != m || memcmp(a, b, n)) {
			print_error("%s:\n- %.*s\n+ %.*s\n", name, (int)m, b, (int)n, a);
			break;
		}
		a += n + (a[n] != '\0');
		b += m + (b[m] != '\0');
	}
	assert_true(!*a && !*b);
	free(ours);
	free(golden);
}

static void compare_boot(const char *name, const struct papr_config *config,
			 const struct part *first, const struct part *second)
{
	const void *fdt;
	struct vm vm;
	size_t size;

	vm_begin_with(&vm, config, MEMORY_BYTES);
	add_parts(&vm, first);
	add_parts(&vm, second);
	vm_reset(&vm);
	fdt = papr_vmm_fdt(vm.vmm, &size);
	compare(name, fdt, size);
	vm_end(&vm);
}

/* ---- Tests ---- */

TEST(as_it_starts)
{
	struct papr_config power8 = plain, power10 = plain, uneven = plain, small = plain;
	struct papr_config no_fwnmi = plain;

	compare_boot("base", &plain, NULL, NULL);

	power8.ram_bytes = 1280 * MIB;
	power8.max_ram_bytes = 4 * GIB;
	power8.mem_slots = 4;
	power8.cpus = 2;
	power8.max_cpus = 4;
	power8.cpu_model = "power8";
	power8.no_vty = false;
	compare_boot("power8", &power8, NULL, NULL);

	power10.ram_bytes = 512 * MIB;
	power10.cpu_model = "power10";
	compare_boot("power10", &power10, NULL, NULL);

	uneven.ram_bytes = 6400 * MIB;
	uneven.max_ram_bytes = TIB;
	uneven.mem_slots = 32;
	uneven.cpus = 4;
	uneven.max_cpus = 16;
	compare_boot("uneven", &uneven, NULL, NULL);

	small.ram_bytes = 768 * MIB;
	small.max_ram_bytes = 1280 * MIB;
	small.mem_slots = 4;
	compare_boot("small", &small, NULL, NULL);

	no_fwnmi.ram_bytes = 256 * MIB;
	no_fwnmi.fwnmi = PAPR_OFF;
	no_fwnmi.no_vty = false;
	compare_boot("no-fwnmi", &no_fwnmi, NULL, NULL);
}

TEST(with_a_name)
{
	struct papr_config named = {
		.size = sizeof(struct papr_config),
		.machine = "pseries-7.2",
		.ram_bytes = GIB,
		.max_ram_bytes = 4 * GIB,
		.mem_slots = 8,
		.max_cpus = 4,
		.name = "stub",
		.uuid = { 0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88, 0x99,
			  0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff },
		.has_uuid = true,
		.nvdimm = true,
		.no_hotplug_events = true,
	};

	compare_boot("named", &named, NULL, NULL);
}

TEST(with_devices)
{
	struct papr_config two_vtys = plain;

	compare_boot("plugged", &some, dimms, cores);
	compare_boot("cards", &plain, cards, NULL);
	compare_boot("random", &plain, random_numbers, NULL);

	compare_boot("adapters", &plain, adapters, NULL);
	two_vtys.no_vty = false;
	two_vtys.more_vtys = 1;
	compare_boot("terminals", &two_vtys, terminals, NULL);
}

TEST(with_a_kernel)
{
	struct papr_config config = {
		.size = sizeof(struct papr_config),
		.machine = "pseries-7.2",
		.ram_bytes = GIB,
		.kernel = kernel,
		.kernel_bytes = sizeof(kernel),
		.initrd = initrd,
		.initrd_bytes = sizeof(initrd),
		.bootargs = "root=/dev/vda quiet",
	};
	struct papr_config no_kernel = plain;

	compare_boot("kernel", &config, NULL, NULL);

	config.vof = true;
	config.firmware_bytes = 0xda0; /* vof.bin */
	config.cpus = 2;
	config.max_cpus = 4;
	compare_boot("vof", &config, NULL, NULL);

	no_kernel.vof = true;
	no_kernel.firmware_bytes = 0xda0;
	compare_boot("no-kernel", &no_kernel, NULL, NULL);
}

/* ---- The tree that a CAS returns ---- */

struct negotiation {
	struct cas_pvr pvr;
	bool isa3;
	unsigned int bits[16]; /* of vector 5; 0 ends them */
};

static const struct cas_pvr power8 = { 0xffff0000, 0x004d0000 };
static const struct cas_pvr power9 = { 0xffff0000, 0x004e0000 };
static const struct cas_pvr level_2_06 = { 0xffffffff, CAS_PVR_2_06 };
static const struct cas_pvr level_2_07 = { 0xffffffff, CAS_PVR_2_07 };

#define DYNAMIC OV5_DRCONF_MEMORY, OV5_FORM1_AFFINITY, OV5_HP_EVT
#define RADIX	OV5_XIVE_EXPLOIT, OV5_MMU_RADIX, OV5_RADIX_GTSE
#define LINUX	DYNAMIC, OV5_FORM2_AFFINITY, OV5_HPT_RESIZE, OV5_DRMEM_V2, RADIX
#define HASH	DYNAMIC, OV5_FORM2_AFFINITY, OV5_DRMEM_V2

enum { VECTORS_AT = 0x1000, REPLY_AT = 0x20000, REPLY_BYTES = 0x80000 };

static void put_vectors(struct vm *vm, const struct negotiation *n)
{
	struct builder b = builder_of(vm->memory + VECTORS_AT, 0x1000);
	uint8_t v1[3] = { 0, 0xff, n->isa3 ? 0xc0 : 0 }, v5[26] = { 0 };

	for (const unsigned int *bit = n->bits; *bit; bit++)
		cas_set(v5, *bit);
	cas_encode_pvrs(&b, &n->pvr, 1);
	cas_encode_count(&b, 5);
	cas_encode_vector(&b, v1, sizeof(v1));
	for (int i = 2; i < 5; i++)
		cas_encode_vector(&b, (const uint8_t[]){ 0 }, 1);
	cas_encode_vector(&b, v5, sizeof(v5));
}

static void negotiate(struct vm *vm, const struct negotiation *n)
{
	uint64_t args[PAPR_HCALL_ARGS] = { VECTORS_AT, REPLY_AT, REPLY_BYTES };

	put_vectors(vm, n);
	assert_int_equal(papr_vmm_hcall(vm->vmm, vm->cpu, KVMPPC_H_CAS, args), H_SUCCESS);
}

static void compare_cas(const char *name, const struct papr_config *config,
			const struct part *first, const struct part *second,
			const struct negotiation *n)
{
	struct vm vm;
	size_t size;
	void *fdt;

	vm_begin_with(&vm, config, MEMORY_BYTES);
	add_parts(&vm, first);
	add_parts(&vm, second);
	vm_reset(&vm);
	negotiate(&vm, n);
	/* after the version of the reply, an unaligned place for a tree */
	size = vm_be32(&vm, REPLY_AT + 8);
	assert_true(size <= REPLY_BYTES);
	fdt = exact_copy(vm.memory + REPLY_AT + 4, size);
	compare(name, fdt, size);
	free(fdt);
	vm_end(&vm);
}

TEST(as_it_was_negotiated)
{
	const struct negotiation linux_like = { power9, true, { LINUX } };
	struct papr_config with_vty = some;
	struct papr_config old = plain;

	with_vty.no_vty = false;
	compare_cas("cas-linux", &with_vty, NULL, NULL, &linux_like);
	compare_cas("cas-form1", &some, NULL, NULL,
		    &(struct negotiation){
			    power9, true, { DYNAMIC, OV5_HPT_RESIZE, RADIX } });
	compare_cas("cas-hash", &some, NULL, NULL,
		    &(struct negotiation){ power9, true, { HASH } });
	compare_cas("cas-none", &some, NULL, NULL,
		    &(struct negotiation){ power9, true, { 0 } });
	compare_cas("cas-2-07", &some, NULL, NULL,
		    &(struct negotiation){ level_2_07, true, { HASH } });
	compare_cas("cas-2-06", &some, NULL, NULL,
		    &(struct negotiation){ level_2_06, true, { HASH } });
	compare_cas("cas-old", &some, NULL, NULL,
		    &(struct negotiation){ power9, false, { LINUX } });

	old.ram_bytes = 1280 * MIB;
	old.max_ram_bytes = 4 * GIB;
	old.mem_slots = 4;
	old.cpus = 2;
	old.max_cpus = 2;
	old.cpu_model = "power8";
	compare_cas("cas-power8", &old, NULL, NULL,
		    &(struct negotiation){ power8, true, { HASH } });

	compare_cas("cas-plugged", &some, dimms, cores, &linux_like);
	compare_cas("cas-blocks", &some, one_dimm, NULL,
		    &(struct negotiation){
			    power9, true, { DYNAMIC, OV5_HPT_RESIZE, RADIX } });
	compare_cas("cas-cards", &some, cards, NULL, &linux_like);
}

/* ---- NUMA nodes ---- */

/* Three nodes: the first one has memory of two sizes, the second one only cores. */
static const struct papr_numa_node plain_nodes[] = {
	{ 768 * MIB, "r0", { 0 } },
	{ .ram_bytes = 0 },
	{ 1536 * MIB, "r2", { 0 } },
};
static const struct papr_numa_node far_nodes[] = {
	{ 768 * MIB, "r0", { 0, 20, 40 } },
	{ .distance = { 0, 0, 80 } },
	{ 1536 * MIB, "r2", { 0 } },
};
static const struct papr_numa_node near_nodes[] = {
	{ 768 * MIB, "r0", { 0, 11, 30 } },
	{ .distance = { 0, 0, 61 } },
	{ 1536 * MIB, "r2", { 0 } },
};
static const struct papr_numa_node uneven_nodes[] = {
	{ 768 * MIB, "r0", { 0, 12, 14 } },
	{ .distance = { 13, 0, 16 } },
	{ 1536 * MIB, "r2", { 15, 255, 0 } },
};
static const uint8_t near_cores[] = { 0, 1, 2, 2, 0, 1 };

static const struct part numa_parts[] = {
	{ "memory-backend-ram", NULL, "id=m1,size=256M" },
	{ NULL, "pc-dimm", "id=d1,memdev=m1,node=2" },
	{ NULL, "spapr-pci-host-bridge", "id=p1,index=1,numa_node=2" },
	{ NULL, "power9_v2.0-spapr-cpu-core", "core-id=5,id=c5" },
	{ 0 },
};

static const struct papr_config *with_nodes(struct papr_config *config,
					    const struct papr_numa_node *nodes,
					    const uint8_t *core_nodes)
{
	*config = (struct papr_config){
		.size = sizeof(struct papr_config),
		.machine = "pseries-7.2",
		.ram_bytes = 2304 * MIB,
		.max_ram_bytes = 4 * GIB,
		.mem_slots = 4,
		.cpus = 2,
		.max_cpus = 6,
		.cores = 2,
		.no_vty = true,
		.numa_nodes = nodes,
		.n_numa_nodes = 3,
		.core_nodes = core_nodes,
	};
	return config;
}

TEST(numa_nodes)
{
	const struct negotiation form1 = { power9,
					   true,
					   { DYNAMIC, OV5_HPT_RESIZE, RADIX } };
	const struct negotiation linux_like = { power9, true, { LINUX } };
	struct papr_config c;

	compare_boot("numa", with_nodes(&c, plain_nodes, NULL), NULL, NULL);
	compare_boot("numa-far", with_nodes(&c, far_nodes, NULL), numa_parts, NULL);
	compare_boot("numa-near", with_nodes(&c, near_nodes, near_cores), numa_parts,
		     NULL);
	compare_cas("cas-numa", with_nodes(&c, uneven_nodes, NULL), numa_parts, NULL,
		    &linux_like);
	compare_cas("cas-numa-same", with_nodes(&c, plain_nodes, NULL), NULL, NULL,
		    &linux_like);
	compare_cas("cas-numa-form1", with_nodes(&c, near_nodes, near_cores), numa_parts,
		    NULL, &form1);
}

/* ---- Properties that QEMU does not have ---- */

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
