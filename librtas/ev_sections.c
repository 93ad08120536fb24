// SPDX-License-Identifier: LGPL-2.1-or-later
/* Functions and table of the sections that ev_sections.inc describes. */
#include <errno.h>
#include <stdlib.h>

#include "librtas/ev_print.h"
#include "wire/event_hp.h"
#include "wire/event_text.h"

/* ---- Fill in the structures ---- */

static uint32_t ev_be(const uint8_t *bytes, size_t len)
{
	uint32_t value = 0;

	while (len--)
		value = value << 8 | *bytes++;
	return value;
}

static uint8_t ev_mirror_bits(uint8_t byte)
{
	uint8_t out = 0;

	for (int i = 0; i < 8; i++)
		out |= (uint8_t)((byte >> i & 1) << (7 - i));
	return out;
}

/*
 * Copy flags into the bit fields of the structure. at: offset after its head, in bytes.
 *
 * The bit fields have the order of the log, with the first one in the most significant
 * bit of a byte. Compilers allocate from that bit on big-endian machines. They allocate
 * from the least significant bit on little-endian ones (ELF ABIs of powerpc64 and x86-64,
 * "bit-fields"), so the bytes must be mirrored there.
 */
static void ev_set_flags(struct scn_header *scn, size_t at, const uint8_t *flags,
			 size_t len)
{
	uint8_t *to = (uint8_t *)scn + RE_SHDR_SZ + at;

	for (size_t i = 0; i < len; i++)
		to[i] = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? flags[i]
							       : ev_mirror_bits(flags[i]);
}

// clang-format off
/* Fields are in the bytes that the section has at least. */
#define SECTION(name, type, scn_id, key, version, least, ...)          \
	static int ev_fill_##name(struct scn_header *scn,              \
				  const struct event_section *section) \
	{                                                              \
		enum { LEAST = least };                                \
		struct type *s = (void *)scn;                          \
		const uint8_t *b = section->bytes;                     \
		int err = 0;                                           \
		(void)s;                                               \
		(void)b;
#define FITS(at, bytes)		      _Static_assert((at) + (bytes) <= LEAST, "too far");
#define FLAGS(at, to, bytes)	      FITS(at, bytes) ev_set_flags(scn, to, b + (at), bytes);
#define BOOL(member, at, mask)	      FITS(at, 1) s->member = (b[at] & (mask)) != 0;
#define NUMBER(member, at, bytes)     FITS(at, bytes) s->member = ev_be(b + (at), bytes);
#define INDEX			      NUMBER
#define HIDDEN			      NUMBER
#define NUMBER_AS(key, ...)	      NUMBER(__VA_ARGS__)
#define INDEX_AS		      NUMBER_AS
#define BITS(member, at, bytes, shift, mask) \
	FITS(at, bytes) s->member = ev_be(b + (at), bytes) >> (shift) & (mask);
#define CHARS(member, at, bytes)      FITS(at, bytes) memcpy(s->member, b + (at), bytes);
#define BYTES			      CHARS
#define LETTER(member, at)	      FITS(at, 1) s->member = (char)b[at];
#define WHEN(date_at, time_at)                           \
	FITS(date_at, 4) FITS(time_at, 4)                \
	ev_fill_date(&s->date, ev_be(b + (date_at), 4)); \
	ev_fill_time(&s->time, ev_be(b + (time_at), 4));
#define HEAD_BYTES		      ev_fill_v6_hdr(&s->v6hdr, section);
#define HEAD(title)		      HEAD_BYTES
#define FILL(function)		      err = err ? err : function(s, section);
#define END		\
	return err;	\
	}
#include "librtas/ev_sections.inc"
#undef FITS

/* ---- Print them ---- */

