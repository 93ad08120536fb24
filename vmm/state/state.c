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

/* Write the sections, or count their bytes if the builder has no buffer. */
static void put_sections(const struct papr_vmm *vmm, struct builder *b)
{
	const struct state_section *const *sections = state_sections(vmm);

	for (int i = 0; sections[i]; i++) {
		struct builder size = builder_of(NULL, 0);

		sections[i]->save(vmm, &size);
		builder_text(b, sections[i]->tag);
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

/* Load this section, which must be the next one. */
static int load_section(const struct papr_vmm *vmm, const struct state_section *section,
			struct cursor *c, void **loaded, struct papr_error *error)
{
	const uint8_t *tag = cursor_bytes(c, 4), *bytes;
	size_t len = cursor_be32(c);
	struct cursor body;
	int err;

	bytes = cursor_bytes(c, len);
	if (!tag || !bytes || memcmp(tag, section->tag, 4) != 0)
		return damaged(error, section->tag);
	body = cursor_of(bytes, len);
	err = section->load(vmm, &body, loaded, error);
	return err == -EBADMSG ? damaged(error, section->tag) : err;
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
		err = load_section(vmm, sections[n], &c, &loaded[n], error);
		n++;
	}
	if (!err && cursor_left(&c))
		err = damaged(error, "its end");

	for (int i = 0; i < n; i++) {
		if (err)
			discard(sections[i], loaded[i]);
		else if (loaded[i])
			sections[i]->apply(vmm, loaded[i]);
	}
	return err;
}
