// SPDX-License-Identifier: GPL-2.0-or-later
/* Each section has a function that librtas/ev_sections.inc describes. The keys are the names
 * in the library's headers, or cpu_id, if each section has a key of that name. */
#include <string.h>

#include "cli/json_util.h"
#include "cli/event_show.h"

typedef void fill_fn(json_object *o, const void *section);

static void event_json_bytes(json_object *o, const char *key, const void *bytes,
			     size_t len)
{
	static const char digits[] = "0123456789abcdef";
	const unsigned char *from = bytes;
	char *text = malloc(2 * len + 1);

	if (!text)
		return;
	for (size_t i = 0; i < len; i++) {
		text[2 * i] = digits[from[i] >> 4];
		text[2 * i + 1] = digits[from[i] & 15];
	}
	text[2 * len] = '\0';
	json_put_text(o, key, text);
	free(text);
}

/* Dates and times are in BCD. */
static void event_json_date(json_object *o, const struct rtas_date *date)
{
	char text[40];

	snprintf(text, sizeof(text), "%04x-%02x-%02x", date->year, date->month,
		 date->day);
	json_put_text(o, "date", text);
}

static void event_json_time(json_object *o, const struct rtas_time *time)
{
	char text[48];

	snprintf(text, sizeof(text), "%02x:%02x:%02x.%02x", time->hour, time->minutes,
		 time->seconds, time->hundredths);
	json_put_text(o, "time", text);
}

/* ---- Members that are more than a number or a text ---- */

#define NUMBER(field) json_put_int(o, #field, s->field);
#define INDEX(field)  json_put_index(o, #field, s->field);
#define TEXT(field)   json_put_chars(o, #field, s->field, sizeof(s->field));

static void event_json_mtms(json_object *o, const struct rtas_mtms *s)
{
	TEXT(model)
	TEXT(serial_no)
}

static void event_json_mt_mtms(json_object *o, const struct rtas_mt_scn *s)
{
	event_json_mtms(o, &s->mtms);
}

static void event_json_vendor_data(json_object *o, const struct rtas_vend_errlog *s)
{
	NUMBER(vendor_data_sz)
	event_json_bytes(o, "vendor_data", s->vendor_data, s->vendor_data_sz);
}

static void event_json_hotplug_id(json_object *o, const struct rtas_hotplug_scn *s)
{
	switch (s->identifier) {
	case RTAS_HP_ID_DRC_NAME:
		json_put_text(o, "drc_name", s->u1.drc_name);
		break;
	case RTAS_HP_ID_DRC_INDEX:
		json_put_index(o, "drc_index", s->u1.drc_index);
		break;
	case RTAS_HP_ID_DRC_COUNT:
		json_put_int(o, "count", s->u1.count);
		break;
	case RTAS_HP_ID_DRC_COUNT_INDEXED:
		json_put_int(o, "count", s->u1.indexed.count);
		json_put_index(o, "drc_index", s->u1.indexed.drc_index);
		break;
	default:
		break;
	}
}

static void event_json_lri_id(json_object *o, const struct rtas_lri_scn *s)
{
	switch (s->resource) {
	case RTAS_LRI_RES_PROC:
		json_put_index(o, "lri_cpu_id", s->lri_cpu_id);
		break;
	case RTAS_LRI_RES_MEM_PAGE:
		json_put_index(o, "lri_mem_addr_lo", s->lri_mem_addr_lo);
		json_put_index(o, "lri_mem_addr_hi", s->lri_mem_addr_hi);
		break;
	case RTAS_LRI_RES_MEM_LMB:
		json_put_index(o, "lri_drc_index", s->lri_drc_index);
		break;
	default:
		break;
	}
}

static void event_json_rpc_data(json_object *o, const struct rtas_io_scn *s)
{
	size_t len =
		s->rpc_length < sizeof(s->rpc_data) ? s->rpc_length : sizeof(s->rpc_data);

	event_json_bytes(o, "rpc_data", s->rpc_data, len);
}

static void event_json_fru_id(json_object *o, const struct rtas_fru_id_scn *s)
{
	if (fruid_has_part_no(s))
		TEXT(part_no)
	if (fruid_has_proc_id(s))
		TEXT(procedure_id)
	if (fruid_has_ccin(s))
		TEXT(ccin)
	if (fruid_has_serial_no(s))
		TEXT(serial_no)
}

