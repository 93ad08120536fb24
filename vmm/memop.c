// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * H_LOGICAL_MEMOP: firmware that runs translated copies memory by it, plain or with every
 * bit turned over ("hcall-memop1" in /rtas).
 *
 * Source:  QEMU 7.2, asked: order of the elements, what is refused
 */
#include "vmm/guest_memory.h"
#include "vmm/hcall.h"
#include "vmm/machine.h"

enum { COPY = 0, INVERT = 1, MAX_SHIFT = 3 };

/* More at once no client needs; one hypercall must not last for ever. */
#define MAX_BYTES (64ULL << 20)

struct memop {
	uint64_t to, from, bytes;
	unsigned int size; /* of an element */
	uint8_t mask;
};

static int64_t copy(struct papr_vmm *vmm, const struct memop *op)
{
	/* Where the areas overlap, from the end that is not written first. */
	bool down = op->to > op->from && op->to - op->from < op->bytes;
	uint8_t element[1 << MAX_SHIFT];

	for (uint64_t done = 0; done < op->bytes; done += op->size) {
		uint64_t at = down ? op->bytes - op->size - done : done;

		if (guest_read(vmm, op->from + at, element, op->size))
			return H_PARAMETER;
		for (unsigned int i = 0; i < op->size; i++)
			element[i] ^= op->mask;
		if (guest_write(vmm, op->to + at, element, op->size))
			return H_PARAMETER;
	}
	return H_SUCCESS;
}

/* to, from, log2 of the element's size, number of elements, what to do. */
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
	/* From the top of all addresses nothing goes on at 0. */
	if (op.to + op.bytes < op.to || op.from + op.bytes < op.from)
		return H_PARAMETER;
	return copy(vmm, &op);
}
