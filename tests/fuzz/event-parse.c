// SPDX-License-Identifier: GPL-2.0-or-later
/* links: librtaseventpublic.la */
/* librtasevent: parsed events can be searched, printed and changed. */
#include <string.h>

#include "librtas/librtasevent.h"
#include "tests/fuzz/fuzz.h"

/* A file that accepts all output. */
static FILE *nowhere(void)
{
	static FILE *file;

	if (!file)
		file = fopen("/dev/null", "w");
	MUST(file);
	return file;
}

static void check_list(const struct rtas_event *re, size_t size)
{
	uint32_t last = 0;

	MUST(re->event_length <= size && re->offset <= re->event_length);
	for (const struct scn_header *shdr = re->event_scns; shdr; shdr = shdr->next) {
		MUST(shdr->re == re && shdr->scn_id > 0 &&
		     shdr->scn_id < RTAS_MAX_SCN_ID);
		MUST(shdr->raw_offset >= last && shdr->raw_offset < re->event_length);
		last = shdr->raw_offset;
	}
}

/* A getter finds the first section of its kind, or nothing. */
static void check_getters(struct rtas_event *re)
{
	const struct {
		int scn_id;
		const void *found;
	} getters[] = {
		{ RTAS_EVENT_HDR, rtas_get_event_hdr_scn(re) },
		{ RTAS_EVENT_EXT_HDR, rtas_get_event_exthdr_scn(re) },
		{ RTAS_EPOW_SCN, rtas_get_epow_scn(re) },
		{ RTAS_IO_SCN, rtas_get_io_scn(re) },
		{ RTAS_CPU_SCN, rtas_get_cpu_scn(re) },
		{ RTAS_IBM_DIAG_SCN, rtas_get_ibmdiag_scn(re) },
		{ RTAS_IBM_DIAG_SCN, rtas_get_ibm_diag_scn(re) },
		{ RTAS_MEM_SCN, rtas_get_mem_scn(re) },
		{ RTAS_POST_SCN, rtas_get_post_scn(re) },
		{ RTAS_IBM_SP_SCN, rtas_get_ibm_sp_scn(re) },
		{ RTAS_VEND_ERRLOG_SCN, rtas_get_vend_errlog_scn(re) },
		{ RTAS_PRIV_HDR_SCN, rtas_get_priv_hdr_scn(re) },
		{ RTAS_USR_HDR_SCN, rtas_get_usr_hdr_scn(re) },
		{ RTAS_DUMP_SCN, rtas_get_dump_scn(re) },
		{ RTAS_LRI_SCN, rtas_get_lri_scn(re) },
		{ RTAS_MT_SCN, rtas_get_mt_scn(re) },
		{ RTAS_PSRC_SCN, rtas_get_src_scn(re) },
		{ RTAS_HP_SCN, rtas_get_hotplug_scn(re) },
	};

	for (size_t i = 0; i < sizeof(getters) / sizeof(getters[0]); i++) {
		const struct scn_header *shdr = re->event_scns;

		while (shdr && shdr->scn_id != getters[i].scn_id)
			shdr = shdr->next;
		MUST(getters[i].found == (const void *)shdr);
	}
}

static void print_all(struct rtas_event *re, uint8_t odd)
{
	const int widths[] = { 80, 1 + odd % 40, 1023 };
	FILE *out = nowhere();

	for (size_t i = 0; i < sizeof(widths) / sizeof(widths[0]); i++) {
		MUST(!rtas_set_print_width(widths[i]));
		for (int verbosity = 0; verbosity <= 2; verbosity += 2)
			MUST(rtas_print_event(out, re, verbosity) > 0);
	}
	MUST(rtas_print_raw_event(out, re) > 0);
	for (struct scn_header *shdr = re->event_scns; shdr; shdr = shdr->next)
		MUST(rtas_print_scn(out, shdr, odd % 3) >= 0);
	rewind(out);
}

/* A new id of a dump is in the bytes, and is found again. */
static void check_update(struct rtas_event *re, char *bytes, size_t size)
{
	const char *id = "SYSDUMP.1234567";
	struct rtas_dump_scn *dump;

	if (update_os_id_scn(re, id))
		return;
	dump = rtas_get_dump_scn(re);
	MUST(dump && !strcmp(dump->os_id, id) && dump->id_len == 16);
	re = parse_rtas_event(bytes, (int)size);
	MUST(re);
	dump = rtas_get_dump_scn(re);
	MUST(dump && !strcmp(dump->os_id, id) && dump->id_len == 16);
	cleanup_rtas_event(re);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *bytes = malloc(size ? size : 1);
	struct rtas_event *re;

	MUST(bytes);
	memcpy(bytes, data, size);
	re = parse_rtas_event(bytes, (int)size);
	if (re) {
		check_list(re, size);
		check_getters(re);
		print_all(re, data[size - 1]);
		check_update(re, bytes, size);
		cleanup_rtas_event(re);
	}
	free(bytes);
	return 0;
}
