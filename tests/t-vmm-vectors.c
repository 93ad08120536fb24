// SPDX-License-Identifier: GPL-2.0-or-later
/* QEMU 7.2's answers to hypercalls, vector by vector (tests/vectors): the private ones,
 * and services of the client interface. The table below has the intended differences. */
#include <json-c/json.h>

#include <libfdt.h>

#include "tests/vmm_machine.h"
#include "wire/hcall.h"
#include "wire/workarea.h"

enum {
	MEMORY = 48 << 20,
	FILL = 0xee,
	/* The recorder's addresses for the parts of a client call. */
	OF_BLOCK = 0x2000000,
	OF_STRINGS = 0x2001000,
	OF_SERVICE_STEP = 0x100,
	OF_STRING_STEP = 0x200,
	OF_BLOCK_BYTES = 52,
	OF_VECTORS = 0x200a000, /* option vectors, which were not recorded */
	MAX_BYTES = 1 << 16,
};

/* Intended differences: r3 or rets[0], or the contents of memory. */
static const struct different {
	const char *id;
	const char *memory; /* NULL: as recorded */
	const char *ret;    /* NULL: as recorded */
} differences[] = {
	/* outputs that were not requested are not written */
	{ "dispatch.007", "000030000000000000000000eeeeeeee" },
	/* child of a handle that is no node */
	{ "vof.007", NULL, "0" },
	{ "vof.008", NULL, "0" },
	/* a path is truncated to the buffer */
	{ "vof.035", "2f766465" },
	/* the length that was written */
	{ "vof.042", NULL, "5" },
	/* alignment that is not a power of two; more than the size of memory */
	{ "vof.061", NULL, "ffffffff" },
	{ "vof.062", NULL, "ffffffff" },
	/* so neither is a claim */
	{ "vof.064",
	  "0000000000000174"
	  "0000000000007e8c"
	  "0000000000010000"
	  "0000000000000000"
	  "0000000000011000"
	  "0000000000000000"
	  "0000000000012000"
	  "00000000000ee000"
	  "0000000000101000"
	  "0000000003eff000"
	  "0000000004002000"
	  "000000003bffe000",
	  "60" },
	{ "vof.067",
	  "0000000000000174"
	  "0000000000007e8c"
	  "0000000000010000"
	  "0000000000000000"
	  "0000000000011000"
	  "0000000000000000"
	  "0000000000012000"
	  "00000000000ee000"
	  "0000000000101000"
	  "000000003feff000",
	  "50" },
};

static struct json_object *vectors;
static struct vm vm;
static int failed, compared;

static const struct different *difference(const char *id)
{
	for (size_t i = 0; i < COUNT(differences); i++)
		if (!strcmp(differences[i].id, id))
			return &differences[i];
	return NULL;
}

/* ---- JSON ---- */

static struct json_object *member(struct json_object *o, const char *key)
{
	struct json_object *value = NULL;

	json_object_object_get_ex(o, key, &value);
	return value;
}

static const char *text(struct json_object *o, const char *key)
{
	struct json_object *value = member(o, key);

	return value ? json_object_get_string(value) : "";
}

static size_t length(struct json_object *array)
{
	return array ? json_object_array_length(array) : 0;
}

static const char *item(struct json_object *array, size_t i)
{
	return json_object_get_string(json_object_array_get_idx(array, i));
}

static uint64_t hex(const char *digits)
{
	return strtoull(digits, NULL, 16);
}

static size_t from_hex(uint8_t *bytes, size_t size, const char *digits)
{
	size_t n = strlen(digits) / 2;

	assert_true(n <= size);
	for (size_t i = 0; i < n; i++) {
		char two[3] = { digits[2 * i], digits[2 * i + 1] };

		bytes[i] = (uint8_t)hex(two);
	}
	return n;
}

static struct json_object *scenario(const char *name)
{
	struct json_object *all = member(vectors, "scenarios");

	for (size_t i = 0; i < length(all); i++) {
		struct json_object *s = json_object_array_get_idx(all, i);

		if (!strcmp(text(s, "scenario"), name))
			return member(s, "vectors");
	}
	fail_msg("no scenario %s", name);
	return NULL;
}

/* ---- Comparing ---- */

static void differs(const char *id, const char *what)
{
	print_error("%s: %s\n", id, what);
	failed++;
}

static void compare_numbers(const char *id, const char *what, uint64_t got, uint64_t want)
{
	compared++;
	if (got == want)
		return;
	print_error("%s: %s is %" PRIx64 ", not %" PRIx64 "\n", id, what, got, want);
	failed++;
}

