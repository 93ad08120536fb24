// SPDX-License-Identifier: GPL-2.0-or-later
/* The fields in the sections of events of version 6. */
#include <errno.h>

#include "librtas/ev.h"
#include "tests/unit/fakes/event_parsed.h"

TEST(hot_plug)
{
	static const struct {
		const char *name;
		uint32_t type, action, identifier, flags, index, count;
		const char *drc_name;
	} rows[] = {
		{ "T1", RTAS_HP_TYPE_PCI, RTAS_HP_ACTION_ADD, RTAS_HP_ID_DRC_INDEX, 0,
		  0x40000020 },
		{ "T2", RTAS_HP_TYPE_PCI, RTAS_HP_ACTION_ADD, RTAS_HP_ID_DRC_INDEX, 0,
		  0x40000020 },
		{ "T3", RTAS_HP_TYPE_MEMORY, RTAS_HP_ACTION_REMOVE, RTAS_HP_ID_DRC_COUNT,
		  0, 0, 4 },
		{ "T4", RTAS_HP_TYPE_MEMORY, RTAS_HP_ACTION_ADD,
		  RTAS_HP_ID_DRC_COUNT_INDEXED, 0, 0x80000004, 4 },
		{ "T5", RTAS_HP_TYPE_CPU, RTAS_HP_ACTION_ADD, RTAS_HP_ID_DRC_NAME, 0, 0,
		  0, "CPU 8" },
		{ "H1", RTAS_HP_TYPE_SLOT, RTAS_HP_ACTION_REMOVE, RTAS_HP_ID_DRC_NAME,
		  0x80, 0, 0, "U78D3.001.WZS0001-P1-" },
		{ "M19a", 200, RTAS_HP_ACTION_ADD, RTAS_HP_ID_DRC_INDEX, 0, 0x40000020 },
		{ "M19b", RTAS_HP_TYPE_PCI, 9, RTAS_HP_ID_DRC_INDEX, 0, 0x40000020 },
		{ "M19c", RTAS_HP_TYPE_PCI, RTAS_HP_ACTION_ADD, 0 },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct rtas_event *re = event_parsed(rows[i].name);
		const struct rtas_hotplug_scn *hp = rtas_get_hotplug_scn(re);

		assert_memory_equal(hp->v6hdr.id, "HP", 2);
		assert_int_equal(hp->v6hdr.length, re->event_length - 96);
		assert_int_equal(hp->type, rows[i].type);
		assert_int_equal(hp->action, rows[i].action);
		assert_int_equal(hp->identifier, rows[i].identifier);
		assert_int_equal(hp->reserved, rows[i].flags);
		if (rows[i].drc_name) {
			const char *name = hp->u1.drc_name;

			assert_string_equal(name, rows[i].drc_name);
		} else if (rows[i].identifier == RTAS_HP_ID_DRC_COUNT_INDEXED) {
			assert_int_equal(hp->u1.count, rows[i].count);
			assert_int_equal(hp->u1.indexed.drc_index, rows[i].index);
		} else {
			assert_int_equal(hp->u1.count, rows[i].index + rows[i].count);
			assert_int_equal(hp->u1.indexed.drc_index, 0);
		}
		cleanup_rtas_event(re);
	}
}

TEST(epow)
{
	struct rtas_event *re = event_parsed("T6");
	const struct rtas_epow_scn *ep = rtas_get_epow_scn(re);

	assert_int_equal(ep->sensor_value, 2);
	assert_int_equal(ep->action_code, RTAS_EPOW_ACTION_SYSTEM_SHUTDOWN);
	assert_int_equal(ep->event_modifier, RTAS_EPOW_MOD_UTILITY_POWER_LOSS);
	assert_memory_equal(ep->reason_code, "ASON12\0\0", 8);
	assert_int_equal(ep->v6hdr.length, 20);
	assert_int_equal(ep->sensor_token, 0);
	cleanup_rtas_event(re);
}

TEST(io)
{
	struct rtas_event *re = event_parsed("T9");
	const struct rtas_io_scn *ie = rtas_get_io_scn(re);

	assert_int_equal(ie->event_type, RTAS_IO_TYPE_RPC_PASS_THRU);
	assert_int_equal(ie->rpc_length, 20);
	assert_int_equal(ie->scope, RTAS_IO_SCOPE_NA);
	assert_int_equal(ie->subtype, RTAS_IO_SUBTYPE_REBALANCE);
	assert_int_equal(ie->drc_index, 0x20000005);
	assert_memory_equal(ie->rpc_data, "RPC DATA 0123456789A\0", 21);
	cleanup_rtas_event(re);
}

