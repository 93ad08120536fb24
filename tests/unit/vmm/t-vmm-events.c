// SPDX-License-Identifier: GPL-2.0-or-later
/* Event logs: their bytes, their classes, and their retrieval. */
#include "tests/unit/fakes/vmm_machine.h"
#include "wire/event.h"
#include "wire/event_hp.h"

enum { ALL = -1, EPOW = 0x40000000, HOT_PLUG = 0x10000000, LOG_BYTES = 0x74 };

/* QEMU 7.2, "add" of the card in slot 3; date, time and log number are this test's. */
// clang-format off
static const uint8_t add_c24[LOG_BYTES] = {
	0x06, 0x34, 0x60, 0xe5, 0, 0, 0, 0x6c, 0x86, 0, 0x8e, 0, 0, 0, 0, 0,
	0, 0, 0, 0, 'I', 'B', 'M', 0,
	'P', 'H', 0, 0x30, 0, 0, 0, 0, 0x20, 0x01, 0x09, 0x09, 0x01, 0x46, 0x40, 0,
	0, 0, 0, 0, 0, 0, 0, 0, 'H', 0, 0, 3, 0, 0, 0, 0,
	0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
	'U', 'H', 0, 0x18, 0, 0, 0, 0, 0x80, 0, 0, 0, 0, 0, 0, 0,
	0, 0, 0, 0, 0, 0, 0, 0,
	'H', 'P', 0, 0x14, 1, 0, 0, 0, 5, 1, 2, 0, 0x40, 0, 0, 0x18, 0, 0, 0, 0,
};
// clang-format on

static const struct hp_section hp_c24 = {
	.type = HP_PCI, .action = HP_ADD, .id = HP_INDEX, .index = 0x40000018
};

static int32_t fetch(struct vm *vm, uint32_t mask, uint32_t len)
{
	memset(vm->memory + VM_EVENT_BUFFER, 0xee, 4096);
	return vm_call(vm, "check-exception", 0x500, 0, mask, 0, VM_EVENT_BUFFER, len);
}

static uint32_t plid(const struct vm *vm)
{
	return vm_be32(vm, VM_EVENT_BUFFER + 64);
}

TEST(hotplug_bytes)
{
	struct event_fixed fixed;
	struct vm vm;

	vm_start(&vm, NULL);
	event_hotplug(vm.vmm, &hp_c24);
	assert_notes(&vm, "irq 0x1001\n");
	assert_int_equal(fetch(&vm, EPOW, 2048), 1);
	assert_int_equal(fetch(&vm, HOT_PLUG, 2048), 0);
	assert_memory_equal(vm.memory + VM_EVENT_BUFFER, add_c24, LOG_BYTES);
	assert_int_equal(vm.memory[VM_EVENT_BUFFER + LOG_BYTES], 0xee);
	assert_int_equal(fetch(&vm, HOT_PLUG, 2048), 1);
	assert_notes(&vm, "");

	assert_int_equal(event_fixed_decode(&fixed, add_c24, sizeof(add_c24)), 0);
	assert_int_equal(fixed.version, 6);
	assert_int_equal(fixed.type, EVENT_TYPE_HOT_PLUG);
	assert_int_equal(fixed.initiator, EVENT_BY_HOT_PLUG);
	vm_end(&vm);
}

