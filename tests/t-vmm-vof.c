// SPDX-License-Identifier: GPL-2.0-or-later
/* The client interface of a machine with x-vof, beyond what was recorded. */
#include <libfdt.h>

#include "tests/vmm_machine.h"
#include "vmm/hcall.h"
#include "vmm/vof.h"
#include "wire/cas.h"

enum {
	MEMORY = 16 << 20,
	BLOCK = 0x20000,
	STRINGS = 0x21000,
	BUFFER = 0x30000,
	BUFFER_BYTES = 0x1000,
	FIRMWARE_BYTES = 0x174,
};

#define PROM_ERROR UINT32_MAX

struct client {
	struct vm vm;
	uint64_t strings; /* where the next one goes */
	int64_t r3;
	uint32_t rets[10];
};

static struct papr_config vof_config(void)
{
	struct papr_config config = vm_config;

	config.max_ram_bytes = 0;
	config.mem_slots = 0;
	config.vof = true;
	config.firmware_bytes = FIRMWARE_BYTES;
	return config;
}

static void start(struct client *c, const struct papr_config *config)
{
	struct papr_config plain = vof_config();

	*c = (struct client){ .strings = STRINGS };
	vm_begin_with(&c->vm, config ? config : &plain, MEMORY);
	vm_reset(&c->vm);
	vm_notes(&c->vm);
}

/* A string in the client's memory. */
static uint32_t str(struct client *c, const char *text)
{
	uint64_t at = c->strings;

	memcpy(c->vm.memory + at, text, strlen(text) + 1);
	c->strings += strlen(text) + 1;
	assert_true(c->strings < BUFFER);
	return (uint32_t)at;
}

static int64_t call_block(struct client *c, uint64_t addr)
{
	uint64_t args[PAPR_HCALL_ARGS] = { addr };

	return papr_vmm_hcall(c->vm.vmm, KVMPPC_H_OF_CLIENT, args);
}

static uint32_t call(struct client *c, const char *service, uint32_t nret, uint32_t nargs,
		     const uint32_t *args)
{
	vm_put_be32(&c->vm, BLOCK, str(c, service));
	vm_put_be32(&c->vm, BLOCK + 4, nargs);
	vm_put_be32(&c->vm, BLOCK + 8, nret);
	for (uint32_t i = 0; i < nargs; i++)
		vm_put_be32(&c->vm, BLOCK + 12 + 4 * i, args[i]);
	c->r3 = call_block(c, BLOCK);
	for (uint32_t i = 0; i < nret; i++)
		c->rets[i] = vm_be32(&c->vm, BLOCK + 12 + 4 * (nargs + i));
	c->strings = STRINGS;
	return c->rets[0];
}

/* One result. */
#define OF(c, service, ...)                                          \
	call(c, service, 1, sizeof((uint32_t[]){ __VA_ARGS__ }) / 4, \
	     (uint32_t[]){ __VA_ARGS__ })

static uint32_t phandle(struct client *c, const char *path)
{
	return OF(c, "finddevice", str(c, path));
}

/* The value in c->vm.memory + BUFFER; its length or PROM_ERROR. */
static uint32_t prop(struct client *c, const char *path, const char *name)
{
	uint32_t ph = phandle(c, path);

	memset(c->vm.memory + BUFFER, 0xee, BUFFER_BYTES);
	return OF(c, "getprop", ph, str(c, name), BUFFER, BUFFER_BYTES);
}

static uint32_t set(struct client *c, const char *path, const char *name,
		    const void *value, uint32_t len)
{
	uint32_t ph = phandle(c, path);

	memcpy(c->vm.memory + BUFFER, value, len < BUFFER_BYTES ? len : BUFFER_BYTES);
	return OF(c, "setprop", ph, str(c, name), BUFFER, len);
}

static uint64_t be64(struct client *c, uint64_t at)
{
	return (uint64_t)vm_be32(&c->vm, at) << 32 | vm_be32(&c->vm, at + 4);
}

