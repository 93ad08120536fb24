// SPDX-License-Identifier: LGPL-2.1-or-later
/* Sensors and indicators that a location code names, and their indices. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "librtas/librtas.h"
#include "librtas/sequences.h"
#include "wire/builder.h"
#include "wire/cursor.h"

enum { COUNT_BYTES = 4, ENTRY_HEAD_BYTES = 8 };

/* Read the next page of the sequence, 0 bytes at its end. Return 0 or a status. */
static int indices_read_page(struct sequence *s, size_t *len)
{
	struct papr_answer answer;

	*len = PAPR_INDICES_PAGE_BYTES;
	papr_dev_read(library_devices(), s->call, s->fd, s->page, len, &answer);
	s->page_at = 0;
	if (*len)
		memset(s->page + *len, 0, PAPR_INDICES_PAGE_BYTES - *len);
	return papr_dev_result(&answer);
}

/* Copy the entries of the page that were not returned yet, as many whole ones as fit.
 * Return true if the page is used up. *count is set in both cases. */
static bool indices_copy_entries(struct sequence *s, struct builder *out, uint32_t *count)
{
	struct cursor c = cursor_of(s->page, PAPR_INDICES_PAGE_BYTES);
	uint32_t total = cursor_be32(&c);

	*count = 0;
	for (uint32_t i = 0; i < total; i++) {
		const uint8_t *entry = c.p, *head = cursor_bytes(&c, ENTRY_HEAD_BYTES);
		struct cursor length = cursor_of(head ? head + 4 : NULL, head ? 4 : 0);
		size_t bytes = ENTRY_HEAD_BYTES + (size_t)cursor_be32(&length);

		cursor_bytes(&c, bytes - ENTRY_HEAD_BYTES);
		if (c.err)
			return true; /* the count is larger than the number of entries */
		if (i < s->page_at)
			continue;
		if (bytes > out->size - out->len)
			return false;
		builder_bytes(out, entry, bytes);
		s->page_at++;
		++*count;
	}
	return true;
}

/* Copy a page to the work area, in parts if the work area is smaller. */
static int indices_copy_page(struct sequence *s, char *workarea, size_t size,
			     bool *is_used_up)
{
	struct builder count_at = builder_of(workarea, COUNT_BYTES);
	struct builder out = builder_of(workarea, size);
	uint32_t count = 0;

	*is_used_up = true;
	if (size >= PAPR_INDICES_PAGE_BYTES && !s->page_at) {
		memcpy(workarea, s->page, PAPR_INDICES_PAGE_BYTES);
		return 0;
	}
	if (size < COUNT_BYTES)
		return -EINVAL;

	builder_be32(&out, 0);
	*is_used_up = indices_copy_entries(s, &out, &count);
	builder_be32(&count_at, count);
	return *is_used_up || count ? 0 : -EOVERFLOW;
}

/* Return the next entries. As firmware does, report with the last entries that they are
 * the last: read the next page before this page is returned. */
static int indices_by_device(struct sequence *s, char *workarea, size_t size, int *next)
{
	size_t len = 1;
	bool is_used_up;
	int err = indices_copy_page(s, workarea, size, &is_used_up), status = 0;

	if (err) {
		sequence_keep(s);
		return library_result(err, 0);
	}
	if (is_used_up)
		status = indices_read_page(s, &len);
	if (status) {
		sequence_end(s);
		return status;
	}

	if (next)
		*next = len ? (int)s->number : 1;
	if (len)
		sequence_keep(s);
	else
		sequence_end(s);
	return len ? RTAS_MORE : RTAS_SUCCESS;
}

static enum sequence_way indices_begin(int is_sensor, int type, struct sequence **s,
				       int *result)
{
	struct papr_indices block = { 0 };
	enum sequence_way way;
	char subject[32];
	size_t len;

	block.is_sensor = is_sensor != 0;
	block.type = (uint32_t)type;
	snprintf(subject, sizeof(subject), "%d, %d", is_sensor, type);
	way = sequence_begin(RTAS_GET_INDICES, subject, &block, s, result);
	if (way != BY_DEVICE)
		return way;

	(*s)->page = calloc(1, PAPR_INDICES_PAGE_BYTES);
	*result = (*s)->page ? indices_read_page(*s, &len) : library_result(-ENOMEM, 0);
	if (!*result)
		return BY_DEVICE;
	sequence_end(*s);
	return REFUSED;
}

int rtas_get_indices(int is_sensor, int type, char *workarea, size_t size, int start,
		     int *next)
{
	struct sequence *s;
	int result;

	if (!workarea || !size)
		return library_refuse(-EINVAL);

	switch (start == 1
			? indices_begin(is_sensor, type, &s, &result)
			: sequence_find(RTAS_GET_INDICES, (uint32_t)start, &s, &result)) {
	case BY_DEVICE:
		return indices_by_device(s, workarea, size, next);
	case BY_CALL:
		return LIBRARY_CALL(RTAS_GET_INDICES,
				    INPUTS((uint32_t)is_sensor, (uint32_t)type, 0,
					   library_size(size), (uint32_t)start),
				    BUFFERS(workarea), OUTPUTS(next));
	default:
		return result;
	}
}

/* Convert the caller's be32 length and text to the device's format. Return false if the
 * text is too long for it. */
static bool indices_location(const void *loc_code, struct papr_indices *block)
{
	const char *text = (const char *)loc_code + COUNT_BYTES;
	struct cursor c = cursor_of(loc_code, COUNT_BYTES);
	size_t len = strnlen(text, cursor_be32(&c));

	if (len >= sizeof(block->location))
		return false;
	memcpy(block->location, text, len);
	return true;
}

static bool indices_by_location(enum rtas_call call, const void *loc_code,
				struct papr_indices *block, struct papr_answer *answer)
{
	char subject[120], value[16] = "";

	if (!loc_code || !indices_location(loc_code, block))
		return false;

	if (call == RTAS_SET_DYNAMIC_INDICATOR)
		snprintf(value, sizeof(value), "%u, ", block->state);
	snprintf(subject, sizeof(subject), "%u, %s%s", block->token, value,
		 block->location);
	return papr_dev_query(library_devices(), call, subject, block, answer);
}

int rtas_get_dynamic_sensor(int sensor, void *loc_code, int *state)
{
	struct papr_indices block = { .token = (uint32_t)sensor };
	struct papr_answer answer;

	if (!indices_by_location(RTAS_GET_DYNAMIC_SENSOR_STATE, loc_code, &block,
				 &answer))
		return LIBRARY_CALL(RTAS_GET_DYNAMIC_SENSOR_STATE,
				    INPUTS((uint32_t)sensor), BUFFERS(loc_code),
				    OUTPUTS(state));
	if (!answer.err && state)
		*state = (int)block.state;
	return papr_dev_result(&answer);
}

int rtas_set_dynamic_indicator(int indicator, int new_value, void *loc_code)
{
	struct papr_indices block = { .token = (uint32_t)indicator,
				      .state = (uint32_t)new_value };
	struct papr_answer answer;

	if (!indices_by_location(RTAS_SET_DYNAMIC_INDICATOR, loc_code, &block, &answer))
		return LIBRARY_CALL(RTAS_SET_DYNAMIC_INDICATOR,
				    INPUTS((uint32_t)indicator, (uint32_t)new_value),
				    BUFFERS(loc_code));
	return papr_dev_result(&answer);
}
