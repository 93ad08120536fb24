// SPDX-License-Identifier: GPL-2.0-or-later
/* Functions that are exported by accident, NULL, and failed allocations. */
#include "librtas/ev.h"
#include "tests/unit/fakes/event_parsed.h"
#include "tests/unit/fakes/no_memory.h"

TEST(getters_of_nothing)
{
	struct rtas_event empty = { 0 };
#define CHECK(get)                               \
	do {                                     \
		errno = 0;                       \
		assert_null(get(NULL));          \
		assert_int_equal(errno, EFAULT); \
		errno = 0;                       \
		assert_null(get(&empty));        \
		assert_int_equal(errno, 0);      \
	} while (0)

	CHECK(rtas_get_event_hdr_scn);
	CHECK(rtas_get_event_exthdr_scn);
	CHECK(rtas_get_epow_scn);
	CHECK(rtas_get_io_scn);
	CHECK(rtas_get_cpu_scn);
	CHECK(rtas_get_ibmdiag_scn);
	CHECK(rtas_get_ibm_diag_scn);
	CHECK(rtas_get_mem_scn);
	CHECK(rtas_get_post_scn);
	CHECK(rtas_get_ibm_sp_scn);
	CHECK(rtas_get_vend_errlog_scn);
	CHECK(rtas_get_priv_hdr_scn);
	CHECK(rtas_get_usr_hdr_scn);
	CHECK(rtas_get_dump_scn);
	CHECK(rtas_get_lri_scn);
	CHECK(rtas_get_mt_scn);
	CHECK(rtas_get_src_scn);
	CHECK(rtas_get_hotplug_scn);
#undef CHECK
	assert_int_equal(cleanup_rtas_event(NULL), 0);
	errno = 0;
	assert_null(parse_rtas_event(NULL, 8));
	assert_int_equal(errno, EINVAL);
}

/* An event that is parsed up to offset only. */
static void begin(struct rtas_event *re, struct event_bytes *v, uint32_t offset)
{
	*re = (struct rtas_event){
		.version = v->b[0],
		.event_no = -1,
		.buffer = (char *)v->b,
		.offset = offset,
		.event_length = (uint32_t)v->len,
	};
}

static void end(struct rtas_event *re)
{
	while (re->event_scns) {
		struct scn_header *next = re->event_scns->next;

		ev_free(re->event_scns);
		re->event_scns = next;
	}
}

static const struct {
	const char *vector;
	uint32_t offset, after;
	int (*parse)(struct rtas_event *re);
	int scn_id;
} steps[] = {
	{ "T1", 24, 72, parse_priv_hdr_scn, RTAS_PRIV_HDR_SCN },
	{ "T1", 72, 96, parse_usr_hdr_scn, RTAS_USR_HDR_SCN },
	{ "T1", 96, 112, parse_hotplug_scn, RTAS_HP_SCN },
	{ "T1", 96, 112, parse_generic_v6_scn, RTAS_GENERIC_SCN },
	{ "T6", 96, 116, parse_epow_scn, RTAS_EPOW_SCN },
	{ "T7", 96, 340, parse_src_scn, RTAS_PSRC_SCN },
	{ "S1", 96, 340, parse_src_scn, RTAS_SSRC_SCN },
	{ "T8", 96, 160, parse_dump_scn, RTAS_DUMP_SCN },
	{ "T9", 96, 132, parse_io_scn, RTAS_IO_SCN },
	{ "T10", 96, 116, parse_lri_scn, RTAS_LRI_SCN },
	{ "T12", 176, 204, parse_mt_scn, RTAS_MT_SCN },
	{ "T13", 20, 48, parse_cpu_scn, RTAS_CPU_SCN },
	{ "T13", 48, 62, parse_vend_errlog_scn, RTAS_VEND_ERRLOG_SCN },
	{ "V1", 20, 48, parse_mem_scn, RTAS_MEM_SCN },
	{ "V2", 20, 48, parse_io_scn, RTAS_IO_SCN },
	{ "V3", 20, 48, parse_post_scn, RTAS_POST_SCN },
	{ "V4", 20, 48, parse_epow_scn, RTAS_EPOW_SCN },
	{ "V5", 20, 24, parse_ibm_diag_scn, RTAS_IBM_DIAG_SCN },
	{ "V6", 20, 48, parse_sp_scn, RTAS_IBM_SP_SCN },
};

TEST(each_step)
{
	for (size_t i = 0; i < COUNT(steps); i++) {
		struct event_bytes v = event_bytes_of(steps[i].vector);
		struct rtas_event re;

		begin(&re, &v, steps[i].offset);
		assert_int_equal(steps[i].parse(&re), 0);
		assert_int_equal(re.offset, steps[i].after);
		assert_int_equal(re.event_scns->scn_id, steps[i].scn_id);
		assert_int_equal(re.event_scns->raw_offset, steps[i].offset);
		assert_null(re.event_scns->next);
		end(&re);

		/* A vendor's section is the remaining bytes, which may be few. */
		begin(&re, &v, steps[i].offset);
		re.event_length = steps[i].offset + 3;
		assert_int_equal(steps[i].parse(&re), -1);
		assert_int_equal(errno, EINVAL);
		assert_int_equal(re.offset, steps[i].offset);
		assert_null(re.event_scns);
		re.offset = re.event_length + 1;
		assert_int_equal(steps[i].parse(&re), -1);
		assert_int_equal(steps[i].parse(NULL), -1);
	}
}

