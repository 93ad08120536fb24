// SPDX-License-Identifier: GPL-2.0-or-later
/* x-powervm=on: vital product data, indices, lights, and answers in several parts. */
#include <libfdt.h>

#include "tests/unit/fakes/vmm_machine.h"
#include "wire/hcall.h"

enum { LOCATION = VM_WORK_AREA, PART = VM_WORK_AREA + 0x1000, BIG = 64 << 10 };

static const char *const calls[] = {
	"ibm,get-vpd",
	"ibm,get-indices",
	"ibm,get-dynamic-sensor-state",
	"ibm,set-dynamic-indicator",
	"ibm,platform-dump",
	"ibm,scan-log-dump",
	"ibm,physical-attestation",
	"ibm,lpar-perftools",
	"ibm,open-errinjct",
	"ibm,errinjct",
	"ibm,close-errinjct",
	"ibm,display-message",
	"set-time-for-power-on",
	"ibm,activate-firmware",
	"ibm,read-slot-reset-state",
	"ibm,update-nodes",
	"ibm,update-properties",
};

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

/* ---- The option ---- */

TEST_IN(only_if_asked_for, start, end)
{
	struct vm plain;
	struct papr_location_info info = { .size = sizeof(info) };
	const void *fdt;
	size_t bytes;
	int rtas;

	vm_start(&plain, NULL);
	for (size_t i = 0; i < COUNT(calls); i++) {
		assert_int_equal(papr_vmm_rtas_token(plain.vmm, calls[i]), 0);
		assert_true(papr_vmm_rtas_token(vm.vmm, calls[i]) > 0x202c);
	}
	assert_int_equal(papr_vmm_location_info(plain.vmm, 0, &info), 0);
	assert_int_equal(papr_vmm_indicator_set(plain.vmm, "U", 9007, true), -ENOTSUP);
	assert_int_equal(papr_vmm_dump_add(plain.vmm, 1, "", 0), -ENOTSUP);
	assert_int_equal(vm_call(&plain, "set-indicator", 9007, 1, 1), -3);
	vm_end(&plain);

	fdt = papr_vmm_fdt(vm.vmm, &bytes);
	rtas = fdt_path_offset(fdt, "/rtas");
	for (size_t i = 0; i < COUNT(calls); i++)
		assert_non_null(fdt_getprop(fdt, rtas, calls[i], NULL));
	assert_non_null(fdt_getprop(fdt, rtas, "ibm,errinjct-tokens", NULL));
}

TEST_IN(counts_are_checked, start, end)
{
	static const uint32_t none[16];

	for (size_t i = 0; i < COUNT(calls); i++)
		assert_int_equal(vm_rtas(&vm, calls[i], 9, none, 1, NULL), -3);
}

/* ---- In parts ---- */

static void put_text(uint32_t at, const char *text)
{
	memset(vm.memory + at, 0, 128);
	memcpy(vm.memory + at, text, strlen(text));
}

/* Return the status; *next and *n are results. */
static int32_t vpd(const char *location, uint32_t size, uint32_t seq, uint32_t *next,
		   uint32_t *n)
{
	const uint32_t in[] = { LOCATION, PART, size, seq };
	uint32_t out[3];
	int32_t status;

	put_text(LOCATION, location);
	status = vm_rtas(&vm, "ibm,get-vpd", 4, in, 3, out);
	*next = out[1];
	*n = out[2];
	return status;
}

/* Return all of it, in parts of this size. */
static size_t whole_vpd(const char *location, uint32_t size, uint8_t all[BIG])
{
	uint32_t seq = 1, next, n;
	size_t len = 0;
	int32_t status;

	do {
		status = vpd(location, size, seq, &next, &n);
		assert_true(status == 0 || status == 1);
		assert_true(n <= size && (status == 0 || n == size));
		assert_true(status ? next > 1 : next == 1);
		memcpy(all + len, vm.memory + PART, n);
		len += n;
		seq = next;
	} while (status);
	return len;
}

/* Check tags, lengths and keywords of a whole answer. Return the number of locations;
 * *found: is the text among the values of YL? */
static int walk_vpd(const uint8_t *p, size_t len, const char *location, bool *found)
{
	const uint8_t *end = p + len, *fields;
	int places = 0;

	while (p < end) {
		assert_int_equal(p[0], 0x82);
		p += 3 + (p[1] | p[2] << 8);
		assert_true(p < end && p[0] == 0x84);
		fields = p + 3;
		p = fields + (p[1] | p[2] << 8);
		while (fields < p) {
			if (!memcmp(fields, "YL", 2) && fields[2] == strlen(location) &&
			    !memcmp(fields + 3, location, fields[2]))
				*found = true;
			fields += 3 + fields[2];
		}
		assert_ptr_equal(fields, p);
		assert_true(p < end && *p++ == 0x78);
		places++;
	}
	assert_ptr_equal(p, end);
	return places;
}

