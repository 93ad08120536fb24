// SPDX-License-Identifier: LGPL-2.1-or-later
/* Physical attestation. */
#include <errno.h>

#include "librtas/library.h"
#include "librtas/librtas.h"

enum { AREA_BYTES = 4096 };

int rtas_physical_attestation(char *workarea, int seq_num, int *next_seq_num,
			      int *work_area_bytes)
{
	struct library_call c = {
		.call = RTAS_PHYSICAL_ATTESTATION,
		INPUTS(0, AREA_BYTES, (uint32_t)seq_num),
		BUFFERS(workarea),
		OUTPUTS(next_seq_num),
	};
	int result;

	if (!work_area_bytes || *work_area_bytes < 1 || *work_area_bytes > AREA_BYTES)
		return library_result(-EINVAL, 0);

	c.given = (size_t)*work_area_bytes;
	result = library_run(&c);
	if (c.answered && result >= 0)
		*work_area_bytes = (int)c.args.out[2];
	return result;
}