TEST(sections_of_version_6)
{
	struct event_bytes v = event_bytes_of("T1");
	struct rtas_event re;

	begin(&re, &v, 20);
	assert_ptr_equal(parse_v6_rtas_event(&re), &re);
	assert_int_equal(re.offset, 112);
	assert_non_null(get_re_scn(&re, RTAS_HP_SCN));
	assert_null(get_re_scn(&re, RTAS_IO_SCN));
	end(&re);
	v.b[20] = 'X';
	begin(&re, &v, 20);
	assert_null(parse_v6_rtas_event(&re));
	assert_int_equal(errno, EFAULT);
	assert_null(parse_v6_rtas_event(NULL));
}

TEST(lists)
{
	struct rtas_event re = { 0 };
	struct scn_header a = { 0 }, b = { .next = &a };

	add_re_scn(&re, &a, RTAS_IO_SCN);
	add_re_scn(&re, &b, RTAS_IO_SCN);
	assert_ptr_equal(re.event_scns, &a);
	assert_ptr_equal(a.next, &b);
	assert_null(b.next);
	assert_ptr_equal(b.re, &re);
	assert_ptr_equal(get_re_scn(&re, RTAS_IO_SCN), &a);
	errno = 0;
	assert_null(get_re_scn(NULL, RTAS_IO_SCN));
	assert_int_equal(errno, EFAULT);
}

TEST(parts_of_sections)
{
	struct event_bytes v = event_bytes_of("T1");
	struct rtas_v6_hdr_raw raw;
	struct rtas_date_raw date_raw;
	struct rtas_time_raw time_raw;
	struct rtas_v6_hdr hdr;
	struct rtas_date date;
	struct rtas_time time;

	memcpy(&raw, v.b + 24, sizeof(raw));
	parse_v6_hdr(&hdr, &raw);
	assert_memory_equal(hdr.id, "PH", 2);
	assert_int_equal(hdr.length, 48);
	assert_int_equal(hdr.version, 1);
	assert_int_equal(re_scn_id(&raw), RTAS_PRIV_HDR_SCN);
	raw.id[1] = 'h';
	assert_int_equal(re_scn_id(&raw), -1);
	memcpy(&date_raw, v.b + 32, sizeof(date_raw));
	parse_rtas_date(&date, date_raw);
	assert_int_equal(date.year, 0x2024);
	assert_int_equal(date.day, 0x20);
	memcpy(&time_raw, v.b + 36, sizeof(time_raw));
	parse_rtas_time(&time, time_raw);
	assert_int_equal(time.hour, 0x13);
	assert_int_equal(time.hundredths, 7);
}

TEST(copies)
{
	struct event_bytes v = event_bytes_of("T12");
	struct rtas_mtms mtms;
	struct rtas_event re;
	char to[8];

	begin(&re, &v, 200);
	memset(to, 0xee, sizeof(to));
	rtas_copy(to, &re, 8);
	assert_memory_equal(to, "    \0\0\0\0", 8);
	assert_int_equal(re.offset, 204);
	rtas_copy(to, &re, 8);
	assert_int_equal(re.offset, 204);
	begin(&re, &v, 184);
	parse_mtms(&re, &mtms);
	assert_string_equal(mtms.model, "9105-22A");
	assert_int_equal(re.offset, 204);
	parse_mtms(&re, &mtms);
	assert_string_equal(mtms.model, "");
	assert_int_equal(re.offset, 204);
}

TEST(call_out)
{
	struct event_bytes v = event_bytes_of("T7");
	struct rtas_src_scn src = { .shdr.scn_id = RTAS_PSRC_SCN };
	struct rtas_fru_scn_raw raw;
	struct rtas_fru_scn fru;
	struct rtas_event re;

	begin(&re, &v, 180);
	rtas_copy(&raw, &re, RE_FRU_SCN_SZ);
	parse_fru_scn(&re, &fru, &raw);
	assert_int_equal(re.offset, 180 + 0x38);
	assert_int_equal(fru.length, 0x38);
	assert_string_equal(fru.loc_code, "U9105.22A.1234567-P0-C5");
	assert_non_null(fru.subscns);
	src.fru_scns = malloc(sizeof(fru));
	*src.fru_scns = fru;
	ev_src_release(&src.shdr);

	begin(&re, &v, 180);
	re.event_length = 190;
	rtas_copy(&raw, &re, RE_FRU_SCN_SZ);
	parse_fru_scn(&re, &fru, &raw);
	assert_null(fru.subscns);
	assert_int_equal(fru.length, 0);
}

/* Each allocation in turn fails: no event, ENOMEM, and no leak (a sanitizer checks
 * this). */
TEST(no_memory)
{
	static const char *const names[] = { "T5", "T7", "T11", "T12", "T13", "M13" };

	for (size_t i = 0; i < COUNT(names); i++) {
		struct event_bytes v = event_bytes_of(names[i]);
		struct rtas_event *re = NULL;

		for (unsigned long n = 1; !re; n++) {
			memory_now = (struct no_memory){ .fail_at = n };
			errno = 0;
			re = parse_rtas_event((char *)v.b, (int)v.len);
			assert_int_equal(!re, memory_now.failed);
			if (!re)
				assert_int_equal(errno, ENOMEM);
			else
				assert_true(n > 4);
		}
		memory_now = (struct no_memory){ 0 };
		cleanup_rtas_event(re);
	}
}
