// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <stdlib.h>

#include "vmm/state/state.h"
#include "wire/crc32.h"

static const char magic[8] = "PAPRVMM";

enum { CHECKED_FROM = 12 }; /* the checksum covers the rest, from here on */

enum { SECTIONS_MAX = 16 };

static const struct state_section *const *state_sections(const struct papr_vmm *vmm)
{
	return machine_of(vmm)->hooks->sections;
}

bool state_bool(struct cursor *c)
{
	uint8_t value = cursor_u8(c);

	if (value > 1)
		c->err = 1;
	return value == 1;
}

int state_finish(const struct cursor *c, void *got, void **loaded)
{
	if (c->err || cursor_left(c)) {
		free(got);
		return -EBADMSG;
	}
	*loaded = got;
	return 0;
}

void state_put_trimmed(struct builder *b, const uint8_t *bytes, size_t len)
{
	static const uint8_t zeros[64]; /* most of NVRAM is zero */

	while (len >= sizeof(zeros) &&
	       !memcmp(bytes + len - sizeof(zeros), zeros, sizeof(zeros)))
		len -= sizeof(zeros);
	while (len && !bytes[len - 1])
		len--;
	builder_be32(b, (uint32_t)len);
	builder_bytes(b, bytes, len);
}

void state_get_trimmed(struct cursor *c, uint8_t *bytes, size_t len)
{
	size_t n = cursor_be32(c);
	const uint8_t *from = cursor_bytes(c, n);

	memset(bytes, 0, len);
	if (!from || n > len)
		c->err = 1;
	else
		memcpy(bytes, from, n);
}

/* ---- Save ---- */

static bool is_wanted(const struct papr_vmm *vmm, const struct state_section *section)
{
	return !section->is_wanted || section->is_wanted(vmm);
}

/* Write the sections, or count their bytes if the builder has no buffer. */
static void put_sections(const struct papr_vmm *vmm, struct builder *b)
{
	const struct state_section *const *sections = state_sections(vmm);

	for (int i = 0; sections[i]; i++) {
		struct builder size = builder_of(NULL, 0);

		if (!is_wanted(vmm, sections[i]) ||
		    (sections[i]->is_empty && sections[i]->is_empty(vmm)))
			continue;
		sections[i]->save(vmm, &size);
		builder_text(b, sections[i]->tag);
		builder_be32(b, sections[i]->version);
		builder_be32(b, (uint32_t)size.len);
		sections[i]->save(vmm, b);
	}
}

static void put_head(uint8_t *bytes, size_t size)
{
	struct builder b =
		builder_of(bytes + CHECKED_FROM, STATE_HEAD_BYTES - CHECKED_FROM);

	builder_be32(&b, STATE_VERSION);
	builder_be32(&b, (uint32_t)size);
	b = builder_of(bytes, CHECKED_FROM);
	builder_bytes(&b, magic, sizeof(magic));
	builder_be32(&b, crc32_of(bytes + CHECKED_FROM, size - CHECKED_FROM));
}

int papr_vmm_save(const struct papr_vmm *vmm, void **out, size_t *bytes)
{
	MACHINE_GUARD(vmm);
	struct builder b = builder_of(NULL, 0);
	uint8_t *state;
	size_t size;

	put_sections(vmm, &b);
	size = STATE_HEAD_BYTES + b.len;
	/* Lengths have 32 bits. A guest with much memory can map so many pages. */
	state = size <= UINT32_MAX ? malloc(size) : NULL;
	if (!state)
		return -ENOMEM;
	b = builder_of(state + STATE_HEAD_BYTES, b.len);
	put_sections(vmm, &b);
	put_head(state, size);
	*out = state;
	*bytes = size;
	return 0;
}

/* ---- Load ---- */

static int damaged(struct papr_error *error, const char *what)
{
	return papr_fail(error, -EBADMSG, "The saved state is damaged (%s)", what);
}

static int check_head(struct cursor *c, struct papr_error *error)
{
	size_t size = cursor_left(c);
	const uint8_t *begin = c->p, *got = cursor_bytes(c, sizeof(magic));
	uint32_t sum = cursor_be32(c), version = cursor_be32(c), length = cursor_be32(c);

	if (c->err || memcmp(got, magic, sizeof(magic)) != 0)
		return papr_fail(error, -EBADMSG, "This is not a saved state");
	if (length != size)
		return damaged(error, "its length");
	if (sum != crc32_of(begin + CHECKED_FROM, size - CHECKED_FROM))
		return damaged(error, "its checksum");
	if (version != STATE_VERSION)
		return papr_fail(error, -ENOTSUP,
				 "The saved state has version %u, not %u", version,
				 STATE_VERSION);
	return 0;
}

