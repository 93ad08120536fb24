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

/* Print the text of each flag that is set, one per line. */
struct ev_flag {
	unsigned int set;
	const char *text;
};
void ev_flags(struct ev_out *out, const struct ev_flag *flags, size_t count);

/* Print the title and the header of a section of version 6. */
void ev_print_v6_head(struct ev_out *out, const char *name, const struct rtas_v6_hdr *hdr,
		      int verbosity);

/* Print parts of the user header. */
void ev_print_subsystem(struct ev_out *out, const struct rtas_usr_hdr_scn *uh);
void ev_print_event_data(struct ev_out *out, const struct rtas_usr_hdr_scn *uh);
void ev_print_action(struct ev_out *out, const struct rtas_usr_hdr_scn *uh);

/* Print parts of an SRC section. */
void ev_print_refcode(struct ev_out *out, const struct rtas_src_scn *src);
void ev_print_fru(struct ev_out *out, const struct rtas_fru_scn *fru, int verbosity,
		  int number);
void ev_print_mtms(struct ev_out *out, const struct rtas_mtms *mtms);

/* Print an EPOW or I/O section in its format before version 6. */
void ev_print_epow_v4(struct ev_out *out, const struct rtas_epow_scn *epow, int version);
void ev_print_io_v4(struct ev_out *out, const struct rtas_io_scn *io, int version);
