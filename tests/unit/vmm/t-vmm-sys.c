// SPDX-License-Identifier: GPL-2.0-or-later
/* RTAS calls for the machine as a whole: QEMU 7.2's answers, except intended
 * differences. */
#include "tests/unit/fakes/vmm_machine.h"
#include "wire/hcall.h"

enum { BUFFER = VM_EVENT_BUFFER };

static int start(void **state)
{
	static struct vm vm;

	vm_start(&vm, NULL);
	*state = &vm;
	return 0;
}

static int end(void **state)
{
	vm_end(*state);
	return 0;
}

/* ---- Clock ---- */

static void assert_date(struct vm *vm, const char *expected)
{
	uint32_t r[8];
	char *date;

	assert_int_equal(vm_rtas(vm, "get-time-of-day", 0, NULL, 8, r), 0);
	assert_true(asprintf(&date, "%u-%u-%u %u:%u:%u.%u", r[1], r[2], r[3], r[4], r[5],
			     r[6], r[7]) > 0);
	assert_string_equal(date, expected);
	free(date);
}

TEST_IN(time_is_the_hosts, start, end)
{
	struct vm *vm = *state;

	vm->time_ns = 1577934245123456789; /* 2020-01-02 03:04:05 */
	assert_date(vm, "2020-1-2 3:4:5.123456789");
	vm->time_ns = -1;
	assert_date(vm, "1969-12-31 23:59:59.999999999");
}

TEST_IN(time_set_runs_on, start, end)
{
	struct vm *vm = *state;

	vm->time_ns = 1577934245500000000;
	assert_int_equal(vm_call(vm, "set-time-of-day", 2021, 2, 3, 4, 5, 6, 77), 0);
	assert_notes(vm, "RTC_CHANGE 34390861\n");
	assert_date(vm, "2021-2-3 4:5:6.0");
	vm->time_ns += 1500000000;
	assert_date(vm, "2021-2-3 4:5:7.500000000");
	vm_reset(vm);
	assert_date(vm, "2021-2-3 4:5:7.500000000");
}

TEST_IN(time_out_of_range_counts_on, start, end)
{
	static const struct {
		uint32_t in[7];
		const char *date;
	} rows[] = {
		{ { 2021, 13, 40, 25, 61, 61 }, "2022-2-10 2:2:1.0" }, /* misc.006 */
		{ { 2024, 2, 29, 0, 0, (uint32_t)-1 }, "2024-2-28 23:59:59.0" },
		{ { 1970, 0, 0, 0, 0, 0 }, "1969-11-30 0:0:0.0" },
		{ { 2000, 2, 29, 0, 0, 0 }, "2000-2-29 0:0:0.0" },
		{ { 1900, 2, 29, 0, 0, 0 }, "1900-3-1 0:0:0.0" },
		{ { 2020, (uint32_t)-11, 1, 0, 0, 0 }, "2019-1-1 0:0:0.0" },
		{ { 2020, (uint32_t)-12, 31, 0, 0, 0 }, "2018-12-31 0:0:0.0" },
		{ { 2100, 12, 31, 23, 59, 59 }, "2100-12-31 23:59:59.0" },
	};
	struct vm *vm = *state;

	for (size_t i = 0; i < COUNT(rows); i++) {
		assert_int_equal(vm_rtas(vm, "set-time-of-day", 7, rows[i].in, 1, NULL),
				 0);
		assert_date(vm, rows[i].date);
	}
}

TEST_IN(time_that_no_clock_can_have, start, end)
{
	struct vm *vm = *state;

	assert_int_equal(vm_call(vm, "set-time-of-day", 2021, 1, 1, 0, 0, 0, 0), 0);
	vm_notes(vm);
	assert_int_equal(vm_call(vm, "set-time-of-day", 3000, 1, 1, 0, 0, 0, 0), -3);
	assert_int_equal(vm_call(vm, "set-time-of-day", INT32_MAX, INT32_MAX, INT32_MAX,
				 INT32_MAX, INT32_MAX, INT32_MAX, 0),
			 -3);
	assert_int_equal(vm_call(vm, "set-time-of-day", 1u << 31, 1u << 31, 1u << 31,
				 1u << 31, 1u << 31, 1u << 31, 0),
			 -3);
	assert_notes(vm, "");
	assert_date(vm, "2021-1-1 0:0:0.0");
}

