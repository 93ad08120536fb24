// SPDX-License-Identifier: GPL-2.0-or-later
/* The client interface of a machine with x-vof, besides the recorded calls. */
#include <libfdt.h>

#include "tests/unit/fakes/vof_client.h"
#include "vmm/base/hcall.h"
#include "vmm/firmware/vof.h"
#include "wire/cas.h"

/* ---- The call itself ---- */

TEST(only_with_x_vof)
{
	struct client c = { 0 };
	struct papr_entry entry = { .size = sizeof(entry) };

	vm_start(&c.vm, NULL);
	assert_int_equal(of_call_block(&c, OF_BLOCK), H_FUNCTION);
	assert_false(papr_vmm_entry(c.vm.vmm, &entry));
	vm_end(&c.vm);
}

TEST(counts)
{
	static const uint32_t numbers[] = {
		0, 1,  2,  3,  4,   5, 6,	 7,	     8,
		9, 10, 11, 12, 100, 0, 1u << 31, UINT32_MAX, UINT32_MAX - 8
	};
	static const char *const services[] = { "finddevice",
						"getprop",
						"getproplen",
						"setprop",
						"nextprop",
						"peer",
						"child",
						"parent",
						"open",
						"close",
						"claim",
						"release",
						"write",
						"call-method",
						"interpret",
						"milliseconds",
						"nothing",
						"package-to-path",
						"instance-to-path",
						"instance-to-package",
						"" };
	struct client c;

	of_start(&c, NULL);
	for (size_t i = 0; i < COUNT(services) * COUNT(numbers) * COUNT(numbers); i++) {
		uint32_t nargs = numbers[i % COUNT(numbers)];
		uint32_t nret = numbers[i / COUNT(numbers) % COUNT(numbers)];
		const char *service = services[i / COUNT(numbers) / COUNT(numbers)];
		bool ok = nargs < 10 && nret <= 10 - nargs;

		c.strings = OF_STRINGS;
		memset(c.vm.memory + OF_BLOCK, 0, 64);
		vm_put_be32(&c.vm, OF_BLOCK, of_str(&c, service));
		vm_put_be32(&c.vm, OF_BLOCK + 4, nargs);
		vm_put_be32(&c.vm, OF_BLOCK + 8, nret);
		assert_int_equal(of_call_block(&c, OF_BLOCK | 0xf000000000000000),
				 ok ? H_SUCCESS : H_PARAMETER);
	}
	vm_end(&c.vm);
}

TEST(bad_addresses)
{
	struct client c;

	of_start(&c, NULL);
	for (uint64_t left = 0; left < 52; left++)
		assert_int_equal(of_call_block(&c, OF_MEMORY - left), H_PARAMETER);
	assert_int_equal(of_call_block(&c, UINT64_MAX), H_PARAMETER);

	/* a string may end at the end of memory */
	memcpy(c.vm.memory + OF_MEMORY - 5, "peer", 5);
	vm_put_be32(&c.vm, OF_BLOCK, OF_MEMORY - 5);
	vm_put_be32(&c.vm, OF_BLOCK + 4, 1);
	vm_put_be32(&c.vm, OF_BLOCK + 8, 1);
	vm_put_be32(&c.vm, OF_BLOCK + 12, 0);
	assert_int_equal(of_call_block(&c, OF_BLOCK), H_SUCCESS);
	assert_int_equal(vm_be32(&c.vm, OF_BLOCK + 16), 0x1112);
	c.vm.memory[OF_MEMORY - 1] = 'x';
	assert_int_equal(of_call_block(&c, OF_BLOCK), H_PARAMETER);

	assert_int_equal(OF(&c, "finddevice", OF_MEMORY - 1), PROM_ERROR);
	assert_int_equal(OF(&c, "getprop", 0x1112, of_str(&c, "model"), OF_MEMORY - 1, 2),
			 PROM_ERROR);
	assert_int_equal(OF(&c, "nextprop", 0x1112, of_str(&c, ""), OF_MEMORY),
			 PROM_ERROR);
	assert_int_equal(OF(&c, "setprop", 0x1112, of_str(&c, "x"), OF_MEMORY, 1),
			 PROM_ERROR);
	assert_int_equal(OF(&c, "package-to-path", 0x1114, OF_MEMORY, 9), PROM_ERROR);
	vm_end(&c.vm);
}

/* ---- Nodes and properties ---- */

