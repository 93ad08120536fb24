/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * ev.h - what the parts of librtasevent know of each other
 *
 * A kind of section is described once, in the table of ev_kinds.c: how it is named in a
 * log, what makes a structure of it, what prints it and what frees it.
 *
 * The names behind "by accident" are exported by all libraries of this soname and are part
 * of its ABI, though in no public header; nothing in this library calls them.
 *
 * Errors:  negative errno, but for the names of the ABI.
 * Layer:   librtasevent (no globals but those that the ABI demands)
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "librtas/librtasevent.h"
#include "wire/event_src.h"

struct ev_out; /* ev_out.h: where text goes, and how much of it there was */

struct ev_kind {
	size_t bytes;	/* of the structure */
	uint16_t id;	/* in a log of version 6; 0: not there */
	uint8_t format; /* format_type of a log before version 6; 0: not there */
	bool has_data;	/* as many bytes as the section has follow the structure */

	/* Fill in a structure that is all 0 but for its head, which is not theirs. */
	int (*from_section)(struct scn_header *scn, const struct event_section *s);
	int (*from_body)(struct scn_header *scn, struct cursor *body);
	void (*print)(struct ev_out *out, const struct scn_header *scn, int verbosity);
	/* What is reached through it, not the structure; NULL: nothing. */
	void (*release)(struct scn_header *scn);
};

/* NULL for what is no RTAS_*_SCN. */
const struct ev_kind *ev_kind(int scn_id);
/* The number of a kind, RTAS_GENERIC_SCN for an id that none has. */
int ev_scn_id_of(uint16_t id);
/* -1 for a format that none has. */
int ev_scn_id_of_format(uint8_t format);

/* The first section of this kind; NULL: none, for re NULL with errno EFAULT. */
void *ev_get(const struct rtas_event *re, int scn_id);
/* errno for why an event, or a part of one, was not taken: EINVAL, EFAULT, ENOMEM. */
int ev_errno(int err);
/* NULL: no memory. Frees with ev_free(). data_bytes counts for kinds that have data. */
struct scn_header *ev_new(int scn_id, size_t data_bytes);
void ev_free(struct scn_header *scn);

/* 0 and a section of this kind that is in no list yet, -EBADMSG, -ENOMEM. */
int ev_make_from_section(int scn_id, const struct event_section *s,
			 struct scn_header **out);
int ev_make_from_body(int scn_id, struct cursor *body, struct scn_header **out);
/* Sections of version 6, from where the event's company is. 0, -EFAULT another company,
 * -EBADMSG, -ENOMEM; what was made until then is in the event. */
int ev_parse_v6(struct rtas_event *re);

/* Parts of structures. */
void ev_fill_date(struct rtas_date *date, uint32_t bcd);
void ev_fill_time(struct rtas_time *time, uint32_t bcd);
void ev_fill_v6_hdr(struct rtas_v6_hdr *hdr, const struct event_section *s);
void ev_fill_mtms(struct rtas_mtms *mtms, const struct event_mtms *from);
/* 0 or -ENOMEM. */
int ev_fill_fru(struct rtas_fru_scn *fru, const struct event_callout *from);

/* Filling in: ev_parse_v6.c, ev_parse_src.c, ev_parse_v4.c. */
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

/* Printing a section of their kind: ev_print_head.c, ev_print_v6.c, ev_print_src.c,
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
 * By accident: parsing. int is 0 or -1 with errno. parse_*_scn() take the section that
 * begins at re->offset and go on behind it.
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

/* By accident: printing. Bytes written. */
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
