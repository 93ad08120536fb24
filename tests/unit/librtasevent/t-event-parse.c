// SPDX-License-Identifier: GPL-2.0-or-later
/* The parts of a parsed event, and errors in an event. */
#include "tests/unit/fakes/event_parsed.h"
#include "tests/unit/fakes/guard_pages.h"

/* "id@raw_offset" of each section. */
static const char *sections_of(const struct rtas_event *re)
{
	static char text[256];
	size_t len = 0;

	text[0] = 0;
	for (const struct scn_header *s = re->event_scns; s; s = s->next) {
		assert_ptr_equal(s->re, re);
		len += (size_t)snprintf(text + len, sizeof(text) - len, "%s%d@%u",
					len ? " " : "", s->scn_id, s->raw_offset);
		assert_true(len < sizeof(text));
	}
	return text;
}

#define HEADS "1@0 2@8 11@24 12@72"

static const struct {
	const char *name;
	int error;
	uint32_t offset, length;
	const char *sections;
} outcomes[] = {
	{ "T1", 0, 112, 112, HEADS " 19@96" },
	{ "T2", 0, 116, 116, HEADS " 19@96" },
	{ "T3", 0, 112, 112, HEADS " 19@96" },
	{ "T4", 0, 116, 116, HEADS " 19@96" },
	{ "T5", 0, 116, 116, HEADS " 19@96" },
	{ "T6", 0, 116, 116, HEADS " 3@96" },
	{ "T7", 0, 340, 340, HEADS " 16@96" },
	{ "T8", 0, 160, 160, HEADS " 13@96" },
	{ "T9", 0, 132, 132, HEADS " 4@96" },
	{ "T10", 0, 116, 116, HEADS " 14@96" },
	{ "T11", 0, 144, 144, HEADS " 18@96 18@128" },
	{ "T12", 0, 204, 204, HEADS " 16@96 15@176" },
	{ "T13", 0, 62, 62, "1@0 2@8 5@20 10@48" },
	{ "T14", 0, 48, 48, "1@0 2@8 5@20" },
	{ "T15", 0, 8, 8, "1@0" },
	{ "M1", EINVAL },
	{ "M2", EINVAL },
	{ "M3", 0, 96, 96, HEADS },
	{ "M4", EINVAL },
	{ "M5", EINVAL },
	{ "M6", EINVAL },
	{ "M7", EINVAL },
	{ "M8", EFAULT },
	/* The invalid part is one section of bytes, up to the end. */
	{ "M9a", 0, 112, 112, HEADS " 18@96" },
	{ "M9b", 0, 112, 112, HEADS " 18@96" },
	{ "M9c", 0, 112, 112, HEADS " 18@96" },
	{ "M10", EINVAL },
	{ "M11", 0, 112, 112, "1@0 2@8 12@24 11@48 19@96" },
	{ "M12", 0, 8, 112, "1@0" },
	{ "M13", 0, 120, 120, HEADS " 18@96" },
	{ "M14", 0, 120, 120, HEADS " 18@96" },
	{ "M15", 0, 120, 120, HEADS " 18@96 19@104" },
	{ "M16", 0, 112, 112, HEADS " 18@96" },
	{ "M17", 0, 384, 384, HEADS " 16@96" },
	{ "M18", 0, 184, 184, HEADS " 16@96" },
	{ "M19a", 0, 112, 112, HEADS " 19@96" },
	{ "M19b", 0, 112, 112, HEADS " 19@96" },
	{ "M19c", 0, 112, 112, HEADS " 19@96" },
	{ "M20", 0, 112, 112, HEADS " 19@96" },
	{ "M21", 0, 112, 112, "1@0 2@8 10@20" },
	{ "M22", EFAULT },
	{ "M23", EINVAL },
	{ "M24", 0, 8, 8, "1@0" },
	{ "V1", 0, 48, 48, "1@0 2@8 7@20" },
	{ "V2", 0, 48, 48, "1@0 2@8 4@20" },
	{ "V3", 0, 48, 48, "1@0 2@8 8@20" },
	{ "V4", 0, 48, 48, "1@0 2@8 3@20" },
	{ "V5", 0, 24, 24, "1@0 2@8 6@20" },
	{ "V6", 0, 48, 48, "1@0 2@8 9@20" },
	{ "V7", 0, 35, 35, "1@0 2@8 10@20" },
	{ "V8", 0, 20, 28, "1@0 2@8" },
	{ "S1", 0, 340, 340, HEADS " 17@96" },
	{ "H1", 0, 134, 134, HEADS " 19@96" },
};