static void add_cards(int n)
{
	char options[32];

	for (int i = 1; i <= n; i++) {
		snprintf(options, sizeof(options), "addr=%x", i);
		assert_int_equal(vm_add(&vm, "virtio-net-pci", options), 0);
	}
}

TEST_IN(vpd_of_everything, start, end)
{
	static const uint32_t sizes[] = { 4096, 2048, 1000, 7, 60000 };
	static uint8_t first[BIG], again[BIG];
	bool found = false;
	size_t len;

	add_cards(30);
	len = whole_vpd("", 4096, first);
	assert_true(len > 4096); /* more than one part, more than two of half the size */
	assert_int_equal(walk_vpd(first, len, "qemu_virtio-net-pci:0000:00:1e.0", &found),
			 2 + 1 + 1 + 30); /* machine, board, core, bridge, cards */
	assert_true(found);
	for (size_t i = 0; i < COUNT(sizes); i++) {
		memset(again, 0xee, sizeof(again));
		assert_int_equal(whole_vpd("", sizes[i], again), len);
		assert_memory_equal(first, again, len);
	}
}

TEST_IN(vpd_of_one_place, start, end)
{
	static uint8_t all[BIG];
	bool found = false;
	uint32_t next, n;
	size_t len;

	add_cards(2);
	len = whole_vpd("qemu_virtio-net-pci:0000:00:02.0", 4096, all);
	assert_int_equal(walk_vpd(all, len, "qemu_virtio-net-pci:0000:00:02.0", &found),
			 1);
	assert_true(found);
	len = whole_vpd("UPAPR.VMM.0000001-P1", 4096, all);
	assert_int_equal(walk_vpd(all, len, "UPAPR.VMM.0000001-P1", &found), 1);
	assert_int_equal(vpd("qemu_virtio-net-pci:0000:00:03.0", 4096, 1, &next, &n), -3);
	assert_int_equal(vpd("UPAPR.VMM.0000001-", 4096, 1, &next, &n), -3);
}

TEST_IN(sequence_rules, start, end)
{
	uint32_t next, other, n, stale;

	add_cards(3);
	assert_int_equal(vpd("", 16, 0, &next, &n), -3);
	assert_int_equal(vpd("", 16, 2, &next, &n), -3); /* never returned */
	assert_int_equal(vpd("", 0, 1, &next, &n), -3);
	assert_int_equal(vpd("", 16, 1, &next, &n), 1);
	stale = next;
	assert_int_equal(vpd("", 16, next, &next, &n), 1);
	assert_int_equal(vpd("", 16, stale, &other, &n), -4); /* returned, and ended */
	assert_int_equal(vpd("", 16, next, &next, &n), 1);    /* not changed by that */
	assert_int_equal(vpd("", 16, next + 1, &other, &n), -3);

	/* A new sequence ends the earlier ones. */
	assert_int_equal(vpd("", 16, 1, &other, &n), 1);
	assert_int_equal(vpd("", 16, next, &next, &n), -4);
	assert_int_equal(vpd("", 16, other, &next, &n), 1);
	/* Another request does not continue it. */
	assert_int_equal(vpd("UPAPR.VMM.0000001", 16, next, &other, &n), -4);
}

TEST_IN(vpd_that_changes, start, end)
{
	uint32_t next, n;

	assert_int_equal(vpd("", 16, 1, &next, &n), 1);
	add_cards(1);
	assert_int_equal(vpd("", 16, next, &next, &n), -4);
	assert_int_equal(next, VM_UNWRITTEN);
	assert_int_equal(vpd("", 16, 1, &next, &n), 1);
	assert_int_equal(vpd("", 16, next, &next, &n), 1);
	vm_reset(&vm);
	assert_int_equal(vpd("", 16, next, &next, &n), -4);
}

