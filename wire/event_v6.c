// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>

#include "wire/event_v6.h"

enum { DUMP_NAME_LEN_AT = 15, DUMP_NAME_AT = 24 };

int event_ph_decode(struct event_ph *out, const struct event_section *s)
{
	struct cursor c = event_section_body(s);
	struct event_ph ph;

	*out = (struct event_ph){ 0 };
	ph.date = cursor_be32(&c);
	ph.time = cursor_be32(&c);
	cursor_bytes(&c, 8);
	ph.creator = cursor_u8(&c);
	cursor_bytes(&c, 2);
	ph.sections = cursor_u8(&c);
	cursor_bytes(&c, 12);
	ph.plid = cursor_be32(&c);
	cursor_bytes(&c, 4);
	if (c.err)
		return -EBADMSG;

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