/* "/memory@0/available" as text: "start+size ...". */
static const char *available(struct client *c)
{
	static char text[4096];
	uint32_t len = prop(c, "/memory@0", "available");
	size_t n = 0;

	assert_true(len != PROM_ERROR && len % 16 == 0);
	for (uint32_t i = 0; i < len && i < BUFFER_BYTES; i += 16)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%s%llx+%llx",
				      i ? " " : "",
				      (unsigned long long)be64(c, BUFFER + i),
				      (unsigned long long)be64(c, BUFFER + i + 8));
	return text;
}

/* ---- The call itself ---- */

static void only_with_x_vof(void **state)
{
	struct client c = { 0 };
	struct papr_entry entry;

	(void)state;
	vm_start(&c.vm, NULL);
	assert_int_equal(call_block(&c, BLOCK), H_FUNCTION);
	assert_false(papr_vmm_entry(c.vm.vmm, &entry));
	vm_end(&c.vm);
}

static void counts(void **state)
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

	(void)state;
	start(&c, NULL);
	for (size_t i = 0; i < COUNT(services) * COUNT(numbers) * COUNT(numbers); i++) {
		uint32_t nargs = numbers[i % COUNT(numbers)];
		uint32_t nret = numbers[i / COUNT(numbers) % COUNT(numbers)];
		const char *service = services[i / COUNT(numbers) / COUNT(numbers)];
		bool ok = nargs < 10 && nret <= 10 - nargs;

		c.strings = STRINGS;
		memset(c.vm.memory + BLOCK, 0, 64);
		vm_put_be32(&c.vm, BLOCK, str(&c, service));
		vm_put_be32(&c.vm, BLOCK + 4, nargs);
		vm_put_be32(&c.vm, BLOCK + 8, nret);
		assert_int_equal(call_block(&c, BLOCK | 0xf000000000000000),
				 ok ? H_SUCCESS : H_PARAMETER);
	}
	vm_end(&c.vm);
}

static void bad_addresses(void **state)
{
	struct client c;

	(void)state;
	start(&c, NULL);
	for (uint64_t left = 0; left < 52; left++)
		assert_int_equal(call_block(&c, MEMORY - left), H_PARAMETER);
	assert_int_equal(call_block(&c, UINT64_MAX), H_PARAMETER);

	/* a string may end where memory does */
	memcpy(c.vm.memory + MEMORY - 5, "peer", 5);
	vm_put_be32(&c.vm, BLOCK, MEMORY - 5);
	vm_put_be32(&c.vm, BLOCK + 4, 1);
	vm_put_be32(&c.vm, BLOCK + 8, 1);
	vm_put_be32(&c.vm, BLOCK + 12, 0);
	assert_int_equal(call_block(&c, BLOCK), H_SUCCESS);
	assert_int_equal(vm_be32(&c.vm, BLOCK + 16), 0x1112);
	c.vm.memory[MEMORY - 1] = 'x';
	assert_int_equal(call_block(&c, BLOCK), H_PARAMETER);

	assert_int_equal(OF(&c, "finddevice", MEMORY - 1), PROM_ERROR);
	assert_int_equal(OF(&c, "getprop", 0x1112, str(&c, "model"), MEMORY - 1, 2),
			 PROM_ERROR);
	assert_int_equal(OF(&c, "nextprop", 0x1112, str(&c, ""), MEMORY), PROM_ERROR);
	assert_int_equal(OF(&c, "setprop", 0x1112, str(&c, "x"), MEMORY, 1), PROM_ERROR);
	assert_int_equal(OF(&c, "package-to-path", 0x1114, MEMORY, 9), PROM_ERROR);
	vm_end(&c.vm);
}

/* ---- Nodes and properties ---- */