static void event_json_fru_pe(json_object *o, const struct rtas_fru_pe_scn *s)
{
	event_json_mtms(o, &s->pce_mtms);
	TEXT(pce_name)
}

static void event_json_fru_mr(json_object *o, const struct rtas_fru_mr_scn *s)
{
	json_object *mrus = json_new_array();

	for (size_t i = 0; i < frumr_num_callouts(s); i++) {
		json_object *mru = json_new_object();

		json_put_chars(mru, "priority", &s->mrus[i].priority, 1);
		json_put_index(mru, "id", s->mrus[i].id);
		json_append(mrus, mru);
	}
	json_put(o, "mrus", mrus);
}

static json_object *event_json_subscn_object(const struct rtas_fru_hdr *hdr)
{
	json_object *o = json_new_object();

	json_put_chars(o, "id", hdr->id, sizeof(hdr->id));
	json_put_int(o, "length", hdr->length);
	json_put_index(o, "flags", hdr->flags);
	if (!memcmp(hdr->id, "ID", 2))
		event_json_fru_id(o, (const void *)hdr);
	else if (!memcmp(hdr->id, "PE", 2))
		event_json_fru_pe(o, (const void *)hdr);
	else if (!memcmp(hdr->id, "MR", 2))
		event_json_fru_mr(o, (const void *)hdr);
	return o;
}

static json_object *event_json_fru_object(const struct rtas_fru_scn *s)
{
	json_object *o = json_new_object(), *subscns = json_new_array();

	NUMBER(length)
	NUMBER(type)
	json_put_bool(o, "fru_id_included", s->fru_id_included != 0);
	NUMBER(fru_subscn_included)
	json_put_chars(o, "priority", &s->priority, 1);
	NUMBER(loc_code_length)
	TEXT(loc_code)
	for (const struct rtas_fru_hdr *hdr = s->subscns; hdr; hdr = hdr->next)
		json_append(subscns, event_json_subscn_object(hdr));
	json_put(o, "subscns", subscns);
	return o;
}

static void event_json_src_callouts(json_object *o, const struct rtas_src_scn *s)
{
	json_object *frus;

	if (!src_subscns_included(s))
		return;

	INDEX(subscn_id)
	NUMBER(subscn_platform_data)
	NUMBER(subscn_length)
	frus = json_new_array();
	for (const struct rtas_fru_scn *f = s->fru_scns; f; f = f->next)
		json_append(frus, event_json_fru_object(f));
	json_put(o, "fru_scns", frus);
}

/* v6hdr.length is the number of bytes that exist in the event. */
static void event_json_generic_data(json_object *o, const struct rtas_v6_generic *s)
{
	size_t len = s->v6hdr.length;

	event_json_bytes(o, "data", s->data, s->data && len > 8 ? len - 8 : 0);
}

#undef NUMBER
#undef INDEX
#undef TEXT

/* ---- A function for each section ---- */

