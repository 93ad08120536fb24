// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * H_LOGICAL_MEMOP: firmware that runs with translation on uses it to copy memory, plain
 * or with every bit inverted ("hcall-memop1" in /rtas).
 *
 * Source:  QEMU 7.2, measured: order of the elements, rejected arguments
 */
#include <string.h>

#include "vmm/base/guest_memory.h"
#include "vmm/base/hcall.h"
#include "vmm/base/machine.h"
#include "vmm/memory/memory.h"

enum { COPY = 0, INVERT = 1, MAX_SHIFT = 3, PIECE = 16384 };

/* Limit of one hypercall, which must not run too long. Clients need less. */
#define MAX_BYTES (64ULL << 20)

struct memop {
	uint64_t to, from, bytes;
	unsigned int size; /* bytes of an element */
	uint8_t mask;
};

static int memop_copy(struct papr_vmm *vmm, const struct memop *op, uint64_t at,
		      uint64_t bytes)
{
	uint8_t piece[PIECE];
	int err = guest_read(vmm, op->from + at, piece, bytes);

	if (err)
		return err;
	for (uint64_t i = 0; op->mask && i < bytes; i++)
		piece[i] ^= op->mask;
	return guest_write(vmm, op->to + at, piece, bytes);
}

/* Copy within the host's memory. Return false if it cannot access both areas. */
static bool memop_copy_mapped(struct papr_vmm *vmm, const struct memop *op)
{
	const uint8_t *from = guest_map(vmm, op->from, op->bytes);
	uint8_t *to = from ? guest_map(vmm, op->to, op->bytes) : NULL;

	if (!to)
		return false;
	memmove(to, from, op->bytes);
	for (uint64_t i = 0; op->mask && i < op->bytes; i++)
		to[i] ^= op->mask;
	return true;
}

/* Copy with as few accesses as possible. An area that leaves memory is copied up to its
 * first element outside. */
static int64_t memop_run(struct papr_vmm *vmm, const struct memop *op)
{
	/* If the areas overlap, begin at the end that is not overwritten first. */
	bool down = op->to > op->from && op->to - op->from < op->bytes;
	uint64_t bytes = PIECE;

	for (uint64_t done = 0; done < op->bytes; done += bytes) {
		if (bytes > op->bytes - done)
			bytes = op->bytes - done;
		while (memop_copy(vmm, op, down ? op->bytes - bytes - done : done,
				  bytes)) {
			if (bytes == op->size)
				return H_PARAMETER;
			bytes = op->size;
		}
	}
	return H_SUCCESS;
}

/* to, from, log2 of the element size, number of elements, operation */
int64_t hcall_memop(struct papr_vmm *vmm, uint64_t args[PAPR_HCALL_ARGS])
{
	uint64_t shift = args[2], count = args[3];
	struct memop op = { .to = args[0], .from = args[1] };

	if (shift > MAX_SHIFT || args[4] > INVERT || count > MAX_BYTES >> shift)
		return H_PARAMETER;
	op.size = 1u << shift;
	op.bytes = count << shift;
	op.mask = args[4] == INVERT ? 0xff : 0;
	if ((op.to | op.from) & (op.size - 1))
		return H_PARAMETER;
	/* Ranges must not wrap around the end of the address space. */
	if (op.to + op.bytes < op.to || op.from + op.bytes < op.from)
		return H_PARAMETER;
	return memop_copy_mapped(vmm, &op) ? H_SUCCESS : memop_run(vmm, &op);
}