TEST(identifiers)
{
	static const struct {
		struct hp_section hp;
		const char *bytes;
	} rows[] = {
		{ { .type = HP_CPU,
		    .action = HP_REMOVE,
		    .id = HP_INDEX,
		    .index = 0x10000001 },
		  "HP\0\x14\1\0\0\0\1\2\2\0\x10\0\0\1\0\0\0\0" },
		{ { .type = HP_MEMORY, .action = HP_ADD, .id = HP_COUNT, .count = 2 },
		  "HP\0\x14\1\0\0\0\2\1\3\0\0\0\0\2\0\0\0\0" },
		{ { .type = HP_MEMORY,
		    .action = HP_ADD,
		    .id = HP_COUNT_INDEXED,
		    .count = 2,
		    .index = 0x80000004 },
		  "HP\0\x14\1\0\0\0\2\1\4\0\0\0\0\2\x80\0\0\4" },
		{ { .type = HP_SLOT,
		    .action = HP_ADD,
		    .id = HP_NAME,
		    .name = "U1-P1-C1" },
		  "HP\0\x15\1\0\0\0\3\1\1\0U1-P1-C1" },
		{ { .type = HP_SLOT, .action = HP_ADD, .id = HP_NAME, .name = "C1" },
		  "HP\0\x14\1\0\0\0\3\1\1\0C1\0\0\0\0\0" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		uint8_t bytes[64];
		struct builder b = builder_of(bytes, sizeof(bytes));
		struct hp_section hp;

		hp_section_encode(&b, &rows[i].hp);
		assert_memory_equal(bytes, rows[i].bytes, b.len);
		assert_int_equal(bytes[3], b.len);
		assert_int_equal(hp_section_decode(&hp, bytes, b.len), 0);
		assert_int_equal(hp.type, rows[i].hp.type);
		assert_int_equal(hp.action, rows[i].hp.action);
		assert_int_equal(hp.index, rows[i].hp.index);
		assert_int_equal(hp.count, rows[i].hp.count);
		if (hp.id == HP_NAME)
			assert_string_equal(hp.name, rows[i].hp.name);
		for (size_t len = 0; len < b.len; len++) {
			uint8_t *cut = exact_copy(bytes, len);

			assert_int_equal(hp_section_decode(&hp, cut, len), -EBADMSG);
			free(cut);
		}
	}
}

/* Return 0 at the end of the sections, or the error. */
static int drain(struct event_section_iter *it)
{
	struct event_section s;
	int more;

	while ((more = event_sections_next(it, &s)) > 0)
		;
	return more;
}

TEST(decode_cut_logs)
{
	struct event_section_iter it;
	struct event_section s;
	struct event_fixed fixed;
	int n = 0;

	for (size_t len = 0; len < sizeof(add_c24); len++) {
		uint8_t *cut = exact_copy(add_c24, len);

		assert_int_equal(event_sections_begin(&it, cut, len) ?: drain(&it),
				 -EBADMSG);
		free(cut);
	}
	assert_int_equal(event_sections_begin(&it, add_c24, sizeof(add_c24)), 0);
	while (event_sections_next(&it, &s) == 1)
		n++;
	assert_int_equal(n, 3);
	assert_int_equal(s.id, HP_SECTION_ID);
	assert_int_equal(s.version, 1);
	/* an old log without an extended part */
	assert_int_equal(event_fixed_decode(&fixed, "\2\x64\1\x40\0\0\0\0", 8), 0);
	assert_int_equal(fixed.version, 2);
	assert_int_equal(event_sections_begin(&it, "\2\x64\1\x40\0\0\0\0", 8), 0);
	assert_int_equal(event_sections_next(&it, &s), 0);
}

TEST(epow)
{
	struct epow_section section;
	struct vm vm;

	vm_start(&vm, NULL);
	papr_vmm_powerdown(vm.vmm);
	assert_notes(&vm, "POWERDOWN\nirq 0x1000\n");
	assert_int_equal(fetch(&vm, HOT_PLUG, 2048), 1);
	assert_int_equal(fetch(&vm, EPOW, 2048), 0);
	assert_int_equal(vm_be32(&vm, VM_EVENT_BUFFER), 0x06340040);
	assert_int_equal(vm.memory[VM_EVENT_BUFFER + 80], 0xa0);
	assert_int_equal(vm.memory[VM_EVENT_BUFFER + 83], 0xd0);
	assert_memory_equal(vm.memory + VM_EVENT_BUFFER + 96,
			    "EP\0\x14\2\0\0\0\3\1\1\0\0\0\0\0\0\0\0\0", 20);
	assert_int_equal(
		epow_section_decode(&section, vm.memory + VM_EVENT_BUFFER + 96, 20), 0);
	assert_int_equal(section.sensor, EPOW_SYSTEM_SHUTDOWN);
	assert_int_equal(
		epow_section_decode(&section, vm.memory + VM_EVENT_BUFFER + 96, 19),
		-EBADMSG);
	vm_end(&vm);
}

/* One queue; a log's class is compared when it is read. */
TEST(classes_and_order)
{
	struct vm vm;

	vm_start(&vm, NULL);
	event_hotplug(vm.vmm, &hp_c24); /* 0 */
	event_epow(vm.vmm);		/* 1 */
	event_hotplug(vm.vmm, &hp_c24); /* 2 */
	vm_notes(&vm);
	assert_int_equal(fetch(&vm, 0, 2048), 1);
	assert_int_equal(fetch(&vm, 0x80000000, 2048), 1);
	assert_notes(&vm, "");
	assert_int_equal(fetch(&vm, EPOW, 2048), 0);
	assert_int_equal(plid(&vm), 1);
	assert_notes(&vm, "irq 0x1001\n"); /* of the remaining ones */
	assert_int_equal(fetch(&vm, ALL, 2048), 0);
	assert_int_equal(plid(&vm), 0);
	assert_notes(&vm, "irq 0x1001\n");

	machine_of(vm.vmm)->ov5[5] = 0; /* a guest without a source for hot plug */
	event_hotplug(vm.vmm, &hp_c24);
	assert_notes(&vm, "irq 0x1000\n");
	assert_int_equal(fetch(&vm, HOT_PLUG, 2048), 1);
	assert_int_equal(fetch(&vm, EPOW, 2048), 0);
	assert_int_equal(plid(&vm), 2);
	assert_notes(&vm, "irq 0x1000\n");
	vm_end(&vm);
}

TEST(queue_is_cleared)
{
	struct vm vm;

	vm_start(&vm, NULL);
	event_hotplug(vm.vmm, &hp_c24);
	event_epow(vm.vmm);
	event_hotplug(vm.vmm, &hp_c24);
	events_clear_hotplug(events_of(vm.vmm)); /* CAS */
	event_hotplug(vm.vmm, &hp_c24);
	assert_int_equal(fetch(&vm, ALL, 2048), 0);
	assert_int_equal(plid(&vm), 1);
	assert_int_equal(fetch(&vm, ALL, 2048), 0);
	assert_int_equal(plid(&vm), 3);
	event_epow(vm.vmm);
	event_hotplug(vm.vmm, &hp_c24);
	vm_reset(&vm);
	assert_int_equal(fetch(&vm, ALL, 2048), 1);
	event_epow(vm.vmm); /* the queue still works */
	assert_int_equal(fetch(&vm, ALL, 2048), 0);
	vm_end(&vm);
}

/* QEMU writes the whole log, for any length. */
TEST(short_buffers)
{
	static const uint32_t lengths[] = { 0, 1, 8, 115, 116, 117, UINT32_MAX };
	struct vm vm;

	vm_start(&vm, NULL);
	for (size_t i = 0; i < COUNT(lengths); i++) {
		uint32_t n = lengths[i] < LOG_BYTES ? lengths[i] : LOG_BYTES;

		event_hotplug(vm.vmm, &hp_c24);
		assert_int_equal(fetch(&vm, HOT_PLUG, lengths[i]), 0);
		if (n)
			assert_int_equal(vm.memory[VM_EVENT_BUFFER + n - 1] == 0xee,
					 false);
		assert_int_equal(vm.memory[VM_EVENT_BUFFER + n], 0xee);
		assert_int_equal(fetch(&vm, HOT_PLUG, 2048), 1);
	}

	/* A buffer without memory: the log stays. */
	event_hotplug(vm.vmm, &hp_c24);
	assert_int_equal(vm_call(&vm, "check-exception", 0, 0, ALL, 0,
				 VM_MEMORY_BYTES - 100, 2048),
			 -3);
	assert_int_equal(vm_call(&vm, "check-exception", 0, 0, ALL, 0,
				 VM_MEMORY_BYTES - 116, 2048),
			 0);
	vm_end(&vm);
}

TEST(scan_delivers_nothing)
{
	struct vm vm;

	vm_start(&vm, NULL);
	assert_int_equal(vm_call(&vm, "event-scan", ALL, 0, VM_EVENT_BUFFER, 2048), 1);
	assert_notes(&vm, "");
	event_hotplug(vm.vmm, &hp_c24);
	event_epow(vm.vmm);
	vm_notes(&vm);
	assert_int_equal(vm_call(&vm, "event-scan", 0, 0, VM_EVENT_BUFFER, 2048), 1);
	assert_notes(&vm, "irq 0x1000\nirq 0x1001\n");
	assert_int_equal(vm_call(&vm, "event-scan", ALL, 0, VM_EVENT_BUFFER), -3);
	assert_int_equal(vm_call(&vm, "check-exception", 0, 0, ALL, 0, VM_EVENT_BUFFER),
			 -3);
	assert_int_equal(
		vm_call(&vm, "check-exception", 0, 0, ALL, 0, VM_EVENT_BUFFER, 2048, 0),
		0);
	vm_end(&vm);
}

TEST(injected)
{
	uint8_t *big = calloc(1, 2049);
	struct vm vm;

	vm_start(&vm, NULL);
	big[3] = EVENT_TYPE_HOT_PLUG;
	assert_int_equal(papr_vmm_inject_event(vm.vmm, "1234567", 7), -EINVAL);
	assert_int_equal(papr_vmm_inject_event(vm.vmm, big, 2049), -EINVAL);
	assert_int_equal(papr_vmm_inject_event(vm.vmm, big, 2048), 0);
	assert_int_equal(papr_vmm_inject_event(vm.vmm, "\6\0\0\x40....", 8), 0);
	assert_notes(&vm, "irq 0x1001\nirq 0x1000\n");
	assert_int_equal(fetch(&vm, EPOW, 2048), 0);
	assert_memory_equal(vm.memory + VM_EVENT_BUFFER, "\6\0\0\x40....\xee", 9);
	assert_int_equal(fetch(&vm, HOT_PLUG, 2048), 0);
	free(big);
	vm_end(&vm);
}

TEST(orders)
{
	static const struct {
		struct papr_log log;
		const char *section;
		size_t len;
	} rows[] = {
		{ { .type = 3, .action = 1, .id = 1, .drc_name = "U1-P1-C1" },
		  "HP\0\x15\1\0\0\0\3\1\1\0U1-P1-C1",
		  0x15 },
		{ { .type = 5, .action = 2, .id = 2, .index = 0x40000008 },
		  "HP\0\x14\1\0\0\0\5\2\2\0\x40\0\0\x8\0\0\0\0",
		  0x14 },
		{ { .type = 2, .action = 1, .id = 3, .count = 7, .flags = 0x40 },
		  "HP\0\x14\1\0\0\0\2\1\3\x40\0\0\0\7\0\0\0\0",
		  0x14 },
		{ { .type = 2, .action = 1, .id = 4, .count = 7, .index = 0x80000004 },
		  "HP\0\x14\1\0\0\0\2\1\4\0\0\0\0\7\x80\0\0\4",
		  0x14 },
		{ { .type = 5,
		    .action = 1,
		    .id = 2,
		    .index = 1,
		    .flags = 0x80,
		    .token = 0xabcd },
		  "HP\0\x18\1\0\0\0\5\1\2\x80\0\0\0\1\0\0\0\0\0\0\xab\xcd",
		  0x18 },
	};
	struct vm vm;

	vm_start(&vm, NULL);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct papr_log log = rows[i].log;

		log.size = sizeof(log);
		assert_int_equal(papr_vmm_log_event(vm.vmm, &log), 0);
		assert_notes(&vm, "irq 0x1001\n");
		assert_int_equal(fetch(&vm, HOT_PLUG, 2048), 0);
		assert_int_equal(vm_be32(&vm, VM_EVENT_BUFFER + 4), 88 + rows[i].len);
		assert_memory_equal(vm.memory + VM_EVENT_BUFFER + 96, rows[i].section,
				    rows[i].len);
		/* Counted from 0, in the byte order of other numbers. */
		assert_int_equal(plid(&vm), i);
	}
	vm_end(&vm);
}