/* A length inside a section is limited by the bytes, and the size of the structure. */
TEST(lengths_inside)
{
	static const struct {
		const char *vector;
		size_t at;
		uint32_t is;
	} rows[] = { { "T9", 96 + 9, 20 }, { "T8", 96 + 15, 40 } };

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct event_bytes v = event_bytes_of(rows[i].vector);
		struct rtas_event *re;

		v.b[rows[i].at] = 0xff;
		re = parse_rtas_event((char *)v.b, (int)v.len);
		assert_non_null(re);
		if (rtas_get_io_scn(re))
			assert_int_equal(rtas_get_io_scn(re)->rpc_length, rows[i].is);
		else
			assert_int_equal(rtas_get_dump_scn(re)->id_len, rows[i].is);
		cleanup_rtas_event(re);
	}
}

TEST(dump)
{
	struct rtas_event *re = event_parsed("T8");
	const struct rtas_dump_scn *dh = rtas_get_dump_scn(re);

	assert_int_equal(dh->v6hdr.subtype, RTAS_DUMP_SUBTYPE_PLATDUMP);
	assert_int_equal(dh->id, 0x01000001);
	assert_int_equal(dh->location, 0);
	assert_int_equal(dh->fname_type, 0);
	assert_int_equal(dh->size_valid, 1);
	assert_int_equal(dh->id_len, 20);
	assert_int_equal(dh->size_hi, 0);
	assert_int_equal(dh->size_lo, 0x123456);
	assert_string_equal(dh->os_id, "/var/log/dump/SYSDUMP");
	cleanup_rtas_event(re);
}

TEST(dump_is_renamed)
{
	static const char forty[] = "0123456789012345678901234567890123456789";
	struct rtas_event *re = event_parsed("T8");
	const struct rtas_dump_scn *dh = rtas_get_dump_scn(re);
	char before[160];

	memcpy(before, re->buffer, sizeof(before));
	assert_int_equal(update_os_id_scn(re, "SYSDUMP.1"), 0);
	assert_int_equal(dh->id_len, 12);
	assert_string_equal(dh->os_id, "SYSDUMP.1");
	assert_int_equal(re->buffer[96 + 15], 12);
	assert_memory_equal(re->buffer + 96 + 24, "SYSDUMP.1\0\0\0\0\0\0\0", 16);
	before[96 + 15] = 12;
	memset(before + 96 + 24, 0, 40);
	memcpy(before + 96 + 24, "SYSDUMP.1", 9);
	assert_memory_equal(re->buffer, before, sizeof(before));

	assert_int_equal(
		update_os_id_scn(re, "0123456789012345678901234567890123456789+"), -1);
	assert_int_equal(dh->id_len, 12);
	assert_int_equal(update_os_id_scn(re, forty), 0);
	assert_memory_equal(dh->os_id, forty, 40);
	assert_int_equal(dh->id_len, 40);
	cleanup_rtas_event(re);

	re = event_parsed("T1");
	assert_int_equal(update_os_id_scn(re, "a"), -1);
	cleanup_rtas_event(re);
	assert_int_equal(update_os_id_scn(NULL, "a"), -1);
}

/* A section without room for a name of 40. */
TEST(short_dump_is_not_overrun)
{
	struct event_bytes v = event_bytes_of("T8");
	struct rtas_event *re;
	char *buf;

	v.len = 96 + 24 + 8;
	event_put_length(v.b, v.len - 8);
	v.b[96 + 3] = 24 + 8;
	buf = exact_copy(v.b, v.len);
	re = parse_rtas_event(buf, (int)v.len);
	assert_non_null(re);
	assert_int_equal(rtas_get_dump_scn(re)->id_len, 8);
	assert_int_equal(update_os_id_scn(re, "123456789"), -1);
	assert_memory_equal(buf, v.b, v.len);
	assert_int_equal(update_os_id_scn(re, "12345"), 0);
	assert_int_equal(rtas_get_dump_scn(re)->id_len, 8);
	cleanup_rtas_event(re);
	free(buf);
}

