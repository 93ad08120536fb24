// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Print functions that are in the ABI by accident: where they print, their return values,
 * and their errors. The texts are those of the sections. (Their prototypes have texts
 * without const, therefore -Wno-write-strings.)
 */
#include "tests/unit/fakes/event_prints.h"

static struct rtas_event version_6 = { .version = 6, .event_no = -1 };

/* A file for the output of this thread. */
struct page {
	FILE *file;
	char *text;
	size_t len;
	size_t begin; /* start of the next output */
};

static void page_open(struct page *p)
{
	*p = (struct page){ .text = NULL };
	p->file = open_memstream(&p->text, &p->len);
	assert_int_equal(rtas_print_event(p->file, &version_6, 0), 140);
	p->begin = 140;
}

static void page_has(struct page *p, int bytes, const char *expected)
{
	fflush(p->file);
	assert_string_equal(p->text + p->begin, expected);
	assert_int_equal(bytes, (int)strlen(expected));
	p->begin = p->len;
}

static void page_close(struct page *p)
{
	fclose(p->file);
	free(p->text);
}

TEST(go_on_in_the_line)
{
	struct page p;

	page_open(&p);
	page_has(&p, rtas_print("%s %d", "a", 1), "a 1");
	page_has(
		&p, print_raw_data("0123", 4),
		"\n0x0000:  30313233                                [0123            ]\n");
	page_has(&p, print_raw_data("0123", 0), "");
	page_has(&p, rtas_print("%s", "b"), "b");
	page_has(&p, print_raw_data(NULL, -1), "\n");
	page_has(
		&p, print_scn_title("FRU %d", 7),
		"==== FRU 7 ==========================================================\n");
	page_has(&p, rtas_print("%c%c lost\nkept\n", 'a', 0), "a\nkept\n");
	assert_int_equal(rtas_set_print_width(10), 0);
	page_has(&p, rtas_print("%s", "12345"), "12345");
	page_has(&p, rtas_print("%s", "67890\n"), "\n67890\n");
	assert_int_equal(rtas_set_print_width(80), 0);
	page_close(&p);
}

TEST(parts_of_sections)
{
	struct rtas_usr_hdr_scn uh = {
		SECTION(version_6, RTAS_USR_HDR_SCN),
		.v6hdr = { { 'U', 'H' }, 24, 1, 2, 3 },
		.subsystem_id = 0x20,
		.event_data = 5,
		.event_type = 0x10,
		.event_severity = 0x45,
		.action = 0x8000,
	};
	struct rtas_src_scn src = { SECTION(version_6, RTAS_PSRC_SCN),
				    .primary_refcode = "BA170100" };
	struct rtas_mtms mtms = { "9105-22A", "1234567" };
	struct rtas_fru_scn fru = { .priority = 'L' };
	struct page p;

	page_open(&p);
	page_has(&p, print_usr_hdr_subsystem_id(&uh),
		 "Subsystem ID:       00000020 (Memory, including external cache)\n");
	page_has(&p, print_usr_hdr_event_data(&uh),
		 "Event Data          00000005\n\n"
		 "Event Type:         00000010\n"
		 "Previously reported error has been corrected by system.\n\n"
		 "Event Severity:     00000045\n"
		 "Unrecoverable error, bypassed with loss of\n"
		 "redundancy and performance.\n\n");
	page_has(&p, print_usr_hdr_action(&uh),
		 "Action Flag:        00008000 Service Action Required.\n");
	page_has(&p, print_src_refcode(&src), "Primary Reference Code: \"BA170100\"\n");
	page_has(&p, print_mtms(&mtms),
		 "Model/Type:         9105-22A (tttt-mmm)\n"
		 "Serial Number:      1234567\n");
	page_has(
		&p, print_re_fru_scn(&fru, 0, 7),
		TITLE("FRU Section (7)",
		      "================================================") "Priority:           L - Low Priority.\n\n");
	page_has(&p, print_v6_hdr("A Name", &uh.v6hdr, 0),
		 TITLE("A Name",
		       "========================================================="));
	page_has(
		&p, print_v6_hdr("A Name", &uh.v6hdr, 2),
		TITLE("A Name",
		      "=========================================================") "Section ID:               UH    Section Length:     00000018\n"
										   "Version:            00000001    Sub_type:           00000002\n"
										   "Component ID:       00000003\n");
	page_close(&p);
}