static void paths(void **state)
{
	struct client c;
	uint32_t vty;

	(void)state;
	start(&c, NULL);
	vty = phandle(&c, "/vdevice/vty@71000000");
	assert_int_not_equal(vty, PROM_ERROR);
	assert_int_equal(phandle(&c, "/vdevice/vty"), vty);
	assert_int_equal(phandle(&c, "//vdevice///vty"), vty);
	assert_int_equal(phandle(&c, "/VDEVICE/vty"), PROM_ERROR);
	assert_int_equal(OF(&c, "open", str(&c, "/vdevice/vty@71000000:0")), PROM_ERROR);
	/* unit addresses only are of either case */
	assert_int_equal(phandle(&c, "/pci@800000020000000"), phandle(&c, "/pci"));
	/* the NUL counts, in QEMU */
	memset(c.vm.memory + BUFFER, 0xee, 32);
	assert_int_equal(OF(&c, "package-to-path", vty, BUFFER, 10), 22);
	assert_memory_equal(c.vm.memory + BUFFER, "/vdevice/v\xee", 11);
	assert_int_equal(OF(&c, "package-to-path", 0x1112, BUFFER, 10), 2);
	assert_memory_equal(c.vm.memory + BUFFER, "/", 2);
	assert_int_equal(prop(&c, "/", "name"), 1);
	vm_end(&c.vm);
}

/* A walk over everything comes back. */
static void every_node_has_a_phandle_of_its_own(void **state)
{
	struct client c;
	uint32_t node, next, seen = 0;

	(void)state;
	start(&c, NULL);
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
	struct builder b = builder_of(c->vm.memory + BUFFER, BUFFER_BYTES);

	cas_put_pvrs(&b, &pvr, 1);
	cas_put_count(&b, 5);
	cas_put_vector(&b, v1, sizeof(v1));
	for (int i = 2; i < 5; i++)
		cas_put_vector(&b, none, sizeof(none));
	cas_put_vector(&b, v5, sizeof(v5));
	assert_true(builder_fits(&b));
}

static uint32_t cas(struct client *c)
{
	uint32_t root = OF(c, "open", str(c, "/"));
	const uint32_t args[] = { str(c, "ibm,client-architecture-support"), root,
				  BUFFER };

	put_vectors(c);
	call(c, "call-method", 2, 3, args);
	assert_int_equal(c->rets[1], 0);
	return c->rets[0];
}

static void what_survives_negotiation(void **state)
{
	struct client c;
	uint32_t chosen;

	(void)state;
	start(&c, NULL);
	chosen = phandle(&c, "/chosen");
	assert_int_equal(set(&c, "/chosen", "bootargs", "quiet again", 5), 5);
	assert_int_equal(set(&c, "/chosen", "linux,initrd-start", "\0\x80\0\0", 4), 4);
	assert_int_equal(
		set(&c, "/chosen", "linux,initrd-end", "\0\0\0\0\0\x80\x12\x34", 8), 8);
	assert_int_equal(set(&c, "/chosen", "linux,initrd-end", "123", 3), PROM_ERROR);
	assert_int_equal(set(&c, "/rtas", "linux,rtas-base", "1234", 4), 4);
	assert_int_equal(set(&c, "/cpus", "linux,initrd-end", "123", 3), 3);
	/* as set, without NUL */
	assert_int_equal(prop(&c, "/chosen", "bootargs"), 5);

	assert_int_equal(cas(&c), 0);
	assert_int_equal(c.vm.vmm->ov5[5], 0x04);
	assert_int_equal(phandle(&c, "/chosen"), chosen);
	assert_int_equal(prop(&c, "/chosen", "bootargs"), 6);
	assert_memory_equal(c.vm.memory + BUFFER, "quiet", 6);
	assert_int_equal(prop(&c, "/rtas", "linux,rtas-base"), PROM_ERROR);
	assert_int_equal(c.vm.vmm->boot.initrd_base, 0x800000);
	assert_int_equal(c.vm.vmm->boot.initrd_size, 0x1234);
	assert_int_equal(prop(&c, "/chosen", "linux,initrd-start"), 4);
	assert_int_equal(vm_be32(&c.vm, BUFFER), 0x800000);
	/* the terminal was opened anew */
	assert_int_equal(prop(&c, "/chosen", "stdout"), 4);
	assert_int_equal(vm_be32(&c.vm, BUFFER), 3);

	vm_reset(&c.vm); /* QEMU 7.2 keeps them even then */
	assert_int_equal(prop(&c, "/chosen", "bootargs"), 6);
	assert_int_equal(prop(&c, "/chosen", "stdout"), 4);
	assert_int_equal(vm_be32(&c.vm, BUFFER), 1);
	assert_int_equal(c.vm.vmm->boot.initrd_size, 0);
	vm_end(&c.vm);
}