TEST_IN(memory_that_is_none, start, end)
{
	const uint32_t in[] = { LOCATION, VM_MEMORY_BYTES - 8, 16, 1 };
	const uint32_t end[] = { VM_MEMORY_BYTES, PART, 4096, 1 };
	const uint32_t long_name[] = { LOCATION, PART, 4096, 1 };
	const uint32_t past[] = { 0, 9007, VM_MEMORY_BYTES - 4, 4096, 1 };
	const uint32_t wrap[] = { LOCATION, 0xfffffff0, 0xffffffff, 1 };

	put_text(LOCATION, "");
	assert_int_equal(vm_rtas(&vm, "ibm,get-vpd", 4, in, 3, NULL), -3);
	assert_int_equal(vm_rtas(&vm, "ibm,get-vpd", 4, end, 3, NULL), -3);
	assert_int_equal(vm_rtas(&vm, "ibm,get-vpd", 4, wrap, 3, NULL), -3);
	memset(vm.memory + LOCATION, 'U', 0x1000); /* no end within the limit */
	assert_int_equal(vm_rtas(&vm, "ibm,get-vpd", 4, long_name, 3, NULL), -3);
	assert_int_equal(vm_rtas(&vm, "ibm,get-indices", 5, past, 2, NULL), -3);
	assert_int_equal(vm_call(&vm, "ibm,scan-log-dump", VM_MEMORY_BYTES - 16, 4096),
			 -3);
	assert_int_equal(vm_call(&vm, "ibm,update-nodes", VM_MEMORY_BYTES - 4095, 1), -3);
	assert_int_equal(vm_call(&vm, "ibm,display-message", VM_MEMORY_BYTES), -3);
}

/* After a delay, the caller repeats the call with the same number. */
TEST_IN(delays_keep_the_number, start, end)
{
	const struct papr_fault fault = { .size = sizeof(struct papr_fault),
					  .call = "ibm,get-vpd",
					  .nth = 1,
					  .count = 2,
					  .delay = true,
					  .status = 9900 };
	uint32_t next, n;

	assert_true(papr_vmm_fault_add(vm.vmm, &fault) > 0);
	assert_int_equal(vpd("", 16, 1, &next, &n), 9900);
	assert_int_equal(next, 1);
	assert_int_equal(vpd("", 16, next, &next, &n), 1);
	assert_int_equal(vpd("", 16, next, &n, &n), 9900);
	assert_int_equal(vpd("", 16, next, &next, &n), 1);
}

/* ---- Indices and lights ---- */

#define ask_indices(...) \
	vm_rtas(&vm, "ibm,get-indices", 5, (uint32_t[5]){ __VA_ARGS__ }, 2, NULL)

static int32_t indices(uint32_t size, uint32_t start_at, uint32_t *next)
{
	const uint32_t in[] = { 0, 9007, PART, size, start_at };
	uint32_t out[2];
	int32_t status = vm_rtas(&vm, "ibm,get-indices", 5, in, 2, out);

	*next = out[1];
	return status;
}

/* Return the number of entries in all parts; each is complete. */
static uint32_t count_indices(uint32_t size)
{
	uint32_t next = 1, n = 0, at, len;
	int32_t status;

	do {
		memset(vm.memory + PART, 0xee, 8192);
		status = indices(size, next, &next);
		assert_true(status == 0 || status == 1);
		at = PART + 4;
		for (uint32_t i = 0; i < vm_be32(&vm, PART); i++) {
			assert_int_equal(vm_be32(&vm, at), n + i ? 0xffffffff : 1);
			len = vm_be32(&vm, at + 4);
			assert_int_equal(strlen((char *)vm.memory + at + 8) + 1, len);
			at += 8 + len;
		}
		assert_true(at <= PART + size);
		assert_int_equal(vm.memory[PART + size], 0xee);
		n += vm_be32(&vm, PART);
	} while (status);
	assert_int_equal(next, 1);
	return n;
}

TEST_IN(indices_in_parts, start, end)
{
	uint32_t next;

	add_cards(30);
	assert_int_equal(count_indices(4096), 34);
	assert_int_equal(count_indices(1024), 34);
	assert_int_equal(count_indices(64), 34);
	assert_int_equal(indices(20, 1, &next), -3); /* not one fits */
	assert_int_equal(indices(3, 1, &next), -3);
	assert_int_equal(indices(64, 9, &next), -4);
	assert_int_equal(indices(64, 9999, &next), -3);
	assert_int_equal(ask_indices(2, 9007, PART, 4096, 1), -3);
	assert_int_equal(ask_indices(0, 9003, PART, 4096, 1), -3);
	/* Sensors and indicators are separate. */
	assert_int_equal(indices(64, 1, &next), 1);
	assert_int_equal(ask_indices(0, 9006, PART, 64, next), -4);
}

static void put_location(const char *location)
{
	vm_put_be32(&vm, LOCATION, (uint32_t)strlen(location) + 1);
	put_text(LOCATION + 4, location);
}

static int32_t set_light(uint32_t type, const char *location, uint32_t value)
{
	put_location(location);
	return vm_call(&vm, "ibm,set-dynamic-indicator", type, value, LOCATION);
}

