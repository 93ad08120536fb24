/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * sequences.h - open descriptors of the sequences that use a device
 *
 * With a device, the first call of a sequence returns a descriptor, but the public
 * interface identifies a sequence by a number. This table maps the number to the
 * descriptor. The number is never the descriptor's own: a caller could pass a wrong one.
 *
 * A sequence belongs to the process that began it, and is used by one call at a time. If
 * the table is full, the oldest sequence is dropped.
 *
 * Threads: all functions may be called from any thread.
 * Fork:    the child starts with no sequences.
 * Layer:   librtas
 */
#pragma once

#include "librtas/library.h"
#include "librtas/papr_dev.h"

enum { SEQUENCES_MAX = 256 };

struct sequence {
	uint32_t number; /* 0: free entry; otherwise above 1, and positive as an int */
	enum rtas_call call;
	int fd;
	struct papr_handle handle; /* of fd: the program may close or reuse the number */
	bool is_busy;		   /* in use by a call */
	uint64_t tag;		   /* platform dump only */
	uint8_t *page;	/* indices only: read, but not yet returned completely */
	size_t page_at; /* entries of page that were returned */
};

/* How a call of a sequence is made. */
enum sequence_way {
	BY_DEVICE, /* by the device; release *s by sequence_keep() or sequence_end() */
	BY_CALL,   /* by the rtas system call */
	REFUSED,   /* not at all: *result is the public function's return value */
};

/* Begin a sequence by a request to the device. subject: for the trace. */
enum sequence_way sequence_begin(enum rtas_call call, const char *subject, void *block,
				 struct sequence **s, int *result);

/* Find the sequence with this number. If the number is not in the table, return BY_CALL
 * if a sequence may have begun without the device, otherwise REFUSED. */
enum sequence_way sequence_find(enum rtas_call call, uint64_t number, struct sequence **s,
				int *result);

/* Release the sequence after a call: keep it for the next call, or end it. */
void sequence_keep(struct sequence *s);
void sequence_end(struct sequence *s);

/* End the sequence of this dump. */
void sequence_end_tag(enum rtas_call call, uint64_t tag);

/* Read the next size bytes. Return 1 if more may follow, 0 at the end, or a status.
 * *bytes receives the number of bytes, *next the next sequence number. Both may be
 * NULL. */
int sequence_piece(struct sequence *s, void *buf, size_t size, uint32_t *next,
		   uint32_t *bytes);

void sequences_fork(enum fork_stage stage);