static void negotiation_that_fails(void **state)
{
	struct client c;
	uint32_t root;

	(void)state;
	start(&c, NULL);
	root = OF(&c, "open", str(&c, "/"));
	assert_int_equal(OF(&c, "call-method", str(&c, "ibm,client-architecture-support"),
			    root, MEMORY),
			 (uint32_t)H_PARAMETER);
	/* the vector that was not given is at 0 */
	assert_int_not_equal(
		OF(&c, "call-method", str(&c, "ibm,client-architecture-support"), root),
		0);
	assert_int_equal(
		OF(&c, "call-method", str(&c, "ibm,client-architecture-support")),
		PROM_ERROR);
	assert_int_equal(OF(&c, "call-method", str(&c, "instantiate-rtas"),
			    OF(&c, "open", str(&c, "/rtas")), BUFFER),
			 PROM_ERROR);
	assert_int_not_equal(phandle(&c, "/chosen"), PROM_ERROR);
	vm_end(&c.vm);
}

static void the_tree_grows_until_it_is_full(void **state)
{
	static const uint8_t value[2048];
	struct client c;
	uint32_t n, ret;
	size_t size;
	char name[32];

	(void)state;
	start(&c, NULL);
	for (n = 0;; n++) {
		snprintf(name, sizeof(name), "property-%u", (unsigned int)n);
		ret = set(&c, "/chosen", name, value, sizeof(value));
		if (ret == PROM_ERROR)
			break;
		assert_int_equal(ret, sizeof(value));
	}
	assert_in_range(n, VOF_ROOM / sizeof(value) - 20, VOF_ROOM / sizeof(value) + 40);
	assert_int_equal(fdt_check_full(papr_vmm_fdt(c.vm.vmm, &size), size), 0);
	/* what the machine itself has to say does not fit either: no harm */
	assert_int_equal(OF(&c, "claim", 0, 1, 1), 0x10000);

	call(&c, "quiesce", 0, 0, NULL);
	assert_int_equal(fdt_check_full(papr_vmm_fdt(c.vm.vmm, &size), size), 0);
	assert_int_equal(c.vm.vmm->tree.initial_size, size);
	assert_int_equal(set(&c, "/chosen", "late", value, 1), PROM_ERROR);
	assert_int_equal(set(&c, "/chosen", "property-0", value, 2048), 2048);
	assert_int_equal(cas(&c), 0); /* a new tree has room again */
	assert_int_equal(set(&c, "/chosen", "late", value, 1), 1);
	vm_end(&c.vm);
}

static void empty_and_long_values_are_refused(void **state)
{
	static const uint8_t long_value[2049];
	struct client c;

	(void)state;
	start(&c, NULL);
	assert_int_equal(set(&c, "/chosen", "empty", "", 0), PROM_ERROR);
	assert_int_equal(set(&c, "/chosen", "long", long_value, sizeof(long_value)),
			 PROM_ERROR);
	vm_end(&c.vm);
}

/* ---- Instances ---- */