/* Return its state, or the status if that is not 0. */
static int32_t get_light(uint32_t type, const char *location)
{
	const uint32_t in[] = { type, LOCATION };
	uint32_t out[2];
	int32_t status;

	put_location(location);
	status = vm_rtas(&vm, "ibm,get-dynamic-sensor-state", 2, in, 2, out);
	return status ? status : (int32_t)out[1];
}

TEST_IN(lights, start, end)
{
	static const char card[] = "qemu_virtio-net-pci:0000:00:01.0";

	add_cards(2);
	assert_int_equal(get_light(9007, card), 0);
	assert_int_equal(set_light(9007, card, 1), 0);
	assert_int_equal(get_light(9007, card), 1);
	assert_int_equal(get_light(9006, card), 0);
	assert_int_equal(get_light(9007, "qemu_virtio-net-pci:0000:00:02.0"), 0);
	assert_int_equal(set_light(9007, card, 2), -3);
	assert_int_equal(set_light(9003, card, 1), -3);
	assert_int_equal(set_light(9007, "nothing", 1), -3);
	assert_int_equal(get_light(9007, "nothing"), -3);
	assert_int_equal(get_light(9001, card), -3);
	vm_reset(&vm);
	assert_int_equal(get_light(9007, card), 1);
	assert_int_equal(set_light(9007, card, 0), 0);
	assert_int_equal(get_light(9007, card), 0);
}

/* The machine's own light has a number, and a location as well. */
TEST_IN(light_by_number, start, end)
{
	const uint32_t in[] = { 9006, 1 };
	uint32_t out[2];

	assert_int_equal(vm_call(&vm, "set-indicator", 9006, 1, 1), 0);
	assert_int_equal(get_light(9006, "UPAPR.VMM.0000001"), 1);
	assert_int_equal(vm_rtas(&vm, "get-sensor-state", 2, in, 2, out), 0);
	assert_int_equal(out[1], 1);
	assert_int_equal(vm_call(&vm, "set-indicator", 9006, 1, 2), -3);
	assert_int_equal(vm_call(&vm, "set-indicator", 9006, 2, 1), -3);
}

TEST_IN(locations_are_bounded, start, end)
{
	put_location("UPAPR.VMM.0000001");
	vm_put_be32(&vm, LOCATION, 0);
	assert_int_equal(vm_call(&vm, "ibm,set-dynamic-indicator", 9007, 1, LOCATION),
			 -3);
	vm_put_be32(&vm, LOCATION, 17); /* without the NUL */
	assert_int_equal(vm_call(&vm, "ibm,set-dynamic-indicator", 9007, 1, LOCATION),
			 -3);
	vm_put_be32(&vm, LOCATION, 20); /* longer than the text */
	assert_int_equal(vm_call(&vm, "ibm,set-dynamic-indicator", 9007, 1, LOCATION), 0);
	vm_put_be32(&vm, LOCATION, 81);
	assert_int_equal(vm_call(&vm, "ibm,set-dynamic-indicator", 9007, 1, LOCATION),
			 -3);
	vm_put_be32(&vm, LOCATION, 0xffffffff);
	assert_int_equal(vm_call(&vm, "ibm,set-dynamic-indicator", 9007, 1, LOCATION),
			 -3);
	vm_put_be32(&vm, VM_MEMORY_BYTES - 8, 20);
	assert_int_equal(
		vm_call(&vm, "ibm,set-dynamic-indicator", 9007, 1, VM_MEMORY_BYTES - 8),
		-3);
}

TEST_IN(the_host_looks_and_sets, start, end)
{
	struct papr_location_info info = { .size = sizeof(info) };
	size_t n = 0, lit = 0;

	add_cards(1);
	assert_int_equal(
		papr_vmm_indicator_set(vm.vmm, "UPAPR.VMM.0000001-P1", 9006, true), 0);
	assert_int_equal(papr_vmm_indicator_set(vm.vmm, "nothing", 9006, true), -ENOENT);
	assert_int_equal(papr_vmm_indicator_set(vm.vmm, "UPAPR.VMM.0000001", 1, true),
			 -EINVAL);
	for (; papr_vmm_location_info(vm.vmm, n, &info); n++)
		lit += info.fault;
	assert_int_equal(n, 5);
	assert_int_equal(lit, 1);
	assert_string_equal(info.location, "qemu_virtio-net-pci:0000:00:01.0");
	assert_string_equal(info.description, "ethernet");
	assert_int_equal(get_light(9006, "UPAPR.VMM.0000001-P1"), 1);
}
