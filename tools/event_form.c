// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <string.h>

#include "librtas/librtasevent.h"
#include "tools/event_form.h"

enum {
	FLAG_EXTENDED = 0x04,
	FIRST_VERSION = 1,
	LAST_VERSION = 6,
	SIGNATURE_OFFSET =
		EVENT_FIND_BYTES - 3, /* of "IBM" in an extended log of version 6 */
};

static uint32_t event_form_be32(const uint8_t *bytes)
{
	uint32_t v = 0;

	for (size_t i = 0; i < sizeof(v); i++)
		v = v << 8 | bytes[i];
	return v;
}

/* Return the size of the event with this head. In a PRRN event without an extended part,
 * the length field holds the scope. */
static uint64_t event_form_event_size(const uint8_t *head)
{
	if (head[3] == RTAS_HDR_TYPE_PRRN && !(head[1] & FLAG_EXTENDED))
		return EVENT_HEAD_BYTES;
	return (uint64_t)EVENT_HEAD_BYTES + event_form_be32(head + 4);
}

/* Return true if the available bytes look like an event. */
static bool event_form_is_event(const uint8_t *bytes, size_t len)
{
	const size_t signature = SIGNATURE_OFFSET + 3;

	if (len < EVENT_HEAD_BYTES || bytes[0] < FIRST_VERSION ||
	    bytes[0] > LAST_VERSION || event_form_event_size(bytes) > EVENT_LIMIT)
		return false;
	return bytes[0] < 6 || !(bytes[1] & FLAG_EXTENDED) || len < signature ||
	       !memcmp(bytes + SIGNATURE_OFFSET, "IBM", 3);
}

static bool event_form_is_record(const uint8_t *bytes, size_t len)
{
	return len > EVENT_SEQ_BYTES &&
	       event_form_is_event(bytes + EVENT_SEQ_BYTES, len - EVENT_SEQ_BYTES);
}

/* Return true for a complete event. No bytes after it can make another form more
 * likely. */
static bool event_form_is_whole_event(const uint8_t *bytes, size_t len)
{
	return event_form_is_event(bytes, len) && event_form_event_size(bytes) <= len;
}

/* Return true if the first bytes look like text. The version of an event and the number
 * of a record never do: one of the first bytes is a control character. */
static bool event_form_is_text(const uint8_t *bytes, size_t len)
{
	size_t n = len < EVENT_DETECT_BYTES ? len : EVENT_DETECT_BYTES;

	for (size_t i = 0; i < n; i++)
		if (!bytes[i] || (bytes[i] < ' ' && !strchr("\t\n\f\r\033", bytes[i])))
			return false;
	return n > 0;
}

enum event_form event_form_detect(const uint8_t *bytes, size_t len, bool end)
{
	if (event_form_is_text(bytes, len) && (end || len >= EVENT_SEQ_BYTES))
		return EVENT_FORM_TEXT;
	if (event_form_is_whole_event(bytes, len))
		return EVENT_FORM_BARE;
	if (len < EVENT_DETECT_BYTES && !end &&
	    (len <= EVENT_SEQ_BYTES ||
	     !event_form_is_whole_event(bytes + EVENT_SEQ_BYTES, len - EVENT_SEQ_BYTES)))
		return EVENT_FORM_AUTO;
	return event_form_is_record(bytes, len) && !event_form_is_event(bytes, len)
		       ? EVENT_FORM_KERNEL
		       : EVENT_FORM_BARE;
}

size_t event_form_find(const uint8_t *bytes, size_t len, bool end)
{
	size_t i = 0;

	for (; i + EVENT_FIND_BYTES <= len; i++)
		if (bytes[i] == 6 && bytes[i + 1] & FLAG_EXTENDED &&
		    event_form_is_event(bytes + i, len - i))
			return i;
	return end ? len : i;
}

/* Measure the event at start. Return 1 and its length or a problem, or 0 if more bytes
 * are needed. */
static int event_form_measure(const uint8_t *bytes, size_t len, bool end,
			      struct event_found *found)
{
	uint64_t size;

	found->problem[0] = '\0';
	found->len = len;
	if (len < EVENT_HEAD_BYTES) {
		snprintf(found->problem, sizeof(found->problem),
			 "%zu bytes are too few for an event", len);
		return end;
	}
	size = event_form_event_size(bytes);
	if (size > EVENT_LIMIT) {
		snprintf(found->problem, sizeof(found->problem),
			 "impossible length: %llu bytes", (unsigned long long)size);
		return 1;
	}
	if (size > len) {
		snprintf(found->problem, sizeof(found->problem),
			 "truncated: %zu of %llu bytes", len, (unsigned long long)size);
		return end;
	}
	found->len = (size_t)size;
	return 1;
}

static int event_form_split_bare(const uint8_t *bytes, size_t len, bool end,
				 struct event_found *found)
{
	size_t start = 0;

	while (start < len && !bytes[start])
		start++;
	*found = (struct event_found){ .start = start, .seq = -1 };
	if (start == len || !event_form_measure(bytes + start, len - start, end, found))
		return 0;
	found->consumed = start + (found->problem[0] ? 1 : found->len);
	return 1;
}

/* Return the number of a record. The record may come from a machine with the other byte
 * order. Numbers are small, so the smaller value is the right one. */
static uint32_t event_form_record_number(const uint8_t *bytes)
{
	uint32_t big = event_form_be32(bytes), little = __builtin_bswap32(big);

	return big < little ? big : little;
}

static bool event_form_is_zero(const uint8_t *bytes, size_t len)
{
	return !len || (!bytes[0] && !memcmp(bytes, bytes + 1, len - 1));
}

static int event_form_split_kernel(size_t record, const uint8_t *bytes, size_t len,
				   bool end, struct event_found *found)
{
	size_t there = len < record ? len : record, after;

	*found = (struct event_found){ .start = EVENT_SEQ_BYTES, .seq = -1 };
	if (len < EVENT_SEQ_BYTES || (end && event_form_is_zero(bytes, len)))
		return 0;
	found->seq = event_form_record_number(bytes);
	if (!event_form_measure(bytes + EVENT_SEQ_BYTES, there - EVENT_SEQ_BYTES,
				end || there == record, found))
		return 0;

	/* A program that stored the records may have left out the padding. */
	after = EVENT_SEQ_BYTES + found->len;
	found->consumed = !found->problem[0] && len > after &&
					  event_form_is_record(bytes + after, len - after)
				  ? after
				  : record;
	return 1;
}

int event_form_split(enum event_form form, size_t record, const uint8_t *bytes,
		     size_t len, bool end, struct event_found *found)
{
	if (form == EVENT_FORM_KERNEL)
		return event_form_split_kernel(record, bytes, len, end, found);
	return event_form_split_bare(bytes, len, end, found);
}