static void compare_bytes(const char *id, uint64_t addr, const char *digits, size_t n)
{
	static uint8_t want[MAX_BYTES];
	size_t len = from_hex(want, sizeof(want), digits);

	compared++;
	n = n < len ? n : len;
	for (size_t i = 0; i < n; i++) {
		if (vm.memory[addr + i] == want[i])
			continue;
		print_error("%s: byte 0x%zx is %02x, not %02x\n", id, i,
			    vm.memory[addr + i], want[i]);
		failed++;
		return;
	}
}

static void put_memory(struct json_object *pairs)
{
	for (size_t i = 0; i < length(pairs); i++) {
		struct json_object *pair = json_object_array_get_idx(pairs, i);

		from_hex(vm.memory + hex(item(pair, 0)), MAX_BYTES, item(pair, 1));
	}
}

/* ---- Hypercalls ---- */

static void fill_outputs(struct json_object *pairs)
{
	for (size_t i = 0; i < length(pairs); i++) {
		struct json_object *pair = json_object_array_get_idx(pairs, i);

		memset(vm.memory + hex(item(pair, 0)), FILL, strlen(item(pair, 1)) / 2);
	}
}

static uint64_t call(struct json_object *in)
{
	uint64_t args[PAPR_HCALL_ARGS] = { 0 };

	for (size_t i = 1; i < length(in); i++)
		args[i - 1] = hex(item(in, i));
	return (uint64_t)papr_vmm_hcall(vm.vmm, vm.cpu, hex(item(in, 0)), args);
}

static void replay_hcall(const char *id, struct json_object *v)
{
	struct json_object *out = member(v, "mem_out");
	const struct different *d = difference(id);

	fill_outputs(out);
	put_memory(member(v, "mem_in"));
	compare_numbers(id, "r3", call(member(v, "in")),
			(uint64_t)json_object_get_int64(member(v, "r3")));
	for (size_t i = 0; i < length(out); i++) {
		struct json_object *pair = json_object_array_get_idx(out, i);
		const char *want = d && d->memory ? d->memory : item(pair, 1);

		if (!strncmp(want, "01000000d00dfeed", 16))
			continue; /* replay_cas() */
		compare_bytes(id, hex(item(pair, 0)), want, SIZE_MAX);
	}
}

/* ---- The tree of a CAS ---- */

static bool any_order(const char *prop)
{
	return !strncmp(prop, "ibm,drc-", 8);
}

/* The bytes of a list of connectors have the same sum in any order. */
static unsigned int sum(const uint8_t *bytes, size_t len)
{
	unsigned int s = 0;

	for (size_t i = 0; i < len; i++)
		s += bytes[i];
	return s;
}

static void compare_prop(const char *id, const void *fdt, int node, const char *path,
			 const char *name, const char *digits)
{
	static uint8_t want[MAX_BYTES];
	size_t len = from_hex(want, sizeof(want), digits);
	int n;
	const uint8_t *got = fdt_getprop(fdt, node, name, &n);
	bool same;

	compared++;
	if (got && any_order(name))
		same = (size_t)n == len && sum(got, len) == sum(want, len);
	else
		same = got && (size_t)n == len && !memcmp(got, want, len);
	if (same)
		return;
	print_error("%s: %s %s\n", id, path, name);
	failed++;
}

static void compare_tree(const char *id, struct json_object *v, const void *fdt)
{
	struct json_object *nodes = member(v, "fdt"), *names = member(v, "fdt_nodes");

	for (size_t i = 0; i < length(names); i++)
		if (fdt_path_offset(fdt, item(names, i)) < 0)
			differs(id, item(names, i));
	if (!nodes)
		return;
	json_object_object_foreach(nodes, path, props)
	{
		int node = fdt_path_offset(fdt, path);

		json_object_object_foreach(props, name, value) compare_prop(
			id, fdt, node, path, name, json_object_get_string(value));
	}
}

/* From the beginning of the reply: a version, then the header, whose last word is the
 * size. */
static uint64_t recorded_struct_size(struct json_object *v)
{
	enum { DIGITS_BEFORE = 2 * (4 + 36) };
	struct json_object *pair = json_object_array_get_idx(member(v, "mem_out"), 0);
	char word[9] = { 0 };

	memcpy(word, item(pair, 1) + DIGITS_BEFORE, 8);
	return hex(word);
}

static void replay_cas(const char *id, struct json_object *v)
{
	static uint64_t tree[MAX_BYTES / sizeof(uint64_t)];
	struct json_object *in = member(v, "in");
	uint64_t reply;

	replay_hcall(id, v);
	if (hex(item(in, 0)) != KVMPPC_H_CAS || json_object_get_int(member(v, "r3")))
		return;
	reply = hex(item(in, 2));
	compare_numbers(id, "version", vm_be32(&vm, reply), 1);
	memcpy(tree, vm.memory + reply + 4, sizeof(tree)); /* aligned for libfdt */
	compare_numbers(id, "fdt_check_full",
			(uint64_t)fdt_check_full(tree, fdt_totalsize(tree)), 0);
	/* Only this field of the header: libfdt chooses the place of the strings. */
	compare_numbers(id, "bytes of structure", fdt_size_dt_struct(tree),
			recorded_struct_size(v));
	compare_tree(id, v, tree);
}

