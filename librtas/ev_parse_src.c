// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Structures of SRC sections: a list of call-outs, each with a list of parts. An invalid
 * entry ends its list; the entries before it are kept.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "librtas/ev.h"

#define MR_UNITS (sizeof(((struct rtas_fru_mr_scn *)0)->mrus) / sizeof(struct fru_mru))

/* Copy characters of a log that readers print as a string. The last byte of the
 * destination stays NUL. */
static void src_fill_text(char *to, size_t size, const void *from, size_t len)
{
	if (from)
		memcpy(to, from, len < size ? len : size - 1);
}

static void src_fill_id(struct rtas_fru_hdr *hdr, const struct event_part *part)
{
	struct rtas_fru_id_scn *out = (void *)hdr;
	struct event_part_id_fields id = event_part_id_decode(part);

	src_fill_text(out->part_no, sizeof(out->part_no), id.part_no, 8);
	src_fill_text(out->procedure_id, sizeof(out->procedure_id), id.procedure, 8);
	src_fill_text(out->ccin, sizeof(out->ccin), id.ccin, 4);
	src_fill_text(out->serial_no, sizeof(out->serial_no), id.serial, 12);
}

static void src_fill_pe(struct rtas_fru_hdr *hdr, const struct event_part *part)
{
	struct rtas_fru_pe_scn *out = (void *)hdr;
	struct cursor name;
	struct event_mtms mtms = event_part_pe_decode(part, &name);

	ev_fill_mtms(&out->pce_mtms, &mtms);
	src_fill_text(out->pce_name, sizeof(out->pce_name), name.p, cursor_left(&name));
}

static void src_fill_mr(struct rtas_fru_hdr *hdr, const struct event_part *part)
{
	struct rtas_fru_mr_scn *out = (void *)hdr;
	struct event_unit units[MR_UNITS];
	size_t n = event_part_mr_decode(part, units, MR_UNITS);

	for (size_t i = 0; i < n; i++)
		out->mrus[i] = (struct fru_mru){ (char)units[i].priority, units[i].id };
}

static const struct {
	uint16_t id;
	size_t bytes;
	void (*fill)(struct rtas_fru_hdr *hdr, const struct event_part *part);
} parts[] = {
	{ EVENT_PART_ID, sizeof(struct rtas_fru_id_scn), src_fill_id },
	{ EVENT_PART_PE, sizeof(struct rtas_fru_pe_scn), src_fill_pe },
	{ EVENT_PART_MR, sizeof(struct rtas_fru_mr_scn), src_fill_mr },
};

/* Make a part. Return 0 or -ENOMEM. *out is NULL if the kind of part is unknown. */
static int src_make_part(const struct event_part *part, struct rtas_fru_hdr **out)
{
	struct rtas_fru_hdr *hdr;
	size_t i = 0;

	*out = NULL;
	while (i < sizeof(parts) / sizeof(parts[0]) && parts[i].id != part->id)
		i++;
	if (i == sizeof(parts) / sizeof(parts[0]))
		return 0;
	hdr = calloc(1, parts[i].bytes);
	if (!hdr)
		return -ENOMEM;

	hdr->id[0] = (char)(part->id >> 8);
	hdr->id[1] = (char)(part->id & 0xff);
	hdr->length = part->len;
	hdr->flags = part->flags;
	parts[i].fill(hdr, part);
	*out = hdr;
	return 0;
}

int ev_fill_fru(struct rtas_fru_scn *fru, const struct event_callout *from)
{
	struct rtas_fru_hdr **tail = &fru->subscns;
	struct cursor c = from->parts;
	struct event_part part;

	fru->length = from->len;
	fru->type = from->type;
	fru->fru_id_included = from->has_id;
	fru->fru_subscn_included = from->has_more;
	fru->priority = (char)from->priority;
	fru->loc_code_length = from->location_len;
	src_fill_text(fru->loc_code, sizeof(fru->loc_code), from->location,
		      from->location_len);
	while (event_part_next(&c, &part) > 0) {
		if (src_make_part(&part, tail))
			return -ENOMEM;
		if (*tail)
			tail = &(*tail)->next;
	}
	return 0;
}

static int src_add_callouts(struct rtas_src_scn *src, struct cursor callouts)
{
	struct rtas_fru_scn **tail = &src->fru_scns;
	struct event_callout callout;

	while (event_callout_next(&callouts, &callout) > 0) {
		*tail = calloc(1, sizeof(**tail));
		if (!*tail || ev_fill_fru(*tail, &callout))
			return -ENOMEM;
		tail = &(*tail)->next;
	}
	return 0;
}

int ev_fill_src_callouts(struct rtas_src_scn *scn, const struct event_section *s)
{
	struct event_src src;

	if (event_src_decode(&src, s))
		return -EBADMSG;

	scn->subscn_id = src.sub_id;
	scn->subscn_platform_data = src.sub_platform;
	scn->subscn_length = src.sub_words;
	return src_add_callouts(scn, src.callouts);
}

static void src_free_parts(struct rtas_fru_hdr *hdr)
{
	while (hdr) {
		struct rtas_fru_hdr *next = hdr->next;

		free(hdr);
		hdr = next;
	}
}

void ev_src_release(struct scn_header *scn)
{
	struct rtas_fru_scn *fru = ((struct rtas_src_scn *)(void *)scn)->fru_scns;

	while (fru) {
		struct rtas_fru_scn *next = fru->next;

		src_free_parts(fru->subscns);
		free(fru);
		fru = next;
	}
}