static void check_outcome(size_t i, char *buf, int len)
{
	struct rtas_event *re;

	errno = 0;
	re = parse_rtas_event(buf, len);
	print_message("# %s\n", outcomes[i].name);
	if (outcomes[i].error) {
		assert_null(re);
		assert_int_equal(errno, outcomes[i].error);
		return;
	}
	assert_non_null(re);
	assert_ptr_equal(re->buffer, buf);
	assert_int_equal(re->event_no, -1);
	assert_int_equal(re->version, (uint8_t)buf[0]);
	assert_int_equal(re->offset, outcomes[i].offset);
	assert_int_equal(re->event_length, outcomes[i].length);
	assert_string_equal(sections_of(re), outcomes[i].sections);
	cleanup_rtas_event(re);
}

TEST(outcome_of_each)
{
	struct guard_pages pages = guard_pages_new(EVENT_VECTOR_MAX_BYTES);

	assert_non_null(pages.map);
	assert_int_equal(COUNT(outcomes), event_vector_count);
	for (size_t i = 0; i < COUNT(outcomes); i++) {
		struct event_bytes v = event_bytes_of(outcomes[i].name);
		int len = event_vector(outcomes[i].name)->negative ? -1 : (int)v.len;

		check_outcome(i, guard_pages_last(&pages, v.b, v.len), len);
		check_outcome(i, guard_pages_first(&pages, v.b, v.len), len);
	}
	guard_pages_free(&pages);
}

/* Read all that a caller can reach. */
static size_t walk(const struct rtas_event *re)
{
	size_t bytes = 0;

	for (const struct scn_header *s = re->event_scns; s; s = s->next) {
		const struct rtas_v6_generic *g = (const void *)s;
		const struct rtas_vend_errlog *v = (const void *)s;
		const struct rtas_src_scn *src = (const void *)s;

		assert_true(s->raw_offset < re->event_length);
		if (s->scn_id == RTAS_GENERIC_SCN)
			for (uint32_t i = 0; i < g->v6hdr.length - 8; i++)
				bytes += !g->data[i];
		if (s->scn_id == RTAS_VEND_ERRLOG_SCN)
			for (uint32_t i = 0; i < v->vendor_data_sz; i++)
				bytes += !v->vendor_data[i];
		if (s->scn_id == RTAS_PSRC_SCN || s->scn_id == RTAS_SSRC_SCN)
			for (const struct rtas_fru_scn *f = src->fru_scns; f; f = f->next)
				bytes += strlen(f->loc_code);
	}
	return bytes;
}

/* Cut the bytes, with an unchanged and with a corrected length. */
TEST(every_cut)
{
	struct guard_pages pages = guard_pages_new(EVENT_VECTOR_MAX_BYTES);

	for (size_t i = 0; i < event_vector_count; i++) {
		struct event_bytes v = event_bytes_of(event_vectors[i].name);

		for (size_t len = 0; len <= v.len; len++) {
			char *cut = guard_pages_last(&pages, v.b, len);
			struct rtas_event *re = parse_rtas_event(cut, (int)len);

			if (re)
				walk(re);
			cleanup_rtas_event(re);
			if (len < 8)
				continue;
			event_put_length((uint8_t *)cut, len - 8);
			re = parse_rtas_event(cut, (int)len);
			if (re) {
				walk(re);
				assert_true(re->offset <= len);
			}
			cleanup_rtas_event(re);
		}
	}
	guard_pages_free(&pages);
}

