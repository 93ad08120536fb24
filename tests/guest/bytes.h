/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * bytes.h - a queue of bytes that grows at its end and shrinks at its front
 *
 * Memory:  owned by the queue; an all-zero struct is an empty one. Running out of
 *          memory ends the program: a test harness has nothing to save.
 */
#pragma once
#include <stddef.h>
#include <stdint.h>

struct bytes {
	uint8_t *data; /* the first unread byte; changes as the queue does */
	size_t len;
	uint8_t *buf;
	size_t cap;
};

/* Room for len more bytes, not counted as content before bytes_added(). */
uint8_t *bytes_room(struct bytes *b, size_t len);
void bytes_added(struct bytes *b, size_t len);

void bytes_append(struct bytes *b, const void *data, size_t len);
void bytes_drop(struct bytes *b, size_t len);
void bytes_free(struct bytes *b);
