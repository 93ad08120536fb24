// SPDX-License-Identifier: LGPL-2.1-or-later
/* Structures of the sections of version 6, except SRC sections (ev_parse_src.c). */
#include <errno.h>
#include <string.h>

#include "librtas/ev.h"
#include "wire/event_hp.h"

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

static uint32_t ev_read_word(const uint8_t *bytes)
{
	struct cursor c = cursor_of(bytes, 4);

	return cursor_be32(&c);
}

int ev_ph_from_section(struct scn_header *scn, const struct event_section *s)
{
	struct rtas_priv_hdr_scn *hdr = (void *)scn;
	struct event_ph ph;

	if (event_ph_decode(&ph, s))
		return -EBADMSG;

	ev_fill_v6_hdr(&hdr->v6hdr, s);
	ev_fill_date(&hdr->date, ph.date);
	ev_fill_time(&hdr->time, ph.time);
	hdr->creator_id = (char)ph.creator;
	hdr->scn_count = ph.sections;
	hdr->creator_subid_hi = ev_read_word(ph.subsystem);
	hdr->creator_subid_lo = ev_read_word(ph.subsystem + 4);
	hdr->plid = ph.plid;
	hdr->log_entry_id = ph.entry;
	memcpy(hdr->creator_subid_name, ph.subsystem, sizeof(ph.subsystem));
	return 0;
}

int ev_uh_from_section(struct scn_header *scn, const struct event_section *s)
{
	struct rtas_usr_hdr_scn *hdr = (void *)scn;
	struct event_uh uh;

	if (event_uh_decode(&uh, s))
		return -EBADMSG;

	ev_fill_v6_hdr(&hdr->v6hdr, s);
	hdr->subsystem_id = uh.subsystem;
	hdr->event_data = uh.data;
	hdr->event_severity = uh.severity;
	hdr->event_type = uh.type;
	hdr->action = uh.action;
	return 0;
}

int ev_epow_from_section(struct scn_header *scn, const struct event_section *s)
{
	struct rtas_epow_scn *ep = (void *)scn;
	struct epow_section epow;

	if (epow_section_decode(&epow, s->bytes, s->len))
		return -EBADMSG;

	ev_fill_v6_hdr(&ep->v6hdr, s);
	ep->sensor_value = epow.sensor >> 4;
	ep->action_code = epow.sensor & 15;
	ep->event_modifier = epow.modifier;
	memcpy(ep->reason_code, epow.reason, sizeof(ep->reason_code));
	return 0;
}

int ev_io_from_section(struct scn_header *scn, const struct event_section *s)
{
	struct rtas_io_scn *ie = (void *)scn;
	struct event_io io;

	if (event_io_decode(&io, s))
		return -EBADMSG;

	ev_fill_v6_hdr(&ie->v6hdr, s);
	ie->event_type = io.type;
	ie->rpc_length = io.rpc_len;
	ie->scope = io.scope;
	ie->subtype = io.subtype;
	ie->drc_index = io.drc_index;
	memcpy(ie->rpc_data, io.rpc, io.rpc_len);
	return 0;
}

int ev_dump_from_section(struct scn_header *scn, const struct event_section *s)
{
	struct rtas_dump_scn *dh = (void *)scn;
	struct event_dump dump;

	if (event_dump_decode(&dump, s))
		return -EBADMSG;

	ev_fill_v6_hdr(&dh->v6hdr, s);
	dh->id = dump.id;
	dh->location = dump.at_console;
	dh->fname_type = dump.binary_name;
	dh->size_valid = dump.size_valid;
	dh->id_len = dump.name_len;
	dh->size_hi = (uint32_t)(dump.size >> 32);
	dh->size_lo = (uint32_t)dump.size;
	/* Copy all bytes: an id that is longer than its length field was always complete
	 * here. */
	memcpy(dh->os_id, dump.name, dump.name_room);
	return 0;
}

int ev_lri_from_section(struct scn_header *scn, const struct event_section *s)
{
	struct rtas_lri_scn *lr = (void *)scn;
	struct event_lri lri;

	if (event_lri_decode(&lri, s))
		return -EBADMSG;

	ev_fill_v6_hdr(&lr->v6hdr, s);
	lr->resource = lri.resource;
	lr->capacity = lri.capacity;
	lr->lri_mem_addr_lo = lri.id;
	lr->lri_mem_addr_hi = lri.low;
	return 0;
}

int ev_mt_from_section(struct scn_header *scn, const struct event_section *s)
{
	struct rtas_mt_scn *mt = (void *)scn;
	struct event_mtms mtms;

	if (event_mt_decode(&mtms, s))
		return -EBADMSG;

	memcpy(&mt->v6hdr, s->bytes, sizeof(mt->v6hdr));
	ev_fill_mtms(&mt->mtms, &mtms);
	return 0;
}

int ev_generic_from_section(struct scn_header *scn, const struct event_section *s)
{
	struct rtas_v6_generic *generic = (void *)scn;
	struct cursor c = event_section_body(s);
	size_t len = cursor_left(&c);

	ev_fill_v6_hdr(&generic->v6hdr, s);
	if (len) {
		generic->data = (char *)(generic + 1);
		memcpy(generic->data, c.p, len);
	}
	return 0;
}

int ev_hotplug_from_section(struct scn_header *scn, const struct event_section *s)
{
	struct rtas_hotplug_scn *out = (void *)scn;
	struct hp_section hp;

	if (hp_section_decode(&hp, s->bytes, s->len))
		return -EBADMSG;

	ev_fill_v6_hdr(&out->v6hdr, s);
	out->type = hp.type;
	out->action = hp.action;
	out->identifier = hp.id;
	out->reserved = hp.flags;
	if (hp.id == HP_INDEX)
		out->u1.drc_index = hp.index;
	if (hp.id == HP_COUNT || hp.id == HP_COUNT_INDEXED)
		out->u1.count = hp.count;
	if (hp.id == HP_COUNT_INDEXED)
		out->u1.indexed.drc_index = hp.index;
	if (hp.name) /* ev_new() reserved the room for it */
		memcpy((char *)out + offsetof(struct rtas_hotplug_scn, u1), hp.name,
		       strlen(hp.name) + 1);
	return 0;
}
