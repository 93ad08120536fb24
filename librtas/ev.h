/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * ev.h - declarations that the parts of librtasevent share
 *
 * ev_sections.inc describes each kind of section once: its id in a log, its fields, and
 * how they are printed. ev_sections.c makes functions and a table of it.
 *
 * All libraries of this soname export the names under "ABI only" below. They are part of
 * the ABI but in no public header. Nothing in this library calls them.
 *
 * Errors:  negative errno, except for the names of the ABI.
 * Layer:   librtasevent (no globals except those that the ABI requires)
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "librtas/librtasevent.h"
#include "wire/event_src.h"

struct ev_out; /* ev_out.h: stream, line width and number of bytes written */

enum { EV_VERSION_6 = 6 };

/* format_type of a log before version 6: the kind of its body. */
enum event_format {
	EVENT_FORMAT_CPU = 1,
	EVENT_FORMAT_MEMORY = 2,
	EVENT_FORMAT_IO = 3,
	EVENT_FORMAT_POST = 4,
	EVENT_FORMAT_EPOW = 5,
	EVENT_FORMAT_DIAG = 12,
	EVENT_FORMAT_SP = 13,
	EVENT_FORMAT_VENDOR = 14,
	EVENT_FORMAT_VENDOR_2 = 15,
};

struct ev_kind {
	int scn_id;	/* RTAS_*_SCN */
	size_t bytes;	/* size of the structure */
	size_t min;	/* bytes of the log that it needs */
	uint16_t id;	/* in a log of version 6; 0: any other id, or not in such logs */
	uint8_t format; /* of a log before version 6; 0: not in such logs */
	bool is_v6;	/* in a log of version 6 */
	bool has_data;	/* the section's data follows the structure */

	/* Fill in a structure that is zeroed except for its head. The section has at
	 * least min bytes. The caller fills in the head. Return 0, -EBADMSG or
	 * -ENOMEM. */
	int (*fill)(struct scn_header *scn, const struct event_section *s);
	void (*print)(struct ev_out *out, const struct scn_header *scn, int verbosity);
	/* Free what the structure points to, but not the structure. NULL: nothing to
	 * free. */
	void (*release)(struct scn_header *scn);
};

/* Return the description of this RTAS_*_SCN in a log of this version, or NULL if the
 * number is invalid. A kind that such logs do not have has the description of the
 * others. */
const struct ev_kind *ev_kind(int scn_id, int version);
/* Return the RTAS_*_SCN of an id in a log. An unknown id is RTAS_GENERIC_SCN. */
int ev_scn_id_of(uint16_t id);
/* Return the RTAS_*_SCN of a format_type, or -1 if the format is unknown. */
int ev_scn_id_of_format(uint8_t format);

/* Return the first section of this kind, or NULL. If re is NULL, errno is EFAULT. */
void *ev_get(const struct rtas_event *re, int scn_id);
/* Convert a parser's error to the errno of the public functions: EINVAL, EFAULT,
 * ENOMEM. */
int ev_errno(int err);
/* Make a section of this kind that is in no list yet; free it with ev_free(). Return 0,
 * -EBADMSG or -ENOMEM. */
int ev_make(int scn_id, int version, const struct event_section *s,
	    struct scn_header **out);
/* The same for the part of a body that belongs to the kind. */
int ev_make_from_body(int scn_id, struct cursor *body, struct scn_header **out);
void ev_free(struct scn_header *scn);

/* Parse the sections of version 6, which begin at the vendor's signature. Return 0,
 * -EFAULT unknown vendor, -EBADMSG or -ENOMEM. After an error, the event keeps the
 * sections made so far. */
int ev_parse_v6(struct rtas_event *re);

/* Fill in parts of structures. */
void ev_fill_date(struct rtas_date *date, uint32_t bcd);
void ev_fill_time(struct rtas_time *time, uint32_t bcd);
void ev_fill_v6_hdr(struct rtas_v6_hdr *hdr, const struct event_section *s);
void ev_fill_mtms(struct rtas_mtms *mtms, const struct event_mtms *from);
/* Fill in a call-out and its list of parts. Return 0 or -ENOMEM. */
int ev_fill_fru(struct rtas_fru_scn *fru, const struct event_callout *from);

/* Fill in members from the section: ev_fill.c, ev_parse_src.c. Return 0, -EBADMSG or
 * -ENOMEM. */
