// SPDX-License-Identifier: GPL-2.0-or-later
/* Event logs as bytes: encoded and decoded again, and truncated. */
#include "tests/unit/fakes/test.h"
#include "wire/event.h"
#include "wire/event_hp.h"
#include "wire/event_src.h"

static const struct event_log log_of_hot_plug = {
	.severity = EVENT_SEVERITY_EVENT,
	.disposition = EVENT_NOT_RECOVERED,
	.initiator = EVENT_BY_HOT_PLUG,
	.target = 3,
	.type = EVENT_TYPE_HOT_PLUG,
	.date = 0x20241120,
	.time = 0x13455907,
	.creator = EVENT_CREATOR_HYPERVISOR,
	.plid = 0x50000001,
	.subsystem = EVENT_SUBSYSTEM_HOT_PLUG,
	.event_severity = 0x40,
	.subtype = 0x22,
};

static const struct hp_section identifiers[] = {
	{ .type = HP_PCI, .action = HP_ADD, .id = HP_INDEX, .index = 0x40000018 },
	{ .type = HP_MEMORY,
	  .action = HP_REMOVE,
	  .id = HP_COUNT,
	  .flags = HP_WHAT_CAN_BE_HAD,
	  .count = 1234 },
	{ .type = HP_MEMORY,
	  .action = HP_ADD,
	  .id = HP_COUNT_INDEXED,
	  .count = 2,
	  .index = 0x80000004 },
	{ .type = HP_SLOT, .action = HP_ADD, .id = HP_NAME, .name = "U1-P1-C1-L1" },
	{ .type = HP_CPU,
	  .action = HP_ADD,
	  .id = HP_NAME,
	  .flags = HP_HAS_TOKEN,
	  .token = 0xfeedbeef,
	  .name = "CPU 8" },
	{ .type = HP_PHB,
	  .action = HP_ADD,
	  .id = HP_INDEX,
	  .flags = HP_HAS_TOKEN,
	  .token = 7,
	  .index = 0x20000001 },
	{ .type = 200, .action = 9, .id = 0 },
};

static void check_hp(const struct hp_section *want, const struct hp_section *got)
{
	assert_int_equal(got->type, want->type);
	assert_int_equal(got->action, want->action);
	assert_int_equal(got->id, want->id);
	assert_int_equal(got->flags, want->flags);
	assert_int_equal(got->index, want->index);
	assert_int_equal(got->count, want->count);
	assert_int_equal(got->token, want->token);
	assert_int_equal(!got->name, !want->name);
	if (want->name)
		assert_string_equal(got->name, want->name);
}

/* The header, PH and UH of log_of_hot_plug. */
// clang-format off
static const uint8_t extended[] = {
	0x86, 0, 0x8e, 0, 0, 0, 0, 0, 0, 0, 0, 0, 'I', 'B', 'M', 0,
	'P', 'H', 0, 0x30, 0, 0, 0, 0, 0x20, 0x24, 0x11, 0x20, 0x13, 0x45, 0x59, 0x07,
	0, 0, 0, 0, 0, 0, 0, 0, 'H', 0, 0, 3, 0, 0, 0, 0,
	0, 0, 0, 0, 0, 0, 0, 0, 0x50, 0, 0, 1, 0, 0, 0, 0,
	'U', 'H', 0, 0x18, 0, 0, 0, 0, 0x80, 0, 0x40, 0x22, 0, 0, 0, 0,
	0, 0, 0, 0, 0, 0, 0, 0,
};
// clang-format on

/* The bytes are those of log_of_hot_plug. */
static void check_log(const uint8_t *bytes, size_t len)
{
	const struct event_log *log = &log_of_hot_plug;
	struct event_fixed fixed;

	assert_int_equal(event_fixed_decode(&fixed, bytes, len), 0);
	assert_int_equal(fixed.version, 6);
	assert_int_equal(fixed.severity, log->severity);
	assert_int_equal(fixed.disposition, log->disposition);
	assert_int_equal(fixed.initiator, log->initiator);
	assert_int_equal(fixed.target, log->target);
	assert_int_equal(fixed.type, log->type);
	assert_true(fixed.extended);
	assert_int_equal(fixed.length, len - EVENT_FIXED_BYTES);
	assert_memory_equal(bytes + EVENT_FIXED_BYTES, extended, sizeof(extended));
}

