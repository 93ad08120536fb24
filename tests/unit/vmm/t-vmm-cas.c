// SPDX-License-Identifier: GPL-2.0-or-later
/* ibm,client-architecture-support, by hypercall. */
#include <libfdt.h>

#include "tests/unit/fakes/vmm_machine.h"
#include "vmm/tree/fdt_out.h"
#include "vmm/base/hcall.h"
#include "vmm/tree/tree_diff.h"
#include "wire/cas.h"
#include "wire/dynmem.h"

enum { VECTORS = 0x40000, REPLY = 0x80000, REPLY_BYTES = 0x40000, FILL = 0xee };

#define RAW_POWER9                     \
	{                              \
		0xffff0000, 0x004e0000 \
	}

/* The request of Linux 6.1 on POWER9, for tests to change. */
struct asked {
	struct cas_pvr pvrs[4];
	size_t n_pvrs;
	unsigned int vectors;
	uint8_t v1[3], v5[26];
};

static struct asked linux_asks(void)
{
	return (struct asked){
		.pvrs = { RAW_POWER9 },
		.n_pvrs = 1,
		.vectors = 6,
		.v1 = { 0, 0xff, 0xc0 },
		.v5 = { [1] = 0xf0,
			[4] = 0xa0,
			[5] = 0x05,
			[21] = 0x80,
			0x40,
			0x40,
			[25] = 0x40 },
	};
}

static size_t put_vectors(struct vm *vm, uint64_t addr, const struct asked *a)
{
	static const uint8_t rest[] = { 0, 0xe0 };
	struct builder b = builder_of(vm->memory + addr, VM_MEMORY_BYTES - addr);

	cas_encode_pvrs(&b, a->pvrs, a->n_pvrs);
	cas_encode_count(&b, a->vectors);
	for (unsigned int i = 1; i <= a->vectors; i++) {
		if (i == 1)
			cas_encode_vector(&b, a->v1, sizeof(a->v1));
		else if (i == 5)
			cas_encode_vector(&b, a->v5, sizeof(a->v5));
		else
			cas_encode_vector(&b, rest, sizeof(rest));
	}
	assert_true(builder_fits(&b));
	return b.len;
}

static int64_t cas_at(struct vm *vm, uint64_t vectors, uint64_t reply, uint64_t size)
{
	uint64_t args[PAPR_HCALL_ARGS] = { vectors, reply, size };

	memset(vm->memory + REPLY, FILL, REPLY_BYTES);
	return papr_vmm_hcall(vm->vmm, vm->cpu, KVMPPC_H_CAS, args);
}

static int64_t cas(struct vm *vm, const struct asked *a)
{
	put_vectors(vm, VECTORS, a);
	return cas_at(vm, VECTORS, REPLY, REPLY_BYTES);
}

/* libfdt needs aligned trees; the guest may put one at any address. */
static const void *reply_tree(const struct vm *vm)
{
	static uint64_t aligned[REPLY_BYTES / sizeof(uint64_t)];

	assert_int_equal(vm_be32(vm, REPLY), 1);
	memcpy(aligned, vm->memory + REPLY + 4, REPLY_BYTES - 4);
	assert_int_equal(fdt_check_full(aligned, fdt_totalsize(aligned)), 0);
	return aligned;
}

static void start(struct vm *vm, const struct papr_config *config)
{
	vm_begin(vm, config);
	vm_reset(vm);
	vm_notes(vm);
}

/* Nothing was negotiated or replied. */
static void assert_untouched(const struct vm *vm)
{
	static const uint8_t none[256];

	assert_memory_equal(machine_of(vm->vmm)->ov5, none, sizeof(none));
	assert_true(machine_of(vm->vmm)->ov5_guest_empty);
	assert_true(machine_of(vm->vmm)->xics);
	assert_int_equal(machine_of(vm->vmm)->compat_pvr, 0);
	assert_int_equal(vm_be32(vm, REPLY), FILL * 0x01010101u);
}

