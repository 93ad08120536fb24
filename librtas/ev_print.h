/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * ev_print.h - declarations that the printers of sections share
 *
 * A printer (see ev.h) expects a section of its kind: the caller has checked scn_id. The
 * section may come from the library's parser or from the caller. Printers therefore do
 * not trust it: arrays may lack a NUL, lengths may be wrong. Numbers without a meaning
 * are printed as such.
 *
 * Errors:  none, see ev_out.h.
 * Source:  the output of librtasevent 2.0.4, which programs parse
 * Layer:   librtas
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "librtas/ev.h"
#include "librtas/ev_out.h"

#define EV_COUNT(a) (sizeof(a) / sizeof((a)[0]))
/* The two arguments of "%.*s" for an array that may lack a NUL. */
#define EV_CHARS(a) (int)sizeof(a), (a)

/* The output has only two levels of detail. */
static inline bool ev_is_verbose(int verbosity)
{
	return verbosity >= 2;
}

/* Return the version of the section's event, or 0 if the section belongs to no event. */
static inline int ev_version(const struct scn_header *scn)
{
	return scn->re ? scn->re->version : 0;
}

/* Print the title and the header of a section of version 6. */
void ev_print_v6_head(struct ev_out *out, const char *name, const struct rtas_v6_hdr *hdr,
		      int verbosity);

/* Print parts of sections, for ev_sections.inc. */
#define EV_PRINTER(name, type) \
	void name(struct ev_out *out, const struct type *s, int verbosity)
EV_PRINTER(ev_print_hdr_lines, rtas_event_hdr);
EV_PRINTER(ev_print_exthdr_lines, rtas_event_exthdr);
EV_PRINTER(ev_print_epow_sensor, rtas_epow_scn);
EV_PRINTER(ev_print_io_adapters, rtas_io_scn);
EV_PRINTER(ev_print_post_device, rtas_post_scn);
EV_PRINTER(ev_print_post_codes, rtas_post_scn);
EV_PRINTER(ev_print_ibmsp_signature, rtas_ibmsp_scn);
EV_PRINTER(ev_print_ibmsp_sensor, rtas_ibmsp_scn);
EV_PRINTER(ev_print_vendor_data, rtas_vend_errlog);
EV_PRINTER(ev_print_creator, rtas_priv_hdr_scn);
EV_PRINTER(ev_print_subsystem, rtas_usr_hdr_scn);
EV_PRINTER(ev_print_event_data, rtas_usr_hdr_scn);
EV_PRINTER(ev_print_action, rtas_usr_hdr_scn);
EV_PRINTER(ev_print_epow_reason, rtas_epow_scn);
EV_PRINTER(ev_print_io_lines, rtas_io_scn);
EV_PRINTER(ev_print_dump_lines, rtas_dump_scn);
EV_PRINTER(ev_print_lri_resource, rtas_lri_scn);
EV_PRINTER(ev_print_mt_lines, rtas_mt_scn);
EV_PRINTER(ev_print_src_lines, rtas_src_scn);
EV_PRINTER(ev_print_generic_lines, rtas_v6_generic);
EV_PRINTER(ev_print_hotplug_id, rtas_hotplug_scn);

/* Print parts of an SRC section. */
void ev_print_refcode(struct ev_out *out, const struct rtas_src_scn *src);
void ev_print_fru(struct ev_out *out, const struct rtas_fru_scn *fru, int verbosity,
		  int number);
void ev_print_mtms(struct ev_out *out, const struct rtas_mtms *mtms);