/* A section of the saved state */
struct saved_section {
	char tag[5];
	uint32_t version;
	struct cursor body;
};

/* Read the next section. Return false at the end, or if it is cut off. */
static bool read_section(struct cursor *c, struct saved_section *section)
{
	const uint8_t *tag = cursor_bytes(c, 4), *body;
	size_t len;

	section->version = cursor_be32(c);
	len = cursor_be32(c);
	body = cursor_bytes(c, len);
	if (!tag || !body)
		return false;
	memcpy(section->tag, tag, 4);
	section->tag[4] = '\0';
	section->body = cursor_of(body, len);
	return true;
}

/* A newer library can write sections that others may skip: their tags begin with a small
 * letter. */
static bool is_optional(const char *tag)
{
	return tag[0] >= 'a' && tag[0] <= 'z';
}

static int skip_section(const struct saved_section *section, struct papr_error *error)
{
	if (is_optional(section->tag))
		return 0;
	for (const char *c = section->tag; *c; c++)
		if (*c < ' ' || *c > '~')
			return damaged(error, "a section without a name");
	return papr_fail(error, -ENOTSUP,
			 "The saved state needs the unknown section '%s'", section->tag);
}

/* Return true if no optional section before the next needed one has this tag. */
static bool is_missing(struct cursor c, const char *tag)
{
	struct saved_section saved;

	while (read_section(&c, &saved)) {
		if (!strcmp(saved.tag, tag))
			return false;
		if (!is_optional(saved.tag))
			break;
	}
	return true;
}

/* Load this section, which must be the next one that is known. An older library did not
 * write optional ones. */
static int load_section(const struct papr_vmm *vmm, const struct state_section *section,
			struct cursor *c, void **loaded, struct papr_error *error)
{
	struct saved_section saved;
	int err = 0;

	if (is_optional(section->tag) && is_missing(*c, section->tag))
		return section->check_absent ? section->check_absent(vmm, error) : 0;
	do
		if (!read_section(c, &saved))
			return damaged(error, section->tag);
	while (strcmp(saved.tag, section->tag) && !(err = skip_section(&saved, error)));
	if (err)
		return err;
	if (saved.version != section->version)
		return papr_fail(error, -ENOTSUP,
				 "Section '%s' of the saved state has version %u, not %u",
				 section->tag, saved.version, section->version);
	err = section->load(vmm, &saved.body, loaded, error);
	return err == -EBADMSG ? damaged(error, section->tag) : err;
}

/* What follows the last section that is known */
static int skip_rest(struct cursor *c, struct papr_error *error)
{
	struct saved_section saved;
	int err = 0;

	while (!err && cursor_left(c))
		err = read_section(c, &saved) ? skip_section(&saved, error)
					      : damaged(error, "its end");
	return err;
}

static void discard(const struct state_section *section, void *loaded)
{
	if (section->discard && loaded)
		section->discard(loaded);
	else
		free(loaded);
}

int papr_vmm_load(struct papr_vmm *vmm, const void *state, size_t bytes,
		  struct papr_error *error)
{
	MACHINE_GUARD(vmm);
	const struct state_section *const *sections = state_sections(vmm);
	struct cursor c = cursor_of(state, bytes);
	void *loaded[SECTIONS_MAX] = { NULL };
	int err = check_head(&c, error), n = 0;

	while (!err && n < SECTIONS_MAX && sections[n]) {
		if (is_wanted(vmm, sections[n]))
			err = load_section(vmm, sections[n], &c, &loaded[n], error);
		n++;
	}
	if (!err)
		err = skip_rest(&c, error);

	for (int i = 0; i < n; i++) {
		if (err)
			discard(sections[i], loaded[i]);
		else if (loaded[i])
			sections[i]->apply(vmm, loaded[i]);
		else if (sections[i]->apply_absent)
			sections[i]->apply_absent(vmm);
	}
	if (!err)
		machine_of(vmm)->hooks->settle(vmm);
	return err;
}
