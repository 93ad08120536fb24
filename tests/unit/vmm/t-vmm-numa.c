// SPDX-License-Identifier: GPL-2.0-or-later
/* NUMA nodes: configurations, plugs and the hypercall. t-vmm-tree compares the device
 * trees with QEMU's. */
#include "tests/unit/fakes/vmm_machine.h"
#include "vmm/base/hcall.h"
#include "wire/cas.h"

#define MIB (1ULL << 20)
#define GIB (1ULL << 30)

#define CORE "power9_v2.0-spapr-cpu-core"

enum { VECTORS = 0x1000, REPLY = 0x20000, REPLY_BYTES = 0x80000 };

static const struct papr_numa_node two[] = {
	{ 512 * MIB, "r0", { 0, 40 } },
	{ 512 * MIB, "r1", { 0 } },
};

static struct papr_config config_of(const struct papr_numa_node *nodes, unsigned int n)
{
	struct papr_config config = vm_config;

	config.machine = "pseries-7.2";
	config.cores = 2;
	config.numa_nodes = nodes;
	config.n_numa_nodes = n;
	return config;
}

static int64_t home_of(struct vm *vm, uint64_t flags, uint64_t cpu, uint64_t regs[6])
{
	uint64_t args[PAPR_HCALL_ARGS] = { flags, cpu };
	int64_t status = papr_vmm_hcall(vm->vmm, 0, H_HOME_NODE_ASSOCIATIVITY, args);

	memcpy(regs, args, 6 * sizeof(*regs));
	return status;
}

TEST(home_node)
{
	const struct papr_config config = config_of(two, 2);
	const uint64_t none = UINT64_MAX;
	uint64_t regs[6];
	struct vm vm;

	vm_start(&vm, &config);
	assert_int_equal(vm_add(&vm, CORE, "id=c,core-id=2"), 0);
	memset(machine_of(vm.vmm)->ov5, 0, sizeof(machine_of(vm.vmm)->ov5));
	assert_int_equal(home_of(&vm, 1, 2, regs), H_SUCCESS);
	/* 40: the two nodes share two domains of four */
	assert_int_equal(regs[0], 0);
	assert_int_equal(regs[1], 1ULL << 32 | 1);
	assert_int_equal(regs[2], 2ULL << 32 | UINT32_MAX);
	assert_int_equal(regs[3], none);
	assert_int_equal(regs[5], none);

	cas_set(machine_of(vm.vmm)->ov5, OV5_FORM2_AFFINITY);
	assert_int_equal(home_of(&vm, 1, 2, regs), H_SUCCESS);
	assert_int_equal(regs[0], 1ULL << 32 | 2);
	assert_int_equal(regs[1], none);

	assert_int_equal(home_of(&vm, 0, 2, regs), H_FUNCTION);
	assert_int_equal(home_of(&vm, 1, 3, regs), H_P2); /* not plugged */
	assert_int_equal(home_of(&vm, 1, 4, regs), H_P2);
	assert_int_equal(home_of(&vm, 1, UINT64_MAX, regs), H_P2);
	assert_int_equal(home_of(&vm, 1, 1ULL << 32, regs), H_P2);
	vm_end(&vm);
}