/* Replace each byte of each event by a few values. */
TEST(every_byte_changed)
{
	static const uint8_t values[] = { 0, 1, 3, 4, 7, 8, 0x7f, 0x80, 0xfe, 0xff };
	struct guard_pages pages = guard_pages_new(EVENT_VECTOR_MAX_BYTES);

	for (size_t i = 0; i < event_vector_count; i++) {
		struct event_bytes v = event_bytes_of(event_vectors[i].name);
		char *buf = guard_pages_last(&pages, v.b, v.len);

		for (size_t at = 0; at < v.len; at++) {
			for (size_t k = 0; k < COUNT(values); k++) {
				struct rtas_event *re;

				buf[at] = (char)values[k];
				re = parse_rtas_event(buf, (int)v.len);
				if (re)
					walk(re);
				cleanup_rtas_event(re);
			}
			buf[at] = (char)v.b[at];
		}
	}
	guard_pages_free(&pages);
}

TEST(heads)
{
	struct rtas_event *re = event_parsed("T6");
	const struct rtas_event_hdr *hdr = rtas_get_event_hdr_scn(re);
	const struct rtas_event_exthdr *ext = rtas_get_event_exthdr_scn(re);
	const struct rtas_priv_hdr_scn *ph = rtas_get_priv_hdr_scn(re);
	const struct rtas_usr_hdr_scn *uh = rtas_get_usr_hdr_scn(re);

	assert_int_equal(hdr->version, 6);
	assert_int_equal(hdr->severity, RTAS_HDR_SEV_EVENT);
	assert_int_equal(hdr->disposition, RTAS_HDR_DISP_NOT_RECOVERED);
	assert_int_equal(hdr->extended, 1);
	assert_int_equal(hdr->initiator, RTAS_HDR_INIT_UNKNOWN);
	assert_int_equal(hdr->type, RTAS_HDR_TYPE_EPOW);
	assert_int_equal(hdr->ext_log_length, 0x6c);
	assert_int_equal(ext->valid, 1);
	assert_int_equal(ext->newlog, 1);
	assert_int_equal(ext->bigendian, 1);
	assert_int_equal(ext->predictive, 0);
	assert_int_equal(ext->power_pc, 1);
	assert_int_equal(ext->format_type, RTAS_EXTHDR_FMT_VEND_SPECIFIC_1);
	assert_memory_equal(ph->v6hdr.id, "PH", 2);
	assert_int_equal(ph->v6hdr.length, 48);
	assert_int_equal(ph->v6hdr.version, 1);
	assert_int_equal(ph->date.year, 0x2024);
	assert_int_equal(ph->date.month, 0x11);
	assert_int_equal(ph->date.day, 0x20);
	assert_int_equal(ph->time.hour, 0x13);
	assert_int_equal(ph->time.minutes, 0x45);
	assert_int_equal(ph->time.seconds, 0x59);
	assert_int_equal(ph->time.hundredths, 7);
	assert_int_equal(ph->creator_id, RTAS_PH_CREAT_SERVICE_PROC);
	assert_int_equal(ph->scn_count, 3);
	assert_int_equal(ph->creator_subid_hi, 0x41424344);
	assert_int_equal(ph->creator_subid_lo, 0x45464748);
	assert_string_equal(ph->creator_subid_name, "ABCDEFGH");
	assert_int_equal(ph->plid, 0x50000001);
	assert_int_equal(ph->log_entry_id, 0x50000002);
	assert_int_equal(uh->subsystem_id, 0x60);
	assert_int_equal(uh->event_data, 0);
	assert_int_equal(uh->event_severity, 0x40);
	assert_int_equal(uh->event_type, RTAS_UH_TYPE_DECONFIG_NOTICE);
	assert_int_equal(uh->action, RTAS_UH_ACTION_SERVICE);
	cleanup_rtas_event(re);
}

