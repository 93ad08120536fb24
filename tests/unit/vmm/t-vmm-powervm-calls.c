// SPDX-License-Identifier: GPL-2.0-or-later
/* x-powervm=on: dumps, attestation, error injection and other calls; the machine saved
 * and loaded with all of it. */
#include "tests/unit/fakes/vmm_story.h"
#include "wire/hcall.h"

enum { AREA = VM_WORK_AREA, DUMP_BYTES = 10000 };

static struct vm vm;
static uint8_t dump[DUMP_BYTES];

static int start(void **state)
{
	struct papr_config config = vm_config;

	(void)state;
	config.powervm = true;
	vm_start(&vm, &config);
	for (size_t i = 0; i < sizeof(dump); i++)
		dump[i] = (uint8_t)(i * 7 + i / 256);
	return 0;
}

static int end(void **state)
{
	(void)state;
	vm_end(&vm);
	return 0;
}

/* ---- Dumps ---- */

#define TAG 0x100000002ULL

struct dump_call {
	uint64_t next, bytes;
};

static int32_t read_dump(uint64_t seq, uint32_t area, uint32_t size, struct dump_call *c)
{
	const uint32_t in[] = {
		(uint32_t)(TAG >> 32), (uint32_t)TAG, (uint32_t)(seq >> 32),
		(uint32_t)seq,	       area,	      size
	};
	uint32_t out[5];
	int32_t status = vm_rtas(&vm, "ibm,platform-dump", 6, in, 5, out);

	c->next = (uint64_t)out[1] << 32 | out[2];
	c->bytes = (uint64_t)out[3] << 32 | out[4];
	return status;
}

TEST_IN(a_dump_is_read_and_goes, start, end)
{
	struct papr_dump_info info = { .size = sizeof(info) };
	struct dump_call c = { 0 };
	size_t len = 0;
	int32_t status;

	assert_int_equal(read_dump(0, AREA, 1024, &c), -3); /* it does not exist */
	assert_int_equal(papr_vmm_dump_add(vm.vmm, TAG, dump, sizeof(dump)), 0);
	assert_int_equal(papr_vmm_dump_add(vm.vmm, TAG, dump, 1), -EEXIST);
	c.next = 0;
	do {
		status = read_dump(c.next, AREA, 4096, &c);
		assert_true(status == 0 || status == 1);
		assert_true(c.next > UINT32_MAX);
		assert_memory_equal(vm.memory + AREA, dump + len, c.bytes);
		len += c.bytes;
	} while (status);
	assert_int_equal(len, sizeof(dump));
	assert_int_equal(papr_vmm_dump_info(vm.vmm, 0, &info), 1);
	assert_true(info.tag == TAG && info.bytes == sizeof(dump) && info.complete);

	/* Only the last call removes it. */
	assert_int_equal(read_dump(c.next + 1, 0, 0, &c), -3);
	read_dump(0, AREA, 4096, &c);
	assert_int_equal(read_dump(c.next, 0, 0, &c), -3); /* no longer complete */
	for (c.next = 0; read_dump(c.next, AREA, 8192, &c) == 1;)
		continue;
	assert_int_equal(read_dump(c.next, 0, 0, &c), 0);
	assert_int_equal(papr_vmm_dump_info(vm.vmm, 0, &info), 0);
}

TEST_IN(dumps_are_bounded, start, end)
{
	struct dump_call c;
	uint64_t first;

	assert_int_equal(papr_vmm_dump_add(vm.vmm, TAG, dump, (16 << 20) + 1), -EINVAL);
	for (uint64_t tag = 0; tag < 16; tag++)
		assert_int_equal(papr_vmm_dump_add(vm.vmm, TAG + tag, dump, 100), 0);
	assert_int_equal(papr_vmm_dump_add(vm.vmm, 1, dump, 100), -ENOSPC);
	assert_int_equal(read_dump(0, VM_MEMORY_BYTES - 50, 100, &c), -3);
	assert_int_equal(read_dump(0, AREA, 0, &c), -3);
	assert_int_equal(read_dump(0, AREA, 60, &c), 1);
	first = c.next;
	assert_int_equal(read_dump(first, AREA, 0xffffffff, &c), 0);
	assert_int_equal(c.bytes, 40);
	assert_int_equal(read_dump(first, AREA, 60, &c), -3);
}