int ev_fill_vendor_data(struct rtas_vend_errlog *scn, const struct event_section *s);
int ev_fill_epow_reason(struct rtas_epow_scn *scn, const struct event_section *s);
int ev_fill_rpc_data(struct rtas_io_scn *scn, const struct event_section *s);
int ev_fill_dump_name(struct rtas_dump_scn *scn, const struct event_section *s);
int ev_fill_mt_mtms(struct rtas_mt_scn *scn, const struct event_section *s);
int ev_fill_generic_data(struct rtas_v6_generic *scn, const struct event_section *s);
int ev_fill_hotplug_id(struct rtas_hotplug_scn *scn, const struct event_section *s);
int ev_fill_src_callouts(struct rtas_src_scn *scn, const struct event_section *s);
void ev_src_release(struct scn_header *scn);

/*
 * ABI only: parsing. Functions of type int return 0, or -1 with errno. parse_*_scn()
 * parse the section at re->offset and move re->offset to its end.
 */
int parse_cpu_scn(struct rtas_event *re);
int parse_dump_scn(struct rtas_event *re);
int parse_epow_scn(struct rtas_event *re);
int parse_generic_v6_scn(struct rtas_event *re);
int parse_hotplug_scn(struct rtas_event *re);
int parse_ibm_diag_scn(struct rtas_event *re);
int parse_io_scn(struct rtas_event *re);
int parse_lri_scn(struct rtas_event *re);
int parse_mem_scn(struct rtas_event *re);
int parse_mt_scn(struct rtas_event *re);
int parse_post_scn(struct rtas_event *re);
int parse_priv_hdr_scn(struct rtas_event *re);
int parse_sp_scn(struct rtas_event *re);
int parse_src_scn(struct rtas_event *re);
int parse_usr_hdr_scn(struct rtas_event *re);
int parse_vend_errlog_scn(struct rtas_event *re);
struct rtas_event *parse_v6_rtas_event(struct rtas_event *re);
void parse_fru_scn(struct rtas_event *re, struct rtas_fru_scn *fru,
		   struct rtas_fru_scn_raw *raw);
void parse_mtms(struct rtas_event *re, struct rtas_mtms *mtms);
void parse_rtas_date(struct rtas_date *date, struct rtas_date_raw raw);
void parse_rtas_time(struct rtas_time *time, struct rtas_time_raw raw);
void parse_v6_hdr(struct rtas_v6_hdr *hdr, struct rtas_v6_hdr_raw *raw);
void add_re_scn(struct rtas_event *re, void *scn, int id);
struct scn_header *get_re_scn(struct rtas_event *re, int id);
int re_scn_id(struct rtas_v6_hdr_raw *raw);
void rtas_copy(void *to, struct rtas_event *re, uint32_t n);

/* ABI only: printing. Return the number of bytes written. */
int print_re_cpu_scn(struct scn_header *scn, int verbosity);
int print_re_dump_scn(struct scn_header *scn, int verbosity);
int print_re_epow_scn(struct scn_header *scn, int verbosity);
int print_re_exthdr_scn(struct scn_header *scn, int verbosity);
int print_re_generic_scn(struct scn_header *scn, int verbosity);
int print_re_hdr_scn(struct scn_header *scn, int verbosity);
int print_re_hotplug_scn(struct scn_header *scn, int verbosity);
int print_re_ibm_diag_scn(struct scn_header *scn, int verbosity);
int print_re_ibmsp_scn(struct scn_header *scn, int verbosity);
int print_re_io_scn(struct scn_header *scn, int verbosity);
int print_re_lri_scn(struct scn_header *scn, int verbosity);
int print_re_mem_scn(struct scn_header *scn, int verbosity);
int print_re_mt_scn(struct scn_header *scn, int verbosity);
int print_re_post_scn(struct scn_header *scn, int verbosity);
int print_re_priv_hdr_scn(struct scn_header *scn, int verbosity);
int print_re_src_scn(struct scn_header *scn, int verbosity);
int print_re_usr_hdr_scn(struct scn_header *scn, int verbosity);
int print_re_vend_errlog_scn(struct scn_header *scn, int verbosity);
int print_re_fru_scn(struct rtas_fru_scn *fru, int verbosity, int count);
int print_src_refcode(struct rtas_src_scn *src);
int print_usr_hdr_action(struct rtas_usr_hdr_scn *uh);
int print_usr_hdr_event_data(struct rtas_usr_hdr_scn *uh);
int print_usr_hdr_subsystem_id(struct rtas_usr_hdr_scn *uh);
int print_mtms(struct rtas_mtms *mtms);
int print_raw_data(char *data, int len);
int print_scn_title(char *format, ...) __attribute__((format(printf, 1, 2)));
int rtas_print(char *format, ...) __attribute__((format(printf, 1, 2)));
int print_v6_hdr(char *name, struct rtas_v6_hdr *hdr, int verbosity);

extern char *rtas_entity_names[16];