// clang-format off
#define SECTION(name, type, ...)                                           \
	static void event_json_##name(json_object *o, const void *section) \
	{                                                                  \
		const struct type *s = section;
#define FLAG(member, ...)	       json_put_bool(o, #member, s->member != 0);
#define FLAG_SINCE		       FLAG
#define FLAG_ONLY		       FLAG
#define FLAG_QUIET		       FLAG
#define BOOL			       FLAG
#define NUMBER(member, ...)	       json_put_int(o, #member, s->member);
#define BITS			       NUMBER
#define INDEX(member, ...)	       json_put_index(o, #member, s->member);
#define NUMBER_AS(key, member, ...)    json_put_int(o, #key, s->member);
#define INDEX_AS(key, member, ...)     json_put_index(o, #key, s->member);
#define CHARS(member, ...) \
	json_put_chars(o, #member, (const char *)s->member, sizeof(s->member));
#define FILLED_TEXT		       CHARS
#define BYTES(member, ...)	       event_json_bytes(o, #member, s->member, sizeof(s->member));
#define FILLED_BYTES		       BYTES
#define LETTER(member, ...)	       json_put_chars(o, #member, &s->member, 1);
#define WHEN(...)	              \
	event_json_date(o, &s->date); \
	event_json_time(o, &s->time);
#define JSON(function)		       function(o, s);
#define END }
#include "librtas/ev_sections.inc"
// clang-format on

/* The kinds of sections. Sections of version 6 contain their own id. */
static const struct kind {
	int scn_id;
	const char *id;
	int version;  /* 6: of the event, 0: any other */
	uint32_t len; /* of sections that do not contain their length */
	fill_fn *fill;
} kinds[] = {
// clang-format off
#define SECTION(name, type, scn, key, version, least, ...) \
	{ scn, key, version, least, event_json_##name },
#define SAME_SECTION SECTION
#include "librtas/ev_sections.inc"
	// clang-format on
};

static const struct kind *event_json_kind(const struct scn_header *shdr)
{
	const struct kind *found = NULL;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (kinds[i].scn_id == shdr->scn_id &&
		    (!found || (kinds[i].version == 6) == (shdr->re->version == 6)))
			found = &kinds[i];
	return found;
}

/* Print the header of a section of version 6 from the event's own bytes. */
static void event_json_v6_head(json_object *o, const struct scn_header *shdr)
{
	const unsigned char *raw = event_show_raw(shdr);

	json_put_chars(o, "id", (const char *)raw, 2);
	json_put_int(o, "offset", shdr->raw_offset);
	json_put_int(o, "length", raw[2] << 8 | raw[3]);
	json_put_int(o, "version", raw[4]);
	json_put_int(o, "subtype", raw[5]);
	json_put_index(o, "creator_comp_id", (uint32_t)(raw[6] << 8 | raw[7]));
}

static void event_json_head(json_object *o, const struct scn_header *shdr,
			    const struct kind *kind)
{
	const struct rtas_vend_errlog *vendor = (const void *)shdr;

	json_put_text(o, "id", kind->id);
	json_put_int(o, "offset", shdr->raw_offset);
	json_put_int(o, "length",
		     shdr->scn_id == RTAS_VEND_ERRLOG_SCN ? 4 + vendor->vendor_data_sz
							  : kind->len);
	/* Only the first section has a version: the event's. */
	if (shdr->scn_id == RTAS_EVENT_HDR)
		json_put_int(
			o, "version",
			((const struct rtas_event_hdr *)(const void *)shdr)->version);
	else
		json_put_text(o, "version", NULL);
	json_put_text(o, "subtype", NULL);
}

static json_object *event_json_section_object(const struct scn_header *shdr)
{
	json_object *o = json_new_object();
	const struct kind *kind = event_json_kind(shdr);

	if (kind->version == 6)
		event_json_v6_head(o, shdr);
	else
		event_json_head(o, shdr, kind);
	kind->fill(o, shdr);
	return o;
}

json_object *event_show_json(struct rtas_event *re)
{
	json_object *o = json_new_object(), *sections = json_new_array();
	const struct rtas_event_hdr *s = rtas_get_event_hdr_scn(re);
	const struct scn_header *shdr;

	if (re->event_no >= 0)
		json_put_int(o, "seq", (uint32_t)re->event_no);
	else
		json_put_text(o, "seq", NULL);
	if (s) {
		json_put_int(o, "version", s->version);
		json_put_int(o, "severity", s->severity);
		json_put_int(o, "disposition", s->disposition);
		json_put_int(o, "initiator", s->initiator);
		json_put_int(o, "target", s->target);
		json_put_int(o, "type", s->type);
	}
	json_put_int(o, "length", re->event_length);
	for (shdr = re->event_scns; shdr; shdr = shdr->next)
		if (shdr->scn_id > 0 && shdr->scn_id < RTAS_MAX_SCN_ID)
			json_append(sections, event_json_section_object(shdr));
	json_put(o, "sections", sections);
	event_json_bytes(o, "raw", re->buffer, re->event_length);
	return o;
}

json_object *event_show_document(json_object *events, json_object *error)
{
	json_object *document = json_new_object();

	json_put_text(document, "schema", "papr.rtas-event/1");
	json_put(document, "events", events);
	json_put(document, "error", error);
	return document;
}