TEST(what_both_want_is_negotiated)
{
	static const uint8_t both[] = { [1] = 0x20, [4] = 0xa0, [5] = 0x05, [21] = 0x80,
					0x40,	    0x40,	[25] = 0x40 };
	struct asked a = linux_asks();
	const void *fdt;
	struct vm vm;

	start(&vm, NULL);
	assert_int_equal(cas(&vm, &a), H_SUCCESS);
	fdt = reply_tree(&vm);
	assert_memory_equal(machine_of(vm.vmm)->ov5, both, sizeof(both));
	assert_false(machine_of(vm.vmm)->xics);
	assert_false(machine_of(vm.vmm)->pre_isa3_guest);
	assert_int_equal(machine_of(vm.vmm)->compat_pvr, 0);
	/* the same tree is stored, and limits the size of updates */
	assert_int_equal(tree_of(vm.vmm)->size, fdt_totalsize(fdt));
	assert_int_equal(tree_of(vm.vmm)->initial_size, fdt_totalsize(fdt));
	assert_memory_equal(tree_of(vm.vmm)->fdt, fdt, fdt_totalsize(fdt));

	a.v5[5] = 0; /* any number of times */
	a.v1[2] = 0;
	a.v5[22] = 0;
	assert_int_equal(cas(&vm, &a), H_SUCCESS);
	assert_int_equal(machine_of(vm.vmm)->ov5[5], 0);
	assert_true(machine_of(vm.vmm)->xics);
	assert_true(machine_of(vm.vmm)->pre_isa3_guest);

	vm_reset(&vm);
	cas_at(&vm, UINT64_MAX, REPLY, 0);
	assert_untouched(&vm);
	vm_end(&vm);
}

TEST(configuration_limits_the_offer)
{
	struct papr_config config = vm_config;
	struct asked a = linux_asks();
	struct vm vm;

	config.no_hotplug_events = true;
	config.cpu_model = "power8";
	start(&vm, &config);
	a.pvrs[0] = (struct cas_pvr){ 0xffff0000, 0x004d0000 };
	a.v5[22] = 0;
	assert_int_equal(cas(&vm, &a), H_SUCCESS);
	assert_int_equal(machine_of(vm.vmm)->ov5[5], 0x01);
	assert_int_equal(machine_of(vm.vmm)->ov5[23], 0); /* no radix */
	assert_int_equal(machine_of(vm.vmm)->ov5[25], 0);
	a.v5[22] = 0x40; /* an unsupported interrupt mode; QEMU would exit here */
	assert_int_equal(cas(&vm, &a), H_PARAMETER);
	vm_end(&vm);
}

/* The choice of QEMU 7.2 for each of its processors. */
TEST(levels_of_processors)
{
	static const struct {
		const char *model;
		uint32_t value;
		int64_t status;
	} rows[] = {
		{ "power8", CAS_PVR_2_04, H_HARDWARE },
		{ "power8", CAS_PVR_2_05, H_SUCCESS },
		{ "power8", CAS_PVR_2_06, H_SUCCESS },
		{ "power8", CAS_PVR_2_06_PLUS, H_SUCCESS },
		{ "power8", CAS_PVR_2_07, H_SUCCESS },
		{ "power8", CAS_PVR_3_00, H_HARDWARE },
		{ "power9", CAS_PVR_2_04, H_HARDWARE },
		{ "power9", CAS_PVR_2_05, H_SUCCESS },
		{ "power9", CAS_PVR_3_00, H_SUCCESS },
		{ "power9", CAS_PVR_3_10, H_HARDWARE },
		{ "power10", CAS_PVR_2_07, H_SUCCESS },
		{ "power10", CAS_PVR_3_10, H_SUCCESS },
		{ "power10", 0x0f000007, H_HARDWARE },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct papr_config config = vm_config;
		struct asked a = linux_asks();
		struct vm vm;

		config.cpu_model = rows[i].model;
		start(&vm, &config);
		a.v5[22] = 0;
		a.pvrs[0] = (struct cas_pvr){ UINT32_MAX, rows[i].value };
		assert_int_equal(cas(&vm, &a), rows[i].status);
		assert_int_equal(machine_of(vm.vmm)->compat_pvr,
				 rows[i].status ? 0 : rows[i].value);
		vm_end(&vm);
	}
}