TEST_IN(counts, start, end)
{
	struct vm *vm = *state;
	uint32_t none[8] = { 0 };

	assert_int_equal(vm_rtas(vm, "get-time-of-day", 0, none, 7, NULL), -3);
	assert_int_equal(vm_rtas(vm, "set-time-of-day", 6, none, 1, NULL), -3);
	assert_int_equal(vm_rtas(vm, "power-off", 1, none, 1, NULL), -3);
	assert_int_equal(vm_rtas(vm, "system-reboot", 1, none, 1, NULL), -3);
	assert_int_equal(vm_rtas(vm, "nvram-fetch", 2, none, 2, NULL), -3);
	assert_int_equal(vm_rtas(vm, "nvram-store", 3, none, 1, NULL), -3);
	assert_int_equal(vm_rtas(vm, "start-cpu", 2, none, 1, NULL), -3);
	assert_int_equal(vm_rtas(vm, "ibm,suspend-me", 1, none, 1, NULL), -3);
	assert_int_equal(vm_rtas(vm, "ibm,set-tce-bypass", 1, none, 1, NULL), -3);
	assert_int_equal(vm_rtas(vm, "quiesce", 1, none, 1, NULL), -3);
	assert_notes(vm, "");
}

/* ---- System parameters ---- */

static void assert_parameter(struct vm *vm, uint32_t number, uint32_t size,
			     const void *bytes, size_t len)
{
	memset(vm->memory + BUFFER, 0xee, 256);
	assert_int_equal(vm_call(vm, "ibm,get-system-parameter", number, BUFFER, size),
			 0);
	assert_memory_equal(vm->memory + BUFFER, bytes, len);
	assert_int_equal(vm->memory[BUFFER + len], 0xee);
}

TEST_IN(parameters, start, end)
{
	static const char text[] =
		"\0\x3dMaxEntCap=4,DesMem=1024,DesProcs=1,MaxPlatProcs=4,HostThrs=4";
	struct vm *vm = *state;

	assert_parameter(vm, 20, 4096, text, sizeof(text));
	assert_parameter(vm, 20, 8, text, 8);
	assert_parameter(vm, 20, 2, text, 2);
	assert_parameter(vm, 42, 64, "\0\1\0", 3);
	assert_parameter(vm, 48, 64, "\0\0", 2);
	assert_int_equal(vm_call(vm, "ibm,get-system-parameter", 20, BUFFER, 1), -9999);
	assert_int_equal(vm_call(vm, "ibm,get-system-parameter", 55, BUFFER, 64), -3);
	assert_int_equal(
		vm_call(vm, "ibm,get-system-parameter", 20, VM_MEMORY_BYTES - 8, 64),
		-9999);
	assert_parameter(vm, 42, 3, "\0\1\0", 3);
}

TEST_IN(parameters_are_not_set, start, end)
{
	struct vm *vm = *state;

	assert_int_equal(vm_call(vm, "ibm,set-system-parameter", 20, BUFFER), -9002);
	assert_int_equal(vm_call(vm, "ibm,set-system-parameter", 42, BUFFER), -9002);
	assert_int_equal(vm_call(vm, "ibm,set-system-parameter", 48, BUFFER), -9002);
	assert_int_equal(vm_call(vm, "ibm,set-system-parameter", 1000, BUFFER), -3);
}

TEST(parameters_of_another_machine)
{
	struct papr_config config = vm_config;
	struct vm vm;

	config.has_uuid = true;
	memcpy(config.uuid, "0123456789abcdef", 16);
	config.cpu_model = "power10"; /* QEMU has no HostThrs for it */
	vm_start(&vm, &config);
	assert_parameter(&vm, 48, 64,
			 "\0\x10"
			 "0123456789abcdef",
			 18);
	assert_parameter(&vm, 20, 4096,
			 "\0\x32MaxEntCap=4,DesMem=1024,DesProcs=1,MaxPlatProcs=4", 0x34);
	vm_end(&vm);
}

/* ---- nvram ---- */

TEST_IN(nvram, start, end)
{
	struct vm *vm = *state;
	uint32_t r[2];

	memcpy(vm->memory + BUFFER, "kept", 4);
	assert_int_equal(vm_rtas(vm, "nvram-store", 3,
				 (uint32_t[]){ RTAS_NVRAM_BYTES - 4, BUFFER, 4 }, 2, r),
			 0);
	assert_int_equal(r[1], 4);
	vm_reset(vm);
	memset(vm->memory + BUFFER, 0, 8);
	assert_int_equal(vm_rtas(vm, "nvram-fetch", 3,
				 (uint32_t[]){ RTAS_NVRAM_BYTES - 8, BUFFER, 8 }, 2, r),
			 0);
	assert_int_equal(r[1], 8);
	assert_memory_equal(vm->memory + BUFFER, "\0\0\0\0kept", 8);
}

