/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Common functions for tests with the event logs of event_vectors.h. */
#pragma once

#include "librtas/librtasevent.h"
#include "tests/unit/fakes/event_vectors.h"
#include "tests/unit/fakes/test.h"

struct event_bytes {
	uint8_t b[EVENT_VECTOR_MAX_BYTES];
	size_t len;
};

static inline struct event_bytes event_bytes_of(const char *name)
{
	const struct event_vector *v = event_vector(name);
	struct event_bytes bytes;

	assert_non_null(v);
	bytes.len = event_vector_bytes(v, bytes.b);
	return bytes;
}

/* The vector's bytes are valid until the next call. */
static inline struct rtas_event *event_parsed(const char *name)
{
	static struct event_bytes bytes;
	struct rtas_event *re;

	bytes = event_bytes_of(name);
	re = parse_rtas_event((char *)bytes.b, (int)bytes.len);
	assert_non_null(re);
	return re;
}

static inline void event_put_length(uint8_t *event, size_t len)
{
	event[4] = event[5] = 0;
	event[6] = (uint8_t)(len >> 8);
	event[7] = (uint8_t)len;
}