TEST(paths)
{
	struct client c;
	uint32_t vty;

	of_start(&c, NULL);
	vty = of_phandle(&c, "/vdevice/vty@71000000");
	assert_int_not_equal(vty, PROM_ERROR);
	assert_int_equal(of_phandle(&c, "/vdevice/vty"), vty);
	assert_int_equal(of_phandle(&c, "//vdevice///vty"), vty);
	assert_int_equal(of_phandle(&c, "/VDEVICE/vty"), PROM_ERROR);
	assert_int_equal(OF(&c, "open", of_str(&c, "/vdevice/vty@71000000:0")),
			 PROM_ERROR);
	/* only unit addresses ignore case */
	assert_int_equal(of_phandle(&c, "/pci@800000020000000"), of_phandle(&c, "/pci"));
	/* QEMU counts the NUL */
	memset(c.vm.memory + OF_BUFFER, 0xee, 32);
	assert_int_equal(OF(&c, "package-to-path", vty, OF_BUFFER, 10), 22);
	assert_memory_equal(c.vm.memory + OF_BUFFER, "/vdevice/v\xee", 11);
	assert_int_equal(OF(&c, "package-to-path", 0x1112, OF_BUFFER, 10), 2);
	assert_memory_equal(c.vm.memory + OF_BUFFER, "/", 2);
	assert_int_equal(of_prop(&c, "/", "name"), 1);
	vm_end(&c.vm);
}

/* A walk of all nodes ends. */
TEST(every_node_has_a_phandle_of_its_own)
{
	struct client c;
	uint32_t node, next, seen = 0;

	of_start(&c, NULL);
	for (node = OF(&c, "peer", 0); node; node = next) {
		assert_true(node == 0x1111 || (node > 0x1111 && node < 0x1200));
		seen++;
		next = OF(&c, "child", node);
		while (!next && node) {
			next = OF(&c, "peer", node);
			node = OF(&c, "parent", node);
		}
	}
	assert_true(seen > 10);
	assert_int_equal(OF(&c, "peer", PROM_ERROR), 0);
	assert_int_equal(OF(&c, "child", PROM_ERROR), 0);
	assert_int_equal(OF(&c, "parent", PROM_ERROR), 0);
	vm_end(&c.vm);
}

static void put_vectors(struct client *c)
{
	static const uint8_t v1[] = { 0, 0xff, 0xc0 }, none[] = { 0 };
	static const uint8_t v5[26] = { [1] = 0x20, [4] = 0xa0, [5] = 0x04, [22] = 0x40 };
	static const struct cas_pvr pvr = { 0xffff0000, 0x004e0000 };
	struct builder b = builder_of(c->vm.memory + OF_BUFFER, OF_BUFFER_BYTES);

	cas_encode_pvrs(&b, &pvr, 1);
	cas_encode_count(&b, 5);
	cas_encode_vector(&b, v1, sizeof(v1));
	for (int i = 2; i < 5; i++)
		cas_encode_vector(&b, none, sizeof(none));
	cas_encode_vector(&b, v5, sizeof(v5));
	assert_true(builder_fits(&b));
}

static uint32_t cas(struct client *c)
{
	uint32_t root = OF(c, "open", of_str(c, "/"));
	const uint32_t args[] = { of_str(c, "ibm,client-architecture-support"), root,
				  OF_BUFFER };

	put_vectors(c);
	of_call(c, "call-method", 2, 3, args);
	assert_int_equal(c->rets[1], 0);
	return c->rets[0];
}

TEST(what_survives_negotiation)
{
	struct client c;
	uint32_t chosen;

	of_start(&c, NULL);
	chosen = of_phandle(&c, "/chosen");
	assert_int_equal(of_set(&c, "/chosen", "bootargs", "quiet again", 5), 5);
	assert_int_equal(of_set(&c, "/chosen", "linux,initrd-start", "\0\x80\0\0", 4), 4);
	assert_int_equal(
		of_set(&c, "/chosen", "linux,initrd-end", "\0\0\0\0\0\x80\x12\x34", 8),
		8);
	assert_int_equal(of_set(&c, "/chosen", "linux,initrd-end", "123", 3), PROM_ERROR);
	assert_int_equal(of_set(&c, "/rtas", "linux,rtas-base", "1234", 4), 4);
	assert_int_equal(of_set(&c, "/cpus", "linux,initrd-end", "123", 3), 3);
	/* the value that was set, without NUL */
	assert_int_equal(of_prop(&c, "/chosen", "bootargs"), 5);

	assert_int_equal(cas(&c), 0);
	assert_int_equal(machine_of(c.vm.vmm)->ov5[5], 0x04);
	assert_int_equal(of_phandle(&c, "/chosen"), chosen);
	assert_int_equal(of_prop(&c, "/chosen", "bootargs"), 6);
	assert_memory_equal(c.vm.memory + OF_BUFFER, "quiet", 6);
	assert_int_equal(of_prop(&c, "/rtas", "linux,rtas-base"), PROM_ERROR);
	assert_int_equal(boot_of(c.vm.vmm)->initrd_base, 0x800000);
	assert_int_equal(boot_of(c.vm.vmm)->initrd_size, 0x1234);
	assert_int_equal(of_prop(&c, "/chosen", "linux,initrd-start"), 4);
	assert_int_equal(vm_be32(&c.vm, OF_BUFFER), 0x800000);
	/* the terminal was opened again */
	assert_int_equal(of_prop(&c, "/chosen", "stdout"), 4);
	assert_int_equal(vm_be32(&c.vm, OF_BUFFER), 3);

	vm_reset(&c.vm); /* QEMU 7.2 keeps them even after a reset */
	assert_int_equal(of_prop(&c, "/chosen", "bootargs"), 6);
	assert_int_equal(of_prop(&c, "/chosen", "stdout"), 4);
	assert_int_equal(vm_be32(&c.vm, OF_BUFFER), 1);
	assert_int_equal(boot_of(c.vm.vmm)->initrd_size, 0);
	vm_end(&c.vm);
}