TEST(logs_come_back)
{
	for (size_t i = 0; i < COUNT(identifiers); i++) {
		uint8_t section[64], bytes[256];
		struct builder s = builder_of(section, sizeof(section));
		struct builder b = builder_of(bytes, sizeof(bytes));
		struct event_section_iter it;
		struct event_section found;
		struct hp_section hp;

		hp_section_encode(&s, &identifiers[i]);
		event_log_encode(&b, &log_of_hot_plug, section, s.len);
		assert_true(builder_fits(&b));
		check_log(bytes, b.len);
		assert_true(event_is_ibm(bytes, b.len));

		assert_int_equal(event_sections_begin(&it, bytes, b.len), 0);
		for (int n = 0; n < 3; n++)
			assert_int_equal(event_sections_next(&it, &found), 1);
		assert_int_equal(found.id, EVENT_SECTION_HOT_PLUG);
		assert_int_equal(found.len, s.len);
		assert_int_equal(event_sections_next(&it, &found), 0);
		assert_int_equal(hp_section_decode(&hp, section, s.len), 0);
		check_hp(&identifiers[i], &hp);
		for (size_t len = 0; len < s.len; len++) {
			uint8_t *cut = exact_copy(section, len);

			assert_int_equal(hp_section_decode(&hp, cut, len), -EBADMSG);
			free(cut);
		}
	}
}

/* The section ends at its length, and its fields must be inside. */
TEST(hot_plug_needs_its_identifier)
{
	static const struct {
		const char *bytes;
		size_t len;
		int err;
	} rows[] = {
		{ "HP\0\x10\1\0\0\0\5\1\2\0\x40\0\0\x20", 16, 0 },
		{ "HP\0\x0c\1\0\0\0\5\1\2\0\x40\0\0\x20", 16, -EBADMSG },
		{ "HP\0\x0c\1\0\0\0\5\1\0\0\x40\0\0\x20", 16, 0 },
		{ "HP\0\x10\1\0\0\0\5\1\4\0\x40\0\0\x20", 16, -EBADMSG },
		{ "HP\0\x10\1\0\0\0\5\1\1\0abcd", 16, -EBADMSG },
		{ "HP\0\x10\1\0\0\0\5\1\1\0abc\0", 16, 0 },
		{ "HP\0\x10\1\0\0\0\5\1\2\x80\x40\0\0\x20", 16, -EBADMSG },
		{ "HP\0\x14\1\0\0\0\5\1\2\x80\x40\0\0\x20\0\0\0\1", 20, 0 },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		uint8_t *section = exact_copy(rows[i].bytes, rows[i].len);
		struct hp_section hp;

		assert_int_equal(hp_section_decode(&hp, section, rows[i].len),
				 rows[i].err);
		free(section);
	}
}

TEST(reasons_may_be_short)
{
	const struct epow_section want = {
		.sensor = 0x23,
		.modifier = 2,
		.extension = 1,
		.reason = { 'R', 'E', 'A', 'S', 'O', 'N', '1', '2' },
	};
	uint8_t bytes[EPOW_SECTION_BYTES];
	struct builder b = builder_of(bytes, sizeof(bytes));
	struct epow_section got;

	epow_section_encode(&b, &want);
	assert_int_equal(epow_section_decode(&got, bytes, b.len), 0);
	assert_memory_equal(&got, &want, sizeof(want));
	for (uint8_t len = 0; len < sizeof(bytes); len++) {
		uint8_t *cut = exact_copy(bytes, len);

		if (len > 3)
			cut[3] = len;
		assert_int_equal(epow_section_decode(&got, cut, len),
				 len < 18 ? -EBADMSG : 0);
		if (len >= 18)
			assert_memory_equal(got.reason, "REASON12", len - 12);
		free(cut);
	}
}