TEST(plugs)
{
	const struct papr_config config = config_of(two, 2);
	struct papr_memory_info memory = { .size = sizeof(memory) };
	struct papr_cpu_info core = { .size = sizeof(core) };
	struct vm vm;

	vm_start(&vm, &config);
	assert_int_equal(vm_add(&vm, CORE, "core-id=2,node-id=0"), -EINVAL);
	assert_string_equal(vm_error(&vm), "invalid node-id, must be 1");
	assert_int_equal(vm_add(&vm, CORE, "core-id=2,node-id=1"), 0);
	assert_int_equal(vm_add(&vm, CORE, "core-id=3,node-id=-1"), 0);
	assert_int_equal(papr_vmm_cpu_info(vm.vmm, 0, &core), 1);
	assert_int_equal(core.node_id, 1);
	assert_int_equal(papr_vmm_cpu_info(vm.vmm, 3, &core), 1);
	assert_int_equal(core.node_id, 0);

	/* The nodes' own memory cannot be plugged again. */
	assert_int_equal(vm_object(&vm, "memory-backend-ram", "id=r0,size=256M"),
			 -EINVAL);
	assert_int_equal(vm_object(&vm, "memory-backend-ram", "id=r0,size=512M"), 0);
	assert_int_equal(vm_add(&vm, "pc-dimm", "memdev=r0"), -EBUSY);
	assert_string_equal(vm_error(&vm), "can't use already busy memdev: r0");
	assert_int_equal(papr_vmm_object_del(vm.vmm, "r0", NULL), -EBUSY);

	assert_int_equal(vm_object(&vm, "memory-backend-ram", "id=m,size=256M"), 0);
	assert_int_equal(vm_add(&vm, "pc-dimm", "memdev=m,node=2"), -EINVAL);
	assert_string_equal(vm_error(&vm), "'DIMM property node has value 2' which "
					   "exceeds the number of numa nodes: 2");
	assert_int_equal(vm_add(&vm, "pc-dimm", "memdev=m,node=1"), 0);
	assert_int_equal(papr_vmm_memory_info(vm.vmm, 0, &memory), 1);
	assert_int_equal(memory.node, 1);
	vm_take(&vm, 0x80000004);
	assert_int_equal(vm_add(&vm, "spapr-pci-host-bridge", "index=1,numa_node=2"),
			 -EINVAL);
	assert_int_equal(vm_add(&vm, "spapr-pci-host-bridge", "index=1,numa_node=1"), 0);
	vm_end(&vm);
}

static void walk_has(struct vm *vm, uint32_t index, const char *line)
{
	const char *walk;

	vm_call(vm, "set-indicator", 9003, index, 1);
	vm_call(vm, "set-indicator", 9001, index, 1);
	walk = vm_walk(vm, index);
	if (!strstr(walk, line))
		print_error("no %s in:\n%s\n", line, walk);
	assert_non_null(strstr(walk, line));
}

/* What a guest configures has the node, in the negotiated form: so many bytes. */
TEST(configured)
{
	const struct papr_config config = config_of(two, 2);
	struct vm vm;

	vm_start(&vm, &config); /* form 1 */
	memset(machine_of(vm.vmm)->ov5, 0, sizeof(machine_of(vm.vmm)->ov5));
	assert_int_equal(vm_add(&vm, CORE, "core-id=2"), 0);
	assert_int_equal(vm_object(&vm, "memory-backend-ram", "id=m,size=512M"), 0);
	assert_int_equal(vm_add(&vm, "pc-dimm", "memdev=m,node=1"), 0);
	assert_int_equal(vm_add(&vm, "spapr-pci-host-bridge", "index=1,numa_node=1"), 0);
	walk_has(&vm, 0x10000002, "3 ibm,associativity 24\n");
	walk_has(&vm, 0x80000004, "3 ibm,associativity 20\n");
	walk_has(&vm, 0x20000001, "3 ibm,associativity 20\n");
	cas_set(machine_of(vm.vmm)->ov5, OV5_FORM2_AFFINITY);
	walk_has(&vm, 0x80000005, "3 ibm,associativity 8\n");
	vm_end(&vm);
}

