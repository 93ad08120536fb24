// SPDX-License-Identifier: LGPL-2.1-or-later
/* Physical attestation. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "librtas/librtas.h"
#include "librtas/sequences.h"

static enum sequence_way attest_begin(const char *command, size_t bytes,
				      struct sequence **s, int *result)
{
	struct papr_attestation block = { { 0 } };
	char subject[16];

	memcpy(block.command, command, bytes);
	snprintf(subject, sizeof(subject), "%u", block.command[1]);
	return sequence_begin(RTAS_PHYSICAL_ATTESTATION, subject, &block, s, result);
}

static int attest_by_device(struct sequence *s, char *workarea, int *next_seq_num,
			    int *bytes)
{
	uint32_t next, len;
	int status = sequence_piece(s, workarea, (size_t)*bytes, &next, &len);

	if (status < 0)
		return status;
	if (next_seq_num)
		*next_seq_num = (int)next;
	*bytes = (int)len;
	return status;
}

/* Make the call by firmware. Firmware gets room for a whole area; the command contains
 * its own length. */
static int attest_by_call(char *workarea, int seq_num, int *next_seq_num, int *bytes)
{
	struct library_call c = {
		.call = RTAS_PHYSICAL_ATTESTATION,
		INPUTS(0, PAPR_ATTEST_BYTES, (uint32_t)seq_num),
		BUFFERS(workarea),
		.given = (size_t)*bytes,
	};
	int result = library_run(&c);

	if (result < 0)
		return result;
	if (next_seq_num)
		*next_seq_num = (int)c.args.out[1];
	*bytes = (int)c.args.out[2];
	return result;
}

int rtas_physical_attestation(char *workarea, int seq_num, int *next_seq_num,
			      int *work_area_bytes)
{
	struct sequence *s;
	int result;

	if (!workarea || !work_area_bytes || *work_area_bytes < 1 ||
	    *work_area_bytes > PAPR_ATTEST_BYTES)
		return library_refuse(-EINVAL);

	switch (seq_num == 1
			? attest_begin(workarea, (size_t)*work_area_bytes, &s, &result)
			: sequence_find(RTAS_PHYSICAL_ATTESTATION, (uint32_t)seq_num, &s,
					&result)) {
	case BY_DEVICE:
		return attest_by_device(s, workarea, next_seq_num, work_area_bytes);
	case BY_CALL:
		return attest_by_call(workarea, seq_num, next_seq_num, work_area_bytes);
	default:
		return result;
	}
}