TEST(the_best_level_wins)
{
	struct asked a = linux_asks();
	struct vm vm;

	start(&vm, NULL);
	a.pvrs[1] = (struct cas_pvr){ UINT32_MAX, CAS_PVR_3_00 };
	a.pvrs[2] = (struct cas_pvr){ UINT32_MAX, CAS_PVR_2_07 };
	a.n_pvrs = 3;
	assert_int_equal(cas(&vm, &a), H_SUCCESS);
	assert_int_equal(machine_of(vm.vmm)->compat_pvr, CAS_PVR_3_00);
	vm_end(&vm);
}

/* QEMU 7.2 exits on some of these. */
TEST(bad_requests)
{
	struct asked good = linux_asks(), a;
	struct vm vm;

	start(&vm, NULL);
	for (a = good, a.vectors = 1; a.vectors < 5; a.vectors++) {
		assert_int_equal(cas(&vm, &a), H_PARAMETER);
		assert_untouched(&vm);
	}
	a = good;
	a.v5[22] = 0x80; /* both interrupt modes */
	assert_int_equal(cas(&vm, &a), H_PARAMETER);
	a.v5[22] = 0x40;
	a.v5[23] = 0xc0; /* both MMU modes */
	assert_int_equal(cas(&vm, &a), H_PARAMETER);
	a = good;
	a.n_pvrs = 0;
	assert_int_equal(cas(&vm, &a), H_HARDWARE);
	a.n_pvrs = 1;
	a.pvrs[0].value = 0x00390000;
	assert_int_equal(cas(&vm, &a), H_HARDWARE);
	assert_untouched(&vm);
	vm_end(&vm);
}

TEST(other_processors_must_have_stopped)
{
	struct papr_config config = vm_config;
	struct asked a = linux_asks();
	struct vm vm;

	config.cpus = 2;
	start(&vm, &config);
	*cpus_halted(vm.vmm, 1) = false;
	assert_int_equal(cas(&vm, &a), H_MULTI_THREADS_ACTIVE);
	assert_untouched(&vm);
	*cpus_halted(vm.vmm, 1) = true;
	assert_int_equal(cas(&vm, &a), H_SUCCESS);
	vm_end(&vm);
}

TEST(end_of_memory)
{
	struct asked a = linux_asks();
	size_t len, needed;
	struct vm vm;

	start(&vm, NULL);
	len = put_vectors(&vm, VECTORS, &a);
	needed = len - 3; /* vector 6 is not read */
	for (size_t left = 0; left <= needed; left++) {
		uint64_t at = VM_MEMORY_BYTES - left;

		memmove(vm.memory + at, vm.memory + VECTORS, left);
		assert_int_equal(cas_at(&vm, at | 0xf000000000000000, REPLY, REPLY_BYTES),
				 left < needed ? H_PARAMETER : H_SUCCESS);
	}
	assert_int_equal(cas_at(&vm, UINT64_MAX, REPLY, REPLY_BYTES), H_PARAMETER);
	vm_end(&vm);
}

/* 512 of them: the next bytes are not read as another one. */
TEST(processors_without_end)
{
	struct vm vm;

	start(&vm, NULL);
	memset(vm.memory + VECTORS, 0, CAS_BYTES); /* mask 0: any processor */
	assert_int_equal(cas_at(&vm, VECTORS, REPLY, REPLY_BYTES), H_PARAMETER);
	vm.memory[VECTORS + CAS_PVRS * 8] = 4; /* five vectors of one byte */
	assert_int_equal(cas_at(&vm, VECTORS, REPLY, REPLY_BYTES), H_SUCCESS);
	vm_end(&vm);
}