TEST(other_orders)
{
	static const struct papr_log wrong[] = {
		{ .id = 0 },
		{ .id = 5 },
		{ .id = 1 },
		{ .kind = PAPR_LOG_PLATFORM_ERROR,
		  .refcode = "123456789012345678901234567890123" },
		{ .kind = (enum papr_log_kind)9 },
	};
	const uint8_t *got;
	struct vm vm;

	vm_start(&vm, NULL);
	got = vm.memory + VM_EVENT_BUFFER;
	assert_int_equal(
		papr_vmm_log_event(vm.vmm,
				   &(struct papr_log){ .size = sizeof(struct papr_log),
						       .kind = PAPR_LOG_EPOW,
						       .sensor = 2,
						       .modifier = 4 }),
		0);
	assert_int_equal(
		papr_vmm_log_event(vm.vmm,
				   &(struct papr_log){ .size = sizeof(struct papr_log),
						       .kind = PAPR_LOG_PRRN,
						       .scope = 0x1f }),
		0);
	assert_int_equal(
		papr_vmm_log_event(vm.vmm,
				   &(struct papr_log){ .size = sizeof(struct papr_log),
						       .kind = PAPR_LOG_PLATFORM_ERROR,
						       .severity = 0x40,
						       .refcode = "B7001234" }),
		0);
	assert_notes(&vm, "irq 0x1000\nirq 0x1000\nirq 0x1000\n");
	assert_int_equal(fetch(&vm, HOT_PLUG, 2048), 1);
	assert_int_equal(fetch(&vm, EPOW, 2048), 0);
	assert_memory_equal(got + 96, "EP\0\x14\2\0\0\0\2\4\0", 11);
	assert_int_equal(fetch(&vm, EPOW, 2048), 0);
	assert_memory_equal(got, "\6\x20\0\xa0\0\0\0\x1f\xee", 9);
	assert_int_equal(fetch(&vm, EPOW, 2048), 0);
	assert_int_equal(got[3], 0xe0);
	assert_int_equal(got[72 + 10], 0x40);
	assert_memory_equal(got + 96, "PS\0\x50\1", 5);
	assert_memory_equal(got + 96 + 48, "B7001234                        \xee", 33);
	assert_int_equal(plid(&vm), 1);
	for (size_t i = 0; i < COUNT(wrong); i++) {
		struct papr_log log = wrong[i];

		log.size = sizeof(log);
		assert_int_equal(papr_vmm_log_event(vm.vmm, &log), -EINVAL);
	}
	vm_end(&vm);
}

TEST(thousand_events)
{
	struct vm vm;

	vm_start(&vm, NULL);
	for (int i = 0; i < 1000; i++)
		event_hotplug(vm.vmm, &hp_c24);
	for (uint32_t i = 0; i < 1000; i++) {
		assert_int_equal(fetch(&vm, HOT_PLUG, 2048), 0);
		assert_int_equal(plid(&vm), i);
	}
	assert_int_equal(fetch(&vm, ALL, 2048), 1);
	vm_end(&vm);
}
