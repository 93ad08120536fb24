// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>

#include "wire/cursor.h"
#include "wire/event_hp.h"

enum { HEAD_BYTES = 8, FIXED_BYTES = 12, TOKEN_BYTES = 4, SECTION_VERSION = 1 };

static size_t hp_token_bytes(const struct hp_section *hp)
{
	return hp->flags & HP_HAS_TOKEN ? TOKEN_BYTES : 0;
}

static size_t hp_section_bytes(const struct hp_section *hp)
{
	size_t named = hp->id == HP_NAME && hp->name ? strlen(hp->name) + 1 : 0;
	size_t len = FIXED_BYTES + named > HP_SECTION_BYTES ? FIXED_BYTES + named
							    : (size_t)HP_SECTION_BYTES;

	return len + hp_token_bytes(hp);
}

void hp_section_encode(struct builder *b, const struct hp_section *hp)
{
	size_t len = hp_section_bytes(hp), end = b->len + len;
	const uint8_t head[FIXED_BYTES] = {
		HP_SECTION_ID >> 8,
		HP_SECTION_ID & 0xff,
		(uint8_t)(len >> 8),
		(uint8_t)len,
		SECTION_VERSION,
		0,
		0,
		0,
		hp->type,
		hp->action,
		hp->id,
		hp->flags,
	};

	builder_bytes(b, head, sizeof(head));
	if (hp->id == HP_NAME && hp->name)
		builder_str(b, hp->name);
	if (hp->id == HP_COUNT || hp->id == HP_COUNT_INDEXED)
		builder_be32(b, hp->count);
	if (hp->id == HP_INDEX || hp->id == HP_COUNT_INDEXED)
		builder_be32(b, hp->index);
	while (b->len < end - hp_token_bytes(hp))
		builder_bytes(b, "", 1);
	if (hp_token_bytes(hp))
		builder_be32(b, hp->token);
}

/* Read the token, if the flags announce one, and cut it from c. c has the bytes after the
 * fixed part. */
static int hp_read_token(struct hp_section *hp, struct cursor *c)
{
	struct cursor token;
	size_t len = cursor_left(c);

	if (!hp_token_bytes(hp))
		return 0;
	if (len < TOKEN_BYTES)
		return -EBADMSG;

	*c = cursor_of(c->p, len - TOKEN_BYTES);
	token = cursor_of(c->end, TOKEN_BYTES);
	hp->token = cursor_be32(&token);
	return 0;
}

static int hp_read_identifier(struct hp_section *hp, struct cursor *c)
{
	if (hp->id == HP_NAME)
		hp->name = cursor_str(c);
	if (hp->id == HP_COUNT || hp->id == HP_COUNT_INDEXED)
		hp->count = cursor_be32(c);
	if (hp->id == HP_INDEX || hp->id == HP_COUNT_INDEXED)
		hp->index = cursor_be32(c);
	return c->err ? -EBADMSG : 0;
}

int hp_section_decode(struct hp_section *hp, const void *section, size_t len)
{
	struct cursor c = cursor_of(section, len);
	const uint8_t *head = cursor_bytes(&c, FIXED_BYTES);
	size_t says = head ? (size_t)head[2] << 8 | head[3] : 0;

	*hp = (struct hp_section){ 0 };
	if (!head || head[0] != HP_SECTION_ID >> 8 || head[1] != (HP_SECTION_ID & 0xff) ||
	    says < FIXED_BYTES || says > len)
		return -EBADMSG;

	hp->type = head[HEAD_BYTES];
	hp->action = head[HEAD_BYTES + 1];
	hp->id = head[HEAD_BYTES + 2];
	hp->flags = head[HEAD_BYTES + 3];
	/* Bytes after the section belong to another one. */
	c = cursor_of(c.p, says - FIXED_BYTES);
	return hp_read_token(hp, &c) ? -EBADMSG : hp_read_identifier(hp, &c);
}
