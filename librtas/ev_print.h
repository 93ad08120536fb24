/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * ev_print.h - what the printers of an event's sections share
 *
 * A printer (ev.h names them) is given a section of its kind: that the id fits is looked at before. It
 * prints what the section's structure has, which the library's parser or its caller
 * filled in: arrays are not taken to be NUL-terminated, lengths not to be right, and
 * numbers without a meaning are shown as such.
 *
 * Errors:  none, see ev_out.h.
 * Source:  the output of librtasevent 2.0.4, which programs read
 * Layer:   librtas
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "librtas/ev.h"
#include "librtas/ev_out.h"

#define EV_COUNT(a) (sizeof(a) / sizeof((a)[0]))
/* Two arguments for "%.*s": an array that may be full. */
#define EV_CHARS(a) (int)sizeof(a), (a)

/* Verbosity has many values, of which two differ. */
static inline bool ev_is_verbose(int verbosity)
{
	return verbosity >= 2;
}

/* Of the event that a section is part of; 0 for one that is part of none. */
static inline int ev_version(const struct scn_header *scn)
{
	return scn->re ? scn->re->version : 0;
}

/* The lines whose flag is set. */
struct ev_flag {
	unsigned int set;
	const char *text;
};
void ev_flags(struct ev_out *out, const struct ev_flag *flags, size_t count);

/* Title and header of a section of version 6. */
void ev_print_v6_head(struct ev_out *out, const char *name, const struct rtas_v6_hdr *hdr,
		      int verbosity);

/* Parts of the user header. */
void ev_print_subsystem(struct ev_out *out, const struct rtas_usr_hdr_scn *uh);
void ev_print_event_data(struct ev_out *out, const struct rtas_usr_hdr_scn *uh);
void ev_print_action(struct ev_out *out, const struct rtas_usr_hdr_scn *uh);

/* Parts of a section of reference codes. */
void ev_print_refcode(struct ev_out *out, const struct rtas_src_scn *src);
void ev_print_fru(struct ev_out *out, const struct rtas_fru_scn *fru, int verbosity,
		  int number);
void ev_print_mtms(struct ev_out *out, const struct rtas_mtms *mtms);

/* Two kinds of section that exist in version 6 and before, as they are before. */
void ev_print_epow_v4(struct ev_out *out, const struct rtas_epow_scn *epow, int version);
void ev_print_io_v4(struct ev_out *out, const struct rtas_io_scn *io, int version);
