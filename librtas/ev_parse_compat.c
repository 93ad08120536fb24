// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Steps of parsing that libraries of this soname export by accident (ev.h). They work at
 * re->offset and never read past re->event_length.
 */
#include <errno.h>
#include <string.h>

#include "librtas/ev.h"

enum { CALLOUT_HEAD_BYTES = 4 };

static struct cursor compat_cursor(const struct rtas_event *re)
{
	size_t left = re->offset < re->event_length ? re->event_length - re->offset : 0;

	return left ? cursor_of(re->buffer + re->offset, left) : cursor_of(re->buffer, 0);
}

static void compat_go_to(struct rtas_event *re, const struct cursor *c)
{
	re->offset = (uint32_t)((const char *)c->p - re->buffer);
}

static int compat_make_scn(struct cursor *c, int scn_id, bool in_sections,
			   struct scn_header **scn)
{
	struct event_section_iter it = { *c };
	struct event_section s;

	if (!in_sections)
		return ev_make_from_body(scn_id, c, scn);
	if (event_sections_next(&it, &s) <= 0)
		return -EBADMSG;

	*c = it.c;
	if (scn_id == RTAS_PSRC_SCN && s.id == EVENT_SECTION_SECONDARY_SRC)
		scn_id = RTAS_SSRC_SCN;
	return ev_make(scn_id, EV_VERSION_6, &s, scn);
}

/* Parse one section at re->offset. Return 0, or -1 with errno. */
static int compat_parse_scn(struct rtas_event *re, int scn_id)
{
	struct scn_header *scn;
	struct cursor c;
	int err;

	if (!re) {
		errno = EFAULT;
		return -1;
	}
	c = compat_cursor(re);
	err = compat_make_scn(&c, scn_id, ev_kind(scn_id, re->version)->is_v6, &scn);
	if (err) {
		errno = ev_errno(err);
		return -1;
	}
	scn->raw_offset = re->offset;
	add_re_scn(re, scn, scn->scn_id);
	compat_go_to(re, &c);
	return 0;
}

#define STEP(name, scn_id)                           \
	int name(struct rtas_event *re)              \
	{                                            \
		return compat_parse_scn(re, scn_id); \
	}

STEP(parse_cpu_scn, RTAS_CPU_SCN)
STEP(parse_dump_scn, RTAS_DUMP_SCN)
STEP(parse_epow_scn, RTAS_EPOW_SCN)
STEP(parse_generic_v6_scn, RTAS_GENERIC_SCN)
STEP(parse_hotplug_scn, RTAS_HP_SCN)
STEP(parse_ibm_diag_scn, RTAS_IBM_DIAG_SCN)
STEP(parse_io_scn, RTAS_IO_SCN)
STEP(parse_lri_scn, RTAS_LRI_SCN)
STEP(parse_mem_scn, RTAS_MEM_SCN)
STEP(parse_mt_scn, RTAS_MT_SCN)
STEP(parse_post_scn, RTAS_POST_SCN)
STEP(parse_priv_hdr_scn, RTAS_PRIV_HDR_SCN)
STEP(parse_sp_scn, RTAS_IBM_SP_SCN)
STEP(parse_src_scn, RTAS_PSRC_SCN)
STEP(parse_usr_hdr_scn, RTAS_USR_HDR_SCN)
STEP(parse_vend_errlog_scn, RTAS_VEND_ERRLOG_SCN)

struct rtas_event *parse_v6_rtas_event(struct rtas_event *re)
{
	int err = re ? ev_parse_v6(re) : -EFAULT;

	if (!err)
		return re;
	errno = ev_errno(err);
	return NULL;
}

/* Parse the call-out at re->offset. The caller has copied raw from just before
 * re->offset. */
void parse_fru_scn(struct rtas_event *re, struct rtas_fru_scn *fru,
		   struct rtas_fru_scn_raw *raw)
{
	struct event_callout callout;
	struct cursor c = compat_cursor(re);

	(void)raw;
	memset(fru, 0, sizeof(*fru));
	if (re->offset < CALLOUT_HEAD_BYTES || c.p == (uint8_t *)re->buffer)
		return;
	c.p -= CALLOUT_HEAD_BYTES;
	if (event_callout_next(&c, &callout) <= 0)
		return;

	ev_fill_fru(fru, &callout);
	compat_go_to(re, &c);
}

void parse_mtms(struct rtas_event *re, struct rtas_mtms *mtms)
{
	struct cursor c = compat_cursor(re);
	struct event_mtms from = event_mtms_decode(&c);

	ev_fill_mtms(mtms, &from);
	if (!c.err)
		compat_go_to(re, &c);
}

void parse_rtas_date(struct rtas_date *date, struct rtas_date_raw raw)
{
	struct cursor c = cursor_of(&raw, sizeof(raw));

	ev_fill_date(date, cursor_be32(&c));
}

void parse_rtas_time(struct rtas_time *time, struct rtas_time_raw raw)
{
	struct cursor c = cursor_of(&raw, sizeof(raw));

	ev_fill_time(time, cursor_be32(&c));
}

void parse_v6_hdr(struct rtas_v6_hdr *hdr, struct rtas_v6_hdr_raw *raw)
{
	struct cursor c = cursor_of(raw, sizeof(*raw));

	memcpy(hdr->id, cursor_bytes(&c, 2), sizeof(hdr->id));
	hdr->length = cursor_be16(&c);
	hdr->version = cursor_u8(&c);
	hdr->subtype = cursor_u8(&c);
	hdr->creator_comp_id = cursor_be16(&c);
}

void add_re_scn(struct rtas_event *re, void *scn, int id)
{
	struct scn_header **tail = &re->event_scns, *hdr = scn;

	while (*tail)
		tail = &(*tail)->next;
	*tail = hdr;
	hdr->next = NULL;
	hdr->re = re;
	hdr->scn_id = id;
}

struct scn_header *get_re_scn(struct rtas_event *re, int id)
{
	return ev_get(re, id);
}

int re_scn_id(struct rtas_v6_hdr_raw *raw)
{
	struct cursor c = cursor_of(raw, sizeof(*raw));
	int scn_id = ev_scn_id_of(cursor_be16(&c));

	return scn_id == RTAS_GENERIC_SCN ? -1 : scn_id;
}

/* Copy n bytes. Bytes past the end of the event are 0. */
void rtas_copy(void *to, struct rtas_event *re, uint32_t n)
{
	struct cursor c = compat_cursor(re);
	size_t left = cursor_left(&c), len = n < left ? n : left;

	memset(to, 0, n);
	if (len)
		memcpy(to, cursor_bytes(&c, len), len);
	re->offset += (uint32_t)len;
}
