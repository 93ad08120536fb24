// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Indicators and sensors by location code: their list and their states.
 *
 * Source:  PAPR+ 7.4.6 (ibm,get-indices), 7.4.4, 7.4.5 (dynamic ones); 9006 indicates a
 *          fault, 9007 identifies a place
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/base/guest_memory.h"
#include "vmm/base/machine.h"
#include "vmm/base/rtas_frame.h"
#include "vmm/dr/connectors.h"
#include "vmm/powervm/powervm.h"
#include "wire/builder.h"
#include "wire/crc32.h"
#include "wire/cursor.h"
#include "wire/rtas_args.h"

enum { ENTRY_HEAD = 8, COUNT_BYTES = 4 };

/* Only the indicators of the machine itself have an index. Others have a location
 * code. */
enum { SYSTEM_INDEX = 1 };
#define DYNAMIC_INDEX 0xffffffffu

static bool is_type(uint32_t type)
{
	return type == LED_FAULT || type == LED_IDENTIFY;
}

static bool add_entry(const struct place *p, void *arg)
{
	struct builder *b = arg;

	builder_be32(b, p->kind == PLACE_SYSTEM ? SYSTEM_INDEX : DYNAMIC_INDEX);
	builder_be32(b, (uint32_t)strlen(p->location) + 1);
	builder_str(b, p->location);
	return false;
}

/* Count the entries that are whole within room. Return their length. */
static size_t whole_entries(const uint8_t *bytes, size_t len, size_t room,
			    uint32_t *count)
{
	struct cursor c = cursor_of(bytes, len);
	size_t used = 0;

	for (*count = 0; cursor_left(&c); ++*count) {
		cursor_be32(&c);
		cursor_bytes(&c, cursor_be32(&c));
		if (len - cursor_left(&c) > room)
			break;
		used = len - cursor_left(&c);
	}
	return used;
}

struct indices {
	uint8_t *all;
	size_t bytes;
};

static bool indices_make(const struct papr_vmm *vmm, struct indices *i)
{
	struct builder b = builder_of(NULL, 0);

	places_each(vmm, add_entry, &b);
	i->bytes = b.len;
	i->all = malloc(i->bytes);
	if (!i->all)
		return false;
	b = builder_of(i->all, i->bytes);
	places_each(vmm, add_entry, &b);
	return true;
}

static int32_t serve(struct papr_vmm *vmm, const struct rtas_frame *f,
		     const struct indices *i, uint32_t *number)
{
	uint32_t area = rtas_in(f, 2), size = rtas_in(f, 3), count;
	struct powervm *p = powervm_of(vmm);
	int32_t status = sequence_enter(p, &p->indices, *number,
					crc32_of(i->all, i->bytes) ^ rtas_in(f, 1));
	size_t at = p->indices.offset, n;

	if (status)
		return status;
	n = size < COUNT_BYTES ? 0
			       : whole_entries(i->all + at, i->bytes - at,
					       size - COUNT_BYTES, &count);
	if (!n || guest_write(vmm, (uint64_t)area + COUNT_BYTES, i->all + at, n) ||
	    guest_write_be32(vmm, area, count)) {
		p->indices.next = 0;
		return RTAS_PARAMETER_ERROR;
	}
	*number = sequence_leave(p, &p->indices, at + n, at + n < i->bytes);
	return p->indices.next ? RTAS_MORE_DATA : RTAS_SUCCESS;
}

/* 1 for sensors, type, work area, size, start -> status, next start */
void rtas_get_indices(struct papr_vmm *vmm, struct rtas_frame *f)
{
	uint32_t number = rtas_in(f, 4);
	int32_t status = RTAS_PARAMETER_ERROR;
	struct indices i = { 0 };

	if (rtas_in(f, 0) <= 1 && is_type(rtas_in(f, 1)))
		status = indices_make(vmm, &i) ? serve(vmm, f, &i, &number)
					       : RTAS_HARDWARE_ERROR;
	free(i.all);
	rtas_status(f, status);
	if (status == RTAS_SUCCESS || status == RTAS_MORE_DATA)
		rtas_out(f, 1, number);
}

/* Read a location: be32 length (with NUL and padding), then the text. */
static bool read_location(const struct papr_vmm *vmm, uint32_t area,
			  char location[LOCATION_BYTES])
{
	uint32_t len;

	memset(location, 0, LOCATION_BYTES);
	return !guest_read_be32(vmm, area, &len) && len && len <= LOCATION_BYTES &&
	       !guest_read(vmm, (uint64_t)area + 4, location, len) &&
	       memchr(location, '\0', len);
}

/* type, location -> status, state */
void rtas_dynamic_sensor(struct papr_vmm *vmm, struct rtas_frame *f)
{
	char location[LOCATION_BYTES];

	if (!is_type(rtas_in(f, 0)) || !read_location(vmm, rtas_in(f, 1), location) ||
	    !place_is_there(vmm, location)) {
		rtas_status(f, RTAS_PARAMETER_ERROR);
		return;
	}
	rtas_status(f, RTAS_SUCCESS);
	rtas_out(f, 1, led_is_on(vmm, location, rtas_in(f, 0)));
}

static int32_t status_of(int err)
{
	return !err		? RTAS_SUCCESS
	       : err == -ENOMEM ? RTAS_HARDWARE_ERROR
				: RTAS_PARAMETER_ERROR;
}

/* type, state, location -> status */
void rtas_dynamic_indicator(struct papr_vmm *vmm, struct rtas_frame *f)
{
	char location[LOCATION_BYTES];
	int err = -EINVAL;

	if (rtas_in(f, 1) <= 1 && read_location(vmm, rtas_in(f, 2), location))
		err = led_set(vmm, location, rtas_in(f, 0), rtas_in(f, 1));
	rtas_status(f, status_of(err));
}

static bool is_system(const struct place *place, void *location)
{
	memcpy(location, place->location, sizeof(place->location));
	return true; /* the machine is the first place */
}

static bool led_by_index(const struct papr_vmm *vmm, uint32_t type, uint32_t index,
			 char location[LOCATION_BYTES])
{
	return is_type(type) && index == SYSTEM_INDEX &&
	       places_each(vmm, is_system, location);
}

/* type, index, value -> status */
void rtas_set_led(struct papr_vmm *vmm, struct rtas_frame *f)
{
	uint32_t type = rtas_in(f, 0), value = rtas_in(f, 2);
	char location[LOCATION_BYTES];

	if (!led_by_index(vmm, type, rtas_in(f, 1), location))
		connector_rtas_set_indicator(vmm, f);
	else
		rtas_status(f, value <= 1 && !led_set(vmm, location, type, value)
				       ? RTAS_SUCCESS
				       : RTAS_PARAMETER_ERROR);
}

/* type, index -> status, value */
void rtas_get_led(struct papr_vmm *vmm, struct rtas_frame *f)
{
	char location[LOCATION_BYTES];

	if (!led_by_index(vmm, rtas_in(f, 0), rtas_in(f, 1), location)) {
		connector_rtas_get_sensor(vmm, f);
		return;
	}
	rtas_status(f, RTAS_SUCCESS);
	rtas_out(f, 1, led_is_on(vmm, location, rtas_in(f, 0)));
}
