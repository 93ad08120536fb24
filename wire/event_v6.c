// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>

#include "wire/event_v6.h"

enum { DUMP_NAME_LEN_AT = 15, DUMP_NAME_AT = 24 };

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