TEST_IN(scan_log_in_parts, start, end)
{
	uint32_t total = 0, n;
	int32_t status;

	assert_int_equal(vm_call(&vm, "ibm,scan-log-dump", AREA, 12), -3);
	vm_put_be32(&vm, AREA, 0);
	do {
		status = vm_call(&vm, "ibm,scan-log-dump", AREA, 2048);
		assert_true(status == 0 || status == 1);
		n = vm_be32(&vm, AREA + 4);
		assert_int_equal(vm_be32(&vm, AREA + 8), 12);
		assert_true(n <= 2048 - 12);
		total += n;
	} while (status);
	assert_int_equal(total, 160 * 32);
	assert_memory_equal(vm.memory + AREA + 12 + n - 8, "0000159\n", 8);
	vm_put_be32(&vm, AREA, total + 1);
	assert_int_equal(vm_call(&vm, "ibm,scan-log-dump", AREA, 2048), -3);
}

/* ---- Attestation, performance ---- */

static int32_t attest(uint32_t len, uint32_t seq, uint32_t *next, uint32_t *n)
{
	const uint32_t in[] = { AREA, len, seq };
	uint32_t out[3];
	int32_t status = vm_rtas(&vm, "ibm,physical-attestation", 3, in, 3, out);

	*next = out[1];
	*n = out[2];
	return status;
}

static void put_command(uint8_t command, uint32_t len)
{
	memcpy(vm.memory + AREA, (const uint8_t[]){ 1, command, 2, 0 }, 4);
	vm_put_be32(&vm, AREA + 4, len);
	vm_put_be32(&vm, AREA + 8, 0x12345601);
}

TEST_IN(attestation, start, end)
{
	uint32_t next, n;

	put_command(5, 12);
	assert_int_equal(attest(12, 1, &next, &n), 1);
	assert_int_equal(n, 4096);
	assert_int_equal(vm_be32(&vm, AREA), 0x01050200);
	assert_int_equal(vm_be32(&vm, AREA + 4), 5012);
	assert_int_equal(vm_be32(&vm, AREA + 8), 0x12345601);
	assert_int_equal(vm_be32(&vm, AREA + 12), 0x01020304);
	/* The answer has overwritten the command. */
	assert_int_equal(attest(12, next, &next, &n), 0);
	assert_int_equal(n, 5012 - 4096);
	assert_int_equal(next, 1);
	assert_int_equal(vm.memory[AREA], (4096 - 12 + 1) & 0xff);

	put_command(0, 12);
	assert_int_equal(attest(4096, 1, &next, &n), 0);
	assert_int_equal(n, 12);
	put_command(1, 13);
	assert_int_equal(attest(12, 1, &next, &n), -3);
	put_command(1, 11);
	assert_int_equal(attest(12, 1, &next, &n), -3);
	put_command(1, 12);
	assert_int_equal(attest(11, 1, &next, &n), -3);
	assert_int_equal(attest(4097, 1, &next, &n), -3);
	vm.memory[AREA] = 2;
	assert_int_equal(attest(12, 1, &next, &n), -3);
}

TEST_IN(performance_tools, start, end)
{
	uint32_t in[] = { 2, 0, AREA, 4096, 1 }, out[2], parts = 0;
	int32_t status;

	do {
		status = vm_rtas(&vm, "ibm,lpar-perftools", 5, in, 2, out);
		assert_true(status == 0 || status == 1);
		in[4] = out[1];
		parts++;
	} while (status);
	assert_int_equal(parts, 3);
	in[0] = 3;
	assert_int_equal(vm_rtas(&vm, "ibm,lpar-perftools", 5, in, 2, NULL), -3);
	in[0] = 1;
	in[1] = 1; /* above 4 GiB */
	assert_int_equal(vm_rtas(&vm, "ibm,lpar-perftools", 5, in, 2, NULL), -3);
}

/* ---- Error injection ---- */

/* Return the token, or minus its status. */
static int64_t open_injection(void)
{
	uint32_t out[2];

	vm_rtas(&vm, "ibm,open-errinjct", 0, NULL, 2, out);
	return (int32_t)out[1] ? (int32_t)out[1] : (int64_t)out[0];
}

TEST_IN(error_injection, start, end)
{
	uint32_t token;

	assert_int_equal(vm_call(&vm, "ibm,errinjct", 7, 1, AREA), -4);
	assert_int_equal(open_injection(), 1);
	assert_int_equal(open_injection(), -4);
	assert_int_equal(vm_call(&vm, "ibm,errinjct", 7, 2, AREA), -4);
	assert_int_equal(vm_call(&vm, "ibm,errinjct", 99, 1, AREA), -3);
	assert_int_equal(vm_call(&vm, "ibm,errinjct", 7, 1, VM_MEMORY_BYTES - 1023), -3);
	assert_null(vm.log);
	assert_int_equal(vm_call(&vm, "ibm,errinjct", 15, 1, VM_MEMORY_BYTES - 1024), 0);
	assert_string_equal(vm.log, "error injected: ioa-bus-error-64\n");
	assert_int_equal(vm_call(&vm, "ibm,close-errinjct", 2), -4);
	assert_int_equal(vm_call(&vm, "ibm,close-errinjct", 1), 0);
	assert_int_equal(vm_call(&vm, "ibm,close-errinjct", 1), -4);
	token = (uint32_t)open_injection();
	assert_int_equal(token, 2);
	vm_reset(&vm); /* its owner has ended */
	assert_int_equal(vm_call(&vm, "ibm,close-errinjct", token), -4);
}