static void the_terminal(void **state)
{
	struct client c;
	uint32_t other;

	(void)state;
	start(&c, NULL);
	memcpy(c.vm.memory + BUFFER, "Hello", 5);
	assert_int_equal(OF(&c, "write", 1, BUFFER, 5), 5);
	assert_string_equal(c.vm.console, "Hello");
	other = OF(&c, "open", str(&c, "/chosen"));
	assert_int_equal(OF(&c, "write", other, BUFFER, 5), 5);
	assert_string_equal(c.vm.console, "Hello");
	assert_int_equal(OF(&c, "write", 1, MEMORY - 3, 5), PROM_ERROR);
	assert_int_equal(OF(&c, "write", 1, BUFFER, UINT32_MAX), 65536);
	vm_end(&c.vm);
}

static void no_terminal(void **state)
{
	struct papr_config config = vof_config();
	struct client c;

	(void)state;
	config.no_vty = true;
	start(&c, &config);
	assert_int_equal(prop(&c, "/chosen", "stdout"), PROM_ERROR);
	assert_int_equal(OF(&c, "open", str(&c, "/")), 1);
	vm_end(&c.vm);
}

static void instances_are_limited(void **state)
{
	struct client c;
	uint32_t n = 1, ih;

	(void)state;
	start(&c, NULL);
	while ((ih = OF(&c, "open", str(&c, "/"))) != PROM_ERROR)
		assert_int_equal(ih, ++n);
	assert_int_equal(n, VOF_INSTANCES);
	assert_int_equal(OF(&c, "instance-to-package", 7), 0x1112);
	call(&c, "close", 0, 1, (uint32_t[]){ 7 });
	call(&c, "close", 0, 1, (uint32_t[]){ 7 });
	assert_int_equal(c.r3, H_SUCCESS);
	assert_int_equal(OF(&c, "instance-to-package", 7), PROM_ERROR);
	assert_int_equal(OF(&c, "instance-to-path", 7, BUFFER, 9), PROM_ERROR);
	assert_int_equal(OF(&c, "open", str(&c, "/")), n + 1); /* none twice */
	assert_int_equal(OF(&c, "instance-to-package", n + 1), 0x1112);
	/* the terminal cannot be opened anew, so it stays the old one */
	call(&c, "close", 0, 1, (uint32_t[]){ 9 });
	assert_int_equal(cas(&c), 0);
	assert_int_equal(prop(&c, "/chosen", "stdout"), 4);
	assert_int_equal(vm_be32(&c.vm, BUFFER), 1);
	vm_end(&c.vm);
}

/* ---- Memory ---- */

static void claims(void **state)
{
	struct client c;

	(void)state;
	start(&c, NULL);
	assert_string_equal(available(&c), "174+7e8c 10000+3fff0000");
	assert_int_equal(OF(&c, "claim", 0, 0x1800, 0x1000), 0x10000);
	assert_int_equal(OF(&c, "claim", 0, 0x1000, 0x1000), 0x12000);
	assert_string_equal(available(&c), "174+7e8c 10000+0 11800+800 13000+3ffed000");
	/* what is in the way is stepped over, and the start stays aligned */
	assert_int_equal(OF(&c, "claim", 0x14800, 0x800, 0), 0x14800);
	assert_int_equal(OF(&c, "claim", 0x15000, 1, 0), 0x15000);
	assert_int_equal(OF(&c, "claim", 0, 0x1800, 0x1000), 0x16000);
	assert_int_equal(OF(&c, "claim", 0x14000, 0x801, 0), PROM_ERROR);
	assert_int_equal(OF(&c, "claim", 0x14fff, 1, 0), PROM_ERROR);
	call(&c, "release", 0, 2, (uint32_t[]){ 0x14800, 0x800 });
	assert_int_equal(OF(&c, "claim", 0x14fff, 1, 0), 0x14fff);
	/* even the firmware can be given up; QEMU 7.2 ends here */
	call(&c, "release", 0, 2, (uint32_t[]){ 0, FIRMWARE_BYTES });
	assert_int_equal(strncmp(available(&c), "0+8000 ", 7), 0);
	vm_end(&c.vm);
}