TEST(the_reply_must_fit)
{
	struct asked a = linux_asks();
	struct vm vm;
	size_t needed;

	start(&vm, NULL);
	put_vectors(&vm, VECTORS, &a);
	for (uint64_t size = 0; size < 64; size++) {
		assert_int_equal(cas_at(&vm, VECTORS, REPLY, size), H_PARAMETER);
		assert_untouched(&vm);
	}
	assert_int_equal(cas_at(&vm, VECTORS, REPLY, REPLY_BYTES), H_SUCCESS);
	needed = 4 + fdt_totalsize(reply_tree(&vm));
	vm_reset(&vm);
	assert_int_equal(cas_at(&vm, VECTORS, REPLY, needed - 1), H_PARAMETER);
	assert_untouched(&vm);
	assert_int_equal(cas_at(&vm, VECTORS, REPLY, needed), H_SUCCESS);
	reply_tree(&vm);
	/* an address without memory */
	assert_int_equal(cas_at(&vm, VECTORS, VM_MEMORY_BYTES - 4, REPLY_BYTES),
			 H_PARAMETER);
	assert_int_equal(cas_at(&vm, VECTORS, UINT64_MAX - 1, UINT64_MAX), H_PARAMETER);
	vm_end(&vm);
}

TEST(connectors_start_anew)
{
	struct asked a = linux_asks();
	struct vm vm;

	vm_start(&vm, NULL);
	assert_int_equal(vm_add(&vm, "virtio-rng-pci", "id=stays,addr=1"), 0);
	assert_int_equal(vm_add(&vm, "virtio-rng-pci", "id=goes,addr=2"), 0);
	assert_int_equal(vm_call(&vm, "set-indicator", 9001, 0x40000010, 1), 0);
	assert_int_equal(vm_del(&vm, "goes"), 0);
	assert_non_null(event_pending(vm.vmm, UINT32_MAX));
	vm_notes(&vm);

	assert_int_equal(cas(&vm, &a), H_SUCCESS);
	assert_null(event_pending(vm.vmm, UINT32_MAX));
	assert_non_null(strstr(vm_notes(&vm), "DEVICE_DELETED goes"));
	assert_int_equal(vm_sense(&vm, 0x40000010), 0);
	assert_int_equal(connector_find(connectors_of(vm.vmm), 0x40000008)->state,
			 DRC_STATE_PHYSICAL_CONFIGURED);
	vm_end(&vm);
}

/* ---- Differences of trees ---- */

struct prop {
	const char *node, *name, *value;
};

static void *tree_with(const struct prop *props, size_t n)
{
	void *fdt = calloc(1, 4096);

	assert_int_equal(fdt_create_empty_tree(fdt, 4096), 0);
	for (size_t i = 0; i < n; i++) {
		int node = fdt_path_offset(fdt, props[i].node);

		if (node < 0) {
			node = fdt_add_subnode(fdt, 0, props[i].node + 1);
			assert_true(node > 0);
		}
		if (props[i].name)
			assert_int_equal(fdt_setprop_string(fdt, node, props[i].name,
							    props[i].value),
					 0);
	}
	return fdt;
}

#define TREE(...)                                 \
	tree_with((struct prop[]){ __VA_ARGS__ }, \
		  sizeof((struct prop[]){ __VA_ARGS__ }) / sizeof(struct prop))

/* The tree of a few properties, a line each, in the order of its nodes. */
static void describe(const void *fdt, char *text, size_t size)
{
	size_t len = 0;
	int node, prop;

	*text = '\0';
	for (node = 0; node >= 0; node = fdt_next_node(fdt, node, NULL)) {
		len += (size_t)snprintf(text + len, size - len,
					"%s:", fdt_get_name(fdt, node, NULL));
		fdt_for_each_property_offset(prop, fdt, node) {
			const char *name,
				*value = fdt_getprop_by_offset(fdt, prop, &name, NULL);

			len += (size_t)snprintf(text + len, size - len, " %s=%s", name,
						value);
		}
		len += (size_t)snprintf(text + len, size - len, "\n");
	}
	assert_true(len < size);
}

