// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * ibm,get-vpd: vital product data of one place, or of all places.
 *
 * Shape:   for each place a description (tag 0x82), keywords (tag 0x84), the end (0x78).
 *          The length of a large tag follows it, little-endian as in PCI's resources. A
 *          keyword is two letters, one byte of length and so many bytes.
 * Source:  PAPR+ 7.3.20 (call), PCI 2.2 appendix I (tags), PAPR+ 12.4 (keywords)
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/base/guest_memory.h"
#include "vmm/base/machine.h"
#include "vmm/base/rtas_frame.h"
#include "vmm/powervm/powervm.h"
#include "wire/builder.h"
#include "wire/crc32.h"
#include "wire/rtas_args.h"

enum { TAG_DESCRIPTION = 0x82, TAG_KEYWORDS = 0x84, TAG_END = 0x78, FIELDS_MAX = 1024 };

/* Vital product data of one place, or of all places if location is "". */
struct vpd {
	const struct papr_vmm *vmm;
	const char *location;
	bool found;
	struct builder b;
};

static void put_large(struct builder *b, uint8_t tag, const void *bytes, size_t len)
{
	builder_u8(b, tag);
	builder_u8(b, (uint8_t)len);
	builder_u8(b, (uint8_t)(len >> 8));
	builder_bytes(b, bytes, len);
}

static void put_field(struct builder *b, const char *keyword, const char *text)
{
	builder_text(b, keyword);
	builder_u8(b, (uint8_t)strlen(text));
	builder_text(b, text);
}

static void put_system(const struct papr_vmm *vmm, struct builder *b)
{
	const char *name =
		machine_of(vmm)->cfg.name ? machine_of(vmm)->cfg.name : "papr-vmm";
	char serial[8], text[64];

	machine_serial(vmm, serial);
	put_field(b, "TM", "PAPR-VMM");
	put_field(b, "SE", serial);
	snprintf(text, sizeof(text), "%.60s", name);
	put_field(b, "SU", text);
}

static void put_fields(const struct papr_vmm *vmm, const struct place *p,
		       struct builder *b)
{
	char text[24];

	put_field(b, "RT", p->kind == PLACE_SYSTEM ? "VSYS" : "VINI");
	put_field(b, "DS", p->description);
	if (p->kind == PLACE_SYSTEM) {
		put_system(vmm, b);
	} else {
		put_field(b, "FN", p->part);
		put_field(b, "PN", p->part);
		snprintf(text, sizeof(text), "%08X",
			 crc32_of(p->location, strlen(p->location)));
		put_field(b, "SN", text);
		put_field(b, "CC", p->part);
		put_field(b, "EC", "0");
		put_field(b, "MF", "PAPR-VMM");
		put_field(b, "VK", "ipzSeries");
	}
	if (p->memory) {
		snprintf(text, sizeof(text), "%llu",
			 (unsigned long long)(p->memory >> 20));
		put_field(b, "SZ", text);
	}
	put_field(b, "YL", p->location);
}

static bool add_place(const struct place *p, void *arg)
{
	struct vpd *vpd = arg;
	uint8_t fields[FIELDS_MAX];
	struct builder b = builder_of(fields, sizeof(fields));

	if (*vpd->location && strcmp(vpd->location, p->location) != 0)
		return false;
	vpd->found = true;
	put_fields(vpd->vmm, p, &b);
	put_large(&vpd->b, TAG_DESCRIPTION, p->description, strlen(p->description));
	put_large(&vpd->b, TAG_KEYWORDS, fields, b.len);
	builder_u8(&vpd->b, TAG_END);
	return false;
}

/* Build the data, *bytes long. The caller frees it. Return NULL if out of memory, or with
 * *bytes 0 if the place does not exist. */
static uint8_t *vpd_of(const struct papr_vmm *vmm, const char *location, size_t *bytes)
{
	struct vpd vpd = { .vmm = vmm, .location = location };
	uint8_t *all;

	places_each(vmm, add_place, &vpd);
	*bytes = vpd.b.len;
	all = *bytes ? malloc(*bytes) : NULL;
	if (all) {
		vpd.b = builder_of(all, *bytes);
		places_each(vmm, add_place, &vpd);
	}
	return all;
}

/* location code, work area, size, sequence -> status, next sequence, bytes */
void rtas_get_vpd(struct papr_vmm *vmm, struct rtas_frame *f)
{
	struct sequence_part part = { .addr = rtas_in(f, 1),
				      .room = rtas_in(f, 2),
				      .number = rtas_in(f, 3) };
	char location[LOCATION_BYTES];
	int32_t status = RTAS_PARAMETER_ERROR;
	uint8_t *all = NULL;
	size_t bytes = 0;

	if (!guest_read_str(vmm, rtas_in(f, 0), location, sizeof(location)))
		all = vpd_of(vmm, location, &bytes);
	if (all)
		status = sequence_serve(vmm, &powervm_of(vmm)->vpd, all, bytes, &part);
	else if (bytes)
		status = RTAS_HARDWARE_ERROR;
	free(all);
	sequence_answer(f, status, &part);
}