TEST(extended_flags)
{
	/* The four bytes of T14, each bit alone; the fields in their order. */
	static const size_t fields[32] = {
		24, 28, 32, 36, 40, 44, 48, 0, 52, 0,  0,  0, 0,  0,  0,  0,
		60, 0,	0,  64, 0,  0,	0,  0, 72, 76, 80, 0, 84, 88, 92, 96,
	};
	const size_t narrow = sizeof(void *) == 8 ? 0 : 8;
	struct event_bytes v = event_bytes_of("T15");

	v.len = 20;
	v.b[0] = 6;
	memset(v.b + 8, 0, 12);
	v.b[1] |= 4;
	event_put_length(v.b, 16);
	v.len = 24;
	memcpy(v.b + 20, "IBM", 4);
	for (int bit = 0; bit < 32; bit++) {
		struct rtas_event *re;
		const uint8_t *ext;

		memset(v.b + 8, 0, 4);
		v.b[8 + bit / 8] = (uint8_t)(0x80 >> bit % 8);
		re = parse_rtas_event((char *)v.b, (int)v.len);
		assert_non_null(re);
		ext = (const void *)rtas_get_event_exthdr_scn(re);
		for (size_t at = 24; at < 100; at += 4) {
			uint32_t value;

			memcpy(&value, ext + at - narrow, sizeof(value));
			if (at == 56)
				assert_int_equal(value, bit / 4 == 3 ? 8 >> bit % 4 : 0);
			else if (at == 68)
				assert_int_equal(value, bit / 4 == 5 ? 8 >> bit % 4 : 0);
			else
				assert_int_equal(value, at == fields[bit]);
		}
		cleanup_rtas_event(re);
	}
}

/* A section with an impossible length gets that of the remaining bytes. */
TEST(bad_section_is_kept)
{
	static const struct {
		const char *vector, *id;
		uint32_t length;
	} rows[] = {
		{ "M9a", "HP", 16 }, { "M9b", "HP", 16 }, { "M9c", "HP", 16 },
		{ "M13", "UD", 24 }, { "M14", "UD", 24 }, { "M16", "IE", 16 },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct rtas_event *re = event_parsed(rows[i].vector);
		const struct rtas_v6_generic *last = (const void *)re->event_scns;

		while (last->shdr.next)
			last = (const void *)last->shdr.next;
		assert_memory_equal(last->v6hdr.id, rows[i].id, 2);
		assert_int_equal(last->v6hdr.length, rows[i].length);
		assert_memory_equal(last->data, re->buffer + 104, rows[i].length - 8);
		cleanup_rtas_event(re);
	}
}

/* Fewer bytes than a header are no section. */
TEST(trailing_bytes)
{
	for (size_t extra = 1; extra < 8; extra++) {
		struct event_bytes v = event_bytes_of("T1");
		struct rtas_event *re;

		memset(v.b + v.len, 0xee, extra);
		event_put_length(v.b, v.len - 8 + extra);
		re = parse_rtas_event((char *)v.b, (int)(v.len + extra));
		assert_non_null(re);
		assert_string_equal(sections_of(re), HEADS " 19@96");
		assert_int_equal(re->offset, v.len);
		cleanup_rtas_event(re);
	}
}

/* PRRN: the second word is the scope of the update. */
TEST(prrn)
{
	struct rtas_event *re = event_parsed("M24");

	assert_int_equal(rtas_get_event_hdr_scn(re)->type, RTAS_HDR_TYPE_PRRN);
	assert_int_equal(rtas_get_event_hdr_scn(re)->ext_log_length, 0x1f);
	cleanup_rtas_event(re);
}