/* ---- Client interface ---- */

static const char linux_vectors[] =
	"ffff0000004e000000000000ffffffff050200ffc0230000000000000000000000000000000000"
	"000000000000000000000000000000000000000100e00100011900f00000a00500000000000000"
	"0000000000000000804040004002000002";

/* The block and its strings, in the recorder's layout. */
static void put_block(struct json_object *v)
{
	struct json_object *args = member(v, "args");
	uint64_t at = OF_STRINGS + OF_SERVICE_STEP;
	uint32_t n = (uint32_t)length(args);

	memset(vm.memory + OF_BLOCK, FILL, OF_BLOCK_BYTES);
	memcpy(vm.memory + OF_STRINGS, text(v, "service"),
	       strlen(text(v, "service")) + 1);
	vm_put_be32(&vm, OF_BLOCK, OF_STRINGS);
	vm_put_be32(&vm, OF_BLOCK + 4, n);
	vm_put_be32(&vm, OF_BLOCK + 8, (uint32_t)json_object_get_int(member(v, "nret")));
	for (uint32_t i = 0; i < n; i++) {
		struct json_object *arg = json_object_array_get_idx(args, i);
		uint32_t word = (uint32_t)json_object_get_int64(arg);

		if (json_object_is_type(arg, json_type_string)) {
			word = (uint32_t)at;
			memcpy(vm.memory + at, json_object_get_string(arg),
			       (size_t)json_object_get_string_len(arg) + 1);
			at += OF_STRING_STEP;
		}
		vm_put_be32(&vm, OF_BLOCK + 12 + 4 * i, word);
	}
}

/* The number of bytes that the service wrote into the client's buffer at addr. */
static size_t written(struct json_object *v, uint32_t ret, uint64_t addr)
{
	const char *service = text(v, "service");
	struct json_object *args = member(v, "args");

	if (!strcmp(service, "getprop")) {
		uint32_t room =
			(uint32_t)json_object_get_int(json_object_array_get_idx(args, 3));

		return ret < room ? ret : room;
	}
	return !strcmp(service, "nextprop") ? strlen((char *)vm.memory + addr) + 1 : ret;
}

static void compare_rets(const char *id, struct json_object *v)
{
	uint64_t at = OF_BLOCK + 12 + 4 * length(member(v, "args"));
	struct json_object *rets = member(v, "rets");
	const struct different *d = difference(id);

	for (size_t i = 0; i < length(rets); i++) {
		const char *want = !i && d && d->ret ? d->ret : item(rets, i);

		if (strcmp(want, "*")) /* a time */
			compare_numbers(id, "a result", vm_be32(&vm, at + 4 * i),
					hex(want));
	}
}

static void replay_of(const char *id, struct json_object *v)
{
	struct json_object *out = member(v, "mem_out");
	uint64_t args[PAPR_HCALL_ARGS] = { OF_BLOCK };
	const struct different *d = difference(id);

	fill_outputs(out);
	from_hex(vm.memory + OF_VECTORS, MAX_BYTES, linux_vectors);
	put_block(v);
	compare_numbers(
		id, "r3",
		(uint64_t)papr_vmm_hcall(vm.vmm, vm.cpu, KVMPPC_H_OF_CLIENT, args),
		(uint64_t)json_object_get_int64(member(v, "r3")));
	compare_rets(id, v);
	for (size_t i = 0; i < length(out); i++) {
		struct json_object *pair = json_object_array_get_idx(out, i);
		uint32_t ret = (uint32_t)hex(item(member(v, "rets"), 0));
		uint64_t addr = hex(item(pair, 0));

		compare_bytes(id, addr, d && d->memory ? d->memory : item(pair, 1),
			      written(v, ret, addr));
	}
}

/* ---- Notes ----- */

/* nextprop through /chosen: the same names, in our order. */
static void replay_names(const char *id, struct json_object *v)
{
	struct json_object *names = member(v, "value");
	size_t size, n = length(names) - 1; /* the last is an answer */
	const void *fdt = papr_vmm_fdt(vm.vmm, &size);
	int prop, chosen = fdt_path_offset(fdt, "/chosen");

	for (size_t i = 0; i < n; i++) {
		compared++;
		if (!fdt_getprop(fdt, chosen, item(names, i), NULL))
			differs(id, item(names, i));
	}
	fdt_for_each_property_offset(prop, fdt, chosen)
		n--;
	compare_numbers(id, "properties that were not recorded", 0 - n, 0);
}