TEST_IN(nvram_out_of_range, start, end)
{
	static const uint32_t bad[][3] = {
		{ RTAS_NVRAM_BYTES - 8, BUFFER, 16 },
		{ UINT32_MAX, BUFFER, 1 },
		{ 1, BUFFER, UINT32_MAX },
		{ 0, VM_MEMORY_BYTES - 2, 4 },
		{ 0, UINT32_MAX, 4 },
	};
	struct vm *vm = *state;
	uint32_t r[2];

	for (size_t i = 0; i < COUNT(bad); i++) {
		assert_int_equal(vm_rtas(vm, "nvram-fetch", 3, bad[i], 2, r), -3);
		assert_int_equal(r[1], 0);
		assert_int_equal(vm_rtas(vm, "nvram-store", 3, bad[i], 2, r), -3);
		assert_int_equal(r[1], VM_UNWRITTEN);
	}
	assert_memory_equal(rtas_of(vm->vmm)->nvram, "\0\0\0\0", 4);
}

/* ---- The end of a guest ---- */

TEST_IN(power, start, end)
{
	struct vm *vm = *state;

	assert_int_equal(vm_rtas(vm, "system-reboot", 0, NULL, 1, NULL), 0);
	assert_int_equal(vm_call(vm, "power-off", 0, 0), 0);
	assert_notes(vm, "RESET guest-reset\nSHUTDOWN guest-shutdown\n");
}

TEST_IN(last_words, start, end)
{
	static const char words[] = "Fatal exception\n";
	struct vm *vm = *state;

	memcpy(vm->memory + BUFFER, words, sizeof(words));
	assert_int_equal(vm_call(vm, "ibm,os-term", BUFFER), 0);
	assert_notes(vm, "GUEST_PANICKED Fatal exception?\n");
	assert_string_equal(vm->log, "OS terminated: Fatal exception?\n");
}

TEST_IN(last_words_without_end, start, end)
{
	struct vm *vm = *state;
	const char *notes;

	memset(vm->memory + VM_MEMORY_BYTES - 3, 'x', 3);
	assert_int_equal(vm_call(vm, "ibm,os-term", VM_MEMORY_BYTES - 3), 0);
	assert_notes(vm, "GUEST_PANICKED xxx\n");
	assert_int_equal(vm_call(vm, "ibm,os-term", UINT32_MAX), 0);
	assert_notes(vm, "GUEST_PANICKED \n");
	memset(vm->memory + BUFFER, 'y', 1024);
	assert_int_equal(vm_call(vm, "ibm,os-term", BUFFER), 0);
	notes = vm_notes(vm);
	assert_int_equal(strlen(notes), strlen("GUEST_PANICKED \n") + 511);
}

TEST_IN(display, start, end)
{
	struct papr_config config = vm_config;
	struct vm *vm = *state, dumb;

	assert_int_equal(vm_call(vm, "display-character", 'h'), 0);
	assert_int_equal(vm_call(vm, "display-character", 'i'), 0);
	assert_string_equal(vm->console, "hi");

	config.no_vty = true;
	vm_start(&dumb, &config);
	assert_int_equal(vm_call(&dumb, "display-character", 'h'), -1);
	assert_null(dumb.console);
	vm_end(&dumb);
}

TEST_IN(firmware_only, start, end)
{
	struct vm *vm = *state;

	assert_int_equal(vm_rtas(vm, "quiesce", 0, NULL, 1, NULL), 0);
	assert_int_equal(vm_call(vm, "ibm,set-tce-bypass", 0x71000000, 1), -3);
}

/* ---- Machine checks ---- */

TEST_IN(nmi_needs_rtas, start, end)
{
	struct vm *vm = *state;

	assert_int_equal(vm_call(vm, "ibm,nmi-register", 0x100000, 0x100100), -3);
	assert_int_equal(vm_rtas(vm, "ibm,nmi-interlock", 0, NULL, 1, NULL), -3);
}

TEST_IN(nmi, start, end)
{
	struct vm *vm = *state;

	vm_set_rtas_base(vm, 0x1000000);
	assert_int_equal(vm_call(vm, "ibm,nmi-register", 32 << 20, 0x100100), -3);
	assert_int_equal(vm_call(vm, "ibm,nmi-register", 0x100000, 32 << 20), -3);
	assert_int_equal(vm_rtas(vm, "ibm,nmi-interlock", 0, NULL, 1, NULL), -3);
	assert_int_equal(vm_call(vm, "ibm,nmi-register", 0x100000, 0x100100), 0);
	assert_int_equal(vm_rtas(vm, "ibm,nmi-interlock", 0, NULL, 1, NULL), 0);
	vm_reset(vm);
	assert_int_equal(vm_rtas(vm, "ibm,nmi-interlock", 0, NULL, 1, NULL), -3);
}

