// SPDX-License-Identifier: LGPL-2.1-or-later
/* Platform dumps. */
#include "librtas/library.h"
#include "librtas/librtas.h"

static void store64(uint64_t *out, const uint32_t cells[2])
{
	if (out)
		*out = (uint64_t)cells[0] << 32 | cells[1];
}

int rtas_platform_dump(uint64_t dump_tag, uint64_t sequence, void *buffer, size_t length,
		       uint64_t *next_seq, uint64_t *bytes_ret)
{
	struct library_call c = {
		.call = RTAS_PLATFORM_DUMP,
		INPUTS(HIGH(dump_tag), LOW(dump_tag), HIGH(sequence), LOW(sequence), 0,
		       library_size(length)),
		BUFFERS(buffer),
	};
	int result = library_run(&c);

	if (c.answered) {
		store64(next_seq, &c.args.out[1]);
		store64(bytes_ret, &c.args.out[3]);
	}
	return result;
}
