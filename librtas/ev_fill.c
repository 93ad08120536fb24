// SPDX-License-Identifier: LGPL-2.1-or-later
/* Members of the structures that ev_sections.inc cannot describe as numbers or bytes,
 * except the call-outs of SRC sections (ev_parse_src.c). */
#include <errno.h>
#include <string.h>

#include "librtas/ev.h"
#include "wire/event_hp.h"

enum { VENDOR_ID_BYTES = 4, RPC_AT = 16, DUMP_NAME_AT = 24 };

void ev_fill_date(struct rtas_date *date, uint32_t bcd)
{
	date->year = bcd >> 16;
	date->month = bcd >> 8 & 0xff;
	date->day = bcd & 0xff;
}

void ev_fill_time(struct rtas_time *time, uint32_t bcd)
{
	time->hour = bcd >> 24;
	time->minutes = bcd >> 16 & 0xff;
	time->seconds = bcd >> 8 & 0xff;
	time->hundredths = bcd & 0xff;
}

/* Fill in the header. length is the number of bytes that exist in the event, because
 * readers rely on it. */
void ev_fill_v6_hdr(struct rtas_v6_hdr *hdr, const struct event_section *s)
{
	hdr->id[0] = (char)(s->id >> 8);
	hdr->id[1] = (char)(s->id & 0xff);
	hdr->length = (uint32_t)s->len;
	hdr->version = s->version;
	hdr->subtype = s->subtype;
	hdr->creator_comp_id = s->component;
}

void ev_fill_mtms(struct rtas_mtms *mtms, const struct event_mtms *from)
{
	*mtms = (struct rtas_mtms){ 0 };
	memcpy(mtms->model, from->model, sizeof(from->model));
	memcpy(mtms->serial_no, from->serial, sizeof(from->serial));
}

/* Return the smallest of the numbers. */
static size_t ev_fill_limit(size_t len, size_t room, size_t left)
{
	if (len > room)
		len = room;
	return len < left ? len : left;
}

int ev_fill_vendor_data(struct rtas_vend_errlog *scn, const struct event_section *s)
{
	size_t len = s->len - VENDOR_ID_BYTES;

	scn->vendor_data_sz = (uint32_t)len;
	if (len) {
		scn->vendor_data = (char *)(scn + 1);
		memcpy(scn->vendor_data, s->bytes + VENDOR_ID_BYTES, len);
	}
	return 0;
}

int ev_fill_epow_reason(struct rtas_epow_scn *scn, const struct event_section *s)
{
	struct epow_section epow;

	if (epow_section_decode(&epow, s->bytes, s->len))
		return -EBADMSG;
	memcpy(scn->reason_code, epow.reason, sizeof(scn->reason_code));
	return 0;
}

int ev_fill_rpc_data(struct rtas_io_scn *scn, const struct event_section *s)
{
	scn->rpc_length = (uint32_t)ev_fill_limit(scn->rpc_length, sizeof(scn->rpc_data),
						  s->len - RPC_AT);
	memcpy(scn->rpc_data, s->bytes + RPC_AT, scn->rpc_length);
	return 0;
}

/* Copy all bytes: a name that is longer than its length field was always complete
 * here. */
int ev_fill_dump_name(struct rtas_dump_scn *scn, const struct event_section *s)
{
	size_t room = ev_fill_limit(s->len - DUMP_NAME_AT, sizeof(scn->os_id), SIZE_MAX);

	scn->id_len = (uint32_t)ev_fill_limit(scn->id_len, room, SIZE_MAX);
	memcpy(scn->os_id, s->bytes + DUMP_NAME_AT, room);
	return 0;
}

int ev_fill_mt_mtms(struct rtas_mt_scn *scn, const struct event_section *s)
{
	struct cursor c = event_section_body(s);
	struct event_mtms mtms = event_mtms_decode(&c);

	memcpy(&scn->v6hdr, s->bytes, sizeof(scn->v6hdr));
	ev_fill_mtms(&scn->mtms, &mtms);
	return 0;
}

int ev_fill_generic_data(struct rtas_v6_generic *scn, const struct event_section *s)
{
	struct cursor c = event_section_body(s);
	size_t len = cursor_left(&c);

	if (len) {
		scn->data = (char *)(scn + 1);
		memcpy(scn->data, c.p, len);
	}
	return 0;
}

int ev_fill_hotplug_id(struct rtas_hotplug_scn *scn, const struct event_section *s)
{
	struct hp_section hp;

	if (hp_section_decode(&hp, s->bytes, s->len))
		return -EBADMSG;

	if (hp.id == HP_INDEX)
		scn->u1.drc_index = hp.index;
	if (hp.id == HP_COUNT || hp.id == HP_COUNT_INDEXED)
		scn->u1.count = hp.count;
	if (hp.id == HP_COUNT_INDEXED)
		scn->u1.indexed.drc_index = hp.index;
	if (hp.name) /* ev_make() reserved the room for it */
		memcpy((char *)scn + offsetof(struct rtas_hotplug_scn, u1), hp.name,
		       strlen(hp.name) + 1);
	return 0;
}
