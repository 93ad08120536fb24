/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * sequences.h - what the kernel keeps for us between the calls of a sequence
 *
 * With a device, the first call of a sequence gives a descriptor, and the public
 * interface has but a number to name it by. The number is of a table here and stands
 * for nothing else: never the descriptor's own, which a caller could get wrong.
 *
 * A sequence belongs to the process that began it, and to one call at a time.
 * Sequences that nobody ends make room, the oldest first.
 *
 * Threads: all functions may be called from any thread.
 * Fork:    the child starts with none.
 * Layer:   librtas
 */
#pragma once

#include "librtas/library.h"
#include "librtas/papr_dev.h"

enum { SEQUENCES_MAX = 256 };

struct sequence {
	uint32_t number; /* 0: free entry; else above 1 and positive as an int */
	enum papr_request what;
	int fd;
	bool is_busy;	/* a call works on it */
	uint64_t tag;	/* of a dump */
	uint8_t *page;	/* of indices, read but not yet given */
	size_t page_at; /* entries of it that were given */
};

/* Who makes a call of a sequence. */
enum sequence_way {
	BY_DEVICE, /* *s is this sequence, for sequence_keep() or sequence_end() */
	BY_CALL,   /* firmware itself */
	REFUSED,   /* nobody: *result is what the public function returns */
};

/* The first call: asks the device. */
enum sequence_way sequence_begin(enum papr_request what, const char *subject, void *block,
				 struct sequence **s, int *result);

/* A later one. A number that is not in the table is firmware's if a sequence may have
 * begun there, else nobody's. */
enum sequence_way sequence_find(enum papr_request what, uint64_t number,
				struct sequence **s, int *result);

/* There is more to come of it, or there is not. */
void sequence_keep(struct sequence *s);
void sequence_end(struct sequence *s);

/* Forgets the sequence of this dump. */
void sequence_end_tag(enum papr_request what, uint64_t tag);

/* The next size bytes: 1 there may be more, 0 these were the last, or a status; how
 * many they are and the number to go on with, where the pointers are not NULL. */
int sequence_piece(struct sequence *s, void *buf, size_t size, uint32_t *next,
		   uint32_t *bytes);

void sequences_fork(enum fork_stage stage);