TEST(bad_nodes)
{
	static const struct papr_numa_node small[] = { { .ram_bytes = 512 * MIB } };
	static const struct papr_numa_node large[] = { { .ram_bytes = 2 * GIB } };
	static const struct papr_numa_node wrap[] = { { .ram_bytes = UINT64_MAX },
						      { .ram_bytes = GIB + 1 } };
	static const struct papr_numa_node odd[] = { { .ram_bytes = 1000 * MIB },
						     { .ram_bytes = 24 * MIB } };
	static const struct papr_numa_node same[] = { { 512 * MIB, "r", { 0 } },
						      { 512 * MIB, "r", { 0 } } };
	static const struct papr_numa_node near[] = { { GIB, NULL, { 0, 9 } },
						      { .ram_bytes = 0 } };
	static const struct papr_numa_node self[] = { { GIB, NULL, { 20 } } };
	static const struct papr_numa_node holes[] = { { GIB, NULL, { 0, 20 } },
						       { .ram_bytes = 0 },
						       { .ram_bytes = 0 } };
	static const struct papr_numa_node half[] = { { GIB, NULL, { 0, 20, 20 } },
						      { .distance = { 30, 0, 20 } },
						      { .ram_bytes = 0 } };
	static const uint8_t cores[] = { 0, 1, 2, 0 };
	static struct papr_numa_node many[PAPR_NUMA_NODES + 1];
	const struct {
		const struct papr_numa_node *nodes;
		unsigned int n;
		const uint8_t *cores;
		const char *text;
	} bad[] = {
		{ small, 1, NULL,
		  "total memory for NUMA nodes (0x20000000) should equal RAM size "
		  "(0x40000000)" },
		{ large, 1, NULL,
		  "the NUMA nodes have more memory than the machine (0x40000000)" },
		{ wrap, 2, NULL,
		  "the NUMA nodes have more memory than the machine (0x40000000)" },
		{ odd, 2, NULL,
		  "Node 0 memory size 0x3e800000 is not aligned to 256 MiB" },
		{ same, 2, NULL, "memory backend r can't be used multiple times." },
		{ near, 2, NULL,
		  "NUMA distance (9) is invalid, it shouldn't be less than 10." },
		{ self, 1, NULL, "Local distance of node 0 should be 10." },
		{ holes, 3, NULL,
		  "The distance between node 0 and 2 is missing, at least one distance "
		  "value between each nodes should be provided." },
		{ half, 3, NULL,
		  "At least one asymmetrical pair of distances is given, please provide "
		  "distances for both directions of all node pairs." },
		{ two, 2, cores, "core 2 is in NUMA node 2, which does not exist" },
		{ NULL, 5, cores, "core 1 is in NUMA node 1, which does not exist" },
		{ many, PAPR_NUMA_NODES + 1, NULL, "more than 128 NUMA nodes" },
	};
	struct papr_error error = { PAPR_ERROR_GENERIC, NULL };
	struct papr_machine_ops env;
	struct papr_vmm *vmm;
	struct vm vm;

	vm_begin(&vm, NULL);
	env = machine_of(vm.vmm)->env;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct papr_config config = config_of(bad[i].nodes, bad[i].n);

		config.core_nodes = bad[i].cores;
		assert_int_equal(papr_vmm_new(&vmm, &config, &env, &error), -EINVAL);
		assert_string_equal(error.text, bad[i].text);
		papr_error_clear(&error);
	}
	vm_end(&vm);
}

/* As many nodes as there can be. */
TEST(most_nodes)
{
	static struct papr_numa_node nodes[PAPR_NUMA_NODES];
	struct papr_config config = config_of(nodes, PAPR_NUMA_NODES);
	struct vm vm;

	for (unsigned int i = 0; i < PAPR_NUMA_NODES; i++)
		nodes[i].ram_bytes = 256 * MIB;
	config.ram_bytes = PAPR_NUMA_NODES * 256 * MIB;
	config.max_ram_bytes = config.ram_bytes + GIB;
	vm_start(&vm, &config);
	cas_set(machine_of(vm.vmm)->ov5, OV5_FORM2_AFFINITY);
	assert_int_equal(vm_object(&vm, "memory-backend-ram", "id=m,size=256M"), 0);
	assert_int_equal(vm_add(&vm, "pc-dimm", "memdev=m,node=127"), 0);
	assert_int_equal(papr_vmm_reset(vm.vmm), 0);
	vm_end(&vm);
}

/* ---- CAS ---- */

