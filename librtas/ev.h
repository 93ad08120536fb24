/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * ev.h - declarations that the parts of librtasevent share
 *
 * The table of ev_kinds.c describes each kind of section once: its id in a log, and the
 * functions that fill in, print and release its structure.
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

struct ev_kind {
	size_t bytes;	/* size of the structure */
	uint16_t id;	/* in a log of version 6; 0: not in such logs */
	uint8_t format; /* format_type of a log before version 6; 0: not in such logs */
	bool has_data;	/* the section's data follows the structure */

	/* Fill in a structure that is zeroed except for its head. The caller fills in the
	 * head. */
	int (*from_section)(struct scn_header *scn, const struct event_section *s);
	int (*from_body)(struct scn_header *scn, struct cursor *body);
	void (*print)(struct ev_out *out, const struct scn_header *scn, int verbosity);
	/* Free what the structure points to, but not the structure. NULL: nothing to
	 * free. */
	void (*release)(struct scn_header *scn);
};

/* Return the kind of this RTAS_*_SCN, or NULL if the number is invalid. */
const struct ev_kind *ev_kind(int scn_id);
/* Return the RTAS_*_SCN of an id in a log. An unknown id is RTAS_GENERIC_SCN. */
int ev_scn_id_of(uint16_t id);
/* Return the RTAS_*_SCN of a format_type, or -1 if the format is unknown. */
int ev_scn_id_of_format(uint8_t format);

/* Return the first section of this kind, or NULL. If re is NULL, errno is EFAULT. */
void *ev_get(const struct rtas_event *re, int scn_id);
/* Convert a parser's error to the errno of the public functions: EINVAL, EFAULT,
 * ENOMEM. */
int ev_errno(int err);
/* Allocate a zeroed section; free it with ev_free(). data_bytes: room after the
 * structure, used only by kinds with has_data. Return NULL without memory. */
struct scn_header *ev_new(int scn_id, size_t data_bytes);
void ev_free(struct scn_header *scn);

/* Make a section of this kind that is in no list yet. Return 0, -EBADMSG or -ENOMEM. */
int ev_make_from_section(int scn_id, const struct event_section *s,
			 struct scn_header **out);
int ev_make_from_body(int scn_id, struct cursor *body, struct scn_header **out);
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

/* Fill in a section of one kind: ev_parse_v6.c, ev_parse_src.c, ev_parse_v4.c. Return 0,
 * -EBADMSG or -ENOMEM. */
int ev_ph_from_section(struct scn_header *scn, const struct event_section *s);
int ev_uh_from_section(struct scn_header *scn, const struct event_section *s);
int ev_epow_from_section(struct scn_header *scn, const struct event_section *s);
int ev_io_from_section(struct scn_header *scn, const struct event_section *s);
int ev_dump_from_section(struct scn_header *scn, const struct event_section *s);
int ev_lri_from_section(struct scn_header *scn, const struct event_section *s);
int ev_mt_from_section(struct scn_header *scn, const struct event_section *s);
int ev_generic_from_section(struct scn_header *scn, const struct event_section *s);
int ev_hotplug_from_section(struct scn_header *scn, const struct event_section *s);
int ev_src_from_section(struct scn_header *scn, const struct event_section *s);
void ev_src_release(struct scn_header *scn);
int ev_epow_from_body(struct scn_header *scn, struct cursor *body);
int ev_io_from_body(struct scn_header *scn, struct cursor *body);
int ev_cpu_from_body(struct scn_header *scn, struct cursor *body);
int ev_ibm_diag_from_body(struct scn_header *scn, struct cursor *body);
int ev_mem_from_body(struct scn_header *scn, struct cursor *body);
int ev_post_from_body(struct scn_header *scn, struct cursor *body);
int ev_ibmsp_from_body(struct scn_header *scn, struct cursor *body);
int ev_vend_errlog_from_body(struct scn_header *scn, struct cursor *body);

/* Print a section of one kind: ev_print_head.c, ev_print_v6.c, ev_print_src.c,
 * ev_print_v4.c. */
void ev_print_hdr(struct ev_out *out, const struct scn_header *scn, int verbosity);
void ev_print_exthdr(struct ev_out *out, const struct scn_header *scn, int verbosity);
void ev_print_epow(struct ev_out *out, const struct scn_header *scn, int verbosity);
void ev_print_io(struct ev_out *out, const struct scn_header *scn, int verbosity);
void ev_print_cpu(struct ev_out *out, const struct scn_header *scn, int verbosity);
void ev_print_ibm_diag(struct ev_out *out, const struct scn_header *scn, int verbosity);
void ev_print_mem(struct ev_out *out, const struct scn_header *scn, int verbosity);
void ev_print_post(struct ev_out *out, const struct scn_header *scn, int verbosity);
void ev_print_ibmsp(struct ev_out *out, const struct scn_header *scn, int verbosity);
void ev_print_vend_errlog(struct ev_out *out, const struct scn_header *scn,
			  int verbosity);
void ev_print_priv_hdr(struct ev_out *out, const struct scn_header *scn, int verbosity);
void ev_print_usr_hdr(struct ev_out *out, const struct scn_header *scn, int verbosity);
void ev_print_dump(struct ev_out *out, const struct scn_header *scn, int verbosity);
void ev_print_lri(struct ev_out *out, const struct scn_header *scn, int verbosity);
void ev_print_mt(struct ev_out *out, const struct scn_header *scn, int verbosity);
void ev_print_src(struct ev_out *out, const struct scn_header *scn, int verbosity);
void ev_print_generic(struct ev_out *out, const struct scn_header *scn, int verbosity);
void ev_print_hotplug(struct ev_out *out, const struct scn_header *scn, int verbosity);

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