/* ---- Others ---- */

TEST_IN(activation_takes_its_time, start, end)
{
	for (int round = 0; round < 2; round++) {
		assert_int_equal(vm_rtas(&vm, "ibm,activate-firmware", 0, NULL, 1, NULL),
				 9900);
		assert_int_equal(vm_rtas(&vm, "ibm,activate-firmware", 0, NULL, 1, NULL),
				 -2);
		assert_int_equal(vm_rtas(&vm, "ibm,activate-firmware", 0, NULL, 1, NULL),
				 0);
	}
}

TEST_IN(messages, start, end)
{
	memcpy(vm.memory + AREA, "Hello\n\x80", 8);
	assert_int_equal(vm_call(&vm, "ibm,display-message", AREA), 0);
	assert_string_equal(vm.log, "display-message: Hello??\n");
	vm.memory[AREA] = 0;
	assert_int_equal(vm_call(&vm, "ibm,display-message", AREA), 0);
	memset(vm.memory + VM_MEMORY_BYTES - 4, 'x', 4);
	assert_int_equal(vm_call(&vm, "ibm,display-message", VM_MEMORY_BYTES - 4), 0);
}

TEST_IN(power_on_time, start, end)
{
	static const uint32_t wrong[][7] = {
		{ 2030, 13, 1, 0, 0, 0, 0 },	  { 2030, 2, 29, 0, 0, 0, 0 },
		{ 2030, 0, 1, 0, 0, 0, 0 },	  { 2030, 1, 0, 0, 0, 0, 0 },
		{ 2030, 1, 1, 24, 0, 0, 0 },	  { 2030, 1, 1, 0, 60, 0, 0 },
		{ 0xffffffff, 1, 1, 0, 0, 0, 0 }, { 2030, 1, 1, 0, 0, 0, 1000000000 },
	};
	uint32_t t[7];

	assert_false(papr_vmm_power_on_time(vm.vmm, t));
	for (size_t i = 0; i < COUNT(wrong); i++)
		assert_int_equal(
			vm_rtas(&vm, "set-time-for-power-on", 7, wrong[i], 1, NULL), -3);
	assert_false(papr_vmm_power_on_time(vm.vmm, t));
	assert_int_equal(
		vm_call(&vm, "set-time-for-power-on", 2032, 2, 29, 23, 59, 59, 5), 0);
	vm_reset(&vm);
	assert_true(papr_vmm_power_on_time(vm.vmm, t));
	assert_true(t[0] == 2032 && t[1] == 2 && t[2] == 29 && t[6] == 5);
}

TEST_IN(slots_and_updates, start, end)
{
	const uint32_t there[] = { 1 << 11, 0x08000000, 0x20000000 },
		       nobody[] = { 2 << 11, 0x08000000, 0x20000000 };
	uint32_t out[3];

	assert_int_equal(vm_add(&vm, "virtio-net-pci", "addr=1"), 0);
	assert_int_equal(vm_rtas(&vm, "ibm,read-slot-reset-state", 3, there, 3, out), 0);
	assert_true(out[1] == 0 && out[2] == 0);
	assert_int_equal(vm_rtas(&vm, "ibm,read-slot-reset-state", 3, nobody, 3, out),
			 -3);

	memset(vm.memory + AREA, 0xee, 4096);
	memset(vm.memory + AREA, 0, 16);
	assert_int_equal(vm_call(&vm, "ibm,update-nodes", AREA, 1), 0);
	assert_int_equal(vm_be32(&vm, AREA + 16), 0);
	assert_int_equal(vm_call(&vm, "ibm,update-properties", AREA, 1), 0);
	assert_int_equal(vm_be32(&vm, AREA + 16), 0);
}