static void claims_that_fail(void **state)
{
	static const uint32_t rows[][3] = {
		{ 0, 0, 0 },
		{ 0, 0, 0x1000 },
		{ 0, 1, 3 },
		{ 0, 1, 0xfffff000 },
		{ 0, 0x40000000, 0x1000 },
		{ 0, 0xffffffff, 1 },
		{ 0, 1, 0x80000000 },
		{ 0x40000000, 1, 0 }, /* behind memory */
		{ 0x3fffffff, 2, 0 },
		{ 0xfffff000, 0x1000, 0 },
		{ 0xfffff000, 0x2000, 0 },
		{ 0, 0xffffffff, 0 },
		{ 0x10000, 0xffffffff, 0 },
	};
	struct client c;

	(void)state;
	start(&c, NULL);
	for (size_t i = 0; i < COUNT(rows); i++)
		assert_int_equal(OF(&c, "claim", rows[i][0], rows[i][1], rows[i][2]),
				 PROM_ERROR);
	/* and change nothing */
	assert_int_equal(OF(&c, "claim", 0, 0x1000, 0x1000), 0x10000);
	assert_int_equal(OF(&c, "claim", 0x3ffff000, 0x1000, 0), 0x3ffff000);
	assert_string_equal(available(&c), "174+7e8c 10000+0 11000+3ffee000 40000000+0");
	vm_end(&c.vm);
}

/* QEMU 7.2 aborts on the second one. */
static void claims_above_2_gib(void **state)
{
	struct papr_config config = vof_config();
	struct client c;

	(void)state;
	config.ram_bytes = 8ULL << 30;
	start(&c, &config);
	assert_int_equal(OF(&c, "claim", 0x7fffffff, 1, 0), 0x7fffffff);
	assert_int_equal(OF(&c, "claim", 0x80000000, 0x1000, 0), 0x80000000);
	assert_int_equal(OF(&c, "claim", 0xfffff000, 0x1000, 0), 0xfffff000);
	assert_int_equal(OF(&c, "claim", 0, 0x1000, 0x1000), PROM_ERROR); /* the top */
	assert_string_equal(available(&c),
			    "174+7e8c 10000+7ffeffff 80000000+0 80001000+7fffe000 "
			    "100000000+100000000");
	vm_end(&c.vm);
}

static void many_claims(void **state)
{
	struct vof_claims all = { 0 };

	(void)state;
	vof_claims_reset(&all, 1 << 20);
	for (uint64_t i = 0; i < VOF_CLAIMS; i++)
		assert_int_equal(vof_claim(&all, 0, 1, 1), i);
	assert_int_equal(vof_claim(&all, 0, 1, 1), VOF_NO_CLAIM);
	for (uint64_t i = 0; i < VOF_CLAIMS; i += 2)
		assert_true(vof_release(&all, i, 1));
	assert_false(vof_release(&all, 0, 1));
	assert_int_equal(all.n, VOF_CLAIMS / 2);
	for (uint64_t i = 0; i < VOF_CLAIMS; i += 2)
		assert_int_equal(vof_claim(&all, i, 1, 0), i);
	for (size_t i = 0; i < all.n; i++)
		assert_int_equal(all.all[i].start, i);
	vof_claims_free(&all);
}

/* The last megabyte has one claim, everything before it is stepped over at once. */
static void a_long_step(void **state)
{
	struct vof_claims all = { 0 };

	(void)state;
	vof_claims_reset(&all, 1ULL << 32);
	assert_int_equal(vof_claim(&all, 0, (1ULL << 32) - 3, 0), 0);
	all.base = 0;
	assert_int_equal(vof_claim(&all, 0, 1, 1), (1ULL << 32) - 3);
	assert_int_equal(vof_claim(&all, 0, 4, 4), VOF_NO_CLAIM);
	vof_claims_free(&all);
}

/* ---- Kernel and initrd ---- */

struct image {
	uint8_t bytes[0x3000];
	size_t len;
	bool le, is32;
};

static void put(struct image *image, size_t at, unsigned int bytes, uint64_t value)
{
	for (unsigned int i = 0; i < bytes; i++)
		image->bytes[at + (image->le ? i : bytes - 1 - i)] =
			(uint8_t)(value >> 8 * i);
}

