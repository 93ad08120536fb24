/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mock_rtas.h - firmware as a list of expected calls and canned replies
 *
 * A call that is not the next one on the list fails the test, and so does one that is
 * left over.
 */
#pragma once

#include "librtas/transport.h"
#include "tests/test.h"

struct mock_call {
	uint32_t token;
	uint32_t in[8]; /* MOCK_AREA stands for the address of the work area */
	int err;	/* the kernel refuses */
	uint32_t out[8];
	/* The work area, or its beginning: what must be in it, what firmware writes, and
	 * how far from the beginning that is. */
	const void *want, *give;
	size_t want_len, give_len, give_at;
	/* The argument block as the test vectors have it, in hexadecimal: "T 2 1 P 0".
	 * T is the token, P the first work area, P+1000 the one behind it. "": any. */
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

/* All calls were made, no area is in use. */
void mock_done(const struct mock *m);
