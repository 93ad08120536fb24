// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "tests/peers/events/sample.h"

enum { FIRST_SECTION = 24, BODY = 20, SRC_BYTES = 80 };

/* A search: it ends at the nth match. */
struct search {
	const char *id;
	unsigned int nth;
	uint8_t *found;
};

uint16_t sample_be16(const uint8_t *bytes)
{
	return (uint16_t)(bytes[0] << 8 | bytes[1]);
}

uint32_t sample_be32(const uint8_t *bytes)
{
	return (uint32_t)sample_be16(bytes) << 16 | sample_be16(bytes + 2);
}

bool sample_is_v6(const struct sample *sample)
{
	return sample->bytes[0] == 6 && sample->len > FIRST_SECTION;
}

uint8_t sample_format(const struct sample *sample)
{
	return sample->bytes[0] < 6 && sample->len > BODY ? sample->bytes[10] & 15 : 0;
}

static bool is_known(const uint8_t *section)
{
	static const char ids[][3] = { "PH", "UH", "DH", "EP", "HP",
				       "IE", "LR", "MT", "PS", "SS" };

	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++)
		if (!memcmp(section, ids[i], 2))
			return true;
	return false;
}

/* id: NULL is any unknown one. */
static uint8_t *find_section(const struct sample *sample, const char *id,
			     unsigned int nth, size_t *len)
{
	uint8_t *p = sample->bytes + FIRST_SECTION, *end = sample->bytes + sample->len;

	for (; sample_is_v6(sample) && p + 8 <= end; p += *len) {
		*len = sample_be16(p + 2);
		if (id ? !memcmp(p, id, 2) : !is_known(p))
			if (!nth--)
				return p;
	}
	return NULL;
}

uint8_t *sample_section(const struct sample *sample, const char *id, unsigned int nth,
			size_t *len)
{
	return find_section(sample, id, nth, len);
}

uint8_t *sample_unknown(const struct sample *sample, unsigned int nth, size_t *len)
{
	return find_section(sample, NULL, nth, len);
}

/* Search one call-out; without id, search location codes. */
static void search_call_out(struct search *search, uint8_t *call_out)
{
	uint8_t *p = call_out + 4 + call_out[3];

	if (!search->id && call_out[3] && !search->found && !search->nth--)
		search->found = call_out + 3;
	for (; search->id && p + 4 <= call_out + call_out[0]; p += p[2])
		if (!memcmp(p, search->id, 2) && !search->found && !search->nth--)
			search->found = p;
}

static void search_src(struct search *search, uint8_t *section, size_t len)
{
	uint8_t *p = section + SRC_BYTES + 4;

	if (!(section[9] & 1))
		return;
	for (; p + 4 <= section + len; p += p[0])
		search_call_out(search, p);
}

/* Search all sections in order. */
static uint8_t *search_all(const struct sample *sample, struct search *search)
{
	uint8_t *p = sample->bytes + FIRST_SECTION, *end = sample->bytes + sample->len;

	for (; sample_is_v6(sample) && p + 8 <= end; p += sample_be16(p + 2))
		if (!memcmp(p, "PS", 2) || !memcmp(p, "SS", 2))
			search_src(search, p, sample_be16(p + 2));
	return search->found;
}

uint8_t *sample_fru(const struct sample *sample, const char *id, unsigned int nth)
{
	struct search search = { .id = id, .nth = nth };

	return search_all(sample, &search);
}

const char *sample_location(const struct sample *sample, unsigned int nth, size_t *len)
{
	struct search search = { .id = NULL, .nth = nth };
	const uint8_t *found = search_all(sample, &search);

	if (!found)
		return NULL;
	*len = *found;
	return (const char *)found + 1;
}