#define SECTION(name, type, ...)                                                        \
	static void ev_print_##name(struct ev_out *out, const struct scn_header *scn,   \
				    int verbosity)                                      \
	{                                                                               \
		const struct type *s = (const void *)scn;                               \
		const int version = ev_version(scn);                                    \
		(void)version;                                                          \
		(void)verbosity;
#define FLAG(member, text) \
	if (s->member)     \
		ev_print(out, "%s\n", text);
#define FLAG_SINCE(member, first, text)    \
	if (s->member && version >= first) \
		ev_print(out, "%s\n", text);
#define FLAG_ONLY(member, only, text)     \
	if (s->member && version == only) \
		ev_print(out, "%s\n", text);
#define TITLE(text)			   ev_title(out, "%s", text);
#define HEAD(text)			   ev_print_v6_head(out, text, &s->v6hdr, verbosity);
#define LINE(label, member)		   ev_field_line(out, label, s->member);
#define PAIR(label, member, label2, other) ev_fields(out, label, s->member, label2, s->other);
#define WIDE(label, high, low)		   ev_field_wide(out, label, s->high, s->low);
#define NAMED(label, member, text_of) \
	ev_field_name(out, label, s->member, text_of(s->member));
#define SENTENCE(format, member)	   ev_print(out, format, s->member);
#define NEWLINE				   ev_print(out, "\n");
#define PRINT(function)			   function(out, s, verbosity);
#define END }
#include "librtas/ev_sections.inc"

/* ---- The table ---- */

static const struct ev_kind kinds[] = {
#define SECTION(name, type, scn, key, version, least, ...)            \
	{ .scn_id = scn, .bytes = sizeof(struct type), .min = least,  \
	  .is_v6 = (version) == EV_VERSION_6, .fill = ev_fill_##name, \
	  .print = ev_print_##name, ##__VA_ARGS__ },
#define SAME_SECTION SECTION
#include "librtas/ev_sections.inc"
};
// clang-format on

const struct ev_kind *ev_kind(int scn_id, int version)
{
	const struct ev_kind *found = NULL;

	for (size_t i = 0; i < EV_COUNT(kinds); i++)
		if (kinds[i].scn_id == scn_id &&
		    (!found || kinds[i].is_v6 == (version == EV_VERSION_6)))
			found = &kinds[i];
	return found;
}

int ev_scn_id_of(uint16_t id)
{
	for (size_t i = 0; i < EV_COUNT(kinds); i++)
		if (id && kinds[i].id == id)
			return kinds[i].scn_id;
	return RTAS_GENERIC_SCN;
}

int ev_scn_id_of_format(uint8_t format)
{
	if (format == EVENT_FORMAT_VENDOR_2)
		format = EVENT_FORMAT_VENDOR;
	for (size_t i = 0; i < EV_COUNT(kinds); i++)
		if (format && kinds[i].format == format)
			return kinds[i].scn_id;
	return -1;
}

void ev_free(struct scn_header *scn)
{
	const struct ev_kind *kind = ev_kind(scn->scn_id, 0);

	if (kind && kind->release)
		kind->release(scn);
	free(scn);
}

int ev_make(int scn_id, int version, const struct event_section *s,
	    struct scn_header **out)
{
	const struct ev_kind *kind = ev_kind(scn_id, version);
	struct scn_header *scn;
	int err;

	*out = NULL;
	if (s->len < kind->min)
		return -EBADMSG;
	scn = calloc(1, kind->bytes + (kind->has_data ? s->len : 0));
	if (!scn)
		return -ENOMEM;

	scn->scn_id = scn_id;
	err = kind->fill(scn, s);
	if (err)
		ev_free(scn);
	else
		*out = scn;
	return err;
}

int ev_make_from_body(int scn_id, struct cursor *body, struct scn_header **out)
{
	const struct ev_kind *kind = ev_kind(scn_id, 0);
	size_t left = cursor_left(body);
	struct event_section s = { .len = kind->has_data && left > kind->min
						  ? left
						  : kind->min };

	*out = NULL;
	s.bytes = cursor_bytes(body, s.len);
	return s.bytes ? ev_make(scn_id, 0, &s, out) : -EBADMSG;
}