static void assert_diff(void *before, void *now, const char *want)
{
	char text[512];
	size_t size;
	void *fdt;

	assert_int_equal(tree_diff(before, now, &fdt, &size), want ? 0 : -EXDEV);
	if (want) {
		assert_int_equal(fdt_check_full(fdt, size), 0);
		describe(fdt, text, sizeof(text));
		assert_string_equal(text, want);
		free(fdt);
	}
	free(before);
	free(now);
}

TEST(differences)
{
	assert_diff(TREE({ "/a", "x", "1" }), TREE({ "/a", "x", "1" }), ":\n");
	assert_diff(TREE({ "/a", "x", "1" }), TREE({ "/a", "x", "2" }), ":\na: x=2\n");
	assert_diff(TREE({ "/a", "x", "1" }), TREE({ "/a", "x", "11" }), ":\na: x=11\n");
	assert_diff(TREE({ "/a", "x", "1" }),
		    TREE({ "/a", "x", "1" }, { "/a", "y", "2" }), ":\na: y=2\n");
	assert_diff(TREE({ "/a", "x", "1" }), TREE({ "/a", "x", "1" }, { "/b" }),
		    ":\nb:\n");
	assert_diff(TREE({ "/a", "x", "1" }), TREE({ "/a" }), NULL);
	assert_diff(TREE({ "/a", "x", "1" }), TREE({ "/b", "x", "1" }), NULL);
	/* names are compared completely */
	assert_diff(TREE({ "/a@1" }), TREE({ "/a" }), NULL);
	assert_diff(TREE({ "/a" }), TREE({ "/a@1" }), NULL);
}

TEST(a_reply_of_what_is_new)
{
	struct papr_config config = vm_config;
	struct asked a = linux_asks();
	struct vm vm;
	const void *fdt;
	int chosen;

	config.cas_reply_diff = true;
	start(&vm, &config);
	a.v5[22] = 0; /* XICS stays: no node disappears */
	assert_int_equal(cas(&vm, &a), H_SUCCESS);
	assert_notes(&vm, "");
	fdt = reply_tree(&vm);
	assert_true(fdt_totalsize(fdt) < tree_of(vm.vmm)->size / 2);
	chosen = fdt_path_offset(fdt, "/chosen");
	assert_non_null(fdt_getprop(fdt, chosen, "ibm,architecture-vec-5", NULL));
	assert_null(fdt_getprop(fdt, chosen, "stdout-path", NULL));
	assert_true(fdt_path_offset(fdt, "/ibm,dynamic-reconfiguration-memory") > 0);
	assert_true(fdt_path_offset(fdt, "/interrupt-controller") < 0);
	assert_true(fdt_path_offset(tree_of(vm.vmm)->fdt, "/interrupt-controller") > 0);
	vm_end(&vm);
}

/* With XIVE, /interrupt-controller is another node, so the old one is removed. */
TEST(what_is_gone_takes_a_reset)
{
	struct papr_config config = vm_config;
	struct asked a = linux_asks();
	struct vm vm;

	config.cas_reply_diff = true;
	start(&vm, &config);
	assert_int_equal(cas(&vm, &a), H_SUCCESS);
	assert_notes(&vm, "RESET guest-reset\n");
	assert_int_equal(vm_be32(&vm, REPLY), FILL * 0x01010101u);

	vm_reset(&vm);
	assert_false(machine_of(vm.vmm)->xics);
	assert_int_equal(machine_of(vm.vmm)->ov5[22], 0x40);
	vm_notes(&vm);
	assert_int_equal(cas(&vm, &a), H_SUCCESS); /* the guest's second try */
	assert_notes(&vm, "");
	reply_tree(&vm);

	vm_reset(&vm); /* another guest's */
	assert_true(machine_of(vm.vmm)->xics);
	vm_end(&vm);
}

