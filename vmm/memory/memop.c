// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * H_LOGICAL_MEMOP: firmware that runs with translation on uses it to copy memory, plain
 * or with every bit inverted ("hcall-memop1" in /rtas).
 *
 * Source:  QEMU 7.2, measured: order of the elements, rejected arguments
 */
#include "vmm/base/guest_memory.h"
#include "vmm/machine/hcall.h"
#include "vmm/machine/machine.h"

enum { COPY = 0, INVERT = 1, MAX_SHIFT = 3 };

/* Limit of one hypercall, which must not run too long. Clients need less. */
#define MAX_BYTES (64ULL << 20)

struct memop {
	uint64_t to, from, bytes;
	unsigned int size; /* bytes of an element */
	uint8_t mask;
};

static int64_t copy(struct papr_vmm *vmm, const struct memop *op)
{
	/* If the areas overlap, begin at the end that is not overwritten first. */
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
	return copy(vmm, &op);
}