/* ---- Processors ---- */

static int32_t stopped_state(struct vm *vm, uint32_t cpu)
{
	uint32_t r[2];
	int32_t status = vm_rtas(vm, "query-cpu-stopped-state", 1, &cpu, 2, r);

	assert_int_equal(r[1] == VM_UNWRITTEN, status != 0);
	return status ? status : (int32_t)r[1];
}

TEST(cpus)
{
	struct papr_config config = vm_config;
	struct vm vm;

	config.cpus = 2;
	vm_start(&vm, &config);
	assert_int_equal(stopped_state(&vm, 0), 2);
	assert_int_equal(stopped_state(&vm, 1), 0);
	assert_int_equal(stopped_state(&vm, 2), -3);
	assert_int_equal(stopped_state(&vm, UINT32_MAX), -3);

	assert_int_equal(vm_call(&vm, "start-cpu", 0, 0, 0), -1);
	assert_int_equal(vm_call(&vm, "start-cpu", 9, 0, 0), -3);
	assert_int_equal(vm_rtas(&vm, "ibm,suspend-me", 0, NULL, 1, NULL), 0);
	assert_notes(&vm, "SUSPEND\n");

	assert_int_equal(vm_call(&vm, "start-cpu", 1, 0x4000, 7), 0);
	assert_notes(&vm, "START_CPU 1\n");
	assert_int_equal(stopped_state(&vm, 1), 2);
	assert_int_equal(vm_rtas(&vm, "ibm,suspend-me", 0, NULL, 1, NULL), -9005);

	vm.cpu = 1;
	assert_int_equal(vm_rtas(&vm, "stop-self", 0, NULL, 1, NULL),
			 (int32_t)VM_UNWRITTEN);
	assert_notes(&vm, "STOP_CPU 1\n");
	assert_int_equal(stopped_state(&vm, 1), 0);
	vm_end(&vm);
}

TEST_IN(cpu_that_is_not_there_stops, start, end)
{
	struct vm *vm = *state;

	vm->cpu = 99;
	assert_int_equal(vm_rtas(vm, "stop-self", 0, NULL, 1, NULL),
			 (int32_t)VM_UNWRITTEN);
	assert_notes(vm, "");
}

TEST(reset_stops_others)
{
	struct papr_config config = vm_config;
	struct vm vm;

	config.cpus = 2;
	vm_start(&vm, &config);
	assert_int_equal(vm_call(&vm, "start-cpu", 1, 0x4000, 7), 0);
	vm_reset(&vm);
	assert_int_equal(stopped_state(&vm, 0), 2);
	assert_int_equal(stopped_state(&vm, 1), 0);
	vm_notes(&vm);
	assert_int_equal(vm_rtas(&vm, "stop-self", 0, NULL, 0, NULL),
			 (int32_t)VM_UNWRITTEN);
	assert_notes(&vm, "STOP_CPU 0\n");
	vm_end(&vm);
}

/* ---- H_LOGICAL_MEMOP ---- */

static int64_t memop(struct vm *vm, uint64_t to, uint64_t from, uint64_t shift,
		     uint64_t count, uint64_t op)
{
	uint64_t args[PAPR_HCALL_ARGS] = { to, from, shift, count, op };

	return papr_vmm_hcall(vm->vmm, vm->cpu, KVMPPC_H_LOGICAL_MEMOP, args);
}

TEST(copies)
{
	enum { AT = 0x40000 };
	struct vm vm;
	uint8_t *at;

	vm_start(&vm, NULL);
	at = vm.memory + AT;
	memcpy(at, "0123456789abcdef", 16);
	assert_int_equal(memop(&vm, AT + 16, AT, 3, 2, 0), H_SUCCESS);
	assert_memory_equal(at + 16, "0123456789abcdef", 16);
	assert_int_equal(memop(&vm, AT + 4, AT, 2, 3, 0), H_SUCCESS); /* overlap */
	assert_memory_equal(at, "01230123456789ab", 16);
	assert_int_equal(memop(&vm, AT, AT + 4, 2, 3, 0), H_SUCCESS);
	assert_memory_equal(at, "0123456789ab89ab", 16);
	assert_int_equal(memop(&vm, AT, AT + 16, 0, 1, 1), H_SUCCESS);
	assert_int_equal(at[0], 0xff ^ '0');

	assert_int_equal(memop(&vm, AT, AT, 4, 1, 0), H_PARAMETER);
	assert_int_equal(memop(&vm, AT, AT, 3, 1, 2), H_PARAMETER);
	assert_int_equal(memop(&vm, AT + 1, AT, 1, 1, 0), H_PARAMETER);
	assert_int_equal(memop(&vm, AT, AT, 0, (64ULL << 20) + 1, 0), H_PARAMETER);
	assert_int_equal(memop(&vm, AT, AT, 3, 1ULL << 61, 0), H_PARAMETER);
	vm_end(&vm);
}

