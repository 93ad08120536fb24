// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Names that older libraries of this soname exported by accident and that are now part of
 * the ABI: parts of printing. Nothing in this library calls them. They print to the
 * stream of the thread's last rtas_print_event() or similar call, or to stdout without
 * such a call. They continue in its line.
 */
#include <errno.h>

#include "librtas/ev_print.h"
#include "wire/event_text.h"

/* Writable: the ABI has always had it so. */
static char entity_names[][sizeof("Power Management")] = { EVENT_ENTITIES };

char *rtas_entity_names[16] = {
	entity_names[0],  entity_names[1],  entity_names[2],  entity_names[3],
	entity_names[4],  entity_names[5],  entity_names[6],  entity_names[7],
	entity_names[8],  entity_names[9],  entity_names[10], entity_names[11],
	entity_names[12], entity_names[13], entity_names[14], entity_names[15],
};

/* Return the ABI's value for a section of the wrong kind: -1 for these two kinds,
 * otherwise 0. */
static int ev_print_refused(int scn_id)
{
	errno = EFAULT;
	return scn_id == RTAS_IBM_DIAG_SCN || scn_id == RTAS_VEND_ERRLOG_SCN ? -1 : 0;
}

static int ev_print_as(int scn_id, const struct scn_header *scn, int verbosity)
{
	struct ev_out out;

	if (!scn || scn->scn_id != scn_id)
		return ev_print_refused(scn_id);
	ev_out_resume(&out);
	ev_kind(scn_id, ev_version(scn))->print(&out, scn, verbosity);
	return ev_out_end(&out);
}

#define PRINTER(name, scn_id)                               \
	int name(struct scn_header *scn, int verbosity)     \
	{                                                   \
		return ev_print_as(scn_id, scn, verbosity); \
	}

PRINTER(print_re_hdr_scn, RTAS_EVENT_HDR)
PRINTER(print_re_exthdr_scn, RTAS_EVENT_EXT_HDR)
PRINTER(print_re_epow_scn, RTAS_EPOW_SCN)
PRINTER(print_re_io_scn, RTAS_IO_SCN)
PRINTER(print_re_cpu_scn, RTAS_CPU_SCN)
PRINTER(print_re_ibm_diag_scn, RTAS_IBM_DIAG_SCN)
PRINTER(print_re_mem_scn, RTAS_MEM_SCN)
PRINTER(print_re_post_scn, RTAS_POST_SCN)
PRINTER(print_re_ibmsp_scn, RTAS_IBM_SP_SCN)
PRINTER(print_re_vend_errlog_scn, RTAS_VEND_ERRLOG_SCN)
PRINTER(print_re_priv_hdr_scn, RTAS_PRIV_HDR_SCN)
PRINTER(print_re_usr_hdr_scn, RTAS_USR_HDR_SCN)
PRINTER(print_re_dump_scn, RTAS_DUMP_SCN)
PRINTER(print_re_lri_scn, RTAS_LRI_SCN)
PRINTER(print_re_mt_scn, RTAS_MT_SCN)
PRINTER(print_re_generic_scn, RTAS_GENERIC_SCN)
PRINTER(print_re_hotplug_scn, RTAS_HP_SCN)

/* Accepts a primary or a secondary SRC section. */
int print_re_src_scn(struct scn_header *scn, int verbosity)
{
	bool secondary = scn && scn->scn_id == RTAS_SSRC_SCN;

	return ev_print_as(secondary ? RTAS_SSRC_SCN : RTAS_PSRC_SCN, scn, verbosity);
}

int print_re_fru_scn(struct rtas_fru_scn *fru, int verbosity, int count)
{
	struct ev_out out;

	ev_out_resume(&out);
	ev_print_fru(&out, fru, verbosity, count);
	return ev_out_end(&out);
}

int print_src_refcode(struct rtas_src_scn *src)
{
	struct ev_out out;

	ev_out_resume(&out);
	ev_print_refcode(&out, src);
	return ev_out_end(&out);
}

int print_usr_hdr_action(struct rtas_usr_hdr_scn *uh)
{
	struct ev_out out;

	ev_out_resume(&out);
	ev_print_action(&out, uh, 0);
	return ev_out_end(&out);
}

int print_usr_hdr_event_data(struct rtas_usr_hdr_scn *uh)
{
	struct ev_out out;

	ev_out_resume(&out);
	ev_print_event_data(&out, uh, 0);
	return ev_out_end(&out);
}

int print_usr_hdr_subsystem_id(struct rtas_usr_hdr_scn *uh)
{
	struct ev_out out;

	ev_out_resume(&out);
	ev_print_subsystem(&out, uh, 0);
	return ev_out_end(&out);
}

int print_mtms(struct rtas_mtms *mtms)
{
	struct ev_out out;

	ev_out_resume(&out);
	ev_print_mtms(&out, mtms);
	return ev_out_end(&out);
}

int print_raw_data(char *data, int len)
{
	struct ev_out out;

	ev_out_resume(&out);
	ev_dump(&out, data, len > 0 ? (size_t)len : 0);
	return ev_out_end(&out);
}

int print_v6_hdr(char *name, struct rtas_v6_hdr *hdr, int verbosity)
{
	struct ev_out out;

	ev_out_resume(&out);
	ev_print_v6_head(&out, name, hdr, verbosity);
	return ev_out_end(&out);
}

int print_scn_title(char *format, ...)
{
	struct ev_out out;
	va_list ap;

	ev_out_resume(&out);
	va_start(ap, format);
	ev_vtitle(&out, format, ap);
	va_end(ap);
	return ev_out_end(&out);
}

int rtas_print(char *format, ...)
{
	struct ev_out out;
	va_list ap;

	ev_out_resume(&out);
	va_start(ap, format);
	ev_vprint(&out, format, ap);
	va_end(ap);
	return ev_out_end(&out);
}
