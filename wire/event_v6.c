// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>

#include "wire/event_v6.h"

enum { DUMP_NAME_LEN_AT = 15, DUMP_NAME_AT = 24 };

/* Return a length that a section reports, cut to the remaining bytes. */
static uint8_t event_clip_len(uint8_t says, size_t left)
{
	return says < left ? says : (uint8_t)left;
}

int event_ph_decode(struct event_ph *out, const struct event_section *s)
{
	struct cursor c = event_section_body(s);
	const uint8_t *subsystem;
	struct event_ph ph;

	*out = (struct event_ph){ 0 };
	ph.date = cursor_be32(&c);
	ph.time = cursor_be32(&c);
	cursor_bytes(&c, 8);
	ph.creator = cursor_u8(&c);
	cursor_bytes(&c, 2);
	ph.sections = cursor_u8(&c);
	cursor_bytes(&c, 4);
	subsystem = cursor_bytes(&c, sizeof(ph.subsystem));
	ph.plid = cursor_be32(&c);
	ph.entry = cursor_be32(&c);
	if (c.err)
		return -EBADMSG;

	memcpy(ph.subsystem, subsystem, sizeof(ph.subsystem));
	*out = ph;
	return 0;
}

int event_uh_decode(struct event_uh *out, const struct event_section *s)
{
	struct cursor c = event_section_body(s);
	struct event_uh uh;

	*out = (struct event_uh){ 0 };
	uh.subsystem = cursor_u8(&c);
	uh.data = cursor_u8(&c);
	uh.severity = cursor_u8(&c);
	uh.type = cursor_u8(&c);
	cursor_bytes(&c, 6);
	uh.action = cursor_be16(&c);
	cursor_bytes(&c, 4);
	if (c.err)
		return -EBADMSG;

	*out = uh;
	return 0;
}

int event_io_decode(struct event_io *out, const struct event_section *s)
{
	struct cursor c = event_section_body(s);
	struct event_io io;

	*out = (struct event_io){ 0 };
	io.type = cursor_u8(&c);
	io.rpc_len = cursor_u8(&c);
	io.scope = cursor_u8(&c);
	io.subtype = cursor_u8(&c);
	io.drc_index = cursor_be32(&c);
	if (c.err)
		return -EBADMSG;

	io.rpc_len = event_clip_len(event_clip_len(io.rpc_len, EVENT_IO_RPC_MAX_BYTES),
				    cursor_left(&c));
	io.rpc = c.p;
	*out = io;
	return 0;
}

int event_dump_decode(struct event_dump *out, const struct event_section *s)
{
	struct cursor c = event_section_body(s);
	struct event_dump dump;
	uint8_t flags;

	*out = (struct event_dump){ 0 };
	dump.id = cursor_be32(&c);
	flags = cursor_u8(&c);
	dump.at_console = flags & 0x80;
	dump.binary_name = flags & 0x40;
	dump.size_valid = flags & 0x20;
	cursor_bytes(&c, 2);
	dump.name_len = cursor_u8(&c);
	dump.size = cursor_be64(&c);
	if (c.err)
		return -EBADMSG;

	dump.name_room = event_clip_len(EVENT_DUMP_NAME_MAX_BYTES, cursor_left(&c));
	dump.name_len = event_clip_len(dump.name_len, dump.name_room);
	dump.name = c.p;
	*out = dump;
	return 0;
}

int event_lri_decode(struct event_lri *out, const struct event_section *s)
{
	struct cursor c = event_section_body(s);
	struct event_lri lri;

	*out = (struct event_lri){ 0 };
	lri.resource = cursor_u8(&c);
	cursor_bytes(&c, 1);
	lri.capacity = cursor_be16(&c);
	lri.id = cursor_be32(&c);
	lri.low = cursor_be32(&c);
	if (c.err)
		return -EBADMSG;

	*out = lri;
	return 0;
}

struct event_mtms event_mtms_decode(struct cursor *c)
{
	struct event_mtms mtms = { 0 };
	const uint8_t *model = cursor_bytes(c, sizeof(mtms.model));
	const uint8_t *serial = cursor_bytes(c, sizeof(mtms.serial));

	if (model && serial) {
		memcpy(mtms.model, model, sizeof(mtms.model));
		memcpy(mtms.serial, serial, sizeof(mtms.serial));
	}
	return mtms;
}

int event_mt_decode(struct event_mtms *out, const struct event_section *s)
{
	struct cursor c = event_section_body(s);

	*out = event_mtms_decode(&c);
	return c.err ? -EBADMSG : 0;
}

int event_dump_rename(uint8_t *section, size_t len, const char *name)
{
	size_t chars = strlen(name), room = len < DUMP_NAME_AT ? 0 : len - DUMP_NAME_AT;
	size_t says = (chars + 3) & ~(size_t)3;

	if (room > EVENT_DUMP_NAME_MAX_BYTES)
		room = EVENT_DUMP_NAME_MAX_BYTES;
	if (len < DUMP_NAME_AT || says > room)
		return -ENAMETOOLONG;

	memset(section + DUMP_NAME_AT, 0, room);
	memcpy(section + DUMP_NAME_AT, name, chars);
	section[DUMP_NAME_LEN_AT] = (uint8_t)says;
	return (int)says;
}
