// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * ibm,platform-dump: dumps that the host adds and the guest saves; ibm,scan-log-dump.
 *
 * Source:  PAPR+ 7.3.3.4.1 (platform dumps: a last call without a buffer removes the
 *          dump), 7.3.15 (scan log: three words of the buffer are the state)
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/base/guest_memory.h"
#include "vmm/base/machine.h"
#include "vmm/base/rtas_frame.h"
#include "vmm/base/sized.h"
#include "vmm/powervm/powervm.h"
#include "wire/rtas_args.h"

/* ---- Platform dumps ---- */

/* Sequence numbers of dumps have two words. The upper one is always 1, not 0, so that a
 * client that ignores it fails. */
#define NUMBER_HIGH (1ULL << 32)

static struct dump **find(struct papr_vmm *vmm, uint64_t tag)
{
	struct dump **at = &powervm_of(vmm)->dumps;

	while (*at && (*at)->tag != tag)
		at = &(*at)->next;
	return at;
}

int papr_vmm_dump_add(struct papr_vmm *vmm, uint64_t tag, const void *content,
		      size_t bytes)
{
	MACHINE_GUARD(vmm);
	struct dump **at = &powervm_of(vmm)->dumps, *dump;
	int n = 0;

	if (!machine_of(vmm)->cfg.powervm)
		return -ENOTSUP;
	if (bytes > POWERVM_DUMP_BYTES)
		return -EINVAL;
	for (; *at; at = &(*at)->next, n++)
		if ((*at)->tag == tag)
			return -EEXIST;
	if (n == POWERVM_DUMPS)
		return -ENOSPC;

	dump = calloc(1, sizeof(*dump) + bytes);
	if (!dump)
		return -ENOMEM;
	dump->tag = tag;
	dump->bytes = bytes;
	if (bytes)
		memcpy(dump->content, content, bytes);
	*at = dump;
	return 0;
}

int papr_vmm_dump_info(const struct papr_vmm *vmm, size_t n, struct papr_dump_info *out)
{
	MACHINE_GUARD(vmm);
	const struct dump *dump = powervm_of(vmm)->dumps;

	while (dump && n--)
		dump = dump->next;
	if (!dump)
		return 0;
	return sized_put(out,
			 &(struct papr_dump_info){ .tag = dump->tag,
						   .bytes = dump->bytes,
						   .complete = dump->complete },
			 sizeof(struct papr_dump_info));
}

static bool goes_on(const struct dump *dump, uint64_t number)
{
	return number && number == dump->expected;
}

static int32_t remove_dump(struct dump **at, uint64_t number)
{
	struct dump *dump = *at;

	if (!dump->complete || !goes_on(dump, number))
		return RTAS_PARAMETER_ERROR;
	*at = dump->next;
	free(dump);
	return RTAS_SUCCESS;
}

/* Read the next part, at most size bytes. */
static int32_t read_dump(struct papr_vmm *vmm, struct dump *dump, uint64_t number,
			 uint32_t area, uint32_t size, size_t *n)
{
	struct powervm *p = powervm_of(vmm);
	struct rtas_sequence numbers = { 0 };
	size_t left;

	if (!number) {
		dump->offset = 0;
		dump->complete = false;
	} else if (!goes_on(dump, number)) {
		return RTAS_PARAMETER_ERROR;
	}
	left = dump->bytes - dump->offset;
	*n = left < size ? left : size;
	if (guest_write(vmm, area, dump->content + dump->offset, *n))
		return RTAS_PARAMETER_ERROR;
	dump->offset += *n;
	dump->complete = dump->offset == dump->bytes;
	dump->expected = NUMBER_HIGH | sequence_leave(p, &numbers, 0, true);
	return dump->complete ? RTAS_SUCCESS : RTAS_MORE_DATA;
}

/* tag (2), sequence (2), buffer (0: none), size -> status, next sequence (2), bytes (2) */
void rtas_platform_dump(struct papr_vmm *vmm, struct rtas_frame *f)
{
	struct dump **at = find(vmm, rtas_in64(f, 0));
	uint64_t number = rtas_in64(f, 2), next = number;
	uint32_t area = rtas_in(f, 4), size = rtas_in(f, 5);
	int32_t status = RTAS_PARAMETER_ERROR;
	size_t n = 0;

	if (*at && !area) {
		status = remove_dump(at, number);
		next = 0;
	} else if (*at && size) {
		status = read_dump(vmm, *at, number, area, size, &n);
		next = (*at)->expected;
	}
	rtas_status(f, status);
	if (status == RTAS_PARAMETER_ERROR)
		return;
	rtas_out(f, 1, (uint32_t)(next >> 32));
	rtas_out(f, 2, (uint32_t)next);
	rtas_out(f, 3, 0);
	rtas_out(f, 4, (uint32_t)n);
}

/* ---- Scan log ---- */

enum {
	SCAN_STATE,  /* 0 at the beginning, then the bytes read so far */
	SCAN_BYTES,  /* of this part */
	SCAN_OFFSET, /* of this part, in the buffer */
	SCAN_WORDS,
	SCAN_HEAD = 4 * SCAN_WORDS,
	SCAN_LINE = 32,
	SCAN_LINES = 160,
};

/* Produce a log with known content: each line contains its number. */
static void scan_bytes(uint32_t from, uint8_t *out, size_t len)
{
	char line[SCAN_LINE + 1];

	for (size_t i = 0; i < len; i++) {
		snprintf(line, sizeof(line), "papr-vmm scan log, line %07u\n",
			 (unsigned int)((from + i) / SCAN_LINE));
		out[i] = (uint8_t)line[(from + i) % SCAN_LINE];
	}
}

/* buffer, its size -> status */
void rtas_scan_log_dump(struct papr_vmm *vmm, struct rtas_frame *f)
{
	uint32_t area = rtas_in(f, 0), size = rtas_in(f, 1), from, n;
	const uint32_t total = SCAN_LINES * SCAN_LINE;
	uint8_t part[POWERVM_PAGE];
	bool lost;

	if (size <= SCAN_HEAD || guest_read_be32(vmm, area, &from) || from > total) {
		rtas_status(f, RTAS_PARAMETER_ERROR);
		return;
	}
	n = total - from;
	n = n < size - SCAN_HEAD ? n : size - SCAN_HEAD;
	n = n < sizeof(part) ? n : (uint32_t)sizeof(part);
	scan_bytes(from, part, n);
	lost = guest_write(vmm, (uint64_t)area + SCAN_HEAD, part, n) ||
	       guest_write_be32(vmm, (uint64_t)area + 4 * SCAN_STATE, from + n) ||
	       guest_write_be32(vmm, (uint64_t)area + 4 * SCAN_BYTES, n) ||
	       guest_write_be32(vmm, (uint64_t)area + 4 * SCAN_OFFSET, SCAN_HEAD);
	rtas_status(f, lost		  ? RTAS_PARAMETER_ERROR
		       : from + n < total ? RTAS_MORE_DATA
					  : RTAS_SUCCESS);
}
