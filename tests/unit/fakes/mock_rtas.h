/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mock_rtas.h - firmware as a list of expected calls and canned replies
 *
 * An unexpected call fails the test. So does a call of the list that was not made.
 */
#pragma once

#include "librtas/transport.h"
#include "tests/unit/fakes/test.h"

struct mock_call {
	uint32_t token;
	uint32_t in[8]; /* MOCK_AREA is the address of the work area */
	int err;	/* the kernel's error */
	uint32_t out[8];
	/* The beginning of the work area: its expected bytes, the bytes that firmware
	 * writes, and their offset. */
	const void *want, *give;
	size_t want_len, give_len, give_at;
	/* The argument block in the format of the test vectors, hexadecimal: "T 2 1 P 0".
	 * T is the token, P the first work area, P+1000 the one after it. "": any. */
	const char *block;
};

enum { MOCK_AREA = 0x3ffc0000 };

struct mock {
	const struct mock_call *calls;
	size_t n, next;
	struct rtas_transport transport;
	uint8_t area[16][RMO_PAGE_BYTES];
	bool used[16];
};

void mock_init(struct mock *m, const struct mock_call *calls, size_t n);

/* All calls were made, and no area is allocated. */
void mock_done(const struct mock *m);