/* The configuration of the host bridge that the last vector has begun. */
static void replay_interrupt_map(const char *id, struct json_object *v)
{
	struct cc_item item;
	int32_t status;

	do {
		status = vm_walk_step(&vm, 0x20000001);
		assert_int_equal(workarea_decode(&item, status, vm.memory + VM_WORK_AREA,
						 CC_PAGE_BYTES),
				 0);
	} while (status > 0 && (!item.name || strcmp(item.name, "interrupt-map")));
	compare_numbers(id, "status", (uint64_t)status, CC_PROPERTY);
	compare_numbers(id, "length", item.len,
			(uint64_t)json_object_get_int(member(v, "len")));
	compare_bytes(id, (uint64_t)(item.value - vm.memory), text(v, "value"), SIZE_MAX);
}

/* ---- Scenarios ---- */

static void replay_qmp(struct json_object *v)
{
	struct json_object *options = member(v, "arguments");
	struct papr_option list[16];
	size_t n = 0;

	if (strcmp(text(v, "execute"), "device_add"))
		return;
	/* the driver must be the first */
	list[n++] = (struct papr_option){ "driver", text(options, "driver") };
	json_object_object_foreach(options, name, value)
	{
		if (strcmp(name, "driver"))
			list[n++] = (struct papr_option){ name,
							  json_object_get_string(value) };
	}
	compare_numbers(text(v, "id"), "device_add",
			(uint64_t)papr_vmm_device_add(vm.vmm, list, n, NULL), 0);
}

static void replay(const char *name, void (*fn)(const char *id, struct json_object *v))
{
	struct json_object *all = scenario(name);

	failed = compared = 0;
	for (size_t i = 0; i < length(all); i++) {
		struct json_object *v = json_object_array_get_idx(all, i);
		const char *kind = text(v, "kind");

		if (!strcmp(kind, "hcall") || !strcmp(kind, "of"))
			fn(text(v, "id"), v);
		else if (!strcmp(kind, "qmp"))
			replay_qmp(v);
		else if (!strcmp(name, "vof"))
			replay_names(text(v, "id"), v);
		else
			replay_interrupt_map(text(v, "id"), v);
	}
	print_message("# %s: %zu vectors, %d comparisons\n", name, length(all), compared);
	assert_int_equal(failed, 0);
}

/* The recorder's options of QEMU. */
static struct papr_config recorded_config(void)
{
	return (struct papr_config){
		.size = sizeof(struct papr_config),
		.machine = "pseries-7.2",
		.ram_bytes = 1ULL << 30,
		.max_ram_bytes = 4ULL << 30,
		.mem_slots = 8,
		.cpus = 1,
		.max_cpus = 4,
		.threads = 1,
		.name = "stub",
		.has_uuid = true,
		.uuid = { 0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88, 0x99,
			  0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff },
		.no_vty = true,
	};
}

static void start(const struct papr_config *config)
{
	vm_begin_with(&vm, config, MEMORY);
	vm.time_ns = 1577934245LL * 1000000000; /* 2020-01-02T03:04:05 */
	vm_reset(&vm);
}

static void cas(void **state)
{
	struct papr_config config = recorded_config();

	(void)state;
	start(&config);
	replay("cas", replay_cas);
	vm_end(&vm);
}

static void dispatch(void **state)
{
	struct papr_config config = recorded_config();

	(void)state;
	config.no_vty = false;
	start(&config);
	replay("dispatch", replay_hcall);
	assert_string_equal(vm.console, "BC");
	vm_end(&vm);
}

static void update_dt(void **state)
{
	struct papr_config config = recorded_config();

	(void)state;
	start(&config);
	replay("update_dt", replay_hcall);
	vm_end(&vm);
}

static void vof(void **state)
{
	struct papr_config config = recorded_config();

	(void)state;
	config.no_vty = false;
	config.vof = true;
	config.max_ram_bytes = 0;
	config.mem_slots = 0;
	config.max_cpus = 1;
	config.firmware_bytes = 0x174;
	start(&config);
	replay("vof", replay_of);
	vm_end(&vm);
}

static int read_vectors(void **state)
{
	const char *top = getenv("top_srcdir");
	char *path;

	(void)state;
	if (asprintf(&path, "%s/tests/vectors/host-vectors.json", top ? top : ".") < 0)
		return -1;
	vectors = json_object_from_file(path);
	free(path);
	return vectors ? 0 : -1;
}

static int free_vectors(void **state)
{
	(void)state;
	json_object_put(vectors);
	return 0;
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(cas),
	cmocka_unit_test(dispatch),
	cmocka_unit_test(update_dt),
	cmocka_unit_test(vof),
};

int main(void)
{
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, read_vectors, free_vectors);
}