TEST(resource_and_machine)
{
	struct rtas_event *re = event_parsed("T10");
	const struct rtas_lri_scn *lr = rtas_get_lri_scn(re);
	const struct rtas_mt_scn *mt;

	assert_int_equal(lr->resource, RTAS_LRI_RES_MEM_PAGE);
	assert_int_equal(lr->capacity, 0);
	assert_int_equal(lr->lri_mem_addr_lo, 0x12345000);
	assert_int_equal(lr->lri_drc_index, 0x12345000);
	assert_int_equal(lr->lri_mem_addr_hi, 1);
	cleanup_rtas_event(re);

	re = event_parsed("T12");
	mt = rtas_get_mt_scn(re);
	assert_memory_equal(&mt->v6hdr, "MT\0\x1c\1\0\0\0", 8);
	assert_string_equal(mt->mtms.model, "9105-22A");
	assert_string_equal(mt->mtms.serial_no, "1234567     ");
	cleanup_rtas_event(re);
}

TEST(reference_codes)
{
	struct rtas_event *re = event_parsed("T7");
	const struct rtas_src_scn *src = rtas_get_src_scn(re);

	assert_int_equal(src->version, 2);
	assert_memory_equal(src->src_platform_data, "\1\2\3\4\5\6\7", 7);
	assert_true(src_subscns_included(src));
	assert_int_equal(src->ext_refcode2, 0x22222222);
	assert_int_equal(src->ext_refcode3, 0x33333333);
	assert_int_equal(src->ext_refcode4, 0x44444444);
	assert_int_equal(src->ext_refcode5, 0x55555555);
	assert_int_equal(src->ext_refcode6, 0x66666666);
	assert_int_equal(src->ext_refcode7, 0x77777777);
	assert_int_equal(src->ext_refcode8, 0x88888888);
	assert_int_equal(src->ext_refcode9, 0x99999999);
	assert_string_equal(src->primary_refcode, "BA170100                        ");
	assert_int_equal(src->subscn_id, 0xc0);
	assert_int_equal(src->subscn_platform_data, 0);
	assert_int_equal(src->subscn_length, 0x29);
	cleanup_rtas_event(re);

	re = event_parsed("T12");
	src = rtas_get_src_scn(re);
	assert_false(src_subscns_included(src));
	assert_int_equal(src->subscn_id, 0);
	assert_null(src->fru_scns);
	cleanup_rtas_event(re);

	re = event_parsed("S1");
	assert_null(rtas_get_src_scn(re));
	cleanup_rtas_event(re);
}

static void check_fru(const struct rtas_fru_scn *fru, uint32_t length, uint32_t type,
		      char priority, const char *location)
{
	assert_non_null(fru);
	assert_int_equal(fru->length, length);
	assert_int_equal(fru->type, type);
	assert_int_equal(fru->priority, priority);
	assert_string_equal(fru->loc_code, location);
}

TEST(call_outs)
{
	struct rtas_event *re = event_parsed("T7");
	const struct rtas_fru_scn *fru = rtas_get_src_scn(re)->fru_scns;
	const struct rtas_fru_id_scn *id;

	check_fru(fru, 0x38, 2, RTAS_FRU_PRIORITY_HIGH, "U9105.22A.1234567-P0-C5");
	assert_int_equal(fru->fru_id_included, 1);
	assert_int_equal(fru->fru_subscn_included, 0);
	assert_int_equal(fru->loc_code_length, 24);
	id = (const void *)fru->subscns;
	assert_memory_equal(id->fruhdr.id, "ID", 2);
	assert_int_equal(id->fruhdr.length, 28);
	assert_int_equal(id->fruhdr.flags & RTAS_FRUID_COMP_MASK,
			 RTAS_FRUID_COMP_HARDWARE);
	assert_true(fruid_has_part_no(id));
	assert_false(fruid_has_proc_id(id));
	assert_string_equal(id->part_no, "12R3456");
	assert_string_equal(id->procedure_id, "");
	assert_string_equal(id->ccin, "28B7");
	assert_string_equal(id->serial_no, "YL1234567890");
	assert_null(id->fruhdr.next);

	fru = fru->next;
	check_fru(fru, 0x28, 2, RTAS_FRU_PRIORITY_MEDIUM, "U9105.22A.1234567-P0-C5");
	id = (const void *)fru->subscns;
	assert_true(fruid_has_proc_id(id));
	assert_string_equal(id->procedure_id, "FSPSP04");
	assert_string_equal(id->part_no, "");
	cleanup_rtas_event(re);
}