struct printer {
	int (*print)(struct scn_header *scn, int verbosity);
	int scn_id, other_id;
	int refused; /* returned for a section of another kind */
};

// clang-format off
static const struct printer printers[] = {
	{ print_re_hdr_scn, RTAS_EVENT_HDR, -1, 0 },
	{ print_re_exthdr_scn, RTAS_EVENT_EXT_HDR, -1, 0 },
	{ print_re_epow_scn, RTAS_EPOW_SCN, -1, 0 },
	{ print_re_io_scn, RTAS_IO_SCN, -1, 0 },
	{ print_re_cpu_scn, RTAS_CPU_SCN, -1, 0 },
	{ print_re_ibm_diag_scn, RTAS_IBM_DIAG_SCN, -1, -1 },
	{ print_re_mem_scn, RTAS_MEM_SCN, -1, 0 },
	{ print_re_post_scn, RTAS_POST_SCN, -1, 0 },
	{ print_re_ibmsp_scn, RTAS_IBM_SP_SCN, -1, 0 },
	{ print_re_vend_errlog_scn, RTAS_VEND_ERRLOG_SCN, -1, -1 },
	{ print_re_priv_hdr_scn, RTAS_PRIV_HDR_SCN, -1, 0 },
	{ print_re_usr_hdr_scn, RTAS_USR_HDR_SCN, -1, 0 },
	{ print_re_dump_scn, RTAS_DUMP_SCN, -1, 0 },
	{ print_re_lri_scn, RTAS_LRI_SCN, -1, 0 },
	{ print_re_mt_scn, RTAS_MT_SCN, -1, 0 },
	{ print_re_src_scn, RTAS_PSRC_SCN, RTAS_SSRC_SCN, 0 },
	{ print_re_generic_scn, RTAS_GENERIC_SCN, -1, 0 },
	{ print_re_hotplug_scn, RTAS_HP_SCN, -1, 0 },
};
// clang-format on

/* Each one prints the same as rtas_print_scn() for its kind, and nothing for others. */
TEST(sections_by_kind)
{
	union {
		struct scn_header scn;
		char bytes[512];
	} zero;
	char *text = NULL;
	size_t len;
	FILE *file = open_memstream(&text, &len);

	for (size_t i = 0; i < COUNT(printers); i++) {
		const struct printer *p = &printers[i];

		for (int id = -1; id <= RTAS_MAX_SCN_ID; id++) {
			bool fits = id == p->scn_id || (id > 0 && id == p->other_id);
			int expected;

			memset(&zero, 0, sizeof(zero));
			zero.scn = (struct scn_header){ .re = &version_6, .scn_id = id };
			expected = rtas_print_scn(file, &zero.scn, 2);
			errno = 0;
			assert_int_equal(p->print(&zero.scn, 2),
					 fits ? expected : p->refused);
			assert_int_equal(errno, fits ? 0 : EFAULT);
		}
		errno = 0;
		assert_int_equal(p->print(NULL, 2), p->refused);
		assert_int_equal(errno, EFAULT);
	}
	fclose(file);
	free(text);
}

TEST(names_entities)
{
	assert_int_equal(sizeof(rtas_entity_names), 16 * sizeof(char *));
	assert_string_equal(rtas_entity_names[0], "Unknown");
	assert_string_equal(rtas_entity_names[5], "Power Management");
	assert_string_equal(rtas_entity_names[6], "Hot Plug");
	assert_string_equal(rtas_entity_names[15], "(15)");
}