static bool has(const void *fdt, const char *path, const char *name)
{
	int node = fdt_path_offset(fdt, path);

	assert_true(node >= 0);
	return fdt_getprop(fdt, node, name, NULL);
}

static void assert_ranges(const void *fdt, bool ranges)
{
	static const char *const owners[] = { "/", "/cpus", "/pci@800000020000000",
					      "/pci@800000020000000/pci@2" };
	static const char *const arrays[] = { "ibm,drc-indexes", "ibm,drc-names",
					      "ibm,drc-types", "ibm,drc-power-domains" };

	for (size_t i = 0; i < COUNT(owners); i++) {
		assert_int_equal(has(fdt, owners[i], "ibm,drc-info"), ranges);
		for (size_t k = 0; k < COUNT(arrays); k++)
			assert_int_equal(has(fdt, owners[i], arrays[k]), !ranges);
	}
}

/* Ranges of connectors are for guests that support them. */
TEST(ranges_when_negotiated)
{
	struct papr_config config = vm_config;
	struct asked a = linux_asks();
	struct vm vm;

	config.drc_info = true;
	vm_begin(&vm, &config);
	assert_int_equal(vm_add(&vm, "pci-bridge", "id=b,addr=2,chassis_nr=1"), 0);
	vm_reset(&vm);
	assert_ranges(tree_of(vm.vmm)->fdt, false);
	assert_non_null(strstr(vm_walk(&vm, 0x40000010), "ibm,drc-indexes"));

	assert_int_equal(cas(&vm, &a), H_SUCCESS); /* does not ask */
	assert_ranges(reply_tree(&vm), false);
	a.v5[21] |= 0x40;
	assert_int_equal(cas(&vm, &a), H_SUCCESS);
	assert_ranges(reply_tree(&vm), true);
	assert_non_null(strstr(vm_walk(&vm, 0x40000010), "ibm,drc-info"));
	assert_null(strstr(vm_walk(&vm, 0x40000010), "ibm,drc-indexes"));
	assert_int_equal(vm_add(&vm, "spapr-pci-host-bridge", "index=1"), 0);
	vm_call(&vm, "set-indicator", 9003, 0x20000001, 1);
	vm_call(&vm, "set-indicator", 9001, 0x20000001, 1);
	assert_non_null(strstr(vm_walk(&vm, 0x20000001), "ibm,drc-info"));

	vm_reset(&vm);
	assert_ranges(tree_of(vm.vmm)->fdt, false);
	vm_end(&vm);

	start(&vm, NULL); /* not offered */
	assert_int_equal(cas(&vm, &a), H_SUCCESS);
	assert_false(has(reply_tree(&vm), "/", "ibm,drc-info"));
	vm_end(&vm);
}

/* Return the name of the property of memory that a guest of Linux 6.1 receives. */
static const char *property_of_memory(uint64_t drmem)
{
	struct papr_config config = vm_config;
	struct asked a = linux_asks();
	bool v1, v2;
	struct vm vm;

	config.drmem = drmem;
	start(&vm, &config);
	assert_int_equal(cas(&vm, &a), H_SUCCESS);
	v1 = has(reply_tree(&vm), DYNMEM_NODE, DYNMEM_V1_PROP);
	v2 = has(reply_tree(&vm), DYNMEM_NODE, DYNMEM_V2_PROP);
	vm_end(&vm);
	assert_true(v1 != v2);
	return v1 ? DYNMEM_V1_PROP : DYNMEM_V2_PROP;
}

TEST(version_of_the_property_of_memory)
{
	assert_string_equal(property_of_memory(0), DYNMEM_V2_PROP);
	assert_string_equal(property_of_memory(1), DYNMEM_V1_PROP);
	assert_string_equal(property_of_memory(2), DYNMEM_V2_PROP);
}