static void put_segment(struct image *image, unsigned int n, uint64_t addr,
			uint64_t offset, uint64_t file_size, uint64_t size)
{
	if (image->is32) {
		const uint64_t words[] = { 1, offset, addr, addr, file_size, size };

		for (unsigned int i = 0; i < COUNT(words); i++)
			put(image, 52 + 32 * n + 4 * i, 4, words[i]);
	} else {
		const uint64_t words[] = { offset, addr, addr, file_size, size };

		put(image, 64 + 56 * n, 4, 1);
		for (unsigned int i = 0; i < COUNT(words); i++)
			put(image, 64 + 56 * n + 8 + 8 * i, 8, words[i]);
	}
}

/* Two segments: 0x1000 bytes of 'A' with as many zeroes behind, and 0x800 bytes of 'B'
 * 0x4000 behind the start. */
static struct image elf_image(bool is32, bool le)
{
	struct image image = { .is32 = is32, .le = le, .len = 0x2800 };
	uint64_t base = is32 ? 0 : 0xc000000000000000;

	memcpy(image.bytes, "\177ELF", 4);
	image.bytes[4] = is32 ? 1 : 2;
	image.bytes[5] = le ? 1 : 2;
	image.bytes[6] = 1;
	put(&image, 16, 2, 2);
	put(&image, 18, 2, is32 ? 20 : 21);
	if (is32) {
		put(&image, 28, 4, 52);
		put(&image, 42, 2, 32);
		put(&image, 44, 2, 2);
	} else {
		put(&image, 32, 8, 64);
		put(&image, 54, 2, 56);
		put(&image, 56, 2, 2);
	}
	put_segment(&image, 0, base, 0x1000, 0x1000, 0x2000);
	put_segment(&image, 1, base + 0x4000, 0x2000, 0x800, 0x800);
	memset(image.bytes + 0x1000, 'A', 0x1000);
	memset(image.bytes + 0x2000, 'B', 0x800);
	return image;
}

static void kernels(void **state)
{
	(void)state;
	for (int kind = 0; kind < 4; kind++) {
		struct image image = elf_image(kind & 1, kind & 2);
		struct papr_config config = vof_config();
		struct papr_entry entry;
		struct client c;

		config.kernel = image.bytes;
		config.kernel_bytes = image.len;
		config.initrd = "initrd";
		config.initrd_bytes = 6;
		config.bootargs = "root=x";
		start(&c, &config);
		assert_memory_equal(c.vm.memory + 0x400000, "AAAA", 4);
		assert_int_equal(c.vm.memory[0x401fff], 0);
		assert_memory_equal(c.vm.memory + 0x404000, "BBBB", 4);
		assert_memory_equal(c.vm.memory + 0x420000, "initrd", 6);
		assert_string_equal(available(&c),
				    "174+7e8c 10000+3f0000 404800+1b800 420006+3fbdfffa");
		assert_int_equal(prop(&c, "/chosen", "qemu,boot-kernel"), 16);
		assert_int_equal(be64(&c, BUFFER), 0x400000);
		assert_int_equal(be64(&c, BUFFER + 8), 0x4800);
		assert_int_equal(prop(&c, "/chosen", "qemu,boot-kernel-le"),
				 image.le ? 0 : PROM_ERROR);
		assert_int_equal(prop(&c, "/chosen", "bootargs"), 7);
		assert_true(papr_vmm_entry(c.vm.vmm, &entry));
		assert_int_equal(entry.pc, 0x100);
		assert_int_equal(entry.r1, 0xffe0);
		assert_int_equal(entry.r3, 0x420000);
		assert_int_equal(entry.r4, 6);

		/* a reset puts everything there again */
		memset(c.vm.memory + 0x400000, 0x55, 0x30000);
		vm_reset(&c.vm);
		assert_memory_equal(c.vm.memory + 0x400000, "AAAA", 4);
		assert_int_equal(c.vm.memory[0x401fff], 0);
		assert_memory_equal(c.vm.memory + 0x420000, "initrd", 6);
		assert_int_equal(strncmp(available(&c), "174+7e8c 10000+3f0000 ", 22), 0);
		vm_end(&c.vm);
	}
}