TEST_IN(parameters, start, end)
{
	assert_int_equal(vm_call(&vm, "ibm,get-system-parameter", 20, AREA, 4), -9999);
	assert_int_equal(vm_call(&vm, "ibm,get-system-parameter", 55, AREA, 100), 0);
	assert_memory_equal(vm.memory + AREA, "\0\x09papr-vmm", 11);
	assert_int_equal(vm_call(&vm, "ibm,set-system-parameter", 55, AREA), -9002);
	memcpy(vm.memory + AREA, "\0\1\1", 3);
	assert_int_equal(vm_call(&vm, "ibm,set-system-parameter", 21, AREA), 0);
	memcpy(vm.memory + AREA, "\0\1\2", 3);
	assert_int_equal(vm_call(&vm, "ibm,set-system-parameter", 21, AREA), -9999);
	memcpy(vm.memory + AREA, "\0\2\1\1", 4);
	assert_int_equal(vm_call(&vm, "ibm,set-system-parameter", 21, AREA), -9999);
	assert_int_equal(vm_call(&vm, "ibm,get-system-parameter", 21, AREA, 3), 0);
	assert_memory_equal(vm.memory + AREA, "\0\1\1", 3);
	memcpy(vm.memory + AREA, "\0\3abc", 6);
	assert_int_equal(vm_call(&vm, "ibm,get-system-parameter", 60, AREA, 100), 0);
	assert_memory_equal(vm.memory + AREA, "\0\3abc", 5);
	vm_put_be32(&vm, AREA, 0xffff0000);
	assert_int_equal(vm_call(&vm, "ibm,get-system-parameter", 60, AREA, 100), 0);
	assert_int_equal(vm_be32(&vm, AREA), 0);
	assert_int_equal(vm_call(&vm, "ibm,get-system-parameter", 999, AREA, 100), -3);
}

/* ---- Save and load ---- */

static void do_everything(void)
{
	struct dump_call c;

	assert_int_equal(papr_vmm_dump_add(vm.vmm, TAG, dump, sizeof(dump)), 0);
	assert_int_equal(papr_vmm_dump_add(vm.vmm, 5, NULL, 0), 0);
	assert_int_equal(read_dump(0, AREA, 4096, &c), 1);
	assert_int_equal(papr_vmm_indicator_set(vm.vmm, "UPAPR.VMM.0000001", 9006, true),
			 0);
	assert_int_equal(
		papr_vmm_indicator_set(vm.vmm, "UPAPR.VMM.0000001-P1", 9007, true), 0);
	assert_int_equal(
		vm_call(&vm, "set-time-for-power-on", 2032, 2, 29, 23, 59, 59, 5), 0);
	assert_int_equal(open_injection(), 1);
	assert_int_equal(vm_rtas(&vm, "ibm,activate-firmware", 0, NULL, 1, NULL), 9900);
	memcpy(vm.memory + AREA, "\0\1\1", 3);
	assert_int_equal(vm_call(&vm, "ibm,set-system-parameter", 21, AREA), 0);
}

static void check_everything(void)
{
	struct papr_location_info info = { .size = sizeof(info) };
	struct dump_call c;
	uint32_t t[7];

	assert_int_equal(papr_vmm_location_info(vm.vmm, 0, &info), 1);
	assert_true(info.fault && !info.identify);
	assert_int_equal(papr_vmm_location_info(vm.vmm, 1, &info), 1);
	assert_true(info.identify && !info.fault);
	assert_true(papr_vmm_power_on_time(vm.vmm, t) && t[0] == 2032);
	assert_int_equal(open_injection(), -4);
	assert_int_equal(vm_rtas(&vm, "ibm,activate-firmware", 0, NULL, 1, NULL), -2);
	assert_int_equal(vm_call(&vm, "ibm,get-system-parameter", 21, AREA, 3), 0);
	assert_int_equal(vm.memory[AREA + 2], 1);
	/* It continues at its position. */
	assert_int_equal(read_dump(0x100000002, AREA, 4096, &c), 1);
	assert_memory_equal(vm.memory + AREA, dump + 4096, 4096);
}

TEST_IN(saved_and_loaded, start, end)
{
	struct papr_config config = vm_config;
	struct vm copy;
	struct blob b;

	do_everything();
	b = state_save(&vm);
	config.powervm = true;
	vm_begin(&copy, &config);
	vm_reset(&copy);
	assert_int_equal(state_load(&copy, b.bytes, b.size), 0);
	assert_state(&copy, &b);
	vm_end(&vm);
	vm = copy;
	machine_of(vm.vmm)->env.priv = &vm;
	check_everything();
	free(b.bytes);
}

/* A sequence begins again; a machine without these calls differs. */
TEST_IN(loaded_elsewhere, start, end)
{
	const uint32_t begin[] = { AREA, AREA + 4096, 16, 1 };
	uint32_t out[3], go_on[] = { AREA, AREA + 4096, 16, 0 };
	struct blob b;
	struct vm plain;

	assert_int_equal(vm_rtas(&vm, "ibm,get-vpd", 4, begin, 3, out), 1);
	b = state_save(&vm);
	assert_int_equal(state_load(&vm, b.bytes, b.size), 0);
	go_on[3] = out[1];
	assert_int_equal(vm_rtas(&vm, "ibm,get-vpd", 4, go_on, 3, out), -4);

	vm_start(&plain, NULL);
	assert_int_equal(state_load(&plain, b.bytes, b.size), -ENODEV);
	vm_end(&plain);
	free(b.bytes);
}