/* Many accesses to memory, whose areas overlap, are as one. */
TEST(a_long_copy)
{
	enum { AT = 0x10000, BYTES = 100003, SHIFTED = 5 };
	uint8_t *before = malloc(BYTES);
	struct vm vm;

	vm_start(&vm, NULL);
	assert_non_null(before);
	for (int i = 0; i < BYTES; i++)
		before[i] = (uint8_t)(i * 7 + i / 251);
	memcpy(vm.memory + AT, before, BYTES);
	assert_int_equal(memop(&vm, AT + SHIFTED, AT, 0, BYTES, 0), H_SUCCESS);
	assert_memory_equal(vm.memory + AT + SHIFTED, before, BYTES);
	assert_int_equal(memop(&vm, AT, AT + SHIFTED, 0, BYTES, 1), H_SUCCESS);
	for (int i = 0; i < BYTES; i++)
		before[i] ^= 0xff;
	assert_memory_equal(vm.memory + AT, before, BYTES);
	free(before);
	vm_end(&vm);
}

static unsigned int maps; /* how often the library has mapped memory */

static void *map(void *priv, uint64_t addr, size_t len)
{
	const struct vm *vm = priv;

	maps++;
	return addr < vm->memory_bytes && len <= vm->memory_bytes - addr
		       ? vm->memory + addr
		       : NULL;
}

/* The same in place. What leaves memory cannot be mapped. */
TEST(copies_in_place)
{
	enum { AT = 0x40000 };
	struct vm vm;
	uint8_t *at;

	vm_start(&vm, NULL);
	machine_of(vm.vmm)->env.map = map;
	machine_of(vm.vmm)->env.read = NULL; /* is not used */
	at = vm.memory + AT;
	memcpy(at, "0123456789abcdef", 16);
	assert_int_equal(memop(&vm, AT + 4, AT, 2, 3, 0), H_SUCCESS);
	assert_memory_equal(at, "012301234567", 12);
	assert_int_equal(memop(&vm, AT + 1, AT, 0, 3, 1), H_SUCCESS);
	assert_memory_equal(at,
			    "0\xcf\xce\xcd"
			    "0123",
			    8);
	assert_int_equal(maps, 4);
	vm_end(&vm);

	vm_start(&vm, NULL);
	machine_of(vm.vmm)->env.map = map;
	assert_int_equal(memop(&vm, VM_MEMORY_BYTES - 8, AT, 3, 2, 0), H_PARAMETER);
	vm_end(&vm);
}

/* The elements before the end of memory are copied. */
TEST(a_copy_that_leaves_memory)
{
	enum { END = VM_MEMORY_BYTES, FROM = 0x1000 };
	struct vm vm;

	vm_start(&vm, NULL);
	memcpy(vm.memory + FROM, "0123456789abcdefghijklmnopqrstuv", 32);
	assert_int_equal(memop(&vm, END - 24, FROM, 3, 4, 0), H_PARAMETER);
	assert_memory_equal(vm.memory + END - 24, "0123456789abcdefghijklmn", 24);
	assert_int_equal(memop(&vm, FROM, END - 16, 2, 8, 0), H_PARAMETER);
	assert_memory_equal(vm.memory + FROM, "89abcdefghijklmnghijklmn", 24);
	vm_end(&vm);
}

/* A copy that ends at the last address does not continue at the first one. */
TEST(a_copy_that_wraps)
{
	struct vm vm;

	vm_start(&vm, NULL);
	memset(vm.memory, 0x5a, 0x100);
	memcpy(vm.memory + 0x28, "01234567", 8);
	assert_int_equal(memop(&vm, -8ULL, -16ULL, 3, 8, 0), H_PARAMETER);
	assert_int_equal(memop(&vm, 0x80, -8ULL, 3, 4, 0), H_PARAMETER);
	assert_int_equal(vm.memory[0x30], 0x5a);
	assert_int_equal(vm.memory[0x80], 0x5a);
	vm_end(&vm);
}