static void plain_kernels(void **state)
{
	struct papr_config config = vof_config();
	struct client c;

	(void)state;
	config.kernel = "kernel";
	config.kernel_bytes = 6;
	start(&c, &config);
	assert_memory_equal(c.vm.memory + 0x400000, "kernel", 6);
	assert_string_equal(available(&c), "174+7e8c 10000+3f0000 400006+3fbffffa");
	vm_end(&c.vm);
}

static int reset_with(const void *kernel, size_t len)
{
	struct papr_config config = vof_config();
	struct vm vm;
	int err;

	config.kernel = kernel;
	config.kernel_bytes = len;
	vm_begin_with(&vm, &config, MEMORY);
	err = papr_vmm_reset(vm.vmm);
	vm_end(&vm);
	return err;
}

static void damaged_kernels(void **state)
{
	struct image good = elf_image(false, false), image = good;

	(void)state;
	assert_int_equal(reset_with(image.bytes, image.len), 0);
	put(&image, 18, 2, 62); /* x86-64 */
	assert_int_equal(reset_with(image.bytes, image.len), -EINVAL);
	image = good;
	put(&image, 56, 2, 0); /* no segments */
	assert_int_equal(reset_with(image.bytes, image.len), -EINVAL);
	image = good;
	put_segment(&image, 1, 0, UINT64_MAX - 4, 8, 8);
	assert_int_equal(reset_with(image.bytes, image.len), -EINVAL);
	put_segment(&image, 1, 0, 0x2000, 9, 8);
	assert_int_equal(reset_with(image.bytes, image.len), -EINVAL);
	put_segment(&image, 1, 0, 0x2000, 8, UINT64_MAX);
	assert_int_equal(reset_with(image.bytes, image.len), -EFAULT);
	put_segment(&image, 1, MEMORY, 0x2000, 8, 8);
	assert_int_equal(reset_with(image.bytes, image.len), -EFAULT);

	for (size_t len = 1; len < good.len; len += 61) {
		void *copy = exact_copy(good.bytes, len);

		reset_with(copy, len);
		free(copy);
	}
}

/* ---- The rest ---- */

static void pause_and_time(void **state)
{
	struct client c;
	uint32_t ms;

	(void)state;
	start(&c, NULL);
	ms = call(&c, "milliseconds", 1, 0, NULL);
	assert_int_equal(call(&c, "milliseconds", 1, 0, NULL), ms + 1000);
	call(&c, "exit", 0, 0, NULL);
	assert_int_equal(c.r3, H_SUCCESS);
	assert_notes(&c.vm, "STOP\n");
	vm_end(&c.vm);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(only_with_x_vof),
	cmocka_unit_test(counts),
	cmocka_unit_test(bad_addresses),
	cmocka_unit_test(paths),
	cmocka_unit_test(every_node_has_a_phandle_of_its_own),
	cmocka_unit_test(what_survives_negotiation),
	cmocka_unit_test(negotiation_that_fails),
	cmocka_unit_test(the_tree_grows_until_it_is_full),
	cmocka_unit_test(empty_and_long_values_are_refused),
	cmocka_unit_test(the_terminal),
	cmocka_unit_test(no_terminal),
	cmocka_unit_test(instances_are_limited),
	cmocka_unit_test(claims),
	cmocka_unit_test(claims_that_fail),
	cmocka_unit_test(claims_above_2_gib),
	cmocka_unit_test(many_claims),
	cmocka_unit_test(a_long_step),
	cmocka_unit_test(kernels),
	cmocka_unit_test(plain_kernels),
	cmocka_unit_test(damaged_kernels),
	cmocka_unit_test(pause_and_time),
};

RUN(tests)