static int64_t cas(struct vm *vm, bool form2)
{
	struct builder b = builder_of(vm->memory + VECTORS, 0x1000);
	uint64_t args[PAPR_HCALL_ARGS] = { VECTORS, REPLY, REPLY_BYTES };
	const struct cas_pvr power9 = { 0xffff0000, 0x004e0000 };
	uint8_t v1[3] = { 0, 0xff, 0xc0 }, v5[26] = { 0 };

	cas_set(v5, OV5_DRCONF_MEMORY);
	cas_set(v5, OV5_FORM1_AFFINITY);
	if (form2)
		cas_set(v5, OV5_FORM2_AFFINITY);
	cas_encode_pvrs(&b, &power9, 1);
	cas_encode_count(&b, 5);
	cas_encode_vector(&b, v1, sizeof(v1));
	for (int i = 2; i < 5; i++)
		cas_encode_vector(&b, (const uint8_t[]){ 0 }, 1);
	cas_encode_vector(&b, v5, sizeof(v5));
	return papr_vmm_hcall(vm->vmm, 0, KVMPPC_H_CAS, args);
}

static void negotiate(const struct papr_config *config, bool form2, int64_t status,
		      const char *log)
{
	struct vm vm;

	vm_begin(&vm, config);
	vm_reset(&vm);
	assert_int_equal(cas(&vm, form2), status);
	if (log)
		assert_non_null(strstr(vm.log, log));
	else
		assert_true(!vm.log || !*vm.log);
	vm_end(&vm);
}

/* Form 1 cannot describe all nodes. A type before 6.2 does not have form 2. */
TEST(forms)
{
	static const struct papr_numa_node uneven[] = {
		{ GIB, NULL, { 0, 20 } },
		{ .distance = { 30 } },
	};
	static const struct papr_numa_node empty[] = { { .ram_bytes = GIB },
						       { .ram_bytes = 0 } };
	static const uint8_t cores[] = { 1, 0, 0, 0 };
	struct papr_config config = config_of(uneven, 2);

	config.core_nodes = cores;
	negotiate(&config, true, H_SUCCESS, NULL);
	negotiate(&config, false, H_PARAMETER, "Asymmetrical NUMA topologies");

	config = config_of(empty, 2);
	negotiate(&config, true, H_SUCCESS, NULL);
	negotiate(&config, false, H_PARAMETER, "FORM1 NUMA (node 1)");
	config.core_nodes = cores; /* the boot core is in node 1 */
	negotiate(&config, false, H_SUCCESS, NULL);
}

/* ---- Saved state ---- */

static int move(const struct papr_config *from, const struct papr_config *to)
{
	struct vm a, b;
	size_t bytes;
	void *saved;
	int err;

	vm_start(&a, from);
	vm_start(&b, to);
	assert_int_equal(papr_vmm_save(a.vmm, &saved, &bytes), 0);
	err = papr_vmm_load(b.vmm, saved, bytes, NULL);
	free(saved);
	vm_end(&a);
	vm_end(&b);
	return err;
}

TEST(saved_state)
{
	static const uint8_t cores[] = { 0, 1, 1, 1 };
	static const struct papr_numa_node other[] = {
		{ 512 * MIB, "r0", { 0, 41 } },
		{ 512 * MIB, "r1", { 0 } },
	};
	static const struct papr_numa_node sizes[] = {
		{ 256 * MIB, NULL, { 0, 40 } },
		{ 768 * MIB, NULL, { 0 } },
	};
	const struct papr_config config = config_of(two, 2);
	struct papr_config to = config;

	assert_int_equal(move(&config, &to), 0);
	to.core_nodes = cores;
	assert_int_equal(move(&config, &to), -ENODEV);
	to = config_of(other, 2);
	assert_int_equal(move(&config, &to), -ENODEV);
	to = config_of(sizes, 2);
	assert_int_equal(move(&config, &to), -ENODEV);
	to = config_of(NULL, 0);
	assert_int_equal(move(&config, &to), -ENODEV);
}