TEST(enclosure_and_units)
{
	struct rtas_event *re = event_parsed("T7");
	const struct rtas_fru_scn *fru = rtas_get_src_scn(re)->fru_scns->next->next;
	const struct rtas_fru_pe_scn *pe;
	const struct rtas_fru_mr_scn *mr;

	check_fru(fru, 0x40, 0, RTAS_FRU_PRIORITY_LOW, "");
	assert_int_equal(fru->fru_id_included, 0);
	assert_int_equal(fru->fru_subscn_included, 7);
	assert_null(fru->next);
	pe = (const void *)fru->subscns;
	assert_memory_equal(pe->fruhdr.id, "PE", 2);
	assert_string_equal(pe->pce_mtms.model, "9105-22A");
	assert_string_equal(pe->pce_mtms.serial_no, "SER123456789");
	assert_string_equal(pe->pce_name, "PCENAME");
	mr = (const void *)pe->fruhdr.next;
	assert_memory_equal(mr->fruhdr.id, "MR", 2);
	assert_int_equal(frumr_num_callouts(mr), 2);
	assert_int_equal(mr->mrus[0].priority, 'H');
	assert_int_equal(mr->mrus[0].id, 0xdead0001);
	assert_int_equal(mr->mrus[1].priority, 'M');
	assert_int_equal(mr->mrus[1].id, 0xdead0002);
	assert_int_equal(mr->mrus[2].id, 0);
	assert_null(mr->fruhdr.next);
	cleanup_rtas_event(re);
}

/* Invalid call-outs, a location code that is too long, length 0: none. */
TEST(bad_call_outs)
{
	static const char *const names[] = { "M17", "M18" };
	struct event_bytes v = event_bytes_of("T7");
	struct rtas_event *re;

	for (size_t i = 0; i < COUNT(names); i++) {
		re = event_parsed(names[i]);
		assert_null(rtas_get_src_scn(re)->fru_scns);
		cleanup_rtas_event(re);
	}

	v.b[180 + 0x38] = 0; /* the second one */
	re = parse_rtas_event((char *)v.b, (int)v.len);
	assert_non_null(re);
	check_fru(rtas_get_src_scn(re)->fru_scns, 0x38, 2, 'H',
		  "U9105.22A.1234567-P0-C5");
	assert_null(rtas_get_src_scn(re)->fru_scns->next);
	cleanup_rtas_event(re);
}

TEST(unknown_sections)
{
	struct rtas_event *re = event_parsed("T11");
	const struct rtas_v6_generic *mi = (const void *)re->event_scns;
	const struct rtas_v6_generic *ud;

	while (mi->shdr.scn_id != RTAS_GENERIC_SCN)
		mi = (const void *)mi->shdr.next;
	ud = (const void *)mi->shdr.next;
	assert_memory_equal(mi->v6hdr.id, "MI", 2);
	assert_int_equal(mi->v6hdr.length, 32);
	assert_int_equal(mi->v6hdr.subtype, 3);
	assert_int_equal(mi->v6hdr.creator_comp_id, 0x4142);
	assert_memory_equal(mi->data, "0123456789abcdefghijklmn", 24);
	assert_memory_equal(ud->v6hdr.id, "UD", 2);
	assert_memory_equal(ud->data, "xxxxxxxx", 8);
	assert_null(ud->shdr.next);
	cleanup_rtas_event(re);
}

/* A section that lacks a byte of its fields is refused, and not read past its end. */
TEST(sections_need_their_fields)
{
	static const struct {
		int scn_id;
		size_t min;
	} rows[] = {
		{ RTAS_PRIV_HDR_SCN, 48 }, { RTAS_USR_HDR_SCN, 24 }, { RTAS_IO_SCN, 16 },
		{ RTAS_DUMP_SCN, 24 },	   { RTAS_LRI_SCN, 20 },     { RTAS_MT_SCN, 28 },
		{ RTAS_PSRC_SCN, 80 },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		for (size_t len = EVENT_SECTION_HEAD_BYTES; len <= 80; len++) {
			struct event_section s = { .len = len, .bytes = calloc(1, len) };
			struct scn_header *scn;

			assert_int_equal(ev_make(rows[i].scn_id, 6, &s, &scn),
					 len < rows[i].min ? -EBADMSG : 0);
			assert_int_equal(!scn, len < rows[i].min);
			if (scn)
				ev_free(scn);
			free((void *)(uintptr_t)s.bytes);
		}
	}
}
