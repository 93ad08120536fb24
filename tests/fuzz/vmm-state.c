// SPDX-License-Identifier: GPL-2.0-or-later
/* links: libvmm.la */
/*
 * A saved state with deliberate damage and a correct checksum. The first byte selects the
 * steps of the machine before. Then changes, each a be16 place, a letter and a byte: x
 * the byte is changed by it, = it is replaced, c so many bytes are removed, i so many are
 * inserted. Places count from the end when their highest bit is set.
 */
#include <string.h>

#include "tests/fuzz/vmm_fuzz.h"
#include "wire/builder.h"
#include "wire/crc32.h"

enum { SUM_AT = 8, SUM_FROM = 12, LENGTH_AT = 16, HEAD_BYTES = 20, ROOM = 4096 };

struct bytes {
	uint8_t *at;
	size_t len;
};

static void set_indicator(struct vf *vf, uint32_t type, uint32_t index, uint32_t value)
{
	const uint32_t args[] = { type, index, value };

	vf_rtas(vf, VF_BLOCK, 0x201a, 3, 1, args);
}

/* Bits: a card, memory, a bridge with a card, a core; acquired; removal requested;
 * CAS. */
static void live(struct vf *vf, uint8_t what)
{
	static const uint8_t devices[] = { 0, 6, 2, 3, 4 };

	MUST(!papr_vmm_reset(vf->vmm));
	for (unsigned int i = 0; i < sizeof(devices); i++)
		if (what & (i > 2 ? 1 << (i - 1) : 1 << i))
			vf_add(vf, devices[i]);
	for (int i = 0; what & 0x10 && i < VF_CONNECTORS; i++) {
		set_indicator(vf, 9003, vf_connectors[i], 1);
		set_indicator(vf, 9001, vf_connectors[i], 1);
	}
	if (what & 0x40)
		vf_cas(vf);
	if (what & 0x20)
		for (unsigned int i = 0; i < VF_DEVICES; i++)
			vf_del(vf, i);
}

static struct bytes saved(const struct vf *vf)
{
	struct bytes b;
	void *state;

	MUST(!papr_vmm_save(vf->vmm, &state, &b.len));
	b.at = state;
	return b;
}

/* The same bytes, with space after them. */
static struct bytes copied(const struct bytes *from)
{
	struct bytes b = { malloc(from->len + ROOM), from->len };

	MUST(b.at);
	memcpy(b.at, from->at, from->len);
	return b;
}

static void change(struct bytes *b, size_t *room, struct cursor *c)
{
	size_t place = cursor_be16(c), tail;
	uint8_t letter = cursor_u8(c), value = cursor_u8(c);

	place = place & 0x8000 ? b->len - (place & 0x7fff) : HEAD_BYTES + place;
	if (c->err || place < HEAD_BYTES || place >= b->len)
		return;
	tail = b->len - place;
	if (letter == 'x') {
		b->at[place] ^= value;
	} else if (letter == '=') {
		b->at[place] = value;
	} else if (letter == 'c' && value <= tail) {
		memmove(b->at + place, b->at + place + value, tail - value);
		b->len -= value;
		*room += value;
	} else if (letter == 'i' && value <= *room) {
		memmove(b->at + place + value, b->at + place, tail);
		memset(b->at + place, 0, value);
		b->len += value;
		*room -= value;
	}
}

static void put_be32(uint8_t *at, uint32_t value)
{
	struct builder b = builder_of(at, 4);

	builder_be32(&b, value);
}

static void seal(const struct bytes *b)
{
	put_be32(b->at + LENGTH_AT, (uint32_t)b->len);
	put_be32(b->at + SUM_AT, crc32_of(b->at + SUM_FROM, b->len - SUM_FROM));
}

/* The machine continues: request all removals, configure, reset. */
static void use(struct vf *vf)
{
	const uint32_t walk[] = { VF_WORK_AREA, 0 };

	for (unsigned int i = 0; i < VF_DEVICES; i++)
		vf_del(vf, i);
	for (int i = 0; i < VF_CONNECTORS; i++) {
		set_indicator(vf, 9001, vf_connectors[i], 1);
		vf_put_be32(vf, VF_WORK_AREA, vf_connectors[i]);
		vf_rtas(vf, VF_BLOCK, 0x201e, 2, 1, walk);
		set_indicator(vf, 9001, vf_connectors[i], 0);
		set_indicator(vf, 9003, vf_connectors[i], 0);
	}
	vf_check(vf);
	MUST(!papr_vmm_reset(vf->vmm));
	vf_check_connectors(vf);
	vf_check_tree(vf);
}

/* State that only such a machine has. */
static void live_on_powervm(struct vf *vf)
{
	MUST(!papr_vmm_dump_add(vf->vmm, 5, "dump", 4));
	MUST(!papr_vmm_dump_add(vf->vmm, 6, NULL, 0));
	MUST(!papr_vmm_indicator_set(vf->vmm, "UPAPR.VMM.0000001", 9006, true));
	MUST(!papr_vmm_indicator_set(vf->vmm, "UPAPR.VMM.0000001-P1", 9007, true));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cursor c = cursor_of(data, size);
	struct papr_error error = { 0 };
	struct bytes before, b;
	size_t room = ROOM;
	struct vf *vf;
	/* The last byte, so that older inputs keep their meaning. */
	bool powervm = size && data[size - 1] == 'P';
	int err;

	vf = vf_start(powervm, false);
	live(vf, cursor_u8(&c));
	if (powervm)
		live_on_powervm(vf);
	before = saved(vf);
	b = copied(&before);
	while (cursor_left(&c))
		change(&b, &room, &c);
	seal(&b);
	b.at = realloc(b.at, b.len); /* a sanitizer detects accesses after the end */
	MUST(b.at);
	err = papr_vmm_load(vf->vmm, b.at, b.len, &error);
	free(b.at);
	MUST(!err || error.text);
	papr_error_clear(&error);

	if (err) { /* unchanged */
		b = saved(vf);
		MUST(b.len == before.len && !memcmp(b.at, before.at, b.len));
		free(b.at);
	}
	free(before.at);
	use(vf);
	return 0;
}