TEST(negotiation_that_fails)
{
	struct client c;
	uint32_t root;

	of_start(&c, NULL);
	root = OF(&c, "open", of_str(&c, "/"));
	assert_int_equal(OF(&c, "call-method",
			    of_str(&c, "ibm,client-architecture-support"), root,
			    OF_MEMORY),
			 (uint32_t)H_PARAMETER);
	/* the missing vector is at 0 */
	assert_int_not_equal(OF(&c, "call-method",
				of_str(&c, "ibm,client-architecture-support"), root),
			     0);
	assert_int_equal(
		OF(&c, "call-method", of_str(&c, "ibm,client-architecture-support")),
		PROM_ERROR);
	assert_int_equal(OF(&c, "call-method", of_str(&c, "instantiate-rtas"),
			    OF(&c, "open", of_str(&c, "/rtas")), OF_BUFFER),
			 PROM_ERROR);
	assert_int_not_equal(of_phandle(&c, "/chosen"), PROM_ERROR);
	vm_end(&c.vm);
}

TEST(the_tree_grows_until_it_is_full)
{
	static const uint8_t value[2048];
	struct client c;
	uint32_t n, ret;
	size_t size;
	char name[32];

	of_start(&c, NULL);
	for (n = 0;; n++) {
		snprintf(name, sizeof(name), "property-%u", (unsigned int)n);
		ret = of_set(&c, "/chosen", name, value, sizeof(value));
		if (ret == PROM_ERROR)
			break;
		assert_int_equal(ret, sizeof(value));
	}
	assert_uint_in_range(n, VOF_ROOM / sizeof(value) - 20,
			     VOF_ROOM / sizeof(value) + 40);
	assert_int_equal(fdt_check_full(papr_vmm_fdt(c.vm.vmm, &size), size), 0);
	/* the machine's own values do not fit either: no error */
	assert_int_equal(OF(&c, "claim", 0, 1, 1), 0x10000);

	of_call(&c, "quiesce", 0, 0, NULL);
	assert_int_equal(fdt_check_full(papr_vmm_fdt(c.vm.vmm, &size), size), 0);
	assert_int_equal(tree_of(c.vm.vmm)->size, size);
	assert_true(tree_of(c.vm.vmm)->initial_size < size);
	assert_int_equal(of_set(&c, "/chosen", "late", value, 1), PROM_ERROR);
	assert_int_equal(of_set(&c, "/chosen", "property-0", value, 2048), 2048);
	assert_int_equal(cas(&c), 0); /* a new tree has space again */
	assert_int_equal(of_set(&c, "/chosen", "late", value, 1), 1);
	vm_end(&c.vm);
}

/* The client's own tree, of the largest size that is accepted. */
static void store_largest(struct client *c)
{
	enum { AT = 0x100000 };
	uint64_t args[PAPR_HCALL_ARGS] = { AT };
	struct fdt_out out;
	size_t size;
	void *fdt;

	fdt_out_begin(&out);
	fdt_out_node(&out, "%s", "");
	fdt_out_node(&out, "chosen");
	fdt_out_u32(&out, "phandle", 1);
	fdt_out_node_end(&out);
	fdt_out_node_end(&out);
	assert_int_equal(fdt_out_end(&out, &fdt, &size), 0);
	memcpy(c->vm.memory + AT, fdt, size);
	free(fdt);
	vm_put_be32(&c->vm, AT + 4, (uint32_t)(2 * tree_of(c->vm.vmm)->initial_size));
	assert_int_equal(papr_vmm_hcall(c->vm.vmm, c->vm.cpu, KVMPPC_H_UPDATE_DT, args),
			 H_SUCCESS);
}

