// SPDX-License-Identifier: GPL-2.0-or-later
/* Put bytes where the peer's library, little-endian, reads them. */
#include <string.h>

#include "tests/peers/events/rules_all.h"

enum { BODY = 20, BODY_BYTES = 28 };

enum { FORMAT_CPU = 1, FORMAT_MEM, FORMAT_IO, FORMAT_POST, FORMAT_EPOW };
enum { FORMAT_DIAG = 12, FORMAT_SP };

/* Copy the bytes. Return true if they are different. */
static bool put(uint8_t *at, const uint8_t *bytes, size_t len)
{
	bool differs = memcmp(at, bytes, len) != 0;

	memcpy(at, bytes, len);
	return differs;
}

/* The fields of a body, as a structure of bit fields contains them. */
static const struct field {
	uint8_t format, at;
	enum { MIRROR = 1, SWAP2, SWAP4 } how;
} fields[] = {
	{ FORMAT_CPU, 0, MIRROR },  { FORMAT_CPU, 2, SWAP2 },
	{ FORMAT_CPU, 4, SWAP4 },   { FORMAT_CPU, 8, SWAP4 },
	{ FORMAT_CPU, 12, MIRROR }, { FORMAT_MEM, 0, MIRROR },
	{ FORMAT_MEM, 1, MIRROR },  { FORMAT_MEM, 4, SWAP4 },
	{ FORMAT_MEM, 8, SWAP4 },   { FORMAT_MEM, 12, SWAP2 },
	{ FORMAT_MEM, 16, SWAP4 },  { FORMAT_MEM, 20, SWAP2 },
	{ FORMAT_IO, 0, MIRROR },   { FORMAT_IO, 1, MIRROR },
	{ FORMAT_IO, 5, SWAP2 },    { FORMAT_IO, 8, SWAP2 },
	{ FORMAT_IO, 16, SWAP2 },   { FORMAT_IO, 18, SWAP2 },
	{ FORMAT_POST, 0, MIRROR }, { FORMAT_POST, 1, MIRROR },
	{ FORMAT_POST, 14, SWAP4 }, { FORMAT_POST, 18, SWAP2 },
	{ FORMAT_EPOW, 0, SWAP4 },  { FORMAT_EPOW, 4, MIRROR },
	{ FORMAT_EPOW, 5, MIRROR }, { FORMAT_EPOW, 8, SWAP4 },
	{ FORMAT_EPOW, 12, SWAP4 }, { FORMAT_EPOW, 16, SWAP4 },
	{ FORMAT_EPOW, 20, SWAP4 }, { FORMAT_DIAG, 0, SWAP4 },
	{ FORMAT_SP, 4, MIRROR },   { FORMAT_SP, 5, MIRROR },
	{ FORMAT_SP, 6, MIRROR },   { FORMAT_SP, 7, MIRROR },
	{ FORMAT_SP, 8, SWAP4 },    { FORMAT_SP, 12, SWAP4 },
};

static uint8_t mirrored(uint8_t byte)
{
	uint8_t other = 0;

	for (int i = 0; i < 8; i++)
		other |= (uint8_t)((byte >> i & 1) << (7 - i));
	return other;
}

static void reverse(uint8_t *bytes, size_t len)
{
	for (size_t i = 0; i < len / 2; i++) {
		uint8_t byte = bytes[i];

		bytes[i] = bytes[len - 1 - i];
		bytes[len - 1 - i] = byte;
	}
}

/* The structure has holes where a number of two bytes would cross a word. */
static void make_holes(uint8_t *body)
{
	uint8_t packed[BODY_BYTES];

	memcpy(packed, body, sizeof(packed));
	memcpy(body + 8, packed + 7,
	       7); /* vendor, ... of the first device; place of the second */
	memcpy(body + 16, packed + 14, 6); /* device, ... of the second device */
}

bool rule_body_order(struct sample *sample)
{
	uint8_t format = sample_format(sample), body[BODY_BYTES] = { 0 };
	size_t len = format == FORMAT_DIAG ? 4 : BODY_BYTES;

	if (!format || format > FORMAT_SP || sample->len < BODY + len)
		return false;
	memcpy(body, sample->bytes + BODY, len);
	if (format == FORMAT_IO)
		make_holes(body);
	/* The action code is in the lowest bits, which are last there. */
	if (format == FORMAT_EPOW) {
		uint32_t word = sample_be32(body);

		word = word >> 4 | word << 28;
		for (size_t i = 0; i < 4; i++)
			body[i] = (uint8_t)(word >> (24 - 8 * i));
	}
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		uint8_t *at = body + fields[i].at;

		if (fields[i].format != format)
			continue;
		if (fields[i].how == MIRROR)
			*at = mirrored(*at);
		else
			reverse(at, fields[i].how == SWAP2 ? 2 : 4);
	}
	return put(sample->bytes + BODY, body, len);
}

bool rule_epow_reason(struct sample *sample)
{
	bool changed = false;
	uint8_t *section;
	size_t len;

	for (unsigned int n = 0; (section = sample_section(sample, "EP", n, &len)); n++) {
		uint8_t reason[8];

		memcpy(reason, section + 12, sizeof(reason));
		changed |= put(section + 10, reason, sizeof(reason));
	}
	return changed;
}

/* CCIN and serial number follow 7 bytes of a number, not 8. */
bool rule_fru_id_fields(struct sample *sample)
{
	bool changed = false;
	uint8_t *fru;

	for (unsigned int n = 0; (fru = sample_fru(sample, "ID", n)); n++) {
		uint8_t rest[32] = { 0 };
		size_t len = fru[2] > 12 ? fru[2] - 12 : 0;

		memcpy(rest, fru + 12, len);
		changed |= len && put(fru + 11, rest, len + 1);
	}
	return changed;
}

/* It is copied to a structure in which texts end with a NUL. */
bool rule_fru_pe_fields(struct sample *sample)
{
	bool changed = false;
	uint8_t *fru;

	for (unsigned int n = 0; (fru = sample_fru(sample, "PE", n)); n++) {
		uint8_t spread[64] = { 0 };
		size_t len = fru[2] - 4;

		memcpy(spread, fru + 4, 8);
		memcpy(spread + 9, fru + 12, 12);
		memcpy(spread + 22, fru + 24, len - 20);
		changed |= put(fru + 4, spread, len);
	}
	return changed;
}
