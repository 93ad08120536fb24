// SPDX-License-Identifier: LGPL-2.1-or-later
#include "vmm/base/guest_memory.h"
#include "vmm/base/machine.h"
#include "vmm/base/rtas_frame.h"
#include "vmm/powervm/powervm.h"
#include "wire/crc32.h"
#include "wire/rtas_args.h"

enum { NUMBER_BEGIN = 1 };

int32_t sequence_enter(const struct powervm *p, struct rtas_sequence *s, uint32_t number,
		       uint32_t crc)
{
	if (number == NUMBER_BEGIN) {
		*s = (struct rtas_sequence){ .next = NUMBER_BEGIN, .crc = crc };
		return RTAS_SUCCESS;
	}
	if (!number || number > p->last_number)
		return RTAS_PARAMETER_ERROR;
	if (number == s->next && crc == s->crc)
		return RTAS_SUCCESS;

	/* If the number is not the expected one, another caller's sequence is in
	 * progress: keep it. */
	if (number == s->next)
		s->next = 0;
	return RTAS_START_OVER;
}

uint32_t sequence_leave(struct powervm *p, struct rtas_sequence *s, size_t offset,
			bool more)
{
	if (!more) {
		s->next = 0;
		return NUMBER_BEGIN;
	}
	/* Most clients use signed words, so larger numbers are never issued. */
	p->last_number =
		p->last_number >= INT32_MAX ? NUMBER_BEGIN + 1 : p->last_number + 1;
	s->offset = offset;
	s->next = p->last_number;
	return s->next;
}

int32_t sequence_serve(struct papr_vmm *vmm, struct rtas_sequence *s, const void *content,
		       size_t bytes, struct sequence_part *part)
{
	struct powervm *p = powervm_of(vmm);
	const uint8_t *all = content;
	int32_t status = sequence_enter(p, s, part->number, crc32_of(all, bytes));
	size_t n;

	if (status)
		return status;
	n = bytes - s->offset < part->room ? bytes - s->offset : part->room;
	if ((n == 0 && bytes > s->offset) ||
	    guest_write(vmm, part->addr, all + s->offset, n)) {
		s->next = 0;
		return RTAS_PARAMETER_ERROR;
	}

	part->bytes = (uint32_t)n;
	part->number = sequence_leave(p, s, s->offset + n, s->offset + n < bytes);
	return s->next ? RTAS_MORE_DATA : RTAS_SUCCESS;
}

void sequence_answer(struct rtas_frame *f, int32_t status,
		     const struct sequence_part *part)
{
	rtas_status(f, status);
	if (status != RTAS_SUCCESS && status != RTAS_MORE_DATA)
		return;
	rtas_out(f, 1, part->number);
	rtas_out(f, 2, part->bytes);
}
