// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "wire/ofdt_cmd.h"

static const char *const verbs[OFDT_VERBS] = {
	[OFDT_ADD_NODE] = "add_node",
	[OFDT_REMOVE_NODE] = "remove_node",
	[OFDT_ADD_PROPERTY] = "add_property",
	[OFDT_UPDATE_PROPERTY] = "update_property",
	[OFDT_REMOVE_PROPERTY] = "remove_property",
};

static void ofdt_encode_verb(struct builder *b, enum ofdt_verb verb)
{
	builder_text(b, verbs[verb]);
	builder_text(b, " ");
}

static void ofdt_encode_number(struct builder *b, size_t n)
{
	char text[24], *to = text + sizeof(text);

	*--to = '\0';
	do
		*--to = (char)('0' + n % 10);
	while (n /= 10);
	builder_text(b, to);
}

void ofdt_encode_add_node(struct builder *b, const char *path)
{
	ofdt_encode_verb(b, OFDT_ADD_NODE);
	builder_text(b, path);
}

void ofdt_encode_property(struct builder *b, const char *name, const void *value,
			  size_t len)
{
	builder_text(b, " ");
	builder_text(b, name);
	builder_text(b, " ");
	ofdt_encode_number(b, len);
	builder_text(b, " ");
	builder_bytes(b, value, len);
}

void ofdt_encode_end(struct builder *b)
{
	builder_bytes(b, "", 1);
}

void ofdt_encode_remove_node(struct builder *b, const char *path)
{
	ofdt_encode_verb(b, OFDT_REMOVE_NODE);
	builder_text(b, path);
}

void ofdt_encode_update_property(struct builder *b, uint32_t phandle, const char *name,
				 const void *value, size_t len)
{
	ofdt_encode_verb(b, OFDT_UPDATE_PROPERTY);
	ofdt_encode_number(b, phandle);
	ofdt_encode_property(b, name, value, len);
	ofdt_encode_end(b); /* as for add_node: an empty value needs a byte after it */
}

void ofdt_encode_remove_property(struct builder *b, uint32_t phandle, const char *name)
{
	ofdt_encode_verb(b, OFDT_REMOVE_PROPERTY);
	ofdt_encode_number(b, phandle);
	builder_text(b, " ");
	builder_text(b, name);
}

/* Read up to the next blank, and skip the blank. Return false if no blank follows, or a
 * NUL comes before it: the kernel searches in a string. */
static bool ofdt_next_word(struct cursor *c, struct ofdt_text *word)
{
	size_t len = strnlen((const char *)c->p, cursor_left(c));
	const uint8_t *blank = memchr(c->p, ' ', len);

	if (!blank)
		return false;

	word->s = (const char *)c->p;
	word->len = (size_t)(blank - c->p);
	c->p = blank + 1;
	return true;
}

static struct ofdt_text ofdt_remaining(const struct cursor *c)
{
	return (struct ofdt_text){ (const char *)c->p,
				   strnlen((const char *)c->p, cursor_left(c)) };
}

static bool ofdt_parse_number(const struct ofdt_text *word, int base, unsigned long *n)
{
	char text[24], *end;

	if (!word->len || word->len >= sizeof(text) || word->s[0] < '0' ||
	    word->s[0] > '9')
		return false;

	memcpy(text, word->s, word->len);
	text[word->len] = '\0';
	errno = 0;
	*n = strtoul(text, &end, base);
	return !*end && !errno && *n <= UINT32_MAX;
}

int ofdt_cmd_parse(struct ofdt_cmd *cmd, const void *bytes, size_t len)
{
	struct cursor c = cursor_of(bytes, len);
	struct ofdt_text word;
	unsigned long phandle;
	int verb;

	*cmd = (struct ofdt_cmd){ .verb = OFDT_VERBS };
	if (!ofdt_next_word(&c, &word))
		return -EINVAL;
	for (verb = 0; verb < OFDT_VERBS; verb++)
		if (strlen(verbs[verb]) == word.len &&
		    !memcmp(verbs[verb], word.s, word.len))
			break;
	cmd->verb = (enum ofdt_verb)verb;

	switch (cmd->verb) {
	case OFDT_ADD_NODE:
		if (!ofdt_next_word(&c, &cmd->path))
			return -EINVAL;
		break;
	case OFDT_REMOVE_NODE:
		cmd->path = ofdt_remaining(&c);
		return 0;
	case OFDT_ADD_PROPERTY:
	case OFDT_UPDATE_PROPERTY:
	case OFDT_REMOVE_PROPERTY:
		if (!ofdt_next_word(&c, &word) || !ofdt_parse_number(&word, 0, &phandle))
			return -EINVAL;
		cmd->phandle = (uint32_t)phandle;
		if (cmd->verb == OFDT_REMOVE_PROPERTY)
			cmd->property = ofdt_remaining(&c);
		break;
	case OFDT_VERBS:
		return -EINVAL;
	}

	cmd->properties = c;
	return 0;
}

int ofdt_cmd_next_property(struct ofdt_cmd *cmd, struct ofdt_prop *prop)
{
	struct cursor *c = &cmd->properties;
	struct ofdt_text word;
	unsigned long len;
	const uint8_t *sep;

	if (!cursor_left(c))
		return 0;

	/* A byte must follow the blank after the length, even if it is only the
	 * separator. */
	if (!ofdt_next_word(c, &prop->name) || !prop->name.len ||
	    !ofdt_next_word(c, &word) || !ofdt_parse_number(&word, 10, &len) ||
	    !cursor_left(c))
		return -EINVAL;

	prop->len = len;
	prop->value = cursor_bytes(c, len);
	if (c->err)
		return -EINVAL;
	if (!cursor_left(c))
		return 1;

	sep = cursor_bytes(c, 1);
	return *sep == ' ' || *sep == '\0' ? 1 : -EINVAL;
}
