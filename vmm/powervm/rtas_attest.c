// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * ibm,physical-attestation and ibm,lpar-perftools: answers in parts, with known content.
 *
 * Nothing can be attested here, so the answer is synthetic and always the same. It
 * begins with the command's header: version, command, two version numbers of the TCG,
 * be32 length of the whole, be32 correlator. 1000 bytes for each number of the command
 * follow (3: 3000 bytes). Byte n of them is n + correlator.
 *
 * Source:  PAPR+ 7.3.41; Linux papr-physical-attestation (header); PAPR+ 7.3.27
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/base/guest_memory.h"
#include "vmm/base/machine.h"
#include "vmm/base/rtas_frame.h"
#include "vmm/powervm/powervm.h"
#include "wire/builder.h"
#include "wire/cursor.h"
#include "wire/rtas_args.h"

enum {
	ATTEST_VERSION = 1,
	ATTEST_HEAD = 12,
	ATTEST_PER_COMMAND = 1000,
	ATTEST_MAX = ATTEST_HEAD + 255 * ATTEST_PER_COMMAND,
};

static size_t attestation(const uint8_t command[ATTEST_HEAD], uint8_t out[ATTEST_MAX])
{
	struct builder b = builder_of(out, ATTEST_MAX);
	size_t bytes = ATTEST_HEAD + (size_t)command[1] * ATTEST_PER_COMMAND;

	builder_bytes(&b, command, 4);
	builder_be32(&b, (uint32_t)bytes);
	builder_bytes(&b, command + 8, 4);
	for (size_t i = 0; b.len < bytes; i++)
		builder_u8(&b, (uint8_t)(i + command[11]));
	return bytes;
}

/* Read the command. Only the first call contains it: the answers overwrite it. */
static bool take_command(struct papr_vmm *vmm, uint32_t area, uint32_t size)
{
	uint8_t head[ATTEST_HEAD];
	struct cursor c = cursor_of(head, sizeof(head));
	uint32_t len;

	if (size < ATTEST_HEAD || size > POWERVM_PAGE ||
	    guest_read(vmm, area, head, sizeof(head)))
		return false;
	cursor_be32(&c);
	len = cursor_be32(&c);
	if (head[0] != ATTEST_VERSION || len < ATTEST_HEAD || len > size)
		return false;
	memcpy(powervm_of(vmm)->command, head, sizeof(head));
	return true;
}

/* work area, length of the command, sequence -> status, next sequence, bytes */
void rtas_physical_attestation(struct papr_vmm *vmm, struct rtas_frame *f)
{
	struct sequence_part part = { .addr = rtas_in(f, 0),
				      .room = POWERVM_PAGE,
				      .number = rtas_in(f, 2) };
	struct powervm *p = powervm_of(vmm);
	uint8_t *all = malloc(ATTEST_MAX);
	int32_t status = all ? RTAS_PARAMETER_ERROR : RTAS_HARDWARE_ERROR;

	if (all && (part.number != 1 || take_command(vmm, rtas_in(f, 0), rtas_in(f, 1))))
		status = sequence_serve(vmm, &p->attestation, all,
					attestation(p->command, all), &part);
	free(all);
	sequence_answer(f, status, &part);
}

/* ---- Performance tools ---- */

enum { PERF_COUNTS = 1, PERF_NAMES = 2, PERF_LINE = 48, PERF_LINES = 200 };

/* subfunction, work area (2), its length, sequence -> status, next sequence */
void rtas_lpar_perftools(struct papr_vmm *vmm, struct rtas_frame *f)
{
	static const char *const subjects[] = {
		[PERF_COUNTS] = "calls", [PERF_NAMES] = "names"
	};
	struct sequence_part part = { .addr = rtas_in64(f, 1),
				      .room = rtas_in(f, 3),
				      .number = rtas_in(f, 4) };
	uint32_t what = rtas_in(f, 0);
	char text[PERF_LINES * PERF_LINE + 1];

	if (what != PERF_COUNTS && what != PERF_NAMES) {
		rtas_status(f, RTAS_PARAMETER_ERROR);
		return;
	}
	for (unsigned int i = 0; i < PERF_LINES; i++)
		snprintf(text + (size_t)i * PERF_LINE, PERF_LINE + 1,
			 "papr-vmm hypervisor %s, line %05u%10s\n", subjects[what], i,
			 "");
	sequence_answer(f,
			sequence_serve(vmm, &powervm_of(vmm)->perftools, text,
				       sizeof(text) - 1, &part),
			&part);
}
