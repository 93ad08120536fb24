// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <stdlib.h>

#include "librtas/ev.h"
#include "wire/event_hp.h"
#include "wire/event_v4.h"

#define KIND(type, printer) .bytes = sizeof(struct type), .print = printer

// clang-format off
static const struct ev_kind kinds[RTAS_MAX_SCN_ID] = {
	[RTAS_EVENT_HDR] = { KIND(rtas_event_hdr, ev_print_hdr) },
	[RTAS_EVENT_EXT_HDR] = { KIND(rtas_event_exthdr, ev_print_exthdr) },
	[RTAS_EPOW_SCN] = { KIND(rtas_epow_scn, ev_print_epow),
		.id = EVENT_SECTION_EPOW, .from_section = ev_epow_from_section,
		.format = EVENT_FORMAT_EPOW, .from_body = ev_epow_from_body },
	[RTAS_IO_SCN] = { KIND(rtas_io_scn, ev_print_io),
		.id = EVENT_SECTION_IO, .from_section = ev_io_from_section,
		.format = EVENT_FORMAT_IO, .from_body = ev_io_from_body },
	[RTAS_CPU_SCN] = { KIND(rtas_cpu_scn, ev_print_cpu),
		.format = EVENT_FORMAT_CPU, .from_body = ev_cpu_from_body },
	[RTAS_IBM_DIAG_SCN] = { KIND(rtas_ibm_diag_scn, ev_print_ibm_diag),
		.format = EVENT_FORMAT_DIAG, .from_body = ev_ibm_diag_from_body },
	[RTAS_MEM_SCN] = { KIND(rtas_mem_scn, ev_print_mem),
		.format = EVENT_FORMAT_MEMORY, .from_body = ev_mem_from_body },
	[RTAS_POST_SCN] = { KIND(rtas_post_scn, ev_print_post),
		.format = EVENT_FORMAT_POST, .from_body = ev_post_from_body },
	[RTAS_IBM_SP_SCN] = { KIND(rtas_ibmsp_scn, ev_print_ibmsp),
		.format = EVENT_FORMAT_SP, .from_body = ev_ibmsp_from_body },
	[RTAS_VEND_ERRLOG_SCN] = { KIND(rtas_vend_errlog, ev_print_vend_errlog), .has_data = true,
		.format = EVENT_FORMAT_VENDOR, .from_body = ev_vend_errlog_from_body },
	[RTAS_PRIV_HDR_SCN] = { KIND(rtas_priv_hdr_scn, ev_print_priv_hdr),
		.id = EVENT_SECTION_PH, .from_section = ev_ph_from_section },
	[RTAS_USR_HDR_SCN] = { KIND(rtas_usr_hdr_scn, ev_print_usr_hdr),
		.id = EVENT_SECTION_UH, .from_section = ev_uh_from_section },
	[RTAS_DUMP_SCN] = { KIND(rtas_dump_scn, ev_print_dump),
		.id = EVENT_SECTION_DUMP, .from_section = ev_dump_from_section },
	[RTAS_LRI_SCN] = { KIND(rtas_lri_scn, ev_print_lri),
		.id = EVENT_SECTION_LRI, .from_section = ev_lri_from_section },
	[RTAS_MT_SCN] = { KIND(rtas_mt_scn, ev_print_mt),
		.id = EVENT_SECTION_MT, .from_section = ev_mt_from_section },
	[RTAS_PSRC_SCN] = { KIND(rtas_src_scn, ev_print_src), .release = ev_src_release,
		.id = EVENT_SECTION_PRIMARY_SRC, .from_section = ev_src_from_section },
	[RTAS_SSRC_SCN] = { KIND(rtas_src_scn, ev_print_src), .release = ev_src_release,
		.id = EVENT_SECTION_SECONDARY_SRC, .from_section = ev_src_from_section },
	[RTAS_GENERIC_SCN] = { KIND(rtas_v6_generic, ev_print_generic), .has_data = true,
		.from_section = ev_generic_from_section },
	[RTAS_HP_SCN] = { KIND(rtas_hotplug_scn, ev_print_hotplug), .has_data = true,
		.id = EVENT_SECTION_HOT_PLUG, .from_section = ev_hotplug_from_section },
};
// clang-format on

const struct ev_kind *ev_kind(int scn_id)
{
	if (scn_id <= 0 || scn_id >= RTAS_MAX_SCN_ID)
		return NULL;
	return &kinds[scn_id];
}

int ev_scn_id_of(uint16_t id)
{
	for (int i = 1; i < RTAS_MAX_SCN_ID; i++)
		if (id && kinds[i].id == id)
			return i;
	return RTAS_GENERIC_SCN;
}

int ev_scn_id_of_format(uint8_t format)
{
	if (format == EVENT_FORMAT_VENDOR_2)
		format = EVENT_FORMAT_VENDOR;
	for (int i = 1; i < RTAS_MAX_SCN_ID; i++)
		if (format && kinds[i].format == format)
			return i;
	return -1;
}

struct scn_header *ev_new(int scn_id, size_t data_bytes)
{
	const struct ev_kind *kind = ev_kind(scn_id);
	struct scn_header *scn =
		calloc(1, kind->bytes + (kind->has_data ? data_bytes : 0));

	if (scn)
		scn->scn_id = scn_id;
	return scn;
}

void ev_free(struct scn_header *scn)
{
	const struct ev_kind *kind = ev_kind(scn->scn_id);

	if (kind && kind->release)
		kind->release(scn);
	free(scn);
}

/* Store the section in *out, or free it and store NULL after an error. */
static int ev_store(struct scn_header *scn, int err, struct scn_header **out)
{
	if (err) {
		ev_free(scn);
		scn = NULL;
	}
	*out = scn;
	return err;
}

int ev_make_from_section(int scn_id, const struct event_section *s,
			 struct scn_header **out)
{
	struct scn_header *scn = ev_new(scn_id, s->len);

	return scn ? ev_store(scn, ev_kind(scn_id)->from_section(scn, s), out) : -ENOMEM;
}

int ev_make_from_body(int scn_id, struct cursor *body, struct scn_header **out)
{
	struct scn_header *scn = ev_new(scn_id, cursor_left(body));

	return scn ? ev_store(scn, ev_kind(scn_id)->from_body(scn, body), out) : -ENOMEM;
}