/* At an invalid length the iterator stays, and all remaining bytes are available. */
TEST(what_is_left)
{
	static const uint8_t lengths[] = { 0, 7, 17, 255 };
	uint8_t bytes[128];

	for (size_t i = 0; i < COUNT(lengths); i++) {
		struct builder b = builder_of(bytes, sizeof(bytes));
		const uint8_t section[16] = { 'U', 'D', 0, lengths[i], 1, 2, 3, 4 };
		struct event_section_iter it;
		struct event_section found;

		event_log_encode(&b, &log_of_hot_plug, section, sizeof(section));
		assert_int_equal(event_sections_begin(&it, bytes, b.len), 0);
		assert_int_equal(event_sections_next(&it, &found), 1);
		assert_int_equal(event_sections_next(&it, &found), 1);
		assert_int_equal(event_sections_next(&it, &found), -EBADMSG);
		assert_int_equal(event_sections_next(&it, &found), -EBADMSG);
		assert_int_equal(event_sections_rest(&it, &found), 1);
		assert_ptr_equal(found.bytes, bytes + 96);
		assert_int_equal(found.len, 16);
		assert_int_equal(found.id, 'U' << 8 | 'D');
		assert_int_equal(found.version, 1);
		assert_int_equal(found.subtype, 2);
		assert_int_equal(found.component, 0x304);
		assert_int_equal(event_sections_rest(&it, &found), 0);
		assert_int_equal(event_sections_next(&it, &found), 0);
	}
}

/* Decoders of sections require all fields of their kind. */
TEST(sections_are_as_long_as_they_must)
{
	uint8_t bytes[80] = { 0 };

	for (size_t len = EVENT_SECTION_HEAD_BYTES; len <= sizeof(bytes); len++) {
		uint8_t *cut = exact_copy(bytes, len);
		struct event_section s = { .len = len, .bytes = cut };
		struct event_src src;

		assert_int_equal(event_src_decode(&src, &s), len < 80 ? -EBADMSG : 0);
		free(cut);
	}
}

TEST(call_outs_must_be_right)
{
	static const struct {
		const char *bytes;
		size_t len;
		int result;
	} rows[] = {
		{ "", 0, 0 },
		{ "\x04\x20H", 3, -EBADMSG },
		{ "\x04\x20H\0", 4, 1 },
		{ "\x00\x20H\0", 4, -EBADMSG },
		{ "\x03\x20H\0", 4, -EBADMSG },
		{ "\x05\x20H\0", 4, -EBADMSG },
		{ "\x04\x20H\x01", 4, -EBADMSG },
		{ "\x08\x20H\x04LOC\0", 8, 1 },
		{ "\x08\x20H\x05LOC\0", 8, -EBADMSG },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		uint8_t *bytes = exact_copy(rows[i].bytes, rows[i].len);
		struct cursor c = cursor_of(bytes, rows[i].len);
		struct event_callout callout;

		assert_int_equal(event_callout_next(&c, &callout), rows[i].result);
		if (rows[i].result > 0)
			assert_int_equal(event_callout_next(&c, &callout), 0);
		free(bytes);
	}
}

/* Limited by its flags, its bytes, and the caller's array. */
TEST(units_are_counted)
{
	static const uint8_t bytes[] = { 'M', 'R', 24, 15, 0, 0, 0, 0,	 0, 0, 0,    'H',
					 0,   0,   0,  1,  0, 0, 0, 'L', 0, 0, 0x10, 2 };
	struct cursor c = cursor_of(bytes, sizeof(bytes));
	struct event_unit units[15];
	struct event_part part;

	assert_int_equal(event_part_next(&c, &part), 1);
	assert_int_equal(part.id, EVENT_PART_MR);
	assert_int_equal(event_part_mr_decode(&part, units, 15), 2);
	assert_int_equal(units[1].priority, 'L');
	assert_int_equal(units[1].id, 0x1002);
	assert_int_equal(event_part_mr_decode(&part, units, 1), 1);
	part.flags = 1;
	assert_int_equal(event_part_mr_decode(&part, units, 15), 1);
	assert_int_equal(event_part_next(&c, &part), 0);
}