/* A client that fills it and then closes it cannot store a larger one. */
TEST(a_tree_that_would_grow)
{
	static const uint8_t value[2048];
	struct client c;
	size_t initial;
	char name[32];

	of_start(&c, NULL);
	initial = tree_of(c.vm.vmm)->initial_size;
	for (int round = 0; round < 4; round++) {
		uint32_t n = 0;

		store_largest(&c);
		do
			snprintf(name, sizeof(name), "property-%u", (unsigned int)n++);
		while (of_set(&c, "/chosen", name, value, sizeof(value)) != PROM_ERROR);
		of_call(&c, "quiesce", 0, 0, NULL);
		assert_true(tree_of(c.vm.vmm)->initial_size <= initial);
	}
	vm_end(&c.vm);
}

TEST(empty_and_long_values)
{
	static const uint8_t long_value[2049];
	struct client c;

	of_start(&c, NULL);
	assert_int_equal(of_set(&c, "/chosen", "empty", "", 0), 0);
	assert_int_equal(of_set(&c, "/chosen", "long", long_value, sizeof(long_value)),
			 PROM_ERROR);
	vm_end(&c.vm);
}

/* ---- Instances ---- */

TEST(the_terminal)
{
	struct client c;
	uint32_t other;

	of_start(&c, NULL);
	memcpy(c.vm.memory + OF_BUFFER, "Hello", 5);
	assert_int_equal(OF(&c, "write", 1, OF_BUFFER, 5), 5);
	assert_string_equal(c.vm.console, "Hello");
	other = OF(&c, "open", of_str(&c, "/chosen"));
	assert_int_equal(OF(&c, "write", other, OF_BUFFER, 5), 5);
	assert_string_equal(c.vm.console, "Hello");
	assert_int_equal(OF(&c, "write", 1, OF_MEMORY - 3, 5), PROM_ERROR);
	assert_int_equal(OF(&c, "write", 1, OF_BUFFER, UINT32_MAX), 65536);
	vm_end(&c.vm);
}

TEST(no_terminal)
{
	struct papr_config config = of_config();
	struct client c;

	config.no_vty = true;
	of_start(&c, &config);
	assert_int_equal(of_prop(&c, "/chosen", "stdout"), PROM_ERROR);
	assert_int_equal(OF(&c, "open", of_str(&c, "/")), 1);
	vm_end(&c.vm);
}

TEST(instances_are_limited)
{
	struct client c;
	uint32_t n = 1, ih;

	of_start(&c, NULL);
	while ((ih = OF(&c, "open", of_str(&c, "/"))) != PROM_ERROR)
		assert_int_equal(ih, ++n);
	assert_int_equal(n, VOF_INSTANCES);
	assert_int_equal(OF(&c, "instance-to-package", 7), 0x1112);
	of_call(&c, "close", 0, 1, (uint32_t[]){ 7 });
	of_call(&c, "close", 0, 1, (uint32_t[]){ 7 });
	assert_int_equal(c.r3, H_SUCCESS);
	assert_int_equal(OF(&c, "instance-to-package", 7), PROM_ERROR);
	assert_int_equal(OF(&c, "instance-to-path", 7, OF_BUFFER, 9), PROM_ERROR);
	assert_int_equal(OF(&c, "open", of_str(&c, "/")), n + 1); /* none twice */
	assert_int_equal(OF(&c, "instance-to-package", n + 1), 0x1112);
	/* the terminal cannot be opened again, so the old one stays */
	of_call(&c, "close", 0, 1, (uint32_t[]){ 9 });
	assert_int_equal(cas(&c), 0);
	assert_int_equal(of_prop(&c, "/chosen", "stdout"), 4);
	assert_int_equal(vm_be32(&c.vm, OF_BUFFER), 1);
	vm_end(&c.vm);
}

/* ---- Other services ---- */

TEST(pause_and_time)
{
	struct client c;
	uint32_t ms;

	of_start(&c, NULL);
	ms = of_call(&c, "milliseconds", 1, 0, NULL);
	assert_int_equal(of_call(&c, "milliseconds", 1, 0, NULL), ms + 1000);
	of_call(&c, "exit", 0, 0, NULL);
	assert_int_equal(c.r3, H_SUCCESS);
	assert_notes(&c.vm, "STOP\n");
	vm_end(&c.vm);
}
